"""Notes and suggested words in Chromium: their printed words, and the queue by number keys."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser


class Reader:
    """A volunteer with a token, who sees what the machine read on a page of a book."""

    def __init__(self, installation: Installation, name: str, slug: str) -> None:
        installation.person(name)
        token = installation.token(name)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.book = f"{installation.url}/api/v1/projects/{slug}"
        page = httpx.get(f"{self.book}/pages/1").raise_for_status().json()
        self.words = [
            (at, place, word["text"])
            for at, line in enumerate(page["lines"])
            for place, word in enumerate(line["words"])
            if word["text"].isalpha() and len(word["text"]) > 5
        ]

    def send(self, path: str, **body: Any) -> None:  # noqa: ANN401 - JSON
        sent = httpx.post(f"{self.book}/{path}", json=body, headers=self.headers)
        sent.raise_for_status()

    def listed(self, which: str) -> list[str]:
        return list(httpx.get(f"{self.book}/words/{which}").json()["words"])


def pictures(page: Page) -> list[list[int]]:
    """Return width and height of every cutting, as it came and as it is shown."""
    for each in page.locator("img.cutting").all():
        each.scroll_into_view_if_needed()
        expect(each).to_have_js_property("complete", value=True)
    sizes: list[list[int]] = page.locator("img.cutting").evaluate_all(
        "all => all.map((one) => [one.naturalWidth, one.naturalHeight, one.width, one.height])"
    )
    return sizes


def test_a_queue_is_settled_by_number_keys(
    installation: Installation, book: str, window: Window
) -> None:
    reader = Reader(installation, "reader", book)
    chosen = dict.fromkeys(word for _, _, word in reader.words)
    words = [next(each for each in reader.words if each[2] == word) for word in chosen][:3]
    assert len(words) == 3
    for line, index, word in words:
        reader.send("words/suggestions", word=word, page=1, line=line, index=index)
    line, index, word = words[0]
    reader.send("pages/1/notes", body="Is this so printed?", line=line, first=index, last=index)
    window.sign_in("olga")
    page = window.page
    page.goto(f"/projects/{book}/problems")
    found = pictures(page)
    assert len(found) == 4
    for natural_width, natural_height, width, height in found:
        assert natural_width > natural_height > 10
        assert abs(width / height - natural_width / natural_height) < 0.1
        assert height <= 64
    assert findings(page) == []
    window.shoot("queue")
    # Keys do nothing until the focus is in the queue.
    page.keyboard.press("1")
    expect(page.locator(".suggestion")).to_have_count(3)
    page.locator(".suggestion button").first.focus()
    for key, left in (("1", 2), ("2", 1), ("3", 0)):
        expect(page.locator(".suggestion button").first).to_be_focused()
        with page.expect_navigation(url=re.compile("#words$")):
            page.keyboard.press(key)
        expect(page.locator(".suggestion")).to_have_count(left)
    assert reader.listed("good") == [words[0][2]]
    assert reader.listed("bad") == [words[2][2]]
    page.get_by_role("button", name="Settle").focus()
    with page.expect_navigation(url=re.compile("#notes$")):
        page.keyboard.press("1")
    expect(page.get_by_text("Nothing to settle.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_notes_stand_beside_their_words(
    installation: Installation,
    book: str,
    window: Window,
    width: int,
    scheme: Any,  # noqa: ANN401
) -> None:
    reader = Reader(installation, f"noter-{width}", book)
    line, index, word = reader.words[5]
    reader.send("pages/2/notes", body="Is this so?", line=line, first=index, last=index)
    reader.send("pages/2/notes", body="And the whole line?", line=line)
    page = window.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    window.sign_in("olga")
    page.goto(f"/projects/{book}/pages/2#notes")
    assert all(each[0] > 0 for each in pictures(page))
    assert page.get_by_alt_text(f"As printed: {word}", exact=True).count() >= 1
    page.fill("#note-body-new", "One more.\nIn two lines.")
    page.get_by_role("button", name="Write the note").click()
    page.wait_for_url(re.compile("#note-"))
    expect(page.locator(".note:target .note-body")).to_have_text("One more.\nIn two lines.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert findings(page) == []
    window.shoot(f"notes-{width}-{scheme}")
