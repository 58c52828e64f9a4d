"""Writes a book as TEI P5: for libraries and scholars, and for all who go on from the text.

Blocks of the book become the elements of TEI's core; where the printed pages and lines began stays
in the text (`pb`, `lb`), each page with its scan. Equal book and metadata give equal bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from exports.book import (
    Block,
    Blocks,
    Book,
    Footnote,
    Heading,
    Illustration,
    Inline,
    Inlines,
    Lines,
    LineStart,
    Metadata,
    NoteRef,
    PageBreak,
    PageLink,
    Paragraph,
    Preformatted,
    Quote,
    Section,
    Sidenote,
    Span,
    ThoughtBreak,
    flatten,
)
from exports.writing.teiheader import header
from exports.writing.xhtml import legal, page_label
from library.durable import replacing

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
#: Blocks that may stand before a head in TEI.
_BEFORE_HEAD = (PageBreak, Illustration, Sidenote)


@dataclass(slots=True)
class _Division:
    """A `div` in the making: its blocks, then the divisions under it."""

    kind: str
    level: int
    blocks: list[Block] = field(default_factory=list)
    notes: list[Footnote] = field(default_factory=list)
    under: list["_Division"] = field(default_factory=list)

    @property
    def takes_head(self) -> bool:
        """Whether a heading that comes now can be this division's own."""
        return not self.under and all(isinstance(block, _BEFORE_HEAD) for block in self.blocks)


def write_tei(book: Book, metadata: Metadata, scans: Iterable[tuple[int, str]], path: Path) -> None:
    """Write the book to `path`, replacing what was there only when all is written.

    `scans` gives the number and the image's address of each page. Raises OSError.
    """
    text = "\n".join(_document(book, metadata, scans))
    with replacing(path) as temporary:
        temporary.write_bytes(legal(text).encode() + b"\n")


