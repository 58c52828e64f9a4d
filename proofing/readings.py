"""What a doubtful word may be in print: up to four readings, the likeliest first.

Candidates are made here, by the shapes that an OCR engine mixes up, and only checked against the
book's words and the dictionary; hunspell's own suggestions, which are slow, come last.
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline import confusions
from pipeline.lexicon import Lexicon, bare
from proofing.vocabulary import SETTLED, Vocabulary

MOST = 4
_LONGEST = 40
#: Seconds that the search beyond like shapes may take for a word.
_BUDGET = 0.01

_PARTS = re.compile(r"([^\w]*)(.*?)([^\w]*)", re.DOTALL)
#: Marks beside a word that may be a letter of it.
_HALF_LETTERS = "[]{}|/!\\"
_QUOTES = re.compile(r"[\"']{2,}")
_DASHES = re.compile(r"(?:-*\u2014+-*){2,}|-+\u2014-*|\u2014-+")
_DASH = re.compile(r"(--+|\u2014|\u2013|-)")
_NOISE = re.compile(r"[|\\~_{}<>^\u00a6\u00ac\u00a2\u00a5\u20ac\u00a9\u00ae=#%+@$*\"()\[\]]")
_LONE = frozenset("aioy\u00e0\u00f4")
#: Logarithms (base 10): of a word that the dictionary has and the book has not, and the reverse;
#: of each letter that differs in a word of like shape; of two words in one.
_UNSEEN, _UNLISTED = -0.7, -1.2
_PER_LETTER, _SPLIT = -0.6, -0.5

Consider = Callable[[str, float], None]


@dataclass(frozen=True)
class Book:
    """What is known of a book's words: its languages, its own texts, its word lists."""

    lexicon: Lexicon
    vocabulary: Vocabulary
    good: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()

    def knows(self, text: str) -> bool:
        """Say whether a word is of the book's languages, a good word, or settled in the book.

        Without a dictionary for each language nothing is unknown.
        """
        word = bare(text)
        return (
            not self.lexicon.complete
            or word in self.good
            or self.lexicon.known(text)
            or self.vocabulary.count(word) >= SETTLED
        )

    def weight(self, word: str) -> float | None:
        """Return how likely a word is in this book (a logarithm); None: it is no word."""
        count = self.vocabulary.count(word)
        if word in self.good or (self.lexicon.complete and self.lexicon.spells(word)):
            return math.log10(count) if count else _UNSEEN
        return math.log10(count) + _UNLISTED if count > 1 else None


def readings(text: str, book: Book, *, before: str = "", after: str = "") -> list[str]:
    """Return up to four readings of a word of page text, likeliest first; never the word itself.

    Capitals and what stands around the word are kept where they are not what is doubtful.
    `before` and `after` are the other half of a word that a line's end broke.
    """
    if not text or len(text) > _LONGEST or any(map(str.isspace, text)):
        return []
    found = dict.fromkeys(_all(text, book, before, after))
    return [each for each in found if each and each != text][:MOST]


def _all(text: str, book: Book, before: str, after: str) -> Iterator[str]:
    yield from confusions.alone(text)
    tidy = _DASHES.sub("\u2014", _QUOTES.sub('"', text))
    match = _PARTS.fullmatch(tidy)
    head, core, tail = match.groups() if match else ("", tidy, "")
    if not core:
        yield tidy
        yield from confusions.stops(tidy)
        return
    known = book.lexicon.known(before + core + after) if book.lexicon.complete else False
    if known:
        yield tidy
        yield from _other_marks(head, core, tail)
    yield from _words(head, core, tail, book, before, after)
    if not known:
        yield tidy
        yield from _other_marks(head, core, tail)


def _other_marks(head: str, core: str, tail: str) -> Iterator[str]:
    """Yield the word with other marks around it."""
    if head == tail == "'":
        yield f'"{core}"'
    for other in confusions.stops(head):
        yield other + core + tail
    for other in confusions.stops(tail):
        yield head + core + other


