import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.findings import Findings
from exports.making.assembly import assemble
from exports.making.nesting import DEEPEST, limit_nesting
from exports.pages import PageText
from exports.writing.text import fill_book

DEEP = [
    "/#\n" * 3000,
    "/#\n" * 3000 + "words\n" + "#/\n" * 3000,
    "<i><b>" * 3000 + "words",
    "<i>\n" * 3000 + "words",
    "/*\n" + "<sc>\n" * 3000 + "*/",
    "[Footnote 1: " * 3000,
    "[Footnote 1: " * 2000 + "words" + "]" * 2000,
    "[Illustration: " * 3000 + "]" * 3000,
    "[Sidenote: [Footnote 2: " * 1500 + "]" * 3000,
    "/#\n/*\n" * 1000,
]


@pytest.mark.parametrize("text", DEEP)
def test_marks_within_marks_without_end_make_a_book_and_a_finding(text: str) -> None:
    assembled = assemble([PageText(1, "p1", text)], "en")
    fill_book(assembled.book)
    codes = {finding.code for finding in assembled.findings}
    assert codes & {"nested-too-deep", "mark-unclosed"}


def test_the_words_stay_and_the_outer_marks_too() -> None:
    text = "<i>" * (DEEPEST + 5) + "words" + "</i>" * (DEEPEST + 5)
    findings = Findings()
    assert limit_nesting(text, 1, findings) == "<i>" * DEEPEST + "words" + "</i>" * DEEPEST
    assert [finding.code for finding in findings] == ["nested-too-deep"]


@given(
    st.lists(st.sampled_from(["<i>", "</i>", "[", "]", "[Footnote 1: ", "\n", "a "]), max_size=60)
)
def test_what_is_not_deep_is_left_alone(pieces: list[str]) -> None:
    text = "".join(pieces)
    if max(pieces.count("<i>"), pieces.count("[Footnote 1: ")) <= DEEPEST:
        findings = Findings()
        assert limit_nesting(text, 1, findings) == text
        assert list(findings) == []
