"""How wide the printed lines are, so that a short one tells something."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from exports.making.brackets import SENTINEL

if TYPE_CHECKING:
    from exports.making.markup import RawLine

_MARKS = re.compile(r"</?(?:i|b|sc|g|f|u)>|[{}^_]|\*$")
ROOM = 0.12
FEW = 3


def visible(text: str) -> str:
    """Give the text of a line without its marks."""
    if "<" in text or "^" in text or "_" in text or "*" in text:
        text = _MARKS.sub("", text)
    return SENTINEL.sub("", text).strip()


def measure(lines: Sequence["RawLine"]) -> int:
    """Give the usual width of a full line, in characters: the 90th percentile of these lines."""
    widths = sorted(len(visible(line.text)) for line in lines if line.text)
    return widths[int(len(widths) * 0.9)] if widths else 0


def unfilled(line: str, following: str, width: int) -> bool:
    """Say whether the next line's first word would have found room on this line.

    In set prose it never would; in verse, addresses and at a paragraph's end it mostly does. An
    eighth of the width is allowed for type of unequal width and words moved up from the next line.
    """
    word = visible(following).split(" ", 1)[0]
    return len(visible(line)) + 1 + len(word) + ROOM * width <= width


def is_ragged(lines: Sequence["RawLine"], width: int) -> bool:
    """Say whether every line but the last ends before it had to; no broken word does."""
    pairs = list(pairwise(lines))
    if any(visible(line.text).endswith(("-", "\u00ac", "\u2010")) for line in lines[:-1]):
        return False
    return bool(pairs) and all(unfilled(a.text, b.text, width) for a, b in pairs)


def begins_like_verse(lines: Sequence["RawLine"]) -> bool:
    """Say whether all lines begin with a capital, as lines of verse do and prose hardly ever."""
    firsts = [re.search(r"[^\W\d_]", visible(line.text)) for line in lines]
    return all(first is not None and first[0].isupper() for first in firsts)


def is_verse(lines: Sequence["RawLine"], width: int) -> bool:
    """Say whether unmarked lines are verse: four capitalised ones, or three that are ragged too."""
    if len(lines) < FEW or not begins_like_verse(lines):
        return False
    if all(visible(line.text).isupper() for line in lines):
        return False
    return len(lines) > FEW or is_ragged(lines, width)
