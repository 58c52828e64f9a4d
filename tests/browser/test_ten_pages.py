"""Ten pages from the home page, logged out, to the tenth hand-in: what it takes of one's hands.

The limits are those of the volunteer's handling time in the design: it may take less, never more.
Every key that goes down counts, of a chord each one, the letters of name and password too.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Request, expect
from sqlalchemy.orm import joinedload

from library.clock import utc_now
from library.config import settings_from
from library.db import make_engine, reading, writing
from library.models import Project
from library.storage import Storage
from proofing import rounds
from proofing.models import PageTask
from tests.browser.conftest import PASSWORD, Installation, Window
from tests.support import rows
from tests.support.typeset import Typeset, add_typeset, prepared, typeset

pytestmark = pytest.mark.browser

PAGES = 10
MOST_CLICKS_AND_KEYS, MOST_LOADS, MOST_SCROLLS = 292, 3, 0

#: Counts what really reaches the page. A click that a key makes has no detail.
_COUNTERS = """() => {
    const add = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
    addEventListener("keydown", (event) => event.isTrusted && add("keys"), true);
    addEventListener("click", (event) => event.isTrusted && event.detail && add("clicks"), true);
    const passive = {capture: true, passive: true};
    addEventListener("wheel", (event) => event.isTrusted && add("scrolls"), passive);
}"""
_COUNTED = """() => Object.fromEntries(
    ["keys", "clicks", "scrolls"].map((name) => [name, Number(sessionStorage.getItem(name))]))"""
#: What a volunteer sees of the doubtful word at the caret, once it is another one than `before`.
_STOP = """(before) => {
    const {view} = document.querySelector(".cm-content").cmTile;
    const {from, to} = view.state.selection.main;
    const line = view.state.doc.lineAt(from);
    const of = /^(\\d+) of (\\d+)/.exec(document.querySelector("#doubt-count").textContent);
    const place = `${line.number}.${from - line.from}`;
    const ring = document.querySelector(".ring:not([hidden])");
    const word = document.querySelector(".cm-line .word-here");
    if (from === to || !of || place === before || !ring || !word) return undefined;
    const isInSight = (part) => {
        const sheet = document.querySelector("#sheet").getBoundingClientRect();
        const {top, bottom, height} = part.getBoundingClientRect();
        return height > 0 && top >= sheet.top && bottom <= sheet.bottom;
    };
    // The sheet follows by itself: nobody has to scroll to a doubtful word or to its print.
    return isInSight(word) && isInSight(ring) && {
        place, row: line.number - 1, at: line.text.slice(0, from - line.from).split(" ").length - 1,
        word: view.state.sliceDoc(from, to), isLast: of[1] === of[2],
    };
}"""
_READINGS = """() => {
    const peek = document.querySelector("#peek");
    const readings = [...peek.querySelectorAll(".peek-reading:not(.is-add) bdi")];
    const isKnown = readings.length || peek.textContent.includes("no other reading known");
    return !peek.hidden && isKnown ? readings.map((each) => each.textContent) : undefined;
}"""
_TEXT = "() => document.querySelector('.cm-content').cmTile.view.state.doc.toString()"


@dataclass
class Hands:
    """A volunteer's hands: all they do is counted, here and by the page itself."""

    page: Page
    did: Counter[str] = field(default_factory=Counter)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.context.add_init_script(f"({_COUNTERS})()")
        self.page.on("request", self._load)

    def _load(self, request: Request) -> None:
        if request.is_navigation_request() and request.redirected_from is None:
            self.loads.append(request.url)

    def press(self, chord: str) -> None:
        """Press keys together."""
        self.did["keys"] += chord.count("+") + 1
        self.page.keyboard.press(chord)

    def type(self, words: str) -> None:
        """Type letters."""
        self.did["keys"] += len(words)
        self.page.keyboard.type(words)

    def click(self, what: str) -> None:
        """Click something."""
        self.did["clicks"] += 1
        self.page.click(what)

    def hold_the_limits(self) -> None:
        """Compare what was done with what the page saw, and with the limits."""
        counted = self.page.evaluate(_COUNTED)
        assert counted == {"keys": self.did["keys"], "clicks": self.did["clicks"], "scrolls": 0}
        told = f"{counted}, loads: {self.loads}"
        assert counted["clicks"] + counted["keys"] <= MOST_CLICKS_AND_KEYS, told
        assert len(self.loads) <= MOST_LOADS, told
        assert counted["scrolls"] <= MOST_SCROLLS, told


