"""Where what a check found stands: in its surroundings, and in the line as it was typed."""

import re

#: Characters shown on either side of what is found; dismissals hang on it, so never change it.
BESIDE = 32
_LONGEST = 60
_TAGS = r"(?:</?(?:i|b|sc|g|f|u)>|\[\*\*[^\]]*\])*"
_BREAK = r"(?:[-\u00ac\u2010]\*?\n\*?)?"
_TYPED = {
    "\u201c": '["\u201c]', "\u201d": '["\u201d]', "\u2018": "['\u2018]", "\u2019": "['\u2019]",
    "\u201e": '["\u201e]', "\u201a": "['\u201a]",
    "\u2014": "(?:\u2014|--)", "\u2e3a": "(?:\u2e3a|----)", "\u2033": '["\u2033]',
}  # fmt: skip


def around(text: str, start: int, end: int) -> tuple[str, tuple[int, int]]:
    """Give the surroundings of a stretch on one line, and where it stands in them."""
    end = max(end, start + 1)
    first = max(0, start - BESIDE)
    last = min(len(text), end + BESIDE)
    before = _flat(text[first:start]).lstrip()
    found = _flat(text[start:end])
    after = _flat(text[end:last]).rstrip()
    if first and " " in before[:12]:
        before = before[before.index(" ") + 1 :]
    if last < len(text) and " " in after[-12:]:
        after = after[: after.rindex(" ")]
    return f"{before}{found}{after}", (len(before), len(before) + len(found))


def columns(page: str, line: int, found: str, *, last: bool = False) -> tuple[int, int] | None:
    """Give where words of the book stand in this line of a page (from 1); None if they do not.

    Where they stand there more often it is the first place, or with `last` the last. Columns count
    characters of the line from 0; what runs over its end is cut there. The line is as it was typed:
    straight quotes, `--`, marks, words broken at its end.
    """
    lines = page.split("\n")
    if not 0 < line <= len(lines):
        return None
    here = lines[line - 1]
    places = _pattern(found[:_LONGEST]).finditer("\n".join(lines[line - 1 : line + 2]))
    matches = [match for match in places if match.start() < len(here)]
    if not matches:
        return None
    match = matches[-1 if last else 0]
    return match.start(), min(match.end(), len(here))


def _pattern(found: str) -> re.Pattern[str]:
    signs = [
        r"\s+" if sign.isspace() else _TYPED.get(sign, re.escape(sign)) for sign in found.strip()
    ]
    return re.compile(f"{_TAGS}{_BREAK}".join(signs))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
