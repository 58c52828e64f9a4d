"""How doubtful each word is: an estimate, from 0 to 1, that it is wrong.

A first form, from the engine's confidence and the word's own shape; a model takes its place when
it has shown that it does better.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.ocr import Word

#: Confidence, and the share of words that are wrong there, of 37,000 words of English book pages
#: (two whole books, 20 single pages) read by Tesseract 5.3. The engine is far too sure of itself
#: between 80 and 93.
_WRONG_AT: tuple[tuple[float, float], ...] = (
    (0, 0.55),
    (60, 0.45),
    (80, 0.3),
    (88, 0.2),
    (91, 0.13),
    (93, 0.06),
    (95, 0.005),
    (100, 0.002),
)
#: Shapes that print hardly ever has, and the least doubt they deserve.
_ODD_SHAPES: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"[^\W\d_]\d+[^\W\d_]"), 0.8),  # a digit inside a word
    (re.compile(r"[|\\~_{}<>^\u00a6\u00ac\u00a2\u00a5\u20ac\u00a9\u00ae]"), 0.8),  # not in books
    (re.compile(r"[a-z\u00df-\u00ff][A-Z\u00c0-\u00de]"), 0.6),  # a capital after a small letter
    (re.compile(r"(\w)\1{3}"), 0.6),  # one letter four times
    (re.compile(r"^[^\w\s]{3,}$"), 0.5),  # marks alone
    (re.compile(r"^[bcdefghjklmnpqrstuvwxyz]$"), 0.5),  # a lone letter
)
_STOP = re.compile(r"\.[\"'\u2019\u201d)\]]*$")
_SMALL = re.compile(r"^[a-z\u00df-\u00ff]")
_ABBREVIATION = re.compile(r"^\W*(\w{1,3}|\w+\.\w+)\.$|\.{2,}")
_STOP_DOUBT = 0.3


def suspects(words: Sequence[Word]) -> list[float]:
    """Return for each word of a page, in reading order, how doubtful it is, 0 to 1."""
    doubts = [max(_by_confidence(word.confidence), _by_shape(word.text)) for word in words]
    for index, (word, following) in enumerate(pairwise(words)):
        if _stops_before_small_letter(word.text, following.text):
            doubts[index] = max(doubts[index], _STOP_DOUBT)
    return [round(doubt, 3) for doubt in doubts]


def _by_confidence(confidence: float) -> float:
    """Return the share of wrong words at this confidence, between the measured points."""
    confidence = min(100.0, max(0.0, confidence))
    for (low, before), (high, after) in pairwise(_WRONG_AT):
        if confidence <= high:
            return before + (after - before) * (confidence - low) / (high - low)
    return _WRONG_AT[-1][1]


def _by_shape(text: str) -> float:
    return max((doubt for shape, doubt in _ODD_SHAPES if shape.search(text)), default=0.0)


def _stops_before_small_letter(text: str, following: str) -> bool:
    stops = _STOP.search(text) and not _ABBREVIATION.search(text)
    return bool(stops and _SMALL.match(following))
