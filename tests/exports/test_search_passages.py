"""A book cut into what the search looks through, each piece knowing its lines."""

from exports.book import Book, Heading, LineStart, Paragraph, Preformatted, Section
from exports.catalogue.search_passages import LONG, Place, passages
from exports.making.assembly import assemble
from exports.pages import PageText


def book_of(*texts: str) -> Book:
    pages = [PageText(number, f"p{number}", text) for number, text in enumerate(texts, start=1)]
    return assemble(pages, "en").book


def test_a_paragraph_over_a_seam_is_one_passage_with_words_whole() -> None:
    book = book_of("It was a very won-\nderful day, and no-", "body knew of it.\n\nAnother one.")
    first, second = passages(book)
    assert first.text == "It was a very wonderful day, and nobody knew of it."
    assert [(place.page, place.line) for place in first.places] == [(1, 1), (1, 2), (2, 1)]
    for place, begins in zip(first.places, ("It was", "derful", "body"), strict=True):
        assert first.text[place.offset :].startswith(begins)
    assert second.text == "Another one."
    assert second.places == (Place(0, 2, 3),)


def test_verse_notes_and_quotations_are_found_too() -> None:
    book = book_of(
        "Prose.[1]\n\n/#\nQuoted.\n#/\n\n/*\nOne line\n  two line\n*/\n\n[Footnote 1: Deep.]"
    )
    found = {passage.text: passage.places[0] for passage in passages(book)}
    assert found["Quoted."] == Place(0, 1, 4)
    assert found["Deep."].line == 12
    verse = next(text for text in found if text.startswith("One line"))
    assert verse.splitlines() == ["One line", "two line"]


def test_what_has_no_line_stands_at_the_next() -> None:
    blocks = (Heading(2, (("Made up",),)), Paragraph((LineStart(7, 3), "Read.")))
    book = Book((Section("Made up", "chapter", "body", 2, blocks),), "en")
    assert [passage.places for passage in passages(book)] == [(Place(0, 7, 3),)] * 2
    bare = Book((Section("", "", "body", 2, (Paragraph(("Words.",)),)),), "en")
    assert passages(bare)[0].places == (Place(0, 1, 1),)
    assert passages(Book((), "en")) == []


def test_a_table_without_end_is_cut() -> None:
    rows = tuple((LineStart(1, number), "x" * 99) for number in range(1, 101))
    book = Book((Section("", "", "body", 2, (Preformatted(rows),)),), "en")
    found = passages(book)
    assert len(found) == 3
    assert all(len(passage.text) < LONG + 200 for passage in found)
    assert sum(len(passage.places) for passage in found) == 100
