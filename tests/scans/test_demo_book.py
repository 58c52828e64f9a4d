import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "scans" / "demo"
BOOK = json.loads((DEMO / "book.json").read_text("utf-8"))
NUMBERS = [page["number"] for page in BOOK["pages"]]
DRAWN = (2, 7)  # a blank and a chapter opening
PROSE = (8, 11)  # pages with a running head, a folio and nothing else but text
STRAIGHT = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "—": "--"})  # noqa: RUF001


def text(form: str, number: int) -> str:
    return (DEMO / "text" / form / f"{number:03}.txt").read_text("utf-8")


def make(out: Path) -> Path:
    pages = [str(number) for number in DRAWN]
    command = [sys.executable, "-m", "scans.make_demo", "--out", str(out), "--pages", *pages]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("demo"))


def test_two_runs_give_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    again = make(tmp_path)
    for number in DRAWN:
        name = f"pages/{number:03}.jpg"
        assert (again / name).read_bytes() == (fresh / name).read_bytes()


def test_the_committed_scans_are_what_the_script_draws(fresh: Path) -> None:
    for number in DRAWN:
        name = f"pages/{number:03}.jpg"
        with Image.open(DEMO / name) as old, Image.open(fresh / name) as new:
            committed, drawn = np.asarray(old, dtype=np.int16), np.asarray(new, dtype=np.int16)
        assert committed.shape == drawn.shape
        assert np.abs(committed - drawn).mean() < 0.5


def test_the_committed_texts_are_what_the_script_set(fresh: Path) -> None:
    for form in ("p", "f"):
        for number in NUMBERS:
            made = fresh / "text" / form / f"{number:03}.txt"
            assert made.read_text("utf-8") == text(form, number)


def test_the_list_of_pages_fits_the_files() -> None:
    assert list(range(1, 13)) == NUMBERS
    scans = {path.name for path in (DEMO / "pages").iterdir()}
    assert scans == {Path(page["scan"]).name for page in BOOK["pages"]}
    for page in BOOK["pages"]:
        data = (DEMO / page["scan"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == page["sha256"]
        with Image.open(DEMO / page["scan"]) as scan:
            assert 1200 <= scan.width <= 1400
    assert sum(path.stat().st_size for path in (DEMO / "pages").iterdir()) < 4_000_000


def test_labels_and_kinds() -> None:
    labels = [page["label"] for page in BOOK["pages"]]
    assert labels == ["i", "ii", "iii", "iv", "v", "vi", "1", "2", "3", "4", "5", "6"]
    kinds = {page["number"]: page["kind"] for page in BOOK["pages"] if page["kind"] != "text"}
    assert kinds == {2: "blank", 6: "illustration"}


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("form", ["p", "f"])
def test_rules_of_page_text(form: str, number: int) -> None:
    told = text(form, number)
    assert unicodedata.normalize("NFC", told) == told
    assert not re.search(r"[ \t]+$", told, re.MULTILINE)
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in told)
    assert told.translate(STRAIGHT) == told
    assert told.endswith("\n")
    assert not told.endswith("\n\n")


@pytest.mark.parametrize("number", NUMBERS)
def test_running_heads_and_folios_are_left_out(number: int) -> None:
    lines = [line.strip() for line in text("p", number).splitlines()]
    assert not {"ALICE'S ADVENTURES 2", "B", "B 2", str(number)} & set(lines)
    if BOOK["pages"][number - 1]["label"] in {"2", "3", "4", "5", "6"}:
        assert not {"ALICE'S ADVENTURES", "DOWN THE RABBIT-HOLE."} & set(lines)


@pytest.mark.parametrize("number", NUMBERS)
def test_both_forms_say_the_same_words(number: int) -> None:
    proofread = re.sub(r"(?m)^1 ", "", text("p", number))
    formatted = re.sub(r"</?(?:i|sc)>|/[*#]|[*#]/|\[Illustration\]", "", text("f", number))
    formatted = re.sub(
        r"\[(?:Illustration|Footnote 1): (.*?)\](?=\n)", r"\1", formatted, flags=re.DOTALL
    )
    formatted = formatted.replace("<tb>", "* * * * *")
    assert formatted.upper().split() == proofread.upper().split()


def test_a_word_and_a_paragraph_run_over_the_page() -> None:
    assert text("p", 7).endswith("never once con-\n")
    assert text("p", 8).startswith("sidering how in the world")
    assert text("p", 7).startswith("\nCHAPTER I.")


def test_the_chapter_opens_as_formatters_mark_it() -> None:
    opening = "\n\n\n\nCHAPTER I.\n\nDOWN THE RABBIT-HOLE.\n\n\nAlice was beginning"
    assert text("f", 7).startswith(opening)
    assert "\nALICE was beginning" in text("p", 7)


@pytest.mark.parametrize(
    ("number", "marked"),
    [
        (1, "\n[Illustration]\n"),
        (2, "[Blank Page]\n"),
        (3, "\n/*\nPAGE\n<sc>To the Reader</sc> iv\n"),
        (4, "\n/#\nThe thought of the many English firesides"),
        (4, "\n#/\n"),
        (4, "read it,[1] and"),
        (4, "\n[Footnote 1: <i>To all Child-Readers"),
        (5, "/*\nAll in the golden afternoon\n  Full leisurely we glide;\n"),
        (5, "  Pluck'd in a far-off land.\n*/\n"),
        (6, "\n[Illustration: <i>Full leisurely we glide.</i>]\n"),
        (7, "so <i>very</i> remarkable"),
        (7, "<i>took a watch out of its waistcoat-\npocket</i>, and"),
        (8, "<sc>ORANGE MARMALADE</sc>"),
        (9, "\n[Footnote 1: She meant the <i>Antipodes</i>"),
        (11, "\n\n<tb>\n\n"),
    ],
)
def test_the_formatted_text_has_every_mark(number: int, marked: str) -> None:
    assert marked in text("f", number)


def test_lines_end_in_hyphens_often_enough() -> None:
    ends = [line for number in range(7, 13) for line in text("p", number).splitlines()]
    assert sum(line.endswith("-") and not line.endswith("--") for line in ends) >= 8


def distance(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, start=1):
        now = [row]
        for column, right in enumerate(other):
            now.append(min(before[column + 1] + 1, now[-1] + 1, before[column] + (left != right)))
        before = now
    return before[-1]


@cache
def read_by_tesseract(number: int) -> str:
    scan = DEMO / "pages" / f"{number:03}.jpg"
    command = ["tesseract", str(scan), "-", "-l", "eng"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


@pytest.mark.parametrize("number", PROSE)
def test_tesseract_reads_it_with_a_few_mistakes(number: int) -> None:
    lines = [line for line in read_by_tesseract(number).splitlines() if line.strip()]
    body = " ".join(lines[1:]).translate(STRAIGHT)
    truth = " ".join(text("p", number).split())
    assert 0.001 < distance(body, truth) / len(truth) < 0.03
