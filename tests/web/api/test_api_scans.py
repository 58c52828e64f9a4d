"""Scans by the API: real files of every kind, odd ones among them, through real OCR."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from library.models import Person
from tests.support.scanned import SHARED, drawn_page, shared_items
from tests.support.site import Api, Site, encoded, multipart, png, zipped


@pytest.fixture
def olga(sqlite_site: Site) -> Person:
    return sqlite_site.person("olga", role="coordinator")


@pytest.fixture
def api(sqlite_site: Site, olga: Person) -> Api:
    return sqlite_site.api(olga)


@pytest.fixture
def slug(sqlite_site: Site, olga: Person) -> str:
    return sqlite_site.project(olga, pages=0)


def small(shade: int = 255) -> Image.Image:
    image = Image.new("L", (300, 400), shade)
    image.putpixel((shade % 300, 7), 0)
    return image


def numbers(api: Api, slug: str) -> dict[int, str]:
    """Return each page's number with the file it came from."""
    items = api.get(f"/projects/{slug}/pages").get_json()["items"]
    return {
        item["number"]: api.get(f"/projects/{slug}/pages/{item['number']}").get_json()["file"]
        for item in items
    }


def test_pages_exist_when_the_answer_arrives(api: Api, slug: str) -> None:
    answer = api.upload(
        slug, ("b.png", encoded(small(), "PNG")), ("a.jpg", encoded(small(1), "JPEG"))
    )
    assert answer.status_code == 202
    given = answer.get_json()
    assert given["accepted"] == [{"file": "a.jpg", "pages": 1}, {"file": "b.png", "pages": 1}]
    assert given["rejected"] == []
    pages = api.get(f"/projects/{slug}").get_json()["pages"]
    assert (pages["total"], pages["ocr"]["queued"]) == (2, 2)


def test_pages_are_in_natural_order_behind_those_there(api: Api, slug: str) -> None:
    names = ("p10.png", "p2.png", "P1.png")
    api.upload(slug, *((name, encoded(small(n), "PNG")) for n, name in enumerate(names)))
    api.upload(slug, ("a.png", encoded(small(99), "PNG")))
    assert numbers(api, slug) == {1: "P1.png", 2: "p2.png", 3: "p10.png", 4: "a.png"}


def test_every_format_is_taken(api: Api, slug: str) -> None:
    frames = [small(n) for n in range(3)]
    packed = {f"x/{n}.png": encoded(small(18 + n), "PNG") for n in (2, 1)}
    files = [
        ("1.png", encoded(small(11), "PNG")),
        ("2.jpg", encoded(small(12), "JPEG")),
        ("3.tif", encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])),
        ("4.jp2", encoded(small(14), "JPEG2000")),
        ("5.webp", encoded(small(15), "WEBP")),
        ("6.pdf", encoded(small(16), "PDF", save_all=True, append_images=[small(17)])),
        ("7.zip", zipped(packed)),
    ]
    given = api.upload(slug, *files).get_json()
    assert given["rejected"] == []
    assert [each["pages"] for each in given["accepted"]] == [1, 1, 3, 1, 1, 2, 2]
    assert len(numbers(api, slug)) == 11


def test_the_bad_are_named_and_the_good_taken(api: Api, slug: str) -> None:
    packed = zipped({"good.png": encoded(small(21), "PNG"), "bad.png": b"not a picture"})
    answer = api.upload(
        slug, ("words.docx", b"PK nothing"), ("pages.zip", packed), ("empty.png", b"")
    )
    assert answer.status_code == 202
    given = answer.get_json()
    assert given["accepted"] == [{"file": "pages.zip", "pages": 1}]
    refused = {each["file"]: each["reason"] for each in given["rejected"]}
    assert set(refused) == {"words.docx", "pages.zip/bad.png", "empty.png"}
    assert all(reason.endswith(".") for reason in refused.values())


def test_nothing_good_is_422_with_the_same_body(api: Api, slug: str) -> None:
    answer = api.upload(slug, ("a.png", b"no"), ("b.pdf", b"no"))
    assert answer.status_code == 422
    given = answer.get_json()
    assert given["accepted"] == []
    assert [each["file"] for each in given["rejected"]] == ["a.png", "b.pdf"]
    assert api.get(f"/projects/{slug}").get_json()["pages"]["total"] == 0


