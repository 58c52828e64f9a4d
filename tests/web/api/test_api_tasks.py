"""Page tasks by the API: check-outs, drafts, conflicts, hand-ins, repetitions."""

from typing import Any

import pytest

from library.clock import utc_now
from library.db import writing
from library.models import Person
from proofing import tasks
from proofing.models import PageTask
from tests.support import rows
from tests.support.site import Api, Site


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def ann(site: Site) -> Api:
    return site.api(site.person("ann"))


def check_out(api: Api, slug: str, **asked: object) -> dict[str, Any]:
    answer = api.post(f"/projects/{slug}/checkouts", asked)
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.get_json()
    return task


def test_a_check_out_gives_the_first_page(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga)
    task = check_out(ann, slug)
    assert (task["page"], task["round"], task["state"]) == (1, "P1", "out")
    assert (task["text"], task["version"]) == ("Text of page 1.", 0)
    assert task["project"] == slug
    assert check_out(ann, slug, round="P1")["page"] == 2
    assert ann.get(f"/tasks/{task['id']}").get_json() == task


def test_check_outs_that_cannot_be(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=1)
    path = f"/projects/{slug}/checkouts"
    assert site.api(None).post(path, {}).status_code == 401
    assert ann.post("/projects/none/checkouts", {}).status_code == 404
    wrong = ann.post(path, {"round": "P3"})
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["round"])
    check_out(ann, slug)
    none = ann.post(path, {})
    assert none.status_code == 409
    assert none.get_json()["current"]["P1"]["out"] == 1


def test_a_round_that_is_not_open_yet_says_what_is_missing(site: Site, olga: Person) -> None:
    slug = site.project(olga, pages=4)
    for name in ("ann", "ben", "cleo"):
        api = site.api(site.person(name))
        task = check_out(api, slug, round="P1")
        api.post(f"/tasks/{task['id']}/done", {"text": "Read.", "version": 0})
    new = site.api(site.person("new", grants=()))
    refused = new.post(f"/projects/{slug}/checkouts", {"round": "P2"})
    assert refused.status_code == 403
    assert "opens after 1 pages handed in; you have 0" in refused.get_json()["detail"]


def test_pages_held_are_limited_and_named(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=7)
    held = [check_out(ann, slug)["id"] for _ in range(5)]
    refused = ann.post(f"/projects/{slug}/checkouts", {})
    assert refused.status_code == 403
    assert {each["task"] for each in refused.get_json()["current"]["held"]} == set(held)


def test_a_prefetched_page_has_a_short_lease(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga)
    long, short = check_out(ann, slug), check_out(ann, slug, prefetch=True)
    assert short["expires_at"] < long["expires_at"]
    renewed = ann.post(f"/tasks/{short['id']}/renew")
    assert renewed.get_json()["expires_at"] >= long["expires_at"]


def test_drafts_count_versions_up(site: Site, olga: Person, ann: Api) -> None:
    task = check_out(ann, site.project(olga))
    path = f"/tasks/{task['id']}/draft"
    first = ann.put(path, {"text": "One.", "version": 0}).get_json()
    assert (first["state"], first["version"], first["text"]) == ("out", 1, "One.")
    second = ann.put(path, {"text": "Two.", "version": 1}).get_json()
    assert second["version"] == 2
    assert ann.get(f"/tasks/{task['id']}").get_json()["text"] == "Two."


@pytest.mark.parametrize(
    ("sent", "stored", "said"),
    [
        ("cafe\u0301", "caf\u00e9", 1),
        ("a\r\nb\rc", "a\nb\nc", 0),
        ("bell\u0007", "bell", 1),
        ("tail  \n\n", "tail", 1),
        ("\nkept blank", "\nkept blank", 0),
        ("<script>alert(1)</script> & \u202e", "<script>alert(1)</script> & \u202e", 0),
        ("", "", 0),
    ],
)
def test_what_is_changed_on_saving_is_told(
    site: Site, olga: Person, ann: Api, sent: str, stored: str, said: int
) -> None:
    task = check_out(ann, site.project(olga))
    saved = ann.put(f"/tasks/{task['id']}/draft", {"text": sent, "version": 0}).get_json()
    assert saved["text"] == stored
    assert len(saved["changed"]) == said


