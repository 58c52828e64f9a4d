import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr import Word
from pipeline.suspects import suspects
from tests.support.readings import words


def doubts(text: str, confidence: float = 95) -> dict[str, float]:
    found = [Word(part, (0, 0, 9, 9), confidence, 1, 1, 1) for part in text.split()]
    return dict(zip(text.split(), suspects(found), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Once upon a time, 1,234 men",
        "O! I saw 7 of 10",
        "Mr. and e.g. the",
        "alas! he",
        "as in II. (b) and",
        "A. bit",
        "1st 2d",
    ],
)
def test_ordinary_words_are_doubted_by_confidence_alone(text: str) -> None:
    assert set(doubts(text).values()) == {0.005}


@pytest.mark.parametrize("odd", ["w0rd", "|", "tHe", "hiiiit", "l", "~~~", "o\u00a9"])
def test_odd_shapes_are_doubted_whatever_the_engine_says(odd: str) -> None:
    assert doubts(f"the {odd} end")[odd] >= 0.5
    assert doubts(f"the {odd} end")["end"] == 0.005


def test_stop_before_a_small_letter() -> None:
    assert doubts("was.late already")["already"] == 0.005
    found = doubts("here. then There. Then")
    assert found["here."] > 0.2
    assert found["There."] == 0.005


def test_less_confidence_is_more_doubt() -> None:
    found = [doubts("word", value)["word"] for value in range(101)]
    assert found == sorted(found, reverse=True)
    assert (found[0], found[60], found[100]) == (0.55, 0.45, 0.002)


@given(st.lists(words))
def test_every_word_gets_a_share(given_words: list[Word]) -> None:
    found = suspects(given_words)
    assert len(found) == len(given_words)
    assert all(0 <= value <= 1 for value in found)
