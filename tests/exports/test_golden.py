"""Whole books against what they should become: a golden book is a directory.

`pages/*.txt` goes in; `expected/` holds the plain text, the findings and the XHTML of each section.
To accept a wanted change: GALLEY_GOLDEN=write, then read the difference before committing it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from exports.making.assembly import Assembled, assemble
from exports.pages import Figure, PageText
from exports.writing.text import fill_book
from exports.writing.xhtml import section_body

GOLDEN = Path(__file__).parent.parent / "golden"
BOOKS = sorted(path.parent.name for path in GOLDEN.glob("*/pages"))
WRITE = os.environ.get("GALLEY_GOLDEN") == "write"


def pages_of(book: str) -> list[PageText]:
    paths = sorted((GOLDEN / book / "pages").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return [_page(number, text) for number, text in enumerate(texts, start=1)]


def _page(number: int, text: str) -> PageText:
    plate = text.startswith("[Illustration")
    figures = (Figure(b"not read here", alt="A drawing"),) if "[Illustration" in text else ()
    kind = "illustration" if plate else "text"
    return PageText(number, f"p{number}", text, str(number), kind, figures=figures)  # type: ignore[arg-type]


def rendered(assembled: Assembled) -> Iterator[tuple[str, str]]:
    book = assembled.book
    yield "book.txt", "\n".join(fill_book(book)) + "\n"
    found = [f"{f.page}:{f.line} {f.severity} {f.code}: {f.excerpt}" for f in assembled.findings]
    yield "findings.txt", "\n".join(found) + "\n"
    for number, section in enumerate(book.sections, start=1):
        name = f"s{number:03d}"
        head = f"<!-- {section.matter} {section.kind or '-'} {section.level}: {section.title} -->\n"
        yield f"{name}.xhtml", head + section_body(section, name) + "\n"


@pytest.mark.parametrize("book", BOOKS)
def test_book_becomes_what_it_should(book: str) -> None:
    expected = GOLDEN / book / "expected"
    made = dict(rendered(assemble(pages_of(book), "en")))
    if WRITE:
        expected.mkdir(exist_ok=True)
        for name, text in made.items():
            (expected / name).write_text(text, encoding="utf-8")
    assert sorted(made) == sorted(path.name for path in expected.iterdir())
    for name, text in made.items():
        assert text == (expected / name).read_text(encoding="utf-8"), name
