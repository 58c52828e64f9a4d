"""Finds words of a book in the texts of its pages.

A book shows other signs than the page: curly quotes, dashes, words joined again, no line ends, no
marks, notes elsewhere. What both have in common is the order of letters and figures, without case
and accents; that alone is compared.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from exports.making.brackets import closings

#: Parts two pages in a text that spans a seam; page text has no control characters.
SEAM = "\f"
#: What a book does not show of a page, notes and captions aside.
UNSHOWN = re.compile(
    r"</?(?:i|b|sc|g|f|u)>|<tb\b[^>]*>|\[\*\*(?:[^\[\]]|\[[^\[\]]*\])*\]|\[Blank Page\]"
    r"|^[ ]*(?:/[*#]|[*#]/).*$|\[(?:\d{1,3}|[A-Za-z]|[*\u2020\u2021\u00a7\u2016\u00b6]{1,3})\]"
    r"|\[Greek:|[\^_](?=\{)|\f",
    re.MULTILINE,
)
_ASIDE = re.compile(r"\*?\[(?:Footnote|Illustration|Sidenote)\b[ ]*[^\s:\[\]]{0,8}(?=[:\]]):?")
_NOT_COMPARED = re.compile(r"[\W_]+")
#: How a book's file or a browser gives the number of a note behind a word.
_NOTE_NUMBER = re.compile(
    r"\[\d{1,3}\]|(?<=[^\W\d])\d{1,3}\b|(?<=[.,;:!?\"'\u2019\u201d])\d{1,3}\b"
)
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe"})
_MOST_PLACES = 8
#: Places looked at before the likeliest are chosen.
_MOST_LOOKED_AT = 200


@dataclass(frozen=True)
class Place:
    """Where words stand: `page` counts the texts given, from 0; `line` those of its text, from 1.

    `text` is the page's own text from their first letter to their last, over a seam with SEAM.
    """

    page: int
    line: int
    start: int
    end: int
    text: str


def folded(text: str) -> str:
    """Return a text's letters and figures, without case and accents."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return _NOT_COMPARED.sub("", plain.casefold().translate(_LIGATURES))


def locate(
    texts: Sequence[str], words: str, quote: str = "", near: tuple[int, int] | None = None
) -> list[Place]:
    """Return where `words` of a book stand in the texts of its pages, the likeliest first.

    `quote` is a longer stretch with these words in it, as far as known; `near` a page (from 0) and
    a line that they are thought to be on. No place where nothing fits; never more than eight.
    """
    before, after = around(quote, words)
    beside = folded(before), folded(after)
    for asked in dict.fromkeys((words, _NOTE_NUMBER.sub("", words))):
        found = [*islice(_places(texts, folded(asked), folded(quote)), _MOST_LOOKED_AT)]
        if found:
            return _ranked(texts, found, beside, near)[:_MOST_PLACES]
    # Words without a letter, or not as printed: what is around them is.
    return [] if not quote or quote == words else locate(texts, quote, near=near)


