import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.confusions import (
    OFTEN,
    alone,
    confused,
    distance,
    pairs,
    shape_of,
    slips,
    stops,
    with_rarer_letters,
    without_one,
)

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("seleeted", "selected"),
        ("rnan", "man"),
        ("moming", "morning"),
        ("tliis", "this"),
        ("cloor", "door"),
        ("\u017faid", "faid"),
        ("Iittle", "little"),
        ("l0st", "lost"),
        ("vvith", "with"),
        ("uight", "night"),
    ],
)
def test_shapes_that_are_mixed_up_are_exchanged(read: str, printed: str) -> None:
    assert printed in {change.word for change in confused(read)}


def test_each_pair_counts_both_ways() -> None:
    for shape, others in pairs().items():
        for other, weight in others:
            assert (shape, weight) in pairs()[other]


def test_only_what_is_mixed_up_often_on_request() -> None:
    few, many = ({change.word for change in confused("seal", least)} for least in (OFTEN, 0))
    assert "scal" in few < many
    assert all(change.weight >= OFTEN for change in confused("seal", OFTEN))


def test_strays_and_slips() -> None:
    assert {"then", "tten"} <= {change.word for change in without_one("tthen")}
    assert "affirm" in {change.word for change in without_one("afirm")}
    found = {change.word for change in slips("wrght", LETTERS)}
    assert {"wright", "wight", "wr'ght"} <= found
    assert {len(word) for word in found} == {5, 6}


def test_words_of_like_shape_share_a_key() -> None:
    assert shape_of("modern") == shape_of("modem")
    assert shape_of("Tlie") == shape_of("the") != shape_of("them")
    assert shape_of("selected") == shape_of("seleeted")
    assert shape_of("dog") != shape_of("cat")


def test_marks_and_letters_alone() -> None:
    assert stops(",")[0] == "."
    assert stops("??") == []
    assert alone("|")[0] == "I"
    assert list(with_rarer_letters("Yiian")) == ["Y\u00fcan"]


@given(st.text(max_size=9), st.text(max_size=9))
def test_distance_is_one(one: str, other: str) -> None:
    apart = distance(one, other)
    assert apart == distance(other, one)
    assert (apart == 0) == (one == other)
    assert abs(len(one) - len(other)) <= apart <= max(len(one), len(other))


@given(st.text(max_size=12))
def test_any_text_is_taken(text: str) -> None:
    for change in [*confused(text), *without_one(text), *slips(text, "ab")]:
        assert distance(text, change.word) <= 3
    shape_of(text)
    list(with_rarer_letters(text))
