"""A released book read in Chromium: lines, pages, scans; by keyboard, on a phone, unscripted."""

import re
import time

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.books import book_of, call, hand_in, take
from tests.browser.conftest import SCANS, Installation, Window

pytestmark = pytest.mark.browser

TEXTS = SCANS.parent / "text" / "f"
#: Of the demonstration book: a preface, and the first three pages of the first chapter.
PAGES = ("004", "007", "008", "009")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def slug(installation: Installation) -> str:
    """Give the slug of a released book."""
    slug = book_of(installation, "A Book by the Fire", [SCANS / f"{each}.jpg" for each in PAGES])
    for page in PAGES:
        task = take(installation, "fireside", slug)
        hand_in(installation, "fireside", task, (TEXTS / f"{page}.txt").read_text("utf-8"))
    for number, label in ((2, "1"), (3, "2"), (4, "3")):
        call(installation, "shelver", "PATCH", f"/projects/{slug}/pages/{number}", label=label)
    call(installation, "shelver", "POST", f"/projects/{slug}/releases", with_open_findings=True)
    for _ in range(300):
        [release] = call(installation, "shelver", "GET", f"/projects/{slug}/releases")["items"]
        if release["state"] == "published":
            return slug
        assert release["state"] in {"queued", "building"}, release
        time.sleep(0.1)
    pytest.fail("the book was not built in time")


def open_chapter(page: Page, slug: str, at: str = "") -> None:
    """Open the first chapter, the second section of the book, and wait for its scripts."""
    page.goto(f"/books/{slug}/read/s002{at}")
    page.wait_for_selector("body[data-ready]")


def wait_for_picture(panel: Locator) -> None:
    picture = panel.get_by_role("img", name=re.compile("^Page")).element_handle()
    panel.page.wait_for_function("image => image.naturalWidth > 300", arg=picture)


def overflow(page: Page) -> int:
    wide: int = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return wide


def test_reading_a_book(window: Window, slug: str) -> None:
    page = window.page
    page.goto(f"/books/{slug}")
    page.get_by_role("link", name="Read here").click()
    assert findings(page) == []
    page.get_by_role("link", name="Begin reading").click()
    page.wait_for_url("**/read/s001")
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/read/s002")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".book hgroup")).to_contain_text("DOWN THE RABBIT-HOLE")
    assert findings(page) == []
    window.shoot("reader-1440-light", whole=False)

    # The number in the margin shows the scan of its page beside the text, which stays in sight.
    page.locator("a.pg[data-label='2']").click()
    panel = page.get_by_role("complementary", name="Scan of the page")
    expect(panel.get_by_role("heading")).to_have_text("Page 2")
    wait_for_picture(panel)
    expect(page.locator("a.pg[data-label='2']")).to_be_in_viewport()
    assert findings(page) == []
    window.shoot("reader-scan-1440-light", whole=False)
    panel.get_by_role("button", name="Page after").click()
    expect(panel.get_by_role("heading")).to_have_text("Page 3")
    expect(page.locator("a.pg[data-label='3']")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    # By itself, the scan follows the reading.
    page.evaluate("() => scrollTo(0, 0)")
    page.keyboard.press("s")
    expect(panel.get_by_role("heading")).to_have_text("Page 1")
    page.mouse.move(400, 500)
    page.mouse.wheel(0, 20_000)
    expect(panel.get_by_role("heading")).to_have_text("Page 3")
    page.keyboard.press("s")
    expect(panel).to_be_hidden()


def test_what_is_remembered_on_the_device(window: Window, slug: str) -> None:
    page = window.page
    open_chapter(page, slug)
    before = page.locator(".book").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("button", name="Type and light").click()
    page.get_by_role("button", name="Larger").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.get_by_role("button", name="Long", exact=True).click()
    assert findings(page) == []
    window.shoot("reader-look-1440-dark", whole=False)
    page.keyboard.press("Escape")
    line = page.locator("#p3l12")
    line.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 80)")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    size = page.locator(".book").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size > before
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.goto(f"/books/{slug}/read/")
    go_on = page.get_by_role("link", name="Go on reading")
    expect(go_on).to_contain_text("CHAPTER I")
    window.shoot("reader-contents-1440-dark", whole=False)
    go_on.click()
    page.wait_for_url("**/read/s002")
    expect(line).to_be_in_viewport()
    assert line.evaluate("e => Math.abs(e.getBoundingClientRect().top - 80)") < 100


