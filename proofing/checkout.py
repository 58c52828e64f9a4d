"""Taking a page: one atomic statement, so that no page ever goes to two people."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.errors import ConflictError, ForbiddenError
from library.models import Person, Project
from proofing import rounds, trust
from proofing.models import PageTask, Reader
from proofing.rules import State
from proofing.tasks import held, record

#: Ids of the pages that a person has in hand and whose lease is not over.
_IN_HAND = sa.select(PageTask.id).where(
    PageTask.holder_id == sa.bindparam("person"),
    PageTask.state == State.OUT,
    PageTask.lease_until > sa.bindparam("now"),
)
#: The OCR text that a first reading starts from, fixed: a later OCR run must not move it.
_RUN = sa.case(
    (
        sa.and_(PageTask.base_id.is_(None), PageTask.run_id.is_(None)),
        rounds.newest_run(PageTask.page_id),
    ),
    else_=PageTask.run_id,
)


def check_out(
    session: Session,
    project: Project,
    person: Person,
    now: datetime,
    *,
    lease: timedelta,
    pages_held: int,
    code: str | None = None,
) -> PageTask:
    """Take the project's next page, lowest number first, for `lease`.

    Without `code`: the round of the person's last page here, else the furthest they may read that
    has a page. Raises ForbiddenError (not qualified, too many pages held), ConflictError (nothing
    to be had; `current` counts tasks by round).
    """
    _require_open(session, project)
    _require_room(session, person, now, pages_held)
    taking = {
        "state": State.OUT,
        "holder_id": person.id,
        "taken_at": now,
        "lease_until": now + lease,
    }
    refused: list[str] = []
    for each in _rounds_to_try(session, project, person, code):
        if code is None and session.scalar(first_free(project, person, each)) is None:
            continue
        standing = trust.standing(session, person, each)
        if not standing.open:
            refused.append(standing.sentence)
        elif (task := _claim(session, first_free(project, person, each), taking)) is not None:
            record(session, task, person, now, "task.checked-out")
            return task
    if code is not None and refused:
        raise ForbiddenError(refused[0])
    waiting = rounds.counts(session, project)
    raise ConflictError(_nothing_sentence(project, waiting, refused), **waiting)


def newcomers_round(session: Session, project: Project, person: Person) -> str | None:
    """Return where a newcomer is best begun with: the first round, while it has a page for them.

    None for anybody who has handed a page in; the site's own buttons ask for this round.
    """
    begins = project.rounds[0]
    if trust.pages_done(session, person, most=1):
        return None
    return begins if session.scalar(first_free(project, person, begins)) is not None else None


def look_ahead(session: Session, project: Project, person: Person) -> tuple[str | None, str]:
    """Return the round of the page that the site's button gives, or None and why there is none.

    Pages in hand are not counted.
    """
    try:
        _require_open(session, project)
    except ConflictError as error:
        return None, error.sentence
    if (begins := newcomers_round(session, project, person)) is not None:
        return begins, ""
    refused: list[str] = []
    for code in _rounds_to_try(session, project, person, None):
        standing = trust.standing(session, person, code)
        if not standing.open:
            refused.append(standing.sentence)
        elif session.scalar(first_free(project, person, code)) is not None:
            return code, ""
    return None, _nothing_sentence(project, rounds.counts(session, project), refused)


def _require_open(session: Session, project: Project) -> None:
    if project.state != "active" or not project.opened:
        said = "not open yet" if project.state == "active" else project.state
        raise ConflictError(
            f"{project.title} is {said}; choose another book meanwhile.",
            **rounds.counts(session, project),
        )


def _require_room(session: Session, person: Person, now: datetime, pages_held: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        # In turns: of two check-outs at once, neither would count the other's page.
        session.execute(
            sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
        )
    in_hand = session.scalars(_IN_HAND, {"person": person.id, "now": now}).all()
    if in_hand and not trust.is_known(session, person):
        pages_held = 1
    if len(in_hand) >= pages_held:
        raise ForbiddenError(
            f"You have {len(in_hand)} page(s) in hand, and the most at one time is {pages_held};"
            " hand one in or give one back first.",
            held=[
                {"task": task.id, "project": task.project.slug, "page": task.number}
                for task in held(session, person)
                if task.id in in_hand
            ],
        )


def _rounds_to_try(
    session: Session, project: Project, person: Person, code: str | None
) -> list[str]:
    if code is not None:
        return [code]
    last = _last_round(session, project, person)
    furthest_first = list(reversed(project.rounds))
    # A stable sort: the last round in front, the others in their order.
    return sorted(furthest_first, key=lambda each: each != last)


def _last_round(session: Session, project: Project, person: Person) -> str | None:
    """Return the round of the page that the person has in hand here, else of the last one done."""
    here = sa.select(PageTask.round).where(PageTask.project_id == project.id).limit(1)
    out = here.where(PageTask.holder_id == person.id, PageTask.state == State.OUT)
    done = here.where(PageTask.reader_id == person.id, PageTask.done_at.is_not(None))
    return session.scalar(
        out.order_by(PageTask.taken_at.desc(), PageTask.id.desc())
    ) or session.scalar(done.order_by(PageTask.done_at.desc(), PageTask.id.desc()))


def _claim(session: Session, free: sa.Select[int], taking: Mapping[str, object]) -> PageTask | None:
    """Take the first free page in one statement.

    PostgreSQL passes over rows that another check-out holds; should that leave none, the second
    try waits for those, since they may come free again.
    """
    tries = (True, False) if session.get_bind().dialect.name == "postgresql" else (True,)
    for skip_locked in tries:
        first = free.with_for_update(skip_locked=skip_locked).scalar_subquery()
        task: PageTask | None = session.scalar(
            sa.update(PageTask)
            .where(PageTask.id == first, PageTask.state == State.AVAILABLE)
            .values(**taking, head_id=None, run_id=_RUN)
            .returning(PageTask)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if task is not None:
            return task
    return None


def first_free(project: Project, person: Person, code: str) -> sa.Select[int]:
    """Return the query for the id of the first page that this person may be handed."""
    reserved_for_me = PageTask.reserved_for == person.id
    first = (
        sa.select(PageTask.id)
        .where(
            PageTask.project_id == project.id,
            PageTask.round == code,
            # Written out, so that both databases see that the partial index fits.
            sa.text("page_task.state = 'available'"),
            sa.or_(PageTask.reserved_for.is_(None), reserved_for_me),
        )
        .order_by(PageTask.number)
        .limit(1)
    )
    if project.one_person:
        return first
    read = sa.exists().where(Reader.page_id == PageTask.page_id, Reader.person_id == person.id)
    return first.where(sa.or_(~read, reserved_for_me))


def _nothing_sentence(
    project: Project, waiting: dict[str, dict[str, int]], refused: list[str]
) -> str:
    """Say why there is no page for this person: an answer, not an error."""
    free = sum(states["available"] for states in waiting.values())
    out = sum(states["out"] for states in waiting.values())
    if free and refused:
        return f"No page of {project.title} is free for you now. {refused[0]}"
    if free:
        return (
            f"You have read every page of {project.title} that is free now;"
            " the ones left are for other eyes."
        )
    if out:
        return f"Everyone has a page of {project.title}: {out} in hand, none free now."
    return f"No page of {project.title} is waiting to be read now."
