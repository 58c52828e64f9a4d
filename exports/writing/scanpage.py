"""A scan with the words of its text on it, each at its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

#: x, y, width, height in pixels of the page image.
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word at its place: x, y, width, height in pixels of the page image.

    `read` says that the OCR saw just this, with `confidence` from 0 to 100, `found` that it saw a
    word here; else the place is a guess.
    """

    text: str
    box: Box
    found: bool = False
    read: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of words in the order of the text. `begins` says that it begins a block.

    `kind` is `head`, `folio` or the like where the line is printed but no part of the text.
    """

    words: tuple[PlacedWord, ...]
    begins: bool = False
    kind: str | None = None

    @property
    def box(self) -> Box:
        """The smallest box around the words."""
        return box_around(word.box for word in self.words)


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A scan with words on it: `number` from 1, `label` the printed number, sizes in pixels."""

    number: int
    label: str
    #: The scan's file name as shown to people.
    file: str
    width: int
    height: int
    #: BCP 47.
    language: str
    lines: Sequence[PlacedLine]


def blocks(lines: Iterable[PlacedLine]) -> Iterator[list[PlacedLine]]:
    """Yield lines as blocks: paragraphs of the text, and running head and the like apart."""
    block: list[PlacedLine] = []
    for line in lines:
        if block and (line.begins or line.kind != block[-1].kind):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def box_around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some."""
    known = list(boxes)
    left, top = min(box[0] for box in known), min(box[1] for box in known)
    right, bottom = max(box[0] + box[2] for box in known), max(box[1] + box[3] for box in known)
    return left, top, right - left, bottom - top