@pytest.mark.parametrize("text", ["nul \0", "half \ud800"])
def test_what_is_no_text_is_422(site: Site, olga: Person, ann: Api, text: str) -> None:
    task = check_out(ann, site.project(olga))
    for method, name in (("PUT", "draft"), ("POST", "done")):
        sent = {"text": text, "version": 0}
        assert ann.call(method, f"/tasks/{task['id']}/{name}", sent).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "x"},
        {"version": 0},
        {"text": 1, "version": 0},
        {"text": "x", "version": "0"},
        {"text": "x", "version": -1},
        {"text": "x", "version": 0, "more": 1},
        {"text": "x" * 200_001, "version": 0},
    ],
)
def test_a_draft_is_a_text_and_a_version(sqlite_site: Site, body: dict[str, object]) -> None:
    owner = sqlite_site.person("olga")
    ann = sqlite_site.api(sqlite_site.person("ann"))
    task = check_out(ann, sqlite_site.project(owner))
    answer = ann.put(f"/tasks/{task['id']}/draft", body)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]


def test_a_conflict_keeps_both_texts(site: Site, olga: Person, ann: Api) -> None:
    task = check_out(ann, site.project(olga))
    path = f"/tasks/{task['id']}"
    ann.put(f"{path}/draft", {"text": "First.", "version": 0})
    refused = ann.put(f"{path}/draft", {"text": "Second.", "version": 0})
    assert refused.status_code == 409
    current = refused.get_json()["current"]
    assert (current["text"], current["version"], current["by"]) == ("First.", 1, "ann")
    assert ann.post(f"{path}/done", {"text": "Third.", "version": 0}).status_code == 409
    saved = ann.get(f"{path}/revisions").get_json()["items"]
    kept = [each["text"] for each in saved if each["kind"] == "kept"]
    assert kept == ["Second.", "Third."]


def test_done_moves_the_page_on(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=2, rounds_=("P1", "F1"))
    first, second = check_out(ann, slug), check_out(ann, slug)
    done = ann.post(f"/tasks/{first['id']}/done", {"text": "Read.", "version": 0, "note": "Hm."})
    given = done.get_json()
    assert (given["state"], given["version"]) == ("done", 1)
    assert given["next"]["id"] == second["id"]
    assert ann.post(
        f"/tasks/{second['id']}/done", {"text": "Too.", "version": 0}
    ).get_json()["next"] is None  # fmt: skip
    ben = site.api(site.person("ben"))
    following = check_out(ben, slug)
    assert (following["round"], following["text"]) == ("F1", "Read.")
    counts = ben.get(f"/projects/{slug}").get_json()["pages"]["rounds"]
    assert (counts["P1"]["done"], counts["F1"]["out"]) == (2, 1)


def test_done_twice_is_done_once(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga)
    task = check_out(ann, slug)
    sent = {"text": "Read.", "version": 0}
    first = ann.post(f"/tasks/{task['id']}/done", sent)
    assert ann.post(f"/tasks/{task['id']}/done", sent).get_json() == first.get_json()
    other = ann.post(f"/tasks/{task['id']}/done", {"text": "Other.", "version": 0})
    assert other.status_code == 409


def test_a_key_gives_the_same_answer_again(site: Site, olga: Person, ann: Api) -> None:
    task = check_out(ann, site.project(olga))
    path, key = f"/tasks/{task['id']}/draft", {"Idempotency-Key": "one-key"}
    sent = {"text": "One.", "version": 0}
    first = ann.put(path, sent, headers=key)
    ann.put(path, {"text": "Two.", "version": 1})
    again = ann.put(path, sent, headers=key)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert ann.get(f"/tasks/{task['id']}").get_json()["text"] == "Two."
    assert ann.put(path, {"text": "Three.", "version": 2}, headers=key).status_code == 422
    stale = {"Idempotency-Key": "stale"}
    refused = ann.put(path, sent, headers=stale)
    assert refused.status_code == 409
    assert ann.put(path, sent, headers=stale).get_json() == refused.get_json()
    assert ann.put(path, sent, headers={"Idempotency-Key": "x" * 201}).status_code == 422
    ben = site.api(site.person("ben"))
    assert ben.put(path, sent, headers=key).status_code == 403


def test_a_page_never_held_is_never_saved(site: Site, olga: Person, ann: Api) -> None:
    task = check_out(ann, site.project(olga))
    ben = site.api(site.person("ben"))
    sent = {"text": "Mine now.", "version": 0}
    assert ben.put(f"/tasks/{task['id']}/draft", sent).status_code == 403
    assert ben.post(f"/tasks/{task['id']}/done", sent).status_code == 403
    assert ben.post(f"/tasks/{task['id']}/return").status_code == 403
    assert site.api(None).put(f"/tasks/{task['id']}/draft", sent).status_code == 401
    assert ann.put("/tasks/9999/draft", sent).status_code == 404


