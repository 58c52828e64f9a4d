"""What the pages of a whole book carry besides their text, known by what returns from page to page.

A running head stands beside a page number that is one of a series, or says what heads near it say,
where they stand. A chapter's title stands lower, or where no head came before it: it is text. So is
all that is not sure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Literal

from pipeline.bands import Bands, Row
from pipeline.catchwords import catchwords
from pipeline.folios import Folio, Place, folios
from pipeline.signatures import signatures

Kind = Literal["head", "folio", "foot", "signature", "catchword"]
KINDS: frozenset[str] = frozenset(["head", "folio", "foot", "signature", "catchword"])

#: Pages before and after that may have the same head.
_NEAR = 12
#: Two rows say the same when they share this much of their pairs of letters.
_SAME, _PART = 0.62, 0.7
#: Letters below which a row says nothing; pairs below which a part of one doesn't.
_TELLING, _TELLING_PART = 4, 5
#: Where heads stand may differ by this, in em, from those that are sure.
_LEEWAY = 0.7
#: A row that stands as often as this on pages near is no text.
_OFTEN = 3
#: A head has white under it, in em, or is set in capitals.
_WHITE, _CAPITALS = 0.45, 0.6
#: A row beside a number that takes more of the text's width than this may be text.
_FULL = 0.97
#: Letters beside a number at the foot that are no running foot: `33 D`.
_FEW = 2
#: Rows that a running foot may be read as; the white above it, in em.
_FEET, _SET_OFF = 3, 0.8
#: Specks outside of a head take no more of the text's width than this.
_SPECK = 0.34


@dataclass
class PageFurniture:
    """What was found on a page: kinds by the line's place, and the page's number.

    `label` is the number that is printed, or counted where none is; empty where no series reaches.
    """

    kinds: dict[int, Kind] = field(default_factory=dict)
    label: str = ""
    printed: bool = False

    def mark(self, row: Row, kind: Kind) -> None:
        """Say what a row is; what was said before stands."""
        for line in row.lines:
            self.kinds.setdefault(line, kind)


def furniture(pages: Sequence[Bands]) -> list[PageFurniture]:
    """Return what each page of a book carries besides its text; `pages` in the book's order."""
    found = [PageFurniture() for _ in pages]
    for place, row in _feet(pages):
        found[place].mark(row, "foot")
    numbers = folios(pages)
    heads: dict[int, Row] = {}
    for place, (page, folio) in enumerate(zip(pages, numbers, strict=True)):
        if folio is None:
            continue
        here = found[place]
        here.label, here.printed = str(folio.number), folio.place is not None
        if numbered := _numbered(page, folio, here):
            here.mark(numbered, _kind(folio))
            if folio.place and not folio.place.alone and not folio.place.at_foot:
                heads[place] = numbered
    for place, row in _returning(pages, heads, found, numbers):
        found[place].mark(row, "head")
    _mark_at_foot(pages, found)
    for page, here in zip(pages, found, strict=True):
        _mark_specks(page, here)
    return found


def _kind(folio: Folio) -> Kind:
    if folio.place is None or _letters_beside(folio.place) <= _FEW:
        return "folio"
    return "foot" if folio.place.at_foot else "head"


def _numbered(page: Bands, folio: Folio, here: PageFurniture) -> Row | None:
    """Return the row of a page's number, unless it may be a row of the text."""
    if folio.place is None:
        return None
    row, at_foot = folio.place.row, folio.place.at_foot
    rows = page.foot if at_foot else page.top
    outside = rows[: rows.index(row)]
    if not all(_is_marked(each, here) or page.share(each) < _SPECK for each in outside):
        return None
    if folio.place.alone or _letters_beside(folio.place) <= _FEW:
        return row
    inner = page.above(row) if at_foot else page.below(row)
    if inner is None or row.capitals > _CAPITALS:
        return row
    white = page.gap(inner, row) if at_foot else page.gap(row, inner)
    return row if white > _WHITE and page.share(row) < _FULL else None


def _letters_beside(place: Place) -> int:
    """How much stands in the row of a number besides it: a signature's mark, or a head."""
    return sum(len(token.text) for token in place.row.tokens) - len(place.token.text)


def _same(one: Row, other: Row) -> bool:
    """Whether two rows say the same, as far as OCR lets it be seen."""
    if min(len(one.letters), len(other.letters)) < _TELLING:
        return False
    shared = len(one.pairs & other.pairs)
    return 2 * shared >= _SAME * (len(one.pairs) + len(other.pairs))


def _depth(page: Bands, row: Row) -> float:
    """How far down a row stands, as a share of the page's height."""
    return row.top / page.height


