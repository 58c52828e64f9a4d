"""Two readings of one page, word beside word."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr import Box, Word
from pipeline.reading import LineJson
from pipeline.second import Seen, seen_beside
from tests.support.readings import words as any_words


def _word(text: str, left: int, width: int, top: int = 0, confidence: float = 90) -> Word:
    return Word(text, (left, top, width, 20), confidence, 1, 1, 1)


def _line(*words: Word) -> LineJson:
    boxes = [word.box for word in words]
    left, top = boxes[0][:2]
    right = boxes[-1][0] + boxes[-1][2]
    box: Box = (left, top, right - left, 20)
    return {
        "box": box,
        "words": [
            {"text": word.text, "box": word.box, "confidence": word.confidence, "suspect": 0}
            for word in words
        ],
    }


def test_words_at_the_same_place_stand_for_one_another() -> None:
    line = _line(_word("tbe", 0, 40), _word("cat", 50, 40))
    seen = seen_beside([line], [_word("the", 1, 41, 2, 80), _word("cat", 49, 42)])
    assert seen == [[Seen("the", 80, 0, 0), Seen("cat", 90, 1, 1)]]
    assert [each.is_same(line["words"]) for each in seen[0] if each] == [False, True]


def test_what_was_not_seen_is_none() -> None:
    line = _line(_word("a", 0, 20), _word("speck", 50, 40))
    assert seen_beside([line], [_word("a", 0, 20)]) == [[Seen("a", 90, 0, 0), None]]
    assert seen_beside([line], []) == [[None, None]]


def test_one_word_may_stand_for_two_and_two_for_one() -> None:
    line = _line(_word("sucha", 0, 80), _word("to", 100, 20), _word("day", 122, 40))
    others = [_word("such", 0, 55), _word("a", 65, 15, 0, 60), _word("today", 100, 62)]
    one, two, three = seen_beside([line], others)[0]
    assert one == Seen("such a", 60, 0, 0)
    assert two is three
    assert two == Seen("today", 90, 1, 2)


def test_a_tall_box_belongs_to_the_line_it_covers_most() -> None:
    lines = [_line(_word("above", 0, 80)), _line(_word("below", 0, 80, top=30))]
    tall = Word("below,", (0, 12, 80, 38), 90, 1, 1, 1)
    assert seen_beside(lines, [tall]) == [[None], [Seen("below,", 90, 0, 0)]]


@given(st.lists(any_words, min_size=1, max_size=6), st.lists(any_words, max_size=6))
def test_every_word_has_an_answer_for_any_input(first: list[Word], second: list[Word]) -> None:
    line = _line(*first)
    (seen,) = seen_beside([line], second)
    assert len(seen) == len(first)
    for place, each in enumerate(seen):
        assert each is None or each.first <= place <= each.last
