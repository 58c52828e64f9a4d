"""The texts of a book's pages as readers have them, and where words of it stand, also in print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer_group

from exports.errata.locating import Place, locate
from exports.models import Release
from exports.releasing import releases
from library import projects
from library.models import Page, Project
from pipeline.models import OcrRun
from proofing.anchors import line_of_rows
from proofing.models import Revision
from proofing.texts import Accepted, accepted

#: Printed lines shown of words that go over several.
_MOST_LINES = 3


@dataclass(frozen=True)
class PageSource:
    """Where a page's text and its printed lines are kept."""

    page_id: int
    number: int
    revision_id: int | None
    run_id: int | None


@dataclass(frozen=True)
class Found:
    """Words of a book in the text of a page; `line` counts from 1."""

    source: PageSource
    line: int
    place: Place


def sources_of(session: Session, project: Project, release: Release | None) -> list[PageSource]:
    """Return the pages of a release, or of the book as it stands now, in order."""
    if release is not None:
        return [
            PageSource(page.page_id, page.number, page.revision_id, page.run_id)
            for page in releases.frozen_pages(session, release)
            if page.kind != "skip"
        ]
    texts = accepted(session, project)
    return [
        source_of(page, texts.get(page.id, Accepted()))
        for page in projects.pages_of(session, project)
        if page.kind != "skip"
    ]


def source_of(page: Page, text: Accepted) -> PageSource:
    """Return where an accepted text is kept."""
    return PageSource(page.id, page.number, text.revision_id, text.run_id)


def texts_of(session: Session, sources: Sequence[PageSource]) -> list[str]:
    """Return the texts of these pages: the readers', else what the machine read."""
    read = {source.revision_id for source in sources}
    unread = {source.run_id for source in sources if source.revision_id is None}
    revisions = _texts(session, Revision.id, Revision.text, read)
    runs = _texts(session, OcrRun.id, OcrRun.text, unread)
    return [
        revisions.get(source.revision_id or 0, "") or runs.get(source.run_id or 0, "")
        for source in sources
    ]


def find(
    session: Session,
    sources: Sequence[PageSource],
    words: str,
    quote: str = "",
    near: tuple[int, int] | None = None,
) -> list[Found]:
    """Return where words of the book stand, the likeliest first.

    `near` is a page's number and a line: that page and its neighbours are looked at first, the
    others where the words are not there.
    """
    close = [s for s in sources if near is not None and abs(s.number - near[0]) <= 1]
    for some in (close, sources):
        at = next((n for n, s in enumerate(some) if near and s.number == near[0]), None)
        hint = (at, near[1]) if near is not None and at is not None else None
        found = locate(texts_of(session, some), words, quote, hint)
        if found:
            return [Found(some[place.page], place.line, place) for place in found]
    return []


def printed(session: Session, source: PageSource, line: int, count: int = 1) -> list[list[int]]:
    """Return the boxes `[x, y, w, h]` of printed lines that the text has from `line` on."""
    run = session.get(OcrRun, source.run_id, options=[undefer_group("read")]) if (
        source.run_id
    ) else None  # fmt: skip
    if run is None or not run.lines:
        return []
    rows = line_of_rows(texts_of(session, [source])[0], run.lines)
    wanted = rows[max(0, line - 1) : line - 1 + min(count, _MOST_LINES)]
    return [list(run.lines[each]["box"]) for each in wanted if each >= 0]


def _texts(session: Session, key: Any, text: Any, ids: set[int | None]) -> dict[int, str]:  # noqa: ANN401 - columns
    rows = session.execute(sa.select(key, text).where(key.in_(ids - {None})))
    return {each: found for each, found in rows}  # noqa: C416 - dict() loses the types
