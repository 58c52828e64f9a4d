"""A reader of finished files is only worth its name if it misses what is missing."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from exports.book import Book, Metadata, Paragraph
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing.epub import write_epub
from exports.writing.readback import read_back
from exports.writing.text import write_text

METADATA = Metadata(
    title="Read",
    identifier="urn:uuid:0",
    languages=("en",),
    released_at=datetime(2026, 11, 23, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/books/read",
)
FIRST = """CHAPTER I


It rained upon the <i>roofs</i> of the town, and nobody[1] there un-

[Footnote 1: A cat did.]"""
SECOND = """derstood why it should have been so wet in this year of all years.

/*
Rain, rain,
  go away
*/"""
FOURTH = """And when it was over they went out of their houses and found the
streets as clean as glass.[**?]"""
PAGES = [
    PageText(1, "a", FIRST),
    PageText(2, "b", SECOND),
    PageText(3, "c", "[Illustration: The roofs]", kind="illustration"),
    PageText(4, "d", FOURTH),
]
KINDS = ("epub", "txt")


def written(book: Book, folder: Path, kind: str) -> Path:
    path = folder / f"book.{kind}"
    if kind == "epub":
        write_epub(book, METADATA, b"", path)
    else:
        write_text(book, METADATA, path)
    return path


def shortened(book: Book, *, drop: int) -> Book:
    (section,) = book.sections
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    blocks = tuple(block for block in section.blocks if block is not paragraphs[drop])
    return replace(book, sections=(replace(section, blocks=blocks),))


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_book_lacks_nothing(kind: str, tmp_path: Path) -> None:
    result = read_back(PAGES, written(assemble(PAGES, "en").book, tmp_path, kind))
    assert (result.missing, result.findings) == (0, ())
    assert result.words == 55


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_paragraph_is_missed_on_its_page(kind: str, tmp_path: Path) -> None:
    book = shortened(assemble(PAGES, "en").book, drop=1)
    result = read_back(PAGES, written(book, tmp_path, kind))
    assert result.missing == 19
    assert [(f.code, f.severity, f.page) for f in result.findings] == [("word-lost", "error", 4)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_note_is_missed(kind: str, tmp_path: Path) -> None:
    book = assemble(PAGES, "en").book
    book = replace(book, sections=(replace(book.sections[0], notes=()),))
    assert read_back(PAGES, written(book, tmp_path, kind)).missing == 3


@pytest.mark.parametrize("kind", KINDS)
def test_words_in_another_order_are_missed(kind: str, tmp_path: Path) -> None:
    book = assemble(PAGES, "en").book
    section = book.sections[0]
    turned = replace(book, sections=(replace(section, blocks=tuple(reversed(section.blocks))),))
    codes = {f.code for f in read_back(PAGES, written(turned, tmp_path, kind)).findings}
    assert codes == {"word-displaced"}


def test_words_too_many_are_told(tmp_path: Path) -> None:
    book = assemble(PAGES, "en").book
    section = book.sections[0]
    more = replace(section, blocks=(*section.blocks, Paragraph(("Entirely invented",))))
    result = read_back(PAGES, written(replace(book, sections=(more,)), tmp_path, "epub"))
    assert [(f.code, f.excerpt) for f in result.findings] == [("word-added", "entirely, invented")]


@pytest.mark.parametrize("kind", KINDS)
def test_captions_that_people_typed_are_no_words_too_many(kind: str, tmp_path: Path) -> None:
    out = BytesIO()
    Image.new("L", (40, 40)).save(out, "PNG")
    figure = Figure(out.getvalue(), "A cat.", "The <i>sleeping</i> cat--alone")
    pages = [*PAGES, PageText(9, "z", "[Illustration]", kind="illustration", figures=(figure,))]
    book = assemble(pages, "en").book
    assert read_back(pages, written(book, tmp_path, kind)).findings == ()


def test_a_broken_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"PK nothing")
    with pytest.raises(zipfile.BadZipFile):
        read_back(PAGES, path)
