"""Heads, numbers and marks of whole books: four real ones as people saw them, and drawn ones."""

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import pytest

from pipeline.bands import Bands, bands_of
from pipeline.wholebook import PageFurniture, furniture
from tests.support.printed_furniture import kept_books, left, lost, printed_books, text_of

WIDTH, HEIGHT, EM, PITCH = 1000, 1500, 30, 42
LEFT, RIGHT, TOP = 120, 880, 120
#: Lines of text, none of them like another.
BODY = [
    "of the first it was said by many of them",
    "while others had gone before the gate was",
    "never quite as large, nor half so green",
    "upon a morning when the wind blew cold",
    "and nobody knew what ought to be done",
    "till evening brought the travellers home",
    "with baskets full of apples, pears and",
    "every kind of cheese that farmers make",
]


@pytest.mark.parametrize("book", list(printed_books()))
def test_real_books_against_what_people_saw(book: str) -> None:
    printed, kept = printed_books()[book], kept_books()[book]
    found = furniture([bands_of(lines, height) for lines, height in kept])
    for page, (lines, _), here in zip(printed, kept, found, strict=True):
        texts = [(text_of(line), place in here.kinds) for place, line in enumerate(lines)]
        assert not list(lost(page, [text for text, out in texts if out])), page
        if not page.bears:
            assert not here.kinds, page
        assert not list(left(page, [text for text, out in texts[:3] + texts[-3:] if not out])), page
        assert here.label == page.label or not page.label


def row(text: str, top: int, x: int | None = None) -> dict[str, Any]:
    """A line of type; centred unless it begins at `x`. Two blanks part what stands apart."""
    at = x if x is not None else WIDTH // 2 - 8 * len(text)
    words: list[dict[str, Any]] = []
    for part in text.split("  "):
        for word in part.split():
            words.append({"text": word, "box": [at, top, 15 * len(word), EM]})
            at += 15 * len(word) + 12
        at += 4 * EM
    first, right = words[0]["box"][0], at - 4 * EM - 12
    return {"box": [first, top, right - first, EM], "words": words}


def page(
    number: int, head: str = "", foot: str = "", *, lines: Sequence[str] = (), at: int = TOP
) -> Bands:
    """A page of text with a head above it and what stands at its foot."""
    body = [BODY[(number * 3 + place) % len(BODY)] for place in range(8)]
    made = [row(head, at)] if head else []
    for place, text in enumerate([*lines, *body]):
        made.append(row(text, TOP + 90 + PITCH * place, LEFT))
    if foot:
        made.append(row(foot, TOP + 90 + PITCH * 17))
    return bands_of(made, HEIGHT)


def kinds(found: Sequence[PageFurniture]) -> list[str]:
    """The kinds of each page in one word."""
    return [" ".join(here.kinds[place] for place in sorted(here.kinds)) for here in found]


def labels(found: Sequence[PageFurniture]) -> list[str]:
    return [here.label for here in found]


def test_numbers_at_the_foot_roman_then_arabic() -> None:
    feet = ["", "", "iii", "iv", "", "vi", "vii", "", "2", "3", "4", "5"]
    found = furniture([page(number, foot=foot) for number, foot in enumerate(feet)])
    assert labels(found) == ["i", "ii", "iii", "iv", "v", "vi", "vii", "1", "2", "3", "4", "5"]
    assert kinds(found) == ["folio" if foot else "" for foot in feet]


def test_misread_digits_are_mended_by_their_neighbours() -> None:
    feet = ["17", "I8", "l9", "20", "2l", "82", "23", "2A", "25"]
    found = furniture([page(number, foot=foot) for number, foot in enumerate(feet)])
    assert labels(found) == [str(number) for number in range(17, 26)]
    assert kinds(found) == ["folio"] * 9


def test_a_missing_page_and_plates_between() -> None:
    feet = ["5", "6", "7", "8", "10", "11", "12", "", "", "13", "14", "15"]
    found = furniture([page(number, foot=foot) for number, foot in enumerate(feet)])
    assert labels(found) == feet


