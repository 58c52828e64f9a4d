"""Keys that Firefox has its own use for reach our pages first, and our pages can keep them."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Installation
from tests.browser.firefox import Firefox

pytestmark = pytest.mark.browser

#: Those that the desk takes, as a page is told of them.
CHORDS = {
    "Alt+1": "alt 1", "Alt+2": "alt 2", "Alt+3": "alt 3", "Alt+4": "alt 4", "Alt+0": "alt 0",
    "Alt+-": "alt -", "Alt+ArrowUp": "alt ArrowUp", "Alt+PageDown": "alt PageDown",
    "Control+B": "ctrl b", "Control+Enter": "ctrl Enter", "Control+F": "ctrl f",
    "Control+I": "ctrl i", "Control+K": "ctrl k", "Control+S": "ctrl s", "Control+Y": "ctrl y",
    "Control+\\": "ctrl \\", "Control+Shift+E": "ctrl shift E",
    "Control+Shift+Enter": "ctrl shift Enter", "Control+Shift+K": "ctrl shift K",
    "Tab": "Tab", "Shift+Tab": "shift Tab", "F1": "F1", "F6": "F6", "F8": "F8",
    "Shift+F8": "shift F8",
}  # fmt: skip
LISTEN = """(() => {
    window.seen = [];
    window.keeps = true;
    addEventListener("keydown", (event) => {
        const {key, altKey, ctrlKey, shiftKey, isTrusted} = event;
        if (!isTrusted || ["Alt", "Control", "Shift"].includes(key)) return;
        seen.push([altKey && "alt", ctrlKey && "ctrl", shiftKey && "shift", key]
            .filter(Boolean).join(" "));
        if (window.keeps) event.preventDefault();
    });
    document.getElementById("name").focus();
})()"""
AT_HOME = "[document.hasFocus(), document.visibilityState, document.activeElement.id, innerHeight]"


@pytest.fixture
def page(firefox: Firefox, installation: Installation) -> Iterator[Firefox]:
    """Give the sign-in page, which notes and keeps keys, beside a second tab."""
    firefox.forget()
    firefox.open(f"{installation.url}/sign-in")
    firefox.evaluate(LISTEN)
    with firefox.another_tab():
        yield firefox


@pytest.mark.parametrize("chord", CHORDS)
def test_a_page_gets_the_chord_and_can_keep_it(page: Firefox, chord: str) -> None:
    before = page.evaluate(AT_HOME)
    assert before[:3] == [True, "visible", "name"]
    page.press(chord)
    page.until("seen.length")
    assert page.evaluate("seen") == [CHORDS[chord]]
    # A key after it shows that the keyboard is still in the page, and gives Firefox time to act.
    page.press("a")
    page.until("seen.length > 1")
    assert page.evaluate(AT_HOME) == before


@pytest.mark.parametrize(
    ("chord", "loss"),
    [
        ("Alt+2", "document.visibilityState === 'hidden'"),
        ("Control+K", "!document.hasFocus()"),
        ("Tab", "document.activeElement.id === 'password'"),
    ],
)
def test_firefox_acts_on_a_chord_that_the_page_lets_go(
    page: Firefox, chord: str, loss: str
) -> None:
    page.evaluate("(keeps = false)")
    page.press(chord)
    page.until(loss)
    assert page.evaluate("seen") == [CHORDS[chord]]
