"""What checks look at: a book's text, its words with their counts, its pages, its language."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from exports.book import Book
from exports.checks.booktext import BookText, text_of
from exports.checks.idioms import Idiom, idiom_of
from exports.pages import PageText
from pipeline.lexicon import lexicon_for

Knows = Callable[[str], bool]

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
#: A word seen so often in its book is taken for right: a name, or the author's own.
SETTLED = 4


def dictionary(languages: Sequence[str], year: str) -> Knows | None:
    """Give what knows the words of these languages (BCP 47), old spellings up to a year too.

    None where a language has no dictionary here: then no word can be called unknown.
    """
    lexicon = lexicon_for(languages, int(year) if year.isdecimal() else None)
    return lexicon.known if lexicon.complete else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of the book's text that a check names: its stretch, and what its hint is to say."""

    code: str
    start: int
    end: int
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageHit:
    """A place of a page, or of the whole book (page 0): its line, and columns if it has any."""

    code: str
    page: int
    line: int
    excerpt: str
    said: dict[str, str] = field(default_factory=dict)
    columns: tuple[int, int] | None = None


@dataclass(frozen=True)
class Subject:
    """A book to be checked.

    `knows` says of a word whether its languages have it, None where there is no dictionary; `good`
    and `bad` are the project's words.
    """

    book: Book
    pages: Sequence[PageText]
    knows: Knows | None = None
    good: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()

    @cached_property
    def script(self) -> BookText:
        """The book's text."""
        return text_of(self.book)

    @property
    def text(self) -> str:
        """The book's text as a string."""
        return self.script.text

    @cached_property
    def idiom(self) -> Idiom:
        """What is usual in the book's language."""
        return idiom_of(self.book.language)

    @cached_property
    def words(self) -> "Words":
        """The book's words in order."""
        return Words(self.text)

    def is_word(self, word: str) -> bool:
        """Say whether a word is in order here; anything is where there is no dictionary."""
        return self.knows is None or self._is_word(word)

    def is_unknown(self, word: str) -> bool:
        """Say whether a dictionary is there, and neither it nor the project has the word."""
        return self.knows is not None and not self._is_word(word)

    def is_foreign(self, number: int) -> bool:
        """Say whether the word of this number stands in a foreign phrase.

        That is in italics, or among words that no dictionary here has.
        """
        words = self.words
        if self.script.is_italic(words.at[number]):
            return True
        beside = words.all[max(0, number - 2) : number] + words.all[number + 1 : number + 3]
        strange = [word for word in beside if word.isalpha() and word.islower()]
        return sum(map(self.is_unknown, strange)) > 1

    @cached_property
    def _is_word(self) -> Knows:
        knows, good = self.knows, {word.lower() for word in self.good}

        @cache
        def answer(word: str) -> bool:
            plain = word.replace("\u2019", "'")
            return plain.lower() in good or knows is None or knows(plain)

        return answer


class Words:
    """All words of a text as written, where they begin, and how often they stand there."""

    def __init__(self, text: str) -> None:
        self.all: list[str] = []
        self.at: list[int] = []
        for match in _WORD.finditer(text):
            self.all.append(match[0])
            self.at.append(match.start())
        self.counts = Counter(self.all)

    @cached_property
    def small(self) -> Counter[str]:
        """How often each stands there, in small or in capital letters."""
        found: Counter[str] = Counter()
        for word, count in self.counts.items():
            found[word.lower()] += count
        return found

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return zip(self.all, self.at, strict=True)

    def number(self, offset: int) -> int:
        """Give the number of the word that begins at an offset."""
        return bisect_left(self.at, offset)

    def places(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Give where each of these words begins; all are looked for in one walk."""
        found: dict[str, list[int]] = {word: [] for word in wanted}
        for word, at in self:
            if word in found:
                found[word].append(at)
        return found