def _words(head: str, core: str, tail: str, book: Book, before: str, after: str) -> list[str]:
    """Return what the letters of a word may be, with the marks around it, likeliest first."""
    parts = _DASH.split(core)
    if len(parts) > 1:
        wrong = next((n for n, part in enumerate(parts) if _is_no_word(part, book)), None)
        if wrong is None:
            return []
        head += "".join(parts[:wrong])
        tail = "".join(parts[wrong + 1 :]) + tail
        core = parts[wrong]
    scored = _scored(core, book, before, after)
    found = {head + word + tail: weight for word, weight in scored.items()}
    for left, right in _half_letters(head, tail):
        more = _scored(left + core + right, book, before, after, further=False)
        rest = (head[: len(head) - len(left)], tail[len(right) :])
        found |= {rest[0] + word + rest[1]: weight for word, weight in more.items()}
    return sorted(found, key=lambda word: -found[word])


def _is_no_word(part: str, book: Book) -> bool:
    return bool(part) and not _DASH.fullmatch(part) and book.weight(part) is None


def _half_letters(head: str, tail: str) -> Iterator[tuple[str, str]]:
    if head and head[-1] in _HALF_LETTERS:
        yield head[-1], ""
    if tail and tail[0] in _HALF_LETTERS:
        yield "", tail[0]


def _scored(
    core: str, book: Book, before: str, after: str, *, further: bool = True
) -> dict[str, float]:
    """Return words that the letters may be, with how likely each is."""
    found: dict[str, float] = {}

    def consider(word: str, weight: float) -> None:
        if word != core and weight + 6 > found.get(word, -math.inf):
            likely = book.weight(before + word + after)
            if likely is not None:
                found[word] = max(weight + likely, found.get(word, -math.inf))

    if not any(map(str.isalpha, core)):
        return {}
    _consider_shapes(core, consider)
    if not (before or after):
        for word in book.vocabulary.by_shape.get(confusions.shape_of(core), []):
            apart = confusions.distance(core.lower(), word)
            consider(_cased(core, word), _PER_LETTER * apart)
        if book.weight(core) is None:
            found |= {word: weight for word, weight in _split(core, book) if word not in found}
    if further and not found and book.weight(before + core + after) is None:
        _search(core, book, consider)
    return found


def _consider_shapes(core: str, consider: Consider) -> None:
    plain = _NOISE.sub("", core)
    for base in dict.fromkeys((core, core.lower(), plain, plain.lower())):
        consider(_cased(core, base), 1.0)
        consider(base, 1.0)
        for change in confusions.confused(base):
            consider(_cased(core, change.word), change.weight)


def _cased(like: str, word: str) -> str:
    """Return a word with the capitals of another: all of them, the first, or its own."""
    letters = [letter for letter in like if letter.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters[1:])):
        return word.upper()
    if letters and letters[0].isupper() and word[:1].islower():
        return word[:1].upper() + word[1:]
    return word


def _split(core: str, book: Book) -> Iterator[tuple[str, float]]:
    """Yield two words for one, where the blank between them was not seen."""
    for place in range(1, len(core)):
        left, right = core[:place], core[place:]
        if _stands(left) and _stands(right):
            one, other = book.weight(left), book.weight(right)
            if one is not None and other is not None:
                yield f"{left} {right}", min(one, other) + _SPLIT


def _stands(part: str) -> bool:
    return len(part) > 1 or part.lower() in _LONE


def _search(core: str, book: Book, consider: Consider) -> None:
    """Look further, for a limited time: any one letter, then two like shapes."""
    until = time.monotonic() + _BUDGET
    small = core.lower()
    for change in confusions.slips(small, book.vocabulary.letters):
        consider(_cased(core, change.word), change.weight)
        if time.monotonic() > until:
            return
    for first in confusions.confused(small):
        for change in confusions.confused(first.word):
            consider(_cased(core, change.word), first.weight + change.weight - 3)
        if time.monotonic() > until:
            return
