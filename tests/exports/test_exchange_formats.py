"""ALTO and hOCR: the order and places that their schemas want, and every word of the text."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from exports.writing.alto import alto, write_alto_zip
from exports.writing.hocr import hocr
from exports.writing.overlay import place_words
from exports.writing.scanpage import ScanPage
from tests.support.printed import line_of

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
XHTML = "{http://www.w3.org/1999/xhtml}"
READ = [
    line_of(["THE", "NIGHT"], 0) | {"kind": "head"},
    line_of(["It", "wos", "dark", "with-"], 1),
    line_of(["out", "an", "end."], 2),
    line_of(["Nobody", "slept."], 3),
    line_of(["12"], 45) | {"kind": "folio"},
]
TEXT = 'It was <i>dark</i> with-\nout an end.\n\n"Nobody" slept.'


def page(text: str = TEXT, number: int = 7) -> ScanPage:
    lines = place_words(text, READ if text else [], 2000, 3000)
    return ScanPage(number, "12", 'the "7th".png', 2000, 3000, "en", lines)


def test_alto_has_the_order_of_its_schema() -> None:
    root = etree.fromstring(alto(page()))
    assert [child.tag for child in root] == [f"{ALTO}Description", f"{ALTO}Layout"]
    sheet = root[1][0]
    assert {str(key): str(value) for key, value in sheet.attrib.items()} == {
        "ID": "page7",
        "PHYSICAL_IMG_NR": "7",
        "PRINTED_IMG_NR": "12",
        "LANG": "en",
        "WIDTH": "2000",
        "HEIGHT": "3000",
    }
    spaces = [space.tag.removeprefix(ALTO) for space in sheet]
    assert spaces == ["TopMargin", "BottomMargin", "PrintSpace"]
    assert [len(space) for space in sheet] == [1, 1, 2]
    ids = [each.get("ID") for each in root.iter() if each.get("ID")]
    assert len(ids) == len(set(ids))
    for line in root.iter(f"{ALTO}TextLine"):
        kinds = [cell.tag.removeprefix(ALTO) for cell in line]
        assert kinds[::2][0] == "String"
        assert set(kinds[1::2]) <= {"SP", "HYP"}
        assert "HYP" not in kinds[:-1]


def test_alto_carries_the_corrected_words_and_says_which() -> None:
    root = etree.fromstring(alto(page()))
    space = root[1][0][2]
    strings = list(space.iter(f"{ALTO}String"))
    text = [each.get("CONTENT") for each in strings]
    assert text == ["It", "was", "dark", "with", "out", "an", "end.", '"Nobody"', "slept."]
    hyphen = next(space.iter(f"{ALTO}HYP"))
    assert (hyphen.get("CONTENT"), hyphen.get("HPOS")) == ("-", str(100 + 20 * 12 + 80))
    assert [each.get("CS") for each in strings[:3]] == [None, "true", None]
    assert [each.get("WC") for each in strings[:3]] == ["0.90", None, "0.90"]
    assert [strings[1].get(key) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == [
        str(each) for each in READ[1]["words"][1]["box"]
    ]


def test_a_page_without_words_and_one_with_odd_signs() -> None:
    sheet = etree.fromstring(alto(page("")))[1][0]
    assert [space.tag.removeprefix(ALTO) for space in sheet] == ["PrintSpace"]
    assert not len(sheet[0])
    odd = page("It was & <dark> \x01\ufffe")
    assert "&" in [s.get("CONTENT") for s in etree.fromstring(alto(odd)).iter(f"{ALTO}String")]
    assert "&amp;" in hocr(odd).decode()
    etree.fromstring(hocr(page("")))


def test_hocr_says_places_and_kinds() -> None:
    root = etree.fromstring(hocr(page()))
    kinds = [each.get("class") for each in root.iter() if each.get("class")]
    assert kinds.count("ocr_page") == 1
    assert kinds.count("ocr_par") == 4
    assert kinds.count("ocr_line") == 3
    assert [kinds.count(kind) for kind in ("ocr_header", "ocr_pageno")] == [1, 1]
    words = {each.text: each.get("title") for each in root.iter(f"{XHTML}span") if each.text}
    assert words["was"] == "bbox 160 160 220 200"
    assert words["dark"] == "bbox 240 160 320 200; x_wconf 90"
    whole = next(each for each in root.iter() if each.get("class") == "ocr_page")
    assert whole.get("title") == "image \"the '7th'.png\"; bbox 0 0 2000 3000; ppageno 6"


def test_all_pages_in_one_file_the_same_every_time(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 23, 12, 30, 10, tzinfo=UTC)
    for name in ("a.zip", "b.zip"):
        write_alto_zip((page(number=n) for n in (1, 2)), moment, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.namelist() == ["0001.xml", "0002.xml"]
        assert made.read("0002.xml") == alto(page(number=2))
