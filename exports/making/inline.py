"""Inline notation to spans: italics, small capitals, raised and lowered letters, marks."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from exports.book import Inline, Inlines, LineStart, NoteRef, PageBreak, Span, Style
from exports.making.brackets import END, NOTE, PAGE

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>i|b|sc|g|f|u)>"
    r"|\^\{(?P<sups>[^{}\n]*)\}|\^(?P<sup>\w)"
    r"|_\{(?P<subs>[^{}\n]*)\}"
    r"|\[Greek:[ ]?(?P<greek>[^\[\]]*)\]"
    f"|{PAGE}(?P<page>\\d+){END}|{NOTE}(?P<note>\\d+){END}"
)
_STYLES: Mapping[str, Style] = {"sups": "sup", "sup": "sup", "subs": "sub", "greek": "greek"}
Report = Callable[[str, int], None]
Starts = Sequence[tuple[int, LineStart]]


class _Builder:
    """Collects the inlines of a text under the styles that are open."""

    def __init__(self, text: str, starts: Starts) -> None:
        self.text = text
        self.starts = iter(starts)
        self.next = next(self.starts, None)
        self.open: list[tuple[Style, list[Inline], int]] = []
        self.root: list[Inline] = []

    @property
    def top(self) -> list[Inline]:
        """The list that takes the next inline."""
        return self.open[-1][1] if self.open else self.root

    def add(self, item: Inline) -> None:
        """Append an inline; text runs grow together."""
        top = self.top
        if isinstance(item, str) and top and isinstance(top[-1], str):
            top[-1] += item
        elif item != "":
            top.append(item)

    def add_text(self, at: int, end: int) -> None:
        """Append this stretch of the text, with the lines that begin in it."""
        while self.next and self.next[0] < end:
            self.add(self.text[at : self.next[0]])
            at = max(at, self.next[0])
            self.begin_lines(at)
        self.add(self.text[at:end])

    def begin_lines(self, at: int) -> None:
        """Append the lines that begin up to here."""
        while self.next and self.next[0] <= at:
            self.top.append(self.next[1])
            self.next = next(self.starts, None)

    def add_span(self, style: Style, at: int, end: int) -> None:
        """Append this stretch of the text in a style."""
        self.open.append((style, [], at))
        self.add_text(at, end)
        self.close()

    def close(self) -> None:
        """Close the innermost style; an empty one vanishes."""
        style, content, _ = self.open.pop()
        self.top.extend(_styled(style, content))


@dataclass(frozen=True, slots=True)
class Numbering:
    """The printed label of each page by its number, and the number of each note by its identity."""

    labels: Mapping[int, str]
    notes: Mapping[int, int]


def parse(text: str, numbering: Numbering, report: Report, starts: Starts = ()) -> Inlines:
    """Give the inlines of one joined paragraph.

    `starts` are the offsets at which lines begin, rising. `report(problem, offset)` is told of
    "unclosed" and "unopened" marks and of "greek"; an unclosed mark ends with the text, one that
    nothing opened is left out.
    """
    builder = _Builder(text, starts)
    at = 0
    for match in _TOKEN.finditer(text):
        builder.add_text(at, match.start())
        if not match["close"]:
            builder.begin_lines(match.start())
        at = match.end()
        _take(builder, match, numbering, report)
    builder.add_text(at, len(text))
    for _, _, offset in builder.open:
        report("unclosed", offset)
    while builder.open:
        builder.close()
    return tuple(builder.root)


def _take(builder: _Builder, match: re.Match[str], numbering: Numbering, report: Report) -> None:
    match match.lastgroup:
        case "tag":
            _tag(builder, match, report)
        case "sups" | "sup" | "subs" | "greek" as group:
            if group == "greek":
                report("greek", match.start())
            builder.add_span(_STYLES[group], *match.span(group))
        case "page":
            number = int(match["page"])
            builder.add(PageBreak(number, numbering.labels.get(number, "")))
        case _:
            builder.add(NoteRef(numbering.notes[int(match["note"])]))


def _tag(builder: _Builder, match: re.Match[str], report: Report) -> None:
    tag = cast("Style", match["tag"])
    if not match["close"]:
        builder.open.append((tag, [], match.start()))
        return
    styles = [style for style, _, _ in builder.open]
    if tag not in styles:
        report("unopened", match.start())
        return
    reopen: list[Style] = []
    while (style := builder.open[-1][0]) != tag:
        reopen.append(style)
        builder.close()
    builder.close()
    builder.open.extend((style, [], match.start()) for style in reversed(reopen))


def split_lines(inlines: Inlines) -> list[Inlines]:
    """Part inlines at their line feeds; a style that spans lines goes on in each."""
    lines: list[list[Inline]] = [[]]
    for item in inlines:
        if isinstance(item, str):
            pieces: list[Inlines] = [(part,) if part else () for part in item.split("\n")]
        elif isinstance(item, Span):
            pieces = [_styled(item.style, part) for part in split_lines(item.content)]
        else:
            pieces = [(item,)]
        lines[-1].extend(pieces[0])
        lines.extend(list(piece) for piece in pieces[1:])
    return [tuple(line) for line in lines]


def _styled(style: Style, content: Sequence[Inline]) -> Inlines:
    """Give content in a style; where nothing is in it, only the lines that begin there are left."""
    if all(isinstance(item, LineStart) for item in content):
        return tuple(content)
    return (Span(style, tuple(content)),)
