"""Corrected words on the scan: every printed word once, in order, where the print has it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.making import unmarked
from exports.writing.overlay import as_read, is_backwards, place_words
from exports.writing.scanpage import PlacedLine, PlacedWord
from tests.support.printed import line_of

WIDTH, HEIGHT = 2000, 3000
READ = [
    line_of(["THE", "NIGHT", "9"], 0) | {"kind": "head"},
    line_of(["It", "was", "a", "dork", "night,"], 1),
    line_of(["and", "the", "rain", "fe11", "upon"], 2),
    line_of(["the", "roofs."], 3),
]


def words_of(lines: list[PlacedLine]) -> list[PlacedWord]:
    return [word for line in lines for word in line.words]


def box_of(lines: list[dict[str, Any]], line: int, word: int) -> tuple[int, ...]:
    return tuple(lines[line]["words"][word]["box"])


def test_words_stand_where_the_print_has_them() -> None:
    text = "It was a <i>dark</i> night,\nand the rain fell upon\nthe roofs."
    head, *body = place_words(text, READ, WIDTH, HEIGHT)
    assert (head.kind, [word.text for word in head.words]) == ("head", ["THE", "NIGHT", "9"])
    assert [[word.text for word in line.words] for line in body] == [
        ["It", "was", "a", "dark", "night,"],
        ["and", "the", "rain", "fell", "upon"],
        ["the", "roofs."],
    ]
    dark = body[0].words[3]
    assert (dark.box, dark.found, dark.read) == (box_of(READ, 1, 3), True, False)
    assert (body[0].words[1].read, body[0].words[1].confidence) == (True, 90.0)
    assert [line.begins for line in body] == [True, False, False]


def test_what_the_ocr_missed_stands_between_its_neighbours() -> None:
    text = "It was a very very dark night,\nand the rain fell upon\na line unseen\nthe roofs."
    lines = place_words(text, READ, WIDTH, HEIGHT)[1:]
    first = {word.text: word for word in lines[0].words}
    a, very, dark = first["a"].box, first["very"].box, first["dark"].box
    assert not first["very"].found
    assert a[0] <= very[0] <= dark[0]
    above, unseen, below = (line.box for line in lines[1:])
    assert above[1] <= unseen[1] <= below[1]
    assert [word.text for word in lines[2].words] == ["a", "line", "unseen"]
    assert [word.box[0] for word in lines[2].words] == sorted(w.box[0] for w in lines[2].words)


def test_a_word_that_was_read_as_one_is_shared() -> None:
    read = [line_of(["It", "wasa", "dark", "night"], 0)]
    placed = words_of(place_words("It was a dark night", read, WIDTH, HEIGHT))
    x, y, wide, high = box_of(read, 0, 1)
    (_, was, a, *_) = placed
    assert (was.text, was.box) == ("was", (x, y, wide * 3 // 4, high))
    assert (a.text, a.box) == ("a", (x + wide * 3 // 4, y, wide - wide * 3 // 4, high))


def test_from_right_to_left() -> None:
    words = [
        "\u05d1\u05e8\u05d0\u05e9\u05d9\u05ea",
        "\u05d1\u05e8\u05d0",
        "\u05d0\u05dc\u05d4\u05d9\u05dd",
    ]
    read = line_of(words[::-1], 0)
    read["words"].reverse()  # in reading order, which runs to the left
    del read["words"][1]
    placed = words_of(place_words(" ".join(words), [read], WIDTH, HEIGHT))
    assert [word.text for word in placed] == words
    assert [word.box[0] for word in placed] == sorted((w.box[0] for w in placed), reverse=True)
    assert not placed[1].found
    assert placed[2].box[0] + placed[2].box[2] <= placed[1].box[0] + 1
    assert is_backwards(words[0])
    assert not is_backwards("\u03bb\u03cc\u03b3\u03bf\u03c2 abc")


def test_a_page_that_nothing_was_read_of() -> None:
    lines = place_words("One line\n\nAnother line", [], WIDTH, HEIGHT)
    assert [[word.text for word in line.words] for line in lines] == [
        ["One", "line"],
        ["Another", "line"],
    ]
    assert lines[0].box[1] + lines[0].box[3] <= lines[1].box[1]
    assert [line.begins for line in lines] == [True, True]


def test_the_ocrs_own_words() -> None:
    assert [[word.text for word in line.words] for line in as_read(READ)] == [
        [word["text"] for word in line["words"]] for line in READ
    ]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("<i>No</i> <sc>Way</sc> x^{er} 4^e H_{2}O", "No Way xer 4e H2O"),
        ("see[1] and[*] [A] [sic] [oe]", "see1 and* A [sic] [oe]"),
        ("[Footnote 1: He [Cæsar] says so.]", "1 He [Cæsar] says so."),
        ("*[Footnote: goes on]*", "goes on"),
        ("[Illustration: A house[2].]", "A house2."),
        ("[Illustration]", ""),
        ("[Sidenote: Aside] text [Greek: logos]", "Aside text logos"),
        ("a--b [**query here] c----d", "a\u2014b c\u2e3ad"),
        ("/*\nkept\n*/\n/#\nquoted\n#/\n<tb>\n[Blank Page]", "kept quoted"),
        ("to-*\n*day", "to- day"),
        ("5 * 3 = 15; he*llo", "5 * 3 = 15; he*llo"),
        ("[Footnote 2: never closed", "2 never closed"),
    ],
)
def test_what_is_printed(text: str, printed: str) -> None:
    shown = [word.text for row in unmarked.rows(text) for word in row]
    assert " ".join(shown) == printed


@given(st.text(alphabet="ab .,-\n[]{}<>/*#^_:1\u05d0\U0001d400 Footnoteisc", max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_keeps_its_words_in_order_and_on_the_page(text: str) -> None:
    lines = place_words(text, READ[1:], WIDTH, HEIGHT)
    shown = [word.text for row in unmarked.rows(text) for word in row]
    assert [word.text for word in words_of(lines)] == shown
    for word in words_of(lines):
        x, y, wide, high = word.box
        assert wide > 0
        assert high > 0
        assert 0 <= y < HEIGHT
        assert x < WIDTH
