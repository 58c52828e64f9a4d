"""The desk in every state: no finding of WCAG 2.2 A and AA, nothing beyond the window, no focus lost."""

# ruff: noqa: E501 - scripts for the page read better in one piece

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of, open_desk, take
from tests.browser.conftest import PASSWORD, Installation, Window
from tests.browser.desk_states import (
    LAYOUTS,
    PANELS,
    PEEK,
    State,
    beyond,
    states,
    too_small,
)

pytestmark = pytest.mark.browser

NAME = "axel"
#: CSS px; axe itself looks for 24.
WANTED = 28
WANTED_ON_TOUCH = 44
PHONE = {"has_touch": True, "is_mobile": True}
TITLE_TOO_LONG = "A Very Long Title, of the Kind that Printers Loved, in Which Nothing is Left Out "
#: Everything a screen reader has to know of the text.
_EDITOR = """() => Object.fromEntries(["role", "aria-multiline", "aria-label", "lang", "dir"]
    .map((name) => [name, document.querySelector(".cm-content").getAttribute(name)]))"""
_MOVING = """() => [...document.querySelectorAll("*")].filter((part) => {
    const {transitionDuration, animationName} = getComputedStyle(part);
    return animationName !== "none" || transitionDuration.split(",").some((each) => parseFloat(each) > 0);
}).map((part) => part.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module", autouse=True)
def task(installation: Installation) -> int:
    """Give the number of a page in one person's hands."""
    number: int = take(
        installation, NAME, book_of(installation, "A Book for Everyone", [DEMO] * 4)
    )["id"]
    return number


@contextmanager
def on_desk(
    chromium: Browser, installation: Installation, task: int, **options: object
) -> Iterator[Window]:
    window = Window(chromium, installation.url, **options)
    window.sign_in(NAME)
    if options.get("java_script_enabled", True):
        open_desk(window, task)
        expect(window.page.locator("#doubt-count")).to_contain_text("doubtful")
    else:
        window.page.goto(f"/proof/{task}")
    yield window
    window.context.close()
    assert window.faults == []


def sound(page: Page, name: str, least: float) -> None:
    """Nothing is wrong in this state, in light and in dark."""
    # What slides in has arrived before its colours are measured.
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter((each) => each instanceof CSSTransition).map((each) => each.finished))"
    )
    assert findings(page) == [], name
    page.emulate_media(color_scheme="dark")
    assert findings(page, "color-contrast") == [], f"{name} in dark"
    page.emulate_media(color_scheme="light")
    assert beyond(page) == [], name
    assert too_small(page, least) == [], name


def test_every_state_on_a_wide_screen(
    chromium: Browser, installation: Installation, task: int
) -> None:
    with on_desk(chromium, installation, task) as window:
        page = window.page
        given = page.evaluate(_EDITOR)
        assert given["role"] == "textbox"
        assert given["aria-multiline"] == "true"
        assert given["aria-label"].startswith("Text of page ")
        assert (given["lang"], given["dir"]) == ("en", "ltr")
        for name in states(page, [*LAYOUTS, *PANELS, conflict(window, task), SIGN_IN]):
            if name == "sign-in":
                window.shoot("desk-axe-sign-in", whole=False)
            sound(page, name, WANTED)


def test_every_state_on_a_small_phone(
    chromium: Browser, installation: Installation, task: int
) -> None:
    small = {"viewport": {"width": 320, "height": 640}, **PHONE}
    with on_desk(chromium, installation, task, **small) as window:
        page = window.page
        page.evaluate(f"document.querySelector('.desk-title h1').textContent = '{TITLE_TOO_LONG}'")
        for name in states(page, [*LAYOUTS[1:], LAYOUTS[0], *PANELS]):
            sound(page, name, WANTED_ON_TOUCH)
            window.shoot(f"desk-320-{name}", whole=False)


def test_f6_goes_round_and_back(chromium: Browser, installation: Installation, task: int) -> None:
    with on_desk(chromium, installation, task) as window:
        page = window.page
        here = """() => [".desk-bar", ".desk-tools", "#scan", ".cm-content", ".desk-foot"]
            .find((name) => document.activeElement.closest(name))"""
        round_: list[str] = []
        for _ in range(6):
            round_.append(page.evaluate(here))
            page.keyboard.press("F6")
        assert round_ == [
            ".cm-content", ".desk-foot", ".desk-bar", ".desk-tools", "#scan", ".cm-content",
        ]  # fmt: skip
        back = [page.evaluate(here)]
        for _ in range(4):
            page.keyboard.press("Shift+F6")
            back.append(page.evaluate(here))
        assert back == [".desk-foot", ".cm-content", "#scan", ".desk-tools", ".desk-bar"]


