"""Which words of a page or a text are to be doubted, why, and what they may be."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from library import projects
from library.models import Project
from pipeline import suspects
from pipeline.lexicon import bare, lexicon_for
from pipeline.runs import DOUBTFUL
from pipeline.suspects import Why
from proofing import vocabulary
from proofing.readings import BUDGET, Book, readings
from proofing.suggestions import effective_good_words

__all__ = ["Book", "book_of", "check", "of_page", "readings"]

#: Words of one page that are named, the most doubtful ones; and those about which a dictionary is
#: asked whatever it takes: the desk visits half as many.
_MOST, _VISITED = 100, 30
#: Seconds of processor time for which dictionaries are asked about one page's words; and about a
#: word in any case.
_BUDGET, _LEAST = 0.04, 0.0015

#: Words, each a text and a confidence, by line.
Lines = Sequence[Sequence[tuple[str, float]]]


def book_of(session: Session, project: Project, now: datetime) -> Book:
    """Return what is known of a project's words."""
    return Book(
        lexicon_for(project.languages, project.year),
        vocabulary.vocabulary(session, project, now),
        effective_good_words(session, project),
        frozenset(projects.words(session, project, "bad")),
    )


def of_page(lines: Sequence[Mapping[str, Any]], book: Book) -> dict[str, dict[str, Any]]:
    """Return the doubtful words of an OCR run's lines: readings, whether known, and why.

    A key is the line's index, a full stop, and the word's index in its line. The most doubtful
    words are looked at first, and longest.
    """
    seen = [[(word["text"], word["confidence"]) for word in line["words"]] for line in lines]
    reasons = suspects.doubts(seen, book.lexicon)
    places = [
        (-word["suspect"], row, column)
        for row, line in enumerate(lines)
        for column, word in enumerate(line["words"])
        if word["suspect"] >= DOUBTFUL
    ]
    until = time.thread_time() + _BUDGET
    found = {}
    for rank, (_, row, column) in enumerate(sorted(places)[:_MOST]):
        least = _LEAST if rank < _VISITED else 0
        budget = min(BUDGET, max(least, until - time.thread_time()))
        why = reasons[row][column].why
        found[row, column] = _word(seen, row, column, why, book, budget)
    return {f"{row}.{column}": found[row, column] for row, column in sorted(found)}


def _word(
    lines: Lines, row: int, column: int, why: Why, book: Book, budget: float
) -> dict[str, Any]:
    text, _ = lines[row][column]
    before, after = _halves(lines, row, column)
    known = book.knows(before + bare(text) + after)
    if known and why is Why.UNKNOWN:
        why = Why.FAINT
    found = readings(text, book, before=before, after=after, budget=budget)
    return {"readings": found, "known": known, "why": why.value}


def _halves(lines: Sequence[Sequence[tuple[str, float]]], row: int, column: int) -> tuple[str, str]:
    """Return the letters on the other line of a word that a line's end broke."""
    line = lines[row]
    if column == 0 and row and lines[row - 1] and _breaks(lines[row - 1][-1][0]):
        return bare(lines[row - 1][-1][0]), ""
    if column == len(line) - 1 and row + 1 < len(lines) and lines[row + 1] and _breaks(line[-1][0]):
        return "", bare(lines[row + 1][0][0])
    return "", ""


def _breaks(text: str) -> bool:
    return len(text) > 1 and text.endswith("-") and text[-2].isalpha()


def check(words: Iterable[str], book: Book) -> dict[str, str]:
    """Return those of the words that are to be doubted: `bad`, `scanno` or `unknown`.

    `bad` are the project's own, `scanno` real words that OCR makes of others, wherever they stand.
    """
    return {word: kind for word in words if (kind := _kind(word, book))}


def _kind(word: str, book: Book) -> str | None:
    core = bare(word)
    if word in book.bad or core in book.bad:
        return "bad"
    if core in book.good:
        return None
    if not book.knows(word):
        return "unknown"
    return "scanno" if suspects.is_scanno(core, book.lexicon.codes) else None
