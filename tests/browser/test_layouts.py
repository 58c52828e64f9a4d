"""Scan and text in each layout: lines at one height, words under their print, band and ring, clicks, scrolling, undo."""

# ruff: noqa: E501 - scripts for the page read better in one piece

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page

from library.models import Project
from pipeline.models import OcrRun
from tests.browser.books import DEMO, book_of, open_desk, take
from tests.browser.conftest import Installation, Window
from tests.browser.desk_states import layout
from tests.support.scanned import SHARED

pytestmark = pytest.mark.browser

NAME = "lena"
NEAR = 3  # CSS px
REAL = SHARED / "single" / "en-credulities-p0820.png"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
HEBREW = ["בראשית ברא אלהים את השמים", "ואת הארץ והארץ היתה תהו", "ובהו וחשך על פני תהום", "ורוח אלהים מרחפת על פני המים"]  # fmt: skip

#: Puts `desk()` into the page: the editor's view and what the page's own modules say of it.
OPEN = """async () => {
  const root = new URL(".", document.querySelector("script[src*='desk/main.js']").src);
  const [{ EditorView }, anchors, { PrintedPage }] = await Promise.all(
    ["../codemirror.js", "anchors.js", "printed.js"].map((name) => import(new URL(name, root))));
  const view = EditorView.findFromDOM(document.querySelector(".cm-editor"));
  const { page, lines, urls } = JSON.parse(document.getElementById("desk-data").textContent);
  const printed = new PrintedPage({ ...page, image: urls.image }, lines);
  window.seen = { view, printed, ties: () => view.state.field(anchors.ties), lineOf: () => anchors.printedLinesOf(view.state) };
}"""

#: How far each row's baseline stands from its printed line's, CSS px: the canvas is searched for the ring of the row's first word.
BASELINES = """async () => {
  const { view, printed, ties, lineOf } = window.seen;
  const ring = document.querySelector(".ring");
  const found = [];
  for (const [row, line] of lineOf().entries()) {
    if (line < 0) continue;
    const { from, to } = view.state.doc.line(row + 1);
    const flat = ties().find((tie) => tie.from >= from && tie.to <= to && tie.line === line && /^[acemnorsuvwxzhkbdlti]{3,}$/.test(view.state.sliceDoc(tie.from, tie.to)));
    if (!flat) continue;
    view.dispatch({ selection: { anchor: flat.from + 1 }, scrollIntoView: true, userEvent: "select" });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const word = printed.boxOf(flat);
    const box = ring.getBoundingClientRect();
    const scale = (box.height - 8) / word[3];
    const base = box.top + 4 + (printed.lines[line].base - word[1]) * scale;
    const foot = document.createElement("span");
    foot.style.cssText = "display:inline-block";
    const { node, offset } = view.domAtPos(flat.from + 1);
    const range = document.createRange();
    range.setStart(node, offset);
    const letters = range.getBoundingClientRect();
    const style = getComputedStyle(view.contentDOM);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = pen.measureText("x");
    found.push({ row, off: letters.top + (letters.height * up) / (up + down) - base });
  }
  return found;
}"""

#: How far each tied word begins from its print in Interlinear, CSS px in the direction of reading, by row.
BEGINNINGS = """() => {
  const { view, printed, ties, lineOf } = window.seen;
  const rtl = view.textDirection === 1;
  const strips = [...document.querySelectorAll(".strip")].filter((part) => part.checkVisibility());
  const found = [];
  for (const [row, line] of lineOf().entries()) {
    if (line < 0) continue;
    const { from, to } = view.state.doc.line(row + 1);
    for (const tie of ties().filter((each) => each.from >= from && each.to <= to && each.line === line)) {
      const [x, y, width, height] = printed.boxOf(tie);
      const strip = strips.find(({ strip: { box: [left, top, wide, deep] } }) => x >= left && x + width <= left + wide && y + height / 2 > top && y + height / 2 < top + deep);
      const at = view.coordsAtPos(tie.from, 1);
      if (!strip || !at) continue;
      const cut = strip.firstChild.getBoundingClientRect();
      const { box, scale } = strip.strip;
      const print = cut.left + ((rtl ? x + width : x) - box[0]) * scale;
      const word = rtl ? at.right : at.left;
      found.push({ row, text: view.state.sliceDoc(tie.from, tie.to), late: rtl ? print - word : word - print, below: at.top - cut.bottom });
    }
  }
  return found;
}"""

STATE = """() => { const { from, to, head } = window.seen.view.state.selection.main;
  return { text: window.seen.view.state.doc.toString(), from, to, head }; }"""

TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

#: Puts the caret somewhere, with its line in sight.
PUT = """(anchor) => window.seen.view.dispatch({
  selection: { anchor }, scrollIntoView: true, userEvent: "select" })"""