def test_a_page_scanned_twice() -> None:
    feet = ["5", "6", "7", "8", "8", "9", "10", "11"]
    found = furniture([page(number, foot=foot) for number, foot in enumerate(feet)])
    assert labels(found) == feet


def test_heads_beside_numbers_that_change_from_page_to_page() -> None:
    heads = ["A STORM AT SEA  41", "42  THE VOYAGE", "LAND IN SIGHT  43", "44  THE VOYAGE"] * 2
    heads[4:] = ["THE LANDING  45", "46  THE VOYAGE", "AMONG FRIENDS  A7", "48  THE VOYAGE"]
    found = furniture([page(number, head) for number, head in enumerate(heads)])
    assert kinds(found) == ["head"] * 8
    assert labels(found) == [str(number) for number in range(41, 49)]


def test_heads_without_any_number() -> None:
    heads = ["The Voyage Home", "Voyages and Travels"] * 5
    heads[4] = "Tbe Voyage Homc"
    found = furniture([page(number, head) for number, head in enumerate(heads)])
    # Nothing says of the first that it is no title.
    assert kinds(found) == ["", "", *repeat("head", 8)]


def test_a_title_that_heads_repeat_is_text() -> None:
    heads = ["12  THE OLD HOUSE", "THE OLD HOUSE  13", "THE NEW HOUSE", "THE NEW HOUSE  15"]
    heads += ["16  THE NEW HOUSE", "THE NEW HOUSE  17", "18  THE NEW HOUSE"]
    pages = [
        page(number, head, foot="14" if number == 2 else "", at=TOP + (80 if number == 2 else 0))
        for number, head in enumerate(heads)
    ]
    found = furniture(pages)
    assert kinds(found) == ["head", "head", "folio", *repeat("head", 4)]
    assert labels(found) == [str(number) for number in range(12, 19)]


def test_no_number_of_a_text_is_a_page_number() -> None:
    lines = [["1870 and after"], ["12 men went"], ["in the year 9"], ["7"], ["xi"], ["40 days"]]
    found = furniture([page(number, lines=text) for number, text in enumerate(lines)])
    assert labels(found) == [""] * 6
    assert kinds(found) == [""] * 6


def test_signatures_go_up_from_sheet_to_sheet() -> None:
    heads = [f"{number}  A BOOK" if number % 2 else f"A BOOK  {number}" for number in range(1, 50)]
    feet = {1: "B", 3: "B2", 17: "c", 19: "C2", 33: "D", 49: "1)", 25: "I"}
    pages = [page(number, head, feet.get(number, "")) for number, head in enumerate(heads, 1)]
    found = furniture(pages)
    marked = [number for number, here in enumerate(found, 1) if "signature" in here.kinds.values()]
    assert marked == [1, 3, 17, 19, 33, 49]


def test_catchwords_are_the_next_pages_first_word() -> None:
    made = []
    for number in range(8):
        following = BODY[((number + 1) * 3) % len(BODY)].split()[0]
        lines = [row(text, TOP + PITCH * place, LEFT) for place, text in enumerate(
            BODY[(number * 3 + place) % len(BODY)] for place in range(8))]  # fmt: skip
        lines.append(row(following, TOP + PITCH * 8, RIGHT - 150))
        made.append(bands_of(lines, HEIGHT))
    assert kinds(furniture(made)) == [*repeat("catchword", 7), ""]


def test_a_short_last_line_is_no_catchword() -> None:
    pages = [
        page(number, lines=["A word"], foot="home" if number == 2 else "") for number in range(6)
    ]
    assert kinds(furniture(pages)) == [""] * 6


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_few_pages_say_nothing(pages: int) -> None:
    found = furniture([page(number, "A TITLE") for number in range(pages)])
    assert kinds(found) == [""] * pages


def test_blank_pages_say_nothing_but_count() -> None:
    feet = ["8", "9", None, "11", "12"]
    pages = [
        page(number, foot=foot) if foot else bands_of([], HEIGHT)
        for number, foot in enumerate(feet)
    ]
    assert labels(furniture(pages)) == ["8", "9", "10", "11", "12"]
