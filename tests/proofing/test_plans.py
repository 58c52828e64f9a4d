"""The statements that everyone waits for use the indexes made for them, also in a large book."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from library.db import WRITES, writing
from library.models import Person, Project
from proofing import rounds, tasks, trust
from tests.support.desk import Desk
from tests.support.rows import NOW

#: Pages of the book that is looked at, of the one beside it, and how many people read them.
PAGES, BESIDE, PEOPLE = 5_000, 20_000, 50

#: Nine pages in ten are done in P1 and open in P2.
_FILL = """
INSERT INTO page (project_id, number, label, kind, file_name, original_sha256, media_type, frame,
                  width, height, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :pages)
SELECT :project, i, '', 'text', '', '', 'image/png', 0, 1, 1, CURRENT_TIMESTAMP FROM n;
INSERT INTO page_task (project_id, page_id, round, number, reading, version, prefetched, reason,
                       state, done_at, reader_id)
SELECT :project, id, 'P1', number, 0, 0, false, '',
       CASE WHEN number % 10 > 0 THEN 'done' ELSE 'available' END,
       CASE WHEN number % 10 > 0 THEN created_at END,
       CASE WHEN number % 10 > 0 THEN :first + number % :people END
FROM page WHERE project_id = :project;
INSERT INTO page_task (project_id, page_id, round, number, reading, version, prefetched, reason,
                       state)
SELECT :project, page_id, 'P2', number, 0, 0, false, '', 'available'
FROM page_task WHERE project_id = :project AND state = 'done';
INSERT INTO reader (page_id, person_id)
SELECT page_id, reader_id FROM page_task WHERE project_id = :project AND state = 'done'
"""


@pytest.fixture
def library(desk: Desk) -> tuple[Project, Person]:
    """A book of 5,000 pages beside a larger one, and one of the fifty who read them."""
    readers = [desk.person(f"reader-{number}") for number in range(PEOPLE)]
    book, beside = desk.project(pages=0), desk.project(pages=0)
    with writing(desk.engine) as session:
        for project, pages in ((book, PAGES), (beside, BESIDE)):
            given = {
                "project": project.id,
                "pages": pages,
                "first": readers[0].id,
                "people": PEOPLE,
            }
            for statement in _FILL.split(";"):
                named = {name: given[name] for name in given if f":{name}" in statement}
                session.execute(sa.text(statement), named)
    vacuum = "ANALYZE" if desk.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with desk.engine.execution_options(**{WRITES: True}).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(vacuum)
    return book, readers[0]


def _plans(engine: sa.Engine, act: Callable[[], object], word: str) -> list[str]:
    """Return the plans of the statements with `word` in them that `act` sends."""
    sent = _sent(engine, act, word)
    assert sent
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    plans = []
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        for statement, parameters in _sent(engine, act, word):
            found = connection.exec_driver_sql(f"{explain} {statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in found))
            connection.rollback()
    return plans


def _sent(engine: sa.Engine, act: Callable[[], object], word: str) -> list[tuple[str, Any]]:
    """Return the statements with `word` in them that `act` sends, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def note(*about: Any) -> None:  # noqa: ANN401 - connection, cursor, statement, parameters, ...
        if word in about[2]:
            sent.append((about[2], about[3]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


#: What a plan says when it reads a whole table.
SCANS = re.compile(
    # Of people and of OCR runs there are a handful here: to read them all is right.
    r"SCAN (page_task|page|revision|reader)\b(?!.*INDEX)|Seq Scan on (?!person|ocr_run)"
)


def test_a_check_out_walks_the_index_of_free_pages(
    desk: Desk, library: tuple[Project, Person]
) -> None:
    book, ann = library
    new = desk.person("new")
    small = desk.project(pages=3)
    for person, code in ((ann, "P1"), (new, "P1"), (new, "P2"), (ann, "P2")):
        claim = partial(desk.take, book, person, code)
        for plan in _plans(desk.engine, claim, "UPDATE page_task SET state"):
            assert "ix_page_task_available" in plan
            assert not SCANS.search(plan), plan
            assert "Sort" not in plan
            assert "TEMP B-TREE" not in plan
    sent = [
        len(_sent(desk.engine, partial(desk.take, each, new, "P1"), "")) for each in (small, book)
    ]
    assert sent[0] == sent[1] <= 9


def test_what_is_asked_often_comes_from_an_index(
    desk: Desk, library: tuple[Project, Person]
) -> None:
    book, ann = library
    for code in ("P1", "P2"):
        desk.take(book, ann, code)

    def plan(ask: Callable[[Session], object], index: str) -> None:
        for found in _plans(desk.engine, partial(desk.look, ask), "FROM page_task"):
            assert index in found
            assert not SCANS.search(found), found

    plan(lambda session: rounds.counts(session, book), "ix_page_task_counts")
    plan(lambda session: rounds.finished_pages(session, book), "ix_page_task_counts")
    plan(lambda session: tasks.lapsed(session, NOW), "ix_page_task_out")
    plan(lambda session: tasks.held(session, ann), "ix_page_task_out")
    plan(lambda session: trust.pages_done(session, ann), "ix_page_task_reader")
