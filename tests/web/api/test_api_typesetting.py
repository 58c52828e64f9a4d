"""A text set as in the book, by the API."""

import pytest

from library.models import Person
from tests.support.site import Site


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


def test_a_typed_text_is_set_and_nothing_is_kept(site: Site, olga: Person) -> None:
    slug = site.project(olga)
    ann = site.api(site.person("ann"))
    task = ann.post(f"/projects/{slug}/checkouts", {}).get_json()
    path = f"/tasks/{task['id']}/preview"
    made = ann.post(path, {"text": "A <i>word</i> & more.\n\nThe <b>next paragraph."}).get_json()
    assert "A <i>word</i> &amp; more." in made["html"]
    [finding] = made["findings"]
    assert (finding["line"], finding["severity"]) == (3, "error")
    assert finding["sentence"].endswith(".")
    assert ann.get(f"/tasks/{task['id']}").get_json() == task


def test_who_may_ask_and_for_what(site: Site, olga: Person) -> None:
    slug = site.project(olga)
    ann = site.api(site.person("ann"))
    task = ann.post(f"/projects/{slug}/checkouts", {}).get_json()
    path = f"/tasks/{task['id']}/preview"
    assert site.api(None).post(path, {"text": "a"}).status_code == 401
    assert ann.post("/tasks/999/preview", {"text": "a"}).status_code == 404
    assert ann.post(path, {"text": 1}).status_code == 422


def test_the_book_is_styled_as_every_epub(site: Site) -> None:
    answer = site.browser(site.person("ann")).get("/desk/book.css")
    assert answer.content_type.startswith("text/css")
    assert ".poem" in answer.text


def test_characters_are_found_by_name(site: Site) -> None:
    found = site.api(None).get("/characters?named=e+acute").get_json()["items"]
    assert found[0] == {"char": "\u00e9", "name": "latin small letter e with acute"}
    assert site.api(None).get("/characters").get_json() == {"items": []}
