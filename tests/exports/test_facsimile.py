"""The facsimile: the corrected text of any script on the scan, found again by other readers."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from exports.book import Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import PageText
from exports.writing.facsimile import (
    FacsimileEmptyError,
    FacsimilePage,
    Mark,
    outline_of,
    write_facsimile,
)
from exports.writing.overlay import place_words
from exports.writing.scanimage import coded
from exports.writing.scanpage import ScanPage

WIDTH, HEIGHT = 1600, 2400
ABOUT = Metadata(
    title="A Made Book",
    identifier="urn:uuid:7c0f8a52-0000-5000-8000-1d5f0b8f2a11",
    languages=("en", "grc", "he"),
    released_at=datetime(2026, 11, 23, 12, 30, 10, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/books/made",
    contributors=(Contributor("Ann Author"), Contributor("Ben Author")),
    subjects=("Nights", "Days", "Dawns"),
)
_HEBREW = "\u05d1\u05e8\u05d0\u05e9\u05d9\u05ea \u05d1\u05e8\u05d0 \u05d0\u05dc\u05d4\u05d9\u05dd"
_GREEK = "\u1f18\u03bd \u1f00\u03c1\u03c7\u1fc7 \u1f26\u03bd \u1f41 \u03bb\u03cc\u03b3\u03bf\u03c2,"
_LIGATURES = "over a lazy dog\u2014\u00e6ther, \u0153uvre."
#: What is printed, with what the machine read: a row each.
ROWS = [
    ("The quick brown fox jumps", "The quick brovvn fox jumps"),
    (_LIGATURES, _LIGATURES),
    (_GREEK, "Ev apxn nv o Aoyoc,"),
    (_HEBREW, _HEBREW),
    ("\U0001d504 \u4f60\u597d \u2163", "A \u4f60\u597d IV"),
]
TEXT = "\n".join(row for row, _ in ROWS)
BUILD = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
import test_facsimile as t
t.write(Path(sys.argv[1]))
"""


def read_line(words: Sequence[str], at: int) -> dict[str, Any]:
    backwards = words[0] > "\u0590" and words[0] < "\u0600"
    x, found = (1400 if backwards else 150), []
    for word in words:
        wide = 34 * len(word)
        x -= wide if backwards else 0
        box = [x, 200 + 90 * at, wide, 44]
        found.append({"text": word, "box": box, "confidence": 91.0, "suspect": 0.0})
        x += -20 if backwards else wide + 20
    return {"box": [100, 200 + 90 * at, 1300, 44], "words": found}


