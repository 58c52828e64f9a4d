"""Part of a page for somebody who has never read one: few lines, plain type, little doubt.

An excerpt is rows of the page text that the machine read, each that is not blank with its printed
line. Everything is judged on the page alone and by proportions of its own type.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.reading import LineJson
from pipeline.runs import DOUBTFUL

#: Printed lines of an excerpt.
LEAST, MOST = 10, 14
_BEST = 11
#: Share of doubtful words above which a stretch is not easy; an ordinary page has 3 in 100.
_MOST_DOUBT = 0.1
#: A line this much higher than the others holds an initial, a picture or two lines in one.
_MOST_HEIGHT = 1.8
#: A first line narrower than this share of the others is a title or a running head.
_LEAST_FIRST = 0.6
#: Characters of a line of prose or verse; titles and tables are shorter, misread columns longer.
_SHORTEST, _LONGEST = 20, 100
#: Share of the lines that may be shorter than that, as those that end a paragraph.
_MOST_SHORT = 0.3
_ENDS = (".", "?", "!", '."', '?"', '!"', ".'", ".)")


@dataclass(frozen=True)
class Excerpt:
    """Rows `from_line` to `to_line` of a page text, from 1, blank ones included."""

    from_line: int
    to_line: int
    rows: tuple[str, ...]
    #: One a row that is not blank, in order.
    printed: tuple[LineJson, ...]

    @property
    def size(self) -> int:
        """How many printed lines it has."""
        return len(self.printed)

    def with_lines(self, typed: Sequence[str]) -> str:
        """Return the rows as text with the lines that are not blank replaced, in order."""
        lines = iter(typed)
        return "\n".join(next(lines) if row else "" for row in self.rows)


def easy_excerpt(text: str, lines: Sequence[LineJson]) -> Excerpt | None:
    """Return the first easy stretch of a page that begins where a paragraph does, or None."""
    rows, printed = text.split("\n"), body(lines)
    places = [place for place, row in enumerate(rows) if row]
    if len(places) != len(printed):
        return None
    for first, place in enumerate(places):
        if rows[place].isupper() or (first and not _begins_paragraph(rows, place)):
            continue
        sizes = [size for size in range(LEAST, MOST + 1) if first + size <= len(places)]
        easy = [size for size in sizes if _is_easy(printed[first : first + size])]
        if easy:
            size = min(easy, key=lambda each: _cut(rows, places[first + each - 1], each))
            return excerpt(text, lines, place + 1, places[first + size - 1] + 1)
    return None


def excerpt(text: str, lines: Sequence[LineJson], from_line: int, to_line: int) -> Excerpt:
    """Return these rows of a page text with their printed lines."""
    rows = text.split("\n")
    before = sum(bool(row) for row in rows[: from_line - 1])
    taken = tuple(rows[from_line - 1 : to_line])
    size = sum(bool(row) for row in taken)
    return Excerpt(from_line, to_line, taken, tuple(body(lines)[before : before + size]))


def body(lines: Sequence[LineJson]) -> list[LineJson]:
    """Return the lines that are part of the text: no running heads, folios, empty lines."""
    return [
        line for line in lines if not line.get("kind") and any(w["text"] for w in line["words"])
    ]


def _is_easy(lines: Sequence[LineJson]) -> bool:
    words = [word for line in lines for word in line["words"]]
    doubtful = sum(word["suspect"] >= DOUBTFUL for word in words)
    heights = [line["box"][3] for line in lines]
    lengths = [len(" ".join(word["text"] for word in line["words"])) for line in lines]
    short = sum(length < _SHORTEST for length in lengths)
    widths = [line["box"][2] for line in lines]
    return (
        widths[0] >= _LEAST_FIRST * statistics.median(widths)
        and doubtful <= _MOST_DOUBT * len(words)
        and max(heights) <= _MOST_HEIGHT * statistics.median(heights)
        and max(lengths) <= _LONGEST
        and short <= _MOST_SHORT * len(lines)
        and all(below["box"][1] > above["box"][1] for above, below in pairwise(lines))
    )


def _begins_paragraph(rows: Sequence[str], place: int) -> bool:
    """Whether a row begins a paragraph; beside an initial a blank row may part a sentence."""
    return not rows[place - 1] and not rows[place][0].islower()


def _cut(rows: Sequence[str], last: int, size: int) -> tuple[int, int]:
    """Rate where an excerpt ends, the best lowest: a paragraph, a sentence, anywhere."""
    ends_paragraph = last + 1 == len(rows) or not rows[last + 1]
    rank = 0 if ends_paragraph else 1 if rows[last].endswith(_ENDS) else 2
    return rank, abs(size - _BEST)
