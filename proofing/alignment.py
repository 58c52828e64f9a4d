"""Which word of one reading is which word of another: runs of equal words, chained, then filled in.

A word is a key: what is compared, without what never matters. Pure sequences, no page: equal runs
that are sure (a word or two neighbours that occur once on either side) are chained so that they
keep the order of both sides and weigh most; what lies between two of them is small enough to be
compared word by word, with words run together or broken apart taken into account.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

_Seed = TypeVar("_Seed")

#: Words of both sides that are compared each with each: about a millisecond.
_MOST_CELLS = 400
#: Less alike, two words are two words.
_LEAST_LIKENESS = 0.5
#: Words run together are nearly letter for letter the word they make.
_LEAST_JOINED = 0.75
#: Letters and signs that may be read for one another have together this many at most.
_MOST_MISREAD = 3


class Run(NamedTuple):
    """Words `a` to `a_end` of one side are words `b` to `b_end` of the other."""

    a: int
    a_end: int
    b: int
    b_end: int
    weight: int


class Pair(NamedTuple):
    """Word `a` of one side is the words `b` to `last` of the other."""

    a: int
    b: int
    last: int


def likeness(one: str, other: str) -> float:
    """Return 0 to 1: twice the letters that both have in the same order, by all letters."""
    if one == other:
        return 1.0
    return 2 * _common(one, other) / (len(one) + len(other) or 1)


def equal_runs(a: Sequence[str | None], b: Sequence[str | None]) -> list[Run]:
    """Return the longest equal runs around words or neighbours that occur once on both sides.

    None equals nothing. Runs may overlap on one side and cross each other.
    """
    runs = []
    ends: dict[int, int] = {}
    for i, j in sorted(_seeds(a, b)):
        if ends.get(j - i, 0) > i:
            continue
        first, end = i, i + 1
        while first and first + j - i and a[first - 1] and a[first - 1] == b[first + j - i - 1]:
            first -= 1
        while end < len(a) and end + j - i < len(b) and a[end] and a[end] == b[end + j - i]:
            end += 1
        ends[j - i] = end
        weight = sum(len(key or "") for key in a[first:end])
        runs.append(Run(first, end, first + j - i, end + j - i, weight))
    return runs


def heaviest_chain(runs: Iterable[Run]) -> list[Run]:
    """Return the runs of greatest weight that follow one another on both sides."""
    ordered = sorted(runs)
    by_end = sorted(range(len(ordered)), key=lambda index: ordered[index].a_end)
    totals: list[int] = []
    before: list[int] = []
    # Of the chains that end in `a` where the next run begins: where in `b`, ever further, ever
    # heavier, and with which run.
    ends: list[int] = []
    last: list[int] = []
    ended = 0
    for run in ordered:
        while ordered[by_end[ended]].a_end <= run.a:
            index = by_end[ended]
            _add_end(ends, last, totals, ordered[index].b_end, index)
            ended += 1
        place = bisect_right(ends, run.b) - 1
        before.append(last[place] if place >= 0 else -1)
        totals.append(run.weight + (totals[last[place]] if place >= 0 else 0))
    index = max(range(len(ordered)), key=totals.__getitem__, default=-1)
    chain = []
    while index >= 0:
        chain.append(ordered[index])
        index = before[index]
    return chain[::-1]


def fill(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """Return which words of two short readings are the same, in order.

    Readings too long to be compared word by word are cut at equal words first; what stays too long
    is not like.
    """
    return [*_fill(a, b, cut=True)]


def _seeds(a: Sequence[str | None], b: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """Yield where a word, or two neighbours, stand that occur once on both sides."""
    for seeds_a, seeds_b in ((a, b), (_neighbours(a), _neighbours(b))):
        there = _once(seeds_b)
        for seed, place in _once(seeds_a).items():
            other = there.get(seed, -1)
            if place >= 0 and other >= 0 and seed is not None:
                yield place, other


def _neighbours(keys: Sequence[str | None]) -> list[tuple[str, str] | None]:
    return [(one, two) if one and two else None for one, two in pairwise(keys)]


def _once(seeds: Sequence[_Seed]) -> dict[_Seed, int]:
    """Return where each seed is, -1 for those that occur again."""
    places: dict[_Seed, int] = {}
    for place, seed in enumerate(seeds):
        places[seed] = -1 if seed in places else place
    return places


def _add_end(ends: list[int], last: list[int], totals: Sequence[int], end: int, index: int) -> None:
    """Put a chain that ends at `end` among those that end ever further and weigh ever more."""
    place = bisect_right(ends, end)
    if place and totals[last[place - 1]] >= totals[index]:
        return
    ends.insert(place, end)
    last.insert(place, index)
    place += 1
    while place < len(last) and totals[last[place]] <= totals[index]:
        del ends[place], last[place]


def _fill(a: Sequence[str], b: Sequence[str], *, cut: bool) -> Iterator[Pair]:
    first, end_a, end_b = 0, len(a), len(b)
    while first < min(end_a, end_b) and a[first] == b[first]:
        yield Pair(first, first, first)
        first += 1
    while min(end_a, end_b) > first and a[end_a - 1] == b[end_b - 1]:
        end_a, end_b = end_a - 1, end_b - 1
        yield Pair(end_a, end_b, end_b)
    if first in (end_a, end_b):
        return
    between_a, between_b = a[first:end_a], b[first:end_b]
    if len(between_a) * len(between_b) <= _MOST_CELLS:
        pairs: Iterable[Pair] = _with_misread(between_a, between_b, [*_pair(between_a, between_b)])
    elif cut:
        pairs = _cut(between_a, between_b)
    else:
        return
    for pair in pairs:
        yield Pair(pair.a + first, pair.b + first, pair.last + first)


def _cut(a: Sequence[str], b: Sequence[str]) -> Iterator[Pair]:
    """Pair equal words so that they are as many as can be, and what lies between them."""
    i = j = 0
    for next_i, next_j in [*_equal_words(a, b), (len(a), len(b))]:
        for pair in _fill(a[i:next_i], b[j:next_j], cut=False):
            yield Pair(pair.a + i, pair.b + j, pair.last + j)
        if next_i < len(a):
            yield Pair(next_i, next_j, next_j)
        i, j = next_i + 1, next_j + 1


def _equal_words(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence, in order."""
    rows = _subsequences(a, b)
    pairs = []
    i, j = len(a), len(b)
    while i and j:
        if rows[j] >> (i - 1) & 1:
            i -= 1
        elif not rows[j - 1] >> (i - 1) & 1:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _subsequences(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """Return for each beginning of `b` the bits of `a`, 0 where a subsequence becomes longer.

    After Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
    """
    places: dict[str, int] = {}
    for place, item in enumerate(a):
        places[item] = places.get(item, 0) | 1 << place
    every = row = (1 << len(a)) - 1
    rows = [row]
    for item in b:
        both = row & places.get(item, 0)
        row = (row + both | row - both) & every
        rows.append(row)
    return rows


def _common(one: str, other: str) -> int:
    return len(one) - _subsequences(one, other)[-1].bit_count()


def _worth(one: str, other: str, least: float = _LEAST_LIKENESS) -> float:
    """Return what pairing two words is worth: their letters, less the less they are alike."""
    letters = len(one) + len(other)
    if 2 * min(len(one), len(other)) < least * letters:
        return 0.0
    alike = likeness(one, other)
    return alike * alike * letters / 2 if alike >= least else 0.0


def _pair(a: Sequence[str], b: Sequence[str]) -> Iterator[Pair]:
    """Yield the pairs of greatest worth together: one to one, one to several, several to one."""
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    steps = [[(0, 0)] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            best[i][j], steps[i][j] = max(
                (best[i + 1][j], (1, 0)),
                (best[i][j + 1], (0, 1)),
                *(
                    (best[i + down][j + right] + worth, (down, right))
                    for worth, down, right in _offers(a, b, i, j)
                ),
            )
    yield from _walk(steps)


def _offers(a: Sequence[str], b: Sequence[str], i: int, j: int) -> Iterator[tuple[float, int, int]]:
    """Yield the ways to pair the words at `i` and `j`: worth, and how many of each side."""
    one, other = a[i], b[j]
    if worth := _worth(one, other):
        yield worth, 1, 1
    for count, joined in _joined(b, j, len(one)):
        if worth := _worth(one, joined, _LEAST_JOINED):
            yield worth, 1, count
    for count, joined in _joined(a, i, len(other)):
        if worth := _worth(joined, other, _LEAST_JOINED):
            yield worth, count, 1


def _with_misread(a: Sequence[str], b: Sequence[str], pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs and, where as many words are left on both sides, those in their places."""
    yield from pairs
    for above, below in pairwise([Pair(-1, -1, -1), *pairs, Pair(len(a), len(b), len(b))]):
        if below.a - above.a == below.b - above.last:
            for i, j in zip(
                range(above.a + 1, below.a), range(above.last + 1, below.b), strict=True
            ):
                if _may_stand_for(a[i], b[j]):
                    yield Pair(i, j, j)


def _may_stand_for(one: str, other: str) -> bool:
    """Whether one may be the other misread: a letter is read as a sign, a word is not."""
    return one.isalnum() == other.isalnum() or len(one) + len(other) <= _MOST_MISREAD


def _joined(keys: Sequence[str], place: int, letters: int) -> Iterator[tuple[int, str]]:
    """Yield two and more words from `place` on, run together, as long as they may be like."""
    longest = letters * (2 / _LEAST_JOINED - 1)
    joined = keys[place]
    for count in range(2, len(keys) - place + 1):
        joined += keys[place + count - 1]
        if len(joined) > longest:
            return
        yield count, joined


def _walk(steps: Sequence[Sequence[tuple[int, int]]]) -> Iterator[Pair]:
    i = j = 0
    while i < len(steps) - 1 and j < len(steps[0]) - 1:
        down, right = steps[i][j]
        if down and right:
            for several in range(down):
                yield Pair(i + several, j, j + right - 1)
        i, j = i + down, j + right
