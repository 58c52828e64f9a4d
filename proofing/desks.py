"""How people like their desk: kept for wide and for narrow screens, and how they look at a book.

What may be chosen is said once, by `Desk` in `web/api/shapes.py`; here it is names and values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from library.errors import InvalidError
from library.models import Person, Project
from proofing.models import DeskSetting, DeskView

Json = dict[str, Any]

DEVICES = ("wide", "narrow")
#: Bytes of what is kept for one device; of that, most are keys.
MOST_BYTES = 4096
#: Books whose view is remembered; the one looked at longest ago is forgotten.
MOST_BOOKS = 50


@dataclass(frozen=True)
class Chosen:
    """What somebody chose: settings by device, views by the project's slug."""

    devices: Mapping[str, Json]
    books: Mapping[str, Json]


def chosen(session: Session, person: Person) -> Chosen:
    """Return what a person chose; what is absent is as usual."""
    settings = session.scalars(sa.select(DeskSetting).where(DeskSetting.person_id == person.id))
    views = session.scalars(
        sa.select(DeskView)
        .options(joinedload(DeskView.project))
        .where(DeskView.person_id == person.id)
    )
    devices: dict[str, Json] = {device: {} for device in DEVICES}
    return Chosen(
        devices | {each.device: each.chosen for each in settings},
        {each.project.slug: each.chosen for each in views},
    )


def choose(session: Session, person: Person, device: str, changes: Mapping[str, Any]) -> None:
    """Set what is named, for one class of device; None takes it back to what is usual.

    Raises InvalidError when it is more than is kept.
    """
    _take_turns(session, person)
    row = session.get(DeskSetting, (person.id, device))
    if row is None:
        row = DeskSetting(person_id=person.id, device=device, chosen={})
        session.add(row)
    row.chosen = _bounded(_merged(row.chosen, changes))


def look(
    session: Session, person: Person, project: Project, changes: Mapping[str, Any], now: datetime
) -> None:
    """Set how a person looks at a book's scans; None takes it back to what is usual."""
    _take_turns(session, person)
    row = session.get(DeskView, (person.id, project.id))
    if row is None:
        row = DeskView(person_id=person.id, project_id=project.id, chosen={}, changed_at=now)
        session.add(row)
    row.chosen, row.changed_at = _bounded(_merged(row.chosen, changes)), now
    session.flush()
    _forget(session, person)


def _take_turns(session: Session, person: Person) -> None:
    """Let one tab of a person choose after the other: the first choice makes the row."""
    session.get_one(Person, person.id, with_for_update={"key_share": True})


def _merged(known: Json, changes: Mapping[str, Any]) -> Json:
    """Return what is known with the changes in it; objects in it are merged likewise."""
    merged = dict(known)
    for name, value in changes.items():
        before = known.get(name)
        if isinstance(value, Mapping):
            merged[name] = _merged(before if isinstance(before, dict) else {}, value) or None
        else:
            merged[name] = value
    return {name: value for name, value in merged.items() if value is not None}


def _bounded(values: Json) -> Json:
    if len(orjson.dumps(values)) > MOST_BYTES:
        raise InvalidError("These are more settings than are kept; change fewer keys.")
    return values


def _forget(session: Session, person: Person) -> None:
    mine = DeskView.person_id == person.id
    kept = (
        sa.select(DeskView.project_id)
        .where(mine)
        .order_by(DeskView.changed_at.desc(), DeskView.project_id)
        .limit(MOST_BOOKS)
    )
    session.execute(sa.delete(DeskView).where(mine, DeskView.project_id.not_in(kept)))
