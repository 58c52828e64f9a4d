"""Pictures of a page marked in Chromium by mouse, keyboard and finger, and described; the cover."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.books import book_of, call, person
from tests.browser.conftest import SCANS, Installation, Window

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MARKER = "engraver"
#: Of the demonstration book: a plate, the title page, a page of text.
PAGES = (6, 1, 7)


@pytest.fixture
def slug(installation: Installation) -> str:
    """Give the slug of a book of a plate and two pages, and let somebody have an account."""
    person(installation, MARKER, role="admin")
    pages = [SCANS / f"{number:03}.jpg" for number in PAGES]
    return book_of(installation, "A Book of Plates", pages)


def marks(page: Page) -> Locator:
    return page.locator(".mark")


def box_of(page: Page, number: int = 0) -> list[int]:
    """Return the place of a picture as its fields say it."""
    fields = page.locator("[data-pictures] [data-picture]").nth(number)
    return [
        int(fields.locator(f"[data-side={side}]").input_value())
        for side in ("left", "top", "width", "height")
    ]


def drag(page: Page, scan: Locator, *points: tuple[float, float]) -> None:
    """Press the mouse at the first of these places, in shares of the scan's sides, and drag."""
    area = scan.bounding_box()
    assert area is not None
    places = [(area["x"] + x * area["width"], area["y"] + y * area["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def opened(window: Window, slug: str, number: int) -> Page:
    window.page.goto(f"/projects/{slug}/pages/{number}/illustrations")
    window.page.wait_for_selector("form[data-ready]")
    return window.page


def test_a_picture_is_drawn_moved_described_and_kept(
    installation: Installation, window: Window, slug: str
) -> None:
    window.sign_in(MARKER)
    page = opened(window, slug, 1)
    scan = page.locator("[data-stage] img")
    width, height = (int(scan.get_attribute(side) or 0) for side in ("width", "height"))
    drag(page, scan, (0.2, 0.3), (0.5, 0.5), (0.8, 0.6))
    expect(marks(page)).to_have_count(1)
    expect(marks(page)).to_be_focused()
    drawn = box_of(page)
    near = pytest.approx([0.2 * width, 0.3 * height, 0.6 * width, 0.3 * height], abs=width / 100)
    assert drawn == near
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+ArrowUp")
    step = round(width / 200)
    assert box_of(page) == [drawn[0] + step, drawn[1] - 1, drawn[2], drawn[3]]
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Alt+Shift+ArrowLeft")
    assert box_of(page)[2:] == [drawn[2] - 1, drawn[3] + step]
    drag(page, scan, (0.5, 0.4), (0.55, 0.45))
    assert box_of(page)[0] == pytest.approx(drawn[0] + step + 0.05 * width, abs=3)
    corner = page.locator(".mark [data-grip=nw]").bounding_box()
    area = scan.bounding_box()
    assert corner is not None
    assert area is not None
    at = (
        (corner["x"] + corner["width"] / 2 - area["x"]) / area["width"],
        (corner["y"] + corner["height"] / 2 - area["y"]) / area["height"],
    )
    before = box_of(page)
    drag(page, scan, at, (0.1, 0.1))
    grown = box_of(page)
    assert grown[:2] == pytest.approx([0.1 * width, 0.1 * height], abs=width / 100)
    assert grown[0] + grown[2] == before[0] + before[2]
    view = page.locator("[data-pictures] [data-crop]").get_attribute("viewBox")
    assert view == " ".join(map(str, grown))
    clip = page.locator("[data-crop] > svg")
    sides = [clip.get_attribute(name) for name in ("x", "y", "width", "height")]
    assert sides == list(map(str, grown))
    page.get_by_label("What it shows").fill(
        "Four people in a rowing boat, and a rabbit on the bank."
    )
    page.get_by_text("Its place, in pixels").click()
    page.get_by_role("textbox", name="Left").fill("40")
    expect(page.locator("[data-crop]").first).to_have_attribute("viewBox", re.compile(r"^40 "))
    assert findings(page) == []
    window.shoot("pictures-of-a-page")
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    window.shoot("pictures-of-a-page-dark")
    page.get_by_role("button", name="Keep these pictures").click()
    page.wait_for_selector("form[data-ready]")
    expect(marks(page)).to_have_count(1)
    [kept] = call(installation, MARKER, "GET", f"/projects/{slug}/pages/1/illustrations")["items"]
    assert kept["alt"] == "Four people in a rowing boat, and a rabbit on the bank."
    assert kept["box"] == [40, *grown[1:]]
    call(installation, MARKER, "PUT", f"/projects/{slug}/pages/1/illustrations", items=[])


def test_by_keyboard_alone(window: Window, slug: str) -> None:
    window.sign_in(MARKER)
    page = opened(window, slug, 2)
    page.get_by_role("button", name="Add a picture").focus()
    page.keyboard.press("Enter")
    expect(marks(page)).to_be_focused()
    page.get_by_role("button", name="Add a picture").focus()
    page.keyboard.press("Enter")
    expect(marks(page)).to_have_count(2)
    expect(page.get_by_role("heading", name="Picture 2")).to_be_visible()
    page.keyboard.press("Delete")
    expect(marks(page)).to_have_count(1)
    expect(marks(page)).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    label = marks(page).get_attribute("aria-label") or ""
    assert label.startswith(f"Picture 1: {box_of(page)[2]} by ")
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Add a picture")).to_be_focused()


def test_on_a_phone_a_finger_drags_and_does_not_draw(
    chromium: Browser, installation: Installation, slug: str
) -> None:
    window = Window(chromium, installation.url, **PHONE)
    window.sign_in(MARKER)
    page = opened(window, slug, 2)
    page.locator("[data-marks]").tap()
    expect(marks(page)).to_have_count(0)
    page.get_by_role("button", name="Add a picture").tap()
    before = box_of(page)
    middle = marks(page).bounding_box()
    assert middle is not None
    start = (middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    touch(page, [start, (start[0] + 20, start[1] + 30), (start[0] + 30, start[1] + 60)])
    after = box_of(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert after[2:] == before[2:]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert findings(page) == []
    window.shoot("pictures-of-a-page-phone")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    window.context.close()
    assert window.faults == []


def touch(page: Page, points: list[tuple[float, float]]) -> None:
    """Put a finger down at the first place, drag it over the others, and lift it."""
    session = page.context.new_cdp_session(page)
    kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
    for kind, (x, y) in zip(kinds, points, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_all_pictures_are_described_one_after_the_other(
    installation: Installation, window: Window, slug: str
) -> None:
    boxes = [[100, 100, 400, 300], [100, 500, 400, 300]]
    path = f"/projects/{slug}/pages/3/illustrations"
    call(installation, MARKER, "PUT", path, items=[{"box": box} for box in boxes])
    window.sign_in(MARKER)
    page = window.page
    page.goto(f"/projects/{slug}/illustrations")
    expect(page.get_by_text("2 pictures wait")).to_be_visible()
    assert findings(page) == []
    window.shoot("pictures-of-a-book")
    page.get_by_role("button", name="Keep, and go to the next").first.click()
    expect(page.get_by_text("Say what the picture shows")).to_be_visible()
    page.get_by_label("What it shows").first.fill("The first lines of a page.")
    page.get_by_role("button", name="Keep, and go to the next").first.click()
    expect(page.get_by_text("1 picture waits")).to_be_visible()
    page.get_by_role("button", name="It is an ornament").click()
    expect(page.get_by_text("2 pictures, and all are described")).to_be_visible()
    kept = call(installation, MARKER, "GET", path)["items"]
    assert [(each["alt"], each["decorative"]) for each in kept] == [
        ("The first lines of a page.", False),
        ("", True),
    ]
    window.shoot("pictures-of-a-book-described")


def test_a_page_becomes_the_cover(window: Window, slug: str) -> None:
    window.sign_in(MARKER)
    page = window.page
    page.goto(f"/projects/{slug}/cover")
    expect(page.get_by_text("Drawn for the book")).to_be_visible()
    assert findings(page) == []
    window.shoot("cover")
    page.get_by_role("button", name=re.compile("^Page")).first.click()
    expect(page.get_by_text("The book's own cover")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []
    window.shoot("cover-own-dark")
    page.get_by_label("Another page").fill("99")
    page.get_by_role("button", name="Take this page").click()
    expect(page.get_by_role("alert")).to_contain_text("no page 99")
    page.get_by_role("button", name="Return to the drawn one").click()
    expect(page.get_by_text("Drawn for the book")).to_be_visible()
