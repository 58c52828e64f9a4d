"""The TEI edition: structure, pages and lines, notes, every word, the same bytes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from exports.book import Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing.readback import read_back
from exports.writing.tei import write_tei

SHARED = Path(__file__).resolve().parents[3] / "shared"
TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
ABOUT = Metadata(
    title="A Made Book & Others",
    subtitle="Or None",
    identifier="urn:uuid:7c0f8a52-0000-5000-8000-1d5f0b8f2a11",
    languages=("en", "fr"),
    released_at=datetime(2026, 11, 23, 12, 30, 10, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/projects/made",
    contributors=(Contributor("Ann Author"), Contributor("T. Translator", "trl")),
    publisher="Sample Press",
    place="London",
    year="1890",
    subjects=("Nights",),
    credits=("Ben", "Olga"),
    release=3,
)
PAGES = [
    PageText(
        1,
        "a",
        "PART I\n\n\n\nCHAPTER I\n\n\nIt was a dark night, and the rain fell upon\n"
        "the <i>roofs</i> of the <sc>Town</sc>.[1] No-\n\n"
        "[Footnote 1: <i>Nobody</i> says\nso.]\n[Illustration: A roof.]",
        "i",
        figures=(Figure(b"", "What a roof is like."),),
    ),
    PageText(
        2,
        "b",
        "body slept & woke.\n\n<tb>\n\n"
        "/*\nA verse it is,\n  Another one;\n\nAnd the second\n  stanza.\n*/\n\n"
        "/#\nA quotation\nof two lines.\n#/\n\n[Sidenote: Aside]\nx^{er} y_{2}",
        "ii",
    ),
    PageText(
        3,
        "c",
        "\n\n\n\nCHAPTER II\n\n\nAgain[A] [Greek: logos].\n\n[Footnote A: Twice.]"
        "\n\n/*\nName     Age\nAnn      7\nBen      12\n*/",
        "iii",
    ),
]
#: Which elements may hold each of ours: TEI P5 4.3, narrowed to what Galley writes.
BLOCK_PLACES = {"div", "quote", "note", "figure"}
PHRASE_PLACES = {"p", "head", "l", "seg", "note", "hi", "foreign", "ab"}
INSIDE = {
    "text": {"TEI"},
    "front": {"text"},
    "body": {"text"},
    "back": {"text"},
    "div": {"front", "body", "back", "div"},
    "head": {"div"},
    "p": BLOCK_PLACES | {"body"},
    "quote": BLOCK_PLACES,
    "lg": BLOCK_PLACES | {"lg"},
    "ab": BLOCK_PLACES,
    "l": {"lg"},
    "seg": {"ab"},
    "figure": BLOCK_PLACES,
    "figDesc": {"figure"},
    "milestone": BLOCK_PLACES,
    "note": PHRASE_PLACES | BLOCK_PLACES,
    "pb": PHRASE_PLACES | BLOCK_PLACES | {"body", "front", "back"},
    "lb": PHRASE_PLACES,
    "hi": PHRASE_PLACES,
    "foreign": PHRASE_PLACES,
    "ref": PHRASE_PLACES,
}
BUILD = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
import test_tei as t
t.write(Path(sys.argv[1]))
"""


def write(path: Path, pages: Iterable[PageText] = PAGES, language: str = "en") -> Path:
    pages = list(pages)
    scans = [(page.number, f"https://galley.example/scans?a=1&b={page.number}") for page in pages]
    write_tei(assemble(pages, language).book, ABOUT, scans, path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("tei") / "book.tei.xml")


@pytest.fixture(scope="module")
def root(made: Path) -> etree._Element:
    return etree.parse(str(made)).getroot()


def faults(root: etree._Element) -> list[str]:
    """Return what is wrong with the text's structure: places, pointers, order of divisions."""
    found = []
    names = {element.get(f"{XML}id") for element in root.iter() if element.get(f"{XML}id")}
    text = root.find(f"{TEI}text")
    assert text is not None
    for element in text.iter():
        name, parent = etree.QName(element).localname, element.getparent()
        assert parent is not None
        if etree.QName(parent).localname not in INSIDE[name]:
            found.append(f"{name} in {parent.tag}")
        targets = {key: element.get(key) for key in ("facs", "rendition", "target")}
        found += [f"{key} to {to}" for key, to in targets.items() if to and to[1:] not in names]
    for division in text.iter(f"{TEI}div"):
        kinds = [etree.QName(child).localname for child in division]
        solid = [kind for kind in kinds if kind not in ("pb", "note", "figure")]
        if sorted(solid, key=lambda kind: (kind == "div", kind != "head")) != solid:
            found.append(f"order {kinds}")
    return found


def test_the_structure_is_that_of_tei(root: etree._Element) -> None:
    assert faults(root) == []
    kinds = [div.get("type") for div in root.iter(f"{TEI}div")]
    assert kinds == ["part", "chapter", "chapter"]
    part = root.find(f".//{TEI}div")
    assert part is not None
    assert len(part.findall(f"{TEI}div")) == 2


