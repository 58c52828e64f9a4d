"""What holds for every route: CSRF, headers, who may, and hostile text that stays text."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from library.db import writing
from library.models import Page, Person
from tests.support.site import Site

#: Values for the variables of addresses: things that are there.
THERE = {"slug": "a-book", "number": 1, "page_id": 1, "task_id": 1, "name": "ann", "job_id": 1,
         "token_id": 1, "note_id": 1, "suggestion_id": 1, "secret": "s", "kind": "epub",
         "address": "1", "which": "good", "version": "0", "filename": "css/base.css",
         "erratum_id": 1, "chapter": "s001", "position": 1, "shelves": "authors",
         "_rest": "nothing"}  # fmt: skip
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u2066 \"'&amp;{{7*7}}"
READS = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture
def site(sqlite_site: Site) -> Site:
    """Give a site with a book of two pages, one of them in ann's hands."""
    olga = sqlite_site.person("olga", role="coordinator")
    sqlite_site.project(olga, pages=2)
    ann = sqlite_site.person("ann")
    assert sqlite_site.api(ann).post("/projects/a-book/checkouts", {}).status_code == 201
    return sqlite_site


def rules(site: Site) -> Iterator[tuple[Rule, str, str]]:
    """Yield every rule with each of its methods and an address that fits it."""
    adapter = site.app.url_map.bind("localhost")
    for rule in site.app.url_map.iter_rules():
        values = {name: THERE[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield rule, method, adapter.build(rule.endpoint, values, method)


def test_every_change_asks_for_the_token(site: Site) -> None:
    ann = site.person("admin", role="admin")
    checked = 0
    for rule, method, address in rules(site):
        if method in READS or rule.endpoint == "api.nowhere":
            continue
        browser = site.browser(ann)
        for token in ({}, {"X-CSRFToken": "forged"}):
            answer = browser.client.open(address, method=method, headers=token)
            assert answer.status_code == 400, f"{method} {address}: {answer.status_code}"
        checked += 1
    assert checked >= 50


def test_an_api_call_without_a_token_and_without_a_session_is_401_or_worse(site: Site) -> None:
    for rule, method, address in rules(site):
        if rule.endpoint == "api.nowhere":
            continue
        if method not in READS and rule.endpoint.startswith("api."):
            answer = site.app.test_client().open(address, method=method, json={})
            assert answer.status_code in (401, 415, 422), f"{method} {address}"


def test_every_answer_has_its_headers(site: Site) -> None:
    olga = site.browser(site.person("root", role="admin"))
    for rule, method, address in rules(site):
        if method != "GET":
            continue
        answer = olga.get(address)
        said = f"{rule.endpoint} {answer.status_code}"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, said
        assert "frame-ancestors 'none'" in policy, said
        assert "unsafe" not in policy, said
        assert answer.headers["X-Content-Type-Options"] == "nosniff", said
        assert answer.headers["Referrer-Policy"] == "same-origin", said
        # No worker runs here, which is for /readyz to say.
        assert answer.status_code < 500 or rule.endpoint == "health.ready", said
    for address in ("/nowhere", "/static/nothing.css", "/books/none/none.epub"):
        answer = site.visitor().get(address)
        assert answer.status_code == 404
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_trouble_of_ours_is_told_without_its_insides(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret insides")

    monkeypatch.setattr("web.projects.listing._all", fall)
    answer = site.visitor().get("/projects")
    assert answer.status_code == 500
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "secret insides" not in answer.text
    assert re.search(r"Code [0-9a-f]{8}", answer.text)


def test_pages_of_who_is_signed_in_are_kept_nowhere(site: Site) -> None:
    browser = site.browser(site.person("ben"))
    for address in ("/desk", "/settings", "/projects/a-book"):
        answer = browser.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


#: What a form that changes something answers to: nobody, a volunteer, a coordinator, an admin.
#: 303 to the sign-in page for nobody; 403 where somebody may not; `None` where it depends.
OF_COORDINATORS = {
    "projects.add_scans": {},
    "projects.read_again": {"page": "1"},
    "projects.manage_now": {
        "title": "Mine", "languages": "en", "rounds": ["P1", "P2", "F1"], "state": "active",
    },
    "projects.page_kinds": {"pages": "2", "kind": "blank"},
    "projects.coordinators": {"add": "ann"},
    "projects.remove": {},
    "projects.settle": {"action": "replace"},
    "projects.answer_word": {"action": "accept"},
    "projects.release": {},
    "projects.withdraw": {"number": "1"},
    "projects.manage": None,
    "projects.problems": None,
    "projects.releases": None,
}  # fmt: skip
OF_ADMINS = {
    "admin.index": None,
    "admin.people": None,
    "admin.jobs": None,
    "admin.set_role": {"role": "admin"},
    "admin.reset_link": {},
    "admin.set_closed": {"closed": "1"},
    "admin.retry_job": {},
}


def ask(site: Site, person: Person | None, endpoint: str, form: dict[str, Any] | None) -> int:
    browser = site.browser(person) if person else site.visitor()
    method = "GET" if form is None else "POST"
    [address] = {
        address
        for rule, each, address in rules(site)
        if rule.endpoint == endpoint and each == method
    }
    answer = browser.get(address) if form is None else browser.post(address, form)
    if answer.status_code == 303 and answer.location.startswith("/sign-in"):
        return 401
    if answer.status_code == 403:
        assert re.search(r"<dd>[^<]+\.", answer.text), "a refusal says why"
    return answer.status_code


@pytest.mark.parametrize(("endpoint", "form"), OF_COORDINATORS.items())
def test_what_coordinators_do_is_theirs(
    site: Site, endpoint: str, form: dict[str, Any] | None
) -> None:
    before = site.project_row("a-book").title
    assert ask(site, None, endpoint, form) == 401
    assert ask(site, site.person("ben"), endpoint, form) == 403
    assert ask(site, site.person("rita", role="coordinator"), endpoint, form) == 403
    assert site.project_row("a-book").title == before
    with site.look() as session:
        olga = session.query(Person).filter_by(name="olga").one()
    assert ask(site, olga, endpoint, form) not in (401, 403, 500)


@pytest.mark.parametrize(("endpoint", "form"), OF_ADMINS.items())
def test_what_admins_do_is_theirs(site: Site, endpoint: str, form: dict[str, Any] | None) -> None:
    assert ask(site, None, endpoint, form) == 401
    for role in ("volunteer", "coordinator"):
        assert ask(site, site.person(role, role=role), endpoint, form) == 403
    assert ask(site, site.person("root", role="admin"), endpoint, form) not in (401, 403, 500)


def test_what_is_public_is_shown_to_all(site: Site) -> None:
    for address in (
        "/", "/books", "/projects", "/projects/a-book", "/projects/a-book/pages/1",
        "/projects/a-book/reading", "/sign-in", "/join", "/healthz",
        "/api/v1/projects/a-book/pages/1", "/api/v1/openapi.json",
    ):  # fmt: skip
        assert site.visitor().get(address).status_code == 200, address


def test_hostile_text_stays_text_everywhere(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga", role="admin")
    fields = {
        "title": HOSTILE, "author": HOSTILE, "publisher": HOSTILE, "note": HOSTILE,
        "description": HOSTILE, "subjects": [HOSTILE], "rounds_": ["P1"], "one_person": True,
    }  # fmt: skip
    slug = sqlite_site.project(olga, pages=[HOSTILE], **fields)
    with writing(sqlite_site.engine) as session:
        page = session.query(Page).one()
        page.label, page.file_name = "<b>i</b>", HOSTILE
    browser, api = sqlite_site.browser(olga), sqlite_site.api(olga)
    task = api.post(f"/projects/{slug}/checkouts", {}).get_json()["id"]
    paths = [f"/proof/{task}", "/", "/desk", "/projects", f"/projects/{slug}", "/admin/jobs"]
    assert_inert(browser, paths)
    api.post(f"/tasks/{task}/done", {"text": HOSTILE, "version": 0, "note": HOSTILE})
    api.post(f"/projects/{slug}/releases", {"with_open_findings": True})
    sqlite_site.work("books")
    paths = [f"/projects/{slug}/{more}" for more in ("pages/1", "reading", "manage", "release")]
    assert_inert(
        browser, [*paths, f"/books/{slug}", "/books", f"/projects/{slug}/pages/1?a=ocr&b=1"]
    )
    assert_inert(
        browser, [f"/books?q={HOSTILE}", f"/projects?q={HOSTILE}", f"/sign-in?next={HOSTILE}"]
    )
    epub = browser.get(f"/books/{slug}/{slug}.epub")
    assert "\n" not in epub.headers["Content-Disposition"]
    assert "<" not in epub.headers["Content-Disposition"].replace("%3C", "")


def assert_inert(browser: Any, paths: list[str]) -> None:  # noqa: ANN401 - tests.support.site.Browser
    for path in paths:
        html = browser.get(path, follow_redirects=True).text
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert "<b>i</b>" not in html, path
        assert "49" not in re.findall(r"&amp;amp;(\d*)", html), path
