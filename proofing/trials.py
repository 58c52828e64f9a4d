"""A newcomer's first half page: kept as a layer, given to their account, settled.

A layer is offered to the page's first reader and is never that reading itself. Nobody knows yet
whether it is right, so the newcomer is told nothing of that; when the first reader hands in, it is
counted how many of its words they left as they are.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events
from library.errors import InvalidError
from library.models import Person
from library.pagetext import clean_page_text
from proofing.diff import pieces
from proofing.halfpages import HalfPage
from proofing.models import PageTask, Revision
from proofing.rules import State
from proofing.trials_models import TrialLayer

#: A guest's layer that no account took is deleted after this.
GUESTS_KEPT = timedelta(days=30)
#: Characters of one line; print has some 60.
LONGEST_LINE = 400
#: Seconds that count as work on half a page, at most.
_LONGEST_WORK = 3600
#: Layers that one first reader is offered; the newest.
_OFFERED = 3


class Layer(TypedDict):
    """A layer as the desk shows it: `text` is rows `from_line` to `to_line` of the OCR's text.

    `by` is None for a guest.
    """

    id: int
    by: str | None
    from_line: int
    to_line: int
    text: str


def keep(
    session: Session,
    half: HalfPage,
    lines: Sequence[str],
    secret: str,
    now: datetime,
    *,
    active_seconds: int | None = None,
) -> TrialLayer:
    """Keep what a guest made of half a page; sent again with the same secret, it is replaced.

    `lines` are the lines that are not blank, in order. Raises InvalidError for another number of
    lines, for a line that is too long or no text, and for no text at all.
    """
    text = half.excerpt.with_lines(_cleaned(lines, half.excerpt.size))
    layer = _guests_layer(session, half, secret, now)
    layer.text = text
    layer.active_seconds = _bounded(active_seconds)
    if (reading := _first_reading(session, half)) is not None:
        _settle(layer, reading)
    session.flush()
    return layer


def _guests_layer(session: Session, half: HalfPage, secret: str, now: datetime) -> TrialLayer:
    """Return the layer that this guest has of this page, new when there is none."""
    mine = (TrialLayer.page_id == half.page.id, TrialLayer.secret_hash == digest(secret))
    known = session.scalar(sa.select(TrialLayer).where(*mine))
    if known is not None:
        return known
    layer = TrialLayer(
        project_id=half.project.id,
        page_id=half.page.id,
        run_id=half.run.id,
        from_line=half.excerpt.from_line,
        to_line=half.excerpt.to_line,
        text="",
        secret_hash=digest(secret),
        created_at=now,
    )
    session.add(layer)
    _record(session, "trial.kept", layer, now)
    return layer


def attach(session: Session, secret: str, person: Person, now: datetime) -> list[TrialLayer]:
    """Give a guest's layers to an account; returns them."""
    layers = session.scalars(
        sa.select(TrialLayer)
        .where(TrialLayer.secret_hash == digest(secret))
        .order_by(TrialLayer.id)
    ).all()
    for layer in layers:
        layer.person_id, layer.secret_hash = person.id, None
        _record(session, "trial.attached", layer, now, person)
    return list(layers)


def layers_of(session: Session, task: PageTask) -> list[Layer]:
    """Return what newcomers made of this page, the newest first, for its first reader.

    Empty in later rounds, once a text of the page was handed in, and where the task starts from
    another OCR run than the newcomer did.
    """
    if task.round != task.project.rounds[0] or task.base_id is not None:
        return []
    found = session.scalars(
        sa.select(TrialLayer)
        .where(TrialLayer.page_id == task.page_id, TrialLayer.run_id == task.run_id)
        .order_by(TrialLayer.id.desc())
        .limit(_OFFERED)
    )
    return [
        {
            "id": layer.id,
            "by": layer.person.name if layer.person else None,
            "from_line": layer.from_line,
            "to_line": layer.to_line,
            "text": layer.text,
        }
        for layer in found
    ]


def layers_by(session: Session, person: Person) -> Sequence[TrialLayer]:
    """Return the layers of an account, the newest first."""
    mine = sa.select(TrialLayer).where(TrialLayer.person_id == person.id)
    return session.scalars(mine.order_by(TrialLayer.id.desc())).all()


def settle(session: Session, task: PageTask, text: str) -> None:
    """After a first reading was handed in: count what it left of the newcomers' words.

    A layer of the reader's own is no second pair of eyes and stays unsettled.
    """
    if task.round != task.project.rounds[0]:
        return
    for layer in session.scalars(sa.select(TrialLayer).where(TrialLayer.page_id == task.page_id)):
        if layer.person_id is None or layer.person_id != task.reader_id:
            _settle(layer, text)


def too_old(now: datetime) -> sa.Delete:
    """Return the statement that deletes guests' layers which no account took in time."""
    return sa.delete(TrialLayer).where(
        TrialLayer.person_id.is_(None), TrialLayer.created_at <= now - GUESTS_KEPT
    )


def digest(secret: str) -> str:
    """Return what is stored of a guest's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def agreed_words(layer: str, reading: str) -> int:
    """Return how many words of a layer stand in a reading too, in the same order."""
    same = (piece.text for piece in pieces(layer, reading) if piece.kind == "same")
    return sum(len(text.split()) for text in same)


def _cleaned(lines: Sequence[str], size: int) -> list[str]:
    if len(lines) != size:
        raise InvalidError(f"This half page has {size} lines; {len(lines)} came. Load it again.")
    cleaned = [" ".join(clean_page_text(line)[0].split("\n")) for line in lines]
    for number, line in enumerate(cleaned, start=1):
        if len(line) > LONGEST_LINE:
            raise InvalidError(
                f"Line {number} has {len(line)} characters; a printed line has at most"
                f" {LONGEST_LINE}. Take out what is not printed there."
            )
    if not any(line.strip() for line in cleaned):
        raise InvalidError("All lines are empty; type what is printed.")
    return cleaned


def _bounded(seconds: int | None) -> int | None:
    return None if seconds is None else max(0, min(seconds, _LONGEST_WORK))


def _first_reading(session: Session, half: HalfPage) -> str | None:
    """Return the text that the page's first reader handed in, or None before that."""
    return session.scalar(
        sa.select(Revision.text)
        .join(PageTask, PageTask.head_id == Revision.id)
        .where(
            PageTask.page_id == half.page.id,
            PageTask.round == half.project.rounds[0],
            PageTask.reading == 0,
            PageTask.state == State.DONE,
            PageTask.reader_id.is_not(None),
        )
    )


def _settle(layer: TrialLayer, reading: str) -> None:
    layer.agreed = agreed_words(layer.text, reading)


def _record(
    session: Session, action: str, layer: TrialLayer, now: datetime, person: Person | None = None
) -> None:
    events.record(
        session,
        action,
        now,
        person=person,
        project_id=layer.project_id,
        page_id=layer.page_id,
        detail={"from_line": layer.from_line, "to_line": layer.to_line},
    )
