"""Pictures by the API: from regions on a real scan to the images of the book."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree
from PIL import Image, ImageChops

from library import collecting
from library.db import writing
from library.models import Page
from pipeline.models import Illustration
from tests.support.scanned import SHARED, shared_item
from tests.support.site import Api, Site, encoded

PAGE = "/projects/a-book/pages/1"
REGION = {
    "box": [100, 120, 300, 200],
    "alt": "A cat on a mat.",
    "caption": "",
    "decorative": False,
    "line_art": False,
}


@pytest.fixture
def drawn(site: Site) -> Site:
    """Give a site with a page whose scan is a grey ramp of 600 by 900 pixels."""
    site.project(site.person("olga"), pages=1)
    ramp = Image.linear_gradient("L").resize((600, 900))
    sha256 = site.place.storage.put(io.BytesIO(encoded(ramp, "PNG")))
    with writing(site.engine) as session:
        page = session.query(Page).one()
        page.original_sha256 = page.image_sha256 = sha256
        page.width, page.height = ramp.size
    return site


def items(api: Api, page: str = PAGE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"{page}/illustrations").get_json()["items"]
    return found


def test_what_was_sent_is_given_back_and_cut(drawn: Site) -> None:
    ben = drawn.api(drawn.person("ben"))
    put = ben.put(f"{PAGE}/illustrations", {"items": [REGION, {"box": [0, 0, 50, 50]}]})
    assert put.status_code == 200
    first, second = put.get_json()["items"]
    assert first == {**REGION, "state": "waiting", "image": None}
    assert (second["alt"], second["decorative"]) == ("", False)
    assert ben.get(f"{PAGE}/illustrations/1/image").status_code == 404
    drawn.work()
    given = drawn.api(None).get(f"{PAGE}/illustrations").get_json()
    assert [each["state"] for each in given["items"]] == ["cut", "cut"]
    image = _image(ben, given["items"][0]["image"])
    assert (image.format, image.size) == ("PNG", (300, 200))
    assert ben.get(f"{PAGE}/illustrations/3/image").status_code == 404
    again = ben.put(f"{PAGE}/illustrations", {"items": given["items"]}).get_json()
    assert again == given


def test_pictures_are_for_everybody_who_is_signed_in(drawn: Site) -> None:
    assert drawn.api(None).put(f"{PAGE}/illustrations", {"items": [REGION]}).status_code == 401
    drawn.api(drawn.person("ben")).put(f"{PAGE}/illustrations", {"items": [REGION]})
    assert len(items(drawn.api(None))) == 1
    history = drawn.api(None).get("/projects/a-book/events").get_json()["items"]
    assert any(
        each["action"] == "page.pictures-changed" and each["by"] == "ben" for each in history
    )


@pytest.mark.parametrize(
    ("region", "field"),
    [
        ({**REGION, "box": [500, 0, 200, 200]}, "items.0.box"),
        ({**REGION, "box": [-1, 0, 200, 200]}, "items.0.box"),
        ({**REGION, "box": [0, 0, 2, 2]}, "items.0.box"),
        ({**REGION, "box": [0, 0, 2]}, "items.0.box"),
        ({**REGION, "alt": "x" * 2001}, "items.0.alt"),
        ({**REGION, "title": "x"}, "items.0.title"),
    ],
)
def test_what_does_not_fit_is_named(drawn: Site, region: object, field: str) -> None:
    answer = drawn.api(drawn.person("ben")).put(f"{PAGE}/illustrations", {"items": [region]})
    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]


def test_a_change_on_an_older_state_tells_of_the_newer(drawn: Site) -> None:
    ben = drawn.api(drawn.person("ben"))
    version = ben.get(f"{PAGE}/illustrations").get_json()["version"]
    ben.put(f"{PAGE}/illustrations", {"items": [REGION], "version": version})
    late = ben.put(f"{PAGE}/illustrations", {"items": [], "version": version})
    assert late.status_code == 409
    assert late.get_json()["current"] == {
        "version": ben.get(f"{PAGE}/illustrations").get_json()["version"]
    }


#: Where each real page has its picture, in pixels of the scan.
PICTURES = {
    "en-seatweaving-j040": [100, 900, 850, 600],
    "en-wilson-027": [100, 700, 1000, 800],
}


def test_regions_of_a_real_scan_are_the_images_of_the_book(sqlite_site: Site) -> None:
    site, olga = sqlite_site, sqlite_site.person("olga", role="coordinator")
    api, scans = site.api(olga), [SHARED / shared_item(name)["file"] for name in PICTURES]
    new = {"title": "Two Plates", "languages": ["en"], "rounds": ["P1"], "one_person": True}
    slug = api.post("/projects", new).get_json()["slug"]
    api.upload(slug, *((path.name, path.read_bytes()) for path in scans))
    site.work()
    for number, (name, box) in enumerate(PICTURES.items(), start=1):
        region = {"box": box, "alt": f"What {name} shows.", "line_art": number == 2}
        put = api.put(f"/projects/{slug}/pages/{number}/illustrations", {"items": [region]})
        assert put.status_code == 200
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        text = f"{task['text']}\n\n[Illustration: Plate {number}]"
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    site.work()
    with _epub(site, api, slug) as book:
        for number, (path, box) in enumerate(zip(scans, PICTURES.values(), strict=True), start=1):
            [picture] = items(api, f"/projects/{slug}/pages/{number}")
            wanted = _region(path, box)
            assert _same(_image(api, picture["image"]), wanted)
            made = Image.open(io.BytesIO(book.read(f"EPUB/images/page000{number}-1.png")))
            assert made.mode == "1"
            assert not made.getexif()
            assert _same(made, wanted)
        text = "".join(book.read(name).decode() for name in book.namelist() if "/text/s" in name)
        assert text.count('class="line-art"') == 1
        assert 'width="1000" height="800"' in text
        assert "alternativeText" in book.read("EPUB/content.opf").decode()


def _image(api: Api, address: str) -> Image.Image:
    return Image.open(io.BytesIO(api.get(address.removeprefix("/api/v1")).data))


def _region(path: Path, box: list[int]) -> Image.Image:
    left, top, wide, high = box
    with Image.open(path) as scan:
        return scan.crop((left, top, left + wide, top + high))


def _same(one: Image.Image, other: Image.Image) -> bool:
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return one.size == other.size and difference.getbbox() is None


def _epub(site: Site, api: Api, slug: str) -> zipfile.ZipFile:
    api.post(f"/projects/{slug}/releases", {"with_open_findings": True})
    site.work("books")
    [release] = api.get(f"/projects/{slug}/releases").get_json()["items"]
    assert release["state"] == "published", release["reason"]
    assert not [each for each in release["findings"] if "picture" in each["code"]]
    made = site.visitor().get(f"/books/{slug}/{slug}.epub")
    book = zipfile.ZipFile(io.BytesIO(made.data))
    for name in book.namelist():
        if name.endswith("xhtml"):
            etree.fromstring(book.read(name))
    return book


def test_a_release_keeps_its_pictures(drawn: Site) -> None:
    olga = drawn.api(drawn.person("lead", role="admin"))
    olga.put(f"{PAGE}/illustrations", {"items": [REGION]})
    drawn.work()
    with writing(drawn.engine) as session:
        [sha256] = session.scalars(sa.select(Illustration.image_sha256))
    olga.post("/projects/a-book/releases", {})
    drawn.work("books")
    olga.put(f"{PAGE}/illustrations", {"items": []})
    assert sha256 is not None
    collecting.collect(drawn.engine, drawn.place.storage, safe_age=-1)
    assert drawn.place.storage.has(sha256)
