"""Projects by the API: making, changing, ending them, and lists in parts."""

from typing import Any

import pytest

from library.models import Person
from tests.support.site import Site

BOOK = {"title": "Walden", "author": "Henry David Thoreau", "languages": ["eng"]}


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga")


def test_a_project_is_made_with_what_was_said(site: Site, olga: Person) -> None:
    said = {
        **BOOK,
        "languages": ["eng", "fr"],
        "contributors": [{"name": "Ann Other", "role": "trl"}],
        "publisher": "Ticknor and Fields",
        "place": "Boston",
        "year": 1854,
        "description": "A life in the woods.",
        "subjects": ["Nature"],
        "source_url": "https://example.org/walden",
        "rights": {"basis": "Public domain", "evidence": "Title page"},
        "script": "antiqua",
        "rounds": ["P1", "F1"],
        "policy": "every-page",
        "one_person": True,
    }
    answer = site.api(olga).post("/projects", said)
    assert answer.status_code == 201
    given = answer.get_json()
    assert given["slug"] == "walden"
    assert given["languages"] == ["en", "fr"]
    assert {name: given[name] for name in said if name != "languages"} == {
        name: value for name, value in said.items() if name != "languages"
    }
    assert given["coordinators"] == ["olga"]
    assert given["pages"] == {
        "total": 0,
        "ocr": {"queued": 0, "running": 0, "done": 0, "failed": 0},
        "rounds": {
            code: dict.fromkeys(("available", "out", "done", "skipped", "bad"), 0)
            for code in ("P1", "F1")
        },
        "finished": 0,
    }
    assert site.api(None).get("/projects/walden").get_json() == given


def test_equal_titles_get_other_slugs(site: Site, olga: Person) -> None:
    api = site.api(olga)
    slugs = [api.post("/projects", BOOK).get_json()["slug"] for _ in range(3)]
    assert slugs == ["walden", "walden-2", "walden-3"]
    hebrew = {"title": "\u05e9\u05dc\u05d5\u05dd", "languages": ["en"]}
    assert api.post("/projects", hebrew).get_json()["slug"] == "book"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "bell\u0007"}, "title"),
        ({"languages": []}, "languages"),
        ({"languages": ["xx-none"]}, "languages"),
        ({"languages": "en"}, "languages"),
        ({"rounds": ["P1", "P9"]}, "rounds"),
        ({"rounds": ["P1", "P1"]}, "rounds"),
        ({"rounds": []}, "rounds"),
        ({"year": 99}, "year"),
        ({"year": "1854"}, "year"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"contributors": [{"name": "A", "role": "translator"}]}, "contributors.0.role"),
        ({"policy": "adaptive"}, "policy"),
        ({"script": "runes"}, "script"),
        ({"slug": "mine"}, "slug"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    sqlite_site: Site, change: dict[str, Any], field: str
) -> None:
    answer = sqlite_site.api(sqlite_site.person("olga")).post("/projects", {**BOOK, **change})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]


def test_what_is_no_json_object_is_refused(sqlite_site: Site) -> None:
    api = sqlite_site.api(sqlite_site.person("olga"))
    assert api.post("/projects", data="title=x", content_type="text/plain").status_code == 415
    json = {"content_type": "application/json"}
    assert api.post("/projects", data="{", **json).status_code == 400
    assert api.post("/projects", data="[1]", **json).status_code == 400
    assert api.post("/projects").status_code == 422


def test_changing_is_for_coordinators(site: Site, olga: Person) -> None:
    api = site.api(olga)
    api.post("/projects", BOOK)
    change = {"title": "Walden; or, Life", "note": "Keep the spelling.", "year": None}
    changed = api.patch("/projects/walden", change)
    assert changed.status_code == 200
    assert (changed.get_json()["title"], changed.get_json()["slug"]) == (change["title"], "walden")
    refused = site.api(site.person("ben")).patch("/projects/walden", {"title": "Mine"})
    assert refused.status_code == 403
    assert "olga" in refused.get_json()["detail"]
    assert site.api(None).patch("/projects/walden", {"title": "Mine"}).status_code == 401
    assert site.api(site.person("root", role="admin")).patch(
        "/projects/walden", {"state": "paused"}
    ).get_json()["state"] == "paused"  # fmt: skip


def test_rounds_that_pages_have_entered_stay(site: Site, olga: Person) -> None:
    slug, api = site.project(olga), site.api(olga)
    assert api.patch(f"/projects/{slug}", {"rounds": ["P2", "F1"]}).status_code == 409
    changed = api.patch(f"/projects/{slug}", {"rounds": ["P1", "F1"]})
    assert changed.get_json()["rounds"] == ["P1", "F1"]


