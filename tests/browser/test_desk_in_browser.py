"""The desk in Chromium: without scripts, by keyboard, on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module", autouse=True)
def _people(installation: Installation, book: str) -> None:
    del book
    for name in ("keys", "plain", "phone"):
        installation.person(name, rounds="P1,P2,F1")


@pytest.fixture
def without_scripts(chromium: Browser, installation: Installation) -> Iterator[Window]:
    made = Window(chromium, installation.url, java_script_enabled=False)
    yield made
    made.context.close()


def take(window: Window, slug: str, name: str) -> str:
    """Sign in, take a page, and return its address."""
    window.sign_in(name)
    window.page.goto(f"/projects/{slug}")
    window.page.locator("main >> text=/Proofread a page|Continue on page/").first.click()
    window.page.wait_for_selector("#text")
    return window.page.url


def press(page: Page, words: str) -> None:
    """Press a button that sends a form, and wait for the page it leads to."""
    with page.expect_navigation():
        page.click(f"button:has-text('{words}') >> visible=true")


def test_without_scripts_a_page_is_saved_and_handed_in(without_scripts: Window, book: str) -> None:
    page = without_scripts.page
    address = take(without_scripts, book, "plain")
    text = "\n" + page.input_value("#text").lstrip("\n") + "\n<i>left open"
    page.fill("#text", text)
    press(page, "Save")
    assert page.url == address
    assert page.input_value("#text") == text
    without_scripts.shoot("desk-without-scripts", whole=False)
    press(page, "Done & next")
    assert "A mark is not closed on line" in page.inner_text("#desk-messages")
    assert page.input_value("#text") == text
    page.fill("#text", text + "</i>")
    press(page, "Done & next")
    assert re.search(r"/proof/\d+$", page.url)
    assert page.url != address
    assert "handed in" in page.inner_text("#toasts")
    press(page, "Undo")
    assert page.url == address
    assert page.input_value("#text") == text + "</i>"


def test_without_scripts_an_ended_session_costs_nothing(without_scripts: Window, book: str) -> None:
    page = without_scripts.page
    address = take(without_scripts, book, "plain")
    without_scripts.context.clear_cookies()
    page.fill("#text", "Typed while signed out.")
    press(page, "Save")
    assert "Your session had ended" in page.inner_text("main")
    without_scripts.shoot("sign-in-with-text")
    page.fill("#name", "plain")
    page.fill("#password", "a few words of mine")
    press(page, "Sign in")
    assert page.url == address
    assert page.input_value("#text") == "Typed while signed out."


def test_a_page_is_handed_in_by_keyboard_alone(window: Window, book: str) -> None:
    page = window.page
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    page.focus("#name")
    page.keyboard.type("keys")
    page.keyboard.press("Tab")
    page.keyboard.type("a few words of mine")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk$"))
    page.goto(f"/projects/{book}")
    press_until(window, "Proofread a page")
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready] .cm-content:focus")
    address = page.url
    page.keyboard.press("Control+End")
    page.keyboard.type("\nBy keyboard")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda now: now != address and "/proof/" in now)
    page.wait_for_selector(".cm-content:focus")
    # Escape, then Tab leaves the text: nobody is caught in it.
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).not_to_be_focused()
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_url(re.compile("/desk$"))
    expect(page.locator("#toasts")).to_contain_text("2 today")


def press_until(window: Window, words: str) -> None:
    """Press Tab until the focus is on the control with these words."""
    for _ in range(60):
        window.page.keyboard.press("Tab")
        if words in (window.page.evaluate("document.activeElement.textContent") or ""):
            return
    pytest.fail(f"Tab does not lead to {words}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone(
    chromium: Browser, installation: Installation, book: str, scheme: str
) -> None:
    window = Window(chromium, installation.url, color_scheme=scheme, **PHONE)
    window.sign_in("phone")
    page = window.page
    paths = [
        "/", "/desk", "/books", "/projects", "/add", "/settings", f"/projects/{book}",
        f"/projects/{book}/pages/1", f"/projects/{book}/reading", "/nowhere",
    ]  # fmt: skip
    for path in paths:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} pixels wide"
        window.shoot(f"phone-{scheme}-{path.strip('/').replace('/', '-') or 'front'}")
    page.goto(f"/projects/{book}")
    page.locator("main >> text=/Proofread a page|Continue on page/").first.click()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("button:has-text('Done & next') >> visible=true").count() == 1
    window.shoot(f"phone-{scheme}-proof", whole=False)
    window.context.close()
    assert window.faults == []
