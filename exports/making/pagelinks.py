"""Page numbers in an index or a contents list, made to lead to the pages they name."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from exports.book import (
    Block,
    Inline,
    Inlines,
    Line,
    Lines,
    PageLink,
    Paragraph,
    Preformatted,
    Quote,
    Section,
    Span,
)
from exports.making.titles import names_chapter

_NUMBER = re.compile(
    r"(?<![^\s,;(\u2013\u2014-])(?:\d{1,4}|[ivxlc]{1,7})(?![^\s,;.)\u2013\u2014n-]|\.\d)"
)
_BEFORE = re.compile(r"(?:[,;\u2013\u2014-]\s*|\s{2,}|\.{2,}\s*|\bpp?\.\s)$")
_BEHIND = re.compile(r"[\d\s,;.\u2013\u2014-]*")
_LAST = re.compile(r"(?<![^\s.])(?:\d{1,4}|[ivxlc]{1,7})(?=\.?\s*$)")


def linked(section: Section, labels: Mapping[int, str]) -> Section:
    """Link the page numbers of a section that is an index or a contents list.

    `labels` gives the printed number of each page by its scan's; a number that two pages bear, or
    none, stays plain text.
    """
    if section.kind not in {"index", "contents"}:
        return section
    often = Counter(labels.values())
    pages = {label: number for number, label in labels.items() if label and often[label] == 1}
    linker = _Linker(pages, whole=section.kind == "index")
    return replace(section, blocks=tuple(map(linker.block, section.blocks)))


class _Linker:
    """Links the numbers of blocks: all that are no part of a phrase, or the last of each line."""

    def __init__(self, pages: Mapping[str, int], *, whole: bool) -> None:
        self.pages = pages
        self.whole = whole

    def block(self, block: Block) -> Block:
        match block:
            case Paragraph(content):
                return Paragraph(self._line(content))
            case Preformatted(lines):
                return Preformatted(tuple(map(self._line, lines)))
            case Quote(blocks):
                return Quote(tuple(map(self.block, blocks)))
            case Lines(kind, groups):
                return Lines(kind, tuple(tuple(map(self._kept, group)) for group in groups))
            case _:
                return block

    def _kept(self, line: Line) -> Line:
        return replace(line, content=self._line(line.content))

    def _line(self, content: Inlines) -> Inlines:
        if self.whole:
            return tuple(self._all(content))
        last = content[-1] if content else ""
        if not isinstance(last, str) or names_chapter(last):
            return content
        found = _LAST.search(last)
        pieces = self._piece(last, found) if found and (found.start() or content[:-1]) else (last,)
        return (*content[:-1], *pieces)

    def _all(self, content: Inlines) -> Iterator[Inline]:
        for item in content:
            if isinstance(item, Span):
                yield Span(item.style, tuple(self._all(item.content)))
            elif isinstance(item, str):
                yield from self._text(item)
            else:
                yield item

    def _text(self, text: str) -> Iterator[Inline]:
        at = 0
        for match in _NUMBER.finditer(text):
            number = self.pages.get(match[0])
            alone = _BEFORE.search(text, 0, match.start()) or _BEHIND.fullmatch(text, match.end())
            if number is None or not alone:
                continue
            if match.start() > at:
                yield text[at : match.start()]
            yield PageLink(match[0], number)
            at = match.end()
        if text[at:]:
            yield text[at:]

    def _piece(self, text: str, match: re.Match[str]) -> Inlines:
        number = self.pages.get(match[0])
        if number is None:
            return (text,)
        pieces = (text[: match.start()], PageLink(match[0], number), text[match.end() :])
        return tuple(piece for piece in pieces if piece != "")
