"""One's desk over HTTP, and the characters of a book."""

import re

import pytest

from tests.support.site import Site


def test_the_desk_is_chosen_bit_by_bit(site: Site) -> None:
    slug, ann = site.project(site.person("olga")), site.api(site.person("ann"))
    empty: dict[str, object] = {"wide": {}, "narrow": {}, "books": {}}
    assert ann.get("/me/desk").get_json() == empty
    first = ann.put("/me/desk", {"wide": {"layout": "facing", "zoom": 1, "keys": {"done": "F9"}}})
    assert first.status_code == 200
    ann.put("/me/desk", {"narrow": {"layout": "interlinear"}, "books": {slug: {"rotate": 90}}})
    whole = ann.put("/me/desk", {"wide": {"zoom": None, "split": 60, "keys": {"find": "Ctrl+F"}}})
    expected = {
        "wide": {"layout": "facing", "split": 60, "keys": {"done": "F9", "find": "Ctrl+F"}},
        "narrow": {"layout": "interlinear"},
        "books": {slug: {"rotate": 90}},
    }
    assert whole.get_json() == expected
    assert ann.get("/me/desk").get_json() == expected
    assert site.api(site.person("ben")).get("/me/desk").get_json() == empty


@pytest.mark.parametrize(
    "body",
    [
        {"size": {}},
        {"wide": {"colour": "red"}},
        {"wide": {"layout": "upside-down"}},
        {"wide": {"zoom": "1"}},
        {"wide": {"zoom": 1000}},
        {"wide": {"split": 5}},
        {"wide": {"blind": 1}},
        {"wide": {"face": "comic"}},
        {"wide": {"keys": {"Done Now": "F9"}}},
        {"wide": {"keys": {"done": "x" * 41}}},
        {"wide": {"keys": {"done": "a\nb"}}},
        {"wide": {"keys": {f"command-{at}": "Ctrl+Shift+F12" for at in range(300)}}},
        {"books": {"a-book": {"tilt": 1}}},
        {"books": {f"book-{at}": {} for at in range(21)}},
        {"wide": {"zoom": 2}, "books": {"a-book": {"rotate": 999}}},
    ],
)
def test_what_no_desk_has_is_refused_whole(sqlite_site: Site, body: dict[str, object]) -> None:
    sqlite_site.project(sqlite_site.person("olga"))
    ann = sqlite_site.api(sqlite_site.person("ann"))
    assert ann.put("/me/desk", body).status_code == 422
    assert ann.get("/me/desk").get_json() == {"wide": {}, "narrow": {}, "books": {}}


def test_a_book_that_is_not_there_undoes_the_rest(site: Site) -> None:
    ann = site.api(site.person("ann"))
    sent = {"wide": {"zoom": 2}, "books": {"nowhere": {"invert": True}}}
    assert ann.put("/me/desk", sent).status_code == 404
    assert ann.get("/me/desk").get_json()["wide"] == {}


def test_a_guest_has_no_desk_here(sqlite_site: Site) -> None:
    guest = sqlite_site.api(None)
    assert guest.get("/me/desk").status_code == 401
    assert guest.put("/me/desk", {"wide": {"zoom": 2}}).status_code == 401


def test_a_book_tells_its_characters(site: Site) -> None:
    olga = site.person("olga")
    slug = site.project(olga, pages=["ᾧ ᾧ ᾧ μ μ", "é é"], languages=["en", "grc"])
    given = site.api(None).get(f"/projects/{slug}/characters").get_json()
    assert [each["language"] for each in given["sets"]] == ["en", "grc"]
    assert given["sets"][0]["name"] == "English"
    assert {"char": "æ", "name": "latin small letter ae"} in given["sets"][0]["characters"]
    assert [each["char"] for each in given["book"]] == ["ᾧ", "é", "μ"]
    assert re.fullmatch(f"{given['allowed']}+", "Æ ᾧ, plain")
    assert not re.fullmatch(given["allowed"], "ж")
    other = site.project(olga, languages=["chr"])
    given = site.api(None).get(f"/projects/{other}/characters").get_json()
    assert (given["allowed"], given["sets"][0]["characters"], given["book"]) == (None, [], [])
    assert site.api(None).get("/projects/nowhere/characters").status_code == 404
