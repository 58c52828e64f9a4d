"""Readers find a book, look inside all of them, and get it: by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of, call, hand_in, person, take
from tests.browser.conftest import Installation, Window

TITLE = "A Library Book of Whales"
TEXT = (
    "\n\n\n\nCHAPTER I\n\nOf Whales\n\n\nCall me nobody. Some years ago, never mind how long pre-\n"
    "cisely, I thought I would sail about a little and see the watery\n"
    "part of the world, and the Élan of its great green whales.\n\n"
    "It is a way I have of driving off the spleen."
)
_INDEXED = """async slug => {
    for (;;) {
        const book = await (await fetch(`/api/v1/books/${slug}`)).json();
        if (book.words) return;
        await new Promise(resolve => setTimeout(resolve, 200));
    }
}"""
SIZES = {"1440": (1440, 900), "390": (390, 844), "320": (320, 640)}


@pytest.fixture(scope="module")
def published(installation: Installation) -> str:
    """Give the slug of a published book of one page."""
    slug = book_of(installation, TITLE, [DEMO])
    call(
        installation, "shelver", "PATCH", f"/projects/{slug}", author="Ann Reader", year=1851,
        place="London", publisher="Bentley", subjects=["Whales", "The sea"], languages=["en"],
        description="A young man goes to sea, and tells of what he meets there.\n\nIt ends badly.",
    )  # fmt: skip
    for code in ("P1", "P2", "F1"):
        name = person(installation, f"whaler-{code.lower()}")
        task = take(installation, name, slug, code)
        hand_in(installation, name, task, TEXT)
    asked = {"with_open_findings": True}
    call(installation, "shelver", "POST", f"/projects/{slug}/releases", **asked)
    return slug


def wait_for_book(page: Page, slug: str) -> None:
    """Wait until the book is published and its text can be searched."""
    page.goto("/")
    page.evaluate(_INDEXED, slug)


def shoot(window: Window, path: str, name: str) -> None:
    """Look at a page in every size, light and dark, and hold it to axe."""
    page = window.page
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} at {size}"
            if size != "320":
                window.shoot(f"library-{name}-{size}-{theme}", whole=False)
        assert findings(page) == []


def test_a_reader_finds_and_gets_a_book(window: Window, published: str) -> None:
    page = window.page
    wait_for_book(page, published)
    page.goto("/books")
    page.get_by_role("link", name=re.compile(TITLE)).click()
    page.wait_for_url(f"**/books/{published}")
    page.get_by_role("link", name="Ann Reader").click()
    page.wait_for_url("**/authors/ann-reader")
    page.get_by_role("link", name=re.compile(TITLE)).click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download EPUB").click()
    assert got.value.suggested_filename == f"{TITLE}.epub"
    page.get_by_role("link", name="See the printed pages").click()
    page.get_by_role("link", name="page 1", exact=True).click()
    page.wait_for_url("**/scans/1")
    page.wait_for_function("document.querySelector('.scan-picture').naturalWidth > 0")
    assert "Call me nobody." in page.inner_text(".page-text")


def test_words_are_found_by_keyboard_on_their_line(window: Window, published: str) -> None:
    page = window.page
    wait_for_book(page, published)
    page.goto("/books")
    page.focus("#find")
    page.keyboard.type('"elan of its great green" wha')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    hit = page.get_by_role("link", name=re.compile("watery part"))
    assert hit.locator("mark").all_inner_texts() == ["Élan of its great green", "whales"]
    for _ in range(40):
        page.keyboard.press("Tab")
        if hit.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/books/{published}/read/s001#p1l12$"))
    assert page.locator("#p1l12").count() == 1


def test_the_library_fits_every_screen(window: Window, published: str) -> None:
    wait_for_book(window.page, published)
    shoot(window, "/books", "catalogue")
    shoot(window, "/search?q=whales", "search")
    shoot(window, f"/books/{published}", "book")
    window.page.goto("/books?q=nothing+called+so")
    assert findings(window.page) == []
    for path in ("/authors", "/subjects", "/subjects/whales", f"/books/{published}/scans/1"):
        window.page.goto(path)
        assert findings(window.page) == [], path
