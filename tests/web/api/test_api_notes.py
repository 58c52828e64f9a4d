"""Notes and suggested words over HTTP."""

import pytest

from library.db import writing
from library.models import Page, Person
from tests.support.printed import read_anew
from tests.support.site import Site

NOTES = "/projects/a-book/pages/1/notes"
WORDS = "/projects/a-book/words/suggestions"


@pytest.fixture
def site(site: Site) -> Site:
    """Give a site with a book of Olga's, whose first page has two printed lines."""
    site.project(site.person("olga", role="coordinator"), pages=["One [**so?]\n[**why]", "Two"])
    with writing(site.engine) as session:
        page = session.query(Page).filter_by(number=1).one()
        read_anew(session, page, ["Sounds"], ["I", "sat", "in", "my", "doorway"])
    return site


def test_a_note_is_written_listed_answered_and_settled(site: Site) -> None:
    ann, ben = site.api(site.person("ann")), site.api(site.person("ben"))
    answer = ann.post(NOTES, {"body": "Sate?", "line": 1, "first": 1, "last": 1})
    assert answer.status_code == 201
    note = answer.get_json()
    assert (note["by"], note["page"], note["quote"], note["state"]) == ("ann", 1, "sat", "open")
    assert note["picture"].startswith("/api/v1/projects/a-book/pages/id:")
    assert "scan=aaaaaaaaaaaaaaaa" in note["picture"]
    thread = ben.post(NOTES, {"body": "It is so printed.", "parent": note["id"]}).get_json()
    assert [(each["by"], each["body"]) for each in thread["answers"]] == [
        ("ben", "It is so printed.")
    ]
    assert thread["id"] == note["id"]
    settled = ben.post(f"/notes/{note['id']}/settle").get_json()
    assert (settled["state"], settled["settled_by"]) == ("settled", "ben")
    anybody = site.api(None)
    assert anybody.get("/projects/a-book/notes").get_json()["items"] == []
    assert anybody.get("/projects/a-book/notes?state=settled").get_json()["items"] == [settled]
    assert anybody.get(NOTES).get_json() == {
        "items": [settled],
        "next": None,
        "in_text": [{"line": 0, "body": "so?"}, {"line": 1, "body": "why"}],
    }
    reopened = ann.post(f"/notes/{note['id']}/reopen").get_json()
    assert (reopened["state"], reopened["settled_by"], reopened["settled_at"]) == (
        "open", None, None,
    )  # fmt: skip


def test_what_is_withdrawn_is_not_shown(site: Site) -> None:
    ann, ben = site.api(site.person("ann")), site.api(site.person("ben"))
    note = ann.post(NOTES, {"body": "A secret."}).get_json()
    thread = ben.post(NOTES, {"body": "Another.", "parent": note["id"]}).get_json()
    inner = thread["answers"][0]["id"]
    assert ann.post(f"/notes/{inner}/withdraw").status_code == 403
    after = ben.post(f"/notes/{inner}/withdraw").get_json()
    assert (after["id"], after["answers"][0]["state"]) == (note["id"], "withdrawn")
    ann.post(f"/notes/{note['id']}/withdraw")
    shown = site.api(None).get(NOTES)
    assert "secret" not in shown.text
    assert "Another" not in shown.text
    assert [each["state"] for each in shown.get_json()["items"]] == ["withdrawn"]
    assert ben.post(f"/notes/{note['id']}/settle").status_code == 409


