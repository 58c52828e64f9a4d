"""Projects and their pages: making, changing, finding; who may."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events
from library.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from library.models import PAGE_KINDS, Coordinator, Page, Person, Project, Word

#: Fields of a project that people type, with their greatest length in characters.
TEXT_FIELDS = {
    "title": 500,
    "author": 300,
    "publisher": 300,
    "place": 300,
    "description": 10_000,
    "source_url": 2_000,
    "note": 10_000,
}
#: What a project's coordinator may change.
CHANGEABLE = frozenset(
    [
        *TEXT_FIELDS,
        *("languages", "contributors", "year", "subjects", "rights", "script", "rounds"),
        *("one_person", "opened", "state"),
    ]
)
#: Texts that may have more than one line.
_LINES = frozenset(["description", "note"])
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def create_project(
    session: Session, person: Person, fields: Mapping[str, Any], now: datetime
) -> Project:
    """Start a project; whoever starts it coordinates it.

    `fields` are checked columns of Project; `title`, `languages` and `rounds` must be among them.
    Raises InvalidError.
    """
    _check_texts(fields)
    project = _add_project(session, {**fields, "created_by": person.id, "created_at": now})
    session.add(Coordinator(project_id=project.id, person_id=person.id, since=now))
    events.record(session, "project.started", now, person=person, project=project)
    return project


def change_project(
    session: Session, person: Person, project: Project, fields: Mapping[str, Any], now: datetime
) -> None:
    """Set columns of a project; the history keeps what they were.

    Raises ForbiddenError, InvalidError.
    """
    require_coordinator(session, person, project)
    _check_texts(fields)
    if "state" in fields and fields["state"] not in ("active", "paused", "archived"):
        raise InvalidError("A project can be made active, paused or archived.")
    before = {}
    for name, value in fields.items():
        if name not in CHANGEABLE:
            raise InvalidError(f"{name} can't be changed.", {name: "This can't be changed."})
        if getattr(project, name) != value:
            before[name] = getattr(project, name)
            setattr(project, name, value)
    if before:
        events.record(
            session,
            "project.changed",
            now,
            person=person,
            project=project,
            detail={"before": before},
        )


def hide_project(session: Session, person: Person, project: Project, now: datetime) -> None:
    """Delete a project nobody has worked on: hidden, restorable for 30 days."""
    require_coordinator(session, person, project)
    project.deleted_at = now
    events.record(session, "project.deleted", now, person=person, project=project)


def archive_project(session: Session, person: Person, project: Project, now: datetime) -> None:
    """Put a project aside that holds volunteers' work; its texts stay readable."""
    require_coordinator(session, person, project)
    project.state = "archived"
    events.record(session, "project.archived", now, person=person, project=project)


def find_project(session: Session, slug: str) -> Project:
    """Return the project of that slug; raises NotFoundError, GoneError when deleted."""
    project = session.scalar(sa.select(Project).where(Project.slug == slug))
    if project is None:
        raise NotFoundError(f"There is no project called {slug}.")
    if project.deleted_at:
        raise GoneError(f"The project {project.title} was deleted by its coordinator.")
    return project


def find_page(session: Session, project: Project, address: str) -> Page:
    """Return the page at `address`, a number from 1 or `id:ID`; raises NotFoundError."""
    query = sa.select(Page).where(Page.project_id == project.id, Page.deleted_at.is_(None))
    by_id, digits = address.startswith("id:"), address.removeprefix("id:")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:  # noqa: PLR2004 - 64 bits
        raise NotFoundError(f"{address} is no page; pages are numbered from 1.")
    column = Page.id if by_id else Page.number
    page = session.scalar(query.where(column == int(digits)))
    if page is None:
        raise NotFoundError(f"{project.title} has no page {address}. It may have been renumbered.")
    return page


def pages_of(session: Session, project: Project) -> Sequence[Page]:
    """Return a project's pages in order."""
    return session.scalars(
        sa.select(Page)
        .where(Page.project_id == project.id, Page.deleted_at.is_(None))
        .order_by(Page.number)
    ).all()


def change_page(
    session: Session,
    person: Person,
    page: Page,
    now: datetime,
    *,
    label: str | None = None,
    kind: str | None = None,
) -> None:
    """Set a page's printed label, which the machine then leaves alone, or its kind.

    Raises ForbiddenError, InvalidError.
    """
    require_coordinator(session, person, page.project)
    if kind is not None and kind not in PAGE_KINDS:
        raise InvalidError(f"A page's kind is one of {', '.join(PAGE_KINDS)}.")
    label = label.strip() if label is not None else None
    if label is not None and (len(label) > 20 or _UNPRINTABLE.search(label)):  # noqa: PLR2004
        raise InvalidError("A page's label is what is printed on it, at most 20 characters.")
    before = {"label": page.label, "kind": page.kind}
    if label is not None:
        page.label, page.label_given = label, True
    page.kind = page.kind if kind is None else kind
    if before != (after := {"label": page.label, "kind": page.kind}):
        events.record(
            session, "page.changed", now, person=person, page=page,
            project_id=page.project_id, detail={"before": before, "after": after},
        )  # fmt: skip


