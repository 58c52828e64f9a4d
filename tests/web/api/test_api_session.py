"""Signing in again by the API, from a browser whose session has ended."""

from library import people
from library.db import writing
from tests.support.rows import NOW
from tests.support.site import PASSWORD, Site


def join(site: Site, name: str) -> None:
    with writing(site.engine) as session:
        people.add_person(session, name, PASSWORD, NOW)


def test_a_session_begins_in_place(site: Site) -> None:
    join(site, "ann")
    browser = site.api(None)
    assert browser.get("/session").get_json()["name"] is None
    assert browser.get("/me").status_code == 401
    wrong = browser.post("/session", {"name": "ann", "password": "not this one"})
    assert wrong.status_code == 401
    assert "don't fit together" in wrong.get_json()["detail"]
    right = browser.post("/session", {"name": " Ann ", "password": PASSWORD})
    assert right.get_json()["name"] == "ann"
    assert browser.get("/me").get_json()["name"] == "ann"
    now = browser.get("/session").get_json()
    # The token holds the second it was made in.
    assert {**now, "csrf_token": ""} == {**right.get_json(), "csrf_token": ""}


def test_the_token_given_is_the_one_that_counts(site: Site) -> None:
    slug = site.project(site.person("olga"))
    join(site, "ann")
    browser = site.api(None)
    signed_in = browser.post("/session", {"name": "ann", "password": PASSWORD}).get_json()
    path = f"/projects/{slug}/checkouts"
    assert browser.post(path, {}).status_code == 400
    token = {"X-CSRFToken": signed_in["csrf_token"]}
    assert browser.post(path, {}, headers=token).status_code == 201


def test_another_site_signs_nobody_in(site: Site) -> None:
    join(site, "ann")
    browser = site.api(None)
    elsewhere = {"Origin": "https://elsewhere.example"}
    sent = {"name": "ann", "password": PASSWORD}
    assert browser.post("/session", sent, headers=elsewhere).status_code == 400
    assert browser.get("/me").status_code == 401


def test_a_closed_account_stays_out(site: Site) -> None:
    browser = site.api(None)
    nobody = browser.post("/session", {"name": "nobody", "password": PASSWORD})
    assert nobody.status_code == 401
    assert browser.post("/session", {"name": "ann"}).status_code == 422
