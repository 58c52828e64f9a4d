"""One key for everything: commands, characters and pages by their words; and the help."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.at_desk import AtDesk, at_desk
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

TEXT = "The first line of a page.\nThe second line of it."


@pytest.fixture
def desk(window: Window, installation: Installation) -> AtDesk:
    return at_desk(window, installation, TEXT)


def ask(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open]")
    page.keyboard.type(words)


def first(page: Page) -> str:
    return page.inner_text("#palette-list [aria-selected=true] .palette-name")


def test_first_letters_and_enter_do_it_where_the_caret_was(desk: AtDesk) -> None:
    desk.select("second", caret=True)
    ask(desk.page, "sc")
    assert first(desk.page) == "Small capitals"
    assert desk.page.inner_text("#palette-list [aria-selected=true] kbd") == "Ctrl Shift K"
    desk.page.keyboard.press("Enter")
    assert "<sc>second</sc>" in desk.text
    assert desk.in_text
    assert desk.selected == "second"
    ask(desk.page, "clear")
    desk.page.keyboard.press("Enter")
    assert desk.text == TEXT
    desk.page.keyboard.press("Control+k")
    assert first(desk.page) == "Clear marks", "the last used is first"


def test_escape_leaves_everything_as_it_was(desk: AtDesk) -> None:
    desk.select("first line")
    ask(desk.page, "nothing of that name")
    expect(desk.page.locator("#palette-told")).to_contain_text("No command")
    assert desk.page.locator("#palette-list li").count() == 0
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#palette")).not_to_be_visible()
    assert desk.in_text
    assert desk.selected == "first line"
    assert desk.text == TEXT


def test_the_list_is_walked_by_keys_and_told_to_screen_readers(desk: AtDesk) -> None:
    page = desk.page
    ask(page, "")
    for key, step in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        assert (
            page.get_attribute("#palette-field", "aria-activedescendant")
            == f"palette-option-{step}"
        )
    assert page.locator("#palette-list [aria-selected=true]").count() == 1
    assert axe.findings(page) == []
    names = page.locator(".palette-name").all_inner_texts()
    assert "Italic" in names
    assert "" not in names
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.locator("#palette-list li").last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).not_to_be_visible()


def test_characters_are_found_by_name_and_put_in_place_of_the_selection(desk: AtDesk) -> None:
    desk.select("second")
    ask(desk.page, "e acu")
    expect(desk.page.locator("#palette-list [aria-selected=true]")).to_have_text(re.compile("^é"))
    desk.page.keyboard.press("Enter")
    assert "The é line" in desk.text
    # One that is in no set of the book's languages: the server knows it.
    ask(desk.page, "thorn")
    option = desk.page.locator("#palette-list li").filter(has_text="þ").first
    option.click()
    assert "The éþ line" in desk.text
    assert desk.in_text
    desk.page.keyboard.press("Control+k")
    assert desk.page.locator("#palette-list li .palette-char").first.inner_text() == "é"


def test_a_number_goes_to_that_page(desk: AtDesk) -> None:
    ask(desk.page, "1")
    option = desk.page.locator("#palette-list li").filter(has_text=re.compile("^Scan 1|^Page 1"))
    expect(option.first).to_be_visible()
    option.first.click()
    # It is in the reader's own hands, in the formatting round.
    desk.page.wait_for_url(lambda url: "/proof/" in url and not url.endswith(f"/{desk.task}"))


def test_help_has_every_key_and_the_notation(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.press("F1")
    expect(page.locator("#help")).to_be_visible()
    keys = page.inner_text("#help-keys")
    for words in ("Ctrl K", "Ctrl Shift K", "Small capitals", "Find and replace", "Shift Tab"):
        assert words in keys
    style = page.locator(".notation .mark-sc").evaluate(
        "(one) => getComputedStyle(one).fontVariantCaps"
    )
    assert style == "small-caps"
    assert axe.findings(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()
    assert desk.in_text
    page.keyboard.press("Control+Home")
    page.keyboard.type("?")
    assert desk.text == f"?{TEXT}"
    expect(page.locator("#help")).not_to_be_visible()
    page.focus("[data-command=undo]")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def test_every_command_with_a_key_has_a_name_and_a_group_that_help_can_tell(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.press("F1")
    shown = set(page.locator("#help-keys dd").all_inner_texts())
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    rows = page.locator("#palette-list li").filter(has=page.locator("kbd"))
    assert rows.count() >= 15
    for name in rows.locator(".palette-name").all_inner_texts():
        assert name in shown
