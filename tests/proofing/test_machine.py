"""Anything in any order, by anyone: what must hold after each step, on both databases.

The machine plays four people at one book of two rounds. It keeps what it was told was saved, and
after each step compares the database with that and with the rules.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from library.db import make_engine, reading, writing
from library.errors import ConflictError, ForbiddenError, GalleyError
from library.models import Event, Page, Person, Project
from library.pagetext import clean_page_text
from proofing import rounds, trust
from proofing.models import PageTask, Revision
from proofing.rules import TABLE
from proofing.saving import Saved
from tests.support import postgresql, rows
from tests.support.desk import Desk

T = TypeVar("T")

ROUNDS = ("P1", "F1")
PEOPLE = st.integers(0, 2)
PLACES = st.integers(0, 50)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(["", "word", "two words", "\n  begins a paragraph", "e\u0301 "])
#: From one state to another in one move.
MOVES = {(state, move.to) for (state, _), move in TABLE.items()}


@dataclass
class Seen:
    """The database at one moment."""

    tasks: dict[int, PageTask]
    pages: dict[int, Page]
    revisions: dict[int, Revision]
    events: int
    project: str
    #: Text that each task starts from.
    bases: dict[int, str]
    counts: dict[str, dict[str, int]]
    done: dict[int, int]

    def states(self) -> dict[int, str]:
        """State by task."""
        return {task_id: task.state for task_id, task in self.tasks.items()}

    def everything(self) -> object:
        """All that a refused act must leave as it is."""
        columns = [column.key for column in sa.inspect(PageTask).column_attrs]
        tasks = {
            task_id: tuple(getattr(task, name) for name in columns)
            for task_id, task in self.tasks.items()
        }
        return tasks, sorted(self.revisions), self.events, self.project


@dataclass
class Known:
    """What the machine was told, and holds the database to."""

    #: Text of each revision whose save was acknowledged, by id.
    texts: dict[int, str] = field(default_factory=dict)
    #: Who has handed a page in, in any round.
    readers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Pages that were sent back to their reader by name, and taken.
    by_name: set[int] = field(default_factory=set)
    #: Who has had a task in hand.
    held: set[tuple[int, int]] = field(default_factory=set)
    #: OCR text that a first reading began with.
    begun: dict[int, str] = field(default_factory=dict)
    #: Pages whose earlier round was sent back while the later one was out.
    twofold: set[int] = field(default_factory=set)
    events: int = 0


class Book(RuleBasedStateMachine):
    """Four people at one book."""

    engine: sa.Engine

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.engine)
        self.people = [self.desk.person(name) for name in ("ann", "bob", "cat")]
        self.lead = self.desk.person("lead", role="coordinator")
        self.project = self.desk.project(self.lead, pages=2, rounds_=ROUNDS)
        self.known = Known()
        self.seen = self.look()

    # What happens

    @rule(ocr=st.sampled_from(["queued", "done", "failed"]))
    def page_arrives(self, ocr: str) -> None:
        if len(self.seen.pages) < 5:
            with writing(self.engine) as session:
                project = session.get_one(Project, self.project.id)
                rows.add_page(session, project, f"ocr {len(self.seen.pages)}", ocr=ocr)
                if project.state == "finished":  # as an upload does
                    project.state = "active"
                rounds.open_pages(session, project, self.desk.now)

    @rule(place=PLACES, state=st.sampled_from(["done", "failed"]), text=TEXTS)
    def ocr_ends(self, place: int, state: str, text: str) -> None:
        page = self.pick(self.seen.pages, place)
        self.desk.read_by_ocr(page.id, clean_page_text(text)[0], state=state)

    @rule(who=PEOPLE, code=st.sampled_from([None, *ROUNDS]))
    def check_out(self, who: int, code: str | None) -> None:
        person, expected = self.people[who], self.expected(self.people[who], code)
        task = self.attempt(lambda: self.desk.take(self.project, person, code, pages_held=4))
        held = sum(
            each.state == "out" and each.holder_id == person.id and each.lease_until > self.desk.now
            for each in self.seen.tasks.values()
            if each.lease_until is not None
        )
        if isinstance(task, ForbiddenError):
            assert held >= 4
        elif isinstance(task, GalleyError):
            assert expected is None or self.seen.project != "active"
        else:
            assert held < 4
            assert task.id == expected
            if person.id in self.known.readers[task.page_id]:
                assert self.seen.tasks[task.id].reserved_for == person.id
                self.known.by_name.add(task.page_id)
            self.known.held.add((task.id, person.id))
            if task.base_id is None and task.id not in self.known.begun:
                self.known.begun[task.id] = self.desk.base(task)

    @precondition(lambda self: self.known.held)
    @rule(who=PEOPLE, place=PLACES, text=TEXTS, behind=st.sampled_from([0, 0, 0, 1, -1]))
    def save(self, who: int, place: int, text: str, behind: int) -> None:
        self.send(self.desk.save, who, place, text, behind)

    @precondition(lambda self: self.known.held)
    @rule(
        who=PEOPLE, place=PLACES, text=TEXTS, behind=st.sampled_from([0, 0, 0, 1]),
        again=st.booleans(),
    )  # fmt: skip
    def hand_in(self, who: int, place: int, text: str, behind: int, again: bool) -> None:
        task, saved = self.send(self.desk.hand_in, who, place, text, behind)
        if saved is not None and saved.conflict is None:
            before = self.look()
            person = self.people[self.whose(task, who)]
            if again:
                twice = self.desk.hand_in(task, person, text, saved.revision.version)
                assert twice.conflict is None
                assert twice.revision.id == saved.revision.id
                assert self.look().everything() == before.everything()
            self.known.readers[task.page_id].add(person.id)

    @precondition(lambda self: self.known.held)
    @rule(
        act=st.sampled_from(["give_back", "renew", "report_bad", "reopen"]),
        who=PEOPLE,
        place=PLACES,
    )
    def act(self, act: str, who: int, place: int) -> None:
        task = self.pick(self.seen.tasks, place)
        person = self.people[self.whose(task, who)]
        theirs = task.reader_id == person.id if act == "reopen" else task.holder_id == person.id
        result = self.attempt(lambda: getattr(self.desk, act)(task, person))
        right = task.state == ("done" if act == "reopen" else "out")
        if not isinstance(result, GalleyError):
            assert theirs
            assert right
        else:
            assert not (theirs and right) or act == "reopen"
            was_theirs = (task.id, person.id) in self.known.held
            expected = ConflictError if was_theirs or not right else ForbiddenError
            assert isinstance(result, expected)

    @rule(place=PLACES, to_reader=st.booleans(), by_lead=st.sampled_from([True, True, False]))
    def send_back(self, place: int, to_reader: bool, by_lead: bool) -> None:
        task = self.pick(self.seen.tasks, place)
        if task.state == "done" and task.reader_id is None:
            return  # settled pages are opened by their kind
        person = self.lead if by_lead else self.people[0]
        result = self.attempt(lambda: self.desk.send_back(task, person, to_reader=to_reader))
        if not isinstance(result, GalleyError):
            assert by_lead
            assert task.state == "done"
            if self.later_state(task) == "out":
                self.known.twofold.add(task.page_id)

    @rule(place=PLACES)
    def clear(self, place: int) -> None:
        task = self.pick(self.seen.tasks, place)
        result = self.attempt(lambda: self.desk.clear(task, self.lead))
        assert isinstance(result, GalleyError) == (task.state != "bad")
        if task.state == "bad":  # another scan may stand there: its text is a new beginning
            self.known.begun.pop(task.id, None)

    @rule(place=PLACES, kind=st.sampled_from(["text", "blank", "illustration", "skip"]))
    def say_kind(self, place: int, kind: str) -> None:
        page = self.pick(self.seen.pages, place)
        self.desk.set_kind(page.id, kind)
        later = [
            task
            for task in self.seen.tasks.values()
            if (task.page_id, task.round, task.state) == (page.id, ROUNDS[-1], "out")
        ]
        if later:  # as with sending back: the holder keeps it
            self.known.twofold.add(page.id)

    @rule(hours=st.integers(-30, 100))
    def time_goes(self, hours: int) -> None:
        self.desk.now += timedelta(hours=hours)

    @rule()
    def sweep(self) -> None:
        lapsed = {
            task.id
            for task in self.seen.tasks.values()
            if task.lease_until is not None and task.lease_until < self.desk.now
        }
        assert self.desk.reclaim() == len(lapsed)

    # What must hold

    @invariant()
    def all_holds(self) -> None:
        before, self.seen = self.seen, self.look()
        self.moves_are_those_of_the_table(before)
        self.every_text_that_was_saved_is_there_for_ever()
        self.events_are_never_fewer()
        self.versions_are_one_line()
        self.whoever_has_a_page_has_it_alone()
        self.rounds_follow_one_another()
        self.ocr_never_moves_a_text_that_was_begun()
        self.nobody_reads_a_page_twice()
        self.counts_are_recounts()
        self.a_book_is_finished_when_all_its_pages_are()

    def moves_are_those_of_the_table(self, before: Seen) -> None:
        for task_id, state in self.seen.states().items():
            old = before.states().get(task_id, "available")
            assert old == state or (old, state) in MOVES or self.in_two(old, state)

    @staticmethod
    def in_two(old: str, state: str) -> bool:
        """Whether two moves in one act lead there: freed and withdrawn or settled, or the like."""
        return any((old, between) in MOVES and (between, state) in MOVES
                   for between in ("available", "done"))  # fmt: skip

    def every_text_that_was_saved_is_there_for_ever(self) -> None:
        for revision_id, text in self.known.texts.items():
            assert self.seen.revisions[revision_id].text == text

    def events_are_never_fewer(self) -> None:
        assert self.seen.events >= self.known.events
        self.known.events = self.seen.events

    def versions_are_one_line(self) -> None:
        lines = defaultdict(list)
        for revision in sorted(self.seen.revisions.values(), key=lambda each: each.id):
            if revision.version is not None:
                lines[revision.task_id].append((revision.based_on, revision.version))
        for task in self.seen.tasks.values():
            assert lines[task.id] == [(number, number + 1) for number in range(task.version)]

    def whoever_has_a_page_has_it_alone(self) -> None:
        for task in self.seen.tasks.values():
            assert (task.state == "out") == (task.holder_id is not None)
            assert (task.state == "out") == (task.lease_until is not None)
            if task.state == "out":
                assert (task.id, task.holder_id) in self.known.held
            if task.state == "done" and task.reader_id is None:
                assert task.reason in ("blank", "illustration", "skip")

    def rounds_follow_one_another(self) -> None:
        for task in self.seen.tasks.values():
            if task.round == ROUNDS[0]:
                continue
            (earlier,) = (each for each in self.seen.tasks.values()
                          if each.page_id == task.page_id and each.round == ROUNDS[0])  # fmt: skip
            if task.state == "available":
                assert earlier.state == "done"
            if task.state in ("available", "out") and earlier.state == "done":
                base = self.seen.revisions[task.base_id or 0]
                assert base.id == earlier.head_id or base.task_id == task.id  # sent back
                assert self.seen.bases[task.id] == base.text
            if task.state == "withdrawn":
                assert earlier.state != "done"
            if task.state in ("out", "done") and earlier.state != "done":
                assert task.page_id in self.known.twofold

    def ocr_never_moves_a_text_that_was_begun(self) -> None:
        for task in self.seen.tasks.values():
            if task.id in self.known.begun and task.base_id is None and task.run_id is not None:
                assert self.seen.bases[task.id] == self.known.begun[task.id]

    def nobody_reads_a_page_twice(self) -> None:
        done = Counter(
            (task.page_id, task.reader_id)
            for task in self.seen.tasks.values()
            if task.state == "done" and task.reader_id is not None
        )
        for (page_id, _), times in done.items():
            assert times == 1 or page_id in self.known.by_name

    def counts_are_recounts(self) -> None:
        states = Counter((task.round, task.state) for task in self.seen.tasks.values())
        for code, counts in self.seen.counts.items():
            assert counts == {state: states[code, state] for state in counts}
        for person in self.people:
            mine = [task for task in self.seen.tasks.values()
                    if task.state == "done" and task.reader_id == person.id]  # fmt: skip
            assert self.seen.done[person.id] == len(mine)

    def a_book_is_finished_when_all_its_pages_are(self) -> None:
        last = {task.page_id: task.state for task in self.seen.tasks.values()
                if task.round == ROUNDS[-1]}  # fmt: skip
        ended = all(last.get(page_id) == "done" for page_id in self.seen.pages)
        at_work = {"available", "out", "bad"} & set(self.seen.states().values())
        assert (self.seen.project == "finished") == (ended and not at_work)

    # How it is done

    def look(self) -> Seen:
        with reading(self.engine) as session:
            project = session.get_one(Project, self.project.id)
            tasks = session.scalars(sa.select(PageTask).order_by(PageTask.id)).all()
            return Seen(
                tasks={task.id: task for task in tasks},
                pages={page.id: page for page in session.scalars(sa.select(Page))},
                revisions={each.id: each for each in session.scalars(sa.select(Revision))},
                events=session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0,
                project=project.state,
                bases={task.id: rounds.base_text(session, task) for task in tasks},
                counts=rounds.counts(session, project),
                done={each.id: trust.pages_done(session, each) for each in self.people},
            )

    def attempt(self, act: Callable[[], PageTask]) -> PageTask | GalleyError:
        """Do it; what is refused must have changed nothing."""
        try:
            return act()
        except GalleyError as error:
            assert self.look().everything() == self.seen.everything()
            return error

    @staticmethod
    def pick(choices: dict[int, T], place: int) -> T:
        return choices[sorted(choices)[place % len(choices)]]

    def whose(self, task: PageTask, who: int) -> int:
        """Mostly the holder or reader, so that things happen; sometimes anybody."""
        ids = [person.id for person in self.people]
        for person_id in (task.holder_id, task.reader_id):
            if person_id in ids and who != 2:
                return ids.index(person_id)
        return who

    def later_state(self, task: PageTask) -> str | None:
        for each in self.seen.tasks.values():
            if each.page_id == task.page_id and each.round == ROUNDS[-1] != task.round:
                return each.state
        return None

    def expected(self, person: Person, code: str | None) -> int | None:
        """The task that the rules would give, worked out anew from the rows."""
        free = [
            task
            for task in self.seen.tasks.values()
            if task.state == "available"
            and (
                task.reserved_for == person.id
                or (task.reserved_for is None and person.id not in self.known.readers[task.page_id])
            )
        ]
        codes = [code] if code else list(reversed(ROUNDS))
        if not code:
            out = [task for task in self.seen.tasks.values() if task.holder_id == person.id]
            done = [
                task
                for task in self.seen.tasks.values()
                if task.reader_id == person.id and task.done_at is not None
            ]
            if mine := out or done:
                last = max(mine, key=lambda task: (task.taken_at if out else task.done_at, task.id))
                codes.sort(key=lambda each: each != last.round)
        for each in codes:
            here = sorted((task.number, task.id) for task in free if task.round == each)
            if here:
                return here[0][1]
        return None

    def send(
        self, act: Callable[[PageTask, Person, str, int], Saved], who: int, place: int, text: str,
        behind: int,
    ) -> tuple[PageTask, Saved | None]:  # fmt: skip
        task = self.pick(self.seen.tasks, place)
        person = self.people[self.whose(task, who)]
        stored = clean_page_text(text)[0]
        was_theirs = (task.id, person.id) in self.known.held
        head = task.head_id
        try:
            saved = act(task, person, text, task.version - behind)
        except ForbiddenError:
            assert not was_theirs
            assert self.look().everything() == self.seen.everything()
            return task, None
        assert was_theirs
        self.known.texts[saved.revision.id] = stored
        assert saved.revision.text == stored
        if saved.conflict is None:
            assert person.id in (task.holder_id, task.reader_id)
        else:
            assert behind or task.state != "out" or task.holder_id != person.id
            after = self.look().tasks[task.id]
            assert (after.head_id, after.version) == (head, task.version)
        return task, saved


def _run(fresh: Callable[[], sa.Engine], share: int) -> None:
    """Play books, a `share`th of what the profile says, each on an empty database."""

    def start() -> Book:
        Book.engine = fresh()
        return Book()

    run_state_machine_as_test(
        start,  # type: ignore[arg-type] # it calls it, class or not
        settings=settings(
            max_examples=max(settings().max_examples // share, 1),
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_book_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'galley.db'}")
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute(
        "PRAGMA synchronous=OFF"))  # fmt: skip

    def fresh() -> sa.Engine:
        engine.dispose()
        for name in ("galley.db-wal", "galley.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copyfile(sqlite_template, tmp_path / "galley.db")
        return engine

    _run(fresh, 3)
    engine.dispose()


def test_a_book_on_postgresql(postgresql_session_engine: sa.Engine) -> None:
    def fresh() -> sa.Engine:
        postgresql.empty(postgresql_session_engine)
        return postgresql_session_engine

    _run(fresh, 10)