def test_a_repeated_upload_is_reported_not_added(api: Api, slug: str) -> None:
    scan = ("a.png", encoded(small(), "PNG"))
    twice = api.upload(slug, scan, ("b.png", scan[1])).get_json()
    assert len(twice["accepted"]) == 2
    again = api.upload(slug, scan)
    assert again.status_code == 422
    assert "already" in again.get_json()["rejected"][0]["reason"]
    assert len(numbers(api, slug)) == 2


def test_scans_are_for_coordinators_and_come_as_a_form(
    sqlite_site: Site, api: Api, slug: str
) -> None:
    scan = ("a.png", encoded(small(), "PNG"))
    assert sqlite_site.api(sqlite_site.person("ben")).upload(slug, scan).status_code == 403
    assert sqlite_site.api(None).upload(slug, scan).status_code == 401
    assert api.upload("none", scan).status_code == 404
    assert api.post(f"/projects/{slug}/scans", {"files": []}).status_code == 415
    assert api.upload(slug).status_code in (415, 422)


def test_file_names_cannot_lead_elsewhere(api: Api, slug: str, tmp_path: Path) -> None:
    scan = encoded(small(), "PNG")
    evil = "../../etc/<script>alert(1)</script>.png"
    packed = zipped({"../../../outside.png": encoded(small(31), "PNG")})
    given = api.upload(slug, (evil, scan), ("z.zip", packed)).get_json()
    assert not list(tmp_path.rglob("outside.png"))
    assert all(".." not in each["file"] for each in given["accepted"])


ODD_ITEMS = [item for item in shared_items() if item["kind"] == "odd-input"]


@pytest.mark.skipif(not ODD_ITEMS, reason="the shared collection of scans is not here")
def test_odd_inputs_get_what_their_manifest_expects(
    sqlite_site: Site, olga: Person, api: Api
) -> None:
    for item in ODD_ITEMS:
        name, slug = Path(item["file"]).name, sqlite_site.project(olga, pages=0)
        answer = api.upload(slug, (name, (SHARED / item["file"]).read_bytes()))
        given = answer.get_json()
        pages = sum(each["pages"] for each in given["accepted"])
        told = f"{name}: {item['expect']}, but {given}"
        assert (answer.status_code, bool(pages)) in ((202, True), (422, False)), told
        if item["loadable"]:
            # A spread is never split unasked.
            spread = "two-page-spread" in item["features"] or "spread" in name
            assert pages == (1 if spread else item["pages"]), told
        else:
            assert given["rejected"], told


def test_a_page_is_read_shown_and_drawn(sqlite_site: Site, api: Api, slug: str) -> None:
    lines = ["The quick brown fox", "jumps over the lazy dog."]
    api.upload(slug, ("page.png", png(lines)))
    before = api.get(f"/projects/{slug}/pages/1/image")
    assert before.status_code == 404
    sqlite_site.work("ocr")
    page = api.get(f"/projects/{slug}/pages/1").get_json()
    assert "quick brown fox" in page["text"]
    assert page["ocr"]["state"] == "done"
    assert 0 <= page["ocr"]["confidence"] <= 100
    words = [word for line in page["lines"] for word in line["words"]]
    assert [word["text"] for word in words][:4] == ["The", "quick", "brown", "fox"]
    for word in words:
        x, y, w, h = word["box"]
        assert 0 <= x < x + w <= page["width"]
        assert 0 <= y < y + h <= page["height"]
        assert 0 <= word["suspect"] <= 1
    image = api.get(f"/projects/{slug}/pages/1/image")
    assert image.mimetype == "image/png"
    assert Image.open(io.BytesIO(image.data)).size == (page["width"], page["height"])
    assert image.headers["Cache-Control"] == "no-cache"
    scan = hashlib.sha256(image.data).hexdigest()[:16]
    kept = api.get(f"/projects/{slug}/pages/1/image?scan={scan}")
    assert kept.headers["Cache-Control"].endswith("immutable")
    assert api.get(f"/projects/{slug}/pages/1/image?scan={'0' * 16}").status_code == 404
    etag = {"If-None-Match": image.headers["ETag"]}
    assert api.get(f"/projects/{slug}/pages/1/image", headers=etag).status_code == 304
    for width in (100, 777, 20_000):
        smaller = api.get(f"/projects/{slug}/pages/1/image?width={width}")
        assert smaller.status_code == 200
        assert Image.open(io.BytesIO(smaller.data)).width <= page["width"]
    assert api.get(f"/projects/{slug}/pages/1/image?width=x").status_code == 422
    alto, hocr = (api.get(f"/projects/{slug}/pages/1/{kind}") for kind in ("alto", "hocr"))
    assert "quick" in alto.text
    assert "alto" in alto.text
    assert "ocrx_word" in hocr.text


