"""How doubtful each word is: an estimate, from 0 to 1, that it is wrong, and the main reason.

A first form: the engine's confidence, weighed by whether the word is one; then the word's own shape
and its neighbours. A trained model takes its place when it has shown that it does better.
"""

import functools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.lexicon import Lexicon, bare

Curve = Sequence[float]


class Why(StrEnum):
    """The main reason of a doubt."""

    FAINT = "faint"
    UNKNOWN = "unknown"
    UNLIKELY = "unlikely"
    SCANNO = "scanno"


@dataclass(frozen=True)
class Doubt:
    """How doubtful a word is, 0 to 1, and why."""

    share: float
    why: Why


#: At these confidences, the share of words that are wrong, by what the dictionary says of them:
#: measured on 44,000 words of English and French book pages read by Tesseract 5.3
#: (`docs/decisions/0017-dictionaries.md`). The engine is far too sure of itself between 80 and 93.
_AT = (0, 60, 80, 88, 91, 93, 95, 100)
_KNOWN = (0.35, 0.18, 0.1, 0.045, 0.025, 0.013, 0.004, 0.002)
_UNKNOWN = (0.95, 0.8, 0.6, 0.45, 0.35, 0.25, 0.2, 0.2)
_UNKNOWN_NAME = (0.95, 0.7, 0.5, 0.3, 0.22, 0.14, 0.06, 0.02)
_NO_LETTERS = (0.75, 0.55, 0.35, 0.12, 0.07, 0.05, 0.03, 0.01)
#: The same where there is no dictionary to ask.
_UNASKED = (0.55, 0.45, 0.3, 0.2, 0.13, 0.06, 0.005, 0.002)

#: Shapes that print hardly ever has, and the least doubt they deserve.
_ODD_SHAPES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"[^\W\d_]\d+[^\W\d_]"), 0.8),  # a digit inside a word
    (re.compile(r"[|\\~_{}<>^\u00a6\u00ac\u00a2\u00a5\u20ac\u00a9\u00ae]"), 0.8),  # not in books
    (re.compile(r"(\w)\1{3}"), 0.6),  # one letter four times
    (re.compile(r"^[^\w\s]{3,}$"), 0.5),  # marks alone
    (re.compile(r"^[bcdefghjklmnpqrstuvwxyz]$"), 0.5),  # a lone letter
    (re.compile(r"[\"']{2}|[,;:][.,;:!?]|(?<!\.)\.\.(?!\.)"), 0.6),  # two marks for one
    (re.compile(r"^-\w|[^\W\d_]{2}[.,;:!?][^\W\d_]{2}"), 0.6),  # marks where none can be
)
#: The same, where the dictionary does not have the word.
_ODD_UNKNOWN = re.compile(r"[a-z\u00df-\u00ff][A-Z\u00c0-\u00de]")  # a capital after a small letter
_STOP = re.compile(r"\.[\"'\u2019\u201d)\]]*$")
_SMALL = re.compile(r"^[a-z\u00df-\u00ff]")
_ABBREVIATION = re.compile(r"^\W*(\w{1,3}|\w+\.\w+)\.$|\.{2,}")
_BESIDE_DOUBT = 0.3


def suspects(
    lines: Sequence[Sequence[tuple[str, float]]], lexicon: Lexicon | None = None
) -> list[list[float]]:
    """Return for each word of a page's lines how doubtful it is, 0 to 1.

    A word is its text and its confidence, 0 to 100; lines stand in reading order.
    """
    return [[doubt.share for doubt in line] for line in doubts(lines, lexicon)]


def doubts(
    lines: Sequence[Sequence[tuple[str, float]]], lexicon: Lexicon | None = None
) -> list[list[Doubt]]:
    """Return for each word of a page's lines how doubtful it is, and the main reason."""
    words = [word for line in lines for word in line]
    texts = [text for text, _ in words]
    wholes = _wholes([[text for text, _ in line] for line in lines])
    asked = lexicon if lexicon is not None and lexicon.complete else None
    found = [
        _greater(_by_confidence(whole, confidence, asked), _by_shape(text, whole, asked))
        for (text, confidence), whole in zip(words, wholes, strict=True)
    ]
    beside = [_by_neighbour(*two) for two in pairwise(texts)]
    stealthy = _scannos_among(texts, lexicon) if lexicon else {}
    result = iter(
        _greater(doubt, beside[number] if number < len(beside) else None, stealthy.get(number))
        for number, doubt in enumerate(found)
    )
    return [[next(result) for _ in line] for line in lines]


