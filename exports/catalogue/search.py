"""Searching inside all published texts: books, and in each the lines with what was asked for."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from exports.catalogue import catalog, search_index
from exports.catalogue.catalog_models import Outline, Passage
from exports.catalogue.search_words import Term, Word, found_in, terms_of, words_of
from exports.models import Release
from library.models import Project

#: Characters shown before what was found, and after its beginning.
_BEFORE, _AFTER = 90, 190


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt; `found` where it is what was asked for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a book: its chapter, page and line, and the words around it."""

    section: str
    title: str
    page: int
    line: int
    excerpt: tuple[Piece, ...]
    #: Give it as `after`, and the list goes on behind this one.
    next: int

    @property
    def anchor(self) -> str:
        """The line's id in the reading page."""
        return f"p{self.page}l{self.line}"


@dataclass(frozen=True, slots=True)
class FoundBook:
    """A book with what was found inside; `places` counts paragraphs."""

    project: Project
    release: Release
    places: int
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what was found; `books` and `places` count all of it."""

    books: int
    places: int
    shown: Sequence[FoundBook]


def search(
    session: Session, question: str, *, offset: int = 0, limit: int = 10, hits: int = 3
) -> Found:
    """Return the published books in which one paragraph has all that is asked for.

    Words in quotes are a phrase; the last word may go on. Books with most such paragraphs come
    first, `limit` of them from `offset` on, each with its first `hits`. Any question is taken.
    """
    terms = terms_of(question)
    counts = search_index.count(session, terms) if terms else {}
    if not counts:
        return Found(0, 0, [])
    rows = session.execute(catalog.current().where(Release.id.in_(counts)))
    found = [(project, release, counts[release.id]) for project, release in rows]
    found.sort(key=lambda each: (-each[2], each[0].title, each[0].id))
    shown = [
        FoundBook(project, release, number, _hits(session, release, terms, 0, hits))
        for project, release, number in found[offset : offset + limit]
    ]
    return Found(len(found), sum(number for *_, number in found), shown)


def search_book(
    session: Session, release: Release, question: str, *, after: int = 0, limit: int = 50
) -> Sequence[Hit]:
    """Return the places in one book, in its order, from `after` on."""
    terms = terms_of(question)
    return _hits(session, release, terms, after, limit) if terms else []


def excerpt(text: str, terms: Sequence[Term]) -> tuple[int, tuple[Piece, ...]]:
    """Return the offset of the best place with the terms in a text, and the words around it."""
    words = list(words_of(text))
    places = found_in(words, terms)
    if not places:
        return 0, (Piece(text[:_AFTER], found=False),)
    spans = [(words[place.start].start, words[place.stop - 1].end) for place in places]
    best = max(
        range(len(spans)),
        key=lambda at: (_kinds(words, places[at:], spans[at][0] + _AFTER), -at),
    )
    begin = spans[best][0]
    start = next((w.start for w in words if w.start >= begin - _BEFORE), begin)
    end = max(spans[best][1], max((w.end for w in words if w.end <= begin + _AFTER), default=0))
    pieces = list(_pieces(text, start, end, spans))
    before = "… " if start > words[0].start else ""
    behind = " …" if end < words[-1].end else text[end:].rstrip()
    return begin, (
        *([Piece(before, found=False)] if before else []),
        *pieces,
        *([Piece(behind, found=False)] if behind else []),
    )


def _kinds(words: Sequence[Word], places: Sequence[range], end: int) -> int:
    """Count the different words found up to there."""
    near = (place for place in places if words[place.start].start < end)
    return len({words[place.start].folded for place in near})


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    pieces = []
    at = start
    for first, last in spans:
        if first >= at and last <= end:
            pieces += [Piece(text[at:first], found=False), Piece(text[first:last], found=True)]
            at = last
    pieces.append(Piece(text[at:end], found=False))
    return [piece for piece in pieces if piece.text]


def _hits(
    session: Session, release: Release, terms: Sequence[Term], after: int, limit: int
) -> list[Hit]:
    outline = session.get(Outline, release.id)
    sections = outline.sections if outline else []
    found = search_index.find(session, terms, release.id, after, limit)
    return [_hit(passage, sections, terms) for passage in found if passage.section < len(sections)]


def _hit(passage: Passage, sections: Sequence[dict[str, str]], terms: Sequence[Term]) -> Hit:
    begin, pieces = excerpt(passage.text, terms)
    offsets = [offset for offset, _, _ in passage.places]
    _, page, line = passage.places[max(0, bisect_right(offsets, begin) - 1)]
    section = sections[passage.section]
    behind = search_index.place_of(passage) + 1
    return Hit(section["slug"], section["title"], page, line, pieces, behind)
