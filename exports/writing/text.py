"""Writes a book as plain text, by the practice of Project Gutenberg (books.md 3.1)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
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
    Line,
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
)
from exports.languages import language_name
from exports.writing import frontispiece
from library.durable import replacing

WIDTH = 72
START, END = "*** START OF THE TEXT ***", "*** END OF THE TEXT ***"
_SIGNS = "Italics are marked _so_, bold =so=, spaced type ~so~; small capitals are CAPITALS."
_STARS = "       *       *       *       *       *"
_CHAPTER_GAP, _SECTION_GAP, _TITLE_GAP = 4, 2, 2
_AROUND = {"i": "_", "u": "_", "b": "=", "g": "~"}
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_WIDE = re.compile("[\u0300-\u036f\u1100-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def width(text: str) -> int:
    """Give the columns that text takes: none for a combining sign, two for a wide character."""
    if not _WIDE.search(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def fill(text: str, columns: int = WIDTH) -> list[str]:
    """Break text at its spaces into lines as full as they go; a longer word stands alone."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        size = width(word)
        if line and used + 1 + size > columns:
            lines.append(line)
            line, used = word, size
        else:
            line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    return [*lines, line] if line else lines


def inline(items: Inlines) -> str:
    """Give inline content as text: `_italic_`, `=bold=`, small capitals as capitals, `[1]`."""
    return "".join(map(_inline, items))


def _inline(item: Inline) -> str:
    match item:
        case str():
            return item
        case NoteRef(number):
            return f"[{number}]"
        case PageBreak() | LineStart():
            return ""
        case PageLink(text):
            return text
        case Span(style, content):
            return _span(style, inline(content))


def _span(style: str, text: str) -> str:
    if not text.strip():
        return text
    match style:
        case "sc":
            return text.upper()
        case "sup":
            return f"^{{{text}}}"
        case "sub":
            return text.translate(_SUBSCRIPTS)
        case _:
            mark = _AROUND.get(style, "")
            before, behind = _margins(text)
            return f"{before}{mark}{text.strip()}{mark}{behind}"


def _margins(text: str) -> tuple[str, str]:
    """Give the blanks around text, which stay outside its marks."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


class _Paper:
    """Lines of text with the blank lines that each block wants before and behind it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.behind = 0

    def put(self, lines: Iterable[str], before: int = 1, behind: int = 1) -> None:
        """Add a block; between two blocks stands the larger of the gaps that they want."""
        lines = [line.rstrip() for line in lines]
        if not lines:
            return
        if self.lines:
            self.lines += [""] * max(before, self.behind)
        self.lines += lines
        self.behind = behind


def _indented(lines: Iterable[str], columns: int) -> list[str]:
    return [" " * columns + line for line in lines]


def _put_blocks(paper: _Paper, blocks: Sequence[Block], indent: int = 0) -> None:
    for block in blocks:
        match block:
            case Heading():
                _put_heading(paper, block)
            case Quote(inner):
                _put_blocks(paper, inner, indent + 2)
            case Lines():
                for group in block.groups:
                    paper.put(_kept(block, group, indent + 4))
            case _:
                paper.put(_indented(_block(block, WIDTH - indent), indent))


def _block(block: Block, columns: int) -> list[str]:
    match block:
        case Paragraph(content):
            return fill(inline(content), columns)
        case Preformatted(lines):
            return _drawn([inline(line) for line in lines], columns)
        case ThoughtBreak():
            return [_STARS]
        case Sidenote(content):
            return fill(f"[Sidenote: {inline(content)}]", columns)
        case Illustration(caption):
            words = " ".join(_caption(caption))
            return fill(f"[Illustration: {words}]" if words else "[Illustration]", columns)
        case _:
            return []


