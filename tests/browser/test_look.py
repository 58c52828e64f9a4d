"""How the scan and the text look: chosen once, remembered for the book and with the account."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.books import DEMO, book_of, open_desk, person, take
from tests.browser.conftest import Installation, Window
from tests.browser.desk_states import layout

pytestmark = pytest.mark.browser

NAME = "lou"
_LOOK = """() => ({
    filter: getComputedStyle(document.querySelector("#scan canvas")).filter,
    tall: document.querySelector("#scan canvas").clientHeight > document.querySelector("#scan canvas").clientWidth,
    zoom: document.querySelector("[data-command=scan-fit]").textContent,
    rotate: document.querySelector("#look-rotate").value,
    face: getComputedStyle(document.querySelector(".cm-scroller")).fontFamily.split(",")[0],
    split: document.querySelector("#split").getAttribute("aria-valuenow"),
    marks: document.querySelectorAll(".proof-mark").length > 0,
})"""  # noqa: E501


@pytest.fixture(scope="module")
def task(installation: Installation) -> int:
    """Give a page in hand."""
    person(installation, NAME)
    number: int = take(installation, NAME, book_of(installation, "Looked At", [DEMO]))["id"]
    return number


@contextmanager
def on_desk(chromium: Browser, installation: Installation, task: int) -> Iterator[Window]:
    window = Window(chromium, installation.url)
    window.sign_in(NAME)
    open_desk(window, task)
    layout("facing").enter(window.page)
    yield window
    window.context.close()
    assert window.faults == []


def by_palette(page: Page, words: str) -> None:
    """Run a command by its words."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()


def is_kept(page: Page) -> None:
    """Nothing chosen waits to be sent."""
    waiting = f"() => ['{{}}', null].includes(localStorage.getItem('galley.desk.{NAME}.waiting'))"
    page.wait_for_function(waiting)


def test_what_was_chosen_is_remembered(
    chromium: Browser, installation: Installation, task: int
) -> None:
    with on_desk(chromium, installation, task) as window:
        page = window.page
        usual = page.evaluate(_LOOK)
        assert usual["filter"] == "none"
        page.keyboard.press("Alt++")
        page.click("[popovertarget=scan-look]")
        page.focus("#look-contrast")
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        page.focus("#look-rotate")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.check("#scan-look [name=invert]")
        window.shoot("look-panel", whole=False)
        page.click("#scan-look [data-command=turn-right]")
        page.keyboard.press("Escape")
        expect(page.locator("#scan-look")).to_be_hidden()
        by_palette(page, "book typeface")
        by_palette(page, "proof marks: punct")
        page.focus("#split")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        chosen = page.evaluate(_LOOK)
        assert "contrast(1.2)" in chosen["filter"]
        assert "invert(1)" in chosen["filter"]
        assert chosen["tall"] is not usual["tall"], "turned by a quarter"
        assert chosen["rotate"] == "0.5"
        assert chosen["zoom"] == "115%"
        assert "Serif" in chosen["face"]
        assert chosen["split"] == str(int(usual["split"]) + 4)
        assert chosen["marks"]
        window.shoot("look-turned", whole=False)
        is_kept(page)
        open_desk(window, task)
        page.wait_for_selector(".proof-mark")
        assert page.evaluate(_LOOK) == chosen
    with on_desk(chromium, installation, task) as window:
        page = window.page
        page.wait_for_selector(".proof-mark")
        assert page.evaluate(_LOOK) == chosen, "in another browser of the same person"
        page.click("[popovertarget=scan-look]")
        page.click("[data-command=scan-as-scanned]")
        page.keyboard.press("Escape")
        by_palette(page, "no proof marks")
        expect(page.locator(".proof-mark")).to_have_count(0)
        now = page.evaluate(_LOOK)
        assert now["filter"] == "none"
        assert now["tall"] is usual["tall"]
        is_kept(page)


def test_the_scan_is_examined_in_full(
    chromium: Browser, installation: Installation, task: int
) -> None:
    with on_desk(chromium, installation, task) as window:
        page = window.page
        scripts = "performance.getEntriesByType('resource').filter(({name}) => /openseadragon/i.test(name)).length"  # noqa: E501
        assert page.evaluate(scripts) == 0, "the viewer is loaded only then"
        page.click("[data-command=examine]")
        page.wait_for_selector("#examine .openseadragon-canvas canvas")
        window.shoot("look-examine", whole=False)
        page.click("#examine [data-examine=in]")
        page.keyboard.press("Escape")
        expect(page.locator("#examine")).to_be_hidden()
        expect(page.locator(".cm-content")).to_be_focused()
        assert page.locator("#examine canvas").count() == 0
