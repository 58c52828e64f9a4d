from datetime import UTC, datetime
from pathlib import Path

import pytest

from exports.book import Contributor, Metadata
from exports.making.assembly import assemble
from exports.pages import PageText
from exports.writing.text import END, START, fill, fill_book, render, width, write_text

METADATA = Metadata(
    title="Le Livre",
    identifier="urn:uuid:0",
    languages=("fr",),
    released_at=datetime(2026, 11, 23, tzinfo=UTC),
    site_name="Galley",
    site_url="https://galley.example",
    project_url="https://galley.example/books/livre",
    contributors=(Contributor("A. Auteur"), Contributor("T. Traducteur", "trl")),
)


def lines_of(text: str) -> list[str]:
    return fill_book(assemble([PageText(1, "a", text)], "en").book)


def test_lines_are_as_full_as_they_go_and_never_break_at_hyphens() -> None:
    lines = fill("well-known " * 30)
    assert all(width(line) <= 72 for line in lines)
    assert {word for line in lines for word in line.split()} == {"well-known"}
    assert width(lines[0]) + 1 + len("well-known") > 72


def test_wide_and_combining_signs_count_as_they_show() -> None:
    assert width("\u5b5d\u7d93") == 4
    assert width("e\u0301") == 1


def test_a_word_longer_than_the_line_stands_alone() -> None:
    assert fill(f"see {'x' * 90} there") == ["see", "x" * 90, "there"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("<i> so </i>", "_so_"),
        ("<b>so</b>", "=so="),
        ("<g>so</g>", "~so~"),
        ("<sc>Mixed Caps</sc>", "MIXED CAPS"),
        ("M^{lle} and 2^d", "M^{lle} and 2^d"),
        ("H_{2}O", "H\u2082O"),
    ],
)
def test_marks(typed: str, written: str) -> None:
    prose = "and the rest of this sentence goes on until the measure is\nreached and then some"
    expected = written.replace("2^d", "2^{d}")
    assert f"so it is {expected} and the" in " ".join(lines_of(f"so it is {typed} {prose}"))


def test_header_markers_and_licence(tmp_path: Path) -> None:
    book = assemble([PageText(1, "a", "Voici le texte, et voici la suite de ce texte.")], "fr").book
    text = render(book, METADATA)
    header, body = text.split(START)
    assert (
        "Title: Le Livre\nAuthor: A. Auteur\nTranslator: T. Traducteur\nLanguage: French\n"
        in header
    )
    assert "Voici le texte" in body.split(END)[0]
    assert "public domain" in body.split(END)[1]
    write_text(book, METADATA, tmp_path / "book.txt")
    assert (tmp_path / "book.txt").read_bytes() == text.encode()
