"""Whether what the database says is true of the disk, and whole in itself; findings, not repairs.

A column whose name ends in `_sha256` names bytes in storage, in whichever package its table is.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.collecting import naming_columns
from library.models import Page, Project
from library.storage import Storage


def findings(session: Session, storage: Storage) -> Iterator[str]:
    """Yield a sentence for each fault of the database file, the page numbers and the images.

    Every image is read, to see whether its bytes are still the same.
    """
    yield from _database(session)
    yield from _numbers(session)
    yield from _images(session, storage)


def _database(session: Session) -> Iterator[str]:
    """Ask SQLite about its file; PostgreSQL checks its own pages and keys as it goes."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for (said,) in session.execute(sa.text("PRAGMA integrity_check")):
        if said != "ok":
            yield f"database: {said}"
    for table, row, parent, _ in session.execute(sa.text("PRAGMA foreign_key_check")):
        yield f"database: row {row} of {table} names a row of {parent} that is not there"


def _numbers(session: Session) -> Iterator[str]:
    numbering = (
        sa.select(Project.slug, sa.func.min(Page.number), sa.func.max(Page.number), sa.func.count())
        .join(Page, Page.project_id == Project.id)
        .where(Page.deleted_at.is_(None))
        .group_by(Project.slug)
    )
    for slug, first, last, count in session.execute(numbering):
        if (first, last) != (1, count):
            yield f"project {slug}: its {count} pages are numbered from {first} to {last}"


def _images(session: Session, storage: Storage) -> Iterator[str]:
    named = _named(session)
    for sha256 in sorted(named):
        if not storage.has(sha256):
            yield f"image {sha256} is missing: {_whose(session, sha256, named[sha256])}"
        elif not storage.verify(sha256):
            yield f"image {sha256} is damaged: {_whose(session, sha256, named[sha256])}"
    for sha256 in storage:
        if sha256 not in named:
            yield f"image {sha256} belongs to nothing: an upload that was cut short left it"


def _named(session: Session) -> dict[str, sa.Column[str]]:
    """Return every digest that a row names, with a column that does."""
    return {
        sha256: column
        for column in naming_columns()
        for sha256 in session.scalars(sa.select(column).where(column != "").distinct())
    }


def _whose(session: Session, sha256: str, column: sa.Column[str]) -> str:
    page = session.execute(
        sa.select(Project.slug, Page.number)
        .join(Page, Page.project_id == Project.id)
        .where(
            sa.or_(
                Page.original_sha256 == sha256,
                Page.image_sha256 == sha256,
                Page.view_sha256 == sha256,
                Page.thumb_sha256 == sha256,
            )
        )
        .limit(1)
    ).first()
    return f"page {page[1]} of {page[0]}" if page else f"a row of {column.table.name}"
