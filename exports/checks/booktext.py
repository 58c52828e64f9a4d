"""The finished book as one text that checks look through, with every place known by page and line.

It holds what readers see: words whole, curly quotes, em dashes, paragraphs joined over pages.
Passages are parted by an empty line, lines of verse and of headings by a line feed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from exports.book import (
    Block,
    Book,
    Footnote,
    Heading,
    Illustration,
    Inlines,
    Lines,
    LineStart,
    Paragraph,
    Preformatted,
    Quote,
    Sidenote,
    Span,
)

PassageKind = Literal["prose", "verse", "kept", "heading", "caption"]

#: Stands for what is printed in another script and was typed in Latin letters.
FOREIGN = "\ufffc"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a poem or the like: its stretch of the text.

    `note` and `quoted` say whether it is part of a footnote or of a block quotation; `level` is
    that of a heading.
    """

    kind: PassageKind
    start: int
    end: int
    note: bool = False
    quoted: bool = False
    level: int = 0


#: What a book without any text has.
_NOTHING = Passage("kept", 0, 0)


@dataclass(frozen=True)
class BookText:
    """The text of a book and its passages in order; offsets count characters.

    `starts` are the offsets, rising, at which lines of page text begin, `places` their page
    numbers and lines, `italics` the stretches in italics.
    """

    text: str
    passages: Sequence[Passage]
    starts: Sequence[int]
    places: Sequence[tuple[int, int]]
    italics: Sequence[tuple[int, int]]

    def place(self, offset: int) -> tuple[int, int]:
        """Give page number and line of the character at an offset; (0, 0) for a book of none."""
        at = bisect_right(self.starts, offset) - 1
        return self.places[max(0, at)] if self.places else (0, 0)

    def line_end(self, offset: int) -> int:
        """Give where the line of page text ends that an offset is in."""
        after = bisect_right(self.starts, offset)
        return self.starts[after] if after < len(self.starts) else len(self.text)

    def passage(self, offset: int) -> Passage:
        """Give the passage that an offset is in."""
        at = max(0, bisect_right(self._begins, offset) - 1)
        return self.passages[at] if self.passages else _NOTHING

    def is_prose(self, offset: int) -> bool:
        """Say whether an offset is in running text."""
        return self.passage(offset).kind == "prose"

    def is_italic(self, offset: int) -> bool:
        """Say whether a character is in italics: often a foreign word, or a title."""
        at = bisect_right(self._italic_begins, offset) - 1
        return at >= 0 and offset < self.italics[at][1]

    def of(self, passage: Passage) -> str:
        """Give the words of a passage."""
        return self.text[passage.start : passage.end]

    @cached_property
    def _begins(self) -> list[int]:
        return [passage.start for passage in self.passages]

    @cached_property
    def _italic_begins(self) -> list[int]:
        return [start for start, _ in self.italics]


def text_of(book: Book) -> BookText:
    """Give a book's text, the notes of each section behind it."""
    writer = _Writer()
    for section in book.sections:
        for block in section.blocks:
            writer.block(block)
        for note in section.notes:
            writer.note(note)
    return writer.done()


class _Writer:
    """Writes blocks one behind the other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.passages: list[Passage] = []
        self.starts: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.italics: list[tuple[int, int]] = []
        self.in_note = self.in_quote = False

    def done(self) -> BookText:
        return BookText("".join(self.parts), self.passages, self.starts, self.places, self.italics)

    def note(self, note: Footnote) -> None:
        self.in_note = True
        for block in note.blocks:
            self.block(block)
        self.in_note = False

    def block(self, block: Block) -> None:  # noqa: C901 - a case for each kind, no more
        match block:
            case Paragraph(content):
                self.passage("prose", [content])
            case Sidenote(content):
                self.passage("caption", [content])
            case Heading(level, lines):
                self.passage("heading", lines, level)
            case Preformatted(lines):
                self.passage("kept", lines)
            case Lines(kind, groups):
                for group in groups:
                    verse: PassageKind = "verse" if kind == "verse" else "kept"
                    self.passage(verse, [line.content for line in group])
            case Quote(blocks):
                outer, self.in_quote = self.in_quote, True
                for inner in blocks:
                    self.block(inner)
                self.in_quote = outer
            case Illustration(caption):
                for inner in caption:
                    if isinstance(inner, Paragraph):
                        self.passage("caption", [inner.content])
            case _:
                return

    def passage(self, kind: PassageKind, lines: Iterable[Inlines], level: int = 0) -> None:
        start = self.length
        for number, line in enumerate(lines):
            if number:
                self.write("\n")
            self.inlines(line)
        if self.length > start:
            self.passages.append(
                Passage(kind, start, self.length, self.in_note, self.in_quote, level)
            )
            self.write("\n\n")

    def inlines(self, inlines: Inlines) -> None:
        for item in inlines:
            if isinstance(item, str):
                self.write(item)
            elif isinstance(item, LineStart):
                self.starts.append(self.length)
                self.places.append((item.page, item.line))
            elif isinstance(item, Span):
                self.span(item)

    def span(self, span: Span) -> None:
        if span.style == "greek":
            self.inlines(tuple(i for i in span.content if isinstance(i, LineStart)))
            self.write(FOREIGN)
            return
        start = self.length
        self.inlines(span.content)
        if span.style == "i" and self.length > start:
            self.italics.append((start, self.length))

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
