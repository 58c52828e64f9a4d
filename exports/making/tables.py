"""Lines drawn as a table, seen as rows of cells: columns are told by the blanks between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from exports.book import Inline, Inlines, LineStart, NoteRef, PageLink, Span, flatten

GUTTER = 2
MARK = 3  # columns that a note's mark took where it was typed
_DRAWN = re.compile(r"[|{}\u23a7-\u23ad\u2500-\u257f]|[-_=+]{4,}")
_FIGURES = re.compile("[\\d.,:/%\u00a3$\u00bc-\u00be\u2033\u2014 -]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, over how many columns it runs, and whether its column holds figures."""

    content: Inlines
    columns: int = 1
    figures: bool = False


Rows = list[list[Cell]]


def rows_of(lines: Sequence[Inlines]) -> Rows | None:
    """Give the rows of a drawn table; None where no blank column parts its lines, or lines do."""
    texts = [_visible(line) for line in lines]
    if any(_DRAWN.search(text) for text in texts):
        return None
    edges = _edges([text for text in texts if _parted(text)])
    if not edges:
        return None
    pairs = zip(lines, texts, strict=True)
    return _aligned([_row(line, text, edges) for line, text in pairs if text.strip()])


def _visible(line: Inlines) -> str:
    """Give a line as wide as it was typed: marks of notes count, marks of style do not."""
    parts = (item for item in flatten(line) if isinstance(item, str | NoteRef))
    return "".join(item if isinstance(item, str) else "*" * MARK for item in parts)


def _parted(text: str) -> bool:
    return bool(re.search(r"\S {2,}\S", text))


def _edges(texts: list[str]) -> list[int]:
    """Give where the columns behind the first begin: behind the blanks that all lines have."""
    width = max(map(len, texts), default=0)
    filled = [any(text[at : at + 1].strip() for text in texts) for at in range(width)]
    edges, blanks = [], 0
    for at, full in enumerate(filled):
        if full and blanks >= GUTTER and any(filled[:at]):
            edges.append(at)
        blanks = 0 if full else blanks + 1
    return edges


def _row(line: Inlines, text: str, edges: list[int]) -> list[Cell]:
    """Cut a line into cells; one that runs over the blanks between columns is a single cell."""
    if any(text[at - 1 : at].strip() for at in edges):
        return [Cell(line, len(edges) + 1)]
    parts: list[Inlines] = []
    rest, start = line, 0
    for edge in edges:
        part, rest = _cut(rest, edge - start)
        parts.append(_trimmed(part))
        start = edge
    # Each cell says of which line it is.
    begins = tuple(item for item in flatten(line) if isinstance(item, LineStart))[:1]
    return [Cell(parts[0]), *(Cell((*begins, *part)) for part in (*parts[1:], _trimmed(rest)))]


def _trimmed(part: Inlines) -> Inlines:
    """Leave out the blanks before and behind a cell's text."""
    items = list(part)
    shown = [at for at, item in enumerate(part) if isinstance(item, str | Span | PageLink)]
    for ends, strip in ((shown[:1], str.lstrip), (shown[-1:], str.rstrip)):
        for at in ends:
            item = items[at]
            items[at] = strip(item) if isinstance(item, str) else item
    return tuple(item for item in items if item != "")


def _cut(line: Inlines, at: int) -> tuple[Inlines, Inlines]:
    """Cut inline text at a column; what has no width there stays before it."""
    before: list[Inline] = []
    for number, item in enumerate(line):
        size = len(_visible((item,)))
        if size <= at:
            before.append(item)
            at -= size
            continue
        left, right = _halves(item, at)
        return (*before, *left), (*right, *line[number + 1 :])
    return tuple(before), ()


def _halves(item: Inline, at: int) -> tuple[Inlines, Inlines]:
    match item:
        case str():
            return (item[:at],) if at else (), (item[at:],)
        case Span(style, content):
            left, right = _cut(content, at)
            return (Span(style, left),) if left else (), (Span(style, right),)
        case PageLink():
            return (), (item,)
        case _:
            return (item,), ()


def _aligned(rows: Rows) -> Rows:
    """Say of each cell whether its column holds figures below its head."""
    width = max(len(row) for row in rows)
    figures = [
        all(_is_figures(row[at]) for row in rows[1:] if len(row) == width) for at in range(width)
    ]
    return [
        [
            replace(cell, figures=len(row) == width and figures[at] and _is_figures(cell))
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def _is_figures(cell: Cell) -> bool:
    text = "".join(item for item in flatten(cell.content) if isinstance(item, str))
    return bool(_FIGURES.fullmatch(text.strip()))
