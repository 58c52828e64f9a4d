"""A book's contents list: proposed by the machine, edited by people, and never lost.

An entry is `{"page": page id, "heading": as the page has it, "title": what the list says, "level":
1 part, 2 chapter, 3 section}`. A list that people made is changed on a version; every change is in
the history with the list before it, so that it can be put back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Contents
from exports.pages import ContentsEntry
from exports.releasing import deciding
from library import events
from library.errors import ConflictError, InvalidError, NotFoundError
from library.models import Event, Page, Person, Project
from proofing import texts
from proofing.models import Revision

Json = dict[str, Any]
LEVELS = (1, 2, 3)
CHANGED = "contents.changed"
_MOST, _LONGEST = 5_000, 300
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Standing:
    """The list as it stands: its version (0: nobody touched it), and None where the proposal is."""

    version: int
    entries: list[Json] | None


def standing(session: Session, project: Project) -> Standing:
    """Return the contents list that people settled, and its version."""
    row = session.get(Contents, project.id)
    return Standing(row.version, row.entries) if row else Standing(0, None)


def as_json(entries: Iterable[ContentsEntry]) -> list[Json]:
    """Return a proposed list as it is stored."""
    return [
        {
            "page": int(each.page_id),
            "heading": each.heading or each.title,
            "title": each.title,
            "level": each.level,
        }
        for each in entries
        if each.page_id.isdigit()
    ]


def change(
    session: Session,
    person: Person,
    project: Project,
    entries: Sequence[Mapping[str, Any]] | None,
    version: int,
    now: datetime,
) -> Standing:
    """Replace the list by another one, or with None by the machine's proposal.

    Raises ForbiddenError, InvalidError, and ConflictError with the list that stands when `version`
    is not the latest: nothing is lost, the caller has the other one.
    """
    deciding.require_decider(session, person, project)
    session.get_one(Project, project.id, with_for_update=True)
    before = standing(session, project)
    if before.version != version:
        raise ConflictError(
            "The contents list was changed meanwhile; look at both and save again.",
            version=before.version,
            entries=before.entries,
        )
    wanted = None if entries is None else _checked(session, project, entries)
    if wanted == before.entries:
        return before
    row = session.get(Contents, project.id) or Contents(project_id=project.id, version=0)
    row.entries, row.version = wanted, before.version + 1
    row.changed_by, row.changed_at = person.id, now
    session.add(row)
    detail = {"before": before.entries, "after": wanted, "version": row.version}
    events.record(session, CHANGED, now, person=person, project=project, detail=detail)
    session.flush()
    return Standing(row.version, wanted)


def put_back(
    session: Session, person: Person, project: Project, event_id: int, version: int, now: datetime
) -> Standing:
    """Put back the list that a change replaced. Raises NotFoundError, and as `change` does."""
    found = session.get(Event, event_id)
    if found is None or found.project_id != project.id or found.action != CHANGED:
        raise NotFoundError("The contents list has no such change.")
    gone = _gone(session, project, found.detail["before"] or [])
    before = [each for each in found.detail["before"] or [] if each["page"] not in gone]
    asked = None if found.detail["before"] is None else before
    return change(session, person, project, asked, version, now)


def changes(session: Session, project: Project, limit: int) -> list[tuple[Event, str | None]]:
    """Return the last changes with their authors' names, newest first."""
    rows = session.execute(
        sa.select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.project_id == project.id, Event.action == CHANGED)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [(event, name) for event, name in rows]


def unfound(session: Session, project: Project, entries: Sequence[Json]) -> list[int]:
    """Return the places in the list of entries whose page does not say them."""
    said = texts.accepted(session, project)
    wanted = {each["page"] for each in entries}
    ids = {page: found.revision_id for page, found in said.items() if page in wanted}
    rows = session.execute(
        sa.select(Revision.id, Revision.text).where(Revision.id.in_(set(ids.values()) - {None}))
    )
    by_revision = {number: _folded(text) for number, text in rows}
    said_by = {page: by_revision[number] for page, number in ids.items() if number in by_revision}
    return [
        place
        for place, each in enumerate(entries)
        if each["page"] in said_by and _folded(each["heading"]) not in said_by[each["page"]]
    ]


def _checked(
    session: Session, project: Project, entries: Sequence[Mapping[str, Any]]
) -> list[Json]:
    """Return the entries in the order of their pages; raises InvalidError, each fault named."""
    if len(entries) > _MOST:
        raise InvalidError(f"A contents list has at most {_MOST} entries.")
    numbers = _numbers(session, project)
    errors: dict[str, str] = {}
    made = []
    for place, each in enumerate(entries):
        title = " ".join(str(each.get("title", "")).split())
        heading = " ".join(str(each.get("heading") or title).split())
        if fault := _fault(each, title, heading, numbers):
            errors[f"entries.{place}"] = fault
        made.append(
            {"page": each["page"], "heading": heading, "title": title, "level": each["level"]}
        )
    if errors:
        raise InvalidError(" ".join(errors.values()), errors)
    return sorted(made, key=lambda each: numbers[each["page"]])


def _fault(each: Mapping[str, Any], title: str, heading: str, numbers: dict[int, int]) -> str:
    if each["page"] not in numbers:
        return f"“{title}” names a page that the book does not have."
    if each["level"] not in LEVELS:
        return f"“{title}” needs a level: 1 part, 2 chapter, 3 section."
    if not title:
        return f"The entry of page {numbers[each['page']]} needs a title."
    if max(len(title), len(heading)) > _LONGEST or _UNPRINTABLE.search(title + heading):
        return f"A title has at most {_LONGEST} printable characters."
    return ""


def _numbers(session: Session, project: Project) -> dict[int, int]:
    rows = session.execute(
        sa.select(Page.id, Page.number).where(
            Page.project_id == project.id, Page.deleted_at.is_(None)
        )
    )
    return {page: number for page, number in rows}  # noqa: C416 - dict() loses the types


def _gone(session: Session, project: Project, entries: Sequence[Json]) -> set[int]:
    """Return the pages of these entries that were taken out of the book since."""
    return {each["page"] for each in entries} - set(_numbers(session, project))


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
