"""Which row of a text is which line of the scan, and word by word what that makes.

Rows that stand as they were read come first, then runs of equal words in the order of the page,
then rows that were moved elsewhere; what is left between them is compared word by word.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from proofing.alignment import Run, equal_runs, fill, heaviest_chain

#: Of rows and lines with the same words, each is tried with this many to either side of its place.
_NEAR = 4
#: Words in another line than most of their row, and in another row than most of their line, are
#: chance.
_LEAST_OF_BEST = 0.5
#: A row was moved when this much of it, and of the line, is found elsewhere.
_LEAST_MOVED = 0.4
#: A running head belongs to the text only where a row is nearly all of it.
_LEAST_OUTSIDE = 0.6
#: Rows and lines that are compared once more when all else is placed.
_MOST_TRIALS = 100

#: Numbers of a row and a line.
Place = tuple[int, int]


class Same(NamedTuple):
    """Numbers of rows and of lines that have the same words."""

    rows: Sequence[int]
    lines: Sequence[int]


class Words(NamedTuple):
    """The words `word` to `last` of a line."""

    line: int
    word: int
    last: int


@dataclass(frozen=True)
class Stream:
    """The keys of a reading in order, each with its owner (a row or line) and a number there."""

    keys: list[str]
    owners: list[int]
    numbers: list[int]
    #: Where each owner's keys begin and end.
    spans: dict[int, tuple[int, int]]

    @classmethod
    def of(cls, words: Iterable[tuple[int, int, str]]) -> "Stream":
        """Return the stream of words, each (owner, number, key); empty keys are left out."""
        stream = cls([], [], [], {})
        for owner, number, key in words:
            if key:
                stream.spans.setdefault(owner, (len(stream.keys), 0))
                stream.keys.append(key)
                stream.owners.append(owner)
                stream.numbers.append(number)
                stream.spans[owner] = stream.spans[owner][0], len(stream.keys)
        return stream

    def keys_of(self, owner: int) -> list[str]:
        """Return the keys of a row or line."""
        return self.keys[slice(*self.spans.get(owner, (0, 0)))]

    def weight(self, owner: int) -> int:
        """Return how many letters a row or line has."""
        return sum(map(len, self.keys_of(owner)))

    def without(self, owners: Iterable[int]) -> list[str | None]:
        """Return the keys, None for those of these rows or lines."""
        keys: list[str | None] = list(self.keys)
        for owner in owners:
            start, end = self.spans.get(owner, (0, 0))
            keys[start:end] = [None] * (end - start)
        return keys


@dataclass(frozen=True)
class Page:
    """The text as it is typed, the lines that belong to it, and those that stand outside."""

    typed: Stream
    seen: Stream
    outside: Stream
    #: Every row and line with the same words; lines outside come last.
    same: Sequence[Same]


def match(page: Page) -> tuple[dict[int, int], dict[int, Words]]:
    """Return the line of each row that is all as it was read, and the words of tokens elsewhere.

    Rows by their number, tokens by the number that `typed` gives them.
    """
    runs, shared = _loose_runs(page)
    chain = heaviest_chain([*_whole_runs(page), *runs])
    whole = _whole_rows(page, chain)
    moved = _moved(page, chain, shared, whole)
    brought = _brought_in(page, whole, moved)
    rows, lines = {*whole, *moved, *brought}, {*whole.values(), *moved.values()}
    words: dict[int, Words] = {}
    for ours, theirs in _stretches(page, chain, whole, rows, lines):
        _add(words, _filled(page.typed, ours, page.seen, theirs))
    for row, line in moved.items():
        ours, theirs = range(*page.typed.spans[row]), range(*page.seen.spans[line])
        _add(words, _filled(page.typed, ours, page.seen, theirs))
    for row, line in brought.items():
        ours, theirs = range(*page.typed.spans[row]), range(*page.outside.spans[line])
        _add(words, _filled(page.typed, ours, page.outside, theirs))
    _add_left_over(page, shared, rows, {*whole.values()}, words)
    return whole, words


def _whole_runs(page: Page) -> list[Run]:
    """Return each row that is a line, with every line that it may be."""
    return [
        Run(*page.typed.spans[row], *page.seen.spans[line], page.typed.weight(row) + 1)
        for same in page.same
        for place, row in enumerate(same.rows)
        for line in same.lines[max(0, place - _NEAR) : place + _NEAR + 1]
        if row in page.typed.spans and line in page.seen.spans
    ]


def _loose_runs(page: Page) -> tuple[list[Run], Counter[Place]]:
    """Return the runs of equal words outside of whole rows, and the letters shared by each place.

    A line that has its row for certain takes part in none.
    """
    settled = [same for same in page.same if len(same.rows) >= len(same.lines)]
    found = equal_runs(
        page.typed.without(row for same in page.same for row in same.rows),
        page.seen.without(line for same in settled for line in same.lines),
    )
    pieces = [*_pieces(page, found)]
    shared: Counter[Place] = Counter()
    for place, run in pieces:
        shared[place] += run.weight
    best_of_row, best_of_line = _best(shared, 0), _best(shared, 1)
    runs = [
        run
        for place, run in pieces
        if shared[place] >= _LEAST_OF_BEST * min(best_of_row[place[0]], best_of_line[place[1]])
    ]
    return runs, shared


def _best(shared: Mapping[Place, int], side: int) -> dict[int, int]:
    best: dict[int, int] = {}
    for place, weight in shared.items():
        best[place[side]] = max(weight, best.get(place[side], 0))
    return best


def _pieces(page: Page, runs: Iterable[Run]) -> Iterator[tuple[Place, Run]]:
    """Yield the runs, cut where a row or a line ends."""
    for run in runs:
        start, shift = run.a, run.b - run.a
        while start < run.a_end:
            row, line = page.typed.owners[start], page.seen.owners[start + shift]
            end = min(run.a_end, page.typed.spans[row][1], page.seen.spans[line][1] - shift)
            weight = sum(map(len, page.typed.keys[start:end]))
            yield (row, line), Run(start, end, start + shift, end + shift, weight)
            start = end


def _whole_rows(page: Page, chain: Iterable[Run]) -> dict[int, int]:
    """Return the line of each row that is one, also of those that the chain left out."""
    alike = {row for same in page.same for row in same.rows}
    whole = {
        page.typed.owners[run.a]: page.seen.owners[run.b]
        for run in chain
        if page.typed.owners[run.a] in alike
    }
    for same in page.same:
        taken = {whole[row] for row in same.rows if row in whole}
        free = [line for line in same.lines if line not in taken]
        whole |= zip((row for row in same.rows if row not in whole), free, strict=False)
    return whole


def _moved(
    page: Page, chain: Iterable[Run], shared: Counter[Place], whole: Mapping[int, int]
) -> dict[int, int]:
    """Return the lines of rows that stand elsewhere than in the order of the page."""
    row_holds: Counter[int] = Counter()
    line_holds: Counter[int] = Counter()
    for run in chain:
        row_holds[page.typed.owners[run.a]] += run.weight
        line_holds[page.seen.owners[run.b]] += run.weight
    moved: dict[int, int] = {}
    taken = {*whole.values()}
    for (row, line), weight in shared.most_common():
        if row in moved or line in taken or weight <= max(row_holds[row], line_holds[line]):
            continue
        if weight >= _LEAST_MOVED * max(page.typed.weight(row), page.seen.weight(line)):
            moved[row] = line
            taken.add(line)
    return moved


def _brought_in(page: Page, *placed: Mapping[int, int]) -> dict[int, int]:
    """Return the running heads and the like that the text holds as rows of their own."""
    lines_of: dict[str, set[int]] = {}
    for key, line in zip(page.outside.keys, page.outside.owners, strict=True):
        lines_of.setdefault(key, set()).add(line)
    taken = {line for lines in placed for line in lines.values()}
    brought: dict[int, int] = {}
    for key, row in zip(page.typed.keys, page.typed.owners, strict=True):
        for line in lines_of.get(key, set()) - taken:
            if any(row in rows for rows in (*placed, brought)):
                continue
            if _alike(page.typed.keys_of(row), page.outside.keys_of(line)) >= _LEAST_OUTSIDE:
                brought[row] = line
                taken.add(line)
    return brought


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Return 0 to 1: the letters of words that both have, by all letters."""
    shared = sum(map(len, (Counter(ours) & Counter(theirs)).elements()))
    return 2 * shared / sum(map(len, [*ours, *theirs]))


