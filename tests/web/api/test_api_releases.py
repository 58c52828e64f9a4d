"""Releases, previews, checks and books by the API, built for real."""

import pytest

from library.models import Person
from tests.support.site import Api, Site


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def api(site: Site, olga: Person) -> Api:
    return site.api(olga)


def finished(site: Site, olga: Person, *texts: str) -> str:
    """Return a project of one round whose pages are all handed in with these texts."""
    slug = site.project(olga, pages=["" for _ in texts], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in texts:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    return slug


def test_a_release_is_built_and_published(site: Site, olga: Person, api: Api) -> None:
    slug = finished(site, olga, "CHAPTER I\n\nIt was a day.", "\nThe end.")
    assert api.get("/books").get_json()["items"] == []
    assert api.get(f"/books/{slug}").status_code == 404
    asked = api.post(f"/projects/{slug}/releases", {})
    assert asked.status_code == 202
    assert (asked.get_json()["number"], asked.get_json()["state"]) == (1, "queued")
    site.work("books")
    [release] = api.get(f"/projects/{slug}/releases").get_json()["items"]
    assert (release["state"], release["changes"]) == ("published", ["First release."])
    names = {file["name"]: file for file in release["files"]}
    assert {f"{slug}.epub", f"{slug}.txt"} <= set(names)
    text = site.visitor().get(f"/books/{slug}/{slug}.txt")
    assert len(text.data) == names[f"{slug}.txt"]["bytes"]
    assert "It was a day." in text.text
    [book] = site.api(None).get("/books?q=BOOK").get_json()["items"]
    shown = site.api(None).get(f"/books/{slug}").get_json()
    assert {name: shown[name] for name in book} == book
    assert api.get("/books?q=other").get_json()["items"] == []


def test_the_same_asked_again_is_the_same_release(site: Site, olga: Person, api: Api) -> None:
    slug = finished(site, olga, "Words.")
    first = api.post(f"/projects/{slug}/releases", {}).get_json()
    assert api.post(f"/projects/{slug}/releases", {}).get_json()["number"] == first["number"]
    site.work("books")
    api.patch(f"/projects/{slug}", {"author": "Somebody"})
    assert api.post(f"/projects/{slug}/releases", {}).get_json()["number"] == 2


def test_open_errors_hold_a_release(site: Site, olga: Person, api: Api) -> None:
    slug = finished(site, olga, "Words [**what is this?] here.")
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    [held] = api.get(f"/projects/{slug}/releases").get_json()["items"]
    assert held["state"] == "held"
    assert [each["page"] for each in held["findings"] if each["severity"] == "error"] == [1]
    assert api.get("/books").get_json()["items"] == []
    anyway = api.post(f"/projects/{slug}/releases", {"with_open_findings": True})
    assert anyway.get_json()["state"] == "published"
    withdrawn = api.post(f"/projects/{slug}/releases/1/withdraw")
    assert withdrawn.get_json()["state"] == "withdrawn"
    assert api.post(f"/projects/{slug}/releases/1/withdraw").status_code == 409
    assert api.get(f"/books/{slug}").status_code == 404


def test_releases_are_for_coordinators(site: Site, olga: Person, api: Api) -> None:
    slug = finished(site, olga, "Words.")
    ben = site.api(site.person("ben"))
    assert ben.post(f"/projects/{slug}/releases", {}).status_code == 403
    assert site.api(None).post(f"/projects/{slug}/releases", {}).status_code == 401
    assert api.post(f"/projects/{slug}/releases", {"with_open_findings": "yes"}).status_code == 422
    assert api.post(f"/projects/{slug}/releases/7/withdraw").status_code == 404
    empty = site.project(olga, pages=0)
    assert api.post(f"/projects/{empty}/releases", {}).status_code == 409


def test_previews_and_checks_are_built_when_asked_for(site: Site, olga: Person, api: Api) -> None:
    slug = finished(site, olga, "Words <i>open.")
    for kind in ("preview.epub", "preview.txt", "checks"):
        later = api.get(f"/projects/{slug}/{kind}")
        assert later.status_code == 202
        assert later.headers["Retry-After"]
    site.work("books")
    assert api.get(f"/projects/{slug}/preview.epub").data[:2] == b"PK"
    assert "Words" in api.get(f"/projects/{slug}/preview.txt").text
    findings = api.get(f"/projects/{slug}/checks").get_json()["items"]
    assert "error" in {each["severity"] for each in findings}
