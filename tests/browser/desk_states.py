"""The states that people meet on the desk, one after another on one page in hand, and what each may never do."""

# ruff: noqa: E501 - scripts for the page read better in one piece

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

#: Under this a target is hard to hit, CSS px (WCAG 2.5.8 asks for 24).
LEAST_TARGET = 24

#: What can be hit, and is not a link within words.
_SMALL = """(least) => {
    const parts = document.querySelectorAll("button, summary, select, [role=option], [role=separator], label:has(> input), a.tool, a.btn");
    return [...parts].filter((part) => part.checkVisibility({visibilityProperty: true}) && !part.closest(".visually-hidden, .skip, .cm-content")).flatMap((part) => {
        const {width, height} = part.getBoundingClientRect();
        const across = part.getAttribute("role") === "separator" ? least : width;
        return width && Math.min(across, height) < least - .5 ? [`${part.outerHTML.slice(0, 90)} is ${width.toFixed(1)} by ${height.toFixed(1)}`] : [];
    });
}"""
#: What stands beyond the window's sides without being in a scroller of its own.
_BEYOND = """() => {
    const wide = document.documentElement.clientWidth;
    const own = (part) => { for (let at = part; at && at !== document.body; at = at.parentElement) if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true; return false; };
    const found = [...document.body.querySelectorAll("*")].filter((part) => part.checkVisibility({visibilityProperty: true}) && !part.closest(".visually-hidden, .skip, svg, .ruler") && !own(part.parentElement)).flatMap((part) => {
        const {left, right, width} = part.getBoundingClientRect();
        return width > 1 && (left < -1 || right > wide + 1) ? [`${part.tagName}#${part.id}.${part.getAttribute("class")} from ${left.toFixed(0)} to ${right.toFixed(0)} of ${wide}`] : [];
    });
    return document.documentElement.scrollWidth > wide ? [`scrolls to ${document.documentElement.scrollWidth}`, ...found] : found;
}"""
_LOST = "document.activeElement === document.body || !document.activeElement.checkVisibility()"


@dataclass(frozen=True)
class State:
    """A state of the desk: how it comes and goes. `keys` alone lead out where `leave` is none."""

    name: str
    enter: Callable[[Page], None]
    leave: Callable[[Page], None]


def states(page: Page, wanted: list[State]) -> Iterator[str]:
    """Go through states; gives the name of each while it lasts. The focus is somewhere after it."""
    for state in wanted:
        state.enter(page)
        yield state.name
        state.leave(page)
        assert not page.evaluate(_LOST), f"the focus is lost after {state.name}"


def too_small(page: Page, least: float = LEAST_TARGET) -> list[str]:
    """Return what is too small to hit."""
    found: list[str] = page.evaluate(_SMALL, least)
    return found


def beyond(page: Page) -> list[str]:
    """Return what makes the page scroll sideways, or stands out of sight at its sides."""
    found: list[str] = page.evaluate(_BEYOND)
    return found


def nothing(page: Page) -> None:
    """Leave everything as it is."""


def press(*keys: str) -> Callable[[Page], None]:
    """Return what presses these keys in turn."""

    def run(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return run


def layout(name: str) -> State:
    """Return a layout, with the caret in the text."""

    def enter(page: Page) -> None:
        # By the command itself: on a phone not every layout has a button.
        button = page.locator(f"[data-command=layout-{name}]")
        button.dispatch_event("click")
        expect(page.locator("body")).to_have_attribute("data-layout", name)
        page.locator(".cm-content").focus()

    return State(name, enter, nothing)


def panel(name: str, opener: str, part: str) -> State:
    """Return a panel that a button opens and Escape closes."""

    def enter(page: Page) -> None:
        page.click(f"{opener} >> visible=true")
        expect(page.locator(part)).to_be_visible()

    return State(name, enter, gone(part))


def gone(part: str) -> Callable[[Page], None]:
    """Return what closes a part by Escape."""

    def leave(page: Page) -> None:
        page.keyboard.press("Escape")
        expect(page.locator(part)).to_be_hidden()

    return leave


def by_keys(name: str, keys: list[str], part: str) -> State:
    """Return what keys in the text open, and Escape closes."""

    def enter(page: Page) -> None:
        page.locator(".cm-content").focus()
        press(*keys)(page)
        expect(page.locator(part)).to_be_visible()

    return State(name, enter, gone(part))


def _unclosed(page: Page) -> None:
    page.locator(".cm-content").focus()
    press("Control+End")(page)
    page.keyboard.type("\n<i>left open")
    press("Control+Enter")(page)
    expect(page.locator("#desk-messages .desk-message")).to_be_visible()


def _closed(page: Page) -> None:
    page.locator(".cm-content").focus()
    for _ in range(4):
        press("Control+z")(page)


def _changes_hidden(page: Page) -> None:
    press("Control+Shift+e")(page)
    expect(page.locator("body")).not_to_have_attribute("data-changes", "")


def _changes(page: Page) -> None:
    page.locator(".cm-content").focus()
    press("Control+End")(page)
    page.keyboard.type(" more")
    press("Control+Shift+e")(page)
    expect(page.locator(".change-ins").first).to_be_attached()


PEEK = State(
    "peek", lambda page: by_keys("peek", ["Control+Home", "F8"], "#peek").enter(page), gone("#peek")
)
PALETTE = by_keys("palette", ["Control+k"], "#palette")
FIND = by_keys("find", ["Control+f"], "#find-bar")
HELP = by_keys("help", ["F1"], "#help")
NOTES = by_keys("notes", ["Control+Home", "Control+Shift+m"], "#notes-panel")
REPORT = panel("report", "[popovertarget=report-panel]", "#report-panel")
LOOK = panel("look", "[popovertarget=scan-look]", "#scan-look")
EXAMINE = panel("examine", "[data-command=examine]", "#examine")
CHANGES = State("changes", _changes, _changes_hidden)
UNCLOSED = State("unclosed", _unclosed, _closed)

LAYOUTS = [layout(name) for name in ("interlinear", "stacked", "text", "facing")]
PANELS = [PEEK, PALETTE, FIND, HELP, NOTES, REPORT, LOOK, EXAMINE, CHANGES, UNCLOSED]