def _stretches(
    page: Page, chain: Sequence[Run], whole: Mapping[int, int], rows: set[int], lines: set[int]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Yield what the chain pairs and what lies between, without rows and lines settled already."""
    fixed = [
        run
        for run in chain
        if whole.get(row := page.typed.owners[run.a]) == (line := page.seen.owners[run.b])
        or (row not in rows and line not in lines)
    ]
    for run in fixed:
        if page.typed.owners[run.a] not in whole:
            yield range(run.a, run.a_end), range(run.b, run.b_end)
    first, last = Run(0, 0, 0, 0, 0), Run(len(page.typed.keys), 0, len(page.seen.keys), 0, 0)
    for above, below in pairwise([first, *fixed, last]):
        ours = [at for at in range(above.a_end, below.a) if page.typed.owners[at] not in rows]
        theirs = [at for at in range(above.b_end, below.b) if page.seen.owners[at] not in lines]
        if ours and theirs:
            yield ours, theirs


def _filled(
    typed: Stream, ours: Sequence[int], seen: Stream, theirs: Sequence[int]
) -> dict[int, Words]:
    """Return by token the words of a stretch."""
    words: dict[int, Words] = {}
    for pair in fill([typed.keys[at] for at in ours], [seen.keys[at] for at in theirs]):
        token, first = typed.numbers[ours[pair.a]], theirs[pair.b]
        line = seen.owners[first]
        last = max(at for at in theirs[pair.b : pair.last + 1] if seen.owners[at] == line)
        _add(words, {token: Words(line, seen.numbers[first], seen.numbers[last])})
    return words


def _add(words: dict[int, Words], found: Mapping[int, Words]) -> None:
    """Add what was found; a token that was found in parts is all of those on its first line."""
    for token, new in found.items():
        known = words.get(token, new)
        if known.line == new.line:
            first, last = min(known.word, new.word), max(known.last, new.last)
            words[token] = Words(new.line, first, last)
        else:
            words[token] = min(known, new)


def _add_left_over(
    page: Page,
    shared: Counter[Place],
    rows: Container[int],
    lines: Container[int],
    words: dict[int, Words],
) -> None:
    """Find rows that share their line with others: columns that the OCR read across.

    `rows` and `lines` are those that have been settled.
    """
    typed, seen = page.typed, page.seen
    for (row, line), weight in shared.most_common(_MOST_TRIALS):
        ours = range(*typed.spans[row])
        held = _letters(typed, ours, words)
        if row in rows or line in lines or weight <= max(held, _LEAST_MOVED * typed.weight(row)):
            continue
        tokens = {typed.numbers[at] for at in ours}
        others = {token: found for token, found in words.items() if token not in tokens}
        found = _filled(typed, ours, seen, _free(seen, line, min(tokens), others))
        if _letters(typed, ours, found) > held:
            words.clear()
            words |= others | found


def _letters(typed: Stream, ours: Iterable[int], words: Container[int]) -> int:
    """Return how many letters of a row have been found."""
    return sum(len(typed.keys[at]) for at in ours if typed.numbers[at] in words)


def _free(seen: Stream, line: int, token: int, words: Mapping[int, Words]) -> list[int]:
    """Return the words of a line that a row with this token may still take, in their order."""
    there = [(number, found) for number, found in words.items() if found.line == line]
    after = max((found.last for number, found in there if number < token), default=-1)
    before = min((found.word for number, found in there if number > token), default=len(seen.keys))
    return [at for at in range(*seen.spans[line]) if after < seen.numbers[at] < before]
