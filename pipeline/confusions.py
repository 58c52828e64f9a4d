"""What an OCR engine mixes up: letters and marks of like shape, as data with weights.

`confusions.toml` holds them. All candidates are made here, cheaply; which of them are words is the
lexicon's to say.
"""

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Weight of the shapes that are mixed up often.
OFTEN = 1.5
#: Logarithm (base 10) of how much likelier a change is than any other of a letter.
_SELDOM, _STRAY = 0.8, 0.3


@dataclass(frozen=True)
class Change:
    """A word as it may have been printed, and how likely the change is (a logarithm)."""

    word: str
    weight: float


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "confusions.toml").read_text("utf-8"))


@functools.cache
def pairs() -> dict[str, list[tuple[str, float]]]:
    """Return for each shape that may be read, what may have been printed, with weights."""
    found: dict[str, dict[str, float]] = {}
    for rows, weight in ((_data()["often"], OFTEN), (_data()["seldom"], _SELDOM)):
        for row in rows.replace("\n", " ").split(","):
            one, other = row.split()
            found.setdefault(one, {}).setdefault(other, weight)
            found.setdefault(other, {}).setdefault(one, weight)
    return {shape: list(others.items()) for shape, others in found.items()}


def confused(word: str, least: float = 0) -> Iterator[Change]:
    """Yield the word with one shape exchanged for another, at every place.

    Changes of less weight than `least` are left out.
    """
    longest = max(map(len, pairs()))
    for start in range(len(word)):
        for end in range(start + 1, min(len(word), start + longest) + 1):
            for other, weight in pairs().get(word[start:end], ()):
                if weight >= least:
                    yield Change(word[:start] + other + word[end:], weight)


def without_one(word: str) -> Iterator[Change]:
    """Yield the word with one letter left out, and with one letter doubled."""
    for place, letter in enumerate(word):
        yield Change(word[:place] + word[place + 1 :], _STRAY)
        yield Change(word[:place] + letter + word[place:], _STRAY)


def slips(word: str, letters: str) -> Iterator[Change]:
    """Yield the word with any one letter exchanged, then with any one put in."""
    for letter in letters:
        for place in range(len(word)):
            yield Change(word[:place] + letter + word[place + 1 :], 0)
    for letter in letters + "'":
        for place in range(len(word) + 1):
            yield Change(word[:place] + letter + word[place:], 0)


def with_rarer_letters(word: str) -> Iterator[str]:
    """Yield the word with letters that an engine takes for commoner ones."""
    for shape, rarer in _data()["rarer"].items():
        if shape in word[1:]:
            yield word[0] + word[1:].replace(shape, rarer)


def stops(marks: str) -> list[str]:
    """Return what the marks at one end of a word may have been, likeliest first."""
    known: list[str] = _data()["stops"].get(marks, [])
    return known


def alone(text: str) -> list[str]:
    """Return what a mark, a letter or a short word may have been."""
    known: list[str] = _data()["alone"].get(text, [])
    return known


#: Groups of letters that look like one; then letters of which each may be read for another.
_GROUPS = {"rn": "m", "iii": "m", "in": "m", "ni": "m", "vv": "w", "cl": "d", "li": "h"}
_CLASSES = ("ecoaéèêëàâáôó", "hbk", "iljtfrs1!ſîï", "nuvyûùü")
_ALIKE = {ord(letter): letters[0] for letters in _CLASSES for letter in letters}


def shape_of(word: str) -> str:
    """Return a key under which words that an engine may mix up fall together."""
    folded = word.lower()
    for group, one in _GROUPS.items():
        folded = folded.replace(group, one)
    return folded.translate(_ALIKE)


def distance(one: str, other: str) -> int:
    """Return how many letters have to be put in, left out or exchanged (Levenshtein)."""
    before = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        row = [number]
        for place, against in enumerate(other):
            exchanged = before[place] + (letter != against)
            row.append(min(exchanged, before[place + 1] + 1, row[-1] + 1))
        before = row
    return before[-1]
