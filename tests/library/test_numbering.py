import pytest

from library.numbering import Flaw, flaws


def told(*labels: str) -> list[Flaw]:
    return list(flaws(list(enumerate(labels, 1))))


@pytest.mark.parametrize(
    "labels",
    ["i ii iii 1 2 3", "- - 1 2 - - 3", "7 - 9 10", "Plate 1 2 3", "I II 1 2", ""],
)
def test_what_goes_on(labels: str) -> None:
    assert told(*("" if label == "-" else label for label in labels.split())) == []


def test_a_missing_page_is_named() -> None:
    assert told("116", "117", "119") == [Flaw("missing", 3, "119", "117", lacking=("118",))]
    assert told("x", "xiii") == [Flaw("missing", 2, "xiii", "x", lacking=("xi", "xii"))]


def test_among_unnumbered_pages_none_is_named() -> None:
    assert told("116", "", "120") == [Flaw("missing", 3, "120", "116")]
    assert told("3", "777")[0].lacking == ()


def test_doubled_and_out_of_order() -> None:
    assert told("1", "2", "2", "3") == [Flaw("twice", 3, "2", other=2)]
    assert told("1", "3", "2", "4")[-1] == Flaw("order", 3, "2", "3")
