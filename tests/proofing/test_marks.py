"""Marks that have no partner."""

import pytest

from proofing.marks import OpenMark, unclosed_mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain < text > here",
        "<i>one</i> <b>two</b>",
        "<i>over\nlines</i>",
        "<i><sc>nested</sc></i>",
        "/*\npoem\n*/",
        "/#\nquote\n#/\n\n/*\n x\n*/",
        "a /* b",
        "<tb>",
    ],
)
def test_closed_marks_are_not_told(text: str) -> None:
    assert unclosed_mark(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "line"),
    [
        ("<i>open", "<i>", 1),
        ("one\n<sc>open", "<sc>", 2),
        ("closed</i>", "</i>", 1),
        ("<i><b>crossed</i></b>", "</i>", 1),
        ("one\n/*\npoem", "/*", 2),
        ("poem\n*/", "*/", 2),
        ("/#\nquote\n*/", "*/", 3),
    ],
)
def test_the_first_open_mark_is_told(text: str, mark: str, line: int) -> None:
    assert unclosed_mark(text) == OpenMark(mark, line)
