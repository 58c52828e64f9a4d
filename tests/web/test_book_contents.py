"""The contents list and the decisions in a browser without scripts."""

import re
from html import unescape

import pytest

from exports.releasing import contents
from library.models import Person
from tests.support.site import Api, Browser, Site

PAGES = (
    "CHAPTER I\n\nThe path went down to the brook-\nside, and one said: 'Arry is here.",
    "\nCHAPTER II\n\nIt was a night.",
)


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def slug(site: Site, olga: Person) -> str:
    slug = site.project(olga, pages=["" for _ in PAGES], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in PAGES:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    built(site, api, slug)
    return slug


@pytest.fixture
def browser(site: Site, olga: Person) -> Browser:
    return site.browser(olga)


def built(site: Site, api: Api, slug: str) -> str:
    api.get(f"/projects/{slug}/preview.txt")
    site.work("books")
    return api.get(f"/projects/{slug}/preview.txt").text


def _form(html: str) -> dict[str, list[str]]:
    """Return the entries that the form would send back."""
    rows = re.findall(r'<li class="entry .*?</li>', html, re.DOTALL)
    fields = {
        name: [unescape(re.search(rf'name="{name}" value="([^"]*)"', row)[1]) for row in rows]  # type: ignore[index]
        for name in ("page", "heading", "title")
    }
    levels = [re.search(r'value="(\d)" selected', row)[1] for row in rows]  # type: ignore[index]
    return {
        **fields,
        "level": levels,
        "version": re.findall(r'name="version" value="(\d+)"', html)[:1],
    }


def _titles(site: Site, slug: str) -> list[str] | None:
    with site.look() as session:
        entries = contents.standing(session, site.project_row(slug)).entries
    return None if entries is None else [each["title"] for each in entries]


def test_the_proposal_is_changed_and_put_back(site: Site, slug: str, browser: Browser) -> None:
    path = f"/projects/{slug}/contents"
    html = browser.read(path)
    assert "Proposed by the machine" in html
    form = _form(html)
    assert form["title"] == ["CHAPTER I", "CHAPTER II"]
    form["title"][1] = "Night"
    added = {"new_page": ["2"], "new_title": ["It was a night."], "new_level": ["3"]}
    assert browser.post(path, {**form, "remove": ["0"], **added}).status_code == 303
    assert _titles(site, slug) == ["Night", "It was a night."]
    html = browser.read(path)
    assert "Settled by people" in html
    assert "On the page: CHAPTER II" in html
    taken = re.findall(r'name="take" value="([^"]*)"', html)
    assert [each.split(":", 2)[2] for each in taken] == ["CHAPTER I"]
    browser.post(path, {**_form(html), "take": taken[0]})
    assert _titles(site, slug) == ["CHAPTER I", "Night", "It was a night."]
    html = browser.read(path)
    change = re.findall(r'name="change" value="(\d+)"', html)[0]
    browser.post(f"{path}/before", {"version": _form(html)["version"][0], "change": change})
    assert _titles(site, slug) == ["Night", "It was a night."]
    browser.post(f"{path}/before", {"version": _form(browser.read(path))["version"][0]})
    assert _titles(site, slug) is None


def test_what_is_refused_is_shown_again(slug: str, browser: Browser) -> None:
    path = f"/projects/{slug}/contents"
    form = _form(browser.read(path))
    browser.post(path, {**form, "title": ["One", "Two"]})
    late = browser.post(path, {**form, "title": ["Uno", "Due"]})
    assert late.status_code == 409
    assert _form(late.text)["title"] == ["Uno", "Due"]
    assert _form(late.text)["version"] == ["1"]
    assert re.search(r"What stands now.*One.*Two", late.text, re.DOTALL)
    wrong = {"new_page": ["99"], "new_title": ["Afterword"], "new_level": ["2"]}
    refused = browser.post(path, {**_form(late.text), **wrong})
    assert refused.status_code == 422
    assert "The book has no page “99”." in refused.text
    assert 'value="Afterword"' in refused.text


def test_a_title_that_its_page_does_not_have_is_told(slug: str, browser: Browser) -> None:
    path = f"/projects/{slug}/contents"
    added = {"new_page": ["2"], "new_title": ["CHAPTER IX"], "new_level": ["2"]}
    browser.post(path, {**_form(browser.read(path)), **added})
    assert "Its page does not say “CHAPTER IX”" in browser.read(path)


def test_a_word_is_decided_and_taken_back(
    site: Site, slug: str, olga: Person, browser: Browser
) -> None:
    path, api = f"/projects/{slug}/decisions", site.api(olga)
    html = browser.read(path)
    assert "Words broken at a line" in html
    assert "Quotation marks" in html
    answer = {"kind": "word", "key": "brook-side", "value": "brook-side"}
    assert browser.post(path, answer).headers["Location"].endswith("#word")
    html = browser.read(path)
    assert "Words broken at a line" not in html
    assert "Quotation marks" in html
    assert "Take back" in html
    assert "the brook-side," in built(site, api, slug).replace("\n", " ")
    browser.post(path, {**answer, "value": ""})
    built(site, api, slug)
    assert "Words broken at a line" in browser.read(path)


def test_others_look_on(site: Site, slug: str) -> None:
    visitor = site.visitor()
    for page in ("contents", "decisions"):
        assert "Sign in" in visitor.read(f"/projects/{slug}/{page}")
        assert 'data-key="1"' not in visitor.read(f"/projects/{slug}/{page}")