def image(path: Path, mode: str) -> Path:
    if path.exists():
        return path
    picture = Image.new(mode, (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    for at in range(len(ROWS)):
        draw.rectangle((150, 200 + 90 * at, 1400, 240 + 90 * at), fill="black")
    if mode == "RGB":
        draw.ellipse((300, 900, 1300, 1900), fill="red")
    picture.save(path)
    return path


def pages(folder: Path, count: int = 3) -> Iterator[FacsimilePage]:
    lines = [read_line(read.split(), at) for at, (_, read) in enumerate(ROWS)]
    for number in range(1, count + 1):
        words = place_words(TEXT, lines, WIDTH, HEIGHT) if number != 2 else []
        mode = ("1", "L", "RGB")[number % 3]
        label = {1: "xii", 2: ""}.get(number, str(number - 2))
        scan = ScanPage(number, label, f"{number}.png", WIDTH, HEIGHT, "en", words)
        yield FacsimilePage(scan, image(folder / f"{mode}.png", mode))


def write(path: Path, count: int = 3) -> Path:
    marks = [Mark("PART I", 1, 1), Mark("Chapter 1", 1, 2), Mark("Chapter 2", 3, 2)]
    write_facsimile(pages(path.parent, count), marks, ABOUT, path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("facsimile") / "book.pdf")


def test_every_word_is_found_as_corrected_in_any_script(made: Path) -> None:
    with pypdfium2.PdfDocument(made) as pdf:
        read = [page.get_textpage().get_text_range().split() for page in pdf]
    assert read[0] == TEXT.split()
    assert read[1] == []
    assert read[2] == TEXT.split()


def test_a_word_lies_on_its_print(made: Path) -> None:
    with pypdfium2.PdfDocument(made) as pdf:
        page = pdf[0].get_textpage()
        found = page.search("brown").get_next()
        assert found is not None
        boxes = [page.get_charbox(found[0] + at) for at in range(found[1])]
    scale = 432 / WIDTH
    left = (150 + 34 * 3 + 20 + 34 * 5 + 20) * scale
    assert boxes[0][0] == pytest.approx(left, abs=1)
    assert boxes[-1][2] == pytest.approx(left + 34 * 6 * scale, abs=1)
    top, bottom = (HEIGHT - 200) * scale, (HEIGHT - 244) * scale
    assert all(bottom - 1 <= box[1] < box[3] <= top + 1 for box in boxes)


def test_labels_outline_tags_and_metadata(made: Path) -> None:
    with pypdfium2.PdfDocument(made) as pdf:
        assert [pdf.get_page_label(at) for at in range(3)] == ["xii", "[scan 2]", "1"]
        toc = [(b.level, b.get_title(), b.get_dest().get_index()) for b in pdf.get_toc()]
    assert toc == [(0, "PART I", 0), (1, "Chapter 1", 0), (1, "Chapter 2", 2)]
    with pikepdf.Pdf.open(made) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.is_linearized
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as about:
            assert about["dc:title"] == "A Made Book"
            assert about["dc:creator"] == ["Ann Author", "Ben Author"]
        tags = pdf.Root.StructTreeRoot.K.K
        assert len(list(tags)) == 2  # one block on each page with text
        assert tags[0].Pg.objgen == pdf.pages[0].obj.objgen
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert [int(parents[at]) for at in (0, 2, 4)] == [0, 1, 2]


def test_scans_are_small_and_look_as_they_are(made: Path, tmp_path: Path) -> None:
    kinds = {mode: coded(image(tmp_path / f"{mode}.png", mode)) for mode in ("1", "L", "RGB")}
    assert [kinds[mode].filter for mode in kinds] == ["CCITTFaxDecode", "DCTDecode", "DCTDecode"]
    assert [kinds[mode].space for mode in kinds] == ["DeviceGray", "DeviceGray", "DeviceRGB"]
    assert len(kinds["1"].data) < 2000
    with pypdfium2.PdfDocument(made) as pdf:
        for page in pdf:
            seen = page.render(scale=1).to_pil().convert("RGB")
            assert max(seen.getpixel((20, 20))) > 240
            assert max(seen.getpixel((100, 60))) < 20


def test_the_same_book_gives_the_same_bytes_anywhere(made: Path, tmp_path: Path) -> None:
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    there = tmp_path / "there.pdf"
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    subprocess.run([sys.executable, "-c", BUILD, str(there), *folders], env=elsewhere, check=True)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (made, there)}
    assert len(digests) == 1


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    made = write(tmp_path / "long.pdf", 53)
    with pypdfium2.PdfDocument(made) as pdf:
        assert len(pdf) == 53
        assert [pdf.get_page_label(at) for at in (2, 25, 52)] == ["1", "24", "51"]
        assert pdf[52].get_textpage().get_text_range().split() == TEXT.split()
    assert {path.name for path in tmp_path.iterdir()} == {"long.pdf", "1.png", "L.png", "RGB.png"}


def test_a_book_without_scans_and_one_with_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(FacsimileEmptyError):
        write_facsimile([], [], ABOUT, tmp_path / "none.pdf")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    page = FacsimilePage(ScanPage(1, "", "x", 10, 10, "en", []), broken)
    with pytest.raises(OSError, match="cannot identify"):
        write_facsimile([page], [], ABOUT, tmp_path / "broken.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.png"]


def test_the_outline_says_where_chapters_begin() -> None:
    texts = ["CHAPTER I\n\n\nIt was night.", "And day.\n\n\n\n\nCHAPTER II\n\n\nHe came.", "Far."]
    texts.append("\n\n\n\nCHAPTER III\n\n\nHe went.")
    given = [PageText(n, f"p{n}", text, str(n)) for n, text in enumerate(texts, start=1)]
    marks = outline_of(assemble(given, "en").book)
    assert [(mark.title, mark.page) for mark in marks] == [
        ("CHAPTER I", 1),
        ("CHAPTER II", 2),
        ("CHAPTER III", 4),
    ]
