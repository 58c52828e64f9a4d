"""A reading may be made better until somebody starts from it."""

from typing import Any

from library.db import writing
from pipeline.models import OcrRun
from proofing import renewing, rounds
from tests.support.desk import Desk

LINES: list[dict[str, Any]] = [
    {
        "box": [0, 0, 9, 9],
        "words": [
            {"text": "and", "box": [0, 0, 4, 9], "confidence": 91.0, "suspect": 0.5},
            {"text": "so", "box": [5, 0, 4, 9], "confidence": 96.0, "suspect": 0.01},
        ],
    }
]


def renew(desk: Desk, page_id: int, text: str) -> bool:
    with writing(desk.engine) as session:
        run = rounds.latest_run(session, page_id)
        assert run is not None
        return renewing.renew(session, run, LINES, text)


def test_a_reading_that_nobody_has_seen_is_made_better(desk: Desk) -> None:
    project, ann = desk.project(pages=["aud so"]), desk.person("ann")
    page_id = desk.task_of(project, 1, "P1").page_id
    assert renew(desk, page_id, "and so")
    task = desk.take(project, ann)
    assert desk.text(task) == "and so"
    with writing(desk.engine) as session:
        run = session.get_one(OcrRun, task.run_id)
        assert (run.words, run.doubtful, run.lines) == (2, 1, LINES)


def test_a_reading_in_hand_stays_as_it_is(desk: Desk) -> None:
    project, ann = desk.project(pages=["aud so"]), desk.person("ann")
    task = desk.take(project, ann)
    assert not renew(desk, task.page_id, "and so")
    desk.give_back(task, ann)
    assert not renew(desk, task.page_id, "and so")
    assert desk.text(task) == "aud so"
