"""Edits at random, by real keys: text, ties to the print, and band stay together.

Sixty of them here; `make soak` does six hundred.
"""

import os
import random
import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.books import DEMO, book_of, open_desk, take
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

IS_SOAK = "GALLEY_SOAK" in os.environ
EDITS = 300 if IS_SOAK else 60
SEEDS = (1865, 1908) if IS_SOAK else (1865,)
LAYOUTS = ("facing", "interlinear", "stacked", "text")
#: The last begins with a letter of two units.
WORDS = (
    *("the", "quick-witted", "fox's", "æther", "naïve", "<i>so</i>", "1865,", "日本", "שלום"),
    "\U0001d50aalley",
)

#: Puts into the page: text, selection and ties as they are, and whether the band is on the caret.
OPEN = """async () => {
  const root = new URL(".", document.querySelector("script[src*='desk/main.js']").src);
  const { EditorView } = await import(new URL("../codemirror.js", root));
  const { ties } = await import(new URL("anchors.js", root));
  const view = EditorView.findFromDOM(document.querySelector(".cm-editor"));
  window.view = view;
  window.seen = () => {
    const { doc, selection } = view.state;
    const { from, to } = selection.main;
    return { text: doc.toString(), from, to, ties: view.state.field(ties) };
  };
  window.bandIsOnCaret = () => {
    const caret = view.coordsAtPos(view.state.selection.main.head);
    const band = document.querySelector(".band").getBoundingClientRect();
    return !caret || (band.top <= caret.bottom && caret.top <= band.bottom);
  };
}"""


def units(text: str) -> list[int]:
    """Return a text as UTF-16 code units, the browser's measure."""
    raw = text.encode("utf-16-le")
    return [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]


class Desk:
    """The desk in the browser and what it should hold."""

    def __init__(self, page: Page, chance: random.Random) -> None:
        self.page, self.chance = page, chance
        page.evaluate(OPEN)
        self.seen: dict[str, Any] = self.look()

    def look(self) -> dict[str, Any]:
        """Return text, selection and ties as they are now."""
        found: dict[str, Any] = self.page.evaluate("window.seen()")
        return found

    def place(self) -> None:
        """Put the caret, or a selection, somewhere: within a line or over the end of one."""
        text = units(self.seen["text"])
        start = self.chance.randint(0, len(text))
        end = min(len(text), start + self.chance.choice((0, 0, 0, 1, 3, 12, 90)))
        start, end = self._whole(text, start), self._whole(text, end)
        self.page.evaluate(
            "([anchor, head]) => { view.dispatch({ selection: { anchor, head } }); view.focus(); }",
            [start, end],
        )
        self.seen = self.look()

    @staticmethod
    def _whole(text: list[int], at: int) -> int:
        """Step out of the middle of a character of two units."""
        return at - 1 if at < len(text) and 0xDC00 <= text[at] < 0xE000 else at

    def expect(self, inserted: str, *, back: int = 0) -> None:
        """Check that exactly the selection gave way to `inserted`, and the ties followed."""
        before, self.seen = self.seen, self.look()
        old = units(before["text"])
        start, end = before["from"] - back, before["to"]
        assert units(self.seen["text"]) == old[:start] + units(inserted) + old[end:]
        self.check_ties()
        shift = len(units(inserted)) - (end - start)
        kept = {(tie["line"], tie["word"]): tie for tie in self.seen["ties"]}
        for tie in before["ties"]:
            if tie["to"] < start or tie["from"] > end:
                moved = shift if tie["from"] > end else 0
                now = kept[tie["line"], tie["word"]]
                assert (now["from"], now["to"]) == (tie["from"] + moved, tie["to"] + moved)

    def check_ties(self) -> None:
        """Check that ties are in order, apart, inside the text, and begin and end with letters."""
        text, at = units(self.seen["text"]), 0
        blanks = {ord(each) for each in " \n\t"}
        for tie in self.seen["ties"]:
            assert at <= tie["from"] < tie["to"] <= len(text)
            assert text[tie["from"]] not in blanks
            assert text[tie["to"] - 1] not in blanks
            at = tie["to"]

    def edit(self) -> None:
        """Make one edit of a random kind by its keys."""
        self.place()
        kind = self.chance.choice(("type", "type", "type", "paste", "join", "split", "erase"))
        if kind == "type":
            word = self.chance.choice(WORDS) + self.chance.choice(("", " "))
            self.page.keyboard.insert_text(word)
            self.expect(word)
        elif kind == "paste":
            words = "\n".join(self.chance.choices(WORDS, k=self.chance.randint(1, 4)))
            self.page.evaluate(PASTE, words)
            self.expect(words)
        elif kind == "split":
            self.page.keyboard.press("Enter")
            self.expect("\n")
        else:
            self._erase(kind)

    def _erase(self, kind: str) -> None:
        if kind == "join":
            self.page.keyboard.press("Home")
            self.seen = self.look()
        if self.seen["from"] != self.seen["to"]:
            self.page.keyboard.press("Delete")
            self.expect("")
            return
        before = self.seen
        self.page.keyboard.press("Backspace")
        gone = len(units(before["text"])) - len(units(self.look()["text"]))
        self.expect("", back=gone)


PASTE = """(words) => {
  const data = new DataTransfer();
  data.setData("text/plain", words);
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  view.contentDOM.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


@pytest.mark.parametrize("seed", SEEDS)
def test_edits_undo_and_layouts_lose_nothing(
    window: Window, installation: Installation, seed: int
) -> None:
    # A page each, and the one that each desk fetches ahead.
    book = book_of(installation, "A Book to Edit", [DEMO] * 4)
    task = take(installation, f"edits-{seed}", book)
    window.sign_in(f"edits-{seed}")
    open_desk(window, task["id"])
    chance = random.Random(seed)  # noqa: S311 - not a secret
    desk = Desk(window.page, chance)
    first = desk.seen
    for number in range(EDITS):
        desk.edit()
        if number % 15 == 0:
            window.page.click(f"[data-command=layout-{chance.choice(LAYOUTS)}]")
            window.page.wait_for_function("() => window.bandIsOnCaret()")
            desk.seen = desk.look()
    last = desk.seen
    window.page.evaluate("view.focus()")
    undo_all(window.page)
    undone = desk.look()
    assert undone["text"] == first["text"]
    assert undone["ties"] == first["ties"]
    redo_all(window.page)
    desk.seen = desk.look()
    assert desk.seen["text"] == last["text"]
    desk.check_ties()
    window.page.keyboard.press("Control+s")
    window.page.wait_for_selector("#save-state[data-state=saved]")
    address = window.page.url
    window.page.goto("/desk")
    window.page.goto(address)
    window.page.wait_for_selector("body[data-ready]")
    stored = Desk(window.page, chance).seen["text"]
    assert stored == as_stored(last["text"])


def as_stored(text: str) -> str:
    """Return a text without blanks at line ends and empty lines at its end."""
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).rstrip("\n")


def undo_all(page: Page) -> None:
    """Undo until nothing is left to undo."""
    until_still(page, "Control+z")


def redo_all(page: Page) -> None:
    """Do again until nothing is left."""
    until_still(page, "Control+y")


def until_still(page: Page, key: str) -> None:
    """Press a key until the text stays the same three times."""
    same, before = 0, None
    for _ in range(2 * EDITS):
        page.keyboard.press(key)
        text = page.evaluate("view.state.doc.toString()")
        same = same + 1 if text == before else 0
        if same == 3:
            return
        before = text
    pytest.fail(f"{key} does not come to an end")
