"""Characters no keyboard has: the bar in the foot, the grid of all, codes that become letters."""

from itertools import product

import pytest
from playwright.sync_api import Browser, expect

from exports.making.letters import letter_codes, open_ligatures
from tests.browser import axe
from tests.browser.at_desk import AtDesk, at_desk, on_phone
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

TEXT = "The first line of a page.\nThe second line of it."
#: What may stand between the brackets of a code, and what may not.
SIGNS = "=:.`'^)~v,abcinouyxzACEOVÆæŒœ1*(-éß "


@pytest.fixture
def desk(window: Window, installation: Installation) -> AtDesk:
    made = at_desk(window, installation, TEXT)
    made.page.wait_for_selector("#characters:not([hidden]) .character")
    return made


def test_a_click_puts_a_character_at_the_caret(desk: AtDesk) -> None:
    page = desk.page
    desk.select("second")
    page.click("#characters .character[data-character='é']")
    assert "The é line" in desk.text
    assert desk.in_text
    page.keyboard.type("t")
    assert "The ét line" in desk.text
    assert page.get_attribute("#characters .character >> nth=0", "data-character") == "é"
    name = "latin small letter e with acute"
    assert page.get_attribute("#characters .character >> nth=0", "aria-label") == name
    assert page.get_attribute("#characters .character >> nth=0", "title") == name
    for char in "àçêë":
        page.click(f"#characters .character[data-character='{char}']")
    leading = [
        page.get_attribute(f"#characters .character >> nth={n}", "data-character") for n in range(4)
    ]
    assert leading == ["ë", "ê", "ç", "à"]
    page.reload()
    page.wait_for_selector("#characters .character")
    assert page.get_attribute("#characters .character >> nth=0", "data-character") == "ë"


def test_a_second_language_is_one_click_away(desk: AtDesk) -> None:
    page = desk.page
    expect(page.locator("#characters-language")).to_have_text("English")
    desk.select("line", caret=True)
    page.click("#characters-language")
    expect(page.locator("#characters-language")).to_have_text("French")
    assert desk.in_text
    shown = page.locator("#characters .character").evaluate_all(
        "all => all.map((one) => one.offsetTop)"
    )
    assert len(set(shown)) == 1, "the bar is one line"


def test_all_characters_are_a_grid_of_one_tab_stop(desk: AtDesk) -> None:
    page = desk.page
    desk.select("second")
    page.focus("#characters [popovertarget=all-characters]")
    page.keyboard.press("Enter")
    expect(page.locator("#all-characters")).to_be_visible()
    assert page.locator("#character-groups [tabindex='0']").count() == 1
    before = page.evaluate("document.activeElement.dataset.character")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    char = page.evaluate("document.activeElement.dataset.character")
    assert char != before
    assert axe.findings(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#all-characters")).not_to_be_visible()
    assert f"The {char} line" in desk.text
    assert desk.in_text


def test_a_character_goes_into_the_field_that_one_types_in(desk: AtDesk) -> None:
    page = desk.page
    page.keyboard.press("Control+f")
    page.keyboard.type("caf")
    page.click("#characters .character[data-character='é']")
    assert page.input_value("[data-find=find]") == "café"
    assert desk.text == TEXT


def test_a_code_becomes_its_letter_and_undo_gives_it_back(desk: AtDesk) -> None:
    page = desk.page
    desk.type_at_end(" [=a]")
    assert desk.text == f"{TEXT} ā"
    page.keyboard.press("Control+z")
    assert desk.text == f"{TEXT} [=a]"
    page.keyboard.type(" it stays")
    assert desk.text == f"{TEXT} [=a] it stays"
    desk.type_at_end(" c[oe]ur, [Footnote 1: na[:i]ve] [poem] [1]")
    assert desk.text.endswith(" cœur, [Footnote 1: naïve] [poem] [1]")
    desk.type_at_end("\n\n[**is this [=a]?] ['e] [Greek: [oe]]")
    assert desk.text.endswith("\n\n[**is this [=a]?] é [Greek: [oe]]")


def test_the_desk_and_the_book_know_the_same_codes(desk: AtDesk) -> None:
    codes = [f"[{first}{second}]" for first, second in product(SIGNS, repeat=2)]
    expected = {}
    for code in codes:
        [*letters] = (letter for _, _, letter in letter_codes(code))
        ligature = open_ligatures(code)
        if letters or ligature != code:
            expected[code] = letters[0] if letters else ligature
    found = desk.page.evaluate(
        """async (codes) => {
            const main = document.querySelector("script[src*='desk/main.js']").src;
            const {letterOf} = await import(new URL("letters.js", main));
            const known = codes.filter((code) => letterOf(code));
            return Object.fromEntries(known.map((code) => [code, letterOf(code)]));
        }""",
        codes,
    )
    assert found == expected
    assert len(expected) > 200


def test_on_a_phone_one_button_opens_them_all(
    chromium: Browser, installation: Installation
) -> None:
    with on_phone(chromium, installation, TEXT) as desk:
        page = desk.page
        expect(page.locator("#character-groups h3")).not_to_have_count(0)
        expect(page.locator("#characters")).not_to_be_visible()
        page.tap(".desk-tools [popovertarget=all-characters]")
        expect(page.locator("#all-characters")).to_be_visible()
        size = page.locator("#all-characters .character").first.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.tap("#all-characters .character[data-character='é'] >> nth=0")
        expect(page.locator("#all-characters")).not_to_be_visible()
        assert "é" in desk.text
        desk.window.shoot("phone-characters", whole=False)
