"""Signature marks: the letter or number at the foot of a sheet's first leaves, for the binder.

They go up by one from sheet to sheet, and sheets have equally many pages. So a mark is one when
it fits its page, or when others in the book keep step with it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from library.labels import number_of
from pipeline.bands import Bands, Row

#: Sheets were signed with the Latin alphabet: no J, no U or V, no W.
_ALPHABET = "ABCDEFGHIKLMNOPQRSTUXYZ"
_PAGES_A_SHEET = (8, 12, 16, 24, 32)
_MARK = re.compile(r"(?:(?P<letter>[A-Z])(?P=letter)?|(?P<number>\d{1,3}))(?P<leaf>\d|\*{1,3})?")
_LEAF = re.compile(r"[2-9a]|\*{1,3}|ii|iii|iv|v")
#: A mark may stand beside the title of the book; this much of the text's width at most.
_NARROW, _MOST_WORDS = 0.75, 7
_WHITE = 0.35
#: A mark without more is at most so long (`19-2`, `2 B*`); one that was misread is shorter.
_ALONE, _SHORT = 4, 2
#: A mark stands this far from the left edge, and from a title beside it, in em.
_INWARDS, _OFF = 3.0, 2.0


@dataclass(frozen=True)
class _Mark:
    """A mark that may be a signature: of which sheet (from 1), and on which leaf of it."""

    page: int
    sheet: int
    leaf: int
    alone: bool


def signatures(
    pages: Sequence[Bands], feet: Sequence[Row | None], labels: Sequence[str]
) -> list[int]:
    """Return the places of pages whose last row, in `feet`, is a signature.

    `labels` are the pages' printed numbers, as far as they are known.
    """
    likely = [mark for place, row in enumerate(feet) if row for mark in _marks(pages, place, row)]
    sizes = Counter(size for mark in likely for size in _sizes(mark, labels[mark.page]))
    fitting = {mark.page for mark in likely if _sizes(mark, labels[mark.page])}
    for one, other in combinations(likely, 2):
        if one.alone and other.alone and _in_step(one, other):
            fitting |= {one.page, other.page}
    for size, _ in sizes.most_common(1):
        fitting |= set(_misread(pages, feet, labels, size))
    return sorted(fitting)


def _misread(
    pages: Sequence[Bands], feet: Sequence[Row | None], labels: Sequence[str], size: int
) -> Iterator[int]:
    """Yield pages on which a sheet begins and a letter or two stand alone, inwards, at the foot."""
    for place, (page, row, label) in enumerate(zip(pages, feet, labels, strict=True)):
        number = number_of(label)
        if row is None or number is None or number.style != "arabic" or number.value % size != 1:
            continue
        inwards = row.left - page.left > _INWARDS * page.em
        if inwards and sum(len(token.text) for token in row.tokens) <= _SHORT:
            yield place


def _marks(pages: Sequence[Bands], place: int, row: Row) -> Iterator[_Mark]:
    """Yield what a page's last row may be as a signature."""
    page = pages[place]
    above = page.above(row)
    few = len(row.tokens) <= _MOST_WORDS and page.share(row) < _NARROW
    if above is None or not few or page.gap(above, row) < _WHITE:
        return
    words = [part for token in row.tokens for part in re.split(r"[-\u2010-\u2015]+", token.text)]
    words = [word for word in words if word]
    alone = sum(map(len, words)) <= _ALONE
    if not alone and not _stands_off(row, page):
        return
    last = words[-2:] if len(words) > 1 and _LEAF.fullmatch(words[-1]) else words[-1:]
    found = _MARK.fullmatch(_upper(last[0]) if last else "")
    if found is None:
        return
    leaf = bool(found["leaf"]) or len(last) > 1
    sheets = (
        [int(found["number"])]
        if found["number"]
        else [_ALPHABET.find(found["letter"]) + shift for shift in (0, 1)]
    )
    for sheet in sheets:
        if sheet > 0:
            yield _Mark(place, sheet, 1 + leaf, alone)
    if found["number"] is None and last[0].upper() == "G":
        yield _Mark(place, 6, 1 + leaf, alone)


def _stands_off(row: Row, page: Bands) -> bool:
    """Whether the last word of a row is far from the others, as a mark beside a book's title."""
    if len(row.tokens) == 1:
        return False
    *_, before, last = row.tokens
    return last.left - before.right > _OFF * page.em


def _upper(word: str) -> str:
    """Small capitals are read as small letters where they have the same shape."""
    return word.upper() if len(word) == 1 and word in "cosuvxz" else word


def _sizes(mark: _Mark, label: str) -> list[int]:
    """Return of how many pages sheets are, if that one begins on this page or the leaf before."""
    number = number_of(label)
    if number is None or number.style != "arabic":
        return []
    first = number.value - 2 * (mark.leaf - 1)
    return [size for size in _PAGES_A_SHEET if first == size * (mark.sheet - 1) + 1]


def _in_step(one: _Mark, other: _Mark) -> bool:
    """Whether two marks are as many sheets apart as their pages say."""
    sheets, apart = other.sheet - one.sheet, other.page - one.page
    return one.leaf == other.leaf and sheets > 0 and apart in {sheets * n for n in _PAGES_A_SHEET}
