"""What checks found, in Chromium: beside the print, corrected, and dismissed by a key."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import books
from tests.browser.axe import findings
from tests.browser.conftest import Installation, Window

pytestmark = pytest.mark.browser

SCANS = Path(__file__).resolve().parents[2] / "scans" / "demo" / "pages"


def looked_through(installation: Installation) -> tuple[str, str]:
    """Return a book with a page handed in and three words on it doubled, and its first line."""
    scan = sorted(SCANS.iterdir())[6]
    slug = books.book_of(installation, "A Book Looked Through", [scan])
    task = books.take(installation, "looker", slug)
    rows = task["text"].split("\n")
    places = [at for at, row in enumerate(rows) if len(row) > 40][2:5]
    for at in places:
        rows[at] = re.sub(r"\b([a-z]{5,})\b", r"\1 \1", rows[at], count=1)
    books.hand_in(installation, "looker", task, "\n".join(rows))
    return slug, rows[places[0]]


def test_a_finding_is_corrected_or_dismissed_beside_its_print(
    installation: Installation, window: Window
) -> None:
    slug, line = looked_through(installation)
    page = window.page
    window.sign_in("shelver")
    page.goto(f"/projects/{slug}/findings?kind=word-repeated")
    # The books worker looks through it; the page follows by itself.
    kind = page.locator("#kind-word-repeated")
    expect(kind.locator(".finding")).to_have_count(3, timeout=30_000)
    picture = kind.locator("img.cutting").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 100
    marked = kind.locator("mark").first.inner_text()
    assert re.fullmatch(r"(\w+) \1", marked)
    for width, scheme in ((1440, "light"), (390, "dark"), (320, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert findings(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        window.shoot(f"findings-{width}-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 900})
    field = kind.get_by_role("textbox").first
    expect(field).to_have_value(line)
    field.fill(line.replace(marked, marked.split()[0], 1))
    field.press("Enter")
    expect(page.get_by_text(re.compile("is corrected"))).to_be_visible()
    expect(kind.locator(".finding")).to_have_count(2)
    kind.get_by_role("button", name="No fault").first.focus()
    with page.expect_navigation():
        page.keyboard.press("x")
    expect(kind.locator(".finding")).to_have_count(1)
    expect(page.locator(".is-dismissed .count")).to_have_text("1")
    kind.get_by_role("link", name=re.compile("^Page")).first.click()
    expect(page.locator(".page-text")).to_be_visible()
    assert line.replace(marked, marked.split()[0], 1) in page.locator(".page-text").inner_text()
