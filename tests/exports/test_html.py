"""The web editions: the same words as the EPUB, each line and page to be found, valid, the same."""

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from PIL import Image

from exports.book import Book, Contributor, Metadata
from exports.making.assembly import assemble
from exports.making.lines import lines_of, section_file
from exports.pages import Figure, PageText
from exports.writing.epub import write_epub
from exports.writing.html import write_chapters, write_html
from exports.writing.pagemap import scan_addresses, write_page_map
from exports.writing.readback import read_back
from exports.writing.weblines import Addresses, WebFragments
from exports.writing.xhtml import document, legal, section_body

GOLDEN = Path(__file__).parent.parent / "golden"
MARKS = "word bro- ken <i> </i> <b> </b> ^{x } [Greek: ] /* */ /# #/ [1] ... -- _{2} & < > *"
PIECES = st.sampled_from(
    [*MARKS.split(" "), " ", "\n", "\n\n", "[Footnote 1: n", '"', "<sc>A</sc>", "a    b    c"]
)
ABOUT = Metadata(
    "A <Golden> Book & More",
    "urn:uuid:0b0e3d0e-0000-5000-8000-000000000001",
    ("en",),
    datetime(2026, 3, 4, tzinfo=UTC),
    "Galley",
    "https://galley.example",
    "https://galley.example/projects/golden",
    (Contributor("A. Writer"),),
    description='A "book" of <everything>.',
)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 80), "teal").save(file, "PNG")
    return file.getvalue()


def pages_of(name: str) -> list[PageText]:
    figures = (Figure(picture(), alt="A teal field"),)
    return [
        PageText(number, str(100 + number), path.read_text(encoding="utf-8"), str(number),
                 figures=figures)
        for number, path in enumerate(sorted((GOLDEN / name / "pages").glob("*.txt")), start=1)
    ]  # fmt: skip


