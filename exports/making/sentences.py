"""Whether a sentence ends with a line, and whether one goes on with the next."""

import re

from exports.making.measure import visible

_STOPPED = re.compile(
    r"[.!?:;\u2026][\"'\u201d\u2019)\]\u00bb\s]*(?:\x04\d+\x03)?[\"'\u201d\u2019)\]\u00bb]*$"
)
_LISTED = re.compile(r"\(?\w{1,3}[).]\s")
_FIRST_LETTER = re.compile(r"[\"'(\[\u201c\u2018\u00ab\s]*[^\W\d_]")


def is_stopped(line: str) -> bool:
    """Say whether a line ends with a stop, quotes and a note's mark behind it looked through."""
    return bool(_STOPPED.search(visible(line)))


def starts_lower(line: str) -> bool:
    """Say whether text goes on in lower case; the mark of a list, such as "(b)", tells nothing."""
    text = visible(line)
    match = _FIRST_LETTER.match(text)
    return match is not None and match[0][-1].islower() and not _LISTED.match(text)


def goes_on(line: str, following: str) -> bool:
    """Say whether a sentence surely runs from one line into the next."""
    return not is_stopped(line) and starts_lower(following)
