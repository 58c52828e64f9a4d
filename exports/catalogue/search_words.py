"""What a word is to the search: the same in both databases, in the index, a question and its marks.

Case, accents, ligatures and the long s make no difference; punctuation parts words, so that
"l'homme" is found by "homme" and "to-day" is the phrase "to day". Letters of scripts that are
written without spaces stand alone, and a run of them is a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Letters of a question that are looked at, and its most terms.
LONGEST, MOST_TERMS = 200, 12
#: Letters from which the last word of a question stands for all that begin so.
SHORTEST_BEGINNING = 3

#: Marks above and below letters, of scripts in which a reader may leave them out.
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff"
_MARKS += "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
#: Signs within words that are no letters: vowels of Indic scripts, joiners, the soft hyphen.
_WITHIN = (
    "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f18-\u0fc6\u102b-\u109d\u17b4-\u17d3"
)
_WITHIN += "\u00ad\u200c\u200d\u2060\u0640"
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_ALONE}]|(?:(?![{_ALONE}])[^\\W_]|[{_MARKS}{_WITHIN}])+")
_LEFT_OUT = re.compile(f"[{_MARKS}]|[^\\w{_WITHIN}]|[_\u00ad\u200c\u200d\u2060\u0640]")
#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\u0131": "i",
    }
)
_PHRASES = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|(\S+)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, from `start` to `end`, as it is compared."""

    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow each other; with `open_end` the last one may go on."""

    words: tuple[str, ...]
    open_end: bool = False

    def fits(self, words: Sequence[Word]) -> bool:
        """Whether these words, as many as the term has, are what is looked for."""
        *first, last = (word.folded for word in words)
        *before, end = self.words
        return first == before and (last.startswith(end) if self.open_end else last == end)


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word as it is compared; empty for marks without a letter."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return _LEFT_OUT.sub("", plain).translate(_LETTERS)


def words_of(text: str) -> Iterator[Word]:
    """Give the words of a text in order."""
    for match in _WORD.finditer(text):
        if folded := fold(match[0]):
            yield Word(match.start(), match.end(), folded)


def terms_of(question: str) -> tuple[Term, ...]:
    """Return what a question looks for: phrases in quotes, other words anywhere, the last one open.

    Any text is taken; one without a word gives nothing.
    """
    terms: dict[Term, None] = {}
    question = question[:LONGEST]
    for match in _PHRASES.finditer(question):
        words = tuple(word.folded for word in words_of(match[1] or match[2] or ""))
        is_last = match[2] is not None and match.end() == len(question.rstrip())
        if words:
            open_end = is_last and len(words[-1]) >= SHORTEST_BEGINNING
            terms[Term(words, open_end)] = None
    return tuple(terms)[:MOST_TERMS]


def found_in(words: Sequence[Word], terms: Sequence[Term]) -> list[range]:
    """Return where the terms stand among a text's words, as ranges of places, in order."""
    found = [
        range(at, at + len(term.words))
        for term in terms
        for at in range(len(words) - len(term.words) + 1)
        if term.fits(words[at : at + len(term.words)])
    ]
    return sorted(found, key=lambda place: (place.start, -place.stop))
