"""The first page without an account, without scripts: practice, half a page, one field."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from library import people
from library.db import writing
from library.models import Login, Person, Project
from proofing import rounds
from proofing.trials_models import TrialLayer
from tests.support import rows
from tests.support.prose import LINES, add_prose
from tests.support.site import PASSWORD, Browser, Site
from web.practice import practice

NOW = datetime.now(UTC)
TYPED = [*LINES[:10], "a lamp that everybody could be fond of."]


def add_book(site: Site, pages: int = 1, title: str = "The Lamp") -> Project:
    with writing(site.engine) as session:
        project = rows.add_project(session, title=title)
        for _ in range(pages):
            add_prose(session, project)
        rounds.open_pages(session, project, rows.NOW)
        return project


def layers(site: Site) -> list[TrialLayer]:
    with site.look() as session:
        return session.query(TrialLayer).order_by(TrialLayer.id).all()


def newest(site: Site) -> Person:
    with site.look() as session:
        return session.query(Person).order_by(Person.id.desc()).limit(1).one()


def front(html: str) -> str:
    """The heading of the task that is in front."""
    [shown] = re.findall(
        r'<section class="coach"[^>]*aria-labelledby="card-\d">.*?<h2[^>]*>(.*?)<', html, re.DOTALL
    )
    return str(shown)


def handed_in(site: Site, typed: list[str] | None = None, **fields: str) -> Browser:
    """A visitor who has handed half a page in."""
    visitor = site.visitor()
    visitor.read("/try/page")
    answer = visitor.post("/try/hand-in", {"line": typed or TYPED, **fields})
    assert (answer.status_code, answer.location) == (303, "/try/keep")
    return visitor


def test_the_home_page_leads_here(sqlite_site: Site) -> None:
    html = sqlite_site.visitor().read("/")
    assert re.search(r'class="btn is-primary[^>]*href="/try"', html)


def test_four_tasks_as_forms(sqlite_site: Site) -> None:
    visitor = sqlite_site.visitor()
    assert front(visitor.read("/try")) == "This line is right"
    assert front(visitor.read("/try?task=1")) == "Believe the print"
    assert front(visitor.read("/try?task=2&word=letter")) == "Print has mistakes too. Leave them."
    assert front(visitor.read("/try?task=3&word=recieve")) == "Hand it in"
    assert front(visitor.read("/try?task=nonsense")) == "This line is right"


@pytest.mark.parametrize(
    ("query", "task", "answer"),
    [
        ("task=2&word=Jetter", "Believe the print", "Jetter"),
        ("task=2&word=Jetter&choice=lettre", "Believe the print", "lettre"),
        ("task=3&word=recieve&choice=receive", "Print has mistakes too. Leave them.", "receive"),
        ("task=3&word=", "Print has mistakes too. Leave them.", ""),
        ("task=2&word=<script>alert(1)</script>", "Believe the print", "&lt;script&gt;"),
    ],
)
def test_a_wrong_answer_shows_both_and_asks_again(
    sqlite_site: Site, query: str, task: str, answer: str
) -> None:
    html = sqlite_site.visitor().read(f"/try?{query}")
    assert front(html) == task
    assert f"data-answer>{answer}" in html
    assert len(re.findall(r'<div class="compare" data-compare>', html)) == 1
    assert "<script>alert" not in html


def test_the_practice_page_is_what_its_maker_made() -> None:
    page = practice()
    assert page.tasks[2].read != page.tasks[2].printed, "one word was truly misread"
    assert page.tasks[3].read == page.tasks[3].printed == "recieve"
    read = [text for line in page.words for text, _ in line]
    printed = [
        page.tasks[number].printed if number else text
        for line in page.words
        for text, number in line
    ]
    assert sum(one != two for one, two in zip(read, printed, strict=True)) == 1


def test_half_a_page_is_shown_and_stays_the_same(sqlite_site: Site) -> None:
    add_book(sqlite_site, pages=3)
    visitor = sqlite_site.visitor()
    first, again = visitor.read("/try/page"), visitor.read("/try/page")
    assert "11 lines of The Lamp" in first
    assert [re.findall(r'name="line" value="([^"]*)"', html) for html in (first, again)] == [
        list(LINES[:11])
    ] * 2
    assert re.findall(r"/pages/\d+/image", first) == re.findall(r"/pages/\d+/image", again)
    other = sqlite_site.visitor().read("/try/page")
    assert "11 lines of The Lamp" in other


def test_handing_in_keeps_a_layer_and_holds_nothing(site: Site) -> None:
    project = add_book(site)
    visitor = handed_in(site, seconds="42")
    [layer] = layers(site)
    assert (layer.text, layer.active_seconds, layer.person_id) == ("\n".join(TYPED), 42, None)
    answer = site.api(site.person("ann")).post(f"/projects/{project.slug}/checkouts", {})
    assert answer.status_code == 201
    assert answer.get_json()["text"].split("\n")[:11] == list(LINES[:11])
    html = visitor.read("/try/keep")
    assert "Done. 11 lines of The Lamp." in html
    assert visitor.get("/try/page").location == "/try/keep"


def test_one_field_keeps_it(site: Site) -> None:
    add_book(site)
    visitor = handed_in(site)
    html = visitor.read("/try/keep")
    [name] = re.findall(r'autocomplete="username" value="([^"]*)" readonly', html)
    assert re.fullmatch(people.NAME, name)
    assert name in visitor.read("/try/keep"), "the name stays while one thinks"
    answer = visitor.post("/try/keep", {"username": "mallory", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert name in visitor.read("/desk")
    [layer] = layers(site)
    with site.look() as session:
        person = session.query(Person).filter_by(name=name).one()
        assert (layer.person_id, layer.secret_hash) == (person.id, None)
    assert site.visitor().post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303


def test_a_password_that_does_not_fit_is_told_and_the_name_kept(site: Site) -> None:
    add_book(site)
    visitor = handed_in(site)
    before = re.findall(r'value="([^"]*)" readonly', visitor.read("/try/keep"))
    answer = visitor.post("/try/keep", {"password": "short"})
    assert answer.status_code == 422
    assert "at least 8" in answer.text
    assert re.findall(r'value="([^"]*)" readonly', answer.text) == before
    assert visitor.post("/try/keep", {"password": PASSWORD}).status_code == 303


def test_a_name_that_was_taken_meanwhile_is_replaced(site: Site) -> None:
    visitor = site.visitor()
    [name] = re.findall(r'value="([^"]*)" readonly', visitor.read("/try/keep"))
    site.person(name)
    answer = visitor.post("/try/keep", {"password": PASSWORD})
    assert answer.status_code == 409
    [other] = re.findall(r'value="([^"]*)" readonly', answer.text)
    assert other != name
    assert visitor.post("/try/keep", {"password": PASSWORD}).status_code == 303


def test_who_has_an_account_keeps_it_by_signing_in(site: Site) -> None:
    add_book(site)
    with writing(site.engine) as session:
        ann = people.add_person(session, "ann", PASSWORD, NOW)
    visitor = handed_in(site)
    visitor.post("/sign-in", {"name": "ann", "password": PASSWORD})
    assert [layer.person_id for layer in layers(site)] == [ann.id]
    assert site.visitor().get("/try/keep").status_code == 200


def test_without_a_book_there_is_a_kind_word_and_an_account(sqlite_site: Site) -> None:
    visitor = sqlite_site.visitor()
    assert visitor.get("/try/page").location == "/try/keep"
    html = visitor.read("/try/keep")
    assert "You know how it is done" in html
    assert "Done." not in html
    assert visitor.post("/try/keep", {"password": PASSWORD}).location == "/desk"


def test_where_nobody_may_join_nothing_is_asked(site: Site) -> None:
    closed = Site(replace(site.place.settings, registration_open=False), site.engine)
    add_book(closed)
    visitor = handed_in(closed)
    html = visitor.read("/try/keep")
    assert 'name="password"' not in html
    assert "30 days" in html
    assert visitor.post("/try/keep", {"password": PASSWORD}).status_code == 403
    with site.look() as session:
        assert session.query(Login).count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["x" * 401, *TYPED[1:]], "Line 1 has 401"),
        ([""] * 11, "All lines are empty"),
        (["a"], "11 lines"),
    ],
)
def test_what_is_refused_is_shown_again(sqlite_site: Site, typed: list[str], words: str) -> None:
    add_book(sqlite_site)
    visitor = sqlite_site.visitor()
    visitor.read("/try/page")
    answer = visitor.post("/try/hand-in", {"line": typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert layers(sqlite_site) == []
    shown = re.findall(r'name="line" value="([^"]*)"', answer.text)
    assert shown == (typed if len(typed) == 11 else list(LINES[:11]))


def test_hostile_lines_stay_text(sqlite_site: Site) -> None:
    add_book(sqlite_site, title="<b>The Lamp</b>")
    hostile = ['"><script>alert(1)</script>', *TYPED[1:9], "x" * 401, "end"]
    visitor = sqlite_site.visitor()
    html = visitor.read("/try/page")
    answer = visitor.post("/try/hand-in", {"line": hostile})
    for text in (html, answer.text):
        assert "<script>alert" not in text
        assert "<b>The" not in text


def test_a_page_that_was_taken_out_leads_to_another(sqlite_site: Site) -> None:
    project = add_book(sqlite_site)
    visitor = sqlite_site.visitor()
    visitor.read("/try/page")
    with writing(sqlite_site.engine) as session:
        session.get_one(Project, project.id).deleted_at = rows.NOW
    add_book(sqlite_site, title="Another")
    answer = visitor.post("/try/hand-in", {"line": TYPED})
    assert answer.location == "/try/page"
    html = visitor.read("/try/page")
    assert "11 lines of Another" in html
    assert "taken out of its book" in html


def test_handing_in_without_a_page_leads_to_one(sqlite_site: Site) -> None:
    add_book(sqlite_site)
    assert sqlite_site.visitor().post("/try/hand-in", {"line": TYPED}).location == "/try/page"


def test_every_form_asks_for_its_token(sqlite_site: Site) -> None:
    add_book(sqlite_site)
    visitor = sqlite_site.visitor()
    visitor.read("/try/page")
    for path in ("/try/hand-in", "/try/keep"):
        answer = visitor.client.post(path, data={"line": TYPED, "password": PASSWORD})
        assert answer.status_code == 400, path
    assert layers(sqlite_site) == []


def test_hand_ins_are_limited_by_address(limited_site: Site) -> None:
    add_book(limited_site)
    visitor = limited_site.visitor()
    visitor.read("/try/page")
    answers = [visitor.post("/try/hand-in", {"line": TYPED}).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    assert len(layers(limited_site)) == 1


def test_who_is_signed_in_has_a_desk(sqlite_site: Site) -> None:
    add_book(sqlite_site)
    browser = sqlite_site.browser(sqlite_site.person("ann"))
    assert browser.get("/try").status_code == 200
    for path in ("/try/page", "/try/keep"):
        assert browser.get(path).location == "/desk", path


def test_a_given_name_is_changed_once(site: Site) -> None:
    visitor = site.visitor()
    visitor.read("/try/keep")
    visitor.post("/try/keep", {"password": PASSWORD})
    browser = site.browser(newest(site))
    assert "You were given" in browser.read("/settings")
    site.person("ann")
    for name, status in (("ann", 409), ("a", 422), ("with blank", 422)):
        answer = browser.post("/settings/name", {"name": name})
        assert answer.status_code == status
        assert 'aria-invalid="true"' in answer.text
    assert browser.post("/settings/name", {"name": "Cleo"}).status_code == 303
    html = browser.read("/settings")
    assert "cleo" in html
    assert "You were given" not in html
    assert browser.post("/settings/name", {"name": "dora"}).status_code == 403
    assert (
        site.visitor().post("/sign-in", {"name": "cleo", "password": PASSWORD}).status_code == 303
    )


def test_a_chosen_name_stays(sqlite_site: Site) -> None:
    sqlite_site.visitor().post("/join", {"name": "cleo", "password": PASSWORD})
    browser = sqlite_site.browser(newest(sqlite_site))
    assert browser.post("/settings/name", {"name": "dora"}).status_code == 403


def test_the_desk_tells_what_became_of_it(site: Site) -> None:
    project = add_book(site)
    visitor = handed_in(site)
    visitor.post("/try/keep", {"password": PASSWORD})
    assert "has not been read by anyone else yet" in visitor.read("/desk")
    ben = site.api(site.person("ben"))
    task = ben.post(f"/projects/{project.slug}/checkouts", {}).get_json()
    ben.post(f"/tasks/{task['id']}/done", {"text": task["text"], "version": task["version"]})
    words = len(" ".join(TYPED).split())
    assert f"kept {words - 1} of your {words} words" in visitor.read("/desk")
