"""Whether a book's printed page numbers go on: pages missing, doubled, out of order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from library.labels import Number, number_of

#: Missing pages are named up to this many; a jump of more may be a new series.
_NAMED = 50


@dataclass(frozen=True)
class Flaw:
    """Where printed numbers do not go on: `page` is the scan's place, `label` what it bears.

    `before` is the number that it follows; `other` the page with the same one; `lacking` are the
    numbers that no page bears, where it can be told.
    """

    kind: Literal["missing", "twice", "order"]
    page: int
    label: str
    before: str = ""
    other: int = 0
    lacking: tuple[str, ...] = ()


def flaws(pages: Sequence[tuple[int, str]]) -> Iterator[Flaw]:
    """Hold each printed number against the one before; pages without one count.

    `pages` are the numbers and labels of a book's pages, in order, without those to skip.
    """
    seen: dict[str, int] = {}
    last: tuple[Number, int] | None = None
    for place, (page, label) in enumerate(pages):
        if label and label in seen:
            yield Flaw("twice", page, label, other=seen[label])
            continue
        if label:
            seen[label] = page
        number = number_of(label)
        if number is None:
            continue
        if last is not None and last[0].style == number.style:
            before, unnumbered = last[0], place - last[1] - 1
            if number.value < before.value:
                yield Flaw("order", page, label, str(before))
                continue
            if number.value - before.value - 1 > unnumbered:
                lacking = () if unnumbered else _between(before, number)
                yield Flaw("missing", page, label, str(before), lacking=lacking)
        last = number, place


def _between(before: Number, after: Number) -> tuple[str, ...]:
    values = range(before.value + 1, after.value)
    return (
        tuple(str(Number(before.style, value)) for value in values) if len(values) <= _NAMED else ()
    )
