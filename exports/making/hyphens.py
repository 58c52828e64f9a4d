"""Words broken at line ends: joined, kept with their hyphen, or left to a person.

The book itself is the best witness: how it writes the word elsewhere (books.md 3.4).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from exports.making.markup import RawLine

HYPHENS = "-\u00ac\u2010"
MAJORITY = 3
LONG = 4
SHORT = 2
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "'s", "e", "en", "er")
#: What dictionaries have as words, and books nearly always as part of one.
_BOUND = frozenset(
    ("inter", "trans", "super", "less", "ness", "ment", "able", "ship", "hood", "ward", "wards")
)
_TAIL = 120  # characters in which the broken word and its marks surely stand

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*(?:-[^\W\d_]+(?:['\u2019][^\W\d_]+)*)*")
_TAGS = re.compile(r"</?(?:i|b|sc|g|f|u)>")
LINE_END = re.compile(rf"(?<=[^\W_])[{HYPHENS}]\*?((?:</(?:i|b|sc|g|f|u)>)*)$")
_LAST = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*$")
_FIRST = re.compile(r"^[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Split:
    """The halves of a word broken at a line end."""

    left: str
    right: str

    @property
    def hyphenated(self) -> str:
        """The word with its hyphen."""
        return f"{self.left}-{self.right}"

    @property
    def joined(self) -> str:
        """The word without a hyphen here."""
        return self.left + self.right


def line_end_hyphen(text: str) -> re.Match[str] | None:
    """Find the hyphen that ends a line, with its doubt mark and the marks closed behind it."""
    if not text.endswith(("-", "*", ">", "\u00ac", "\u2010")):
        return None
    return LINE_END.search(text, max(0, len(text) - _TAIL))


def split_word(left_text: str, right_text: str) -> Split | None:
    """Give the word that runs over from one line into the next, None where no letter does."""
    ended = _TAGS.sub("", LINE_END.sub("", left_text[-_TAIL:]))
    left = _LAST.search(ended, ended.rfind(" ") + 1)
    right = _FIRST.match(_TAGS.sub("", right_text[:_TAIL]).lstrip("*"))
    return Split(left[0], right[0]) if left and right else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the hyphen is kept, and whether that is sure or only the likelier of two."""

    keep: bool
    sure: bool = True


_JOIN, _KEEP = Verdict(keep=False), Verdict(keep=True)
Known: TypeAlias = Callable[[str], bool]


class Hyphens:
    """Decides line-end hyphens by the book's own words, then a dictionary, then the halves.

    `lines` are the book's text lines, `decided` what people decided (`Decisions.words`). `known`
    says of a word, in lower case or with a capital, whether the book's language has it; it is None
    where there is no dictionary.
    """

    def __init__(
        self, lines: Iterable[RawLine], decided: Mapping[str, str], known: Known | None = None
    ) -> None:
        self.decided = decided
        self.known = known
        self.words: Counter[str] = Counter()
        self._count(lines)
        self.parts = Counter(
            part for word in self.words if "-" in word for part in word.split("-")[:-1]
        )

    def _count(self, lines: Iterable[RawLine]) -> None:
        broken = False
        for line in lines:
            text = line.text.lower()
            if "<" in text:
                text = _TAGS.sub("", text)
            words = _WORD.findall(text)
            if broken:
                words = words[1:]
            broken = text.endswith(("-", "-*", "\u00ac", "\u2010")) and not text.endswith("--")
            self.words.update(words[:-1] if broken else words)

    def decide(self, split: Split) -> Verdict:
        """Say whether the two halves are one word or a compound with a hyphen, and how surely."""
        left, right = split.left.lower(), split.right.lower()
        word = self.decided.get(f"{left}-{right}")
        if word is not None:
            return Verdict(keep="-" in word[len(left) :])
        if _is_numeral(split) or (split.right[0].isupper() and not split.left.isupper()):
            return _KEEP
        return self._by_book(left, right) or self._by_words(left, right)

    def seen(self, split: Split) -> tuple[int, int]:
        """Give how often the book has the word elsewhere: joined, and with its hyphen."""
        left, right = split.left.lower(), split.right.lower()
        return self.words[left + right], self.words[f"{left}-{right}"]

    def _by_book(self, left: str, right: str) -> Verdict | None:
        joined, kept = self.words[left + right], self.words[f"{left}-{right}"]
        if not joined and not kept:
            joined = self._inflected(left, right)
            kept = self._inflected(f"{left}-", right)
        if not joined and not kept:
            return None
        most, least = max(joined, kept), min(joined, kept)
        return Verdict(keep=kept >= joined, sure=not least or most >= MAJORITY * least)

    def _inflected(self, left: str, right: str) -> int:
        """Count the word in its other forms: foot-paths speaks for foot-path."""
        stems = [right, *(right.removesuffix(end) for end in ENDINGS if right.endswith(end))]
        forms = {left + stem + end for stem in stems if len(stem) > SHORT for end in ("", *ENDINGS)}
        return sum(self.words[form] for form in forms)

    def _by_words(self, left: str, right: str) -> Verdict:
        if "-" in left:
            return self._by_last_part(left.rpartition("-")[2], right)
        whole = self._whole(left + right)
        if whole and not (self._stands(left) and self._stands(right)):
            return _JOIN
        knows_left, knows_right = self._known(left), self._known(right)
        if knows_right and (knows_left or left in self.parts):
            return Verdict(keep=not whole, sure=False)
        # Without a dictionary a book of ten thousand words knows too few of them: where it knows
        # one half, and both are long, the other may be a word too.
        long = len(left) >= LONG and len(right) > LONG
        doubtful = (knows_left or knows_right) and long and self.known is None
        return Verdict(keep=False, sure=not doubtful)

    def _by_last_part(self, last: str, right: str) -> Verdict:
        """Decide a compound, "mother-in-law" or "mid-Victorian", by the part that is broken."""
        if self._whole(last + right) and not (self._stands(last) and self._stands(right)):
            return _JOIN
        knows_right = self._known(right) or self.known is None
        return Verdict(keep=knows_right, sure=knows_right and self._known(last))

    def _known(self, word: str) -> bool:
        return self.words[word] > 0 or (self.known is not None and self.known(word))

    def _whole(self, word: str) -> bool:
        """Say whether this is a word or, with a capital, a name."""
        return self._known(word) or (self.known is not None and self.known(word.capitalize()))

    def _stands(self, word: str) -> bool:
        """Say whether this is a word that stands alone and is no mere ending or prefix."""
        return len(word) >= LONG and word not in _BOUND and self._known(word)


def _is_numeral(split: Split) -> bool:
    return split.left[-1].isdigit() or split.right[0].isdigit()
