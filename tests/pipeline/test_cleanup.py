from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.pagetext import clean_page_text
from pipeline import layout
from pipeline.cleanup import clean_word, page_text
from pipeline.ocr import Word
from tests.support.readings import words


def lines(*texts: str) -> list[layout.Line]:
    return [layout.Line((Word(text, (0, 0, 9, 9), 90, 1, 1, 1),)) for text in texts]


@pytest.mark.parametrize(
    ("read", "clean"),
    [
        ("\u201cIt\u2019s", "\"It's"),
        ("\u2018\u2018Yes\u2019\u2019", '"Yes"'),
        ("\u201eJa\u201c", '"Ja"'),
        ("\u00abOui\u00bb", "\u00abOui\u00bb"),
        ("\ufb01nd", "find"),
        ("o\ufb03ce", "office"),
        ("mo\u017ft", "mo\u017ft"),
        ("cut\u00ad", "cut-"),
        ("cut\u2010", "cut-"),
        ("cut\u00ac", "cut-"),
        ("\u00ac", "\u00ac"),
        ("dash\u2014dash", "dash\u2014dash"),
        ("e\u0301", "\u00e9"),
        ("a\u200bb\x0c", "ab"),
        ("3\u00bd", "3\u00bd"),
    ],
)
def test_words(read: str, clean: str) -> None:
    assert clean_word(read) == clean


def test_paragraphs_have_one_blank_line() -> None:
    first, second, third = lines("one", "two", "three")
    assert page_text([first, replace(second, begins=True), third]) == "one\n\ntwo\nthree"


def test_leading_blank_line_needs_an_indent() -> None:
    first, second = lines("one", "two")
    assert page_text([replace(first, begins=True), second]) == "one\ntwo"
    assert page_text([replace(first, begins=True, indented=True), second]) == "\none\ntwo"


def test_furniture_is_no_text() -> None:
    head, first, foot = lines("12 HEAD", "one", "B 2")
    marked = [replace(head, kind="head"), first, replace(foot, kind="signature")]
    assert page_text(marked) == "one"
    assert page_text([replace(head, kind="head")]) == ""
    assert page_text([]) == ""


@given(st.lists(words))
def test_any_reading_gives_page_text(given_words: list[Word]) -> None:
    text = page_text(layout.with_paragraphs(layout.lines_of(given_words)))
    assert clean_page_text(text) == (text, [])
    assert "\n\n\n" not in text or any(word.text.isspace() for word in given_words)
