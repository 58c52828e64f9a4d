"""Marks of the notation: put in, taken out, shown dressed; the page as in the book."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.browser.at_desk import AtDesk, at_desk, on_phone
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

TEXT = (
    "Prose of one paragraph,\nthat goes on to here.\n\nRoses are red,\n  Violets blue.\n\nThe end."
)


@pytest.fixture
def first(window: Window, installation: Installation) -> AtDesk:
    """Give a page of the first round."""
    return at_desk(window, installation, TEXT)


@pytest.fixture
def formatting(window: Window, installation: Installation) -> AtDesk:
    """Give a page of the formatting round."""
    return at_desk(window, installation, TEXT, "F1")


@pytest.mark.parametrize(
    ("key", "mark"), [("Control+i", "i"), ("Control+b", "b"), ("Control+Shift+k", "sc")]
)
def test_a_key_marks_the_word_and_takes_the_mark_away(first: AtDesk, key: str, mark: str) -> None:
    page = first.page
    first.select("paragraph", caret=True)
    page.keyboard.press(key)
    marked = TEXT.replace("paragraph", f"<{mark}>paragraph</{mark}>")
    assert first.text == marked
    assert first.selected == "paragraph"
    page.keyboard.press(key)
    assert first.text == TEXT
    page.keyboard.press("Control+z")
    assert first.text == marked
    page.keyboard.press("Control+z")
    assert first.text == TEXT
    first.select("Prose of one")
    page.keyboard.press(key)
    assert first.text.startswith(f"<{mark}>Prose of one</{mark}> ")
    page.keyboard.press("Control+\\")
    assert first.text == TEXT


def test_the_round_says_which_buttons_there_are(first: AtDesk) -> None:
    page = first.page
    expect(page.locator(".mark-tools [data-command=mark-italic]")).to_be_visible()
    expect(page.locator(".mark-tools [data-command=mark-poem]")).not_to_be_visible()
    first.select("paragraph", caret=True)
    page.click(".mark-tools [data-command=mark-italic]")
    assert "<i>paragraph</i>" in first.text
    assert first.in_text
    # The others are under "More" all the same.
    page.click("[popovertarget=more-marks]")
    page.click("#more-marks [data-command=mark-spaced]")
    assert "<g>" in first.text


def test_blocks_are_fenced_and_taken_out_of_their_fences(formatting: AtDesk) -> None:
    page = formatting.page
    formatting.select("Violets", caret=True)
    page.click(".mark-tools [data-command=mark-poem]")
    poem = "Roses are red,\n  Violets blue."
    assert formatting.text == TEXT.replace(poem, f"/*\n{poem}\n*/")
    assert page.locator(".cm-line.mark-poem").count() == 4
    page.click(".mark-tools [data-command=mark-poem]")
    assert formatting.text == TEXT
    formatting.select("goes on", caret=True)
    page.click(".mark-tools [data-command=mark-quotation]")
    assert formatting.text.startswith("/#\nProse of one paragraph,\nthat goes on to here.\n#/\n")
    page.keyboard.press("Control+z")
    assert formatting.text == TEXT


def test_brackets_and_headings_and_notes(formatting: AtDesk) -> None:
    page = formatting.page
    formatting.select("The end", caret=True)
    page.click(".mark-tools [data-command=mark-footnote]")
    assert formatting.text.endswith("\n\n[Footnote 1: The end.]")
    page.keyboard.press("Control+z")
    page.click(".mark-tools [data-command=mark-heading]")
    assert formatting.text.endswith("Violets blue.\n\n\n\n\nThe end.")
    page.keyboard.press("Control+z")
    assert formatting.text == TEXT
    page.click(".mark-tools [data-command=mark-note]")
    page.keyboard.type("sic")
    assert "[**sic]" in formatting.text


def test_marks_are_ticks_that_open_at_the_caret(window: Window, installation: Installation) -> None:
    desk = at_desk(window, installation, "A word <i>in italics</i> here.\nThe last line.")
    page = desk.page
    page.keyboard.press("Control+End")
    expect(page.locator(".mark-tick")).to_have_count(2)
    slanted = page.locator(".cm-line .mark-i").first.evaluate(
        "(one) => getComputedStyle(one).fontStyle"
    )
    assert slanted == "italic"
    desk.select("<i>", caret=True)
    expect(page.locator(".mark-tick")).to_have_count(1)
    expect(page.locator(".mark-tag")).to_have_text(["<i>"])
    page.keyboard.press("Control+k")
    page.keyboard.type("hide the marks")
    page.keyboard.press("Enter")
    expect(page.locator(".mark-tick")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list li").first).to_contain_text("on")
    page.keyboard.press("Enter")
    expect(page.locator(".mark-tick")).not_to_have_count(0)


def test_a_page_is_seen_as_in_the_book(formatting: AtDesk) -> None:
    page = formatting.page
    formatting.select("paragraph", caret=True)
    page.keyboard.press("Control+i")
    page.click(".mark-tools [data-command=preview]")
    paper = page.locator("#book-preview .paper")
    expect(paper.locator("p i")).to_have_text("paragraph")
    assert page.get_attribute(".mark-tools [data-command=preview]", "aria-pressed") == "true"
    # The print gives way; the text stays where it was.
    boxes = [page.locator(name).bounding_box() for name in ("#book-preview", "#text-pane")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 2
    # What is typed is shown when the hands rest, and what is odd leads to its line.
    formatting.select("Violets", caret=True)
    page.click(".mark-tools [data-command=mark-poem]")
    expect(paper.locator(".poem .line")).to_have_count(2)
    hangs = paper.locator(".poem").evaluate("(one) => getComputedStyle(one).marginLeft")
    assert hangs != "0px", "the book's own style"
    formatting.type_at_end("\n\n<b>never closed")
    finding = page.locator(".preview-findings li").first
    expect(finding).to_contain_text("Close this mark")
    formatting.window.shoot("desk-preview", whole=False)
    faults = formatting.window.faults
    assert faults == []
    assert axe.findings(page) == []
    faults.clear()  # to read the styles of a shadow root, axe tries an inline one, which is refused
    finding.locator("button").click()
    assert formatting.selected == "<b>never closed"
    page.click("#book-preview [data-preview=close]")
    expect(page.locator("#book-preview")).not_to_be_visible()
    assert formatting.in_text


@pytest.mark.parametrize("layout", ["interlinear", "stacked", "text"])
def test_the_book_is_beside_the_text_in_every_layout(formatting: AtDesk, layout: str) -> None:
    page = formatting.page
    page.click(f"[data-command=layout-{layout}]")
    page.click(".mark-tools [data-command=preview]")
    expect(page.locator("#book-preview .paper p").first).to_be_visible()
    book, line = (
        page.locator(name).bounding_box() for name in ("#book-preview", ".cm-line >> nth=0")
    )
    assert book is not None
    assert line is not None
    beside = book["x"] + book["width"] <= line["x"] + 2
    assert beside or book["y"] + book["height"] <= line["y"] + 2
    page.click("[data-command=layout-facing]")


def test_on_a_phone_the_book_covers_the_text_and_gives_it_back(
    chromium: Browser, installation: Installation
) -> None:
    with on_phone(chromium, installation, f"{TEXT}\n\n[**odd]", "F1") as desk:
        page = desk.page
        page.tap(".desk-tools [data-command=palette]")
        page.fill("#palette-field", "as in the book")
        page.keyboard.press("Enter")
        expect(page.locator("#book-preview .paper p").first).to_be_visible()
        box = page.locator("#book-preview").bounding_box()
        assert box is not None
        assert box["width"] >= 380
        desk.window.shoot("phone-preview", whole=False)
        page.tap(".preview-findings button")
        expect(page.locator("#book-preview")).not_to_be_visible()
        assert re.fullmatch(r"\[\*\*odd\]", desk.selected)
