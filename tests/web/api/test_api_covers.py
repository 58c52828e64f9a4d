"""A book's own cover: sent, taken from a page, frozen with a release, given back."""

import io
import re
import zipfile

import pytest
from PIL import Image

from library.db import writing
from library.models import Page
from tests.support.site import Api, Site, encoded, multipart

COVER = "/projects/a-book/cover"


@pytest.fixture
def olga(site: Site) -> Api:
    """Give the coordinator of a book of one page, whose scan is teal, 700 by 1000 pixels."""
    olga = site.person("olga")
    site.project(olga, pages=["Words."], rounds_=["P1"], one_person=True)
    scan = encoded(Image.new("RGB", (700, 1000), "teal"), "PNG")
    with writing(site.engine) as session:
        page = session.query(Page).one()
        page.original_sha256 = page.image_sha256 = site.place.storage.put(io.BytesIO(scan))
    return site.api(olga)


def shown(api: Api) -> Image.Image:
    answer = api.get(COVER)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.data))


def middle(image: Image.Image) -> tuple[int, ...]:
    colour = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(colour, tuple)
    return colour


def test_an_image_is_made_the_cover_and_drawn_again_without_it(olga: Api) -> None:
    drawn = shown(olga)
    assert drawn.size == (1400, 2100)
    sent = encoded(Image.new("RGB", (3000, 4500), "maroon"), "JPEG")
    put = olga.put(COVER, **multipart([("cover.jpg", sent)], "file"))
    assert (put.status_code, put.get_json()["own"]) == (200, True)
    own = shown(olga)
    assert own.size == (1600, 2400)
    assert middle(own) == pytest.approx((128, 0, 0), abs=6)
    assert olga.delete(COVER).get_json()["own"] is False
    assert shown(olga).tobytes() == drawn.tobytes()
    actions = [each["action"] for each in olga.get("/projects/a-book/events").get_json()["items"]]
    assert actions.count("project.cover-changed") == 2


def test_a_page_is_the_cover_of_the_release(site: Site, olga: Api) -> None:
    assert olga.put(COVER, {"page": 1}).get_json()["own"] is True
    own = shown(olga)
    assert own.size == (1000, 1429)
    task = olga.post("/projects/a-book/checkouts", {}).get_json()
    olga.post(f"/tasks/{task['id']}/done", {"text": "Words.", "version": 0})
    olga.post("/projects/a-book/releases", {})
    site.work("books")
    olga.delete(COVER)
    made = site.visitor().get("/books/a-book/a-book.epub")
    with zipfile.ZipFile(io.BytesIO(made.data)) as book:
        assert middle(Image.open(io.BytesIO(book.read("EPUB/images/cover.jpg")))) == middle(own)
        assert 'alt="Cover of A Book' in book.read("EPUB/text/cover.xhtml").decode()


@pytest.mark.parametrize(
    ("image", "word"),
    [
        (Image.new("L", (300, 500)), "too small"),
        (Image.new("L", (1500, 1000)), "higher than wide"),
        (None, "cover.png"),
    ],
)
def test_what_makes_no_cover_is_told(olga: Api, image: Image.Image | None, word: str) -> None:
    sent = encoded(image, "PNG") if image else b"not an image at all"
    put = olga.put(COVER, **multipart([("cover.png", sent)], "file"))
    assert put.status_code == 422
    assert re.search(word, put.get_json()["detail"])
    assert shown(olga).size == (1400, 2100)


def test_nothing_sent_and_no_page_are_told(olga: Api) -> None:
    assert olga.put(COVER, **multipart([], "file")).status_code == 422
    assert olga.put(COVER, {"page": 7}).status_code == 404
    assert olga.put(COVER, {"page": 1, "x": 1}).status_code == 422


def test_the_cover_is_for_coordinators(site: Site, olga: Api) -> None:
    del olga
    ben = site.api(site.person("ben"))
    assert ben.put(COVER, {"page": 1}).status_code == 403
    assert ben.delete(COVER).status_code == 403
    assert site.api(None).put(COVER, {"page": 1}).status_code == 401
    assert shown(site.api(None)).size == (1400, 2100)
