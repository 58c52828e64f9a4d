"""Finding a book's words in the texts of its pages, and bringing corrections into them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.errata.amending import amend, changed_lines
from exports.errata.locating import SEAM, folded, locate, streams
from exports.making.assembly import assemble
from exports.making.lines import lines_of
from tests.exports.test_real_books import CASES, pages_of

PAGES = [
    """He said: "I have seeleeted the
fin-
est of them," and
went--as he <i>always</i> did--home
to the fo-

[Footnote 1: A note on
his habits.]""",
    "rest at once.[1] The dog saw\nthe cat and the dog.\n\n/*\n  A poem, by Cæsar,\n*/",
    "CHAPTER II\n\nTHE DOG\n\nAnother page on which the dog lay.",
]


@pytest.mark.parametrize(
    ("words", "page", "line", "raw"),
    [
        ("I have seeleeted", 0, 1, "I have seeleeted"),
        ("the finest of them", 0, 1, "the\nfin-\nest of them"),
        ("“I have seeleeted the finest of them,”", 0, 1, "I have seeleeted the\nfin-\nest of them"),
        ("went—as he always did—home", 0, 4, "went--as he <i>always</i> did--home"),
        ("to the forest at once.", 0, 5, None),
        ("a note on his habits", 0, 7, "A note on\nhis habits"),
        ("at once.12 The dog", 1, 1, "at once.[1] The dog"),
        ("at once.[12] The dog", 1, 1, "at once.[1] The dog"),
        ("CAESAR", 1, 5, "Cæsar"),
        ("the dog lay", 2, 5, "the dog lay"),
    ],
)
def test_words_of_a_book_are_found(words: str, page: int, line: int, raw: str | None) -> None:
    found = locate(PAGES, words)
    assert [(each.page, each.line) for each in found] == [(page, line)]
    assert raw is None or found[0].text == raw
    if raw is None:
        assert SEAM in found[0].text


def test_several_places_are_told_apart_by_the_words_around() -> None:
    assert len(locate(PAGES, "the dog")) == 4
    [place] = locate(PAGES, "the dog", "the cat and the dog. A poem")
    assert (place.page, place.line) == (1, 2)
    assert locate(PAGES, "the dog", near=(2, 5))[0].page == 2
    [at] = locate(PAGES, "—", "did—home to")
    assert (at.page, at.text) == (0, "did--home\nto")


def test_what_is_not_there_is_not_found() -> None:
    assert locate(PAGES, "no such words") == []
    assert locate(PAGES, "…") == []
    assert locate([], "words") == []


def _amended(text: str, current: str, proposed: str) -> str | None:
    place = locate([text], current)[0]
    return amend(text, place.start, place.end, current, proposed)


@pytest.mark.parametrize(
    ("text", "current", "proposed", "wanted"),
    [
        ("I have seeleeted it.", "seeleeted", "selected", "I have selected it."),
        ('He: "I have," and', "“I have,”", "“I had,”", 'He: "I had," and'),
        ("the fo-\nrest is", "the forest is", "the forests are", "the fo-\nrests are"),
        ("a <i>dark</i> wood", "a dark wood", "a dank wood", "a <i>dank</i> wood"),
        ("some words[1]\nof it", "words of", "word\u2019s of", "some word's[1]\nof it"),
        ("he went--as if--home", "as if", "as—if", "he went--as--if--home"),
        ("one two\nthree four", "two three", "two, three", "one two,\nthree four"),
        ("one two\nthree four five", "two three", "twothree", "one twothree\nfour five"),
        ("an end.", "end.", "end!", "an end!"),
        ("an <i>end</i>.", "end.", "end!", "an <i>end</i>!"),
        ("Is it so", "so", "so?", "Is it so?"),
        ("the the cat", "the the", "the", "the cat"),
        ("a b c", "b", "“b”", 'a "b" c'),
        ("Cæsar came", "Cæsar", "Caesar", "Caesar came"),
        ("an [oe]dema of", "œdema", "edema", None),
        ("“so he said\u2019", "said\u2019", "said”", "“so he said”"),
        ("big <sc>Words</sc> here", "WORDS", "WORDEN", "big <sc>Wor</sc> here"),
    ],
)
def test_a_correction_is_brought_into_the_page(
    text: str, current: str, proposed: str, wanted: str | None
) -> None:
    made = _amended(text, current, proposed)
    if "<sc>" in text:
        assert made is not None
        assert folded(re.sub("</?sc>", "", made)) == "bigwordenhere"
    elif "[oe]" in text:
        assert made in (None, "an edema of")
    else:
        assert made == wanted


_WORDS = st.lists(
    st.sampled_from(["a", "the", "fo-\nrest", '"Dog,"', "<i>cat.</i>", "x[1]", "b--c"]), min_size=3
)


@given(words=_WORDS, data=st.data())
def test_a_correction_changes_nothing_else(words: list[str], data: st.DataObject) -> None:
    ends = [data.draw(st.sampled_from([" ", "\n"])) for _ in words]
    text = "".join(map("".join, zip(words, ends, strict=True))).rstrip()
    shown = re.sub("</?i>|\\[1\\]|-\n(?=rest)", "", text).replace("--", "—").split()
    at = data.draw(st.integers(0, len(shown) - 2))
    current = " ".join(shown[at : at + 2])
    proposed = data.draw(st.sampled_from([f"{shown[at]} new", "new words", current + "!", "one,"]))
    place = locate([text], current)[0]
    made = amend(text, place.start, place.end, current, proposed)
    if made is not None:
        body = next(streams(made))
        before, after = text[: place.start], text[place.end :]
        wanted = folded(next(streams(before)) + proposed + next(streams(after)))
        assert folded(body) == wanted
        # A line end whose words are gone goes to the next blank of its line, if there is one.
        lost = text.count("\n") - made.count("\n")
        assert 0 <= lost <= place.text.count("\n")
        for mark in ("<i>", "</i>", "[1]"):
            assert made.count(mark) == text.count(mark)


def test_changed_lines_are_whole_lines() -> None:
    assert changed_lines("a\nb\nc", "a\nx\nc") == (2, "b", "x")
    assert changed_lines("a\nb\nc", "a\nc") == (2, "b", "")
    assert changed_lines("a\nb", "a\nb") is None
    assert changed_lines("a", "b\nc") == (1, "a", "b\nc")


@pytest.mark.parametrize("case", CASES)
def test_every_line_of_a_real_book_is_found_and_corrected(case: str) -> None:
    pages = pages_of(case)
    texts = [unicodedata.normalize("NFC", page.text) for page in pages]
    numbers = [page.number for page in pages]
    lines = [line for line in lines_of(assemble(pages, CASES[case][1]).book) if len(line.text) > 12]
    some = lines[:: len(lines) // 60 + 1]
    amended = 0
    for line in some:
        near = (numbers.index(line.page), line.line)
        places = locate(texts, line.text, near=near)
        assert near in [(each.page, each.line) for each in places], line
        place = places[0]
        pair = SEAM.join(texts[place.page : place.page + 2])
        word = max(line.text.split(), key=len)
        proposed = line.text.replace(word, f"so{word}", 1)
        made = amend(pair, place.start, place.end, line.text, proposed)
        if made is not None:
            amended += 1
            assert made.count("\n") == pair.count("\n")
            assert re.findall(r"</?\w+>|\[\w+", made) == re.findall(r"</?\w+>|\[\w+", pair)
            assert len(made) == len(pair) + 2
    assert amended >= 0.97 * len(some)