def visible(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text whose unshown parts are NUL, and the stretches of notes and captions in it."""
    blank = UNSHOWN.sub(lambda part: "\0" * len(part[0]), text)
    ends = closings(text)
    asides = []
    for opening in _ASIDE.finditer(text):
        end = ends.get(text.index("[", opening.start()))
        if end is not None:
            asides.append((opening.end(), end - 1))
            blank = _blank(blank, opening.start(), opening.end())
            blank = _blank(blank, end - 1, end)
    return blank, asides


def streams(text: str) -> Iterator[str]:
    """Yield a text as long as the given one for its body and for each note and caption.

    All that is not part of it is NUL.
    """
    blank, asides = visible(text)
    body = blank
    for start, end in asides:
        body = _blank(body, start, end)
    yield body
    for start, end in asides:
        yield "\0" * start + blank[start:end] + "\0" * (len(text) - end)


def letters(text: str) -> Iterator[tuple[str, int]]:
    """Yield what is compared of each character, where that is anything, and its offset."""
    for offset, sign in enumerate(text):
        if sign != "\0" and (found := folded(sign)):
            yield found, offset


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "\0" * (end - start) + text[end:]


def _places(texts: Sequence[str], wanted: str, quote: str) -> Iterator[Place]:
    """Yield where the letters stand; only on the pages of the whole quotation, if it stands."""
    if not wanted:
        return
    pages = _pages_with(texts, quote) if len(quote) > len(wanted) else []
    # Words at a quotation's end may stand on the page after the one that it begins on.
    over = {page + more for page in pages for more in (0, 1) if page + more < len(texts)}
    for page in sorted(over) or _pages_with(texts, wanted):
        pair = SEAM.join(texts[page : page + 2])
        seam = len(texts[page])
        for stream in streams(pair):
            for start, end in _matches(stream, wanted):
                if start < seam:
                    line = texts[page].count("\n", 0, start) + 1
                    yield Place(page, line, start, end, pair[start:end])


def _pages_with(texts: Sequence[str], wanted: str) -> list[int]:
    """Return the pages on which the letters may begin: a quick look at all of them."""
    kept = [[folded(each) for each in streams(text)] for text in texts]
    found = []
    for page, parts in enumerate(kept):
        over = kept[page + 1][0] if page + 1 < len(kept) else ""
        body = parts[0] + over[: len(wanted) - 1]
        if any(wanted in part for part in (body, *parts[1:])):
            found.append(page)
    return found


def _matches(stream: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a stream with these letters that begin and end with whole words.

    Where there is none, parts of words do.
    """
    found = [*letters(stream)]
    # One character may be two letters: each letter knows its character.
    owners = [offset for sign, offset in found for _ in sign]
    whole = "".join(sign for sign, _ in found)
    spans = []
    at = whole.find(wanted)
    while at >= 0:
        spans.append((owners[at], owners[at + len(wanted) - 1] + 1))
        at = whole.find(wanted, at + 1)
    yield from [span for span in spans if _is_whole(stream, *span)] or spans


def _is_whole(stream: str, start: int, end: int) -> bool:
    before, after = stream[:start][-1:], stream[end : end + 1]
    return not (before.isalnum() or after.isalnum())


def around(quote: str, words: str) -> tuple[str, str]:
    """Return what a quotation has before its words and after them: the middle ones."""
    middle = (len(quote) - len(words)) // 2
    starts = [match.start() for match in re.finditer(re.escape(words), quote)] if words else []
    if not starts:
        return "", ""
    start = min(starts, key=lambda each: abs(each - middle))
    return quote[:start], quote[start + len(words) :]


def _ranked(
    texts: Sequence[str],
    found: list[Place],
    beside: tuple[str, str],
    near: tuple[int, int] | None,
) -> list[Place]:
    """Order places by how far what is around fits, then by how near they are.

    What fits worse than the best by much is left out: the quotation has told them apart.
    """
    fits = [_fit(texts, place, beside) for place in found]
    best = max(fits)
    kept = [each for each in zip(fits, found, strict=True) if each[0] * 2 >= best]
    kept.sort(key=lambda each: (-each[0], _distance(each[1], near), each[1].page, each[1].start))
    return [place for _, place in kept]


def _fit(texts: Sequence[str], place: Place, beside: tuple[str, str]) -> int:
    """Return how many letters beside a place are those of the quotation."""
    wanted_before, wanted_after = beside
    if not (wanted_before or wanted_after):
        return 0
    first = max(0, place.page - 1)
    pages = SEAM.join(texts[first : place.page + 2])
    start = place.start + (len(texts[first]) + 1 if first < place.page else 0)
    end = start + place.end - place.start
    fits = 0
    for stream in streams(pages):
        before, after = folded(stream[:start]), folded(stream[end:])
        fits = max(fits, _common(before[::-1], wanted_before[::-1]) + _common(after, wanted_after))
    return fits


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _distance(place: Place, near: tuple[int, int] | None) -> tuple[int, int]:
    return (0, 0) if near is None else (abs(place.page - near[0]), abs(place.line - near[1]))
