import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from exports.book import Book, Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing.cover import cover
from exports.writing.epub import BookEmptyError, write_epub
from exports.writing.images import PictureUnreadableError

METADATA = Metadata(
    title="A Made Book & Others",
    identifier="urn:uuid:7c0f8a52-0000-5000-8000-1d5f0b8f2a11",
    languages=("en",),
    released_at=datetime(2026, 11, 23, 12, 30, 10, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/books/made",
    contributors=(Contributor("Ann Author"), Contributor("T. Translator", "trl")),
)
PROSE = (
    "It was a dark night, and the rain fell upon the roofs of the town\n"
    "without an end. Nobody slept.[1]\n"
)
PAGES = [
    PageText(
        1, "a", f"CHAPTER I\n\nTHE NIGHT\n\n\n{PROSE}\n[Footnote 1: <i>Nobody</i>, he says.]", "i"
    ),
    PageText(2, "b", "[Blank Page]", kind="blank"),
    PageText(3, "c", f"\n\n\n\nCHAPTER II\n\n\n{PROSE}\n[Footnote 1: Again.]", "1"),
]
BUILD = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
import test_epub as t
book = t.assemble(t.PAGES, "en").book
t.write_epub(book, t.METADATA, t.cover(t.METADATA), Path(sys.argv[1]))
"""


def build(
    path: Path, pages: list[PageText] = PAGES, metadata: Metadata = METADATA
) -> zipfile.ZipFile:
    write_epub(assemble(pages, metadata.language).book, metadata, cover(metadata), path)
    return zipfile.ZipFile(path)


def test_equal_input_gives_equal_bytes_anywhere(tmp_path: Path) -> None:
    build(tmp_path / "here.epub").close()
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    there = tmp_path / "there.epub"
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    subprocess.run([sys.executable, "-c", BUILD, str(there), *folders], env=elsewhere, check=True)
    digests = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "here.epub", there)
    }
    assert len(digests) == 1


def test_container_is_portable(tmp_path: Path) -> None:
    with build(tmp_path / "book.epub") as book:
        first, *rest = book.infolist()
        assert (first.filename, first.compress_type, first.extra) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"",
        )
        assert {info.date_time for info in (first, *rest)} == {(2026, 11, 23, 12, 30, 10)}


def test_words_stay_whole_and_marks_stay_theirs(tmp_path: Path) -> None:
    text = "It is <i>un</i><b>believable</b> & <true>, he said;\nand it was a long story."
    with build(tmp_path / "book.epub", [PageText(1, "a", text)]) as book:
        page = book.read("EPUB/text/s001.xhtml").decode()
    assert "<i>un</i><b>believable</b> &amp; &lt;true&gt;" in page


def test_each_printed_page_is_found_by_its_number(tmp_path: Path) -> None:
    with build(tmp_path / "book.epub") as book:
        nav = etree.fromstring(book.read("EPUB/text/nav.xhtml"))
        lists = [n for n in nav.iter("{*}nav") if n.get("role") == "doc-pagelist"]
        pages = [a for page_list in lists for a in page_list.iter("{*}a")]
        assert [(a.text, a.get("href")) for a in pages] == [
            ("i", "s001.xhtml#pg1"),
            ("[scan 2]", "s002.xhtml#pg2"),
            ("1", "s002.xhtml#pg3"),
        ]


def test_notes_are_numbered_over_the_book_and_lead_back(tmp_path: Path) -> None:
    with build(tmp_path / "book.epub") as book:
        second = book.read("EPUB/text/s002.xhtml").decode()
    assert 'id="r2" href="#n2"' in second
    assert '<aside id="n2" epub:type="footnote" role="doc-footnote"><p><a href="#r2"' in second


def test_a_failed_build_leaves_the_good_file(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    build(path).close()
    good = path.read_bytes()
    broken = PageText(4, "d", "[Illustration: A ship]", figures=(Figure(b"no image at all"),))
    with pytest.raises(PictureUnreadableError, match="picture page0004-1"):
        build(path, [*PAGES, broken])
    assert path.read_bytes() == good
    assert [entry.name for entry in tmp_path.iterdir()] == ["book.epub"]


def test_a_book_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BookEmptyError, match="finish at least one page"):
        write_epub(Book((), "en"), METADATA, b"", tmp_path / "book.epub")


def picture(mode: str, size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 200 if mode in {"L", "1"} else "brown").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_small_jpegs_with_what_they_show(tmp_path: Path) -> None:
    figures = (Figure(picture("RGB", (3000, 1000)), alt='A "ship"'),)
    plate = PageText(4, "d", "[Illustration: Under sail]", kind="illustration", figures=figures)
    with build(tmp_path / "book.epub", [*PAGES, plate]) as book:
        image = Image.open(BytesIO(book.read("EPUB/images/page0004-1.jpg")))
        assert (image.format, image.size) == ("JPEG", (1600, 533))
        page = book.read("EPUB/text/s002.xhtml").decode()
        assert 'alt="A \u201cship\u201d"' in page
        assert "alternativeText" in book.read("EPUB/content.opf").decode()


def test_three_pictures_are_listed_with_links_to_them(tmp_path: Path) -> None:
    image = picture("L", (300, 400))
    said = [
        Figure(image, "A <ship>."),
        Figure(image, "A boat.", "The boat"),
        Figure(image, "Tree."),
    ]
    ornament = Figure(image, decorative=True, line_art=True)
    text = "\n\n".join(["[Illustration]"] * 4)
    pages = [*PAGES, PageText(4, "d", text, figures=(*said, ornament))]
    with build(tmp_path / "book.epub", pages) as book:
        nav = etree.fromstring(book.read("EPUB/text/nav.xhtml"))
        links = nav.findall(".//{*}nav[@id='loi']//{*}a")
        assert [link.text for link in links] == ["A <ship>.", "The boat", "Tree."]
        for link in links:
            name, _, fragment = str(link.get("href")).partition("#")
            assert f'id="{fragment}"' in book.read(f"EPUB/text/{name}").decode()
        page = book.read("EPUB/text/s002.xhtml").decode()
        assert 'page0004-4.png" alt="" role="presentation" class="line-art"/>' in page
        assert "filter: invert(1)" in book.read("EPUB/css/book.css").decode()
    with build(
        tmp_path / "book.epub", [*PAGES, replace(pages[-1], figures=tuple(said[:2]))]
    ) as book:
        assert "loi" not in book.read("EPUB/text/nav.xhtml").decode()


def test_a_picture_nobody_described_is_told_and_not_claimed(tmp_path: Path) -> None:
    plate = PageText(4, "d", "", kind="illustration", image=picture("1", (300, 400)))
    assembled = assemble([*PAGES, plate], "en")
    assert [f.code for f in assembled.findings] == ["alt-missing"]
    with build(tmp_path / "book.epub", [*PAGES, plate]) as book:
        assert Image.open(BytesIO(book.read("EPUB/images/page0004-1.jpg"))).mode == "L"
        assert "alternativeText" not in book.read("EPUB/content.opf").decode()


def test_control_characters_in_metadata_do_not_stop_the_build(tmp_path: Path) -> None:
    odd = replace(METADATA, title="Bell\x07 & <Book>", contributors=(), subjects=("a\x00b",))
    with build(tmp_path / "book.epub", metadata=odd) as book:
        package = book.read("EPUB/content.opf").decode()
    assert "Bell &amp; &lt;Book&gt;" in package
    assert "Anonymous" in package
    assert "<dc:subject>ab</dc:subject>" in package


def test_hebrew_runs_from_right_to_left(tmp_path: Path) -> None:
    hebrew = replace(METADATA, languages=("he",))
    with build(tmp_path / "book.epub", metadata=hebrew) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        assert package.get("dir") == "rtl"
        assert package.find("{*}spine").get("page-progression-direction") == "rtl"  # type: ignore[union-attr]


def test_parts_hold_chapters_and_chapters_their_sections(tmp_path: Path) -> None:
    text = f"PREFACE\n\n\n{PROSE}\n\n\n\nBOOK I\n\n\n\n\nCHAPTER I\n\n\n{PROSE}"
    texts = (text, f"{PROSE}\n\nAn inn\n\n{PROSE}", f"\n\n\n\nCHAPTER II\n\n\n{PROSE}")
    pages = [PageText(n, f"p{n}", each) for n, each in enumerate(texts, start=1)]
    with build(tmp_path / "book.epub", pages) as book:
        nav = etree.fromstring(book.read("EPUB/text/nav.xhtml"))
        depth = {a.text: len(list(a.iterancestors("{*}ol"))) for a in nav.iter("{*}a")}
        ncx = book.read("EPUB/toc.ncx").decode()
        section = book.read("EPUB/text/s003.xhtml").decode()
    assert [depth[each] for each in ("PREFACE", "BOOK I", "CHAPTER I", "An inn")] == [1, 1, 2, 3]
    assert depth["CHAPTER II"] == 2
    assert 'name="dtb:depth" content="3"' in ncx
    assert '<h3 id="s003-h1">An inn</h3>' in section
