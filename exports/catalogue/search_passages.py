"""A book cut into passages: what the search looks through, and the lines they were printed on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from exports.book import (
    Block,
    Book,
    Footnote,
    Inlines,
    Lines,
    LineStart,
    Preformatted,
    Section,
    children,
    flatten,
    runs,
)

#: Letters after which a long passage ends with the next line.
LONG = 4000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a printed line begins in a passage: the page's number, the line's own from 1."""

    offset: int
    page: int
    line: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, stanza or note as running text, its words whole."""

    #: The section's place in the book, from 0.
    section: int
    text: str
    places: tuple[Place, ...]


def passages(book: Book) -> list[Passage]:
    """Return the passages of a book in reading order; each has a text, and a place at its start.

    What has no line of its own, such as a heading that people wrote, stands at the next one.
    """
    cut = [
        (number, *_joined(pieces))
        for number, section in enumerate(book.sections)
        for pieces in _pieces(section)
    ]
    following = next((places[-1] for *_, places in reversed(cut) if places), Place(0, 1, 1))
    found: list[Passage] = []
    for number, text, places in reversed(cut):
        first = places[0] if places else following
        begins = () if first.offset == 0 and places else (replace(first, offset=0),)
        if text.strip():
            found.append(Passage(number, text, (*begins, *places)))
        following = first
    return found[::-1]


def _pieces(section: Section) -> Iterator[list[Inlines]]:
    """Give the lines of each passage of a section."""
    for block in (*section.blocks, *section.notes):
        yield from _of_block(block)


def _of_block(block: Block | Footnote) -> Iterator[list[Inlines]]:
    match block:
        case Lines(_, groups):
            for group in groups:
                yield from _short([line.content for line in group])
        case Preformatted(lines):
            yield from _short(lines)
        case _ if children(block):
            for child in children(block):
                yield from _of_block(child)
        case _:
            yield list(runs(block))


def _short(lines: Iterable[Inlines]) -> Iterator[list[Inlines]]:
    """Cut lines that go on and on into passages."""
    piece: list[Inlines] = []
    length = 0
    for line in lines:
        piece.append(line)
        length += sum(len(item) for item in flatten(line) if isinstance(item, str))
        if length > LONG:
            yield piece
            piece, length = [], 0
    if piece:
        yield piece


def _joined(lines: Iterable[Inlines]) -> tuple[str, list[Place]]:
    """Return the text of some lines, and where the printed lines begin in it."""
    text, places = "", []
    for line in lines:
        text += "\n" if text else ""
        for item in flatten(line):
            match item:
                case str():
                    text += item
                case LineStart(page, number):
                    places.append(Place(len(text), page, number))
                case _:
                    pass
    return text, places
