"""Doubtful quotation marks: named by their place, set as people decided, in the book's language."""

import pytest

from exports.book import Paragraph, plain
from exports.making.assembly import Assembled, assemble
from exports.making.quotations import words_around
from exports.pages import Decisions, PageText

TEXT = "The cook said that 'Arry and\nthe <i>'osses</i> had gone."


def _made(text: str = TEXT, language: str = "en", **quotes: str) -> tuple[str, Assembled]:
    decided = {place.replace("_", " "): value for place, value in quotes.items()}
    made = assemble([PageText(3, "11", text)], language, Decisions(quotes=decided))
    [paragraph] = [
        block
        for section in made.book.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    ]
    return plain(paragraph.content), made


def _asked(made: Assembled) -> list[str]:
    return [each.about["key"] for each in made.findings if each.code == "quote-doubtful"]


def test_each_doubt_has_a_place_of_its_own() -> None:
    _text, made = _made()
    assert _asked(made) == ["11:said that 'Arry and the", "11:and the 'osses had gone."]


@pytest.mark.parametrize(
    ("value", "language", "sign"),
    [
        ("apostrophe", "en", "\u2019"),
        ("open", "en", "\u2018"),
        ("close", "en", "\u2019"),
        ("open", "cs", "\u201a"),
        ("close", "cs", "\u2018"),
    ],
)
def test_a_decided_mark_is_set_so_and_asked_no_more(value: str, language: str, sign: str) -> None:
    text, made = _made(language=language, **{"11:said that 'Arry and the": value})
    assert f"{sign}Arry" in text
    assert _asked(made) == ["11:and the 'osses had gone."]


def test_the_place_stays_while_other_lines_change() -> None:
    _text, made = _made("Now it was late.\n" + TEXT.replace("gone", "gone away"))
    assert _asked(made)[0] == "11:said that 'Arry and the"


@pytest.mark.parametrize("text", ["'Arry went", "<i>'Arry</i> went", "\u2018Arry went"])
def test_words_around_know_neither_marks_nor_curls(text: str) -> None:
    assert words_around(text, text.index("Arry") - 1) == "'Arry went"
