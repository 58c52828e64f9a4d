"""Which characters a book is written with: its languages' own, those it uses most, all expected.

What each language is printed with stands in `alphabets.toml`.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Project
from pipeline.models import OcrRun
from proofing import texts
from proofing.models import Revision

#: Pages that are looked at for a book's own characters, spread evenly over it.
SAMPLE = 60
#: A character that was seen less often may be a slip of the machine.
_LEAST, _MOST = 2, 24
#: A character beyond ASCII with the accents set on it, or an ASCII letter with such accents.
_BEYOND = re.compile("[a-zA-Z][\u0300-\u036f]+|[^\x00-\x7f][\u0300-\u036f]*")
#: Letters, accents, figures, marks, signs: by the first letter of Unicode's category.
_SHOWN = frozenset("LMNPS")


@dataclass(frozen=True)
class _Alphabet:
    """Small letters and marks to choose from, and the scripts that are expected besides."""

    letters: Sequence[str]
    marks: Sequence[str]
    scripts: Sequence[str]


def characters_of(language: str) -> list[str]:
    """Return what a language is printed with beyond ASCII: small letters, capitals, marks.

    Each is one string: usually one code point, or a letter with accents.
    """
    found = _alphabet(language)
    if found is None:
        return []
    return list(dict.fromkeys([*found.letters, *_capitals(found.letters), *found.marks]))


def allowed(languages: Iterable[str]) -> str | None:
    """Return a regular expression of one character that is expected in a book in these languages.

    A character class of ranges, for Python and for JavaScript with its flag `u`: ASCII, white
    space, the languages' characters and what any printer's case holds. None when one of the
    languages is not known here: then nothing can be called unexpected.
    """
    points = _points(["\t", "\n", *map(chr, range(0x20, 0x7F)), *_data()["typographic"].split()])
    for language in languages:
        found = _alphabet(language)
        if found is None:
            return None
        points |= _points(characters_of(language))
        for script in found.scripts:
            for first, last in _data()["scripts"][script]:
                points.update(range(first, last + 1))
    return f"[{''.join(map(_written, _ranges(points)))}]"


def book_characters(session: Session, project: Project) -> list[str]:
    """Return the characters beyond ASCII that a book uses most, the most used first, at most 24.

    Counted in the texts that count now, of at most 60 pages.
    """
    counts: Counter[str] = Counter()
    for text in _sample(session, project):
        counts.update(_BEYOND.findall(unicodedata.normalize("NFC", text)))
    usual = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    found = [
        char
        for char, count in usual
        if count >= _LEAST and unicodedata.category(char[0])[0] in _SHOWN
    ]
    return found[:_MOST]


def name_of(char: str) -> str:
    """Return what Unicode calls a character, in small letters: they are read out as words."""
    return ", ".join(unicodedata.name(point, "").lower() or f"U+{ord(point):04X}" for point in char)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("alphabets.toml").read_text(encoding="utf-8"))


def _alphabet(language: str) -> _Alphabet | None:
    """Return the alphabet of a BCP 47 tag, or of the language it is a kind of; None if unknown."""
    known, parts = _data()["languages"], language.casefold().split("-")
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    found = next((known[tag] for tag in tags if tag in known), None)
    if found is None:
        return None
    letters, marks = (found.get(name, "").split() for name in ("letters", "marks"))
    return _Alphabet(letters, marks, found.get("scripts", ()))


def _points(characters: Iterable[str]) -> set[int]:
    return {ord(point) for char in characters for point in char}


def _capitals(letters: Sequence[str]) -> list[str]:
    """Return the capitals that are one character as well: that of the long s is ASCII."""
    titled = [unicodedata.normalize("NFC", letter.title()) for letter in letters]
    return [
        capital
        for letter, capital in zip(letters, titled, strict=True)
        if len(capital) == len(letter) and not capital.isascii()
    ]


def _ranges(points: set[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def _written(each: tuple[int, int]) -> str:
    """Write a range for a character class; as escapes, since accents alone can't be read."""
    first, last = (f"\\u{point:04x}" for point in each)
    return first if first == last else f"{first}-{last}"


def _sample(session: Session, project: Project) -> list[str]:
    """Return texts that count now, of pages all over the book."""
    accepted = sorted(texts.accepted(session, project).items())
    chosen = [each for _, each in accepted[:: -(-len(accepted) // SAMPLE) or 1]]
    revisions = [each.revision_id for each in chosen if each.revision_id]
    runs = [each.run_id for each in chosen if each.run_id and not each.revision_id]
    said = session.scalars(sa.select(Revision.text).where(Revision.id.in_(revisions)))
    read = session.scalars(sa.select(OcrRun.text).where(OcrRun.id.in_(runs)))
    return [*said, *read]
