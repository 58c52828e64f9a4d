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

#: Logarithm (base 10) of how much likelier a pair is than any other slip of a letter.
_OFTEN, _SELDOM = 1.5, 0.8


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
    for rows, weight in ((_data()["often"], _OFTEN), (_data()["seldom"], _SELDOM)):
        for row in rows.replace("\n", " ").split(","):
            one, other = row.split()
            found.setdefault(one, {}).setdefault(other, weight)
            found.setdefault(other, {}).setdefault(one, weight)
    return {shape: list(others.items()) for shape, others in found.items()}


def confused(word: str) -> Iterator[Change]:
    """Yield the word with one shape exchanged for another, at every place."""
    longest = max(map(len, pairs()))
    for start in range(len(word)):
        for end in range(start + 1, min(len(word), start + longest) + 1):
            for other, weight in pairs().get(word[start:end], ()):
                yield Change(word[:start] + other + word[end:], weight)


def slips(word: str, letters: str) -> Iterator[Change]:
    """Yield the word with any one letter left out, put in, exchanged, or two turned round."""
    for place in range(len(word)):
        head, rest = word[:place], word[place + 1 :]
        yield Change(head + rest, 0)
        if rest:
            yield Change(head + rest[0] + word[place] + rest[1:], -0.5)
        for letter in letters:
            yield Change(head + letter + rest, 0)
    for place in range(len(word) + 1):
        for letter in letters:
            yield Change(word[:place] + letter + word[place:], -0.3)


def stops(marks: str) -> list[str]:
    """Return what the marks at one end of a word may have been, likeliest first."""
    known: list[str] = _data()["stops"].get(marks, [])
    return known


def alone(text: str) -> list[str]:
    """Return what a mark or letter that stands alone may have been."""
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
