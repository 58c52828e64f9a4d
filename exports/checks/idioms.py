"""What is usual in a language's print: data in `idioms.toml`."""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Scanno:
    """A word that a dictionary knows and OCR puts in the place of another.

    It is one where `before` ends in front of it, `after` begins behind it, and `unless` does not
    end in front of it; what is None holds always.
    """

    word: str
    better: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Idiom:
    """A language's habits; a language that is not known has few."""

    language: str
    repeated: frozenset[str]
    abbreviations: frozenset[str]
    never_last: frozenset[str]
    openers: frozenset[str]
    small: frozenset[str]
    alone: frozenset[str]
    spaced: bool
    odd_starts: tuple[str, ...]
    odd_ends: tuple[str, ...]
    scannos: tuple[Scanno, ...]


@functools.cache
def idiom_of(language: str) -> Idiom:
    """Give the habits of a language (BCP 47; region and script do not matter)."""
    code = language.partition("-")[0].lower()
    data = _data()
    rows: Mapping[str, Any] = {**data["all"], **data.get(code, {})}

    def words(name: str) -> frozenset[str]:
        return frozenset(f"{data['all'][name]} {rows[name]}".split())

    return Idiom(
        code,
        words("repeated"),
        words("abbreviations"),
        words("never_last"),
        words("openers"),
        words("small"),
        words("alone"),
        rows["spaced"],
        tuple(rows["odd_starts"].split()),
        tuple(rows["odd_ends"].split()),
        tuple(_scanno(row) for row in data["scanno"].get(code, [])),
    )


def _scanno(row: Mapping[str, str]) -> Scanno:
    def pattern(name: str, form: str) -> re.Pattern[str] | None:
        return re.compile(form % row[name]) if name in row else None

    return Scanno(
        row["word"],
        row["better"],
        pattern("before", "(?:%s)$"),
        pattern("after", "%s"),
        pattern("unless", "(?:%s)"),
    )


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "idioms.toml").read_text("utf-8"))
