from typing import Any

import pytest

from pipeline.lexicon import lexicon_for
from proofing import doubts
from proofing.doubts import Book, check, of_page
from proofing.vocabulary import Vocabulary
from tests.support.dictionaries import ENGLISH


def line(*words: tuple[str, float]) -> dict[str, Any]:
    return {
        "words": [{"text": text, "confidence": 90.0, "suspect": suspect} for text, suspect in words]
    }


@pytest.fixture
def book() -> Book:
    return Book(lexicon_for(ENGLISH), Vocabulary({"Zedwick": 3, "Once": 1}))


def test_only_doubtful_words_are_named(book: Book) -> None:
    found = of_page([line(("the", 0.01), ("tbe", 0.9)), line(), line(("arid", 0.4))], book)
    assert list(found) == ["0.1", "2.0"]
    assert found["0.1"]["why"] == "unknown"
    assert found["2.0"]["why"] == "scanno"


def test_a_word_broken_at_a_lines_end_is_one(book: Book) -> None:
    lines = [line(("a", 0), ("infor-", 0.5)), line(("mntion", 0.5), ("to", 0))]
    found = of_page(lines, book)
    assert "mation" in found["1.0"]["readings"]
    assert not found["0.1"]["known"]
    whole = of_page([line(("infor-", 0.5)), line(("mation", 0.5))], book)
    assert all(word["known"] for word in whole.values())


def test_a_settled_name_is_known(book: Book) -> None:
    found = of_page([line(("Zedwick", 0.5), ("Zedwiek", 0.5))], book)
    assert found["0.0"] == {**found["0.0"], "known": True, "why": "faint"}
    assert found["0.1"] == {"readings": ["Zedwick", *found["0.1"]["readings"][1:]],
                            "known": False, "why": "unknown"}  # fmt: skip


def test_the_most_doubtful_words_of_a_page_full_of_them(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "_MOST", 2)
    lines = [line(("tbe", 0.2), ("tbe", 0.9), ("tbe", 0.3))]
    assert list(of_page(lines, book)) == ["0.1", "0.2"]


def test_a_page_with_no_time_left_still_has_its_likeliest_readings(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubts, "_BUDGET", 0)
    assert of_page([line(("seleeted", 0.9))], book)["0.0"]["readings"][0] == "selected"


def test_words_to_doubt(book: Book) -> None:
    mine = Book(book.lexicon, book.vocabulary, frozenset({"zorn", "modem"}), frozenset({"path"}))
    words = ["the", "tbe", "zorn", "modem", "arid.", "path", '"path,"', "Zedwick", "12", "", "--"]
    assert check(words, mine) == {
        "tbe": "unknown", "arid.": "scanno", "path": "bad", '"path,"': "bad",
    }  # fmt: skip
