"""From the engine's words to lines in reading order: paragraphs, running heads, folios.

Everything is judged on the page alone and by proportions of its own type: `em` is the median
height of its lines. A rule for the whole book can do better and may overrule this one.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from pipeline.ocr import Box, Word

#: A line this much further from the one above than usual begins a paragraph.
_GAP = 1.45
#: Indents of a paragraph, in em; less is the unevenness of type and scan.
_LEAST_INDENT = 0.6
#: Two edges nearer than this, in em, are the same edge.
_SAME_EDGE = 0.6
#: A line that ends this near to the right edge, in em, is full.
_NEARLY_FULL = 2.5
#: A line this far from both edges, in em, and about as far from each, is a title.
_CENTRED = 1.5
#: Lines of one title are nearer than this, in usual distances of lines.
_TITLE_GAP = 1.12
#: This many entries that hang out may be chance.
_FEW = 3
#: Lines before and after that tell where the margins are.
_WINDOW = 8


@dataclass(frozen=True)
class Line:
    """A line as printed. `begins` says that it begins a paragraph, `indented` how it shows.

    `kind` is None for text, or `head`, `folio` or `signature`, which are no part of the text.
    """

    words: tuple[Word, ...]
    kind: str | None = None
    begins: bool = False
    indented: bool = False

    @property
    def box(self) -> Box:
        """The smallest box around the words: x, y, width, height."""
        left = min(word.box[0] for word in self.words)
        top = min(word.box[1] for word in self.words)
        right = max(word.box[0] + word.box[2] for word in self.words)
        bottom = max(word.box[1] + word.box[3] for word in self.words)
        return left, top, right - left, bottom - top


@dataclass(frozen=True)
class _Place:
    """Where a line lies once the page is turned straight, in em of the page."""

    left: float
    right: float
    base: float

    def is_below(self, other: "_Place") -> bool:
        """Whether this line follows the other in one column."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        narrower = min(self.right - self.left, other.right - other.left)
        return self.base > other.base and shared > narrower / 2


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return the lines of a page in the engine's reading order."""
    groups = groupby(words, key=lambda word: (word.block, word.paragraph, word.line))
    return [Line(tuple(group)) for _, group in groups]


