import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from library.db import make_engine, reading, writing
from library.models import Event, Job, Person
from tests.support.postgresql import address_of
from tests.support.rows import NOW, add_page, add_person, add_project


def test_saved_means_on_disk(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}
    engine.dispose()
    full, on, off = 2, 1, 0
    assert found == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": on, "trusted_schema": off,
    }  # fmt: skip


def test_postgresql_waits_for_nothing_for_ever(postgresql_engine: sa.Engine) -> None:
    with postgresql_engine.connect() as connection:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert connection.exec_driver_sql(f"SHOW {name}").scalar() not in ("0", None), name
        assert connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"


def test_writing_commits_at_the_end(engine: sa.Engine) -> None:
    with writing(engine) as session:
        add_person(session, "ann")
    with reading(engine) as session:
        assert session.scalars(sa.select(Person.name)).all() == ["ann"]


def test_writing_rolls_back_on_any_error(engine: sa.Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        add_person(session, add_person(session, "ann").name)
    with reading(engine) as session:
        assert session.scalars(sa.select(Person.name)).all() == []


def test_reading_cannot_write(engine: sa.Engine) -> None:
    with pytest.raises((DBAPIError, OperationalError)), reading(engine) as session:
        add_person(session, "ann")


def test_reading_sees_one_moment(engine: sa.Engine) -> None:
    names = sa.select(Person.name).order_by(Person.name)
    with reading(engine) as looking:
        assert looking.scalars(names).all() == []
        with writing(engine) as session:
            add_person(session, "ann")
        assert looking.scalars(names).all() == []
    with reading(engine) as looking:
        assert looking.scalars(names).all() == ["ann"]


def test_a_transaction_inside_another_says_so(sqlite_engine: sa.Engine) -> None:
    with writing(sqlite_engine), pytest.raises(RuntimeError), writing(sqlite_engine):
        pass


def test_sqlite_writers_take_turns_across_threads(sqlite_engine: sa.Engine) -> None:
    def join(number: int) -> None:
        with writing(sqlite_engine) as session:
            before = session.scalar(sa.select(sa.func.count()).select_from(Person))
            add_person(session, f"person.{before}-{number}")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(join, range(64)))
    with reading(sqlite_engine) as session:
        names = session.scalars(sa.select(Person.name).order_by(Person.id)).all()
    # Each saw all that were before it: nobody's read was older than its turn.
    assert [name.split("-")[0] for name in names] == [f"person.{place}" for place in range(64)]


def _join_often(url: str, process: int) -> None:
    engine = make_engine(url)
    for number in range(10):
        with writing(engine) as session:
            before = session.scalar(sa.select(sa.func.count()).select_from(Person))
            add_person(session, f"person.{before}-{process}.{number}")
    engine.dispose()


def test_sqlite_writers_take_turns_across_processes(sqlite_engine: sa.Engine) -> None:
    started = multiprocessing.get_context("spawn")
    processes = [
        started.Process(target=_join_often, args=(address_of(sqlite_engine.url), number))
        for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    with reading(sqlite_engine) as session:
        names = session.scalars(sa.select(Person.name).order_by(Person.id)).all()
    assert [name.split("-")[0] for name in names] == [f"person.{place}" for place in range(40)]


def test_a_reader_never_waits_for_a_writer(engine: sa.Engine) -> None:
    with writing(engine) as session:
        add_person(session, "ann")
        session.flush()
        with reading(engine) as looking:
            assert looking.scalars(sa.select(Person.name)).all() == []


def test_times_come_back_aware_and_in_utc(engine: sa.Engine) -> None:
    east = datetime(2026, 3, 2, 14, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with writing(engine) as session:
        session.add(Event(at=east, action="thing.happened"))
    with reading(engine) as session:
        found = session.scalar(sa.select(Event.at))
    assert found == east
    assert found is not None
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(engine: sa.Engine) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="naive"), writing(engine) as session:
        session.add(Event(at=naive, action="thing.happened"))


def test_a_word_outside_its_list_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        add_person(session, role="king")


def test_a_page_number_is_free_again_when_its_page_is_deleted(engine: sa.Engine) -> None:
    with writing(engine) as session:
        project = add_project(session)
        page = add_page(session, project)
        page.deleted_at = NOW
        session.flush()
        assert add_page(session, project).number == page.number
    with pytest.raises(IntegrityError), writing(engine) as session:
        add_page(session, project).number = page.number


def test_numbers_of_64_bits_fit(engine: sa.Engine) -> None:
    large = 2**62
    with writing(engine) as session:
        session.add(
            Job(queue="ocr", kind="read-page", subject_id=large, due_at=NOW, created_at=NOW)
        )
    with reading(engine) as session:
        assert session.scalar(sa.select(Job.subject_id)) == large


def test_opening_transactions_often_keeps_no_memory_of_them(engine: sa.Engine) -> None:
    def open_some() -> None:
        for _ in range(50):
            with reading(engine) as session:
                session.execute(sa.text("SELECT 1"))

    open_some()
    tracked = len(sa.event.registry._key_to_collection)  # noqa: SLF001 - no public count
    open_some()
    assert len(sa.event.registry._key_to_collection) <= tracked  # noqa: SLF001