def test_deleting_hides_what_nobody_worked_on(site: Site, olga: Person) -> None:
    slug, api = site.project(olga), site.api(olga)
    assert site.api(site.person("ben")).delete(f"/projects/{slug}").status_code == 403
    assert api.delete(f"/projects/{slug}").status_code == 200
    for path in ("", "/pages", "/pages/1", "/events", "/words/good"):
        assert api.get(f"/projects/{slug}{path}").status_code == 410
    assert api.get("/projects").get_json()["items"] == []


def test_deleting_archives_what_was_worked_on(site: Site, olga: Person) -> None:
    slug, ben = site.project(olga), site.api(site.person("ben"))
    task = ben.post(f"/projects/{slug}/checkouts", {}).get_json()
    ben.put(f"/tasks/{task['id']}/draft", {"text": "x", "version": 0})
    assert site.api(olga).delete(f"/projects/{slug}").get_json()["state"] == "archived"
    assert ben.get(f"/projects/{slug}").get_json()["state"] == "archived"


def test_lists_come_in_parts(site: Site, olga: Person) -> None:
    api = site.api(olga)
    for number in range(5):
        api.post("/projects", {**BOOK, "title": f"Book {number}"})
    found: list[str] = []
    cursor = ""
    for _ in range(4):
        part = api.get(f"/projects?limit=2{cursor}").get_json()
        found += [item["title"] for item in part["items"]]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert found == [f"Book {number}" for number in range(5)]
    assert len(api.get("/projects").get_json()["items"]) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=-1"])
def test_a_part_that_is_none_is_refused(sqlite_site: Site, query: str) -> None:
    assert sqlite_site.api(None).get(f"/projects?{query}").status_code == 422


def test_what_is_not_there_is_404(sqlite_site: Site) -> None:
    api = sqlite_site.api(None)
    for path in ("/projects/none", "/nothing", "/projects/none/pages/1", "/tasks/99", "/people/no"):
        answer = api.get(path)
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"
    assert api.delete("/me").status_code in (404, 405)


def test_a_wrong_token_is_told(sqlite_site: Site) -> None:
    api = sqlite_site.api(None)
    answer = api.get("/me", headers={"Authorization": "Bearer galley_wrong"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert api.get("/me").status_code == 401


def test_words_are_kept_sorted_and_composed(site: Site, olga: Person) -> None:
    slug, api = site.project(olga), site.api(olga)
    assert api.get(f"/projects/{slug}/words/good").get_json() == {"words": []}
    sent = {"words": ["zebra", "cafe\u0301", "zebra", " apple ", ""]}
    put = api.put(f"/projects/{slug}/words/good", sent)
    assert put.get_json() == {"words": ["apple", "caf\u00e9", "zebra"]}
    assert site.api(None).get(f"/projects/{slug}/words/good").get_json() == put.get_json()
    assert api.get(f"/projects/{slug}/words/bad").get_json() == {"words": []}
    assert api.get(f"/projects/{slug}/words/other").status_code == 404
    assert api.put(f"/projects/{slug}/words/bad", {"words": ["a\u0000b"]}).status_code == 422
    ben = site.api(site.person("ben"))
    assert ben.put(f"/projects/{slug}/words/bad", {"words": ["x"]}).status_code == 403


def test_the_history_tells_who_did_what(site: Site, olga: Person) -> None:
    slug, api = site.project(olga), site.api(olga)
    api.patch(f"/projects/{slug}", {"note": "Hello."})
    events = api.get(f"/projects/{slug}/events").get_json()["items"]
    assert [event["action"] for event in events] == ["project.started", "project.changed"]
    assert {event["by"] for event in events} == {"olga"}
    later = api.get(f"/events?since={events[0]['id']}").get_json()["items"]
    assert events[1] in later
    assert events[0] not in later


def test_people_and_figures_are_public(site: Site, olga: Person) -> None:
    slug, ben = site.project(olga, pages=1), site.api(site.person("ben"))
    task = ben.post(f"/projects/{slug}/checkouts", {}).get_json()
    ben.post(f"/tasks/{task['id']}/done", {"text": "Read.", "version": 0})
    assert site.api(None).get("/people/ben").get_json()["rounds"] == {"P1": 1}
    figures = site.api(None).get("/stats").get_json()
    assert (figures["projects"], figures["pages"], figures["pages_done"]) == (1, 1, {"P1": 1})
    me = ben.get("/me").get_json()
    assert (me["name"], me["pages_done"], me["held"]) == ("ben", 1, [])
    assert me["rounds"]["P2"]["open"] is True
