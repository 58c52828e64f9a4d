"""What the open dump holds of the database: which columns of which tables, and which never.

Private are passwords, mail, sessions, drafts, and the names and addresses of finders of errors
without an account. People are named by their accounts' names, which are public everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import (
    Contents,
    Decision,
    Dismissal,
    Erratum,
    Release,
    ReleaseFile,
    ReleasePage,
    ReleasePicture,
)
from library.db import Base
from library.models import Coordinator, Event, Page, Person, Project, Word
from pipeline.models import Illustration, OcrRun
from proofing.models import PageTask, Revision

Json = dict[str, Any]

#: Rows held at once.
_AT_ONCE = 100


@dataclass(frozen=True)
class Dumped:
    """A table of the dump: its file, its columns that hold people, and those that are left out."""

    file: str
    model: type[Base]
    people: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()

    @property
    def table(self) -> sa.Table:
        """The table itself."""
        return cast("sa.Table", self.model.__table__)

    @property
    def columns(self) -> list[sa.ColumnElement[Any]]:
        """The columns of its rows in the dump, in order."""
        return [each for each in self.table.columns if each.name not in self.left_out]

    def of(self, project_id: int) -> sa.ColumnElement[bool]:
        """Return what makes a row one of a project's."""
        columns = self.table.c
        if self.model is Project:
            return columns.id == project_id
        if "project_id" in columns:
            return columns.project_id == project_id
        parent: type[Page | Release] = Page if "page_id" in columns and (
            self.model is not ReleasePage
        ) else Release  # fmt: skip
        key = columns.page_id if parent is Page else columns.release_id
        return key.in_(sa.select(parent.id).where(parent.project_id == project_id))


def _named(*columns: str) -> frozenset[str]:
    return frozenset(columns)


#: In the order in which they can be brought in again.
TABLES = (
    # A deleted book is not in the dump.
    Dumped("project.jsonl", Project, _named("created_by"), _named("deleted_at")),
    Dumped("coordinators.jsonl", Coordinator, _named("person_id")),
    Dumped("words.jsonl", Word),
    # Which upload a page came with says nothing of the book.
    Dumped("pages.jsonl", Page, left_out=_named("upload_id")),
    Dumped("ocr.jsonl.gz", OcrRun),
    # What somebody has in hand now is between them and the site.
    Dumped(
        "tasks.jsonl",
        PageTask,
        _named("reader_id"),
        _named("left_id", "holder_id", "taken_at", "lease_until", "prefetched", "reserved_for"),
    ),
    Dumped("revisions.jsonl", Revision, _named("person_id")),
    Dumped("illustrations.jsonl", Illustration),
    Dumped("contents.jsonl", Contents, _named("changed_by")),
    Dumped("decisions.jsonl", Decision, _named("decided_by")),
    Dumped("dismissals.jsonl", Dismissal, _named("person_id")),
    Dumped("releases.jsonl", Release, _named("requested_by")),
    Dumped("release-pages.jsonl", ReleasePage),
    Dumped("release-pictures.jsonl", ReleasePicture),
    Dumped("release-files.jsonl", ReleaseFile),
    Dumped(
        "errata.jsonl",
        Erratum,
        _named("person_id", "decided_by"),
        _named("name", "address", "token_hash"),
    ),
    Dumped("events.jsonl", Event, _named("person_id")),
)


def rows(
    session: Session, dumped: Dumped, project_id: int, people: dict[int, str]
) -> Iterator[Json]:
    """Yield a project's rows of a table as JSON, in the order of their keys.

    `people` are names by id; a row's people are in it by name.
    """
    query = (
        sa.select(*dumped.columns)
        .where(dumped.of(project_id), *_public(dumped.model))
        .order_by(*sa.inspect(dumped.model).primary_key)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in session.execute(query).mappings():
        yield _shown(dumped, dict(row), people)


def _public(model: type[Base]) -> list[sa.ColumnElement[bool]]:
    """Return what a row must be to be public: drafts are their author's."""
    if model is Revision:
        return [Revision.kind == "done"]
    if model is Release:
        return [Release.state.in_(("published", "withdrawn"))]
    if model is ReleasePage or model is ReleasePicture:
        public = sa.select(Release.id).where(Release.state.in_(("published", "withdrawn")))
        return [model.release_id.in_(public)]
    if model is ReleaseFile:
        published = sa.select(Release.id).where(Release.state == "published")
        return [ReleaseFile.release_id.in_(published)]
    return [OcrRun.state.in_(("done", "failed"))] if model is OcrRun else []


def _shown(dumped: Dumped, row: Json, people: dict[int, str]) -> Json:
    for name, value in row.items():
        if name in dumped.people:
            row[name] = people.get(value) if value is not None else None
        elif isinstance(value, datetime):
            row[name] = value.isoformat()
    if dumped.model is PageTask and row["state"] != "done":
        row["head_id"] = None
        row["state"] = "available" if row["state"] == "out" else row["state"]
    return row


def people_of(session: Session, names: set[str]) -> Iterator[Json]:
    """Yield those who worked on the books, with the name they want to be thanked by."""
    found = session.scalars(sa.select(Person).where(Person.name.in_(names)).order_by(Person.name))
    for person in found:
        yield {"name": person.name, "credit": person.credit, "credited": person.credited}