def _greater(first: Doubt, *others: Doubt | None) -> Doubt:
    return max((first, *filter(None, others)), key=lambda doubt: doubt.share)


def _wholes(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return each word; the two halves of one that a line's end broke as the whole of it."""
    flat = [word for line in lines for word in line]
    place = -1
    for line in lines:
        place += len(line)
        following = flat[place + 1] if place + 1 < len(flat) else ""
        if line and len(line[-1]) > 1 and line[-1].endswith("-") and _SMALL.match(following):
            flat[place] = flat[place + 1] = line[-1][:-1] + following
    return flat


def _by_confidence(text: str, confidence: float, lexicon: Lexicon | None) -> Doubt:
    curve, why = _curve(text, lexicon)
    return Doubt(round(_on(curve, confidence), 3), why)


def _curve(text: str, lexicon: Lexicon | None) -> tuple[Curve, Why]:
    core = bare(text)
    if not any(map(str.isalpha, core)):
        return _NO_LETTERS, Why.FAINT
    if lexicon is None:
        return _UNASKED, Why.FAINT
    if lexicon.known(text):
        return _KNOWN, Why.FAINT
    return _UNKNOWN_NAME if core[0].isupper() else _UNKNOWN, Why.UNKNOWN


def _on(curve: Curve, confidence: float) -> float:
    """Return the share of wrong words at this confidence, between the measured points."""
    confidence = min(100.0, max(0.0, confidence))
    place = max(1, bisect_left(_AT, confidence))
    low, high = _AT[place - 1], _AT[place]
    before, after = curve[place - 1], curve[place]
    return before + (after - before) * (confidence - low) / (high - low)


def _by_shape(text: str, whole: str, lexicon: Lexicon | None) -> Doubt | None:
    shares = [share for shape, share in _ODD_SHAPES if shape.search(text)]
    if _ODD_UNKNOWN.search(text) and not (lexicon and lexicon.known(whole)):
        shares.append(0.6)
    return Doubt(max(shares), Why.UNLIKELY) if shares else None


def _by_neighbour(text: str, following: str) -> Doubt | None:
    """Doubt a full stop before a small letter."""
    stops = _STOP.search(text) and not _ABBREVIATION.search(text)
    return Doubt(_BESIDE_DOUBT, Why.UNLIKELY) if stops and _SMALL.match(following) else None


@dataclass(frozen=True)
class Scanno:
    """A word that may well be another, everywhere or only beside certain words."""

    printed: str
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()

    def fits(self, last: str, following: str) -> bool:
        """Say whether it may stand between these two words, in small letters."""
        everywhere = not (self.after or self.before)
        return everywhere or last in self.after or following in self.before


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "scannos.toml").read_text("utf-8"))


@functools.cache
def scannos(code: str) -> Mapping[str, list[Scanno]]:
    """Return a language's words that may well be others, by what is read."""
    found: dict[str, list[Scanno]] = {}
    for read, printed in _two_by_two(_data()["anywhere"].get(code, "")):
        found.setdefault(read, []).append(Scanno(printed))
    for row in _data()["beside"]:
        if row["language"] == code:
            sides = [frozenset(row.get(side, "").lower().split()) for side in ("after", "before")]
            for read, printed in _two_by_two(row["words"]):
                found.setdefault(read, []).append(Scanno(printed, *sides))
    return found


def is_scanno(word: str, codes: Sequence[str]) -> bool:
    """Say whether a word of these languages may well be another, wherever it stands."""
    found = (scanno for code in codes for scanno in scannos(code).get(word, ()))
    return any(scanno.fits("", "") for scanno in found)


def _two_by_two(rows: str) -> Iterator[tuple[str, str]]:
    for row in rows.replace("\n", " ").split(","):
        if row.strip():
            read, printed = row.split()
            yield read, printed


def _scannos_among(texts: Sequence[str], lexicon: Lexicon) -> dict[int, Doubt]:
    """Return the places of words that fit as scannos where they stand."""
    words = [bare(text) for text in texts]
    small = ["", *[word.lower() for word in words], ""]
    return {
        number: Doubt(_data()["doubt"], Why.SCANNO)
        for number, word in enumerate(words)
        for code in lexicon.codes
        for scanno in scannos(code).get(word, ())
        if scanno.fits(small[number], small[number + 2])
    }