def test_the_header_says_what_the_book_is(root: etree._Element) -> None:
    def said(path: str) -> list[str | None]:
        steps = "/".join(f"{TEI}{step}" for step in path.split("/"))
        return [element.text for element in root.findall(f"{TEI}teiHeader/{steps}")]

    assert said("fileDesc/titleStmt/title") == ["A Made Book & Others", "Or None"]
    assert said("fileDesc/titleStmt/author") == ["Ann Author"]
    assert said("fileDesc/titleStmt/editor") == ["T. Translator"]
    assert said("fileDesc/titleStmt/respStmt/name") == ["Ben", "Olga", "Volunteers of Galley"]
    assert said("fileDesc/publicationStmt/idno") == [ABOUT.identifier]
    assert said("fileDesc/sourceDesc/bibl/pubPlace") == ["London"]
    assert said("fileDesc/sourceDesc/bibl/date") == ["1890"]
    assert said("profileDesc/langUsage/language") == ["en", "fr"]
    assert said("profileDesc/textClass/keywords/term") == ["Nights"]
    change = root.find(f".//{TEI}change")
    assert change is not None
    assert (change.get("n"), change.get("when")) == ("3", "2026-11-23")


def test_pages_lead_to_their_scans_and_lines_are_known(root: etree._Element) -> None:
    marks = [(pb.get("n"), pb.get("facs"), pb.get("break")) for pb in root.iter(f"{TEI}pb")]
    assert marks == [("i", "#scan1", None), ("ii", "#scan2", "no"), ("iii", "#scan3", None)]
    graphics = [each.get("url") for each in root.iter(f"{TEI}graphic")]
    assert graphics[1] == "https://galley.example/scans?a=1&b=2"
    broken = [lb for lb in root.iter(f"{TEI}lb") if lb.get("break") == "no"]
    assert [lb.tail[:4] for lb in broken if lb.tail] == ["body"]


def test_notes_stand_at_their_references(root: etree._Element) -> None:
    notes = [note for note in root.iter(f"{TEI}note") if note.get("place") == "bottom"]
    assert [(note.get("n"), note.get(f"{XML}id")) for note in notes] == [
        ("1", "note1"),
        ("2", "note2"),
    ]
    before = notes[0].getprevious()
    assert before is not None
    assert before.text == "Town"
    assert "".join(map(str, notes[1].itertext())) == "Twice."


def test_verse_pictures_and_styles(root: etree._Element) -> None:
    poem = next(root.iter(f"{TEI}lg"))
    assert poem.get("type") == "poem"
    assert [line.get("rend") for line in poem.iter(f"{TEI}l")] == [None, "indent1"] * 2
    assert [len(stanza) for stanza in poem] == [2, 2]
    figure = next(root.iter(f"{TEI}figure"))
    assert [child.tag.removeprefix(TEI) for child in figure] == ["p", "figDesc"]
    assert figure[-1].text == "What a roof is like."
    assert {hi.get("rendition") for hi in root.iter(f"{TEI}hi")} == {"#i", "#sc", "#sup", "#sub"}


def test_every_word_is_there(made: Path) -> None:
    assert [f for f in read_back(PAGES, made).findings if f.code != "word-displaced"] == []
    without = made.with_name("without.tei.xml")
    without.write_text(made.read_text("utf-8").replace("rain", ""), encoding="utf-8")
    assert read_back(PAGES, without).missing == 1


def test_the_same_book_gives_the_same_bytes_anywhere(made: Path, tmp_path: Path) -> None:
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    there = tmp_path / "there.tei.xml"
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    subprocess.run([sys.executable, "-c", BUILD, str(there), *folders], env=elsewhere, check=True)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (made, there)}
    assert len(digests) == 1


def test_a_real_book_word_for_word(tmp_path: Path) -> None:
    folder = SHARED / "scans" / "books" / "catholic-church-history-1926" / "dp"
    if not folder.is_dir():
        pytest.skip("the real pages of the history of 1926 are not beside this checkout")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    pages = [PageText(n, f"p{n}", text, str(n)) for n, text in enumerate(texts, start=1)]
    made = write(tmp_path / "real.tei.xml", pages)
    assert faults(etree.parse(str(made)).getroot()) == []
    found = read_back(pages, made)
    assert (found.missing, [f for f in found.findings if f.code != "word-displaced"]) == (0, [])


def test_teis_own_schema_agrees(made: Path) -> None:
    schema = os.environ.get("GALLEY_TEI_SCHEMA")
    if schema is None:
        pytest.skip("GALLEY_TEI_SCHEMA names no tei_all.rng, which takes 20 s to read")
    rules = etree.RelaxNG(etree.parse(schema))
    rules.assertValid(etree.parse(str(made)))
