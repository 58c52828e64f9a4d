"""Proofreading as the web does it: each act in a transaction of its own, at the desk's time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.db import reading, writing
from library.errors import GalleyError
from library.models import Event, Page, Person, Project
from proofing import checkout, rounds, saving, tasks
from proofing.models import PageTask, Revision
from proofing.saving import Attempt, Saved
from tests.support import rows
from tests.support.rows import NOW

T = TypeVar("T")

LEASE = timedelta(days=3)
#: What makes somebody no newcomer anywhere.
ALL_ROUNDS = ("P1", "P2", "P3", "F1", "F2")


class Desk:
    """Services on one database; `now` is the only clock."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.now: datetime = NOW

    def wait(self, **time: float) -> None:
        """Let time go by."""
        self.now += timedelta(**time)

    def person(self, name: str, *, grants: Sequence[str] = ALL_ROUNDS, role: str = "volunteer"
    ) -> Person:  # fmt: skip
        """Add a person whom all rounds (or those of `grants`) are open to."""
        with writing(self.engine) as session:
            return rows.add_person(session, name, grants=grants, role=role)

    def project(
        self,
        owner: Person | None = None,
        pages: int | Sequence[str] = 3,
        rounds_: Sequence[str] = ("P1", "P2", "F1"),
        **fields: object,
    ) -> Project:
        """Add a project with pages to be read."""
        with writing(self.engine) as session:
            return rows.add_project(session, owner, pages=pages, rounds_=rounds_, **fields)

    def take(
        self, project: Project, person: Person, code: str | None = None, *, pages_held: int = 1000
    ) -> PageTask:
        """Check a page out."""
        with writing(self.engine) as session:
            mine = session.get_one(Project, project.id)
            return checkout.check_out(
                session, mine, person, self.now, lease=LEASE, pages_held=pages_held, code=code
            )

    def save(self, task: PageTask, person: Person, text: str, version: int | None = None) -> Saved:
        """Save a draft; without `version`, on the newest one."""
        sent = Attempt(person, text, self.task(task).version if version is None else version)
        with writing(self.engine) as session:
            return saving.save_draft(session, task.id, sent, self.now, lease=LEASE)

    def hand_in(
        self, task: PageTask, person: Person, text: str = "Read.", version: int | None = None
    ) -> Saved:
        """Finish a reading; without `version`, on the newest one."""
        sent = Attempt(person, text, self.task(task).version if version is None else version)
        with writing(self.engine) as session:
            return saving.hand_in(session, task.id, sent, self.now)

    def read(self, project: Project, person: Person, text: str = "Read.", code: str | None = None
    ) -> PageTask:  # fmt: skip
        """Check a page out and hand it in."""
        task = self.take(project, person, code)
        saved = self.hand_in(task, person, text)
        assert saved.conflict is None
        return saved.task

    def give_back(self, task: PageTask, person: Person) -> PageTask:
        """Return a page."""
        with writing(self.engine) as session:
            return tasks.give_back(session, task.id, person, self.now)

    def report_bad(self, task: PageTask, person: Person, reason: str = "Torn.") -> PageTask:
        """Report a bad scan."""
        with writing(self.engine) as session:
            return tasks.report_bad(session, task.id, person, reason, self.now)

    def clear(self, task: PageTask, person: Person) -> PageTask:
        """Put a reported page back."""
        with writing(self.engine) as session:
            return tasks.clear_bad(session, task.id, person, self.now)

    def reopen(self, task: PageTask, person: Person) -> PageTask:
        """Take a handed-in page up again."""
        with writing(self.engine) as session:
            return tasks.reopen(session, task.id, person, self.now, lease=LEASE)

    def renew(self, task: PageTask, person: Person) -> PageTask:
        """Start the lease anew."""
        with writing(self.engine) as session:
            return tasks.renew(session, task.id, person, self.now, lease=LEASE)

    def send_back(
        self, task: PageTask, person: Person, reason: str = "Again.", *, to_reader: bool = False
    ) -> PageTask:
        """Have a page read again."""
        with writing(self.engine) as session:
            return tasks.send_back(session, task.id, person, reason, self.now, to_reader=to_reader)

    def reclaim(self) -> int:
        """Free what has lapsed, as the sweep does; returns how many."""
        with reading(self.engine) as session:
            ids = tasks.lapsed(session, self.now)
        with writing(self.engine) as session:
            return sum(tasks.reclaim(session, task_id, self.now) is not None for task_id in ids)

    def set_kind(self, page_id: int, kind: str) -> None:
        """Say what kind of page it is."""
        with writing(self.engine) as session:
            page = session.get_one(Page, page_id)
            page.kind = kind
            rounds.apply_kind(session, page.project, page, self.now)

    def read_by_ocr(self, page_id: int, text: str, *, state: str = "done") -> None:
        """Let a (further) OCR run of a page end and the page be opened."""
        with writing(self.engine) as session:
            page = session.get_one(Page, page_id)
            rows.add_run(session, page, text, state=state)
            rounds.open_pages(session, page.project, self.now)

    def task(self, task: PageTask) -> PageTask:
        """Return a task as it stands."""
        with reading(self.engine) as session:
            return session.get_one(PageTask, task.id)

    def task_of(self, project: Project, number: int, code: str) -> PageTask:
        """Return the task of page `number` in round `code`."""
        with reading(self.engine) as session:
            return session.scalars(
                sa.select(PageTask).where(
                    PageTask.project_id == project.id,
                    PageTask.number == number,
                    PageTask.round == code,
                )
            ).one()

    def states(self, project: Project) -> str:
        """Return the states of all tasks: `P1 done available, P2 out`."""
        with reading(self.engine) as session:
            found = session.scalars(
                sa.select(PageTask)
                .where(PageTask.project_id == project.id)
                .order_by(PageTask.number)
            ).all()
        by_round = {code: [each.state for each in found if each.round == code]
                    for code in project.rounds}  # fmt: skip
        return ", ".join(
            f"{code} {' '.join(states)}" for code, states in by_round.items() if states
        )

    def text(self, task: PageTask) -> str:
        """Return the text as it stands in a task."""
        return self.look(
            lambda session: tasks.current_text(session, tasks.find_task(session, task.id))
        )

    def base(self, task: PageTask) -> str:
        """Return the text that a task starts from."""
        return self.look(
            lambda session: rounds.base_text(session, session.get_one(PageTask, task.id))
        )

    def offered(self, task: PageTask, person: Person) -> str | None:
        """Return the draft that is offered to the holder."""
        found = self.look(
            lambda session: tasks.offered_draft(session, session.get_one(PageTask, task.id), person)
        )
        return found.text if found else None

    def revisions(self, task: PageTask) -> list[tuple[str, int | None, str]]:
        """Return kind, version and text of everything saved in a task."""
        return self.look(
            lambda session: [
                (each.kind, each.version, each.text)
                for each in session.scalars(
                    sa.select(Revision).where(Revision.task_id == task.id).order_by(Revision.id)
                )
            ]
        )

    def events(self, project: Project) -> list[str]:
        """Return what has happened in a project, oldest first."""
        return self.look(
            lambda session: list(
                session.scalars(
                    sa.select(Event.action).where(Event.project_id == project.id).order_by(Event.id)
                )
            )
        )

    def counts(self, project: Project) -> dict[str, dict[str, int]]:
        """Return how many tasks of each round are in each state."""
        return self.look(
            lambda session: rounds.counts(session, session.get_one(Project, project.id))
        )

    def project_state(self, project: Project) -> str:
        """Return a project's state."""
        return self.look(lambda session: session.get_one(Project, project.id).state)

    def look(self, ask: Callable[[Session], T]) -> T:
        """Ask in a transaction of its own."""
        with reading(self.engine) as session:
            return ask(session)


def refusal(act: Callable[..., Any], *about: Any, **more: Any) -> GalleyError:  # noqa: ANN401
    """Return the error with which an act is refused."""
    try:
        act(*about, **more)
    except GalleyError as error:
        return error
    raise AssertionError("this was not refused")