def coordinates(session: Session, person: Person | None, project: Project) -> bool:
    """Whether this person is responsible for the project (an admin is for all)."""
    if person is None:
        return False
    return person.is_admin or session.get(Coordinator, (project.id, person.id)) is not None


def require_coordinator(session: Session, person: Person, project: Project) -> None:
    """Raise ForbiddenError unless this person coordinates the project."""
    if not coordinates(session, person, project):
        names = ", ".join(coordinators(session, project)) or "nobody at present"
        raise ForbiddenError(f"This is for the coordinators of {project.title}: {names}.")


def coordinators(session: Session, project: Project) -> list[str]:
    """Return the names of those who coordinate a project, longest-serving first."""
    return list(
        session.scalars(
            sa.select(Person.name)
            .join(Coordinator, Coordinator.person_id == Person.id)
            .where(Coordinator.project_id == project.id)
            .order_by(Coordinator.since, Person.name)
        )
    )


def add_coordinator(
    session: Session, person: Person, project: Project, other: Person, now: datetime
) -> None:
    """Make `other` a coordinator too."""
    require_coordinator(session, person, project)
    if session.get(Coordinator, (project.id, other.id)):
        raise ConflictError(f"{other.name} coordinates {project.title} already.")
    session.add(Coordinator(project_id=project.id, person_id=other.id, since=now))
    events.record(
        session,
        "project.coordinator-added",
        now,
        person=person,
        project=project,
        detail={"name": other.name},
    )


def remove_coordinator(
    session: Session, person: Person, project: Project, other: Person, now: datetime
) -> None:
    """Take a coordinator's part from `other`; the last one stays. Raises ConflictError."""
    require_coordinator(session, person, project)
    relation = session.get(Coordinator, (project.id, other.id))
    if relation is None:
        raise ConflictError(f"{other.name} does not coordinate {project.title}.")
    if len(coordinators(session, project)) == 1:
        raise ConflictError(f"{other.name} is the only coordinator; add another one first.")
    session.delete(relation)
    events.record(
        session,
        "project.coordinator-removed",
        now,
        person=person,
        project=project,
        detail={"name": other.name},
    )


def words(session: Session, project: Project, which: str) -> list[str]:
    """Return the project's `good` or `bad` words, sorted."""
    query = sa.select(Word.word).where(Word.project_id == project.id, Word.list == which)
    return sorted(session.scalars(query))


def set_words(
    session: Session,
    person: Person,
    project: Project,
    which: str,
    new: Sequence[str],
    now: datetime,
) -> None:
    """Replace the project's `good` or `bad` words; the history keeps the difference."""
    require_coordinator(session, person, project)
    wanted = {unicodedata.normalize("NFC", word).strip() for word in new} - {""}
    if any(len(word) > 100 or _UNPRINTABLE.search(word) for word in wanted):  # noqa: PLR2004
        raise InvalidError("A word is at most 100 printable characters.")
    had = set(words(session, project, which))
    session.execute(
        sa.delete(Word).where(
            Word.project_id == project.id, Word.list == which, Word.word.in_(had - wanted)
        )
    )
    session.add_all(Word(project_id=project.id, list=which, word=word) for word in wanted - had)
    if had != wanted:
        events.record(
            session, f"words.{which}-changed", now, person=person, project=project,
            detail={"added": sorted(wanted - had), "removed": sorted(had - wanted)},
        )  # fmt: skip


def slug_of(title: str) -> str:
    """Return a title as an address: ASCII words with hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "book"


def _add_project(session: Session, fields: Mapping[str, Any]) -> Project:
    """Add the row, under the next free slug should someone take the first at this very moment."""
    while True:
        project = Project(slug=_free_slug(session, fields["title"]), **fields)
        try:
            with session.begin_nested():
                session.add(project)
        except sa.exc.IntegrityError as error:
            if "slug" not in str(error.orig):
                raise
        else:
            return project


def _free_slug(session: Session, title: str) -> str:
    slug, number = slug_of(title), 1
    taken = set(
        session.scalars(sa.select(Project.slug).where(Project.slug.startswith(slug_of(title))))
    )
    while slug in taken:
        number += 1
        slug = f"{slug_of(title)}-{number}"
    return slug


def _check_texts(fields: Mapping[str, Any]) -> None:
    errors = {}
    for name, most in TEXT_FIELDS.items():
        text = fields.get(name) or ""
        if len(text) > most:
            errors[name] = f"This has {len(text)} characters; at most {most} fit."
        elif _UNPRINTABLE.search(re.sub(r"[\t\r\n]", " ", text) if name in _LINES else text):
            errors[name] = "This has characters that can't be printed; type it anew."
    if "title" in fields and not fields["title"].strip():
        errors["title"] = "A book needs a title."
    if errors:
        raise InvalidError(" ".join(errors.values()), errors)
