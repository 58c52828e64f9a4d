"""What a book is built from: texts, scan lines, pictures and metadata, loaded for the writers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.book import Contributor, Metadata
from exports.pages import Decisions, Figure, PageKind, PageText, ScanLine
from exports.releasing import deciding
from exports.releasing.freezing import FrozenBook, FrozenPage
from exports.writing.images import seen
from library import projects
from library.models import Page
from library.storage import Storage
from pipeline.models import OcrRun
from proofing.models import Revision
from proofing.suggestions import effective_good_words

Json = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Everything a book is built from; `cover` is the book's own as JPEG, if it has one."""

    pages: Sequence[PageText]
    metadata: Metadata
    decisions: Decisions = field(default_factory=Decisions)
    cover: bytes | None = None
    #: Numbers of pages that have not been through every round.
    unfinished: Sequence[int] = ()
    #: The project's words that need no doubt, and those that always do.
    good_words: frozenset[str] = frozenset()
    bad_words: frozenset[str] = frozenset()


def load(
    session: Session, storage: Storage, book: FrozenBook, released_on: date, number: int
) -> Source:
    """Return what a frozen book holds; `number` is the release's, 0 for a preview.

    Raises NotFoundError where a picture is missing from storage.
    """
    cover = None
    if book.cover_sha256:
        with storage.open(book.cover_sha256) as file:
            cover = file.read()
    return Source(
        page_texts(session, storage, book.pages, deciding.figures(book.decisions, storage)),
        as_metadata(book.metadata, released_on, number),
        deciding.as_decisions(book.decisions),
        cover,
        unfinished(book.pages),
        *_listed_words(session, book),
    )


def _listed_words(session: Session, book: FrozenBook) -> tuple[frozenset[str], frozenset[str]]:
    """Return the project's good and bad words as they are now."""
    if not book.pages:
        return frozenset(), frozenset()
    project = session.get_one(Page, book.pages[0].page_id).project
    bad = projects.words(session, project, "bad")
    return effective_good_words(session, project), frozenset(bad)


def page_texts(
    session: Session,
    storage: Storage,
    pages: Sequence[FrozenPage],
    figures: Mapping[int, tuple[Figure, ...]],
) -> list[PageText]:
    """Return the pages with their texts, the body lines of their scans, and their pictures."""
    revisions = _by_id(session, Revision.id, Revision.text, {page.revision_id for page in pages})
    runs = {
        run_id: (text, lines)
        for run_id, text, lines in session.execute(
            sa.select(OcrRun.id, OcrRun.text, OcrRun.lines).where(
                OcrRun.id.in_({page.run_id for page in pages} - {None})
            )
        )
    }
    result = []
    for page in pages:
        read, lines = runs.get(page.run_id, ("", []))
        result.append(
            PageText(
                number=page.number,
                page_id=str(page.page_id),
                text=revisions[page.revision_id] if page.revision_id else read,
                label=page.label,
                kind=cast("PageKind", page.kind),
                lines=tuple(_scan_line(line) for line in lines if not line.get("kind")),
                figures=figures.get(page.page_id) or _plate(page, storage),
            )
        )
    return result


def _plate(page: FrozenPage, storage: Storage) -> tuple[Figure, ...]:
    """Return the whole page as a picture, where it is one and nobody marked any on it."""
    if page.kind != "illustration" or not page.image_sha256:
        return ()
    return (seen(Figure(None), storage.path(page.image_sha256)),)


def unfinished(pages: Sequence[FrozenPage]) -> list[int]:
    """Return the numbers of pages that have not been through every round."""
    return [page.number for page in pages if not page.finished and page.kind != "skip"]


def as_metadata(fields: Json, released_on: date, release: int) -> Metadata:
    """Return metadata for the writers; the release's day stands for its moment."""
    return Metadata(
        **{
            **fields,
            "languages": tuple(fields["languages"]),
            "contributors": tuple(Contributor(**each) for each in fields["contributors"]),
            "subjects": tuple(fields["subjects"]),
            "credits": tuple(fields["credits"]),
            "print_errors": tuple(fields.get("print_errors", ())),
        },
        released_at=datetime.combine(released_on, time(), UTC),
        release=release,
    )


def _scan_line(line: Json) -> ScanLine:
    x, y, width, height = line["box"]
    return ScanLine(x, y, width, height, " ".join(word["text"] for word in line["words"]))


def _by_id(session: Session, key: Any, value: Any, ids: set[int | None]) -> dict[Any, Any]:  # noqa: ANN401
    rows = session.execute(sa.select(key, value).where(key.in_(ids - {None})))
    return {each: found for each, found in rows}  # noqa: C416 - dict() loses the types
