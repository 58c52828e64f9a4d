"""Doubtful words by the API: their readings, any word's readings, typed words to doubt."""

from typing import Any

import pytest
import sqlalchemy as sa

from library import projects
from library.db import writing
from library.models import Person
from pipeline.models import OcrRun
from proofing import rounds
from proofing.models import PageTask
from tests.support import rows
from tests.support.site import Api, Site

BOOK = "He had selected the path, and the path was selected by him. Thoreau, Thoreau, Thoreau."


def line(*words: tuple[str, float, float]) -> dict[str, Any]:
    return {
        "box": [0, 0, 9, 9],
        "words": [
            {"text": text, "box": [0, 0, 9, 9], "confidence": confidence, "suspect": suspect}
            for text, confidence, suspect in words
        ],
    }


LINES = [
    line(("The", 96, 0.004), ("path", 96, 0.004), ("seleeted,", 60, 0.8), ("and", 70, 0.2)),
    line(("here", 96, 0.003), ("arid", 96, 0.4), ("no|w", 96, 0.8), ("Thoreau", 50, 0.4)),
]


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def slug(site: Site, olga: Person) -> str:
    slug = site.project(olga, pages=[BOOK, "Text"])
    with writing(site.engine) as session:
        run = session.scalars(sa.select(OcrRun).order_by(OcrRun.id)).first()
        assert run is not None
        run.lines = LINES
    return slug


@pytest.fixture
def anybody(site: Site) -> Api:
    return site.api(None)


def test_the_doubtful_words_of_a_task(site: Site, slug: str) -> None:
    ann = site.api(site.person("ann"))
    task = ann.post(f"/projects/{slug}/checkouts", {}).get_json()
    words = ann.get(f"/tasks/{task['id']}/readings").get_json()["words"]
    assert set(words) == {"0.2", "0.3", "1.1", "1.2", "1.3"}
    assert words["0.2"] == {"readings": words["0.2"]["readings"], "known": False, "why": "unknown"}
    assert words["0.2"]["readings"][0] == "selected,"
    assert {key: word["why"] for key, word in words.items()} == {
        "0.2": "unknown",
        "0.3": "faint",
        "1.1": "scanno",
        "1.2": "unlikely",
        "1.3": "faint",  # the book's own name
    }
    assert words["1.1"]["readings"][0] == "and"
    assert words["1.3"]["known"]
    assert all(len(word["readings"]) <= 4 for word in words.values())


def test_a_task_of_a_page_without_ocr_has_no_doubtful_words(
    site: Site, olga: Person, anybody: Api
) -> None:
    with writing(site.engine) as session:
        project = rows.add_project(session, olga, title="Unread")
        rows.add_page(session, project, ocr="failed")
        assert rounds.open_pages(session, project, rows.NOW) == 1
        session.flush()
        task_id = session.scalars(sa.select(PageTask.id)).one()
    assert anybody.get(f"/tasks/{task_id}/readings").get_json() == {"words": {}}
    assert anybody.get("/tasks/999999/readings").status_code == 404


def test_readings_of_any_word(slug: str, anybody: Api) -> None:
    path = f"/projects/{slug}/words/readings"
    given = anybody.get(f"{path}?word=seleeted").get_json()
    assert (given["word"], given["readings"][0], given["known"]) == ("seleeted", "selected", False)
    assert anybody.get(f"{path}?word=Thoreau").get_json()["known"]
    for wrong in ("", "?word=", f"?word={'x' * 101}"):
        answer = anybody.get(path + wrong)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["word"])
    assert anybody.get("/projects/none/words/readings?word=a").status_code == 404


def test_typed_words_to_doubt(site: Site, olga: Person, slug: str, anybody: Api) -> None:
    path = f"/projects/{slug}/words/check"
    typed = ["the", "Thoreau", "tbe", "zorn", "modem", "path", "to-day", "arid,"]
    assert anybody.post(path, {"words": typed}).get_json() == {
        "words": {"tbe": "unknown", "zorn": "unknown", "modem": "scanno", "arid,": "scanno"}
    }
    with writing(site.engine) as session:
        project = projects.find_project(session, slug)
        projects.set_words(session, olga, project, "good", ["zorn", "modem"], rows.NOW)
        projects.set_words(session, olga, project, "bad", ["path"], rows.NOW)
    assert anybody.post(path, {"words": typed}).get_json() == {
        "words": {"tbe": "unknown", "path": "bad", "arid,": "scanno"}
    }


@pytest.mark.parametrize(
    "body", [{"words": ["a"] * 501}, {"words": ["x" * 101]}, {"words": "a"}, {}, {"words": [1]}]
)
def test_too_much_to_check_is_refused(slug: str, anybody: Api, body: dict[str, Any]) -> None:
    assert anybody.post(f"/projects/{slug}/words/check", body).status_code == 422


def test_a_browser_that_is_signed_in_sends_its_token(site: Site, slug: str) -> None:
    browser = site.browser(site.person("ben"))
    path = f"/api/v1/projects/{slug}/words/check"
    assert browser.client.post(path, json={"words": ["tbe"]}).status_code == 400
    headers = {"X-CSRFToken": browser.token}
    answer = browser.client.post(path, json={"words": ["tbe"]}, headers=headers)
    assert answer.get_json() == {"words": {"tbe": "unknown"}}
