"""What a second model reads on the same page, set beside the first reading word by word.

Where both say the same a word is nearly always right; where they differ, half of all wrong words
are found, and half of the time the second has it right (`docs/ocr.md`, "The second reading").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import cleanup
from pipeline.ocr import Box, Word

#: Boxes that share more than this of the narrower (or the lower) are of the same print.
_SHARED = 0.5


@dataclass(frozen=True)
class Seen:
    """What was read in place of the words `first` to `last` of a line: one word or several.

    `confidence` is that of the least sure word, 0 to 100.
    """

    text: str
    confidence: float
    first: int
    last: int

    def is_same(self, words: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether a line's words (`WordJson`) have the very same text there."""
        return self.text == " ".join(word["text"] for word in words[self.first : self.last + 1])


def seen_beside(
    lines: Sequence[Mapping[str, Any]], words: Iterable[Word]
) -> list[list[Seen | None]]:
    """Return for each word of a reading's lines what another reading has there; None: nothing.

    `lines` are in the form of `OcrRun.lines`; `words` are of the same page image, in their order.
    Words of which either reading makes several share one `Seen`.
    """
    of_line: list[list[Word]] = [[] for _ in lines]
    for word in words:
        if cleanup.clean_word(word.text) and (line := _line_of(word.box, lines)) is not None:
            of_line[line].append(word)
    return [
        _of_line([word["box"] for word in line["words"]], others)
        for line, others in zip(lines, of_line, strict=True)
    ]


def _line_of(box: Box, lines: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the line that holds most of a box, if any holds some."""
    areas = {
        number: sum(
            _shared(box, word["box"], 0) * _shared(box, word["box"], 1) for word in line["words"]
        )
        for number, line in enumerate(lines)
        if _is_beside(box, line["box"], 1)
    }
    best = max(areas, key=areas.__getitem__, default=None)
    return best if best is not None and areas[best] else None


def _shared(one: Box, other: Box, axis: int) -> int:
    """Return how many pixels two boxes share across (0) or down (1)."""
    end = min(one[axis] + one[axis + 2], other[axis] + other[axis + 2])
    return max(0, end - max(one[axis], other[axis]))


def _is_beside(one: Box, other: Box, axis: int) -> bool:
    return _shared(one, other, axis) > _SHARED * min(one[axis + 2], other[axis + 2])


def _of_line(boxes: Sequence[Box], others: Sequence[Word]) -> list[Seen | None]:
    result: list[Seen | None] = [None] * len(boxes)
    for numbers, group in _groups(boxes, others):
        text = " ".join(cleanup.clean_word(word.text) for word in group)
        seen = Seen(text, min(word.confidence for word in group), numbers[0], numbers[-1])
        result[numbers[0] : numbers[-1] + 1] = [seen] * (numbers[-1] + 1 - numbers[0])
    return result


def _groups(boxes: Sequence[Box], others: Sequence[Word]) -> Iterator[tuple[list[int], list[Word]]]:
    """Yield the numbers of boxes and the words that stand for one another."""
    groups: list[tuple[set[int], list[int]]] = []
    for place, word in enumerate(others):
        touched = {number for number, box in enumerate(boxes) if _is_beside(word.box, box, 0)}
        if not touched:
            continue
        joined = [group for group in groups if group[0] & touched]
        groups = [group for group in groups if not group[0] & touched]
        numbers = touched.union(*(group[0] for group in joined))
        places = sorted([place, *(each for group in joined for each in group[1])])
        groups.append((numbers, places))
    for numbers, places in groups:
        yield sorted(numbers), [others[place] for place in places]
