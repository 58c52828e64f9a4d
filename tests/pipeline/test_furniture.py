import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import furniture, layout
from pipeline.ocr import Word
from tests.support.readings import words

LETTER, HEIGHT, PITCH, LEFT, RIGHT = 12, 30, 40, 100, 820
BODY = ["of the body of the page there is quite a lot here to be read"] * 9


def page(*rows: str) -> list[layout.Line]:
    """Rows: `<a | b>` puts a at the left edge and b at the right, `^` centres, `+` adds space."""
    found: list[Word] = []
    top = 100
    for number, row in enumerate(rows):
        top += PITCH * (1 + row.count("+"))
        parts = row.strip("+^<>").split("|")
        for side, part in enumerate(parts):
            width = len(part.strip()) * LETTER
            left = RIGHT - width if side else LEFT
            if row.lstrip("+").startswith("^"):
                left = (LEFT + RIGHT - width) // 2
            for text in part.split():
                box = (left, top, len(text) * LETTER, HEIGHT)
                found.append(Word(text, box, 90, number, 1, side))
                left += (len(text) + 1) * LETTER
    return layout.lines_of(found)


def kinds(lines: list[layout.Line]) -> dict[str, str]:
    return {
        " ".join(word.text for word in line.words): line.kind
        for line in furniture.marked(lines)
        if line.kind
    }


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("<12 | THE BOOK OF TESTS>", {"12": "head", "THE BOOK OF TESTS": "head"}),
        ("<THE BOOK OF TESTS | 13>", {"THE BOOK OF TESTS": "head", "13": "head"}),
        ("<THE BOOK OF TESTS | I3>", {"THE BOOK OF TESTS": "head", "I3": "head"}),
        ("<xii | PREFACE>", {"xii": "head", "PREFACE": "head"}),
        ("<The book of tests | 13>+", {"The book of tests": "head", "13": "head"}),
        ("^117", {"117": "folio"}),
        ("^[ 117 ]", {"[ 117 ]": "folio"}),
        ("^- 17 -", {"- 17 -": "folio"}),
    ],
)
def test_heads_and_folios_at_the_top(top: str, expected: dict[str, str]) -> None:
    rest = ["+" + BODY[0], *BODY] if top.endswith("+") else BODY
    assert kinds(page(top, *rest)) == expected


@pytest.mark.parametrize(
    "top",
    [
        "^CHAPTER I",
        "^CHAPTER 12",
        "^THE STORY OF THE DOOR",
        "^1908",
        "<THE STORY OF A MAN",
        "<12 men went to mow, went to mow a meadow, and then 12 more came",
        "<and in the year of the great fire of the city of London in 166",
    ],
)
def test_titles_and_text_at_the_top_stay(top: str) -> None:
    assert kinds(page(top, *BODY)) == {}


@pytest.mark.parametrize(
    ("bottom", "kind"),
    [
        ("^14", "folio"),
        ("^( 14 )", "folio"),
        ("^B", "signature"),
        ("^D 2", "signature"),
        ("^K*", "signature"),
        ("^1908", None),
        ("^THE END", None),
        ("<so.", None),
    ],
)
def test_foot(bottom: str, kind: str | None) -> None:
    expected = {bottom.strip("^<"): kind} if kind else {}
    assert kinds(page(*BODY, "+" + bottom)) == expected


def test_lists_of_contents_and_tables_are_left_alone() -> None:
    rows = [f"<CHAPTER {number} | {number * 7}>" for number in range(1, 12)]
    assert kinds(page(*rows)) == {}


def test_title_pages_are_left_alone() -> None:
    assert kinds(page("^A BOOK", "^BY NOBODY", "^LONDON", "^12")) == {}


@given(st.lists(words))
def test_any_words_keep_their_lines(given_words: list[Word]) -> None:
    lines = layout.lines_of(given_words)
    assert [line.words for line in furniture.marked(lines)] == [line.words for line in lines]
