"""A finished book as data: what the writers of EPUB and plain text read.

Text in it is final: curly quotes, em dashes, words whole, notes numbered 1 to n over the book.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

Style = Literal["i", "b", "sc", "g", "f", "u", "sup", "sub", "greek"]
Matter = Literal["front", "body", "back"]
LinesKind = Literal["verse", "kept", "display"]


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person behind the book; `role` is a MARC relator code (aut, trl, ill, edt ...)."""

    name: str
    role: str = "aut"
    file_as: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about the book; languages are BCP 47, `released_at` is an aware UTC time.

    `publisher` and `place` and `year` are those of the printed book; `site_name` publishes the
    release. `identifier` is a URI that stays the same over all releases.
    """

    title: str
    identifier: str
    languages: tuple[str, ...]
    released_at: datetime
    site_name: str
    site_url: str
    project_url: str
    contributors: tuple[Contributor, ...] = ()
    subtitle: str = ""
    publisher: str = ""
    place: str = ""
    year: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    source_url: str = ""
    rights: str = ""
    rights_url: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    errata_url: str = ""
    credits: tuple[str, ...] = ()
    #: Errors of the print that the book keeps and owns up to, a sentence each.
    print_errors: tuple[str, ...] = ()
    release: int = 1

    @property
    def language(self) -> str:
        """The book's first language."""
        return self.languages[0] if self.languages else "und"

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors, or "Anonymous" alone."""
        names = tuple(c.name for c in self.contributors if c.role == "aut" and c.name)
        return names or ("Anonymous",)

    @property
    def imprint(self) -> str:
        """The printed book's place, publisher and year, as far as known."""
        house = ": ".join(filter(None, (self.place, self.publisher)))
        return ", ".join(filter(None, (house, self.year)))


@dataclass(frozen=True, slots=True)
class Span:
    """Inline text in one style."""

    style: Style
    content: "Inlines"


@dataclass(frozen=True, slots=True)
class NoteRef:
    """The place of a footnote's number."""

    number: int


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a printed page begins: its scan's number and its printed label."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class LineStart:
    """Where a line of page text begins, also within a word: its page's number, its own from 1."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number in an index or contents list, as printed, and the scan that it leads to."""

    text: str
    number: int


Inline: TypeAlias = str | Span | NoteRef | PageBreak | LineStart | PageLink
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of one or more lines: level 1 part, 2 chapter, 3 section, 4 below."""

    level: int
    lines: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class Line:
    """One line kept as printed; `indent` in steps of two spaces."""

    content: Inlines
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines kept as printed, in groups (stanzas) parted by a blank."""

    kind: LinesKind
    groups: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Lines whose inner spaces carry meaning, such as a drawn table."""

    lines: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class ThoughtBreak:
    """A pause in the text."""


@dataclass(frozen=True, slots=True)
class Sidenote:
    """A note in the margin, standing before the paragraph it belongs to."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in the book: its file or bytes, and the name it gets there (no extension).

    `line_art` is black on white; `size` is width and height in the book, zeros where not known; a
    `bilevel` one has no shades.
    """

    name: str
    source: Path | bytes
    line_art: bool = False
    size: tuple[int, int] = (0, 0)
    bilevel: bool = False

    @property
    def is_png(self) -> bool:
        """Whether it stays sharp, and becomes small, only as a PNG."""
        return self.line_art or self.bilevel

    @property
    def file_name(self) -> str:
        """The name of its file in the book."""
        return f"{self.name}.{'png' if self.is_png else 'jpg'}"

    @property
    def media_type(self) -> str:
        """The media type of its file in the book."""
        return "image/png" if self.is_png else "image/jpeg"


@dataclass(frozen=True, slots=True)
class Illustration:
    """A figure: caption as printed, `alt` what the picture shows; no picture, no image.

    A `decorative` one shows nothing that a reader would miss.
    """

    caption: "Blocks"
    alt: str = ""
    picture: Picture | None = None
    decorative: bool = False

    @property
    def is_described(self) -> bool:
        """Whether those who can't see it miss nothing."""
        return self.picture is None or self.decorative or bool(self.alt)


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote; `number` counts over the book, None where no reference was found."""

    number: int | None
    mark: str
    blocks: "Blocks"


Block: TypeAlias = (
    Paragraph
    | Heading
    | Quote
    | Lines
    | Preformatted
    | ThoughtBreak
    | Sidenote
    | Illustration
    | PageBreak
)
Blocks: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter or its like: one file of the EPUB, one entry of the contents.

    `kind` is a term of the EPUB structural vocabulary (chapter, part, preface, index ...) or "".
    """

    title: str
    kind: str
    matter: Matter
    level: int
    blocks: Blocks
    notes: tuple[Footnote, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book, ready to be written."""

    sections: tuple[Section, ...]
    language: str


def children(block: Block | Footnote) -> Blocks:
    """Give the blocks directly inside a block."""
    if isinstance(block, Quote | Footnote):
        return block.blocks
    return block.caption if isinstance(block, Illustration) else ()


def runs(block: Block | Footnote) -> Iterator[Inlines]:
    """Give the inline runs of a block and of those inside it, in reading order."""
    match block:
        case Paragraph(content) | Sidenote(content):
            yield content
        case Heading(_, lines) | Preformatted(lines):
            yield from lines
        case Lines(_, groups):
            for group in groups:
                yield from (line.content for line in group)
        case PageBreak():
            yield (block,)
        case _:
            for child in children(block):
                yield from runs(child)


def flatten(inlines: Inlines) -> Iterator[str | NoteRef | PageBreak | LineStart]:
    """Give the leaves of inline text, in reading order."""
    for item in inlines:
        if isinstance(item, Span):
            yield from flatten(item.content)
        else:
            yield item.text if isinstance(item, PageLink) else item


def plain(inlines: Inlines) -> str:
    """Give the bare words of inline text, without note numbers and page marks."""
    return "".join(item for item in flatten(inlines) if isinstance(item, str))


def pictures(book: Book) -> Iterator[Picture]:
    """Give every picture of the book, in reading order."""
    for section in book.sections:
        yield from (each.picture for each in illustrations(section) if each.picture)


def illustrations(section: Section) -> Iterator[Illustration]:
    """Give every figure of a section, also those without a picture, in reading order."""
    for block in (*section.blocks, *section.notes):
        yield from _illustrations(block)


def _illustrations(block: Block | Footnote) -> Iterator[Illustration]:
    if isinstance(block, Illustration):
        yield block
    for child in children(block):
        yield from _illustrations(child)


def page_breaks(section: Section) -> Iterator[PageBreak]:
    """Give the page marks of a section, in reading order."""
    for block in (*section.blocks, *section.notes):
        for run in runs(block):
            yield from (item for item in flatten(run) if isinstance(item, PageBreak))
