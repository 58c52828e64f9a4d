"""The library by the API: books with files, chapters and releases, and the search inside them."""

from tests.support.site import Site
from tests.web.test_search import WALDEN, publish, release

URL = "http://127.0.0.1:5000"


def test_a_book_is_shown_whole(site: Site) -> None:
    slug = publish(
        site, WALDEN, title="Walden", author="Henry Thoreau", subjects=["Nature"], year=1854
    )
    release(site, slug)
    api = site.api(None)
    book = api.get(f"/books/{slug}").get_json()
    assert (book["title"], book["author"], book["year"]) == ("Walden", "Henry Thoreau", 1854)
    assert book["contributors"] == [{"name": "Henry Thoreau", "role": "aut"}]
    assert (book["pages"], book["words"] > 50) == (3, True)
    assert [each["title"] for each in book["contents"]] == ["ECONOMY", "SOUNDS"]
    assert book["contents"][0]["url"] == f"{URL}/books/{slug}/read/s001"
    assert [each["number"] for each in book["releases"]] == [1]
    for kind in ("author=henry-thoreau", "author=Henry+Thoreau", "subject=nature", "q=wald"):
        [listed] = api.get(f"/books?{kind}").get_json()["items"]
        assert {name: book[name] for name in listed} == listed
    assert api.get("/books?author=thoreau").get_json()["items"] == []


def test_words_are_looked_for_inside_books(site: Site) -> None:
    slug = publish(site, WALDEN, title="Walden")
    found = site.api(None).get('/search?q="shore of Walden Pond"').get_json()
    assert (found["books"], found["places"], found["next"]) == (1, 1, None)
    [place] = found["items"]
    assert (place["book"], place["page"], place["line"]) == (slug, 1, 10)
    assert "on the shore of Walden Pond, in Concord" in place["excerpt"]
    assert place["url"] == f"{URL}/books/{slug}/read/s001#p1l10"
    assert site.api(None).get("/search").get_json()["items"] == []
    assert site.api(None).get("/search?cursor=x").status_code == 422