class Made:
    """A golden book with all its web editions."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.pages = pages_of(name)
        self.book: Book = assemble(self.pages, "en").book
        self.folder = folder
        scans = scan_addresses(self.pages, ABOUT)
        self.epub = folder / "golden.epub"
        cover = io.BytesIO()
        Image.new("RGB", (1000, 1500), "brown").save(cover, "JPEG")
        write_epub(self.book, ABOUT, cover.getvalue(), self.epub)
        write_html(self.book, ABOUT, scans, self.epub, folder / "golden.html")
        write_chapters(self.book, ABOUT, scans, self.epub, folder / "golden-html.zip")
        write_page_map(self.book, self.pages, ABOUT, "golden", folder / "pages.json")

    @property
    def one_page(self) -> str:
        return (self.folder / "golden.html").read_text(encoding="utf-8")

    @property
    def chapters(self) -> dict[str, str]:
        with zipfile.ZipFile(self.folder / "golden-html.zip") as made:
            return {n: made.read(n).decode() for n in made.namelist() if n.endswith(".html")}


@pytest.fixture(scope="module", params=sorted(p.parent.name for p in GOLDEN.glob("*/pages")))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, tmp_path_factory.mktemp("web"))


def words(element: "etree._Element") -> str:
    text = "".join("".join(str(text) for text in element.itertext()).split())
    return text.replace("\u2014\u2060\u2014", "\u2e3a")


def found(root: "etree._Element", path: str) -> "list[etree._Element]":
    return cast("list[Any]", root.xpath(path))


def by_id(root: "etree._Element", name: str) -> "etree._Element":
    (element,) = found(root, f"//*[@id='{name}']")
    return element


def test_every_section_says_what_the_epub_says(made: Made) -> None:
    whole = html.fromstring(made.one_page)
    chapters = made.chapters
    with zipfile.ZipFile(made.epub) as epub:
        for number in range(1, len(made.book.sections) + 1):
            name = f"s{number:03d}"
            page = etree.fromstring(epub.read(f"EPUB/text/{name}.xhtml"))
            (wanted,) = found(page, "//*[local-name()='section']")
            (apart,) = found(html.fromstring(chapters[f"{name}.html"]), "//main/section")
            assert words(apart) == words(wanted) == words(by_id(whole, name))


def test_reading_back_finds_the_words_that_it_finds_in_the_epub(made: Made) -> None:
    read = read_back(made.pages, made.folder / "golden.html")
    assert read == read_back(made.pages, made.epub)
    assert read.missing < read.words / 20


def test_a_word_that_the_page_lacks_is_missed(made: Made, tmp_path: Path) -> None:
    line = next(line for line in lines_of(made.book) if line.line and " " in line.text)
    word = max(re.findall(r"[a-z]+", line.text.lower()) or ["the"], key=len)
    broken = tmp_path / "broken.html"
    broken.write_text(re.sub(rf"(?i)\b{word}\b", "", made.one_page), encoding="utf-8")
    assert read_back(made.pages, broken).missing > read_back(made.pages, made.epub).missing


def test_every_line_can_be_addressed_and_holds_what_was_printed(made: Made) -> None:
    whole = html.fromstring(made.one_page)
    spans = [
        (name, "".join(words(span).split()))
        for span in found(whole, "//main//span[@id or @data-line]")
        if re.fullmatch(r"p\d+l\d+", name := span.get("id") or span.get("data-line") or "")
    ]
    lines = list(lines_of(made.book))
    assert {line.id for line in lines} <= {name for name, _ in spans}
    said = re.sub(r"\[\d+\]", "", "".join(text for _, text in spans))
    wanted = "".join("".join(line.text.split()) for line in lines)
    assert said.replace("\u2060", "").replace("\u2026", "...") == re.sub(r"\[\d+\]", "", wanted)


class Checker(HTMLParser):
    """Holds that tags nest, ids are unique and no link stands in a link."""

    VOID = frozenset({"meta", "link", "br", "hr", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert not any(":" in name for name in values), (tag, values)
        assert len(values) == len(attrs)
        self.ids.update([str(values["id"])] if "id" in values else [])
        self.links += [str(values[n]) for n in ("href", "src") if n in values]
        assert not (tag == "a" and "a" in self.open)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    checker.close()
    assert not checker.open
    assert [name for name, count in checker.ids.items() if count > 1] == []
    return checker


def test_pages_are_well_made_and_every_link_leads_somewhere(made: Made) -> None:
    whole = checked(made.one_page)
    for link in whole.links:
        assert link.startswith(("#", "https://", "data:image/")), link
        assert not link.startswith("#") or link[1:] in whole.ids, link
    chapters = {name: checked(text) for name, text in made.chapters.items()}
    with zipfile.ZipFile(made.folder / "golden-html.zip") as archive:
        inside = set(archive.namelist())
    for name, page in chapters.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            file, _, at = link.partition("#")
            assert (file or name) in inside, (name, link)
            assert not at or at in chapters[file or name].ids, (name, link)


def test_every_printed_page_leads_to_its_scan_and_back(made: Made) -> None:
    listed = json.loads((made.folder / "pages.json").read_text(encoding="utf-8"))["pages"]
    assert [page["number"] for page in listed] == [page.number for page in made.pages]
    whole, chapters = html.fromstring(made.one_page), made.chapters
    with zipfile.ZipFile(made.epub) as epub:
        for page in listed:
            link = by_id(whole, page["html"].removeprefix("#"))
            assert link.get("href") == page["scan"]
            assert page["scan"].endswith(f"/pages/id:{100 + page['number']}")
            assert link.get("data-label") == page["label"]
            file, _, at = page["chapter"].partition("#")
            assert f'id="{at}"' in chapters[file]
            file, _, at = page["epub"].partition("#")
            assert f'id="{at}"'.encode() in epub.read(file)


def test_equal_books_give_equal_bytes(made: Made, tmp_path: Path) -> None:
    again = Made(made.name, tmp_path)
    for name in ("golden.html", "golden-html.zip", "pages.json"):
        digests = {
            hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for folder in (made.folder, again.folder)
        }
        assert len(digests) == 1


def fragments() -> WebFragments:
    return WebFragments(Addresses({12: "/scan"}, lambda name, at: f"{name}{at}", lambda n: n))


PAGE = (
    '<span id="pg12" epub:type="pagebreak" role="doc-pagebreak" aria-label=" Page 3. "></span>',
    '<a id="pg12" class="pg" href="/scan" data-label="3" aria-label="Page 3" lang="en"></a>',
)
CASES = {
    "<p>\x061.1\x07One \x061.2\x07two.</p>": (
        '<p><span id="p1l1">One </span><span id="p1l2">two.</span></p>'
    ),
    "<p>\x061.1\x07An <i>italic \x061.2\x07pair</i> here.</p>": (
        '<p><span id="p1l1">An <i>italic </i></span><span id="p1l2"><i>pair</i> here.</span></p>'
    ),
    f"<p>\x061.1\x07bro{PAGE[0]}\x0612.1\x07ken</p>": (
        f'<p><span id="p1l1">bro{PAGE[1]}</span><span id="p12l1">ken</span></p>'
    ),
    '<p><span class="line i1">\x061.1\x07Roses</span><br/>\n<span class="line">are</span></p>': (
        '<p><span class="line i1"><span id="p1l1">Roses</span></span><br>\n'
        '<span class="line">are</span></p>'
    ),
    "<div><p>\x061.1\x07a</p><p>\x061.1\x07b</p></div>": (
        '<div><p><span id="p1l1">a</span></p><p><span data-line="p1l1">b</span></p></div>'
    ),
    '<p>\x061.1\x07<a href="s002.xhtml#pg7" xml:lang="en">7</a> epub:type="x"</p>': (
        '<p><span id="p1l1"><a href="s002#pg7">7</a> epub:type="x"</span></p>'
    ),
}


@pytest.mark.parametrize(("xhtml", "wanted"), CASES.items())
def test_lines_become_spans(xhtml: str, wanted: str) -> None:
    assert fragments().html(xhtml) == wanted


def test_an_index_leads_into_the_chapters_that_hold_its_pages(tmp_path: Path) -> None:
    chapters = [f"\n\n\n\nCHAPTER {mark}\n\n\nApples and pears." for mark in ("I", "II")]
    texts = [*chapters, "\n\n\n\nINDEX\n\n\n/*\nApples, 1\nPears, 1, 2\nQuinces, 2\n*/"]
    pages = [PageText(n, str(n), text, str(n)) for n, text in enumerate(texts, start=1)]
    book = assemble(pages, "en").book
    write_epub(book, ABOUT, b"", tmp_path / "x.epub")
    write_chapters(book, ABOUT, {}, tmp_path / "x.epub", tmp_path / "x.zip")
    write_html(book, ABOUT, {}, tmp_path / "x.epub", tmp_path / "x.html")
    with zipfile.ZipFile(tmp_path / "x.zip") as made:
        index = made.read("s003.html").decode()
        assert re.findall(r'href="(s00[12]\.html#pg\d)"', index) == [
            f"s00{n}.html#pg{n}" for n in (1, 1, 2, 2)
        ]
    whole = (tmp_path / "x.html").read_text("utf-8")
    assert re.findall(r'href="(#pg\d)"', whole) == ["#pg1", "#pg1", "#pg2", "#pg2"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=25).map("".join), min_size=1, max_size=3))
def test_any_text_becomes_a_well_made_page_with_the_same_words(texts: list[str]) -> None:
    pages = [PageText(n, f"id{n}", text, str(n)) for n, text in enumerate(texts, start=1)]
    made = fragments()
    for index, section in enumerate(assemble(pages, "en").book.sections):
        page = legal(made.html(section_body(section, section_file(index), lines=True)))
        checked(page)
        wanted = etree.fromstring(document("", "en", section_body(section, "s"), ""))
        (body,) = found(wanted, "//*[local-name()='body']")
        assert words(html.fragment_fromstring(page)) == words(body)