def with_paragraphs(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with `begins` and `indented` set; those with a `kind` are passed over."""
    body = [line for line in lines if line.kind is None]
    marks = iter(_marks(body))
    return [
        line if line.kind else replace(line, begins=(mark := next(marks))[0], indented=mark[1])
        for line in lines
    ]


def line_height(lines: Sequence[Line]) -> float:
    """Return the em of the page: the median height of its lines, in pixels."""
    return max(1.0, statistics.median(line.box[3] for line in lines))


def _marks(lines: Sequence[Line]) -> list[tuple[bool, bool]]:
    """Return for each line whether it begins a paragraph, and whether its indent says so."""
    if not lines:
        return []
    places = _places(lines)
    pitch = _pitch(places)
    margins = [_margins(places, index) for index in range(len(places))]
    usual = _usual_indent(margins)
    hanging = _is_hanging(margins)
    marks = []
    for index, place in enumerate(places):
        above = places[index - 1] if index and place.is_below(places[index - 1]) else None
        step = (place.base - above.base) / pitch if above else 0.0
        indented = _shows_paragraph(margins, index, step, usual, hanging=hanging)
        marks.append((indented or step > _GAP, indented))
    return marks


def _places(lines: Sequence[Line]) -> list[_Place]:
    em = line_height(lines)
    slope = _slope(lines)
    cosine, sine = math.cos(math.atan(slope)), math.sin(math.atan(slope))
    places = []
    for line in lines:
        x, y, width, height = line.box
        bottom = statistics.median(word.box[1] + word.box[3] for word in line.words)
        middle = x + width / 2
        left_y = y + height / 2 - slope * width / 2
        right_y = y + height / 2 + slope * width / 2
        places.append(
            _Place(
                (x * cosine + left_y * sine) / em,
                ((x + width) * cosine + right_y * sine) / em,
                (bottom * cosine - middle * sine) / em,
            )
        )
    return places


def _slope(lines: Sequence[Line]) -> float:
    """Return how far the lines run down for each pixel to the right: the long ones' median."""
    slopes = []
    for line in lines:
        first, last = line.words[0].box, line.words[-1].box
        across = last[0] + last[2] / 2 - first[0] - first[2] / 2
        if across > 8 * first[3] > 0:
            down = last[1] + last[3] / 2 - first[1] - first[3] / 2
            slopes.append(down / across)
    return statistics.median(slopes) if len(slopes) > 3 else 0.0  # noqa: PLR2004 - too few to tell


def _pitch(places: Sequence[_Place]) -> float:
    """Return the usual distance from line to line, in em."""
    steps = [below.base - above.base for above, below in pairwise(places) if below.is_below(above)]
    return statistics.median(steps) if steps else math.inf


def _column(places: Sequence[_Place], index: int) -> list[_Place]:
    """Return the line and its neighbours above and below in the same column."""
    here = places[index]
    near = places[max(0, index - _WINDOW) : index + _WINDOW + 1]
    return [
        place for place in near if place is here or place.is_below(here) or here.is_below(place)
    ]


def _edge(values: Sequence[float]) -> float:
    """Return the outermost of values (in order from the outside) that another one confirms."""
    for value, following in pairwise(values):
        if abs(value - following) < _SAME_EDGE:
            return value
    return values[0]


@dataclass(frozen=True)
class _Margins:
    """How far a line stays away from the left and right edges of its column, in em."""

    left: float
    right: float

    @property
    def indented(self) -> bool:
        return self.left > _LEAST_INDENT

    @property
    def full(self) -> bool:
        return self.right < _NEARLY_FULL

    @property
    def centred(self) -> bool:
        return min(self.left, self.right) > _CENTRED and abs(
            self.left - self.right
        ) < _CENTRED + 0.2 * (self.left + self.right)


def _margins(places: Sequence[_Place], index: int) -> _Margins:
    column = _column(places, index)
    left = _edge(sorted(place.left for place in column))
    right = -_edge(sorted(-place.right for place in column))
    return _Margins(places[index].left - left, right - places[index].right)


def _usual_indent(margins: Sequence[_Margins]) -> float | None:
    """Return the indent of the paragraphs that nobody could take for verse or a title."""
    sure = [
        here.left
        for index, here in enumerate(margins)
        if here.indented
        and here.full
        and (not _continues(margins, index) or not _continues(margins, index + 1))
    ]
    return statistics.median(sure) if sure else None


def _continues(margins: Sequence[_Margins], index: int) -> bool:
    """Whether the line above begins at the same indent: a block set in, not a paragraph."""
    if not 0 < index < len(margins):
        return False
    return abs(margins[index].left - margins[index - 1].left) < _SAME_EDGE


def _is_hanging(margins: Sequence[_Margins]) -> bool:
    """Whether entries begin at the edge and run on indented, as in an index or a bibliography."""
    out = after = 0
    for above, here in pairwise(margins):
        if not above.full:
            out += above.indented and not here.indented
            after += here.indented and not above.indented
    return out > _FEW + 2 * after


def _shows_paragraph(
    margins: Sequence[_Margins], index: int, step: float, usual: float | None, *, hanging: bool
) -> bool:
    """Whether the way a line is set says that it begins a paragraph, `step` lines below another.

    An indent does after or on a full line; between short lines (speech, verse) when it is as deep
    as the page's paragraphs are. A title begins one, its further lines do when set apart.
    """
    here = margins[index]
    above = margins[index - 1] if index else None
    if hanging:
        return above is not None and not here.indented and (above.indented or not above.full)
    if here.centred:
        return above is None or step > _TITLE_GAP or not (above.centred or above.indented)
    if above is not None and above.centred and step:
        return not _continues(margins, index)
    if not here.indented:
        return False
    if _continues(margins, index):
        as_usual = usual is not None and abs(here.left - usual) < _SAME_EDGE
        return as_usual and above is not None and not above.full
    as_usual = usual is not None and abs(here.left - usual) < _SAME_EDGE
    return as_usual or above is None or above.full or here.full