def _returning(
    pages: Sequence[Bands],
    sure: Mapping[int, Row],
    found: Sequence[PageFurniture],
    numbers: Sequence[Folio | None],
) -> Iterator[tuple[int, Row]]:
    """Yield heads whose number is not printed or was not read."""
    for place, page in enumerate(pages):
        number = numbers[place]
        if place in sure or (number and number.place and number.place.alone and sure):
            continue  # a number alone, elsewhere than beside heads: a chapter's first page
        near = [other for other in range(place - _NEAR, place + _NEAR + 1) if other != place]
        marked = [other for other in near if other in sure]
        first = _first(page, found[place])
        for row in page.top:
            if marked:
                alike = [other for other in marked if _same(row, sure[other])]
                if any(other < place for other in alike) and _in_reach(
                    pages, sure, page, row, marked
                ):
                    yield place, row
                    break
            elif row is first and _stands_often(pages, place, row, near):
                yield place, row


def _in_reach(
    pages: Sequence[Bands], sure: Mapping[int, Row], page: Bands, row: Row, marked: Sequence[int]
) -> bool:
    """Whether a row stands no lower than the heads near it do."""
    lowest = max(_depth(pages[other], sure[other]) for other in marked)
    return _depth(page, row) <= lowest + _LEEWAY * page.em / page.height


def _stands_often(pages: Sequence[Bands], place: int, row: Row, near: Sequence[int]) -> bool:
    """Whether a page's first row stands first on pages near as well, before and as high."""
    page = pages[place]
    below = page.below(row)
    if below is None or page.gap(row, below) < _WHITE or page.share(row) > _FULL:
        return False
    leeway = 2 * _LEEWAY * page.em / page.height
    alike = [
        other
        for other in near
        if 0 <= other < len(pages)
        and any(
            _same(row, each) and abs(_depth(pages[other], each) - _depth(page, row)) < leeway
            for each in pages[other].top[:2]
        )
    ]
    return len(alike) >= _OFTEN and any(other < place for other in alike)


def _feet(pages: Sequence[Bands]) -> Iterator[tuple[int, Row]]:
    """Yield what stands under the text of most pages near: a maker's line, a running foot."""
    for place, page in enumerate(pages):
        near = [
            pages[other]
            for other in range(max(0, place - _NEAR), min(len(pages), place + _NEAR + 1))
            if other != place
        ]
        rows = list(takewhile(partial(_stands_under, page, near), page.foot[:_FEET]))
        inner = page.above(rows[-1]) if rows else None
        if inner is not None and page.gap(inner, rows[-1]) > _SET_OFF:
            yield from ((place, row) for row in rows)


def _stands_under(page: Bands, near: Sequence[Bands], row: Row) -> bool:
    """Whether a row, or a piece of it, stands as low on many of the pages near."""
    often = sum(
        any(_is_part(row, other) and _as_low(page, row, that, other) for other in that.foot[:_FEET])
        for that in near
    )
    return page.share(row) <= _FULL and often >= max(_OFTEN, len(near) / 3)


def _is_part(row: Row, other: Row) -> bool:
    """Whether one of two rows is a piece of the other."""
    fewer = min(len(row.pairs), len(other.pairs))
    return fewer >= _TELLING_PART and len(row.pairs & other.pairs) >= _PART * fewer


def _as_low(page: Bands, row: Row, that: Bands, other: Row) -> bool:
    leeway = _LEEWAY * page.em / page.height
    return abs(row.bottom / page.height - other.bottom / that.height) < leeway


def _mark_at_foot(pages: Sequence[Bands], found: Sequence[PageFurniture]) -> None:
    """Mark signatures, then catchwords, in the last row that is not marked yet."""
    feet = [_last(page, here) for page, here in zip(pages, found, strict=True)]
    labels = [here.label for here in found]
    for place in signatures(pages, feet, labels):
        if row := feet[place]:
            found[place].mark(row, "signature")
    feet = [_last(page, here) for page, here in zip(pages, found, strict=True)]
    heads = [_first(page, here) for page, here in zip(pages, found, strict=True)]
    for place in catchwords(pages, feet, heads):
        if row := feet[place]:
            found[place].mark(row, "catchword")


def _last(page: Bands, here: PageFurniture) -> Row | None:
    return next((row for row in page.foot if not _is_marked(row, here)), None)


def _first(page: Bands, here: PageFurniture) -> Row | None:
    return next((row for row in page.top if not _is_marked(row, here)), None)


def _is_marked(row: Row, here: PageFurniture) -> bool:
    return any(line in here.kinds for line in row.lines)


def _mark_specks(page: Bands, here: PageFurniture) -> None:
    """Mark what was read outside of a head as belonging to it: specks, a binding's edge."""
    rows = page.top
    head = next((at for at, row in enumerate(rows) if _is_marked(row, here)), 0)
    outside = rows[:head]
    if all(page.share(row) < _SPECK for row in outside):
        for row in outside:
            here.mark(row, "head")
