"""Doubtful words on the desk: a key goes through them; print and readings open beside the word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.runs import DOUBTFUL
from tests.browser import axe
from tests.browser.conftest import ROOT, SCANS, Installation, Window, _wait_until_read

pytestmark = pytest.mark.browser

REAL = ROOT.parent / "shared" / "scans" / "books" / "filial-duty-1908"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAME = "doubter"
MOST = 15

#: The editor's view, as CodeMirror hangs it on its element.
_VIEW = "document.querySelector('.cm-content').cmTile.view"
_STATE = f"""() => {{
    const {{state}} = {_VIEW};
    const {{from, to}} = state.selection.main;
    return {{text: state.doc.toString(), from, to, word: state.sliceDoc(from, to)}};
}}"""
_BOXES = """() => ["#peek", ".word-here"].map((name) => {
    const {left, top, right, bottom} = document.querySelector(name).getBoundingClientRect();
    return {left, top, right, bottom};
})"""


@dataclass
class Desk:
    """A page on the desk, with the text as the machine read it."""

    window: Window
    task: int

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.window.page

    def open(self, layout: str = "facing") -> Page:
        """Open the page, wait for its doubtful words and their readings."""
        page = self.page
        with page.expect_response(re.compile("/readings$")) as answer:
            page.goto(f"/proof/{self.task}")
        assert answer.value.status == 200
        page.wait_for_selector("body[data-ready]")
        page.click(f"[data-command='layout-{layout}']")
        expect(page.locator("#doubt-count")).to_contain_text("doubtful")
        page.locator(".cm-content").focus()
        page.keyboard.press("Control+Home")
        return page

    def state(self) -> dict[str, Any]:
        """Give text and selection."""
        found: dict[str, Any] = self.page.evaluate(_STATE)
        return found

    def put(self, caret: int) -> None:
        """Put the caret somewhere."""
        self.page.evaluate(f"(at) => {_VIEW}.dispatch({{selection: {{anchor: at}}}})", caret)

    def end(self, words: str) -> None:
        """Type at the end of the text."""
        self.page.locator(".cm-content").focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def doubts(self) -> list[str]:
        """Give the words underlined as doubtful on the screen."""
        return self.page.locator(".doubt").all_inner_texts()

    def to_word_with_readings(self, least: int = 1) -> dict[str, Any]:
        """Go to a doubtful word that has readings; gives the state there."""
        for _ in range(MOST):
            self.page.keyboard.press("F8")
            if self.page.locator("#peek .peek-reading:not(.is-add)").count() >= least:
                return self.state()
        pytest.fail("no doubtful word has a reading")


@pytest.fixture(scope="module")
def tasks(installation: Installation) -> dict[str, tuple[int, str]]:
    """Remember each book's page in hand, and its text as the machine read it."""
    installation.person("dora", role="admin")
    installation.person(NAME, rounds="P1,P2,F1")
    return {}


@pytest.fixture
def desk(window: Window, installation: Installation, tasks: dict[str, tuple[int, str]]) -> Desk:
    """Give a page of the demonstration book with many doubtful words."""
    scan = SCANS / "008.jpg"
    if not scan.exists():
        pytest.skip("the demonstration book is not here")
    return on_desk(window, installation, tasks, scan, "A Doubtful Book")


@pytest.fixture
def phone(
    chromium: Browser, installation: Installation, tasks: dict[str, tuple[int, str]]
) -> Iterator[Desk]:
    """Give the same page on a phone."""
    window = Window(chromium, installation.url, **PHONE)
    yield on_desk(window, installation, tasks, SCANS / "008.jpg", "A Doubtful Book")
    window.context.close()
    assert window.faults == []


def on_desk(
    window: Window,
    installation: Installation,
    tasks: dict[str, tuple[int, str]],
    scan: Path,
    title: str,
) -> Desk:
    window.sign_in(NAME)
    request = window.context.request
    headers = {"X-CSRFToken": request.get("/api/v1/session").json()["csrf_token"]}
    if title not in tasks:
        slug = installation.galley("import", str(scan), "--title", title, "--owner", "dora")
        _wait_until_read(installation, slug)
        task = request.post(f"/api/v1/projects/{slug}/checkouts", data={}, headers=headers).json()
        tasks[title] = task["id"], task["text"]
    number, text = tasks[title]
    now = request.get(f"/api/v1/tasks/{number}").json()
    if now["text"] != text:
        body = {"text": text, "version": now["version"]}
        put = request.put(f"/api/v1/tasks/{number}/draft", data=body, headers=headers)
        assert put.status == 200, put.text()
    return Desk(window, number)


def test_browser_and_server_doubt_alike() -> None:
    script = (ROOT / "static/js/desk/doubtful-words.js").read_text()
    assert f"const DOUBTFUL = {DOUBTFUL};" in script


