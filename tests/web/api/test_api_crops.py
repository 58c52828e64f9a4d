"""Parts of page images: bounded, cached, and never of another scan."""

import io

import pytest
from PIL import Image

from library.db import writing
from library.models import Page
from tests.support.site import Site, encoded

CROP = "/projects/a-book/pages/1/crop"


@pytest.fixture
def site(sqlite_site: Site) -> Site:
    """Give a site with a page of 1600 by 1800 pixels: white, with a black square in it."""
    sqlite_site.project(sqlite_site.person("olga"), pages=1)
    keep(sqlite_site, Image.new("L", (1600, 1800), "white"), black=(200, 300, 100, 50))
    return sqlite_site


def keep(site: Site, image: Image.Image, black: tuple[int, int, int, int]) -> str:
    """Let an image with a black box be the page's scan; return its hash."""
    left, top, wide, high = black
    image.paste(0, (left, top, left + wide, top + high))
    sha256 = site.place.storage.put(io.BytesIO(encoded(image, "PNG")))
    with writing(site.engine) as session:
        page = session.query(Page).one()
        page.image_sha256, page.width, page.height = sha256, *image.size
    return sha256


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=["WEBP"]).convert("L")


def test_a_part_is_cut_out(site: Site) -> None:
    answer = site.api(None).get(f"{CROP}?box=190,290,120,70")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    found = picture(answer.data)
    assert found.size == (120, 70)
    assert found.getpixel((60, 35)) == pytest.approx(0, abs=12)
    assert found.getpixel((2, 2)) == pytest.approx(255, abs=12)
    inside = picture(site.api(None).get(f"{CROP}?box=200,300,100,50").data).getextrema()
    assert inside[1] == pytest.approx(0, abs=12)


def test_it_is_made_smaller_and_never_larger(site: Site) -> None:
    api = site.api(None)
    assert picture(api.get(f"{CROP}?box=0,0,800,400&width=200").data).size == (200, 100)
    assert picture(api.get(f"{CROP}?box=0,0,80,40&width=200").data).size == (80, 40)
    assert picture(api.get(f"{CROP}?box=0,0,1600,1800&width=800").data).size == (800, 900)


@pytest.mark.parametrize(
    "query",
    [
        "", "box=", "box=1,2,3", "box=1,2,3,4,5", "box=a,b,c,d", "box=-1,0,5,5", "box=0,0,0,5",
        "box=0,0,1601,5", "box=1590,0,11,5", "box=0,1795,5,6", "box=0,0,5,5&width=0",
        "box=0,0,5,5&width=x", "box=0,0,5,5&width=2401", "box=0,0,1600,1800",
        "box=0,0,9999999999,5", "box=0,0,5,\u0665",
    ],
)  # fmt: skip
def test_what_is_not_on_the_page_or_too_large_is_refused(site: Site, query: str) -> None:
    answer = site.api(None).get(f"{CROP}?{query}")
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) <= {"box", "width"}


def test_it_is_kept_only_while_the_scan_is_the_same(site: Site) -> None:
    api = site.api(None)
    plain = api.get(f"{CROP}?box=200,300,100,50")
    assert plain.headers["Cache-Control"] == "no-cache"
    etag = {"If-None-Match": plain.headers["ETag"]}
    assert api.get(f"{CROP}?box=200,300,100,50", headers=etag).status_code == 304
    assert api.get(f"{CROP}?box=200,300,100,49", headers=etag).status_code == 200
    old = keep(site, Image.new("L", (1600, 1800), "white"), black=(0, 0, 9, 9))
    assert api.get(f"{CROP}?box=200,300,100,50", headers=etag).status_code == 200
    lasting = api.get(f"{CROP}?box=0,0,9,9&scan={old[:16]}")
    assert "immutable" in lasting.headers["Cache-Control"]
    keep(site, Image.new("L", (1600, 1800), "white"), black=(5, 5, 9, 9))
    assert api.get(f"{CROP}?box=0,0,9,9&scan={old[:16]}").status_code == 404


def test_a_scan_that_is_not_there_is_told(site: Site) -> None:
    api = site.api(None)
    assert api.get("/projects/a-book/pages/9/crop?box=0,0,5,5").status_code == 404
    for sha256 in ("0" * 64, None):
        with writing(site.engine) as session:
            session.query(Page).one().image_sha256 = sha256
        assert api.get(f"{CROP}?box=0,0,5,5").status_code == 404