def test_a_page_is_read_again_in_another_way(sqlite_site: Site, api: Api, slug: str) -> None:
    api.upload(slug, ("page.png", png()))
    sqlite_site.work("ocr")
    path = f"/projects/{slug}/pages/1/ocr"
    assert api.post(path, {"psm": 99}).status_code == 422
    assert api.post(path, {"languages": ["xx-none"]}).status_code == 422
    again = api.post(path, {"psm": 6})
    assert again.status_code == 202
    assert again.get_json()["ocr"]["state"] == "queued"
    sqlite_site.work("ocr")
    assert api.get(f"/projects/{slug}/pages/1").get_json()["ocr"]["state"] == "done"


def test_a_scan_is_replaced(sqlite_site: Site, api: Api, slug: str) -> None:
    api.upload(slug, ("page.png", png(["Old words here."])))
    sqlite_site.work("ocr")
    path = f"/projects/{slug}/pages/1/image"

    def send(*files: tuple[str, bytes]) -> int:
        return api.put(path, **multipart(files)).status_code

    assert send(("a.png", b"no")) == 422
    assert send(("a.png", png()), ("b.png", png())) == 422
    assert send(("new.png", png(["New words here."]))) == 202
    sqlite_site.work("ocr")
    page = api.get(f"/projects/{slug}/pages/1").get_json()
    assert "New words here." in page["text"]
    assert page["file"] == "new.png"


def test_labels_kinds_and_order(sqlite_site: Site, api: Api, slug: str) -> None:
    files = ((f"{n}.png", encoded(drawn_page([f"Page {n}"]), "PNG")) for n in (1, 2, 3))
    api.upload(slug, *files)
    sqlite_site.work("ocr")
    path = f"/projects/{slug}/pages"
    labelled = api.patch(f"{path}/1", {"label": "xii"}).get_json()
    assert (labelled["label"], labelled["number"]) == ("xii", 1)
    assert api.patch(f"{path}/1", {"kind": "cover"}).status_code == 422
    assert api.patch(f"{path}/1", {"label": "x" * 21}).status_code == 422
    blank = api.patch(f"{path}/2", {"kind": "blank"}).get_json()
    assert {each["state"] for each in blank["rounds"]} == {"done"}
    ids = [item["id"] for item in api.get(path).get_json()["items"]]
    assert api.post(f"{path}/order", {"order": ids[:2]}).status_code == 422
    moved = api.post(f"{path}/order", {"order": ids[::-1]}).get_json()["items"]
    assert [item["id"] for item in moved] == ids[::-1]
    assert api.get(f"{path}/id:{ids[0]}").get_json()["number"] == 3
    assert api.delete(f"{path}/id:{ids[0]}").status_code == 200
    assert [item["id"] for item in api.get(path).get_json()["items"]] == [ids[2], ids[1]]
    ben = sqlite_site.api(sqlite_site.person("ben"))
    assert ben.patch(f"{path}/1", {"label": "no"}).status_code == 403
    assert ben.post(f"{path}/order", {"order": ids}).status_code == 403
    assert ben.delete(f"{path}/1").status_code == 403


def test_a_page_that_was_worked_on_is_not_deleted(
    sqlite_site: Site, olga: Person, api: Api
) -> None:
    slug = sqlite_site.project(olga, pages=1)
    ben = sqlite_site.api(sqlite_site.person("ben"))
    ben.post(f"/projects/{slug}/checkouts", {})
    assert api.delete(f"/projects/{slug}/pages/1").status_code == 409


def test_page_addresses_that_are_none(sqlite_site: Site, api: Api, olga: Person) -> None:
    slug = sqlite_site.project(olga, pages=1)
    for address in ("0", "2", "id:0", "id:99", "x", "1.5", "id:", "-1", "\u0661", "9" * 30):
        assert api.get(f"/projects/{slug}/pages/{address}").status_code == 404, address
