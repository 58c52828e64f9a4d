"""Printed page numbers of a whole book: found at the edges of its pages by how they go on.

A number on one page may be anything. Where numbers on many pages keep the same distance from the
places of their scans, they are page numbers; then what was misread among them can be mended, and
what stands between them is known. A change of the distance costs more than a misread page or two
can pay for (a shortest path, found as Viterbi's).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from library.labels import Number, Style, number_of
from pipeline.bands import Bands, Row, Token

#: Letters that are read for figures, and the other way round.
_FIGURES = str.maketrans("IlijoOQDSsBZzgqAaGbTt", "111100005582299426677")
#: What a number is worth as evidence: alone in its row, at the end of a row of other words.
_ALONE, _AT_END, _INNER, _MENDED = 2.0, 1.5, 0.7, 0.6
#: What a change of the distance costs, and a plain number that does not fit.
_CHANGE, _OTHER = 3.2, 0.5
#: A distance is looked into when its pages are worth this much.
_LEAST_WORTH = 3.0
#: Of the pages from the first to the last of a series, at least this share bear their number.
_DENSE = 0.2
_FEWEST = 2
_GREATEST = 9999
_APART = 0.55


@dataclass(frozen=True)
class Place:
    """Where a number stands: the row, which of its words, and whether at the foot."""

    row: Row
    token: Token
    at_foot: bool
    alone: bool


@dataclass(frozen=True)
class Folio:
    """A page's number in its series; without a place it is not printed, or can't be read."""

    number: Number
    place: Place | None


@dataclass(frozen=True)
class _Distance:
    """A series of numbers: their style, and by how much they are ahead of their scans."""

    style: Style
    ahead: int

    def at(self, page: int) -> Number:
        return Number(self.style, page + self.ahead)


_Seen = dict[_Distance, tuple[float, Place]]


def folios(pages: Sequence[Bands]) -> list[Folio | None]:
    """Return each page's number, or None where no series of numbers reaches."""
    seen = [_distances(number, page) for number, page in enumerate(pages)]
    worth: dict[_Distance, float] = defaultdict(float)
    for page in seen:
        for distance, (value, _) in page.items():
            worth[distance] += value
    likely = [distance for distance, value in worth.items() if value >= _LEAST_WORTH]
    result: list[Folio | None] = [None] * len(pages)
    if likely:
        for distance, run in groupby(enumerate(_path(seen, likely)), key=lambda each: each[1]):
            _fill(result, [number for number, _ in run], distance, seen, pages)
    return result


def edges(page: Bands) -> Iterator[tuple[float, Place]]:
    """Yield the words at the ends of a page's outer rows, with what they are worth as evidence."""
    for at_foot, rows in ((False, page.top), (True, page.foot)):
        for depth, row in enumerate(rows):
            share = 1.0 if depth == 0 else 0.6
            if len(row.tokens) == 1:
                yield share * _ALONE, Place(row, row.tokens[0], at_foot, alone=True)
                continue
            for token, beside in ((row.tokens[0], row.tokens[1]), (row.tokens[-1], row.tokens[-2])):
                gap = max(beside.left - token.right, token.left - beside.right) / page.em
                value = _AT_END if gap > _APART else _INNER
                yield share * value, Place(row, token, at_foot, alone=False)


def resembles(text: str, number: Number) -> bool:
    """Say whether what was read may be this number, badly printed or misread."""
    wanted = str(number)
    if number.style == "arabic":
        text = text.translate(_FIGURES)
    if abs(len(text) - len(wanted)) > (len(wanted) > 1):
        return False
    alike = max(
        sum(one == two for one, two in zip(text, wanted, strict=False)),
        sum(one == two for one, two in zip(reversed(text), reversed(wanted), strict=False)),
    )
    return 2 * alike >= max(len(wanted), len(text))


def _distances(number: int, page: Bands) -> _Seen:
    """Return each series that a page's numbers may belong to, with the best evidence for it."""
    seen: _Seen = {}
    for worth, place in edges(page):
        for found, share in _readings(place.token.text):
            distance = _Distance(found.style, found.value - number)
            if distance not in seen or seen[distance][0] < worth * share:
                seen[distance] = worth * share, place
    return seen


def _readings(text: str) -> Iterator[tuple[Number, float]]:
    """Yield the numbers that a word may be, and how good each is."""
    found = number_of(text)
    if found is not None and 0 < found.value <= _GREATEST:
        lone_letter = found.style != "arabic" and len(text) == 1
        yield found, 0.5 if lone_letter else 1.0
    if len(text) <= 4 and not text.isdecimal():  # noqa: PLR2004 - as long as numbers are
        mended = number_of(text.translate(_FIGURES))
        if mended is not None and mended.style == "arabic" and mended.value > 0:
            yield mended, _MENDED if any(sign.isdecimal() for sign in text) else _MENDED / 2


def _path(seen: Sequence[_Seen], likely: Sequence[_Distance]) -> list[_Distance]:
    """Return the best series for each page."""
    best = dict.fromkeys(likely, 0.0)
    came: list[dict[_Distance, _Distance]] = []
    for page in seen:
        plain = max((worth for worth, _ in page.values()), default=0.0) >= _AT_END
        leader = max(best, key=best.__getitem__)
        back, values = {}, {}
        for distance in likely:
            stays = best[distance] >= best[leader] - _CHANGE
            back[distance] = distance if stays else leader
            value = best[distance] if stays else best[leader] - _CHANGE
            gain = page[distance][0] if distance in page else -_OTHER if plain else 0.0
            values[distance] = value + gain
        came.append(back)
        best = values
    path = [max(best, key=best.__getitem__)]
    for back in reversed(came[1:]):
        path.append(back[path[-1]])
    return path[::-1]


def _fill(
    result: list[Folio | None],
    numbers: Sequence[int],
    distance: _Distance,
    seen: Sequence[_Seen],
    pages: Sequence[Bands],
) -> None:
    """Set the numbers of a run of pages, from its first page to the last that bears its own.

    Pages before the first printed number are counted, too, as far as they go: the first page of a
    chapter bears none. What comes behind the last number may be anything.
    """
    sure = [number for number in numbers if distance in seen[number]]
    if not sure:
        return
    reach = range(sure[0], sure[-1] + 1)
    if len(sure) < max(_FEWEST, _DENSE * len(reach)):
        return
    first = _first(result, numbers[0], sure[0], distance)
    for number in numbers:
        wanted = distance.at(number)
        place = (
            seen[number][distance][1]
            if distance in seen[number]
            else _misread(pages[number], wanted)
        )
        if first <= number <= sure[-1] or (place is not None and wanted.value > 0):
            result[number] = Folio(wanted, place)


def _first(result: Sequence[Folio | None], begin: int, sure: int, distance: _Distance) -> int:
    """Return from which page on a run counts: behind the numbers of its style before it."""
    before = next((folio for folio in reversed(result[:begin]) if folio is not None), None)
    least = 1
    if before is not None and before.number.style == distance.style:
        least = before.number.value + 1
        begin = sure if least > distance.at(sure).value else begin
    return min(sure, max(begin, least - distance.ahead))


def _misread(page: Bands, wanted: Number) -> Place | None:
    """Return where a page's number stands when it was misread, or None."""
    likely = [(worth, place) for worth, place in edges(page) if resembles(place.token.text, wanted)]
    best = max(likely, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] >= _AT_END else None
