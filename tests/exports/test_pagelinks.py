"""Page numbers in an index and a contents list lead to the printed pages."""

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exports.book import Book, Metadata, PageLink, runs
from exports.making.assembly import assemble
from exports.pages import PageText
from exports.writing.cover import cover
from exports.writing.epub import write_epub
from exports.writing.readback import read_back
from exports.writing.text import fill_book
from exports.writing.xhtml import section_body

PROSE = (
    "It was a long road, and it went on between the hedges until the\n"
    "evening came; and nobody who walked upon it knew where it ended.\n"
)
LABELS = ["v", "1", "2", "12", "13", "14", "44", "44"]


def book_of(last: str, first: str = PROSE) -> Book:
    texts = [first, *[f"{PROSE}\n{PROSE}"] * (len(LABELS) - 1), last]
    labels = [*LABELS, "50"]
    return assemble(
        [
            PageText(n, f"p{n}", text, label)
            for n, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
        ],
        "en",
    ).book


def links(book: Book, section: int) -> list[tuple[str, int]]:
    body = section_body(book.sections[section], "s")
    found = re.findall(r'<a href="#pg(\d+)">([^<]*)</a>', body)
    return [(label, int(number)) for number, label in found]


@pytest.mark.parametrize(
    ("entry", "linked"),
    [
        ("Abbot, the, 2, 12", ["2", "12"]),
        ("Abbot   13", ["13"]),
        ("Abbot 13, 14", ["13", "14"]),
        ("Abbot, <i>v</i>, 12-14", ["v", "12", "14"]),
        ("Battle of 1066, 12", ["12"]),
        ("Act 2 of parliament, 14 n.", ["14"]),
        ("Two pages of one number, 44", []),
        ("Paper, 12mo, and pages 3.12", []),
        ("Louis I, v; his son, 1", ["v", "1"]),
    ],
)
def test_numbers_of_an_index_lead_to_their_pages(entry: str, linked: list[str]) -> None:
    book = book_of(f"\n\n\n\nINDEX\n\n\n/*\n{entry}\n*/")
    found = links(book, len(book.sections) - 1)
    assert [label for label, _ in found] == linked
    assert [LABELS[number - 1] for _, number in found] == linked


def test_only_the_last_number_of_a_contents_line_is_a_page() -> None:
    contents = "CONTENTS\n\n\n/*\nChapter 1\nChapter 2. Of 14 roads   12\nPreface v\nOf 1\n*/"
    assert [label for label, _ in links(book_of(PROSE, contents), 0)] == ["12", "v", "1"]


def test_numbers_lead_across_files_and_words_stay(tmp_path: Path) -> None:
    index = "\n\n\n\nINDEX\n\n\n/*\nAbbot, 2, 12\n  his road, 13\nIndex, 50\n*/"
    texts = [PROSE, f"\n\n\n\nCHAPTER I\n\n\n{PROSE}", PROSE, index]
    pages = [
        PageText(n, f"p{n}", text, label)
        for n, (text, label) in enumerate(zip(texts, ["2", "12", "13", "50"], strict=True), start=1)
    ]
    book = assemble(pages, "en").book
    about = Metadata(
        "Roads",
        "urn:uuid:0",
        ("en",),
        datetime(2026, 1, 1, tzinfo=UTC),
        "Galley",
        "https://galley.example",
        "https://galley.example/books/roads",
    )
    path = tmp_path / "roads.epub"
    write_epub(book, about, cover(about), path)
    with zipfile.ZipFile(path) as epub:
        page = epub.read("EPUB/text/s003.xhtml").decode()
    assert re.findall(r'<a href="([^"]*)">(\d+)</a>', page) == [
        ("s001.xhtml#pg1", "2"),
        ("s002.xhtml#pg2", "12"),
        ("s002.xhtml#pg3", "13"),
        ("#pg4", "50"),
    ]
    assert read_back(pages, path).findings == ()
    assert "    Abbot, 2, 12" in fill_book(book)


def test_only_an_index_and_a_contents_list_are_linked() -> None:
    book = book_of("\n\n\n\nCHAPTER I\n\n\nAbbot, 2, 12, and so on and on, until the year, 13.")
    items = [i for s in book.sections for b in s.blocks for run in runs(b) for i in run]
    assert not [item for item in items if isinstance(item, PageLink)]
