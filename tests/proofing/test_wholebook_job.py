"""A book looked through when its pages were read: what is left out, labelled, and left alone."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from library import labels, projects, queue
from library.db import reading, writing
from library.models import Job, Page, Project
from pipeline import storedlines
from pipeline.bands import Bands
from pipeline.models import OcrRun
from pipeline.wholebook import PageFurniture, furniture
from proofing import rounds, wholebook
from tests.support.desk import LEASE, Desk
from tests.support.rows import add_run

HEIGHT, EM, PITCH = 1800, 30, 42


def line(text: str, top: int, left: int = 120) -> dict[str, Any]:
    """A line in the form that is stored."""
    words, x = [], left
    for word in text.split():
        box = [x, top, 15 * len(word), EM]
        words.append({"text": word, "box": box, "confidence": 95.0, "suspect": 0.01})
        x += 15 * len(word) + 12
    return {"box": [left, top, x - 12 - left, EM], "words": words}


def body(number: int) -> list[str]:
    names = ("river", "garden", "window", "forest", "harbour", "mountain", "village", "castle")
    name = names[number % len(names)]
    return [f"{name} number {word} and so it went on" for word in ("one", "two", "three", "four")]


def stored(number: int, head: str) -> list[dict[str, Any]]:
    rows = [line(text, 200 + PITCH * place) for place, text in enumerate(body(number))]
    return [line(head, 100), *rows] if head else rows


def a_book(desk: Desk, heads: list[str]) -> Project:
    """A book that was read with these heads above its pages, left in the texts."""
    project = desk.project(pages=len(heads))
    with writing(desk.engine) as session:
        for number, page in enumerate(projects.pages_of(session, project)):
            run = session.scalars(sa.select(OcrRun).where(OcrRun.page_id == page.id)).one()
            run.lines = stored(number, heads[number])
            run.text = storedlines.text_of(run.lines)
    return project


HEADS = ["12 THE VOYAGE", "OUT AT SEA 13", "14 THE VOYAGE", "LAND IN SIGHT 15", "16 THE VOYAGE"]


def look_through(desk: Desk, project: Project) -> Job:
    """Do the job once, as a worker would."""
    with writing(desk.engine) as session:
        wholebook.ask(session, session.get_one(Project, project.id), desk.now)
    with writing(desk.engine) as session:
        taken = queue.take(session, "ocr", "me", desk.now, LEASE)
    assert taken is not None
    assert taken.kind == "arrange-book"
    wholebook.perform(desk.engine, taken)
    with reading(desk.engine) as session:
        return session.get_one(Job, taken.id)


def runs(desk: Desk, project: Project) -> list[OcrRun]:
    with reading(desk.engine) as session:
        pages = [page.id for page in projects.pages_of(session, project)]
        found = [rounds.latest_run(session, page) for page in pages]
        return [run for run in found if run]


def given_labels(desk: Desk, project: Project) -> list[str]:
    with reading(desk.engine) as session:
        return [page.label for page in projects.pages_of(session, project)]


def test_heads_are_left_out_and_numbers_become_labels(desk: Desk) -> None:
    project = a_book(desk, HEADS)
    assert look_through(desk, project).state == "done"
    found = runs(desk, project)
    assert [run.lines[0]["kind"] for run in found] == ["head"] * 5
    assert [run.text.strip().split("\n") for run in found] == [body(number) for number in range(5)]
    assert given_labels(desk, project) == ["12", "13", "14", "15", "16"]


def test_twice_is_once(desk: Desk) -> None:
    project = a_book(desk, HEADS)
    look_through(desk, project)
    before = [(run.lines, run.text) for run in runs(desk, project)]
    look_through(desk, project)
    assert [(run.lines, run.text) for run in runs(desk, project)] == before


def test_what_somebody_started_from_stays(desk: Desk) -> None:
    project = a_book(desk, HEADS)
    task = desk.take(project, desk.person("ann"))
    look_through(desk, project)
    assert desk.text(task).startswith("12 THE VOYAGE")
    assert ["kind" in run.lines[0] for run in runs(desk, project)] == [False] + [True] * 4
    assert given_labels(desk, project)[0] == "12"


def test_a_persons_labels_stay(desk: Desk) -> None:
    project = a_book(desk, HEADS)
    owner = desk.person("root", role="admin")
    with writing(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        labels.label_pages(session, owner, mine, "[1 plate], 2-", desk.now)
    look_through(desk, project)
    assert given_labels(desk, project) == ["", "2", "3", "4", "5"]


def test_pages_to_skip_do_not_count(desk: Desk) -> None:
    project = a_book(desk, [*HEADS[:2], "", *HEADS[2:]])
    with writing(desk.engine) as session:
        session.execute(
            sa.update(Page)
            .where(Page.project_id == project.id, Page.number == 3)
            .values(kind="skip")
        )
    look_through(desk, project)
    assert given_labels(desk, project) == ["12", "13", "", "14", "15", "16"]


def test_a_text_not_made_from_its_lines_loses_only_the_head(desk: Desk) -> None:
    project = a_book(desk, HEADS)
    with writing(desk.engine) as session:
        run = rounds.latest_run(session, projects.pages_of(session, project)[0].id)
        assert run is not None
        run.text = "12 THE VOYAGE\n  as typed  elsewhere\nby hand"
        run_id = run.id
    look_through(desk, project)
    with reading(desk.engine) as session:
        assert session.get_one(OcrRun, run_id).text == "  as typed  elsewhere\nby hand"


def test_pages_read_meanwhile_make_it_due_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = a_book(desk, HEADS)

    def slowly(pages: Sequence[Bands]) -> list[PageFurniture]:
        with writing(desk.engine) as session:
            mine = session.get_one(Project, project.id)
            add_run(session, projects.pages_of(session, mine)[0], "Read again.")
            assert not wholebook.ask_when_ready(session, mine, desk.now)
        return furniture(pages)

    monkeypatch.setattr(wholebook, "furniture", slowly)
    assert look_through(desk, project).state == "pending"


def test_it_is_asked_for_when_all_pages_are_read(desk: Desk) -> None:
    few, some = desk.project(pages=3), desk.project(pages=5)
    with writing(desk.engine) as session:
        for project, wanted in ((few, False), (some, True)):
            mine = session.get_one(Project, project.id)
            assert wholebook.ask_when_ready(session, mine, desk.now) is wanted
            assert not wholebook.ask_when_ready(session, mine, desk.now)
    with writing(desk.engine) as session:
        last = projects.pages_of(session, some)[-1]
        session.execute(sa.update(OcrRun).where(OcrRun.page_id == last.id).values(state="running"))
        session.execute(sa.delete(Job).where(Job.kind == "arrange-book"))
        assert not wholebook.ask_when_ready(session, session.get_one(Project, some.id), desk.now)
