"""Printed lines as strips: the part of the page image to show over each line's text."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ocr import Box
from pipeline.reading import LineJson

#: In heights of an ordinary line: what is shown above and below the baseline, and on both sides.
_ABOVE, _BELOW, _BESIDE = 0.79, 0.33, 0.3
#: Most words have no descender, so the lower edges of words crowd at the baseline.
_BASELINE_SHARE = 0.4


@dataclass(frozen=True)
class Strip:
    """A printed line and the window on the page image that shows it, x, y, width, height."""

    line: LineJson
    view: Box

    @property
    def view_box(self) -> str:
        """The window as SVG writes it."""
        return " ".join(str(part) for part in self.view)


def strips(lines: Sequence[LineJson]) -> list[Strip]:
    """Return a strip for each line, all as wide as the block, so that indents stay as printed."""
    if not lines:
        return []
    height = statistics.median(line["box"][3] for line in lines)
    left = min(line["box"][0] for line in lines) - round(_BESIDE * height)
    right = max(line["box"][0] + line["box"][2] for line in lines) + round(_BESIDE * height)
    return [Strip(line, _view(line, height, left, right)) for line in lines]


def _view(line: LineJson, height: float, left: int, right: int) -> Box:
    """Lines of one type get windows of one height, unless a line stands out of it."""
    base = _baseline(line)
    top = min(round(base - _ABOVE * height), line["box"][1])
    bottom = max(round(base + _BELOW * height), line["box"][1] + line["box"][3])
    return left, top, right - left, bottom - top


def _baseline(line: LineJson) -> int:
    edges = sorted(word["box"][1] + word["box"][3] for word in line["words"])
    return edges[int((len(edges) - 1) * _BASELINE_SHARE)]
