"""What is left out of the text on the desk: tags at the height of the print, and the way back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.books import book_of, open_desk, take
from tests.browser.conftest import SCANS, Installation, Window

pytestmark = pytest.mark.browser

#: A page of the demonstration book with a running head.
PRINTED = SCANS / "010.jpg"
_TEXT = "document.querySelector('.cm-content').cmTile.view.state.doc.toString()"
_TAG = ".left-out-tag:visible"


def rows(page: Page) -> list[str]:
    return str(page.evaluate(_TEXT)).split("\n")


def test_a_running_head_is_brought_back_and_taken_out_again(
    window: Window, installation: Installation
) -> None:
    slug = book_of(installation, "What Is Left Out", [PRINTED] * 3)
    task = take(installation, "lena", slug)
    window.sign_in("lena")
    open_desk(window, task["id"])
    page = window.page
    tag = page.locator(_TAG).first
    expect(tag).to_contain_text("Running head")
    head = tag.locator("[data-words]").inner_text()
    before = rows(page)
    assert head not in before
    window.shoot("left-out-facing", whole=False)
    tag.click()
    expect(page.locator(_TAG)).to_have_count(0)
    assert rows(page) == [head, *before]
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(_TAG)).to_have_count(1)
    assert rows(page) == before
    page.keyboard.press("Control+Shift+l")
    expect(page.locator(_TAG)).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(_TAG)).to_have_count(1)
    assert rows(page) == before
    for layout in ("interlinear", "text"):
        _stands_above(page, layout)
        assert not findings(page)
        window.shoot(f"left-out-{layout}", whole=False)


def _stands_above(page: Page, layout: str) -> None:
    """Where there is no scan beside the text, the tag stands over it."""
    page.locator(f'[data-command="layout-{layout}"]').click()
    tag = page.locator(_TAG).first
    expect(tag).to_be_visible()
    above, below = tag.bounding_box(), page.locator(".strip, .cm-line").first.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"] + 1
