"""Drawn tables become rows and cells where blank columns part them."""

from xml.etree import ElementTree as ET

import pytest

from exports.book import Preformatted
from exports.making.assembly import assemble
from exports.pages import PageText
from exports.writing.text import fill_book
from exports.writing.xhtml import LINE_START, blocks


def made(*lines: str) -> str:
    text = "\n".join(["/*", *lines, "*/"])
    (section,) = assemble(
        [PageText(1, "a", f"{text}\n\n[Footnote 1: A note.]")], "en"
    ).book.sections
    html = blocks([block for block in section.blocks if isinstance(block, Preformatted)])
    return LINE_START.sub("", html)


def cells(html: str) -> list[list[str]]:
    root = ET.fromstring(html.replace("epub:type", "type"))  # noqa: S314 - our own writer's
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in root]


def test_blank_columns_part_cells_and_words_stay_together() -> None:
    found = cells(
        made(
            "                Bushels   Price",
            "Best hay             12    1.50",
            "<i>Oats and</i> beans       140   10.25",
            "                           1.--",
        )
    )
    assert found == [
        ["", "Bushels", "Price"],
        ["Best hay", "12", "1.50"],
        ["Oats and beans", "140", "10.25"],
        ["", "", "1.\u2060\u2014"],
    ]


def test_figures_stand_below_each_other() -> None:
    html = made("What     How many", "Hay            12", "Oats          140")
    assert html.count('<td class="figures">') == 2
    assert '<td class="figures">140</td>' in html


def test_a_line_over_all_columns_is_one_cell() -> None:
    html = made("The corn of the whole year", "Hay          12    1.50", "Oats        140   10.25")
    assert '<td colspan="3">The corn of the whole year</td>' in html


def test_a_note_in_a_cell_moves_nothing() -> None:
    found = cells(made("Hay[1]   12   1.50", "Oats      4   2.50"))
    assert found == [["Hay[1]", "12", "1.50"], ["Oats", "4", "2.50"]]


@pytest.mark.parametrize(
    "lines",
    [
        ("Hay    { in June   }", "Oats   { in July   }"),
        ("Hay   |   12", "Oats  |    4"),
        ("Hay    12   34", "A line that runs on   and on 1", "No   such    column there"),
    ],
)
def test_what_is_drawn_otherwise_stays_drawn(lines: tuple[str, ...]) -> None:
    assert made(*lines).startswith("<pre>")


def test_plain_text_keeps_the_drawing() -> None:
    text = "/*\nHay     12   1.50\nOats     4   2.50\n*/"
    book = assemble([PageText(1, "a", text)], "en").book
    assert fill_book(book) == ["  Hay     12   1.50", "  Oats     4   2.50"]
