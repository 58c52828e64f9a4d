"""Every rule of joining has a golden case, and docs/books.md a line on it.

A case is a file in tests/golden/joins: its pages, then the text they become and what is told of it.
To accept a wanted change: GALLEY_GOLDEN=write, then read the difference before committing it.
"""

import json
import os
import re
from pathlib import Path

import pytest

from exports.making.assembly import assemble
from exports.pages import Decisions, PageText
from exports.writing.text import fill_book

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "golden" / "joins"
NAMES = sorted(path.stem for path in CASES.glob("*.txt"))
WORDS = {"treaties", "treat", "moon", "light", "moonlight", "law"}
PAGE, BOOK, FINDINGS = "\n=== page\n", "\n=== book\n", "\n=== findings\n"


def _page(number: int, text: str) -> PageText:
    plate = text.startswith("#illustration\n")
    kind = "illustration" if plate else "text"
    return PageText(number, f"p{number}", text.removeprefix("#illustration\n"), kind=kind)  # type: ignore[arg-type]


def _decisions(text: str) -> tuple[Decisions, str]:
    if not text.startswith("#decided "):
        return Decisions(), text
    first, rest = text.removeprefix("#decided ").split("\n", 1)
    return Decisions(**json.loads(first)), rest


def made(given: str) -> str:
    """Give what the pages of a case become, as the case's file has it."""
    decisions, texts = _decisions(given)
    pages = [_page(number, text) for number, text in enumerate(texts.split(PAGE), start=1)]
    assembled = assemble(pages, "en", decisions, WORDS.__contains__)
    told = "\n".join(f"{each.code}: {each.excerpt}" for each in assembled.findings)
    return BOOK + "\n".join(fill_book(assembled.book)) + FINDINGS + told


@pytest.mark.parametrize("name", NAMES)
def test_pages_meet_as_they_should(name: str) -> None:
    path = CASES / f"{name}.txt"
    given, mark, expected = path.read_text(encoding="utf-8").rstrip("\n").partition(BOOK)
    text = made(given)
    if os.environ.get("GALLEY_GOLDEN") == "write":
        path.write_text(f"{given}{text}".rstrip("\n") + "\n", encoding="utf-8")
        return
    assert text.rstrip("\n") == mark + expected


def test_the_table_of_rules_names_every_case() -> None:
    text = (ROOT / "docs" / "books.md").read_text(encoding="utf-8")
    table = text.split("## How pages meet", 1)[1].split("\n## ", 1)[0]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == NAMES
