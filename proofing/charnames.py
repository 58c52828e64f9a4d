"""Characters by what Unicode calls them, for those who look for one that no bar shows."""

import unicodedata
from collections.abc import Iterator
from functools import cache

#: Letters, accents, figures, marks, signs: by the first letter of Unicode's category.
_SHOWN = frozenset("LMNPS")
#: Tens of thousands of characters whose names only number them, or that no book here is set in.
_LEFT_OUT = (
    "CJK", "HANGUL", "TANGUT", "NUSHU", "KHITAN", "YI ", "EGYPTIAN", "CUNEIFORM", "ANATOLIAN",
    "BAMUM", "VAI ", "SIGNWRITING", "MATHEMATICAL ", "VARIATION", "BYZANTINE", "DUPLOYAN",
)  # fmt: skip
_MOST = 20
#: Code points of the Latin alphabets, Greek, punctuation, fractions: what old books are set in.
_USUAL = (range(0x180), range(0x370, 0x400), range(0x2000, 0x2200))


def find(words: str) -> list[str]:
    """Return at most 20 characters in whose names each word begins a word, the usual ones first.

    "e acute" finds é before É: a capital comes first only where it is asked for, by its letter or
    by name. Looks at the Basic Multilingual Plane.
    """
    asked = words.split()
    if not asked:
        return []
    capital = any(len(word) == 1 and word.isupper() for word in asked)
    asked = [word.upper() for word in asked]
    found = [
        ((not _is_usual(char), len(name), ("CAPITAL" in name) != capital), char)
        for char, name in _names()
        if all(_begins(name, word) for word in asked)
    ]
    return [char for _, char in sorted(found)[:_MOST]]


def _begins(name: tuple[str, ...], word: str) -> bool:
    """Whether a word of the name begins so; a single letter must be a whole word."""
    return word in name if len(word) == 1 else any(part.startswith(word) for part in name)


def _is_usual(char: str) -> bool:
    return any(ord(char) in block for block in _USUAL)


@cache
def _names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(_named())


def _named() -> Iterator[tuple[str, tuple[str, ...]]]:
    for point in range(0x21, 0x10000):
        char = chr(point)
        if unicodedata.category(char)[0] not in _SHOWN:
            continue
        name = unicodedata.name(char, "")
        if name and not name.startswith(_LEFT_OUT):
            yield char, tuple(name.replace("-", " ").split())
