"""From the home page, logged out, to a kept account: by keyboard alone, and by touch on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of
from tests.browser.conftest import PASSWORD, Installation, Window

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(autouse=True)
def _book(installation: Installation) -> None:
    """Have pages open to newcomers, whatever other tests have taken."""
    book_of(installation, "A Book to Try", [DEMO, DEMO])


@pytest.fixture
def phone(chromium: Browser, installation: Installation) -> Iterator[Window]:
    made = Window(chromium, installation.url, **PHONE)
    yield made
    made.context.close()
    assert made.faults == []


def front(page: Page) -> str:
    """The heading of the task in front."""
    return page.inner_text(".coach:visible h2")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something that says this has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    pytest.fail(f"Tab never came to {words!r}")


def typed(page: Page) -> list[str]:
    """The lines as they would be handed in."""
    return [field.input_value() for field in page.locator("[name=line]").all()]


def lines_are_drawn(page: Page) -> None:
    page.wait_for_selector(".part-field")


def practise_by_keyboard(page: Page, window: Window) -> None:
    page.wait_for_selector("#practice:focus")
    assert front(page) == "This line is right"
    page.keyboard.press("Tab")
    assert front(page) == "Believe the print"
    expect(page.locator("[data-word='2'] input")).to_be_focused()
    page.keyboard.press("Tab")
    assert front(page) == "Believe the print", "it is not what is printed yet"
    expect(page.locator("[data-peek='2'] [data-compare]")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("In print: letter. Your answer: Jetter.")
    page.keyboard.press("Alt+1")
    assert front(page) == "Print has mistakes too. Leave them."
    page.keyboard.press("Alt+1")
    expect(page.locator("[data-peek='3'] [data-answer]")).to_have_text("receive")
    window.shoot("try-wrong", whole=False)
    expect(page.locator("[data-word='3'] input")).to_have_value("recieve")
    page.keyboard.press("Tab")
    assert front(page) == "Hand it in"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/try/page"))


def test_by_keyboard_alone_from_the_home_page_to_an_account(window: Window) -> None:
    page = window.page
    page.goto("/")
    tab_to(page, "Proofread a page")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/try$"))
    practise_by_keyboard(page, window)

    lines_are_drawn(page)
    before = typed(page)
    assert 10 <= len(before) <= 14
    expect(page.locator(".part-field").first).to_be_focused()
    page.keyboard.press("Tab")
    assert page.inner_text("#doubt-count").startswith("1 of "), "Tab goes to a doubtful word"
    assert page.evaluate("getSelection().toString().length") > 0
    expect(page.locator("rect.ring:not([hidden])")).to_have_count(1)
    window.shoot("try-half-page", whole=False)
    reading = page.inner_text(".peek.is-over .mono >> nth=0")
    page.keyboard.press("Alt+1")
    taken = set(typed(page)) - set(before)
    assert len(taken) == 1, "Alt 1 takes the reading"
    assert reading in taken.pop().split()
    before = typed(page)

    page.locator(".part-field").first.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.type("Typed ")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kept")).to_have_text("Kept on this device")
    changed = typed(page)
    assert changed[1] == "Typed " + before[1]
    page.reload()
    lines_are_drawn(page)
    assert typed(page) == changed, "nothing that was typed is lost"

    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/try/keep$"))
    assert page.evaluate("localStorage.getItem('galley.try')") is None
    # Other tests have books with room for newcomers too.
    assert f"Done. {len(before)} lines of " in page.inner_text("h1")
    window.shoot("try-keep", whole=False)
    name = page.input_value("#username")
    while page.evaluate("document.activeElement.id") != "password":
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk$"))
    assert name in page.inner_text("#toasts")
    assert "Your first lines" in page.inner_text("main")


def test_on_a_phone_by_touch(phone: Window) -> None:
    page = phone.page
    page.goto("/")
    page.tap("text=Proofread a page")
    page.wait_for_url(re.compile("/try$"))
    page.tap("[data-right]")
    assert front(page) == "Believe the print"
    assert page.evaluate("document.activeElement.tagName") != "INPUT", "no keyboard opens unasked"
    page.tap("[data-peek='2'] .reading")
    page.tap("[data-peek='3'] .reading")
    expect(page.locator("[data-peek='3'] [data-compare]")).to_be_visible()
    phone.shoot("try-phone-wrong", whole=False)
    page.tap("[data-peek='3'] button:has-text('Leave recieve')")
    page.tap("[data-hand-in]")
    page.wait_for_url(re.compile("/try/page"))

    lines_are_drawn(page)
    before = typed(page)
    parts = page.locator(".pair").first.locator(".part-field")
    assert parts.count() == 2, "a printed line is parted where it would be too small"
    assert " ".join(field.input_value() for field in parts.all()) == before[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.tap("[data-doubt='1']")
    assert page.evaluate("document.activeElement.tagName") != "INPUT"
    parts.last.tap()
    page.keyboard.press("End")
    page.keyboard.type(" more")
    assert typed(page)[0] == before[0] + " more"
    phone.shoot("try-phone-half-page", whole=False)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator(".pair").first.locator(".part-field")).to_have_count(1)
    assert typed(page)[0] == before[0] + " more", "turning the phone loses nothing"
    page.set_viewport_size({"width": 390, "height": 844})
    page.tap("button:has-text('Hand it in')")
    page.wait_for_url(re.compile("/try/keep$"))
    page.tap("#password")
    page.keyboard.type(PASSWORD)
    page.tap("button:has-text('Keep my pages')")
    page.wait_for_url(re.compile("/desk$"))


def test_tab_is_no_trap(window: Window) -> None:
    page = window.page
    page.goto("/try")
    page.wait_for_selector("#practice:focus")
    page.keyboard.press("Escape")
    expect(page.locator("#said")).to_have_text("Tab moves on the page now.")
    page.keyboard.press("Tab")
    assert "It is right" in page.evaluate("document.activeElement.textContent")
    assert front(page) == "This line is right"
    page.goto("/try/page")
    lines_are_drawn(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".part-field").nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") != "part-field"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1024, "dark")])
def test_every_width_and_both_schemes(
    chromium: Browser, installation: Installation, width: int, scheme: str
) -> None:
    made = Window(
        chromium,
        installation.url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = made.page
    for address in ("/try", "/try?task=2&word=Jetter", "/try?task=3", "/try/page", "/try/keep"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert findings(page) == [], address
        made.shoot(f"try-{width}-{scheme}-{re.sub(r'[^a-z0-9]+', '-', address)}", whole=False)
    made.context.close()
    assert made.faults == []
