"""The upper and lower edge of a page's text, row by row: where heads, numbers and marks stand."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

#: Rows looked at on either edge; specks that were read as letters may stand outside a head.
_DEEP = 4
#: What is this many times as high as a line is no line: a border, a drawing.
_TALLEST = 3.5


@dataclass(frozen=True)
class Token:
    """A word of a row: what it says without its stops, its left and right edge."""

    text: str
    left: int
    right: int


@dataclass(frozen=True, eq=False)
class Row:
    """What stands side by side on a page; `lines` are places in the page's list of lines."""

    lines: tuple[int, ...]
    tokens: tuple[Token, ...]
    top: int
    bottom: int

    @cached_property
    def letters(self) -> str:
        """Its letters in small type, without blanks: what two rows are compared by."""
        found = (letter for token in self.tokens for letter in token.text)
        return "".join(letter for letter in found if letter.isalpha()).casefold()

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbouring letters."""
        return frozenset(one + two for one, two in pairwise(self.letters))

    @property
    def capitals(self) -> float:
        """The share of capitals among its letters."""
        letters = [letter for token in self.tokens for letter in token.text if letter.isalpha()]
        return sum(letter.isupper() for letter in letters) / max(1, len(letters))

    @property
    def left(self) -> int:
        """Its left edge, pixels."""
        return self.tokens[0].left

    @property
    def right(self) -> int:
        """Its right edge, pixels."""
        return max(token.right for token in self.tokens)


@dataclass(frozen=True)
class Bands:
    """A page's rows from top to bottom; `em` is the median height of its lines, in pixels."""

    rows: tuple[Row, ...] = ()
    em: float = 1.0
    height: int = 1
    left: int = 0
    right: int = 1
    #: The usual distance of two rows, in em.
    pitch: float = field(default=1.5)

    @property
    def top(self) -> tuple[Row, ...]:
        """The first rows, the outermost first."""
        return self.rows[:_DEEP]

    @property
    def foot(self) -> tuple[Row, ...]:
        """The last rows, the outermost first."""
        return self.rows[: -_DEEP - 1 : -1]

    def gap(self, upper: Row, lower: Row) -> float:
        """Return the white between two rows, in em."""
        return (lower.top - upper.bottom) / self.em

    def share(self, row: Row) -> float:
        """Return how much of the text's width a row takes."""
        return (row.right - row.left) / max(1, self.right - self.left)

    def below(self, row: Row) -> Row | None:
        """Return the row under this one."""
        place = self.rows.index(row) + 1
        return self.rows[place] if place < len(self.rows) else None

    def above(self, row: Row) -> Row | None:
        """Return the row over this one."""
        place = self.rows.index(row)
        return self.rows[place - 1] if place else None


def bands_of(lines: Sequence[Any], height: int) -> Bands:
    """Return the rows of a page; `lines` in the form of the API, `height` of the page in pixels."""
    legible = [(place, line) for place, line in enumerate(lines) if _is_legible(line)]
    if not legible:
        return Bands(height=height)
    em = max(1.0, statistics.median(line["box"][3] for _, line in legible))
    rows = [_row(group) for group in _grouped(legible, em)]
    wide = sorted(rows, key=lambda row: row.left - row.right)[: max(1, len(rows) // 2)]
    steps = [(below.bottom - above.bottom) / em for above, below in pairwise(rows)]
    return Bands(
        tuple(rows),
        em,
        height,
        int(statistics.median(row.left for row in wide)),
        int(statistics.median(row.right for row in wide)),
        statistics.median(steps) if steps else 1.5,
    )


def _is_legible(line: Any) -> bool:  # noqa: ANN401 - a line as it is stored
    return any(character.isalnum() for word in line["words"] for character in word["text"])


def _grouped(legible: Sequence[tuple[int, Any]], em: float) -> list[list[tuple[int, Any]]]:
    """Return the lines from top to bottom, those side by side together."""
    groups: list[list[tuple[int, Any]]] = []
    for place, line in sorted(legible, key=lambda each: _middle(each[1])):
        if line["box"][3] > _TALLEST * em:
            continue
        near = groups and any(_is_level(line, other) for _, other in groups[-1])
        if near and not any(_overlap(line, other) for _, other in groups[-1]):
            groups[-1].append((place, line))
        else:
            groups.append([(place, line)])
    return groups


def _middle(line: Any) -> float:  # noqa: ANN401
    return float(line["box"][1] + line["box"][3] / 2)


def _is_level(line: Any, other: Any) -> bool:  # noqa: ANN401
    (_, top, _, height), (_, its_top, _, its_height) = line["box"], other["box"]
    shared = min(top + height, its_top + its_height) - max(top, its_top)
    return bool(shared > min(height, its_height) / 2)


def _overlap(line: Any, other: Any) -> bool:  # noqa: ANN401
    (left, _, width, _), (its_left, _, its_width, _) = line["box"], other["box"]
    shared = min(left + width, its_left + its_width) - max(left, its_left)
    return bool(shared > min(width, its_width) / 2)


def _row(group: Sequence[tuple[int, Any]]) -> Row:
    tokens = sorted(
        (
            Token(_bare(word["text"]), word["box"][0], word["box"][0] + word["box"][2])
            for _, line in group
            for word in line["words"]
            if _bare(word["text"])
        ),
        key=lambda token: token.left,
    )
    boxes = [line["box"] for _, line in group]
    return Row(
        tuple(place for place, _ in group),
        tuple(tokens),
        min(box[1] for box in boxes),
        max(box[1] + box[3] for box in boxes),
    )


def _bare(text: str) -> str:
    """Return a word without what is neither letter nor figure at its ends; `*` stays behind it."""
    start = next((at for at, sign in enumerate(text) if sign.isalnum()), len(text))
    end = len(text) - next(
        (at for at, sign in enumerate(reversed(text)) if sign.isalnum() or sign == "*"), 0
    )
    return text[start:end]
