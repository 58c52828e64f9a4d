"""The contents list and decisions by the API, and what the next build makes of them."""

import pytest

from library.models import Person
from tests.support.site import Api, Site

PAGES = (
    "CHAPTER I\n\nThe path went down to the brook-\nside, and one said: 'Arry is here.",
    "\nCHAPTER II\n\nIt was a night.",
)


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def api(site: Site, olga: Person) -> Api:
    return site.api(olga)


@pytest.fixture
def slug(site: Site, olga: Person, api: Api) -> str:
    slug = site.project(olga, pages=["" for _ in PAGES], rounds_=["P1"], one_person=True)
    for text in PAGES:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    return slug


def _text(site: Site, api: Api, slug: str) -> str:
    """Return the plain text as it would be now."""
    api.get(f"/projects/{slug}/preview.txt")
    site.work("books")
    return api.get(f"/projects/{slug}/preview.txt").text


def test_a_renamed_chapter_is_in_the_next_build(site: Site, api: Api, slug: str) -> None:
    path = f"/projects/{slug}/contents"
    assert api.get(path).get_json()["preview"] == "queued"
    site.work("books")
    given = api.get(path).get_json()
    assert (given["version"], given["entries"], given["preview"]) == (0, None, "done")
    assert [each["title"] for each in given["proposal"]] == ["CHAPTER I", "CHAPTER II"]
    renamed = [given["proposal"][0], {**given["proposal"][1], "title": "Night"}]
    changed = api.put(path, {"entries": renamed, "version": 0}).get_json()
    assert (changed["version"], changed["entries"]) == (1, renamed)
    late = api.put(path, {"entries": [], "version": 0})
    assert late.status_code == 409
    assert late.get_json()["current"] == {"version": 1, "entries": renamed}
    _text(site, api, slug)
    found = [each["code"] for each in api.get(f"/projects/{slug}/checks").get_json()["items"]]
    assert "contents-unfound" not in found
    assert api.get(path).get_json()["proposal"] == given["proposal"]


def test_decisions_win_at_the_next_build(site: Site, api: Api, slug: str) -> None:
    path = f"/projects/{slug}/decisions"
    _text(site, api, slug)
    asked = {each["kind"]: each for each in api.get(path).get_json()["open"]}
    assert set(asked) == {"word", "quote"}
    assert asked["word"]["key"] == "brook-side"
    for value in ("brookside", "brook-side"):
        api.put(path, {"kind": "word", "key": "brook-side", "value": value})
        assert f"the {value}, and" in _text(site, api, slug).replace("\n", " ")
    quote = {"kind": "quote", "key": asked["quote"]["key"]}
    for value, sign in (("apostrophe", "\u2019"), ("open", "\u2018")):
        api.put(path, {**quote, "value": value})
        assert f"{sign}Arry" in _text(site, api, slug)
    now = api.get(path).get_json()
    assert (now["open"], len(now["decided"])) == ([], 2)
    api.put(path, {**quote, "value": None})
    _text(site, api, slug)
    assert [each["kind"] for each in api.get(path).get_json()["open"]] == ["quote"]


def test_strangers_look_and_do_not_decide(site: Site, api: Api, slug: str) -> None:
    stranger = site.api(None)
    asked = {"kind": "word", "key": "to-day", "value": "today"}
    assert stranger.get(f"/projects/{slug}/decisions").status_code == 200
    assert stranger.put(f"/projects/{slug}/decisions", asked).status_code == 401
    assert (
        stranger.put(f"/projects/{slug}/contents", {"entries": [], "version": 0}).status_code == 401
    )
    assert api.put(f"/projects/{slug}/decisions", {**asked, "value": "morrow"}).status_code == 422
    assert api.put(f"/projects/{slug}/contents", {"version": 0}).status_code == 422
