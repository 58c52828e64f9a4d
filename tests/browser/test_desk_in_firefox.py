"""The desk in Firefox: the chords that Firefox wants for itself do the desk's work."""

import json
import urllib.request
from collections.abc import Iterator

import pytest

from tests.browser.conftest import PASSWORD, Installation
from tests.browser.firefox import Firefox

pytestmark = pytest.mark.browser

#: Chords with which Firefox would leave the page or open something beside it.
CHORDS = [
    "Alt+1", "Alt+2", "Alt+3", "Alt+4", "Control+I",
    "Control+B", "Control+K", "Control+S", "Control+Shift+K", "Control+Shift+E", "F6", "F8",
    "Shift+F8",
]  # fmt: skip
STATE = "[document.hasFocus(), document.visibilityState, innerWidth, innerHeight]"


@pytest.fixture(scope="module")
def proof(firefox: Firefox, installation: Installation, book: str) -> str:
    """Give the address of a page in the hands of `fern`, who is signed in."""
    installation.person("fern", rounds="P1")
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{installation.url}/api/v1/projects/{book}/checkouts",
        data=b"{}",
        headers={
            "Authorization": f"Bearer {installation.token('fern')}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
        address = f"{installation.url}/proof/{json.load(answer)['id']}"
    firefox.sign_in(installation.url, "fern", PASSWORD)
    return address


@pytest.fixture
def desk(firefox: Firefox, proof: str) -> Iterator[Firefox]:
    """Give the desk with the cursor in its text, beside a second tab."""
    firefox.open(proof).until("document.querySelector('.cm-content')")
    firefox.evaluate("document.querySelector('.cm-content').focus()")
    with firefox.another_tab():
        yield firefox


@pytest.mark.parametrize("chord", CHORDS)
def test_firefox_leaves_the_chord_to_the_desk(desk: Firefox, chord: str) -> None:
    before = desk.evaluate(STATE)
    desk.evaluate(
        "(window.after = 0, addEventListener('keydown', ({key}) => after += key === 'F9'))"
    )
    desk.press(chord, "F9")
    desk.until("after", seconds=5)
    assert desk.evaluate(STATE) == before
