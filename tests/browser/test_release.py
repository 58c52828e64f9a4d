"""From a proposed contents list to an ebook with it: by keys and forms, as a coordinator does."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of, call, hand_in, take
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

TITLE = "A Book to Release"
COORDINATOR = "shelver"
TEXTS = (
    "CHAPTER I\n\nDown the path they went, to the brook-\nside, and there they sat a while.",
    "\nCHAPTER II\n\nIt was a night of moon-\nlight on the moor-\nland, and 'Arry slept.",
)
#: The book is put together by a worker, beside whatever else the machine does.
_BUILT = 90_000


@pytest.fixture(scope="module")
def read(installation: Installation) -> str:
    """Give the slug of a book of two pages, read in every round by three people."""
    slug = book_of(installation, TITLE, [DEMO, DEMO])
    for name, code in (("rel-one", "P1"), ("rel-two", "P2"), ("rel-three", "F1")):
        for text in TEXTS:
            hand_in(installation, name, take(installation, name, slug, code), text)
    return slug


@pytest.fixture
def slug(installation: Installation, read: str) -> str:
    """Give the same book with the machine's contents list, and nothing decided."""
    contents, decisions = f"/projects/{read}/contents", f"/projects/{read}/decisions"
    version = call(installation, COORDINATOR, "GET", contents)["version"]
    call(installation, COORDINATOR, "PUT", contents, entries=None, version=version)
    for each in call(installation, COORDINATOR, "GET", decisions)["decided"]:
        taken_back = {"kind": each["kind"], "key": each["key"], "value": None}
        call(installation, COORDINATOR, "PUT", decisions, **taken_back)
    return read


def shot(window: Window, chromium: Browser, installation: Installation, name: str) -> None:
    """Look at this page in light and dark, wide and narrow: nothing overflows, axe is content."""
    state, page = window.context.storage_state(), window.page
    for scheme, width in (("light", 1440), ("dark", 390)):
        there = Window(
            chromium,
            installation.url,
            storage_state=state,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
        )
        there.page.goto(page.url)
        there.page.wait_for_load_state("networkidle")
        assert there.page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert findings(there.page) == []
        there.shoot(f"{name}-{scheme}-{width}")
        there.context.close()
        assert there.faults == []


def test_from_contents_to_an_ebook(
    window: Window, chromium: Browser, installation: Installation, slug: str
) -> None:
    window.sign_in(COORDINATOR)
    page = window.page
    page.goto(f"/projects/{slug}/contents")
    second = page.get_by_label("Title, page 2")
    expect(second).to_have_value("CHAPTER II", timeout=_BUILT)
    shot(window, chromium, installation, "contents")
    second.fill("A Night on the Moor")
    page.get_by_label("Title, page 1").fill("The Brookside")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Settled by people")).to_be_visible()
    expect(page.get_by_text("On the page: CHAPTER II")).to_be_visible()

    page.goto(f"/projects/{slug}/decisions")
    shot(window, chromium, installation, "decisions")
    _decide_all(page)

    page.goto(f"/projects/{slug}/release")
    expect(page.get_by_role("link", name="Plain text")).to_be_visible(timeout=_BUILT)
    shot(window, chromium, installation, "release")
    preview = page.request.get(f"/projects/{slug}/preview.txt").text()
    assert "brook-side" in preview
    page.get_by_role("button", name="Release", exact=True).click()
    expect(page.get_by_text("Published", exact=True)).to_be_visible(timeout=_BUILT)

    with zipfile.ZipFile(io.BytesIO(page.request.get(f"/books/{slug}/{slug}.epub").body())) as epub:
        nav = next(name for name in epub.namelist() if name.endswith("nav.xhtml"))
        contents = epub.read(nav).decode()
        text = "".join(epub.read(name).decode() for name in epub.namelist() if "/text/" in name)
    titles = re.findall(r'<li><a href="s\d+\.xhtml">([^<]*)</a>', contents)
    assert titles == ["The Brookside", "A Night on the Moor"]
    assert "brook-side" in text
    assert "CHAPTER II" in text


def _decide_all(page: Page) -> None:
    """Answer every word with the key 1 (its hyphen stays), then the rest likewise, one by one."""
    waiting = page.locator("[data-item]")
    expect(waiting.first).to_be_visible(timeout=_BUILT)
    words = page.locator("section", has=page.locator("#word")).locator("[data-item]")
    count = waiting.count()
    assert words.count() > 0
    words.first.locator("[data-key]").first.focus()
    for left in range(words.count() - 1, 0, -1):
        page.keyboard.press("1")
        expect(words).to_have_count(left)
        focused = "document.activeElement.closest('[data-item]') !== null"
        page.wait_for_function(focused)
    page.keyboard.press("1")
    expect(words).to_have_count(0)
    expect(page.locator("#decided")).to_be_visible()
    assert waiting.count() < count


def test_a_late_list_is_kept_beside_the_other(
    window: Window, installation: Installation, slug: str
) -> None:
    window.sign_in(COORDINATOR)
    page = window.page
    page.goto(f"/projects/{slug}/contents")
    first = page.get_by_label("Title, page 1")
    expect(first).to_be_visible(timeout=_BUILT)
    given = call(installation, COORDINATOR, "GET", f"/projects/{slug}/contents")
    entries = given["entries"] or given["proposal"]
    others = [{**each, "title": "Theirs"} for each in entries[:1]]
    sent = {"entries": others, "version": given["version"]}
    call(installation, COORDINATOR, "PUT", f"/projects/{slug}/contents", **sent)
    first.fill("Mine")
    page.get_by_role("button", name="Save the list").click()
    expect(page.get_by_role("heading", name="What stands now")).to_be_visible()
    expect(page.get_by_text("Theirs")).to_be_visible()
    expect(page.get_by_label("Title, page 1")).to_have_value("Mine")
    page.get_by_role("button", name="Save the list").click()
    expect(page.get_by_role("heading", name="What stands now")).to_have_count(0)
    page.get_by_role("button", name="Put back what was before").first.click()
    expect(page.get_by_label("Title, page 1")).to_have_value("Theirs")
