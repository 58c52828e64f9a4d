"""Paragraphs into justified lines, with the breaks chosen for the paragraph as a whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from .letters import Glyph, Run, lay, moved

HYPHENS = Path(__file__).parent / "text" / "hyphens.txt"
SPACE, SHRINK, STRETCH = 0.27, 0.09, 0.16  # of the em
HYPHEN_COST = 1500.0
LETTERS = re.compile(r"[^\W\d_]+")
# A line may end after the author's own hyphen or dash, but not before a closing sign nor
# right after an opening one.
AFTER_DASH = re.compile(r"(?<=[-—])(?<!“——)(?=[\w“‘])")  # noqa: RUF001 -- the sign that is printed


class Piece(NamedTuple):
    """The smallest part that stays together: `join` says what parts it from the piece before."""

    runs: tuple[Run, ...]
    join: str  # "space", "soft" (hyphenation) or "hard" (after the author's own hyphen or dash)


@dataclass
class Line:
    """One printed line: what it says (`runs`, spaces and added hyphen included) and its glyphs."""

    runs: list[Run]
    glyphs: list[Glyph]


@cache
def hyphenations() -> dict[str, list[str]]:
    """Give the words that may be broken, each with its syllables, from the hand-made list."""
    words = HYPHENS.read_text("utf-8").split()
    return {word.replace("-", ""): word.split("-") for word in words}


def syllables(word: str) -> list[str]:
    """Split a word, signs and all, where it may be broken."""
    found = LETTERS.search(word)
    parts = hyphenations().get(found[0].lower()) if found else None
    if not found or not parts:
        return [word]
    cuts = [found.start()]
    for part in parts[:-1]:
        cuts.append(cuts[-1] + len(part))
    bounds = [0, *cuts[1:], len(word)]
    return [word[start:end] for start, end in pairwise(bounds)]


def pieces(runs: list[Run]) -> list[Piece]:
    """Cut runs at spaces, after hyphens and dashes, and at the syllables of listed words."""
    found: list[Piece] = []
    join, glued = "space", False
    for run in runs:
        for word in re.findall(r" |[^ ]+", run.text):
            if word == " ":
                join, glued = "space", False
                continue
            for part in AFTER_DASH.split(word):
                for syllable in syllables(part):
                    bit = Run(syllable, run.style)
                    if glued:
                        found[-1] = Piece((*found[-1].runs, bit), found[-1].join)
                    else:
                        found.append(Piece((bit,), join))
                    join, glued = "soft", False
                join = "hard"
            glued = True
    return found


def words(taken: list[Piece], *, hyphen: bool) -> list[list[Run]]:
    """Join the pieces of one line into words, with a hyphen at the end when asked."""
    line: list[list[Run]] = []
    for index, piece in enumerate(taken):
        if index and piece.join != "space":
            line[-1].extend(piece.runs)
        else:
            line.append(list(piece.runs))
    if hyphen:
        line[-1].append(Run("-", line[-1][-1].style))
    return [merged(word) for word in line]


def merged(runs: list[Run]) -> list[Run]:
    """Join neighbouring runs of one style."""
    out: list[Run] = []
    for run in runs:
        if out and out[-1].style == run.style:
            out[-1] = Run(out[-1].text + run.text, run.style)
        else:
            out.append(run)
    return out


def spaced(line: list[list[Run]]) -> list[Run]:
    """Join words with spaces; a space between two words of one style has that style."""
    out: list[Run] = []
    for word in line:
        if out:
            same = out[-1].style == word[0].style
            out.append(Run(" ", word[0].style if same else "roman"))
        out.extend(word)
    return merged(out)


@dataclass
class Measure:
    """What a paragraph is set to: type, width, indent, room for an initial."""

    size: int
    width: int
    indent: int = 0
    dropped: tuple[int, int] = (0, 0)  # how many lines stand beside an initial, and its width

    def room(self, row: int) -> int:
        """Give the width left in line number ROW, from 0."""
        return self.width - self.shift(row)

    def shift(self, row: int) -> int:
        """Give how far line number ROW starts from the left."""
        rows, gap = self.dropped
        return gap if row < rows else (self.indent if row == 0 else 0)


def badness(gap: float, size: int) -> float:
    """Rate the spaces of a line: 1 is ideal, and the worse the more they are forced."""
    off = gap / size - SPACE
    off /= STRETCH if off > 0 else SHRINK
    return (1 + 100 * abs(off) ** 3) ** 2


@dataclass
class Candidates:
    """The lines that could be made of a paragraph's pieces."""

    content: list[Piece]
    measure: Measure

    def __post_init__(self) -> None:
        """Add up widths and spaces once, so that any line is measured by two differences."""
        size = self.measure.size
        self.widths = [0.0]
        self.gaps = [0]
        for piece in self.content:
            self.widths.append(self.widths[-1] + width_of(piece.runs, size))
            self.gaps.append(self.gaps[-1] + (piece.join == "space"))
        self.hyphen = width_of((Run("-", "roman"),), size)

    def ending(self, start: int, row: int) -> Iterator[tuple[int, float]]:
        """Give (end, cost) of each line number ROW that may begin at piece START."""
        size, total = self.measure.size, len(self.content)
        for end in range(start + 1, total + 1):
            hyphen = end < total and self.content[end].join == "soft"
            solid = self.widths[end] - self.widths[start] + hyphen * self.hyphen
            gaps = self.gaps[end] - self.gaps[start + 1]
            left = self.measure.room(row) - solid
            if left < gaps * (SPACE - SHRINK) * size:
                return
            if end == total and left >= gaps * SPACE * size:
                yield end, 0.0
            else:
                yield end, badness(left / max(gaps, 1), size) + hyphen * HYPHEN_COST