def test_without_scripts(chromium: Browser, installation: Installation, task: int) -> None:
    for width in (1280, 320):
        options = {"viewport": {"width": width, "height": 800}, "java_script_enabled": False}
        with on_desk(chromium, installation, task, **options) as window:
            assert beyond(window.page) == []
            assert too_small(window.page, WANTED) == []
            window.shoot(f"desk-without-scripts-{width}", whole=False)


def test_forced_colours_more_contrast_and_rest(
    chromium: Browser, installation: Installation, task: int
) -> None:
    calm = {"reduced_motion": "reduce", "forced_colors": "active"}
    with on_desk(chromium, installation, task, **calm) as window:
        page = window.page
        assert page.evaluate(_MOVING) == []
        PEEK.enter(page)
        page.wait_for_selector(".cm-selectionBackground", state="attached")
        shown = page.evaluate(
            """() => Object.fromEntries([[".band", "borderTopStyle"], [".ring", "borderTopStyle"],
                [".cm-selectionBackground", "outlineStyle"], [".doubt", "textDecorationLine"],
                [".word-here", "outlineStyle"]].map(([part, name]) =>
                    [part, getComputedStyle(document.querySelector(part))[name]]))"""
        )
        assert shown == {
            ".band": "solid", ".ring": "solid", ".cm-selectionBackground": "solid",
            ".doubt": "underline", ".word-here": "solid",
        }  # fmt: skip
        window.shoot("desk-forced-colours", whole=False)
        page.keyboard.press("Escape")
        page.emulate_media(forced_colors="none", contrast="more")
        assert findings(page) == []
        inks = page.evaluate(
            """() => ["--ink", "--ink-2"].map((name) => {
                const part = document.body.appendChild(document.createElement("i"));
                part.style.color = `var(${name})`;
                return getComputedStyle(part).color;
            })"""
        )
        assert inks[0] == inks[1]


def test_handing_in_says_so_and_keeps_the_focus(
    chromium: Browser, installation: Installation, task: int
) -> None:
    with on_desk(chromium, installation, task) as window:
        page = window.page
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: not url.endswith(f"/{task}"))
        toast = page.locator("#toasts .toast")
        expect(toast).to_contain_text("handed in")
        sound(page, "toast", WANTED)
        assert page.evaluate("document.activeElement.classList.contains('cm-content')")
        undo = toast.get_by_role("button", name="Undo")
        for _ in range(9):
            page.keyboard.press("F6")
            if undo.evaluate("(one) => one === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/proof/{task}")
        expect(page.locator(".cm-content")).to_be_focused()


def conflict(window: Window, task: int) -> State:
    """The page changed elsewhere while it was typed here."""

    def enter(page: Page) -> None:
        request = window.context.request
        now = request.get(f"/api/v1/tasks/{task}").json()
        headers = {"X-CSRFToken": request.get("/api/v1/session").json()["csrf_token"]}
        words, _, rest = now["text"].partition("\n")
        body = {"text": f"{words} of theirs\n{rest}", "version": now["version"]}
        assert request.put(f"/api/v1/tasks/{task}/draft", data=body, headers=headers).ok
        page.locator(".cm-content").focus()
        page.keyboard.press("Control+Home")
        page.keyboard.type("Mine ")
        page.keyboard.press("Control+s")
        page.get_by_role("button", name="See both").click()
        expect(page.locator("#conflict .is-conflict")).to_be_visible()

    def leave(page: Page) -> None:
        page.get_by_role("button", name="Keep mine").click()
        expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")

    return State("conflict", enter, leave)


def _signed_out(page: Page) -> None:
    given = page.request.get("/api/v1/session").json()["csrf_token"]
    page.request.post("/sign-out", form={"csrf_token": given})
    page.locator(".cm-content").focus()
    page.keyboard.type("a")
    page.keyboard.press("Control+s")
    page.locator("#save-state").get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in-again")).to_be_visible()


def _signed_in(page: Page) -> None:
    page.fill("#again-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#sign-in-again")).to_be_hidden()


SIGN_IN = State("sign-in", _signed_out, _signed_in)
