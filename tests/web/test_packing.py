"""The pack for those who make the book by hand, in any state of the project."""

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from exports.writing.pack import Pack, PackPage, packed
from library.db import writing
from library.models import Page
from tests.support.site import Site


def scanned(site: Site, slug: str) -> bytes:
    """Give every page of a project the same scan."""
    file = io.BytesIO()
    Image.new("L", (60, 90), "white").save(file, "PNG")
    sha256 = site.place.storage.put(io.BytesIO(file.getvalue()))
    with writing(site.engine) as session:
        for page in session.query(Page).filter(Page.project.has(slug=slug)):
            page.image_sha256 = sha256
    return file.getvalue()


def test_the_pack_holds_text_scans_and_words(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=["One\n\nTwo", "Three", "Four"], rounds_=["P1", "P2"])
    scan = scanned(site, slug)
    api = site.api(olga)
    api.put(f"/projects/{slug}/words/good", {"words": ["Galleys"]})
    api.patch(f"/projects/{slug}/pages/2", {"label": "xii"})
    api.patch(f"/projects/{slug}/pages/3", {"kind": "blank"})
    for name, text in (("ann", "One\n\nTwo."), ("ben", "One.\n\nTwo.")):
        reader = site.api(site.person(name))
        asked = {} if name == "ann" else {"round": "P2"}
        task = reader.post(f"/projects/{slug}/checkouts", asked).get_json()
        reader.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    browser = site.browser(olga)
    joined = browser.get(f"/projects/{slug}/concatenated.txt")
    assert joined.data.decode().split("\r\n") == [
        "-----File: 001.png---\\ann\\ben\\".ljust(75, "-"),
        "One.",
        "",
        "Two.",
        "-----File: 002.png---\\".ljust(75, "-"),
        "Three",
        "-----File: 003.png---\\".ljust(75, "-"),
        "[Blank Page]",
        "",
    ]
    sent = browser.get(f"/projects/{slug}/pack.zip")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{slug}-pack.zip"'
    with zipfile.ZipFile(io.BytesIO(sent.data)) as made:
        assert made.testzip() is None
        assert made.namelist() == [
            "README.txt",
            f"{slug}.txt",
            "good_words.txt",
            "bad_words.txt",
            *(f"pngs/{number:03}.png" for number in (1, 2, 3)),
        ]
        assert made.read(f"{slug}.txt") == joined.data
        assert made.read("pngs/002.png") == scan
        assert made.read("good_words.txt") == b"Galleys\r\n"
        readme = made.read("README.txt").decode()
    assert "2 of 3 pages have been through every round" in readme
    assert "xii  2" in readme


def test_it_is_for_people_who_are_signed_in(sqlite_site: Site) -> None:
    slug = sqlite_site.project(sqlite_site.person("olga", role="coordinator"))
    for name in ("pack.zip", "concatenated.txt"):
        answer = sqlite_site.visitor().get(f"/projects/{slug}/{name}")
        assert answer.status_code in (302, 303, 401)
        assert b"File:" not in answer.data
    assert sqlite_site.visitor().get("/projects/none/pack.zip").status_code != 200


def test_a_pack_of_any_size_needs_little_memory(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(bytes(8_000_000))
    pages = [PackPage(n, "", f"Page {n}", ["ann"], scan) for n in range(1, 9)]
    gone = PackPage(1000, "", "The last", [], tmp_path / "gone.png")
    pack = Pack("A Book", "", "book", "https://x", [], "", [*pages, gone], [], [])
    target = tmp_path / "made.zip"
    tracemalloc.start()
    with target.open("wb") as file:
        for part in packed(pack, datetime(2026, 11, 23, tzinfo=UTC)):
            file.write(part)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert target.stat().st_size > 64_000_000
    assert most < 8_000_000
    with zipfile.ZipFile(target) as made:
        assert made.testzip() is None
        assert made.namelist()[-1] == "pngs/0008.png"
        assert "Without an image, for it is missing: 1000" in made.read("README.txt").decode()
