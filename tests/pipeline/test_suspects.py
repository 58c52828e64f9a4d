from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, lexicon_for
from pipeline.suspects import Doubt, Why, doubts, is_scanno, suspects
from tests.support.dictionaries import ENGLISH

Line = Sequence[tuple[str, float]]


def found(text: str, confidence: float = 97, lexicon: Lexicon | None = None) -> dict[str, Doubt]:
    """The doubts of a page with these lines, by word."""
    lines = [[(word, confidence) for word in line.split()] for line in text.split("\n")]
    judged = [doubt for line in doubts(lines, lexicon) for doubt in line]
    return dict(zip(text.split(), judged, strict=True))


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
        "he said...; 'and so' it was",
        "one--two well-known",
    ],
)
@pytest.mark.parametrize("asked", [None, ENGLISH])
def test_ordinary_words_are_hardly_doubted(text: str, asked: list[str] | None) -> None:
    lexicon = lexicon_for(asked) if asked else None
    assert all(doubt.share < 0.03 for doubt in found(text, lexicon=lexicon).values())


@pytest.mark.parametrize(
    "odd", ["w0rd", "|", "tHe", "hiiiit", "l", "~~~", "o\u00a9", 'it.""', "so..", "-of", "bon,mot"]
)
def test_odd_shapes_are_doubted_whatever_the_engine_says(odd: str) -> None:
    page = found(f"the {odd} end")
    assert page[odd].share >= 0.5
    assert page[odd].why is Why.UNLIKELY
    assert page["end"].share < 0.01


def test_stop_before_a_small_letter() -> None:
    assert found("was.late already")["already"].share < 0.01
    page = found("here. then There. Then")
    assert page["here."] == Doubt(0.3, Why.UNLIKELY)
    assert page["There."].share < 0.01


def test_less_confidence_is_more_doubt() -> None:
    for lexicon in (None, lexicon_for(ENGLISH)):
        for word in ("word", "wcrd", "Wcrd", "12"):
            shares = [found(word, value, lexicon)[word].share for value in range(101)]
            assert shares == sorted(shares, reverse=True)
            assert 0 < shares[100] < shares[0] < 1


def test_a_word_that_is_none_is_doubted_more_than_one_that_is() -> None:
    page = found("the seleeted path of Zedwick", 92, lexicon_for(ENGLISH))
    assert page["path"].share < 0.1 < page["Zedwick"].share < page["seleeted"].share
    assert (page["path"].why, page["seleeted"].why) == (Why.FAINT, Why.UNKNOWN)
    unasked = found("the seleeted path of Zedwick", 92)
    assert len({doubt.share for doubt in unasked.values()}) == 1


def test_without_a_dictionary_no_word_is_unknown() -> None:
    page = found("gratia plenq est", 92, Lexicon(["la"]))
    assert page == found("gratia plenq est", 92)


def test_halves_of_a_word_at_a_lines_end_are_judged_as_one() -> None:
    page = found("a won-\nderful and a won-\ndcrful", 92, lexicon_for(ENGLISH))
    assert page["derful"].share < 0.1 < page["dcrful"].share


def test_scannos_are_doubted_where_they_fit() -> None:
    lexicon = lexicon_for(ENGLISH)
    page = found("black arid white, it had to he so when be was young", lexicon=lexicon)
    doubted = {word: doubt.share for word, doubt in page.items() if doubt.why is Why.SCANNO}
    assert doubted == {"arid": 0.4, "he": 0.4, "be": 0.4}
    assert all(doubt.why is not Why.SCANNO for doubt in found("arid", lexicon=None).values())
    innocent = found("he was young and had to be so", lexicon=lexicon)
    assert all(doubt.share < 0.01 for doubt in innocent.values())


def test_only_scannos_without_a_context_are_told_alone() -> None:
    assert is_scanno("arid", ["en"])
    assert not is_scanno("he", ["en"])
    assert not is_scanno("arid", ["fr"])


texts = st.text(max_size=12)
pages = st.lists(st.lists(st.tuples(texts, st.floats(0, 100))))


@given(pages, st.sampled_from([None, *ENGLISH]))
def test_every_word_gets_a_share(lines: list[Line], language: str | None) -> None:
    shares = suspects(lines, lexicon_for([language]) if language else None)
    assert [len(line) for line in shares] == [len(line) for line in lines]
    assert all(0 <= share <= 1 for line in shares for share in line)