@dataclass(frozen=True)
class Book:
    """A book in the installation, and what is printed on its pages."""

    engine: sa.Engine
    slug: str
    pages: Sequence[Typeset]

    def handed_in(self) -> list[str]:
        """Return the texts that were handed in, by page."""
        tasks = (
            sa.select(PageTask)
            .join(Project, Project.id == PageTask.project_id)
            .where(Project.slug == self.slug, PageTask.round == "P1", PageTask.state == "done")
            .order_by(PageTask.number)
            .options(joinedload(PageTask.head))
        )
        with reading(self.engine) as session:
            return [task.head.text for task in session.scalars(tasks) if task.head]


@pytest.fixture(scope="module")
def pages() -> list[Typeset]:
    """One page more than are handed in: there is a next one after the tenth."""
    return typeset(PAGES + 1, lines=31, wrong=5, broken=3)


@pytest.fixture
def typeset_book(installation: Installation, pages: list[Typeset]) -> Iterator[Book]:
    """Give the newest book of the installation, as the machine has read it."""
    settings = settings_from(installation.environment)
    engine, storage = make_engine(settings.database_url), Storage.from_url(settings.storage_url)
    pictures = [prepared(storage, page) for page in pages]
    with writing(engine) as session:
        project = rows.add_project(session, title="Ten Pages")
        for page, images in zip(pages, pictures, strict=True):
            add_typeset(session, project, page, images)
        while rounds.open_pages(session, project, utc_now()):
            session.flush()
        slug = project.slug
    yield Book(engine, slug, pages)
    engine.dispose()


def test_ten_pages_by_mouse_and_keys(
    installation: Installation, window: Window, typeset_book: Book
) -> None:
    installation.person("ida", rounds="P1")
    hands, page = Hands(window.page), window.page
    page.goto("/")
    hands.click("text=Sign in to your next page")
    expect(page.locator("#name")).to_be_focused()
    hands.type("ida")
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.click("main form button")
    proofread(hands, typeset_book, lambda: hands.click("[data-command=done]:visible"))
    window.shoot("ten-pages", whole=False)
    hands.hold_the_limits()


def test_ten_pages_by_keyboard_alone(
    installation: Installation, window: Window, typeset_book: Book
) -> None:
    installation.person("eva")  # a newcomer: one page in hand until the first is handed in
    hands, page = Hands(window.page), window.page
    page.goto("/")
    hands.press("Tab")  # to the skip link
    hands.press("Enter")
    until_focused(hands, "Sign in to your next page")
    hands.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    hands.type("eva")
    hands.press("Tab")
    hands.type(PASSWORD)
    hands.press("Enter")
    proofread(hands, typeset_book, lambda: hands.press("Control+Enter"))
    hands.hold_the_limits()
    assert hands.did["clicks"] == 0


def until_focused(hands: Hands, words: str) -> None:
    """Press Tab until the focus is on what says this."""
    for _ in range(10):
        hands.press("Tab")
        if words in hands.page.evaluate("document.activeElement.textContent"):
            return
    pytest.fail(f"Tab never came to {words!r}")


def proofread(hands: Hands, book: Book, hand_in: Callable[[], None]) -> None:
    """Proofread ten pages and hand them in, and see that their texts are what is printed."""
    page = hands.page
    for printed in book.pages[:PAGES]:
        is_shown(page, printed)
        correct(hands, printed)
        hand_in()
    expect(page.locator("#toasts")).to_contain_text(f"{PAGES} today.")
    is_shown(page, book.pages[PAGES])
    assert book.handed_in() == [each.truth for each in book.pages[:PAGES]]


def is_shown(page: Page, printed: Typeset) -> None:
    page.wait_for_selector("body[data-ready]")
    page.wait_for_function(f"(read) => ({_TEXT})() === read", arg=printed.read)
    expect(page.locator("#doubt-count")).to_have_text(re.compile(r"^\d+ doubtful$"))


def correct(hands: Hands, printed: Typeset) -> None:
    """Go from one doubtful word to the next; each is compared with its print and put right."""
    place, is_last = "", False
    hands.press("Tab")
    while not is_last:
        stop = hands.page.wait_for_function(_STOP, arg=place).json_value()
        place, is_last = stop["place"], stop["isLast"]
        right = printed.printed[stop["row"]][stop["at"]]
        goes_on = stop["word"] != right and put_right(hands, right)
        if not (goes_on or is_last):
            hands.press("Tab")


def put_right(hands: Hands, right: str) -> bool:
    """Take the reading that is right, which also goes on to the next word, or type it."""
    readings = hands.page.wait_for_function(_READINGS).json_value()
    if right in readings:
        hands.press(f"Alt+{readings.index(right) + 1}")
        return True
    hands.type(right)
    return False
