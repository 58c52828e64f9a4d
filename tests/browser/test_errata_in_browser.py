"""From a reader's typo to the printed line, the coordinator's key, and the book's history."""

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.books import DEMO, book_of, call, hand_in, take
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

#: Selects the first occurrence of some words in the book.
_SELECT = """words => {
  const walker = document.createTreeWalker(document.getElementById("book"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    walker.currentNode.parentElement.scrollIntoView({block: "center"});
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


@pytest.fixture(scope="module")
def typos(installation: Installation) -> tuple[str, list[str], list[str]]:
    """Give a released book with words misspelt: its slug, the right words, the wrong ones."""
    slug = book_of(installation, "A Book with Typos", [DEMO])
    task = take(installation, "typo-reader", slug)
    text = task["text"]
    words = re.findall(r"\b[a-z]{7,}\b", text)
    right = [word for word in words if text.count(word) == 1 and word[2] != word[3]][:3]
    wrong = [word[:2] + word[3] + word[2] + word[4:] for word in right]
    for good, bad in zip(right, wrong, strict=True):
        text = text.replace(good, bad)
    hand_in(installation, "typo-reader", task, text)
    release(installation, slug, 1)
    return slug, right, wrong


def release(installation: Installation, slug: str, number: int) -> dict[str, Any]:
    """Ask for a release as the owner and wait until readers have it."""
    if number == 1:
        call(installation, "shelver", "POST", f"/projects/{slug}/releases", with_open_findings=True)
    found: list[dict[str, Any]] = []

    def is_there() -> bool:
        listed = httpx.get(f"{installation.url}/api/v1/projects/{slug}/releases").json()["items"]
        found[:] = [each for each in listed if each["number"] == number]
        return bool(found) and found[0]["state"] == "published"

    wait_for(is_there)
    return found[0]


def wait_for(done: Callable[[], bool]) -> None:
    """Ask again and again, for as long as a build may take."""
    for _ in range(600):
        if done():
            return
        time.sleep(0.2)
    pytest.fail("it was not published in time")


def report(page: Page, wrong: str, right: str) -> None:
    """Select a word of the chapter and report what it should be."""
    assert page.evaluate(_SELECT, wrong)
    page.get_by_role("button", name="Report a typo").click()
    dialog = page.locator("dialog")
    field = dialog.get_by_label("What it should be")
    expect(field).to_be_focused()
    expect(field).to_have_value(wrong)
    print_ = dialog.get_by_alt_text("The printed line")
    expect(print_).to_have_js_property("complete", value=True)
    wide, high = print_.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert wide > 8 * high > 0
    field.fill(right)


def shoot(window: Window, name: str) -> None:
    """Take pictures of a state at the widths and lights that matter; no fault in it."""
    page = window.page
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        window.shoot(f"{name}-{width}-{scheme}")
    assert findings(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")


def test_a_reported_typo_is_corrected_by_one_key(
    installation: Installation,
    chromium: Browser,
    window: Window,
    typos: tuple[str, list[str], list[str]],
) -> None:
    slug, right, wrong = typos
    answer = report_all(window, slug, right, wrong)
    coordinator = Window(chromium, installation.url)
    coordinator.sign_in("shelver")
    answer_by_keys(coordinator, slug)
    coordinator.context.close()
    assert coordinator.faults == []
    window.page.goto(answer)
    expect(window.page.get_by_text("The print has it so.")).to_be_visible()
    hurry(installation)
    second = release(installation, slug, 2)
    assert sum(f"is now “{word}”" in " ".join(second["changes"]) for word in right) == 2
    window.page.goto(f"/books/{slug}")
    said = f"“{wrong[0]}” is now “{right[0]}”"
    expect(window.page.get_by_text(said).first).to_be_visible()
    text = httpx.get(f"{installation.url}/books/{slug}/{slug}.txt").text
    assert [word in text for word in (right[0], right[1], wrong[2])] == [True] * 3


def report_all(window: Window, slug: str, right: list[str], wrong: list[str]) -> str:
    """Report three words as a visitor; returns where the answer to the last will be."""
    page = window.page
    page.goto(f"/books/{slug}/read/")
    page.goto(page.locator(".chapters a").first.get_attribute("href") or "")
    report(page, wrong[0], right[0])
    shoot(window, "erratum-report")
    page.locator("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
    page.locator("dialog").get_by_role("button", name="Read on").click()
    report(page, wrong[1], right[1])
    page.locator("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    # Without scripts the same form is a page.
    page.goto(f"/books/{slug}/report?current={wrong[2]}")
    assert findings(page) == []
    page.get_by_label("What it should be").fill("nonsense")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/errata/[0-9a-f]+$"))
    return page.url


def answer_by_keys(window: Window, slug: str) -> None:
    """Accept two reports and reject the third, without a mouse."""
    queue = window.page
    reports = queue.locator("[data-item]")
    queue.goto(f"/projects/{slug}/errata")
    expect(reports).to_have_count(3)
    expect(reports.first).to_be_focused()
    shoot(window, "erratum-queue")
    reports.first.focus()
    for left in (2, 1):
        with queue.expect_navigation():
            queue.keyboard.press("a")
        expect(reports).to_have_count(left)
        expect(reports.first).to_be_focused()
    queue.keyboard.press("r")
    queue.keyboard.type("The print has it so.")
    with queue.expect_navigation():
        queue.keyboard.press("Enter")
    expect(queue.get_by_text("No report waits")).to_be_visible()


def hurry(installation: Installation) -> None:
    """Make the release with the corrections due now, and not within the hour."""
    with closing(sqlite3.connect(installation.home / "var/galley.db", timeout=20)) as database:
        database.execute("UPDATE job SET due_at = created_at WHERE kind = 'release-corrections'")
        database.commit()
    installation.galley("sweep")
