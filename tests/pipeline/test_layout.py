import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import layout
from pipeline.ocr import Word
from tests.support.readings import words

#: Pixels: the width of a letter, the height of a line's box, the distance of lines.
LETTER, HEIGHT, PITCH = 12, 30, 40
FULL = 50


def page(*lines: str, turned: float = 0) -> list[layout.Line]:
    """Lines as typed: blanks in front indent by em, `+` in front sets one line of space before.

    `turned` is the skew of the scan in degrees.
    """
    found = []
    top = 100
    for number, line in enumerate(lines):
        top += PITCH * (1 + line.count("+"))
        text = line.lstrip("+")
        left = 100 + (len(text) - len(text.lstrip())) * HEIGHT
        for part in text.split():
            found.append(_word(part, left, top, number))
            left += (len(part) + 1) * LETTER
    return layout.lines_of([_turned(word, math.radians(turned)) for word in found])


def _word(text: str, left: int, top: int, line: int) -> Word:
    return Word(text, (left, top, len(text) * LETTER, HEIGHT), 90, 1, 1, line)


def _turned(word: Word, angle: float) -> Word:
    x, y, width, height = word.box
    return replace(
        word,
        box=(
            round(x * math.cos(angle) - y * math.sin(angle)) + 500,
            round(x * math.sin(angle) + y * math.cos(angle)) + 500,
            width,
            height,
        ),
    )


def full(words: str = "of") -> str:
    """A line as wide as the column that starts with these words."""
    return (words + " and so on to the end of the line").ljust(FULL, "x")


def begins(lines: list[layout.Line]) -> list[int]:
    return [index for index, line in enumerate(layout.with_paragraphs(lines)) if line.begins]


PROSE = [
    full(),
    full(),
    "ends.",
    "  " + full("Second")[4:],
    full(),
    full(),
    "ends.",
    "  " + full("Third")[4:],
    full(),
]


@pytest.mark.parametrize("turned", [0, 2, -2, 5])
def test_indents_begin_paragraphs(turned: float) -> None:
    assert begins(page(*PROSE, turned=turned)) == [3, 7]


def test_page_that_begins_with_a_paragraph() -> None:
    lines = page("  " + full()[4:], full(), full(), "ends.", "  " + full()[4:], full())
    assert begins(lines) == [0, 4]
    assert layout.with_paragraphs(lines)[0].indented


def test_space_begins_a_paragraph() -> None:
    lines = layout.with_paragraphs(page(full(), full(), "ends.", "+" + full(), full(), full()))
    assert [line.begins for line in lines] == [False, False, False, True, False, False]
    assert not lines[3].indented


def test_speech() -> None:
    lines = page(full(), full(), "end.", '  "Yes."', '  "No."', "  " + full()[4:], full(), "x.")
    assert begins(lines) == [3, 4, 5]


def test_verse_is_not_cut_at_its_indents() -> None:
    verse = ["+      O blue and wide", "        the sea at night", "      and far", "        away"]
    lines = page(full(), full(), *verse, "+" + full(), full(), full())
    assert begins(lines) == [2, 6]


def test_title_of_two_lines() -> None:
    title = ["        CHAPTER I", "        HOW IT CAME", "         TO PASS"]
    lines = page(*["+" + line for line in title[:2]], title[2], "+" + full(), *[full()] * 5)
    assert begins(lines) == [0, 1, 3]


def test_entries_that_hang_out() -> None:
    entries = []
    for _ in range(6):
        entries += [full("Entry"), "  and more of it"]
    assert begins(page(*entries)) == [2, 4, 6, 8, 10]


def test_block_set_in_is_no_row_of_paragraphs() -> None:
    block = ["   " + full()[6:]] * 5
    assert begins(page(full(), full(), *block, full(), full(), full())) in ([2], [2, 7])


def test_furniture_is_passed_over() -> None:
    lines = page("THE HEAD", *PROSE)
    lines[0] = replace(lines[0], kind="head")
    assert begins(lines) == [4, 8]


@pytest.mark.parametrize("lines", [[], page("one"), page("one", "two")])
def test_hardly_any_lines(lines: list[layout.Line]) -> None:
    assert begins(lines) == []


@given(st.lists(words))
def test_any_words_give_lines_that_hold_them_all(given_words: list[Word]) -> None:
    lines = layout.with_paragraphs(layout.lines_of(given_words))
    assert [word for line in lines for word in line.words] == given_words
