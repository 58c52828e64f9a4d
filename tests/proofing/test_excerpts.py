"""Which part of a page a newcomer is given."""

import pytest

from proofing.excerpts import LEAST, MOST, easy_excerpt, excerpt
from tests.support.prose import LINES, TEXT, lines_of


def test_it_ends_where_a_paragraph_does() -> None:
    found = easy_excerpt(TEXT, lines_of(TEXT))
    assert found is not None
    assert (found.from_line, found.to_line, found.size) == (1, 11, 11)
    assert found.rows == LINES[:11]
    assert [word["text"] for word in found.printed[0]["words"]] == LINES[0].split()


def test_without_a_paragraph_it_ends_with_a_sentence_or_anywhere() -> None:
    endless = [line.replace(".", ",") for line in LINES]
    text = "\n".join([*endless[:9], "and he came.", *endless])
    found = easy_excerpt(text, lines_of(text))
    assert found is not None
    assert found.rows[-1] == "and he came."
    text = "\n".join(endless + endless)
    found = easy_excerpt(text, lines_of(text))
    assert found is not None
    assert found.size == 11


def test_the_blank_row_that_begins_a_page_is_counted() -> None:
    found = easy_excerpt("\n" + TEXT, lines_of(TEXT))
    assert found is not None
    assert (found.from_line, found.to_line, found.size) == (2, 12, 11)


@pytest.mark.parametrize(
    "title", ["THE LAMP", "THE LAMP THAT MY AUNT LIT IN THE HALL OF THE HOUSE"]
)
def test_a_title_on_top_is_left_out(title: str) -> None:
    text = f"{title}\n\n{TEXT}"
    found = easy_excerpt(text, lines_of(text))
    assert found is not None
    assert found.rows[0] == LINES[0]
    assert found.from_line == 3


def test_a_row_that_goes_on_with_a_small_letter_begins_nothing() -> None:
    text = "\n".join(("THE LAMP", "", *(line.casefold() for line in LINES), "", *LINES))
    found = easy_excerpt(text, lines_of(text))
    assert found is not None
    assert found.rows[0] == LINES[0]
    assert found.from_line == 18


def test_running_heads_are_no_part_of_it() -> None:
    lines = [*lines_of("THE LAMP"), *lines_of(TEXT)]
    lines[0]["kind"] = "head"
    found = easy_excerpt(TEXT, lines)
    assert found is not None
    assert found.printed[0]["words"][0]["text"] == "It"


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("\n".join(LINES[: LEAST - 1]), ()),  # too little
        (TEXT, ("the", "a", "of", "it")),  # too much doubt
        ("\n".join(["12 Bolts", "3 Nuts"] * 8), ()),  # a table
        ("\n".join([" ".join(LINES[:3])] * 12), ()),  # columns read across
    ],
)
def test_what_is_not_easy(text: str, doubtful: tuple[str, ...]) -> None:
    assert easy_excerpt(text, lines_of(text, doubtful)) is None


def test_a_line_that_stands_out_is_not_easy() -> None:
    lines = lines_of(TEXT)
    for place in (2, 12):  # an initial, or two lines in one box
        x, y, width, height = lines[place]["box"]
        lines[place]["box"] = (x, y, width, 2 * height)
    assert easy_excerpt(TEXT, lines) is None


def test_lines_that_jump_back_up_are_columns() -> None:
    lines = lines_of(TEXT)
    assert easy_excerpt(TEXT, lines[7:] + lines[:7]) is None


def test_rows_that_have_no_line_each_are_not_paired() -> None:
    assert easy_excerpt(TEXT, lines_of(TEXT)[:-1]) is None
    assert easy_excerpt("", []) is None


def test_it_is_found_again_and_takes_other_lines() -> None:
    found = excerpt(TEXT, lines_of(TEXT), 9, 14)
    assert found.size == 5
    assert found.printed[-1]["words"][0]["text"] == "dark."
    typed = ["i", "ii", "iii", "iv", "v"]
    assert found.with_lines(typed) == "i\nii\niii\n\niv\nv"
    assert LEAST <= 11 <= MOST