def _document(book: Book, metadata: Metadata, scans: Iterable[tuple[int, str]]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<TEI xmlns="{_NAMESPACE}" xml:lang="{escape(book.language)}">'
    yield header(metadata, book.language)
    surfaces = [
        f'<surface xml:id="scan{number}" n="{number}"><graphic url="{escape(address)}"/></surface>'
        for number, address in scans
    ]
    if surfaces:
        yield "<facsimile>"
        yield from surfaces
        yield "</facsimile>"
    front, body, back = _matters(book.sections)
    writer = _Writer(linked=bool(surfaces))
    yield "<text>"
    if front:
        yield from writer.matter("front", front)
    yield from writer.matter("body", body)
    if back:
        yield from writer.matter("back", back)
    yield "</text>"
    yield "</TEI>"


def _matters(sections: Sequence[Section]) -> tuple[Sequence[Section], ...]:
    """Part the sections: those before the body, the body, those behind; all, if there is none."""
    inner = [at for at, section in enumerate(sections) if section.matter == "body"]
    if not inner:
        return (), sections, ()
    first, last = inner[0], inner[-1] + 1
    return sections[:first], sections[first:last], sections[last:]


def _divisions(sections: Sequence[Section]) -> list[_Division]:
    """Put chapters under the part before them, and what a heading opens inside a section under it.

    A part ends where one of its own level, or matter before or behind the body, comes.
    """
    top: list[_Division] = []
    part: _Division | None = None
    for section in sections:
        division = _division(section)
        if section.matter == "body" and section.level > 1 and part is not None:
            part.under.append(division)
            continue
        top.append(division)
        part = division if section.matter == "body" and section.level == 1 else None
    return top


def _division(section: Section) -> _Division:
    whole = _Division(section.kind or "section", section.level, notes=list(section.notes))
    open_ones = [whole]
    for block in section.blocks:
        if isinstance(block, Heading) and not open_ones[-1].takes_head:
            while len(open_ones) > 1 and open_ones[-1].level >= block.level:
                open_ones.pop()
            under = _Division("section", block.level)
            open_ones[-1].under.append(under)
            open_ones.append(under)
        open_ones[-1].blocks.append(block)
    return whole


class _Writer:
    """Writes the text; a note stands where its reference is."""

    def __init__(self, *, linked: bool) -> None:
        self.linked = linked
        self.notes: dict[int, Footnote] = {}

    def matter(self, name: str, sections: Sequence[Section]) -> Iterator[str]:
        """Yield front, body or back."""
        yield f"<{name}>"
        for division in _divisions(sections):
            yield from self._division(division)
        if not sections:
            yield "<p/>"
        yield f"</{name}>"

    def _division(self, division: _Division) -> Iterator[str]:
        self.notes |= {note.number: note for note in division.notes if note.number is not None}
        yield f'<div type="{escape(division.kind)}">'
        for block in division.blocks:
            yield from self._heads(block) if isinstance(block, Heading) else self._block(block)
        for under in division.under:
            yield from self._division(under)
        yield from filter(None, map(self._loose, division.notes))
        yield "</div>"

    def _heads(self, block: Heading) -> Iterator[str]:
        yield f"<head>{self.inline(block.lines[0])}</head>"
        for line in block.lines[1:]:
            yield f'<head type="sub">{self.inline(line)}</head>'

    def _loose(self, note: Footnote) -> str:
        """Return a note that no reference leads to; one that was placed is gone from `notes`."""
        if note.number is not None and self.notes.pop(note.number, None) is None:
            return ""
        return self._note(note)

    def blocks(self, blocks: Blocks) -> str:
        """Return blocks inside another."""
        return "\n".join(part for block in blocks for part in self._block(block))

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(content):
                yield f"<p>{self.inline(content)}</p>"
            case Heading(_, lines):
                yield from (f'<p rend="heading">{self.inline(line)}</p>' for line in lines)
            case Quote(inner):
                yield f"<quote>\n{self.blocks(inner)}\n</quote>"
            case Lines():
                yield self._lines(block)
            case Preformatted(lines):
                drawn = "\n".join(map(self.inline, lines))
                yield f'<ab type="table" xml:space="preserve">{drawn}</ab>'
            case ThoughtBreak():
                yield '<milestone unit="section" rend="thought-break"/>'
            case Sidenote(content):
                yield f'<note place="margin">{self.inline(content)}</note>'
            case Illustration():
                yield self._figure(block)
            case PageBreak():
                yield self._page(block)

    def _lines(self, block: Lines) -> str:
        outer, inner = ("lg", "l") if block.kind == "verse" else ("ab", 'seg type="line"')
        groups = []
        for group in block.groups:
            lines = "\n".join(
                f"<{inner}{_indented(line.indent)}>{self.inline(line.content)}"
                f"</{inner.partition(' ')[0]}>"
                for line in group
            )
            kind = "stanza" if block.kind == "verse" else block.kind
            groups.append(f'<{outer} type="{kind}">\n{lines}\n</{outer}>')
        together = "\n".join(groups)
        is_poem = block.kind == "verse" and len(groups) > 1
        return f'<lg type="poem">\n{together}\n</lg>' if is_poem else together

    def _figure(self, block: Illustration) -> str:
        described = f"<figDesc>{escape(block.alt, quote=False)}</figDesc>" if block.alt else ""
        return f"<figure>{self.blocks(block.caption)}{described}</figure>"

    def _note(self, note: Footnote) -> str:
        number = f' n="{note.number}" xml:id="note{note.number}"' if note.number is not None else ""
        mark = f' n="{escape(note.mark)}"' if note.mark and not number else ""
        match note.blocks:
            case (Paragraph(content),):
                inside = self.inline(content)
            case blocks:
                inside = self.blocks(blocks)
        return f'<note place="bottom"{number or mark}>{inside}</note>'

    def inline(self, items: Inlines) -> str:
        """Return inline content; a page or line that begins within a word says so."""
        within = iter(_within_words(items))
        return "".join(self._inline(item, within) for item in items)

    def _inline(  # noqa: PLR0911 - one return for each kind
        self, item: Inline, within: Iterator[bool]
    ) -> str:
        match item:
            case str():
                return escape(item, quote=False)
            case NoteRef(number):
                note = self.notes.pop(number, None)
                return self._note(note) if note else f'<ref target="#note{number}">{number}</ref>'
            case PageBreak():
                return self._page(item, within=next(within))
            case PageLink(text):
                return escape(text, quote=False)
            case LineStart(_, line):
                return f'<lb n="{line}"{_broken(within=next(within))}/>'
            case Span("greek", content):
                inside = "".join(self._inline(each, within) for each in content)
                return f'<foreign xml:lang="grc-Latn">{inside}</foreign>'
            case Span(style, content):
                inside = "".join(self._inline(each, within) for each in content)
                return f'<hi rendition="#{style}">{inside}</hi>'

    def _page(self, mark: PageBreak, *, within: bool = False) -> str:
        scan = f' facs="#scan{mark.number}"' if self.linked else ""
        return f'<pb n="{escape(page_label(mark))}"{scan}{_broken(within=within)}/>'


def _indented(steps: int) -> str:
    return f' rend="indent{steps}"' if steps else ""


def _broken(*, within: bool) -> str:
    return ' break="no"' if within else ""


def _within_words(items: Inlines) -> Iterator[bool]:
    """Say of each page and line that begins in a run, in order, whether it does so in a word."""
    before, waiting = "", 0
    for item in flatten(items):
        if isinstance(item, PageBreak | LineStart):
            waiting += 1
        elif isinstance(item, str) and item:
            within = item[0].isalnum() and (before.isalnum() or before == "-")
            yield from [within] * waiting
            before, waiting = item[-1], 0
        elif isinstance(item, NoteRef):
            yield from [False] * waiting
            before, waiting = "", 0
    yield from [False] * waiting