#: Whether the band lies on the caret and the ring around the print of its word.
FOLLOWED = """() => {
  const { view, ties } = window.seen;
  const { head } = view.state.selection.main;
  const caret = view.coordsAtPos(head);
  const band = document.querySelector(".band").getBoundingClientRect();
  const tie = ties().find((each) => each.from <= head && head <= each.to);
  const ring = document.querySelector(".ring");
  return caret && band.top <= caret.bottom && caret.top <= band.bottom && (!tie || document.body.dataset.layout === "text" || !ring.hidden);
}"""


@pytest.fixture(scope="module")
def tasks(installation: Installation) -> dict[str, int]:
    """Give pages in hand: of the demonstration book, and a real one of forty lines."""
    found = {"demo": take(installation, NAME, book_of(installation, "Laid Out", [DEMO]))["id"]}
    if REAL.exists():
        book = book_of(installation, "Credulities", [REAL])
        found["real"] = take(installation, NAME, book)["id"]
    return found


@contextmanager
def on_desk(
    chromium: Browser, installation: Installation, task: int, **options: object
) -> Iterator[Window]:
    window = Window(chromium, installation.url, reduced_motion="reduce", **options)
    window.sign_in(NAME)
    open_desk(window, task)
    window.page.evaluate(OPEN)
    yield window
    window.context.close()
    assert window.faults == []


def choose(page: Page, name: str) -> None:
    layout(name).enter(page)
    page.evaluate(TWO_FRAMES)


def lines_stand_at_their_print(page: Page, least: int) -> None:
    choose(page, "facing")
    found = page.evaluate(BASELINES)
    assert len(found) >= least
    assert [each for each in found if abs(each["off"]) > NEAR] == []


def words_stand_under_their_print(page: Page, least: int) -> None:
    choose(page, "interlinear")
    found: list[dict[str, Any]] = page.evaluate(BEGINNINGS)
    assert len(found) >= least
    assert [each for each in found if each["late"] < -NEAR] == [], "a word stands before its print"
    near = [each for each in found if each["late"] <= NEAR]
    assert len(near) >= len(found) * 0.75, "only wider type pushes words on"
    assert all(each["below"] > -NEAR for each in found), "the print is above its text"


