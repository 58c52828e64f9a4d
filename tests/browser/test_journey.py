"""From scans to an ebook in a browser: everything real, one person doing all of it."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import SCANS, Installation, Window
from tests.support.site import zipped

pytestmark = pytest.mark.browser

TITLE = "In the Golden Afternoon"


@pytest.mark.skipif(not SCANS.exists(), reason="the demonstration book is not here")
def test_from_scans_to_ebook(installation: Installation, window: Window) -> None:
    installation.person("solo")
    page = window.page
    window.sign_in("solo")
    add_book(window)
    slug = re.findall(r"/projects/([^/]+)/reading", page.url)[0]
    page.wait_for_selector("text=all done", timeout=120_000)
    window.shoot("journey-2-read")
    page.click("text=To the book's page")
    window.shoot("journey-3-project")
    page.click("main >> text=Proofread a page")
    window.shoot("journey-4-desk", whole=False)
    correct_first_page(window)
    hand_in_all(window)
    assert page.url.endswith("/desk")
    window.shoot("journey-5-desk")
    release(window, slug)
    page.click("text=See the book")
    window.shoot("journey-7-book")
    assert page.inner_text("h1") == TITLE
    epub, text = download(window, "Download EPUB"), fetch(window, f"/books/{slug}/{slug}.txt")
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.read("mimetype") == b"application/epub+zip"
        inside = " ".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")
        )
    assert "Corrected by hand" in inside
    assert "Corrected by hand" in text.decode()
    page.goto("/books")
    assert page.locator(f"a[href='/books/{slug}']").count() == 1


def add_book(window: Window) -> None:
    """Send two pages and a file that is no scan, as a book that one person makes."""
    page = window.page
    page.click("nav >> text=Add a book")
    scans = {f"{n:03}.jpg": (SCANS / f"{n:03}.jpg").read_bytes() for n in (6, 7)}
    sent = zipped({**scans, "scan.jpg": b"not a picture"})
    file = FilePayload(name="two.zip", mimeType="application/zip", buffer=sent)
    page.set_input_files("#files", file)
    page.fill("#title", TITLE)
    page.click("summary:has-text('More')")
    page.check("#one_person-1")
    window.shoot("journey-0-add")
    page.click("text=Send the scans")
    page.wait_for_selector("text=What arrived")
    arrived = page.inner_text("section:has-text('What arrived')")
    assert "two.zip" in arrived
    assert "2 pages" in arrived
    assert "two.zip/scan.jpg" in arrived
    window.shoot("journey-1-arrived")


def correct_first_page(window: Window) -> None:
    """Type a correction, and see it saved by itself."""
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.locator(".cm-content").press("Control+End")
    with page.expect_response(re.compile("/draft$")) as saved:
        page.keyboard.type("\nCorrected by hand.")
    assert saved.value.status == 200


def hand_in_all(window: Window) -> None:
    """Press Done & next until no page is left."""
    page = window.page
    for _ in range(20):
        if "/proof/" not in page.url:
            return
        before = page.url
        page.click("button:has-text('Done & next') >> visible=true")
        expect(page).not_to_have_url(before)
    pytest.fail("there was always another page")


def release(window: Window, slug: str) -> None:
    """Release the book and wait until it is published."""
    page = window.page
    page.goto(f"/projects/{slug}/release")
    if page.locator("#with_open_findings-1").count():
        page.check("#with_open_findings-1")
    page.click("main form button:has-text('Release')")
    page.wait_for_selector("text=Published", timeout=60_000)
    window.shoot("journey-6-released")


def download(window: Window, words: str) -> bytes:
    """Click on a download and return its bytes."""
    with window.page.expect_download() as started:
        window.page.click(f"text={words}")
    assert started.value.suggested_filename == f"{TITLE}.epub"
    return started.value.path().read_bytes()


def fetch(window: Window, path: str) -> bytes:
    """Return what is at an address."""
    answer = window.context.request.get(path)
    assert answer.status == 200
    return answer.body()
