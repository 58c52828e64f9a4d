"""What a doubtful word may be in print: up to four readings, the likeliest first.

Candidates are made here, by the shapes that an OCR engine mixes up, and checked against the book's
words and the dictionary: hunspell's own suggestions take a hundred times as long.
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline import confusions
from pipeline.frequent_words import frequent_words
from pipeline.lexicon import Lexicon, bare, is_numeral
from proofing.vocabulary import FAR, SETTLED, Vocabulary

MOST = 4
_LONGEST = 40
#: Letters of a word that is read by its likeness to a common word.
_SHORT = 4
#: Seconds of processor time for which a dictionary is asked about a word; German, whose
#: words are compounds, takes most of it.
BUDGET = 0.008

_PARTS = re.compile(r"([^\w]*)(.*?)([^\w]*)", re.DOTALL)
#: Marks beside a word that may be a letter of it.
_HALF_LETTERS = "[]{}|/!\\"
_QUOTES = re.compile(r"[\"']{2,}")
_DASHES = re.compile(r"(?:-*\u2014+-*){2,}|-+\u2014-*|\u2014-+")
_DASH = re.compile(r"(--+|\u2014|\u2013|-)")
_NOISE = re.compile(r"[|\\~_{}<>^\u00a6\u00ac\u00a2\u00a5\u20ac\u00a9\u00ae=#%+@$*\"()\[\]]")
_LONE = frozenset("aioy\u00e0\u00f4")
#: Logarithms (base 10): of a word that the dictionary has and the book has not, of one of the
#: language's commonest among them, and of one that the book has and the dictionary has not; of each
#: letter that differs in a word of like shape, and in another; of two words in one.
_UNSEEN, _COMMON, _UNLISTED = -0.7, 0.5, -1.2
_PER_LETTER, _PER_OTHER, _SPLIT = -0.6, -0.8, -0.5
#: What is found with less than this may be chance: it is worth while to look further.
_LIKELY = -0.5

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

    def weight(self, word: str, *, ask: bool = True) -> float | None:
        """Return how likely a word is in this book (a logarithm); None: it is no word.

        Without `ask` the dictionary is left alone.
        """
        count = self.vocabulary.count(word)
        if (ask and self.lexicon.spells(word)) or word in self.good or is_numeral(word):
            unseen = _COMMON if word.casefold() in frequent_words(self.lexicon.codes) else _UNSEEN
            return max(math.log10(count), unseen) if count else unseen
        return math.log10(count) + _UNLISTED if count > 1 else None


def readings(
    text: str, book: Book, *, before: str = "", after: str = "", budget: float = BUDGET
) -> list[str]:
    """Return up to four readings of a word of page text, likeliest first; never the word itself.

    Capitals and what stands around the word are kept where they are not what is doubtful.
    `before` and `after` are the other half of a word that a line's end broke. `budget` are the
    seconds for which the dictionary is asked; then only the book's own words are.
    """
    if not text or len(text) > _LONGEST or any(map(str.isspace, text)):
        return []
    found: dict[str, None] = {}
    for each in _all(text, _Search(book, before, after, time.thread_time() + budget)):
        if each and each != text:
            found[each] = None
        if len(found) == MOST:
            break
    return list(found)


@dataclass(frozen=True)
class _Search:
    """A book, the other half of the word, and until when the dictionary is asked."""

    book: Book
    before: str
    after: str
    until: float

    @property
    def may_ask(self) -> bool:
        return time.thread_time() < self.until

    def weight(self, word: str) -> float | None:
        return self.book.weight(self.before + word + self.after, ask=self.may_ask)

    def part(self, word: str) -> float | None:
        return self.book.weight(word, ask=self.may_ask)

    def is_known(self, word: str) -> bool:
        lexicon = self.book.lexicon
        return lexicon.complete and lexicon.known(self.before + word + self.after)


def _all(text: str, search: _Search) -> Iterator[str]:
    """Yield readings, likeliest first; some of them twice."""
    yield from confusions.alone(text)
    tidy = _DASHES.sub("\u2014", _QUOTES.sub('"', text))
    match = _PARTS.fullmatch(tidy)
    head, core, tail = match.groups() if match else ("", tidy, "")
    yield from (head + other for other in confusions.alone(core + tail))
    yield from (head + other + tail for other in confusions.alone(core))
    if not any(map(str.isalpha, core)):
        yield tidy
        yield from _other_marks(head, core, tail)
        changes = (change.word for change in confusions.confused(core))
        yield from (head + word + tail for word in changes if word.isdigit())
        return
    known = search.is_known(core)
    if known:
        yield tidy
        yield from _other_marks(head, core, tail)
    words = _words(head, core, tail, search, known=known)
    yield from words[: MOST if known else MOST - 1]
    yield tidy
    if not known:
        yield from (head + word + tail for word in confusions.with_rarer_letters(core))
        yield from _other_marks(head, core, tail)
    yield from words


def _other_marks(head: str, core: str, tail: str) -> Iterator[str]:
    """Yield the word with other marks around it: both sides of a quotation, then either side."""
    if "'" in head and "'" in tail:
        yield head.replace("'", '"') + core + tail.replace("'", '"')
    for other in _marks(head):
        yield other + core + tail
    for other in _marks(tail):
        yield head + core + other


def _marks(marks: str) -> Iterator[str]:
    yield from confusions.stops(marks)
    if "'" in marks:
        yield marks.replace("'", '"')
    if len(marks) > 1:
        yield marks[:-1]


def _words(head: str, core: str, tail: str, search: _Search, *, known: bool) -> list[str]:
    """Return what the letters of a word may be, with the marks around it, likeliest first."""
    parts = _DASH.split(core)
    if len(parts) > 1:
        wrong = next((n for n, part in enumerate(parts) if _is_no_word(part, search)), None)
        if wrong is None:
            return []
        head += "".join(parts[:wrong])
        tail = "".join(parts[wrong + 1 :]) + tail
        core = parts[wrong]
    scored = _scored(core, search, known=known)
    found = {head + word + tail: weight for word, weight in scored.items()}
    for left, right in _half_letters(head, tail):
        more = _scored(left + core + right, search, known=True)
        rest = (head[: len(head) - len(left)], tail[len(right) :])
        found |= {rest[0] + word + rest[1]: weight + 1 for word, weight in more.items()}
    return sorted(found, key=lambda word: -found[word])


def _is_no_word(part: str, search: _Search) -> bool:
    return bool(part) and not _DASH.fullmatch(part) and search.part(part) is None


def _half_letters(head: str, tail: str) -> Iterator[tuple[str, str]]:
    if head and head[-1] in _HALF_LETTERS:
        yield head[-1], ""
    if tail and tail[0] in _HALF_LETTERS:
        yield "", tail[0]


def _scored(core: str, search: _Search, *, known: bool) -> dict[str, float]:
    """Return words that the letters may be, with how likely each is.

    A known word is only compared with what is mixed up often.
    """
    found: dict[str, float] = {}

    def consider(word: str, weight: float) -> None:
        if word == core or (word in found and found[word] >= weight + found_weight[word]):
            return
        likely = search.weight(word)
        if likely is not None:
            found_weight[word] = likely
            found[word] = weight + likely

    found_weight: dict[str, float] = {}
    _consider_shapes(core, consider, confusions.OFTEN if known else 0)
    if not (search.before or search.after):
        _consider_book(core, search.book.vocabulary, consider)
    if not known:
        _consider_common(core, search.book.lexicon.codes, consider)
        _consider_strays(core, consider)
        if max(found.values(), default=-9) < _LIKELY:
            _search_further(core, search, consider)
        for word, weight in _split(core, search):
            found.setdefault(word, weight)
    return found


def _consider_shapes(core: str, consider: Consider, least: float) -> None:
    """Consider like shapes: a capital may itself be misread, and hide what its small letter is."""
    plain = _NOISE.sub("", core)
    for base in dict.fromkeys((core, plain)):
        consider(base, 1.0)
        for change in _confused(base, least):
            consider(change.word, change.weight)
    for base in dict.fromkeys((core.lower(), plain.lower())):
        consider(_cased(core, base), 1.0)
        consider(base, 1.0)
        for change in _confused(base, least):
            consider(_cased(core, change.word), change.weight)


def _confused(word: str, least: float) -> list[confusions.Change]:
    """Return the changes of a word, the likeliest first, for time may be short."""
    return sorted(confusions.confused(word, least), key=lambda change: -change.weight)


def _consider_common(core: str, codes: tuple[str, ...], consider: Consider) -> None:
    """Consider short common words of which one letter was misread, whatever its shape."""
    small = core.lower()
    for word in frequent_words(codes):
        if len(word) == len(small) <= _SHORT and sum(map(str.__ne__, word, small)) == 1:
            consider(_cased(core, word), _PER_LETTER)


def _consider_strays(core: str, consider: Consider) -> None:
    for change in confusions.without_one(core.lower()):
        consider(_cased(core, change.word), change.weight)


def _consider_book(core: str, vocabulary: Vocabulary, consider: Consider) -> None:
    """Consider the book's words of like shape, and those that begin or end alike."""
    small = core.lower()
    for word in vocabulary.by_shape.get(confusions.shape_of(core), ()):
        consider(_cased(core, word), _PER_LETTER * confusions.distance(small, word))
    for word in vocabulary.near(core):
        apart = confusions.distance(small, word)
        if apart <= FAR:
            consider(_cased(core, word), _PER_OTHER * apart)


def _cased(like: str, word: str) -> str:
    """Return a word with the capitals of another: all of them, the first, or its own."""
    rest = like[1:]
    if rest.isupper():
        return word.upper()
    if like[:1].isupper() and word[:1].islower():
        return word[:1].upper() + word[1:]
    return word


def _split(core: str, search: _Search) -> Iterator[tuple[str, float]]:
    """Yield two words for one, where the blank between them was not seen."""
    for place in range(1, len(core)):
        left, right = core[:place], core[place:]
        if _stands(left) and _stands(right):
            one, other = search.part(left), search.part(right)
            if one is not None and other is not None:
                yield f"{left} {right}", min(one, other) + _SPLIT


def _stands(part: str) -> bool:
    return len(part) > 1 or part.lower() in _LONE


def _search_further(core: str, search: _Search, consider: Consider) -> None:
    """Look for a limited time: any letter exchanged or put in."""
    small = core.lower()
    for change in confusions.slips(small, search.book.vocabulary.letters):
        consider(_cased(core, change.word), change.weight)
        if not search.may_ask:
            return
