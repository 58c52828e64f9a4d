"""Brings what the library knows of a book's inside up to its published release.

A job of its own, after the switch: what is searched is only ever the release that readers get, so a
book is not found for the moments between. Each transaction is short; all may be done twice.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.book import Book
from exports.catalogue import catalog_entries, search_index
from exports.catalogue.catalog_models import Outline, Passage
from exports.catalogue.search_passages import passages
from exports.making.lines import section_file
from exports.models import Release
from exports.releasing import releases, sources
from exports.releasing.building import assemble_source
from exports.releasing.sources import Source
from library import queue
from library.clock import utc_now
from library.db import add_if_absent, reading, writing
from library.models import Project
from library.queue import Taken
from library.worker import Installation

#: Passages in one transaction; about 40 KB of text.
_AT_ONCE = 100


def index_release(place: Installation, job: Taken) -> None:
    """Index the published release of this release's book, and forget those before it."""
    with reading(place.engine) as session:
        asked = session.get(Release, job.subject_id)
        project_id = asked.project_id if asked else 0
        current = _current(session, project_id)
        source = None
        if current is not None and session.get(Outline, current.id) is None:
            source = _source(session, place, current)
    if current is not None and source is not None:
        _write(place, current.id, assemble_source(source).book)
    for stale in _stale(place, project_id, current):
        _forget(place, stale)
    with writing(place.engine) as session:
        now = utc_now()
        still = _current(session, project_id)
        if (still and still.id) == (current and current.id):
            queue.finish(session, job, now)
        else:
            queue.put_back(session, job, now, "")


def outline(book: Book) -> list[dict[str, Any]]:
    """Return a book's chapters, as `Outline.sections` has them."""
    return [
        {
            "slug": section_file(number),
            "title": section.title,
            "level": section.level,
            "kind": section.kind,
            "matter": section.matter,
        }
        for number, section in enumerate(book.sections)
    ]


def _current(session: Session, project_id: int) -> Release | None:
    project = session.get(Project, project_id)
    if project is None or project.deleted_at is not None:
        return None
    return releases.published(session, project)


def _source(session: Session, place: Installation, release: Release) -> Source:
    frozen = releases.frozen_book(session, release)
    day, number = release.requested_at.date(), release.number
    return sources.load(session, place.storage, frozen, day, number)


def _write(place: Installation, release_id: int, book: Book) -> None:
    _forget(place, release_id)
    found = iter(passages(book)[: search_index.MOST])
    first = words = 0
    while some := list(islice(found, _AT_ONCE)):
        with writing(place.engine) as session:
            release = session.get_one(Release, release_id)
            words += search_index.add(session, release, some, first)
        first += len(some)
    with writing(place.engine) as session:
        release = session.get_one(Release, release_id)
        catalog_entries.enter(session, release)
        add_if_absent(session, Outline, release_id=release_id, words=words, sections=outline(book))


def _stale(place: Installation, project_id: int, current: Release | None) -> Sequence[int]:
    """Return the ids of the project's other releases that left something in the index."""
    left = sa.or_(*(sa.exists().where(row.release_id == Release.id) for row in (Outline, Passage)))
    with reading(place.engine) as session:
        return session.scalars(
            sa.select(Release.id).where(
                Release.project_id == project_id, left, Release.id != (current.id if current else 0)
            )
        ).all()


def _forget(place: Installation, release_id: int) -> None:
    """Remove a release from the index, its outline first: without it nothing is shown."""
    with writing(place.engine) as session:
        session.execute(sa.delete(Outline).where(Outline.release_id == release_id))
    gone = _AT_ONCE
    while gone:
        with writing(place.engine) as session:
            gone = search_index.remove(session, release_id, _AT_ONCE)