def test_a_link_to_a_line_shows_it_marked(window: Window, slug: str) -> None:
    page = window.page
    page.goto(f"/books/{slug}/read/?at=p3l12")
    page.wait_for_url("**/read/s002#p3l12")
    line = page.locator("#p3l12")
    expect(line).to_have_text(re.compile("^to see anything; then she looked"))
    expect(line).to_be_in_viewport()
    plain = page.locator("#p3l11").evaluate("e => getComputedStyle(e).backgroundColor")
    assert line.evaluate("e => getComputedStyle(e).backgroundColor") != plain
    # What a report of an error needs: page, line and words of what is selected.
    line.evaluate(
        """e => { const range = document.createRange(); range.setStart(e.firstChild, 3);
        range.setEnd(e.firstChild, 15); const all = getSelection(); all.removeAllRanges();
        all.addRange(range); }"""
    )
    script = page.locator("script[src*='reader/reader.js']").get_attribute("src") or ""
    place = page.evaluate(
        "async source => (await import(source)).placeOf(getSelection())",
        script.replace("reader.js", "lines.js"),
    )
    assert place == {"at": "p3l12", "page": 3, "line": 12, "quote": "see anything"}


def test_reading_on_a_phone(chromium: Browser, installation: Installation, slug: str) -> None:
    window = Window(chromium, installation.url, **PHONE, color_scheme="dark")
    page = window.page
    open_chapter(page, slug)
    assert overflow(page) <= 0
    assert findings(page) == []
    window.shoot("reader-390-dark", whole=False)
    page.get_by_role("button", name="Show the scan").tap()
    panel = page.get_by_role("complementary", name="Scan of the page")
    expect(panel).to_be_in_viewport()
    box = panel.bounding_box()
    assert box is not None
    assert box["y"] > 200  # the text stays in sight above the sheet
    wait_for_picture(panel)
    assert findings(page) == []
    window.shoot("reader-scan-390-dark", whole=False)
    panel.get_by_role("button", name="Close the scan").tap()
    page.get_by_role("button", name="Contents").tap()
    page.get_by_role("navigation", name="Contents").get_by_role("link").first.tap()
    page.wait_for_url("**/read/s001")
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0
    assert window.faults == []
    window.context.close()


def test_reading_without_scripts(chromium: Browser, installation: Installation, slug: str) -> None:
    window = Window(chromium, installation.url, java_script_enabled=False)
    page = window.page
    page.goto(f"/books/{slug}/read/")
    page.get_by_role("link", name="Begin reading").click()
    page.locator(".reader-ways a[rel=next]").click()
    page.wait_for_url("**/read/s002")
    expect(page.get_by_role("button", name="Show the scan")).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("a.pg[data-label='2']").click()
    page.wait_for_url(f"**/projects/{slug}/pages/3")
    window.context.close()


def test_the_one_page_edition_as_it_is_served(window: Window, slug: str) -> None:
    page = window.page
    page.goto(f"/books/{slug}/{slug}.html#p3l12")
    expect(page.locator("#p3l12")).to_be_in_viewport()
    assert page.locator("main").evaluate("e => getComputedStyle(e).maxWidth") == "560px"
    assert page.locator("img[role=doc-cover]").evaluate("e => e.naturalWidth") > 900
    assert findings(page) == []
    window.shoot("html-1440-light", whole=False)
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) <= 0