def breaks(content: list[Piece], measure: Measure) -> list[int]:
    """Choose the pieces that begin lines so that the whole paragraph is evenly spaced.

    Total-fit line breaking after Knuth and Plass (1981): dynamic programming over the possible
    breaks, here with the square of each line's badness and a charge for hyphens.
    """
    lines = Candidates(content, measure)
    total = len(content)
    # best[end, row] = (cost so far, start of the line that ends there); row counts lines
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, -1)}
    for row in range(total):
        for start in [end for end, at in best if at == row and end < total]:
            before = best[start, row][0]
            for end, cost in lines.ending(start, row):
                known = best.get((end, row + 1))
                if known is None or before + cost < known[0]:
                    best[end, row + 1] = (before + cost, start)
    row = min((row for end, row in best if end == total), key=lambda at: best[total, at][0])
    chosen = [total]
    for at in range(row, 0, -1):
        chosen.append(best[chosen[-1], at][1])
    return chosen[::-1]


@cache
def width_of(word: tuple[Run, ...], size: int) -> float:
    """Give the width of a word in half pixels."""
    return lay(list(word), size)[1]


def paragraph(runs: list[Run], measure: Measure) -> list[Line]:
    """Set a paragraph: its lines, each with glyphs from x = 0 on the baseline y = 0."""
    content = pieces(runs)
    at = breaks(content, measure)
    lines = []
    for row, (start, end) in enumerate(pairwise(at)):
        last = end == len(content)
        hyphen = not last and content[end].join == "soft"
        line = words(content[start:end], hyphen=hyphen)
        lines.append(_justified(line, measure, row, last=last))
    return lines


def _justified(line: list[list[Run]], measure: Measure, row: int, *, last: bool) -> Line:
    """Spread the words over the line; the last line of a paragraph keeps its natural spaces."""
    solid = sum(width_of(tuple(word), measure.size) for word in line)
    gap = SPACE * measure.size
    gaps = len(line) - 1
    if gaps:
        fitting = (measure.room(row) - solid) / gaps
        gap = min(gap, fitting) if last else fitting
    pen = float(measure.shift(row))
    glyphs: list[Glyph] = []
    for word in line:
        placed, width = lay(word, measure.size)
        glyphs += moved(placed, pen, 0)
        pen += width + gap
    return Line(spaced(line), glyphs)
