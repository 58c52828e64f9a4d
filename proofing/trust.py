"""Who may read in which round: standing comes from rows, not from anybody's opinion.

Thresholds stand in `rules.ROUNDS`. On a young site, where fewer than three people reach one, it
steps down to what the third most active person has handed in, so that rounds never stand still.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from library import events
from library.models import Person
from proofing.models import Grant, PageTask
from proofing.rules import ROUNDS, Round, State

#: Readings looked at when judging how much the next reader had to change.
LAST_PAGES = 50
#: Fewer measured pages than this say nothing about a person.
LEAST_MEASURED = 10


@dataclass(frozen=True)
class Standing:
    """Whether a round is open to a person, and the sentence that says why or what is missing."""

    round: Round
    open: bool
    sentence: str


def standing(session: Session, person: Person, code: str) -> Standing:
    """Return a person's standing for the round `code`."""
    wanted = ROUNDS[code]
    if wanted.pages_needed == 0 or session.get(Grant, (person.id, code)) is not None:
        return Standing(wanted, open=True, sentence=f"{wanted.name} is open to you.")
    pages = pages_done(session, person, most=wanted.pages_needed)
    if pages < wanted.pages_needed:
        needed = _stepped_down(session, wanted.pages_needed)
        if pages < needed:
            return Standing(wanted, open=False, sentence=_missing(wanted, pages, needed))
    if wanted.changes_allowed is not None:
        changes = changes_by_next(session, person)
        if changes is not None and changes >= wanted.changes_allowed:
            return Standing(wanted, open=False, sentence=_too_many(wanted, changes))
    return Standing(wanted, open=True, sentence=f"{wanted.name} is open to you.")


def pages_done(session: Session, person: Person, most: int = 1_000_000) -> int:
    """Return the pages whose reading by this person stands now, counting no further than `most`."""
    mine = sa.select(PageTask.id).where(
        PageTask.reader_id == person.id, PageTask.done_at.is_not(None)
    )
    count = sa.select(sa.func.count()).select_from(mine.limit(most).subquery())
    return session.scalar(count) or 0


def is_known(session: Session, person: Person) -> bool:
    """Whether a page of theirs was accepted, or somebody vouched for them: newcomers hold one."""
    if person.role != "volunteer" or pages_done(session, person, most=1):
        return True
    granted = sa.select(Grant.round).where(Grant.person_id == person.id).limit(1)
    return session.scalar(granted) is not None


def changes_by_next(session: Session, person: Person) -> float | None:
    """Return the mean words that the next reader changed on the person's last pages, if known."""
    later = aliased(PageTask)
    measured = (
        sa.select(sa.func.min(later.changes).label("changes"))
        .select_from(PageTask)
        .join(later, sa.and_(later.page_id == PageTask.page_id, later.base_id == PageTask.head_id))
        .where(
            PageTask.reader_id == person.id,
            PageTask.state == State.DONE,
            later.changes.is_not(None),
            later.round.not_in([each.code for each in ROUNDS.values() if each.formatting]),
        )
        .group_by(PageTask.id, PageTask.done_at)
        .order_by(PageTask.done_at.desc())
        .limit(LAST_PAGES)
        .subquery()
    )
    count, mean = session.execute(sa.select(sa.func.count(), sa.func.avg(measured.c.changes))).one()
    return float(mean) if count >= LEAST_MEASURED else None


def grant(
    session: Session, by: Person | None, person: Person, codes: list[str], now: datetime
) -> None:
    """Open rounds to a person known from elsewhere; the history says who did."""
    for code in codes:
        if session.get(Grant, (person.id, code)) is None:
            session.add(
                Grant(
                    person_id=person.id,
                    round=code,
                    granted_by=by.id if by else None,
                    granted_at=now,
                )
            )
    events.record(
        session, "person.granted", now, person=by, detail={"name": person.name, "rounds": codes}
    )


def _stepped_down(session: Session, threshold: int) -> int:
    done = sa.func.count().label("done")
    people = (
        sa.select(done)
        .where(PageTask.reader_id.is_not(None), PageTask.done_at.is_not(None))
        .group_by(PageTask.reader_id)
    )
    # The cheap question first: on a large site the index answers it after a few people.
    if len(session.scalars(people.having(done >= threshold).limit(3)).all()) == 3:  # noqa: PLR2004
        return threshold
    return session.scalar(people.order_by(done.desc()).offset(2).limit(1)) or 0


def _missing(wanted: Round, pages: int, needed: int) -> str:
    return f"{wanted.name} opens after {needed} pages handed in; you have {pages}."


def _too_many(wanted: Round, changes: float) -> str:
    return (
        f"{wanted.name} opens when the next reader changes fewer than {wanted.changes_allowed:g}"
        f" words a page of yours; at present it is {changes:.1f}."
    )