def _caption(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(content) | Sidenote(content):
                yield inline(content)
            case Heading(_, lines) | Preformatted(lines):
                yield from map(inline, lines)
            case Lines(_, groups):
                yield from (inline(line.content) for group in groups for line in group)
            case Quote(inner):
                yield from _caption(inner)
            case _:
                pass


def _put_heading(paper: _Paper, heading: Heading) -> None:
    section = heading.level > _SECTION_GAP
    before = _SECTION_GAP if section else _CHAPTER_GAP
    for number, line in enumerate(heading.lines):
        paper.put(fill(inline(line)), before if not number else 1, 1)
    if not section:
        paper.behind = _TITLE_GAP


def _kept(block: Lines, group: Sequence[Line], indent: int) -> list[str]:
    """Give lines as printed; one that is too long hangs below itself.

    On a title page a year alone on its line stands apart, lest it pass for a page number.
    """
    lines: list[str] = []
    for line in group:
        text = inline(line.content).strip()
        if block.kind == "display" and text.isdigit() and lines:
            lines.append("")
        margin = indent + (0 if block.kind == "display" else 2 * line.indent)
        first, *rest = fill(text, WIDTH - margin) or [""]
        lines.append(" " * margin + first)
        if rest:
            lines += _indented(fill(" ".join(rest), WIDTH - margin - 4), margin + 4)
    return lines


def _drawn(lines: Sequence[str], columns: int) -> list[str]:
    """Give a table as drawn where it fits; otherwise each of its rows as a hanging line."""
    if max(map(width, lines), default=0) + 2 <= columns:
        return _indented(lines, 2)
    rows = []
    for line in lines:
        first, *rest = fill(line, columns - 2) or [""]
        rows.append("  " + first)
        rows += _indented(fill(" ".join(rest), columns - 6), 6)
    return [row for row in rows if row.strip()]


def _put_section(paper: _Paper, section: Section) -> None:
    if paper.lines and not any(isinstance(block, Heading) for block in section.blocks[:3]):
        paper.behind = _SECTION_GAP
    _put_blocks(paper, section.blocks)
    for number, note in enumerate(section.notes):
        _put_note(paper, note, first=not number)


def _put_note(paper: _Paper, note: Footnote, *, first: bool) -> None:
    """Set a note as `[1] text`; one that nothing refers to as a paragraph with its own mark."""
    mark = f"[{note.number}] " if note.number is not None else f"{note.mark} ".lstrip()
    head, rest = note.blocks[:1], note.blocks[1:]
    before = _SECTION_GAP if first else 1
    match head:
        case (Paragraph(content),):
            paper.put(fill(mark + inline(content)), before)
        case (Lines() as block,):
            for number, group in enumerate(block.groups):
                lines = _kept(block, group, 4)
                paper.put(lines if number else [mark + lines[0].lstrip(), *lines[1:]], before)
                before = 1
        case _:
            paper.put(fill(mark + " ".join(_caption(head))), before)
    _put_blocks(paper, rest)


def _header(metadata: Metadata) -> list[str]:
    released = f"{metadata.released_at.astimezone(UTC):%Y-%m-%d}"
    title = ": ".join(filter(None, (metadata.title, metadata.subtitle)))
    fields = [("Title", title), ("Author", ", ".join(metadata.authors))]
    fields += [(noun, ", ".join(names)) for noun, _, names in frontispiece.helpers(metadata)]
    fields += [
        ("Language", ", ".join(map(language_name, metadata.languages))),
        ("Release date", f"{released} (release {metadata.release})"),
        ("Printed", metadata.imprint),
        ("Source of the scans", metadata.source_url or metadata.project_url),
        ("Credits", frontispiece.credit_sentence(metadata)),
    ]
    lines: list[str] = []
    for name, value in fields:
        if value:
            first, *rest = fill(f"{name}: {value}", WIDTH)
            lines += [first, *_indented(fill(" ".join(rest), WIDTH - 4), 4)]
    return lines


def _put_book(paper: _Paper, book: Book) -> None:
    for section in book.sections:
        _put_section(paper, section)


def fill_book(book: Book) -> list[str]:
    """Give the lines of the book alone, without header and licence."""
    paper = _Paper()
    _put_book(paper, book)
    return paper.lines


def render(book: Book, metadata: Metadata) -> str:
    """Give the whole plain text: header, book between its markers, licence; NFC, LF."""
    paper = _Paper()
    paper.put(_header(metadata))
    paper.put(fill(_SIGNS))
    paper.put([START], behind=_SECTION_GAP)
    _put_book(paper, book)
    paper.put([END], before=_SECTION_GAP)
    errata = f"Found an error? Report it at {frontispiece.errata_address(metadata)}"
    kept = frontispiece.print_errors(metadata)
    licence = f"Licence: {metadata.rights_url}"
    for sentence in (kept, errata, frontispiece.rights(metadata), licence):
        paper.put(fill(sentence))
    return unicodedata.normalize("NFC", "\n".join(paper.lines)) + "\n"


def write_text(book: Book, metadata: Metadata, path: Path) -> None:
    """Write the plain text to `path` (UTF-8, LF, no BOM), replacing it whole. Raises OSError."""
    data = render(book, metadata).encode("utf-8")
    with replacing(path) as temporary:
        temporary.write_bytes(data)
