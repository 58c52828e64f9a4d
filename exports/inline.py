"""Inline notation to spans: italics, small capitals, raised and lowered letters, marks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from exports.book import Inline, Inlines, NoteRef, PageBreak, Span, Style
from exports.brackets import END, NOTE, PAGE

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>i|b|sc|g|f|u)>"
    r"|\^\{(?P<sups>[^{}\n]*)\}|\^(?P<sup>\w)"
    r"|_\{(?P<subs>[^{}\n]*)\}"
    r"|\[Greek:[ ]?(?P<greek>[^\[\]]*)\]"
    f"|{PAGE}(?P<page>\\d+){END}|{NOTE}(?P<note>\\d+){END}"
)
Report = Callable[[str, int], None]


class _Builder:
    """Collects inlines under the styles that are open."""

    def __init__(self) -> None:
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

    def close(self) -> None:
        """Close the innermost style; an empty one vanishes."""
        style, content, _ = self.open.pop()
        if content:
            self.add(Span(style, tuple(content)))


@dataclass(frozen=True, slots=True)
class Numbering:
    """The printed label of each page by its number, and the number of each note by its identity."""

    labels: Mapping[int, str]
    notes: Mapping[int, int]


def parse(text: str, numbering: Numbering, report: Report) -> Inlines:
    """Give the inlines of one joined paragraph.

    `report(problem, offset)` is told of
    "unclosed" and "unopened" marks and of "greek"; an unclosed mark ends with the text, one that
    nothing opened is left out.
    """
    builder = _Builder()
    at = 0
    for match in _TOKEN.finditer(text):
        builder.add(text[at : match.start()])
        at = match.end()
        _take(builder, match, numbering, report)
    builder.add(text[at:])
    for _, _, offset in builder.open:
        report("unclosed", offset)
    while builder.open:
        builder.close()
    return tuple(builder.root)


def _take(builder: _Builder, match: re.Match[str], numbering: Numbering, report: Report) -> None:
    match match.lastgroup:
        case "tag":
            _tag(builder, match, report)
        case "sups" | "sup":
            builder.add(Span("sup", (match[match.lastgroup],)) if match[match.lastgroup] else "")
        case "subs":
            builder.add(Span("sub", (match["subs"],)) if match["subs"] else "")
        case "greek":
            report("greek", match.start())
            builder.add(Span("greek", (match["greek"],)) if match["greek"] else "")
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
            first, *rest = item.split("\n")
            pieces: list[Inline] = [first, *rest]
        elif isinstance(item, Span):
            pieces = [Span(item.style, part) if part else "" for part in split_lines(item.content)]
        else:
            pieces = [item]
        lines[-1].append(pieces[0])
        lines.extend([piece] for piece in pieces[1:])
    return [tuple(item for item in line if item != "") for line in lines]