def test_tab_goes_through_fifteen_words_and_on_to_the_button(desk: Desk) -> None:
    page = desk.open()
    expect(page.locator("#doubt-count")).to_have_text(f"{MOST} doubtful")
    help_id = page.get_attribute(".cm-content", "aria-describedby")
    assert "Press Escape and then Tab to leave" in page.inner_text(f"#{help_id}")
    lines = desk.state()["text"].split("\n")
    places = []
    for n in range(1, MOST + 1):
        page.keyboard.press("Tab")
        expect(page.locator("#doubt-count")).to_have_text(f"{n} of {MOST} doubtful")
        at = desk.state()
        places.append(at["from"])
        assert at["word"]
        assert not re.search(r"\s", at["word"])
        line = at["text"].count("\n", 0, at["from"]) + 1
        assert at["word"] in lines[line - 1]
        spoken = page.inner_text("#desk-live")
        assert spoken.startswith(f"Doubtful, {n} of {MOST}, line {line}: "), spoken
        reading = page.locator("#peek .peek-reading:not(.is-add) bdi")
        if reading.count():
            assert "Reading 1: " in spoken
        assert apart(page), f"the peek lies over {at['word']}"
        assert page.locator("#peek .peek-print div").bounding_box() is not None
    assert places == sorted(set(places))
    desk.window.shoot("desk-doubtful", whole=False)
    page.keyboard.press("Tab")
    assert "Done & next" in page.evaluate("document.activeElement.textContent")
    expect(page.locator("#peek")).to_be_hidden()
    assert page.locator(".doubt:not(.is-checked)").count() > 0, "the rest stays underlined"


def apart(page: Page) -> bool:
    peek, word = page.evaluate(_BOXES)
    return bool(peek["bottom"] <= word["top"] or peek["top"] >= word["bottom"])


