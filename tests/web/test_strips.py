"""Printed lines as strips of the page image."""

from pipeline.reading import LineJson
from tests.support.prose import TEXT, lines_of
from web.strips import strips


def test_all_are_as_wide_as_the_block_and_equally_high() -> None:
    found = strips(lines_of(TEXT))
    assert len({(strip.view[0], strip.view[2]) for strip in found}) == 1
    assert len({strip.view[3] for strip in found}) == 1
    for strip in found:
        assert holds(strip.view, strip.line)


def test_a_line_that_stands_out_is_shown_whole() -> None:
    lines = lines_of(TEXT)
    x, y, width, height = lines[3]["box"]
    lines[3]["box"] = (x, y - 40, width, height + 40)
    tall = strips(lines)[3]
    assert tall.view[1] == y - 40
    assert holds(tall.view, tall.line)
    assert tall.view_box == " ".join(map(str, tall.view))


def test_descenders_do_not_move_the_baseline() -> None:
    lines = lines_of("a line of words\nanother gyp jog pyg")
    for word in lines[1]["words"][1:2]:
        x, y, width, height = word["box"]
        word["box"] = (x, y, width, height + 9)
    one, other = strips(lines)
    assert one.view[3] <= other.view[3] <= one.view[3] + 9


def test_nothing_gives_nothing() -> None:
    assert strips([]) == []


def holds(view: tuple[int, int, int, int], line: LineJson) -> bool:
    x, y, width, height = line["box"]
    return (
        view[0] <= x
        and view[1] <= y
        and x + width <= view[0] + view[2]
        and y + height <= view[1] + view[3]
    )
