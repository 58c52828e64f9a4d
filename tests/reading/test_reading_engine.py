"""A finished EPUB opened in epub.js, as a reader opens it: contents, pages, notes, dark, narrow."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, Route, sync_playwright

from exports.book import Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing.cover import cover
from exports.writing.epub import write_epub

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "build" / "reading" / "node_modules"
SCAN = ROOT / "scans" / "demo" / "pages" / "007.jpg"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ADDRESS = "http://reader.test/"
SHELF = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Reader</title>
<style>body { margin: 0 } #page { width: 100vw; height: 100vh }</style>
<script src="/jszip.js"></script><script src="/epub.js"></script></head>
<body><div id="page"></div></body></html>"""
OPEN = """async dark => {
    const bytes = await (await fetch("/book.epub")).arrayBuffer();
    window.book = ePub(bytes);
    window.rendition = book.renderTo("page", {flow: "scrolled-doc", width: "100%", height: "100%"});
    if (dark) rendition.themes.override("background", "#111");
    if (dark) rendition.themes.override("color", "#eee");
    await book.ready;
    const flat = list => list.flatMap(each => [each.label.trim(), ...flat(each.subitems || [])]);
    const {toc} = await book.loaded.navigation;
    return {toc: flat(toc), pages: book.pageList.pageList.map(each => each.href)};
}"""
CUT_OFF = """() => [...document.querySelectorAll("body *")]
    .filter(each => getComputedStyle(each).overflowX !== "visible")
    .filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => each.tagName)"""
PROSE = (
    "It was a long road, and it went on between the hedges until the evening\n"
    "came; and nobody[1] who walked upon it knew where it ended or began.\n"
)
POEM = (
    "/*\nThe road is long and soon,\n  And so art thou, and so the wind that blows upon it.\n*/\n"
)
TABLE = (
    "/*\nHay      12     0     and what is written besides, at some length and more\n"
    "Oats     4     6\n*/\n"
)


def pages() -> list[PageText]:
    """Give a small book with all that a reading engine has to do something with."""
    note = "\n[Footnote 1: <i>Nobody</i>: so the inn-keeper.]"
    return [
        PageText(1, "a", "CONTENTS\n\n\n/*\nThe Road   1\nThe Inn   2\n*/", "v"),
        PageText(2, "b", f"\n\n\n\nCHAPTER I\n\nTHE ROAD\n\n\n{PROSE}\n{POEM}\n{TABLE}{note}", "1"),
        PageText(3, "c", f"\n\n\n\nCHAPTER II\n\nTHE INN\n\n\n{PROSE}{note}", "2"),
        PageText(
            4, "d", "[Illustration: The inn]", kind="illustration",
            figures=(Figure(SCAN, "An inn by the road"),),
        ),
        PageText(5, "e", "\n\n\n\nINDEX\n\n\n/*\nInn, the, 2\nRoad, 1, 2\n*/", "3"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    about = Metadata(
        "The Long Road",
        "urn:uuid:7c0f8a52-0000-5000-8000-1d5f0b8f2a11",
        ("en",),
        datetime(2026, 11, 23, tzinfo=UTC),
        "Galley",
        "https://galley.example",
        "https://galley.example/books/road",
        (Contributor("Ann Author"),),
    )
    path = tmp_path_factory.mktemp("epub") / "road.epub"
    write_epub(assemble(pages(), "en").book, about, cover(about), path)
    return path


@pytest.fixture
def reader(epub: Path) -> Iterator[Page]:
    if not PACKAGES.is_dir() or CHROMIUM is None:
        pytest.skip("needs Chromium and `deploy/install reading-packages`, as `make soak` has them")
    files = {
        "jszip.js": PACKAGES / "jszip" / "dist" / "jszip.min.js",
        "epub.js": PACKAGES / "epubjs" / "dist" / "epub.min.js",
        "book.epub": epub,
    }

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        if name in files:
            route.fulfill(path=files[name])
        else:
            route.fulfill(body=SHELF, content_type="text/html")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 800, "height": 1000})
        page.route(f"{ADDRESS}**", serve)
        page.goto(ADDRESS)
        yield page
        browser.close()


def shown(page: Page, file: str) -> Frame:
    """Turn to a file of the book; returns the frame that shows it."""
    page.evaluate("file => rendition.display(file)", f"text/{file}")
    element = page.wait_for_selector("iframe")
    assert element
    frame = element.content_frame()
    assert frame
    frame.wait_for_selector("section")
    return frame


def photograph(page: Page, name: str) -> None:
    folder = ROOT / "artefacts"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"epub-{name}.png")


def test_contents_and_printed_pages_are_offered(reader: Page) -> None:
    found = reader.evaluate(OPEN, False)
    assert found["toc"] == [
        "The Long Road",
        "Contents",
        "CONTENTS",
        "CHAPTER I. THE ROAD",
        "CHAPTER II. THE INN",
        "INDEX",
        "Colophon",
    ]
    files = ("s001.xhtml#pg1", "s002.xhtml#pg2", "s003.xhtml#pg3", "s003.xhtml#pg4")
    assert found["pages"] == [*files, "s004.xhtml#pg5"]


def test_a_note_can_pop_up_and_an_index_leads_to_its_page(reader: Page) -> None:
    reader.evaluate(OPEN, False)
    chapter = shown(reader, "s002.xhtml")
    mark = chapter.locator("a[role=doc-noteref]")
    target = mark.get_attribute("href")
    assert target == "#n1"
    note = chapter.locator("aside[role=doc-footnote]")
    assert note.get_attribute("id") == "n1"
    assert "so the inn-keeper." in note.inner_text()
    photograph(reader, "chapter")
    index = shown(reader, "s004.xhtml")
    assert index.locator("a").all_inner_texts() == ["2", "1", "2"]
    index.locator("a").first.click()
    reader.wait_for_function("rendition.currentLocation().start?.href === 'text/s003.xhtml'")


def test_readers_may_choose_dark(reader: Page) -> None:
    reader.evaluate(OPEN, True)
    chapter = shown(reader, "s002.xhtml")
    colours = chapter.evaluate(
        "() => [...document.querySelectorAll('body, p, h2, a, aside')]"
        ".map(each => getComputedStyle(each).color)"
    )
    assert set(colours) == {"rgb(238, 238, 238)"}
    photograph(reader, "dark")


def test_nothing_is_cut_off_on_a_narrow_screen(reader: Page) -> None:
    reader.set_viewport_size({"width": 320, "height": 700})
    reader.evaluate(OPEN, False)
    for file in ("s001.xhtml", "s002.xhtml", "s003.xhtml", "s004.xhtml", "cover.xhtml"):
        frame = shown(reader, file)
        width = frame.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, file
        assert frame.evaluate(CUT_OFF) == [], file
        photograph(reader, f"narrow-{file.removesuffix('.xhtml')}")
