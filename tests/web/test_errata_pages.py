"""Reports of errors on pages for people and by the API: without an account, without scripts."""

import re

import pytest
import sqlalchemy as sa

from exports.models import Erratum
from library.db import reading
from library.mail_models import Letter
from library.models import Event, Person
from tests.support.site import Site

PAGES = ("CHAPTER I\n\nI have seeleeted the\nfinest of the dogs.", "The dog saw\nthe cat.")


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def slug(site: Site, olga: Person) -> str:
    """Give a released book."""
    return released(site, olga)


def released(site: Site, olga: Person) -> str:
    slug = site.project(olga, pages=["" for _ in PAGES], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in PAGES:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    return slug


def test_a_visitor_reports_and_reads_the_answer(site: Site, olga: Person, slug: str) -> None:
    visitor = site.visitor()
    assert "Find them" in visitor.read(f"/books/{slug}/report")
    page = visitor.read(f"/books/{slug}/report?current=seeleeted")
    assert "Page 1" in page
    assert 'value="p1l3"' in page
    several = visitor.read(f"/books/{slug}/report?current=the")
    assert "more than once" in several
    assert several.count("at=p") == 4
    assert "not found" in visitor.read(f"/books/{slug}/report?current=nowhere+to+be")
    fields = {"current": "seeleeted", "proposed": "selected", "at": "p1l3", "name": "A Reader"}
    refused = visitor.post(f"/books/{slug}/report", {**fields, "proposed": "seeleeted"})
    assert (refused.status_code, "This is what the book has" in refused.text) == (422, True)
    sent = visitor.post(f"/books/{slug}/report", fields)
    assert sent.status_code == 303
    assert "with those who made the book" in visitor.read(sent.location)
    coordinator = site.browser(olga)
    queue = coordinator.read("/errata")
    assert "<del>seeleeted</del>" in queue
    assert "<ins>selected</ins>" in queue
    assert "A Reader" in queue
    erratum = int(re.findall(r"/errata/(\d+)/answer", queue)[0])
    assert coordinator.post(f"/errata/{erratum}/answer", {"action": "accept"}).status_code == 303
    assert "corrected" in visitor.read(sent.location).casefold()
    assert "No report waits" in coordinator.read("/errata")
    answered = coordinator.read(f"/projects/{slug}/errata")
    assert "Reopen" in answered
    assert coordinator.post(f"/errata/{erratum}/answer", {"action": "reopen"}).status_code == 303
    edited = {"action": "edit", "text": "chosen", "back": "1"}
    back = coordinator.post(f"/errata/{erratum}/answer", edited)
    assert back.location.endswith(f"/projects/{slug}/errata")
    text = site.api(None).get(f"/projects/{slug}/pages/1").get_json()["text"]
    assert "chosen the" in text
    assert coordinator.post(f"/errata/{erratum}/answer", {"action": "no"}).status_code == 400


def test_what_a_finder_typed_is_kept_private(site: Site, olga: Person, slug: str) -> None:
    visitor = site.visitor()
    sent = site.api(None).post(
        f"/books/{slug}/errata",
        {"current": "The dog", "proposed": "A dog", "mail": "Reader@Example.org", "name": "N. N."},
    )
    assert sent.status_code == 201
    given = sent.get_json()
    assert (given["page"], given["line"], given["state"]) == (2, 1, "open")
    shown = [
        visitor.read(f"/projects/{slug}"),
        site.browser(olga).read(f"/projects/{slug}/errata"),
        visitor.read(re.sub(r"^https?://[^/]+", "", given["answer_url"])),
        site.api(None).get(f"/projects/{slug}/errata").text,
        site.api(None).get(f"/projects/{slug}/events").text,
    ]
    assert not any("example.org" in each.casefold() for each in shown)
    assert "N. N." not in shown[3] + shown[4]
    rejected = site.api(olga).post(f"/errata/{given['id']}/reject", {"reason": "It is printed so."})
    assert rejected.get_json()["answer"] == "It is printed so."
    with reading(site.engine) as session:
        assert session.scalars(sa.select(Erratum.address)).all() == [""]
        [letter] = session.scalars(sa.select(Letter))
        assert letter.detail["answer"] == "It is printed so."
        details = session.scalars(sa.select(Event.detail)).all()
        assert "example.org" not in str(details).casefold()
    assert visitor.get("/errata/nothing").status_code == 404


def test_the_api_answers_as_it_says(site: Site, olga: Person, slug: str) -> None:
    sent = {"page": 1, "current": "seeleeted", "proposed": "selected"}
    anybody, api = site.api(None), site.api(olga)
    first = anybody.post(f"/books/{slug}/errata", sent).get_json()
    again = anybody.post(f"/books/{slug}/errata", sent).get_json()
    assert again == first
    assert anybody.post(f"/errata/{first['id']}/accept", {}).status_code == 401
    ben = site.api(site.person("ben", grants=()))
    assert ben.post(f"/errata/{first['id']}/accept", {}).status_code == 403
    assert api.post(f"/errata/{first['id']}/accept", {"text": "elected"}).status_code == 200
    assert api.post(f"/errata/{first['id']}/accept", {}).status_code == 409
    assert api.post(f"/errata/{first['id']}/reject", {"reason": "No."}).status_code == 409
    assert api.post("/errata/999999/accept", {}).status_code == 404
    [listed] = anybody.get(f"/projects/{slug}/errata?state=accepted").get_json()["items"]
    assert (listed["corrected"], listed["answered_by"]) == ("elected", "olga")
    assert anybody.get(f"/projects/{slug}/errata?state=open").get_json()["items"] == []
    assert anybody.get(f"/projects/{slug}/errata?state=odd").status_code == 422
    assert api.post(f"/errata/{first['id']}/reopen").get_json()["state"] == "open"
    assert anybody.post(f"/books/{slug}/errata", {"current": "a"}).status_code == 422
    unreleased = site.project(olga)
    assert anybody.post(f"/books/{unreleased}/errata", sent).status_code == 404


def test_a_volunteer_proposes_a_change_from_the_page(site: Site, olga: Person, slug: str) -> None:
    ben = site.browser(site.person("ben"))
    assert f"/books/{slug}/report?at=p1" in ben.read(f"/projects/{slug}/pages/1")
    sent = ben.post(
        f"/books/{slug}/report", {"current": "seeleeted", "proposed": "selected", "at": "p1"}
    )
    assert sent.status_code == 303
    queue = ben.read(f"/projects/{slug}/errata")
    assert "ben" in queue
    assert 'value="accept"' not in queue
    assert 'value="accept"' in site.browser(olga).read(f"/projects/{slug}/errata")


def test_reports_are_limited_by_address(limited_site: Site) -> None:
    olga = limited_site.person("olga", role="coordinator")
    slug = released(limited_site, olga)
    api = limited_site.api(None)
    said = [
        api.post(f"/books/{slug}/errata", {"current": f"word {n}", "proposed": "x"}).status_code
        for n in range(21)
    ]
    assert said == [201] * 20 + [429]


def test_smooth_readers_report_before_the_release(site: Site, olga: Person) -> None:
    slug = site.project(olga, title="Unreleased", pages=["" for _ in PAGES], rounds_=["P1"])
    writer = site.api(olga)
    task = writer.post(f"/projects/{slug}/checkouts", {}).get_json()
    writer.post(f"/tasks/{task['id']}/done", {"text": PAGES[0], "version": 0})
    ben, coordinator = site.browser(site.person("ben")), site.browser(olga)
    assert ben.get(f"/smooth/{slug}").status_code == 403
    assert ben.post(f"/projects/{slug}/smooth", {"open": "1"}).status_code == 403
    coordinator.post(f"/projects/{slug}/smooth", {"open": "1"})
    assert site.visitor().get(f"/smooth/{slug}").status_code in (302, 303, 401)
    assert f"/smooth/{slug}" in ben.read("/desk")
    assert ben.get(f"/smooth/{slug}").status_code == 202
    site.work("books")
    contents = ben.read(f"/smooth/{slug}")
    [chapter] = set(re.findall(rf'/smooth/{slug}/(s\d+)"', contents)) or {"s001"}
    assert "seeleeted" in ben.read(f"/smooth/{slug}/{chapter}")
    form = ben.read(f"/smooth/{slug}/report?current=seeleeted&at=p1l3")
    assert 'value="p1l3"' in form
    fields = {"current": "seeleeted", "proposed": "selected", "at": "p1l3", "note": "So?"}
    assert ben.post(f"/smooth/{slug}/report", fields).status_code == 303
    [found] = [
        each
        for each in writer.get(f"/projects/{slug}/checks").get_json()["items"]
        if each["code"] == "smooth-reading"
    ]
    assert (found["page"], found["line"], found["excerpt"]) == (1, 3, "seeleeted")
    assert "selected" in found["hint"]
    assert "A smooth reader proposes" in coordinator.read(f"/projects/{slug}/release")
    assert "Smooth reading" in coordinator.read("/errata")
    coordinator.post(f"/projects/{slug}/smooth", {"open": "0"})
    assert ben.get(f"/smooth/{slug}").status_code == 403