def clicks_go_to_words(page: Page, chance: random.Random) -> None:
    for name in ("facing", "stacked", "interlinear"):
        choose(page, name)
        for _ in range(3):
            ties = page.evaluate("window.seen.ties().filter(({from, to}) => to - from > 3)")
            tie = chance.choice(ties[: len(ties) // 2])
            page.evaluate(PUT, tie["from"])
            page.wait_for_function(FOLLOWED)
            page.evaluate(TWO_FRAMES)
            box = page.locator(".ring").bounding_box()
            assert box is not None
            page.evaluate("window.seen.view.dispatch({selection: {anchor: 0}})")
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            head = page.evaluate(STATE)["head"]
            assert tie["from"] <= head <= tie["to"], (name, tie, box)


def wheel_is_left_alone(page: Page) -> None:
    choose(page, "facing")
    page.keyboard.press("Control+Home")
    before = page.evaluate("document.querySelector('#sheet').scrollTop")
    page.mouse.move(900, 500)
    page.mouse.wheel(0, 500)
    page.wait_for_function(f"() => document.querySelector('#sheet').scrollTop > {before} + 300")
    for _ in range(3):
        page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    assert page.evaluate("document.querySelector('#sheet').scrollTop") > before + 300
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#sheet').scrollTop < 200")


def arrows_are_followed(page: Page) -> None:
    for name in ("facing", "interlinear", "stacked", "text"):
        choose(page, name)
        page.keyboard.press("Control+Home")
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Control+ArrowRight", "End", "ArrowUp"):
            page.keyboard.press(key)
            page.wait_for_function(FOLLOWED)


def undo_survives(page: Page) -> None:
    before = page.evaluate(STATE)["text"]
    choose(page, "facing")
    page.keyboard.press("Control+Home")
    page.keyboard.type("One ")
    choose(page, "interlinear")
    page.keyboard.press("Control+End")
    page.keyboard.type(" two")
    choose(page, "text")
    for _ in range(4):
        page.keyboard.press("Control+z")
    assert page.evaluate(STATE)["text"] == before


@pytest.mark.parametrize(
    ("which", "width", "scheme"),
    [("demo", 1440, "light"), ("real", 1024, "dark"), ("real", 1440, "light")],
)
def test_lines_and_words_stand_at_their_print(
    chromium: Browser,
    installation: Installation,
    tasks: dict[str, int],
    which: str,
    width: int,
    scheme: str,
) -> None:
    if which not in tasks:
        pytest.skip("the shared collection of scans is not here")
    screen = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with on_desk(chromium, installation, tasks[which], **screen) as window:
        page = window.page
        lines_stand_at_their_print(page, 8 if which == "demo" else 25)
        window.shoot(f"layout-{which}-facing-{width}-{scheme}", whole=False)
        words_stand_under_their_print(page, 50)
        window.shoot(f"layout-{which}-interlinear-{width}-{scheme}", whole=False)


def test_clicks_keys_wheel_and_undo(
    chromium: Browser, installation: Installation, tasks: dict[str, int]
) -> None:
    with on_desk(chromium, installation, tasks["demo"]) as window:
        page = window.page
        clicks_go_to_words(page, random.Random(1865))  # noqa: S311 - not a secret
        arrows_are_followed(page)
        wheel_is_left_alone(page)
        undo_survives(page)
        for name in ("stacked", "text"):
            choose(page, name)
            window.shoot(f"layout-demo-{name}", whole=False)


def test_cut_lines_on_a_phone(
    chromium: Browser, installation: Installation, tasks: dict[str, int]
) -> None:
    task = tasks.get("real", tasks["demo"])
    screen = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    phone = {"has_touch": True, "is_mobile": True}
    with on_desk(chromium, installation, task, **screen, **phone) as window:
        words_stand_under_their_print(window.page, 20)
        assert window.page.locator(".strip.is-part").count() > 0
        window.shoot("layout-phone-interlinear-dark", whole=False)


def test_from_right_to_left(chromium: Browser, installation: Installation) -> None:
    task = hebrew_task(installation)
    for width in (1280, 390):
        size = {"viewport": {"width": width, "height": 844}}
        with on_desk(chromium, installation, task, **size) as window:
            page = window.page
            assert page.get_attribute(".cm-content", "dir") == "rtl"
            assert page.get_attribute(".cm-content", "lang") == "he"
            words_stand_under_their_print(page, 12)
            window.shoot(f"layout-hebrew-interlinear-{width}", whole=False)
            if width > 760:
                choose(page, "facing")
                numbers = page.locator(".cm-gutters").bounding_box()
                text = page.locator(".cm-content").bounding_box()
                assert numbers is not None
                assert text is not None
                assert numbers["x"] >= text["x"] + text["width"] - 1, "numbers stand at the right"
                arrows_are_followed(page)
                window.shoot("layout-hebrew-facing", whole=False)


def hebrew_task(installation: Installation) -> int:
    """Give a page in hand that was read as Hebrew: the run's rows are the words as drawn."""
    if not FONT.exists():
        pytest.skip("no typeface with Hebrew letters is here")
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "hebrew.png"
        image, lines = drawn_from_the_right(HEBREW * 4)
        image.save(scan)
        slug = book_of(installation, "In Hebrew Letters", [scan])
    engine = sa.create_engine(f"sqlite:///{installation.home}/var/galley.db")
    with engine.begin() as connection:
        of_book = sa.select(Project.id).where(Project.slug == slug).scalar_subquery()
        connection.execute(
            sa.update(OcrRun)
            .where(OcrRun.project_id == of_book)
            .values(lines=lines, text="\n".join(HEBREW * 4) + "\n", languages=["he"])
        )
        connection.execute(sa.update(Project).where(Project.slug == slug).values(languages=["he"]))
    engine.dispose()
    number: int = take(installation, NAME, slug)["id"]
    return number


def drawn_from_the_right(rows: list[str]) -> tuple[Image.Image, list[dict[str, Any]]]:
    """Draw rows of words from the right edge to the left; gives the page and its lines."""
    font = ImageFont.truetype(str(FONT), 40, layout_engine=ImageFont.Layout.BASIC)
    image = Image.new("L", (1000, 90 * len(rows) + 160), "white")
    draw = ImageDraw.Draw(image)
    lines = []
    for row, words in enumerate(rows):
        right, top = 920, 80 + 90 * row
        found: list[dict[str, Any]] = []
        for word in words.split():
            # The basic layout draws letters from the left.
            left, upper, end, lower = draw.textbbox((0, top), word[::-1], font=font)
            draw.text((right - end, top), word[::-1], font=font, fill="black")
            box = [int(right - end + left), int(upper), int(end - left), int(lower - upper)]
            found.append({"text": word, "box": box, "confidence": 92.0, "suspect": 0.1})
            right -= int(end) + 22
        boxes = [each["box"] for each in found]
        left, upper = min(box[0] for box in boxes), min(box[1] for box in boxes)
        wide = max(box[0] + box[2] for box in boxes) - left
        deep = max(box[1] + box[3] for box in boxes) - upper
        lines.append({"box": [left, upper, wide, deep], "words": found})
    return image, lines
