"""What the reader before changed, in place: bars, a key that shows it, a way from one to the next, and back."""  # noqa: E501

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of, hand_in, open_desk, take
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

_TEXT = "document.querySelector('.cm-content').cmTile.view.state.doc.toString()"
_SELECTED = """() => {
    const {state} = document.querySelector('.cm-content').cmTile.view;
    return state.sliceDoc(state.selection.main.from, state.selection.main.to);
}"""


def test_changes_of_the_reader_before(window: Window, installation: Installation) -> None:
    slug = book_of(installation, "Changed Before", [DEMO])
    first = take(installation, "paula", slug)
    lines = first["text"].split("\n")
    row = next(n for n, line in enumerate(lines) if n > 3 and len(line.split()) > 5)
    words = lines[row].split()
    read = [*lines]
    read[row] = " ".join([*words[:2], "wombat", *words[3:]])
    read[row + 1] += " added"
    hand_in(installation, "paula", first, "\n".join(read))
    task = take(installation, "quentin", slug, "P2")
    window.sign_in("quentin")
    page = window.page
    open_desk(window, task["id"])
    expect(page.locator(".change-bar")).to_have_count(2)
    expect(page.locator(".change-ins")).to_have_count(0)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Shift+e")
    expect(page.locator(".change-ins").first).to_be_visible()
    expect(page.locator(".change-del").first).to_contain_text(words[2])
    expect(page.locator("#desk-live")).to_contain_text("2 changes")
    assert findings(page) == []
    window.shoot("changes-shown", whole=False)
    page.keyboard.press("Tab")
    assert "wombat" in page.evaluate(_SELECTED)
    expect(page.locator("#desk-live")).to_contain_text("Change 1 of 2")
    page.keyboard.press("Tab")
    assert "added" in page.evaluate(_SELECTED)
    page.keyboard.press("Shift+Tab")
    assert "wombat" in page.evaluate(_SELECTED)
    page.locator(".change-del").first.click()
    page.wait_for_function(f"() => !{_TEXT}.includes('wombat')")
    assert words[2] in page.evaluate(_TEXT).split("\n")[row]
    expect(page.locator(".change-bar")).to_have_count(1)
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".change-bar")).to_have_count(2)
    page.keyboard.press("Control+Shift+e")
    expect(page.locator(".change-ins")).to_have_count(0)
    csrf = page.get_attribute("meta[name=csrf-token]", "content") or ""
    answer = window.context.request.put(
        "/api/v1/me/desk", data={"wide": {"blind": True}}, headers={"X-CSRFToken": csrf}
    )
    assert answer.ok, answer.text()
    open_desk(window, task["id"])
    expect(page.locator(".change-bar")).to_have_count(0)
