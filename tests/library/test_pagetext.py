import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.errors import InvalidError
from library.pagetext import clean_page_text

ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(ANY_TEXT)
def test_a_second_time_changes_nothing(text: str) -> None:
    clean, _ = clean_page_text(text)
    assert clean_page_text(clean) == (clean, [])


@given(ANY_TEXT)
def test_result_has_the_form_of_page_text(text: str) -> None:
    clean, _ = clean_page_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert not [c for c in clean if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert all(line == line.rstrip() for line in clean.split("\n"))
    assert not clean.endswith("\n")


@given(ANY_TEXT)
def test_no_visible_character_is_lost(text: str) -> None:
    def visible(value: str) -> str:
        kept = (c for c in unicodedata.normalize("NFC", value) if c.isprintable())
        return unicodedata.normalize("NFC", "".join(kept)).replace(" ", "")

    assert visible(clean_page_text(text)[0]) == visible(text)


@given(ANY_TEXT)
def test_whatever_changes_is_told_but_line_ends(text: str) -> None:
    clean, changed = clean_page_text(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert bool(changed) == (clean != lines)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\nA paragraph begins here.", "\nA paragraph begins here."),
        ("\n\n\n\nCHAPTER I\n\n\nOnce", "\n\n\n\nCHAPTER I\n\n\nOnce"),
        ("text \t\nmore\u00a0\n\n \n", "text\nmore"),
        ("e\u0301", "\u00e9"),
        ("a\x07b\x1b[0mc\x7fd\x85e", "ab[0mcde"),
        ("a\ufffeb\ufdd0", "ab"),
        ("\u017f \ufb01 \u00bd stay; so do \u202e and \u2028 within", None),
        ("tab\tkept", None),
        (" \n\n ", ""),
        ("", ""),
    ],
)
def test_examples(text: str, clean: str | None) -> None:
    assert clean_page_text(text)[0] == (text if clean is None else clean)


def test_changes_are_told_in_sentences() -> None:
    _, changed = clean_page_text("e\u0301\x07\x08 ")
    assert changed == [
        "2 invisible control character(s) were removed.",
        "Letters with accents were stored in their composed form (Unicode NFC).",
        "Blanks at the ends of lines and of the page were removed.",
    ]


@pytest.mark.parametrize("text", ["a\0b", "a\ud800", "\udc80"])
def test_what_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidError, match="The text holds"):
        clean_page_text(text)
