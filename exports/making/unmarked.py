"""What of a page's text is printed on the page: its words without the notation's marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exports.making.quotes import dashes

_MARK = re.compile(
    r"</?(?:i|b|sc|g|f|u)>|<tb\b[^<>]*>|\[\*\*[^\[\]]*\]|\[Blank Page\]|^[ ]*(?:/[*#]|[*#]/)[ ]*$"
    r"|(?<=-)\*(?=\s|$)|^\*(?=[\[\w])",
    re.MULTILINE,
)
_RAISED = re.compile(r"[\^_]\{([^{}\n]*)\}|\^(?=\w)")
_OPENING = re.compile(r"\[(?:Footnote[ ]*(?=[^\s:\[\]]{0,8}:)|(?:Illustration|Sidenote|Greek)\b:?)")
_NOTE_COLON = re.compile(r"[^\s:\[\]]{0,8}(:)")
_REFERENCE = re.compile(r"\[(\d{1,3}|[A-Za-z]|[*\u2020\u2021\u00a7\u2016\u00b6]{1,3})\]")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed; `start` and `end` are its place in the page's text, marks included."""

    text: str
    start: int
    end: int


def rows(text: str) -> list[list[Word]]:
    """Return the printed words of each row of a page's text; takes any text.

    What only marks is no word. A dash typed as hyphens is one, as the print has it.
    """
    hidden = bytearray(len(text))
    for start, end in _marks(text):
        hidden[start:end] = b"\1" * (end - start)
    found = []
    begin = 0
    for row in text.split("\n"):
        words = (_word(text, hidden, begin, match) for match in _WORD.finditer(row))
        found.append([word for word in words if word.text])
        begin += len(row) + 1
    return found


def _word(text: str, hidden: bytearray, begin: int, match: re.Match[str]) -> Word:
    start, end = begin + match.start(), begin + match.end()
    shown = "".join(text[at] for at in range(start, end) if not hidden[at])
    return Word(dashes(shown), start, end)


def _marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text that are not printed."""
    for match in _MARK.finditer(text):
        yield match.span()
    for match in _RAISED.finditer(text):
        yield match.start(), match.start(1) if match[1] is not None else match.end()
        if match[1] is not None:
            yield match.end() - 1, match.end()
    for match in _REFERENCE.finditer(text):
        yield match.start(), match.start() + 1
        yield match.end() - 1, match.end()
    for match in _OPENING.finditer(text):
        yield match.span()
        if colon := _NOTE_COLON.match(text, match.end()):
            yield colon.span(1)
        yield from _closing(text, match.end())


def _closing(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the bracket that closes what was opened before `begin`, with a star behind it."""
    depth = 1
    for match in re.compile(r"[\[\]]").finditer(text, begin):
        depth += 1 if match[0] == "[" else -1
        if not depth:
            star = text[match.end() : match.end() + 1] == "*"
            yield match.start(), match.end() + star
            return
