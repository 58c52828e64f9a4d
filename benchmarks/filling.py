"""Very many pages, put into a database directly: what a load is measured on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from benchmarks.installation import Installation
from library import people
from library.config import settings_from
from library.db import make_engine, writing
from library.models import Coordinator, Page, Person, Project
from pipeline.models import OcrRun
from proofing import trust
from proofing.models import PageTask

#: One project is worked on; the others hold the rest of the pages.
PAGES_A_PROJECT = 10_000
_BATCH = 20_000
_LINE = {"box": [100, 100, 800, 30], "words": []}
_WORD = {"text": "lamplight", "box": [100, 100, 90, 30], "confidence": 91.5, "suspect": 0.1}
#: The lines of an ordinary page: 30 lines of 10 words.
LINES = [{**_LINE, "words": [_WORD] * 10}] * 30


def fill(place: Installation, pages: int, volunteers: int) -> list[str]:
    """Make so many pages, all waiting in P1, and accounts; returns the volunteers' tokens."""
    engine = make_engine(settings_from(place.environ).database_url)
    now = datetime.now(UTC)
    with writing(engine) as session:
        readers = [_reader(number) for number in range(volunteers)]
        made = [people.add_person(session, name, "reads by candle light", now) for name in readers]
        for person in made:
            trust.grant(session, None, person, ["P1"], now)
        tokens = [people.new_token(session, person, now) for person in made]
        owner = made[0]
    for number in range(-(-pages // PAGES_A_PROJECT)):
        _fill_project(engine, owner, number, min(PAGES_A_PROJECT, pages), now)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
    engine.dispose()
    return tokens


def _reader(number: int) -> str:
    return f"reader{number:02}"


def _fill_project(engine: sa.Engine, owner: Person, number: int, pages: int, now: datetime) -> None:
    with writing(engine) as session:
        project = Project(
            slug="load" if number == 0 else f"load-{number}",
            title="Load",
            languages=["en"],
            rounds=["P1", "P2", "F1"],
            created_by=owner.id,
            created_at=now,
        )
        session.add(project)
        session.flush()
        session.add(Coordinator(project_id=project.id, person_id=owner.id, since=now))
        first = (session.scalar(sa.select(sa.func.max(Page.id))) or 0) + 1
        for table, rows in (
            (Page, _pages(project.id, first, pages, now)),
            (OcrRun, _runs(project.id, first, pages, now)),
            (PageTask, _tasks(project.id, first, pages)),
        ):
            while some := list(islice(rows, _BATCH)):
                session.execute(sa.insert(table), some)


def _pages(project_id: int, first: int, pages: int, now: datetime) -> Iterator[dict[str, Any]]:
    for place in range(pages):
        yield {
            "id": first + place,
            "project_id": project_id,
            "number": place + 1,
            "file_name": f"{place + 1:05}.png",
            "original_sha256": f"{first + place:064x}",
            "media_type": "image/png",
            "width": 1100,
            "height": 1600,
            "created_at": now,
        }


def _runs(project_id: int, first: int, pages: int, now: datetime) -> Iterator[dict[str, Any]]:
    for place in range(pages):
        yield {
            "page_id": first + place,
            "project_id": project_id,
            "state": "done",
            "languages": ["en"],
            "text": "and so the old book was read again\n" * 30,
            # A page that is opened has its lines; the million behind it need not.
            "lines": LINES if project_id == 1 else [],
            "queued_at": now,
        }


def _tasks(project_id: int, first: int, pages: int) -> Iterator[dict[str, Any]]:
    for place in range(pages):
        yield {
            "project_id": project_id,
            "page_id": first + place,
            "round": "P1",
            "number": place + 1,
            "state": "available",
        }
