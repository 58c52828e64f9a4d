"""The desk as plain forms, as it works without scripts."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from library import people
from library.clock import utc_now
from library.db import writing
from library.models import Person
from proofing import rounds, tasks
from proofing.models import PageTask, Revision
from tests.support import rows
from tests.support.site import Browser, Site, textarea

Json = dict[str, Any]


@pytest.fixture
def owner(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def ann(site: Site) -> Person:
    return site.person("ann")


def take(browser: Browser, slug: str) -> int:
    """Take the project's next page; returns its task."""
    answer = browser.post(f"/projects/{slug}/next")
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/proof/(\d+)", answer.location)
    assert found, answer.location
    return int(found[1])


def task_row(site: Site, task_id: int) -> PageTask:
    with site.look() as session:
        return session.get_one(PageTask, task_id, options=[sa.orm.joinedload(PageTask.head)])


def test_a_page_from_the_desk_to_the_next_one(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    assert "A Book" in browser.read("/desk")
    first = take(browser, slug)
    page = browser.read(f"/proof/{first}")
    assert textarea(page, "text") == "Text of page 1."
    done = browser.post(f"/proof/{first}/done", {"text": "Read.", "version": 0})
    assert done.status_code == 303
    assert re.fullmatch(r"/proof/\d+", done.location)
    assert done.location != f"/proof/{first}"
    page = browser.read(done.location)
    assert "Page 1 handed in. 1 today." in page
    assert f"/proof/{first}/reopen" in page
    assert textarea(page, "text") == "Text of page 2."


def test_done_may_lead_to_the_desk(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    fields = {"text": "Read.", "version": 0, "then": "desk"}
    assert browser.post(f"/proof/{task}/done", fields).location == "/desk"
    assert "Reopen" in browser.read("/desk")


def test_save_keeps_a_draft(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    answer = browser.post(f"/proof/{task}/save", {"text": "Half", "version": 0, "note": "odd"})
    assert answer.location == f"/proof/{task}"
    page = browser.read(answer.location)
    assert textarea(page, "text") == "Half"
    assert textarea(page, "note") == "odd"
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize(
    "text", ["\nBegins a paragraph.", "\n\nTwo.", "No blank.", "\n<i>a\tb</i>"]
)
def test_the_leading_blank_line_goes_through_the_form(
    site: Site, owner: Person, ann: Person, text: str
) -> None:
    slug, browser = site.project(owner, pages=[text]), site.browser(ann)
    task = take(browser, slug)
    shown = textarea(browser.read(f"/proof/{task}"), "text")
    assert shown == text
    # What a browser sends: CRLF between lines.
    sent = shown.replace("\n", "\r\n") + "."
    browser.post(f"/proof/{task}/save", {"text": sent, "version": 0})
    assert textarea(browser.read(f"/proof/{task}"), "text") == text + "."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The text is empty."),
        (" \n", "The text is empty."),
        ("One\r\n<i>two", "A mark is not closed on line 2: &lt;i&gt;"),
        ("/*\r\npoem", "A mark is not closed on line 1: /*"),
    ],
)
def test_a_likely_slip_is_asked_about_once(
    site: Site, owner: Person, ann: Person, text: str, words: str
) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    asked = browser.post(f"/proof/{task}/done", {"text": text, "version": 0, "note": "so it is"})
    assert asked.status_code == 422
    assert words in asked.text
    assert textarea(asked.text, "note") == "so it is"
    assert 'name="confirmed" value="1"' in asked.text
    assert task_row(site, task).state == "out"
    version = re.search(r'name="version" value="(\d+)"', asked.text)
    assert version
    fields = {"text": textarea(asked.text, "text"), "version": version[1], "confirmed": "1"}
    assert browser.post(f"/proof/{task}/done", fields).status_code == 303
    assert task_row(site, task).state == "done"


def test_a_conflict_shows_both_texts_and_loses_neither(
    site: Site, owner: Person, ann: Person
) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    browser.post(f"/proof/{task}/save", {"text": "The first text.", "version": 0})
    for action in ("save", "done"):
        answer = browser.post(f"/proof/{task}/{action}", {"text": "The other text.", "version": 0})
        assert answer.status_code == 409
        assert textarea(answer.text, "text") == "The other text."
        assert "The first text." in answer.text
        assert 'name="version" value="1"' in answer.text
    with site.look() as session:
        texts = set(session.scalars(sa.select(Revision.text).where(Revision.task_id == task)))
    assert texts == {"The first text.", "The other text."}
    fields = {"text": "The other text.", "version": 1}
    assert browser.post(f"/proof/{task}/done", fields).status_code == 303


def test_handing_in_twice_is_handing_in_once(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    fields = {"text": "Read.", "version": 0}
    first = browser.post(f"/proof/{task}/done", fields).location
    assert browser.post(f"/proof/{task}/done", fields).location == first
    with site.look() as session:
        held = session.scalars(sa.select(PageTask).where(PageTask.holder_id == ann.id)).all()
    assert len(held) == 1


def test_what_no_page_can_hold_is_told_and_kept_in_the_field(
    site: Site, owner: Person, ann: Person
) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    answer = browser.post(f"/proof/{task}/done", {"text": "nul \0 here", "version": 0})
    assert answer.status_code == 422
    assert "NUL" in answer.text
    assert textarea(answer.text, "text").startswith("nul ")


def test_a_page_in_other_hands_leads_to_where_it_may_be_looked_at(
    site: Site, owner: Person, ann: Person
) -> None:
    slug = site.project(owner)
    task = take(site.browser(ann), slug)
    other = site.browser(site.person("ben"))
    answer = other.get(f"/proof/{task}")
    assert answer.location == f"/projects/{slug}/pages/1"
    assert "ann has this page in hand now." in other.read(answer.location)
    saved = other.post(f"/proof/{task}/save", {"text": "mine", "version": 0})
    assert saved.status_code == 403
    assert "not in your hands" in saved.text


def test_a_text_that_comes_too_late_is_kept_and_offered_again(
    site: Site, owner: Person, ann: Person
) -> None:
    slug, browser = site.project(owner, pages=1), site.browser(ann)
    task = take(browser, slug)
    browser.post(f"/proof/{task}/return")
    late = browser.post(f"/proof/{task}/save", {"text": "A late text.", "version": 0})
    assert late.status_code == 409
    assert textarea(late.text, "text") == "A late text."
    assert "no longer in your hands" in late.text
    assert take(browser, slug) == task
    assert "A late text." in browser.read(f"/proof/{task}")


def test_giving_back_keeps_what_was_typed(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner, pages=1), site.browser(ann)
    task = take(browser, slug)
    answer = browser.post(f"/proof/{task}/return", {"text": "Half a page", "version": 0})
    assert answer.location == f"/projects/{slug}"
    assert task_row(site, task).state == "available"
    take(browser, slug)
    assert "Half a page" in browser.read(f"/proof/{task}")


def test_a_reported_scan_leaves_its_round(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    answer = browser.post(f"/proof/{task}/bad", {"reason": "faint", "detail": "lower half"})
    assert re.fullmatch(r"/proof/\d+", answer.location)
    row = task_row(site, task)
    assert (row.state, row.reason) == ("bad", "Too faint to read: lower half")
    assert browser.post(f"/proof/{task}/bad", {"reason": "made up"}).status_code == 400


def test_reopening_until_someone_else_has_it(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner, pages=1), site.browser(ann)
    task = take(browser, slug)
    browser.post(f"/proof/{task}/done", {"text": "Read.", "version": 0})
    assert browser.post(f"/proof/{task}/reopen").location == f"/proof/{task}"
    browser.post(f"/proof/{task}/done", {"text": "Read anew.", "version": 1})
    take(site.browser(site.person("ben")), slug)
    refused = browser.post(f"/proof/{task}/reopen")
    assert refused.status_code == 409
    assert "has begun" in refused.text


def test_a_newcomer_holds_one_page(site: Site, owner: Person) -> None:
    slug = site.project(owner)
    browser = site.browser(site.person("new", grants=()))
    task = take(browser, slug)
    answer = browser.post(f"/projects/{slug}/next")
    assert answer.location == "/desk"
    page = browser.read("/desk")
    assert "the most at one time is 1" in page
    assert f"/proof/{task}" in page


def test_nothing_to_be_had_is_said_on_its_page(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner, pages=0), site.browser(ann)
    answer = browser.post(f"/projects/{slug}/next")
    assert answer.location == f"/projects/{slug}"
    assert "No page of A Book is waiting" in browser.read(answer.location)


def test_the_desk_and_its_pages_ask_to_sign_in(site: Site, owner: Person, ann: Person) -> None:
    task = take(site.browser(ann), site.project(owner))
    visitor = site.visitor()
    for path in ("/desk", f"/proof/{task}", "/settings", "/add"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


def test_taking_a_page_leads_through_sign_in_back_to_the_book(site: Site, owner: Person) -> None:
    slug = site.project(owner)
    answer = site.visitor().post(
        f"/projects/{slug}/next", headers={"Referer": f"http://localhost/projects/{slug}"}
    )
    assert answer.location == f"/sign-in?next=/projects/{slug}"


@pytest.mark.parametrize("token_gone", [False, True])
def test_a_session_that_ended_does_not_cost_the_text(
    site: Site, owner: Person, token_gone: bool
) -> None:
    with writing(site.engine) as session:
        ann = people.add_person(session, "ann", "a few words", rows.NOW)
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    with browser.client.session_transaction() as cookie:
        del cookie["login"]
        if token_gone:
            cookie.clear()
    text = "\r\nTyped & kept <i>here</i>"
    answer = browser.post(f"/proof/{task}/done", {"text": text, "version": 0, "note": "n"})
    assert answer.status_code == 401
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert hidden["text"].replace("\r\n", "\n") == "\nTyped &amp; kept &lt;i&gt;here&lt;/i&gt;"
    fields = {"task": task, "text": text, "version": hidden["version"], "note": "n", "name": "ann"}
    fresh = {"csrf_token": hidden["csrf_token"]}
    wrong = browser.client.post("/sign-in", data={**fields, **fresh, "password": "wrong words"})
    assert "Typed &amp; kept" in wrong.text
    right = browser.client.post("/sign-in", data={**fields, **fresh, "password": "a few words"})
    assert right.location == f"/proof/{task}"
    assert textarea(browser.read(right.location), "text") == "\nTyped & kept <i>here</i>"


def test_another_site_cannot_have_a_text_carried_through_sign_in(site: Site, owner: Person) -> None:
    ann = site.person("ann")
    task = take(site.browser(ann), site.project(owner))
    answer = site.app.test_client().post(
        f"/proof/{task}/save",
        data={"text": "theirs", "version": 0},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 400


def test_a_returned_page_offers_what_another_left(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner, pages=1), site.browser(ann)
    task = take(browser, slug)
    browser.post(f"/proof/{task}/save", {"text": "Left behind by ann", "version": 0})
    with writing(site.engine) as session:
        row = session.get_one(PageTask, task)
        assert row.lease_until is not None
        row.lease_until = rows.NOW
    with writing(site.engine) as session:
        tasks.reclaim(session, task, utc_now())
    other = site.browser(site.person("ben"))
    assert take(other, slug) == task
    page = other.read(f"/proof/{task}")
    assert "ann began this page" in page
    assert "Left behind by ann" in page


def test_a_removed_book_offers_the_text(site: Site, owner: Person, ann: Person) -> None:
    slug, browser = site.project(owner), site.browser(ann)
    task = take(browser, slug)
    browser.post(f"/proof/{task}/save", {"text": "Not lost.", "version": 0})
    with writing(site.engine) as session:
        session.get_one(PageTask, task).project.deleted_at = rows.NOW
    answer = browser.get(f"/proof/{task}")
    assert answer.status_code == 410
    assert "Not lost." in answer.text


def test_a_page_without_a_machine_reading_starts_empty(
    site: Site, owner: Person, ann: Person
) -> None:
    slug = site.project(owner, pages=0)
    with writing(site.engine) as session:
        project = session.merge(site.project_row(slug))
        rows.add_page(session, project, ocr="failed")
        rounds.open_pages(session, project, rows.NOW)
    browser = site.browser(ann)
    page = browser.read(f"/proof/{take(browser, slug)}")
    assert textarea(page, "text") == ""
    assert "could not read this page" in page
