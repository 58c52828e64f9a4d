"""Search and replace: matches shown, replacements shown before they are made, one undo."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.browser.at_desk import AtDesk, at_desk, on_phone
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

TEXT = "The cat and the dog.\nThen the cat, the CAT,\nand catkins in 1849."


@pytest.fixture
def desk(window: Window, installation: Installation) -> AtDesk:
    made = at_desk(window, installation, TEXT)
    made.page.keyboard.press("Control+f")
    made.page.wait_for_selector("#find-bar:not([hidden])")
    return made


def count(desk: AtDesk, words: str) -> None:
    expect(desk.page.locator("[data-find=count]")).to_have_text(words)


def test_every_match_is_shown_and_walked_to(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.type("cat")
    count(desk, "1 of 4")
    assert page.locator(".find-hit").count() == 4
    page.keyboard.press("Enter")
    count(desk, "2 of 4")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    count(desk, "4 of 4")
    page.check("[data-option=words]")
    count(desk, "1 of 3")
    page.check("[data-option=case]")
    count(desk, "1 of 2")
    page.focus("[data-find=find]")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#find-bar")).not_to_be_visible()
    assert desk.in_text
    assert desk.selected == "cat"
    assert desk.caret == TEXT.index("Then the cat") + len("Then the cat")
    assert page.locator(".find-hit").count() == 0


def test_what_is_selected_is_searched_for(desk: AtDesk) -> None:
    desk.page.keyboard.press("Escape")
    desk.select("the dog")
    desk.page.keyboard.press("Control+f")
    assert desk.page.input_value("[data-find=find]") == "the dog"
    count(desk, "1 of 1")


def test_a_pattern_has_groups_and_a_wrong_one_is_told(desk: AtDesk) -> None:
    page = desk.page
    page.check("[data-option=pattern]")
    page.fill("[data-find=find]", r"(\d\d)(\d\d")
    expect(page.locator("#find-fault")).to_contain_text("This is no pattern")
    assert page.get_attribute("[data-find=find]", "aria-invalid") == "true"
    page.fill("[data-find=find]", r"(\d\d)(\d\d)")
    expect(page.locator("#find-fault")).not_to_be_visible()
    page.fill("[data-find=replace]", "$2-$1")
    page.click("[data-find=all]")
    assert desk.text.endswith("in 49-18.")


def test_each_replacement_is_shown_chosen_and_undone_in_one_step(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.type("cat")
    page.fill("[data-find=replace]", "hare")
    rows = page.locator("[data-find=list] li")
    assert rows.count() == 4
    assert rows.first.locator("del").inner_text() == "cat"
    assert rows.first.locator("ins").inner_text() == "hare"
    assert "Line 1" in rows.first.inner_text()
    assert axe.findings(page) == []
    rows.last.locator("input").uncheck()
    expect(page.locator("[data-find=all]")).to_have_text("Replace 3")
    desk.window.shoot("desk-find", whole=False)
    page.click("[data-find=all]")
    changed = TEXT.replace("cat", "hare").replace("CAT", "hare").replace("harekins", "catkins")
    assert desk.text == changed
    count(desk, "3 replaced")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    assert desk.text == TEXT


def test_a_replaced_word_keeps_its_print(window: Window, installation: Installation) -> None:
    desk = at_desk(window, installation, "")
    page = desk.page
    # The words that the machine read, so that they are tied to the print.
    read = page.evaluate("JSON.parse(document.getElementById('desk-data').textContent).lines")
    text = "\n".join(" ".join(word["text"] for word in line["words"]) for line in read)
    desk = at_desk(window, installation, text)
    word = next(w["text"] for line in read for w in line["words"] if text.count(w["text"]) == 1 and w["text"].isalpha() and len(w["text"]) > 4)  # fmt: skip  # noqa: E501
    desk.select(word, caret=True)
    ring = page.locator(".ring")
    expect(ring).to_be_visible()
    place = "(ring) => [ring.style.translate, ring.style.width]"
    before = ring.evaluate(place)
    page.keyboard.press("Control+f")
    page.fill("[data-find=find]", word)
    page.fill("[data-find=replace]", "Replacement")
    page.click("[data-find=all]")
    page.keyboard.press("Escape")
    desk.select("Replacement", caret=True)
    expect(ring).to_be_visible()
    assert ring.evaluate(place) == before


def test_nothing_is_found_and_nothing_replaced(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.type("zebra")
    count(desk, "0 found")
    page.focus("[data-find=replace]")
    expect(page.locator("[data-find=all]")).to_be_disabled()
    page.keyboard.press("Escape")
    assert desk.text == TEXT


def test_it_fits_a_phone(chromium: Browser, installation: Installation) -> None:
    with on_phone(chromium, installation, TEXT) as desk:
        page = desk.page
        page.tap(".desk-tools [data-command=palette]")
        page.fill("#palette-field", "find")
        page.keyboard.press("Enter")
        page.fill("[data-find=find]", "cat")
        page.fill("[data-find=replace]", "dog")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator("[data-find=list] li").count() == 4


def test_any_pattern_ends_and_is_undone(desk: AtDesk) -> None:
    page = desk.page
    page.check("[data-option=pattern]")
    for pattern, replacement in (
        ("", "x"),
        ("^", "  "),
        ("x*", "-"),
        ("$", "."),
        (".", "."),
        (r"\n", r"\n\n"),
    ):
        page.fill("[data-find=find]", pattern)
        page.fill("[data-find=replace]", replacement)
        if page.locator("[data-find=all]").is_enabled():
            page.click("[data-find=all]")
    assert set(desk.text) == {".", "\n"}
    assert "\n\n" in desk.text
    page.keyboard.press("Escape")
    for _ in range(5):
        page.keyboard.press("Control+z")
    assert desk.text == TEXT