def test_notes_that_do_not_fit_are_refused(site: Site) -> None:
    ann = site.api(site.person("ann"))
    note = ann.post(NOTES, {"body": "On page 1."}).get_json()["id"]
    for body, status in (
        ({}, 422),
        ({"body": ""}, 422),
        ({"body": "x" * 2001}, 422),
        ({"body": "x", "line": 9}, 422),
        ({"body": "x", "line": -1}, 422),
        ({"body": "x", "line": 10**30}, 422),
        ({"body": "x", "line": 1, "first": 3, "last": 1}, 422),
        ({"body": "x", "first": 0}, 422),
        ({"body": "x", "colour": "red"}, 422),
        ({"body": "x\0"}, 422),
        ({"body": "x", "parent": 999}, 404),
        ({"body": "x", "parent": 10**30}, 422),
    ):
        assert ann.post(NOTES, body).status_code == status, body
    elsewhere = "/projects/a-book/pages/2/notes"
    assert ann.post(elsewhere, {"body": "x", "parent": note}).status_code == 404
    assert ann.post("/projects/a-book/pages/7/notes", {"body": "x"}).status_code == 404
    assert site.api(None).post(NOTES, {"body": "x"}).status_code == 401
    assert ann.get("/projects/a-book/notes?state=odd").status_code == 422
    assert ann.post("/notes/999/settle").status_code == 404
    assert len(ann.get(NOTES).get_json()["items"]) == 1


def test_notes_come_in_parts(site: Site) -> None:
    ann = site.api(site.person("ann"))
    for number in range(3):
        ann.post(NOTES, {"body": f"Note {number}"})
    for address in (NOTES, "/projects/a-book/notes"):
        first = ann.get(f"{address}?limit=2").get_json()
        rest = ann.get(f"{address}?limit=2&cursor={first['next']}").get_json()
        bodies = [each["body"] for each in first["items"] + rest["items"]]
        assert bodies == ["Note 0", "Note 1", "Note 2"]
        assert rest["next"] is None


def test_a_word_is_suggested_once_and_accepted(site: Site) -> None:
    ann, olga = site.api(site.person("ann")), site.api(_olga(site))
    answer = ann.post(WORDS, {"word": "doorway", "page": 1, "line": 1, "index": 4})
    assert answer.status_code == 201
    made = answer.get_json()
    assert (made["word"], made["page"], made["line"], made["index"]) == ("doorway", 1, 1, 4)
    assert made["picture"]
    again = site.api(site.person("ben")).post(WORDS, {"word": "doorway"})
    assert (again.status_code, again.get_json()) == (200, made)
    assert site.api(None).get(WORDS).get_json() == {"items": [made], "next": None}
    assert ann.post(f"/suggestions/{made['id']}/accept").status_code == 403
    assert olga.post(f"/suggestions/{made['id']}/accept").get_json()["state"] == "accepted"
    assert olga.post(f"/suggestions/{made['id']}/accept").status_code == 409
    assert olga.get("/projects/a-book/words/good").get_json()["words"] == ["doorway"]
    assert ann.post(WORDS, {"word": "doorway"}).status_code == 409


def test_a_word_is_rejected_and_doubted(site: Site) -> None:
    ann, olga = site.api(site.person("ann")), site.api(_olga(site))
    made = ann.post(WORDS, {"word": "arid"}).get_json()
    assert (made["page"], made["picture"]) == (None, None)
    assert ann.post(f"/suggestions/{made['id']}/reject", {}).status_code == 403
    rejected = olga.post(f"/suggestions/{made['id']}/reject", {"doubt": True}).get_json()
    assert rejected["state"] == "rejected"
    assert olga.get("/projects/a-book/words/bad").get_json()["words"] == ["arid"]
    assert ann.get(WORDS).get_json()["items"] == []
    assert ann.post(WORDS, {"word": "arid"}).status_code == 409


def test_suggestions_that_do_not_fit_are_refused(site: Site) -> None:
    ann = site.api(site.person("ann"))
    for body, status in (
        ({"word": "two words"}, 422),
        ({"word": " "}, 422),
        ({"word": "x", "line": 1}, 422),
        ({"word": "x", "page": 1, "index": 1}, 422),
        ({"word": "x", "page": 1, "line": 8}, 422),
        ({"word": "x", "page": 8}, 404),
    ):
        assert ann.post(WORDS, body).status_code == status, body
    assert site.api(None).post(WORDS, {"word": "x"}).status_code == 401
    assert ann.post("/suggestions/99/reject", {}).status_code == 404
    assert ann.get(WORDS).get_json()["items"] == []


def _olga(site: Site) -> Person:
    with site.look() as session:
        return session.query(Person).filter_by(name="olga").one()