def test_shift_tab_goes_back_and_what_was_left_is_checked(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("Tab")
    first = desk.state()
    page.keyboard.press("Tab")
    assert page.locator(".doubt.is-checked").first.inner_text() == first["word"]
    page.keyboard.press("Shift+Tab")
    assert desk.state() == first
    page.click("#doubt-nav [data-command='doubt-next']")
    expect(page.locator("#doubt-count")).to_have_text(f"2 of {MOST} doubtful")
    page.keyboard.press("Shift+F8")
    page.keyboard.press("Shift+F8")
    expect(page.locator("#doubt-count")).to_have_text(f"{MOST} of {MOST} doubtful")
    page.focus("[data-theme-switch]")
    page.keyboard.press("F8")
    expect(page.locator("#doubt-count")).to_have_text(f"1 of {MOST} doubtful")


def test_a_reading_is_taken_by_one_key_and_undone_by_one(desk: Desk) -> None:
    page = desk.open()
    before = desk.to_word_with_readings(2)
    count = page.inner_text("#doubt-count")
    reading = page.locator("#peek .peek-reading bdi").nth(1).inner_text()
    page.keyboard.press("Alt+2")
    after = desk.state()
    assert (
        after["text"] == before["text"][: before["from"]] + reading + before["text"][before["to"] :]
    )
    assert after["from"] > before["from"], "the next doubtful word"
    expect(page.locator(".doubt.is-checked", has_text=reading).first).to_be_visible()
    page.keyboard.press("Shift+F8")
    expect(page.locator("#doubt-count")).to_have_text(count)
    assert desk.state()["word"] == reading
    ring = page.get_attribute(".ring", "style")
    page.keyboard.press("Control+z")
    assert desk.state()["text"] == before["text"]
    assert desk.state()["word"] == before["word"]
    # The word is still tied to its print: the ring stands where it stood.
    expect(page.locator(".ring")).to_be_visible()
    expect(page.locator("#doubt-count")).to_have_text(count)
    expect(page.locator(".ring")).to_have_attribute("style", ring or "none")
    page.keyboard.press("Control+y")
    assert desk.state()["text"] == after["text"]


def test_typing_replaces_the_word_and_keeps_its_print_in_sight(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("Tab")
    before = desk.state()
    page.keyboard.type("was")
    assert (
        desk.state()["text"]
        == before["text"][: before["from"]] + "was" + before["text"][before["to"] :]
    )
    expect(page.locator("#peek .peek-print")).to_be_visible()
    page.keyboard.type(" ")
    expect(page.locator("#peek")).to_be_hidden()


def test_escape_closes_the_peek_and_lets_tab_leave_the_text(desk: Desk) -> None:
    page = desk.open()
    page.keyboard.press("Tab")
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    assert "cm-content" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    assert "cm-content" not in page.evaluate("document.activeElement.className")
    page.locator(".cm-content").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    assert "cm-content" not in page.evaluate("document.activeElement.className")
    page.locator(".cm-content").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.locator("#peek")).to_be_visible()


def test_readings_open_as_a_list(desk: Desk) -> None:
    page = desk.open()
    before = desk.to_word_with_readings(2)
    page.keyboard.press("Alt+ArrowDown")
    text = page.locator(".cm-content")
    options = page.locator("#peek [role=option]")
    expect(text).to_have_attribute("aria-controls", "peek-readings")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    reading = options.first.locator("bdi").inner_text()
    assert axe.findings(page) == []
    page.keyboard.press("Enter")
    assert desk.state()["text"].count("\n") == before["text"].count("\n")
    assert desk.state()["text"][before["from"] :].startswith(reading)
    expect(text).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_any_word_has_its_print_and_readings(desk: Desk) -> None:
    page = desk.open()
    doubtful = set(desk.doubts())
    text = desk.state()["text"]
    word = next(w for w in re.finditer(r"(?<=\s)[a-z]{4,}(?=\s)", text) if w[0] not in doubtful)
    desk.put(word.start() + 2)
    with page.expect_response(re.compile("/words/readings")):
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".word-here")).to_have_text(word[0])
    expect(page.locator("#peek .peek-print")).to_be_visible()
    expect(page.locator("#peek .peek-why")).to_contain_text("OCR is")
    assert apart(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#peek")).to_be_hidden()
    # Nothing is open: the key is not taken from anyone.
    page.keyboard.press("Alt+1")
    assert desk.state()["text"] == text


def test_words_are_checked_as_they_are_typed(desk: Desk) -> None:
    page = desk.open()
    asked: list[str] = []
    page.on(
        "request",
        lambda sent: asked.append(sent.post_data or "") if "words/check" in sent.url else None,
    )
    desk.end("\nThe qwrtzish rabbit <i>vorpled</i> again.")
    expect(page.locator(".doubt.is-unknown", has_text="qwrtzish")).to_have_count(1)
    expect(page.locator(".doubt.is-unknown", has_text="vorpled")).to_have_count(1)
    assert "rabbit" not in page.locator(".cm-line").last.locator(".doubt").all_inner_texts()
    many = len(asked)
    assert many
    desk.end("\nqwrtzish")
    expect(page.locator(".doubt.is-unknown", has_text="qwrtzish")).to_have_count(2)
    assert not any("qwrtzish" in each for each in asked[many:]), "a word is asked about once"


def test_without_a_server_nothing_is_marked_and_nothing_stops(desk: Desk) -> None:
    page = desk.open()
    desk.window.context.set_offline(True)
    with page.expect_event("requestfailed", lambda sent: "words/check" in sent.url):
        desk.end("\nThe qwrtzish rabbit.")
    assert page.locator(".doubt", has_text="qwrtzish").count() == 0
    page.keyboard.press("F8")
    expect(page.locator("#peek")).to_be_visible()
    desk.window.context.set_offline(False)
    desk.end(" Again.")
    expect(page.locator(".doubt.is-unknown", has_text="qwrtzish")).to_have_count(1)
    desk.window.faults[:] = [each for each in desk.window.faults if "ERR_INTERNET" not in each]


def test_a_word_of_the_book_is_doubted_no_more(desk: Desk) -> None:
    page = desk.open()
    desk.end("\nMr. Zwickelberry met Zwickelberry.")
    expect(page.locator(".doubt.is-unknown", has_text="Zwickelberry")).to_have_count(2)
    page.keyboard.press("Shift+F8")
    add = page.locator("#peek .is-add")
    expect(add).to_have_text("Add to this book's words")
    with page.expect_response(re.compile("/words/suggestions$")) as answer:
        add.click()
    assert answer.value.status == 201
    expect(page.locator(".doubt.is-unknown", has_text="Zwickelberry")).to_have_count(0)
    assert "Zwickelberry is one of this book's words now." in page.inner_text("#desk-live")
    words = page.context.request.get(answer.value.url).json()["items"]
    assert [each["word"] for each in words] == ["Zwickelberry"]


def test_characters_and_marks_that_do_not_belong(desk: Desk) -> None:
    page = desk.open()
    desk.end("\nA Ж here <i>and open.")
    expect(page.locator(".doubt.is-stray")).to_have_text("Ж")
    expect(page.locator(".open-mark")).to_have_text("<i>")
    assert "A mark is not closed" in (page.get_attribute(".open-mark", "title") or "")
    at = desk.state()
    desk.put(at["text"].index("Ж"))
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#peek .peek-why")).to_contain_text("Ж is not among this book's characters")
    desk.end("</i>")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-messages")).to_contain_text("Ж on line")
    expect(page).to_have_url(re.compile(f"/proof/{desk.task}$"))


def test_tab_may_be_left_to_the_browser(desk: Desk) -> None:
    set_choice(desk, "tab_moves_focus", value=True)
    page = desk.open()
    assert page.inner_text("#text-help").startswith("Tab leaves the text.")
    page.keyboard.press("Tab")
    assert "cm-content" not in page.evaluate("document.activeElement.className")
    page.keyboard.press("F8")
    expect(page.locator("#peek")).to_be_visible()
    set_choice(desk, "tab_moves_focus", value=None)


def test_the_pointer_opens_the_peek_by_choice(desk: Desk) -> None:
    set_choice(desk, "hover_peek", value=True)
    page = desk.open()
    page.locator(".doubt").nth(3).hover()
    expect(page.locator("#peek")).to_be_visible()
    assert apart(page)
    page.locator("#peek .peek-why").hover()
    expect(page.locator("#peek")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    page.locator(".doubt").nth(3).hover()
    page.mouse.move(5, 300)
    expect(page.locator("#peek")).to_be_hidden()
    set_choice(desk, "hover_peek", value=None)


def set_choice(desk: Desk, name: str, *, value: bool | None) -> None:
    request = desk.window.context.request
    headers = {"X-CSRFToken": request.get("/api/v1/session").json()["csrf_token"]}
    answer = request.put("/api/v1/me/desk", data={"wide": {name: value}}, headers=headers)
    assert answer.status == 200, answer.text()


def test_interlinear_has_the_peek_below_its_line(desk: Desk) -> None:
    page = desk.open("interlinear")
    desk.to_word_with_readings()
    peek, word = page.evaluate(_BOXES)
    assert peek["top"] >= word["bottom"]
    expect(page.locator("#peek .peek-print")).to_be_hidden()
    desk.window.shoot("desk-doubtful-interlinear", whole=False)
    assert axe.findings(page) == []


_ALL_TALL_ENOUGH = """
    [...document.querySelectorAll("#peek .peek-reading")]
        .every((each) => each.getBoundingClientRect().height >= 44)
"""


def test_a_word_by_tap(phone: Desk) -> None:
    page = phone.page
    page.goto(f"/proof/{phone.task}")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#doubt-count")).to_have_text(f"{MOST} doubtful")
    page.tap("[data-command='doubt-next']")
    sheet = page.locator("#peek")
    expect(sheet).to_be_visible()
    expect(page.locator("#doubt-count")).to_have_text(f"1 of {MOST}")
    assert page.get_attribute(".cm-content", "inputmode") == "none", "no keyboard opens"
    while not page.locator("#peek .peek-reading:not(.is-add)").count():
        page.tap("[data-command='doubt-next']")
    before = phone.state()
    page.wait_for_function(_ALL_TALL_ENOUGH)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("button:has-text('Done & next') >> visible=true").count() == 1
    phone.window.shoot("phone-doubtful", whole=False)
    assert axe.findings(page) == []
    reading = page.locator("#peek .peek-reading bdi").first.inner_text()
    page.tap("#peek .peek-reading")
    assert phone.state()["text"][before["from"] :].startswith(reading)
    expect(page.locator("#peek-field")).not_to_have_value(reading)
    # The word in its field: what is typed there stands in the text.
    word = phone.state()
    page.fill("#peek-field", "another")
    assert phone.state()["text"][word["from"] :].startswith("another")
    tap_word(page, first=True)
    expect(sheet).to_be_visible()
    assert page.get_attribute(".cm-content", "inputmode") == "none"
    tap_word(page, first=False)
    expect(sheet).to_be_hidden()
    assert page.get_attribute(".cm-content", "inputmode") is None, "the caret, and the keyboard"
    assert "cm-content" in page.evaluate("document.activeElement.className")


def tap_word(page: Page, *, first: bool) -> None:
    """Tap a word of the text, or the one that is shown again."""
    if first:
        word = page.locator(".cm-line .doubt:not(.is-checked)").first
    else:
        word = page.locator(".word-here").first
    word.scroll_into_view_if_needed()
    box = word.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("layout", ["facing", "interlinear"])
def test_a_real_page(
    window: Window, installation: Installation, tasks: dict[str, tuple[int, str]], layout: str
) -> None:
    scans = sorted(REAL.glob("**/*.png")) if REAL.exists() else []
    if not scans:
        pytest.skip("the shared scans are not here")
    desk = on_desk(window, installation, tasks, scans[20], "A Real Page")
    page = desk.open(layout)
    total = int(page.inner_text("#doubt-count").split()[0])
    assert 0 < total <= MOST
    for n in range(1, total + 1):
        page.keyboard.press("Tab")
        expect(page.locator("#doubt-count")).to_have_text(f"{n} of {total} doubtful")
        assert apart(page)
    window.shoot(f"desk-doubtful-real-{layout}", whole=False)
    page.keyboard.press("Tab")
    assert "Done & next" in page.evaluate("document.activeElement.textContent")
