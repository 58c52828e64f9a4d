"""Where each line of page text stands in the book."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.book import Book, LineStart, flatten, plain, runs
from exports.making.assembly import assemble
from exports.making.lines import BookLine, lines_of
from exports.pages import PageText


def book_of(*texts: str) -> Book:
    pages = [PageText(n, f"id{n}", text, str(n)) for n, text in enumerate(texts, start=1)]
    return assemble(pages, "en").book


def lines(*texts: str) -> dict[str, str]:
    return {line.id: line.text for line in lines_of(book_of(*texts))}


PROSE = """The first line of a paragraph that is long enough to be taken for prose
and its second line, which ends in a bro-
ken word and then goes on to say a little more about nothing much, so that
it is a paragraph and surely no poem at all."""


def test_lines_of_a_paragraph_keep_their_numbers() -> None:
    assert lines("Up here.\n\n\n\n" + PROSE) == {
        "p1l1": "Up here.",
        "p1l5": "The first line of a paragraph that is long enough to be taken for prose",
        "p1l6": "and its second line, which ends in a broken",
        "p1l7": "word and then goes on to say a little more about nothing much, so that",
        "p1l8": "it is a paragraph and surely no poem at all.",
    }


def test_a_word_over_two_pages_belongs_to_the_first_and_the_rest_to_the_second() -> None:
    found = lines(
        PROSE + "\nMore of it follows, and it ends with an unfor-", "tunate word. " + PROSE
    )
    assert found["p1l5"] == "More of it follows, and it ends with an unfortunate"
    assert found["p2l1"].startswith("word. The first line")


def test_marks_may_span_lines_and_begin_or_end_with_them() -> None:
    text = (
        PROSE
        + "\nand <i>some words\nin italics</i>\n<b>bold</b> at x^{2\n3} the [Greek: lo-\ngos] end."
    )
    found = lines(text)
    assert found["p1l5"] == "and some words"
    assert found["p1l6"] == "in italics"
    assert found["p1l7"] == "bold at x2"
    assert found["p1l8"] == "3 the logos"
    assert found["p1l9"] == "end."


def test_a_word_that_fills_the_next_line_leaves_it_out() -> None:
    assert lines(PROSE + "\nIt was an in-\ncompre-\nhensible thing.") | {} == lines(PROSE) | {
        "p1l5": "It was an incomprehensible",
        "p1l7": "thing.",
    }


@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("/*\nRoses are red,\n  violets blue,\n\nsugar is sweet\n*/", 3, "violets blue,"),
        ("/*\nRoses are red,\n  violets blue,\n\nsugar is sweet\n*/", 5, "sugar is sweet"),
        ("/*\nApples     12    3\nPears       4    5\n*/", 3, "Pears       4    5"),
        ("A word[1] here.\n\n[Footnote 1: The note\nhas two lines.]", 4, "has two lines."),
        ("[Illustration: A caption\nof two lines]", 2, "of two lines"),
        ("[Sidenote: Aside]\n" + PROSE, 1, "Aside"),
        ("/#\nQuoted words stand here\nand there.\n#/", 3, "and there."),
    ],
)
def test_every_kind_of_block_knows_its_lines(text: str, number: int, said: str) -> None:
    assert lines(text)[f"p1l{number}"] == said


def test_a_line_of_text_and_note_gives_a_part_to_each() -> None:
    found = [
        line for line in lines_of(book_of("A word[1] here. [Footnote 1: Its note.]")) if line.line
    ]
    assert found == [BookLine(0, 1, 1, "A word here."), BookLine(0, 1, 1, "Its note.")]


_MARKS = "word bro- ken <i> </i> <b> </b> ^{x } [Greek: ] /* */ /# #/ [1] ... -- _{2}"
_PIECES = st.sampled_from(
    [*_MARKS.split(" "), " ", "\n", "\n\n", "[Footnote 1: n", '"', "<sc>A</sc>"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_PIECES, max_size=25).map("".join), min_size=1, max_size=3))
def test_no_word_stands_before_its_line_and_lines_hold_all_words(texts: list[str]) -> None:
    book = book_of(*texts)
    all_runs = [
        run
        for section in book.sections
        for block in (*section.blocks, *section.notes)
        for run in runs(block)
    ]
    for run in all_runs:
        leaves = [item for item in flatten(run) if isinstance(item, LineStart | str)]
        assert not leaves or isinstance(leaves[0], LineStart)
    said = "".join(line.text for line in lines_of(book))
    wanted = "".join(chain.from_iterable(plain(run) for run in all_runs))
    assert "".join(said.split()) == "".join(wanted.split())