def test_drafts_are_shown_to_their_holder_alone(site: Site, olga: Person, ann: Api) -> None:
    task = check_out(ann, site.project(olga))
    ann.put(f"/tasks/{task['id']}/draft", {"text": "Half.", "version": 0})
    assert ann.get(f"/tasks/{task['id']}").get_json()["text"] == "Half."
    assert site.api(None).get(f"/tasks/{task['id']}").get_json()["text"] == "Text of page 1."


def test_returning_keeps_the_draft_for_its_author(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=1)
    task = check_out(ann, slug)
    ann.put(f"/tasks/{task['id']}/draft", {"text": "Half.", "version": 0})
    assert ann.post(f"/tasks/{task['id']}/return").get_json()["state"] == "available"
    again = check_out(ann, slug)
    assert again["id"] == task["id"]
    assert again["draft"]["text"] == "Half."


def test_a_bad_scan_is_settled_by_the_coordinator(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=1)
    task = check_out(ann, slug)
    path = f"/tasks/{task['id']}"
    assert ann.post(f"{path}/bad", {"reason": ""}).status_code == 422
    assert ann.post(f"{path}/bad", {"reason": "cut off"}).get_json()["state"] == "bad"
    assert ann.post(f"{path}/clear").status_code in (403, 409)
    assert site.api(olga).post(f"{path}/clear").get_json()["state"] == "available"


def test_reopen_and_send_back(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=1)
    task = check_out(ann, slug)
    path = f"/tasks/{task['id']}"
    assert ann.post(f"{path}/reopen").status_code == 409
    ann.post(f"{path}/done", {"text": "Read.", "version": 0})
    assert ann.post(f"{path}/reopen").get_json()["state"] == "out"
    ann.post(f"{path}/done", {"text": "Read.", "version": 1})
    assert ann.post(f"{path}/send-back", {"reason": "again"}).status_code in (403, 409)
    back = site.api(olga).post(f"{path}/send-back", {"reason": "Page 2 is missing"})
    assert (back.get_json()["state"], back.get_json()["reason"]) == (
        "available",
        "Page 2 is missing",
    )


def test_a_lapsed_page_is_told(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=1)
    task = check_out(ann, slug)
    with writing(site.engine) as session:
        session.get_one(PageTask, task["id"]).lease_until = rows.NOW
    with writing(site.engine) as session:
        tasks.reclaim(session, task["id"], utc_now())
    late = ann.put(f"/tasks/{task['id']}/draft", {"text": "Late.", "version": 0})
    assert late.status_code == 409
    assert late.get_json()["current"]["state"] == "available"


def test_a_task_of_a_removed_project_is_gone_with_its_text(
    site: Site, olga: Person, ann: Api
) -> None:
    task = check_out(ann, site.project(olga))
    with writing(site.engine) as session:
        session.get_one(PageTask, task["id"]).project.deleted_at = rows.NOW
    gone = ann.put(f"/tasks/{task['id']}/draft", {"text": "x", "version": 0})
    assert gone.status_code == 410
    assert gone.get_json()["current"]["text"] == "x"


def test_history_and_differences(site: Site, olga: Person, ann: Api) -> None:
    slug = site.project(olga, pages=["one two three"])
    task = check_out(ann, slug)
    ann.put(f"/tasks/{task['id']}/draft", {"text": "one too three", "version": 0})
    ann.post(f"/tasks/{task['id']}/done", {"text": "one too tree", "version": 1})
    for path in (f"/tasks/{task['id']}/revisions", f"/projects/{slug}/pages/1/history"):
        items = ann.get(path).get_json()["items"]
        assert [each["kind"] for each in items] == ["draft", "done"]
        a, b = (each["id"] for each in items)
        pieces = ann.get(f"{path}?diff={a}..{b}").get_json()["diff"]
        assert [(each["kind"], each["text"]) for each in pieces if each["kind"] != "same"] == [
            ("deleted", "three"),
            ("added", "tree"),
        ]
        assert ann.get(f"{path}?diff={a}..99999").status_code == 422


def test_a_browsers_session_works_with_its_csrf_token(site: Site, olga: Person) -> None:
    slug = site.project(olga)
    browser = site.browser(site.person("ben"))
    path = f"/api/v1/projects/{slug}/checkouts"
    bare = browser.client.post(path, json={})
    assert bare.status_code == 400
    answer = browser.client.post(path, json={}, headers={"X-CSRFToken": browser.token})
    assert answer.status_code == 201


def test_a_number_that_no_row_can_have_is_not_found(site: Site) -> None:
    client = site.app.test_client()
    for path in (f"/api/v1/tasks/{10**30}", f"/proof/{10**30}"):
        assert client.get(path).status_code == 404
