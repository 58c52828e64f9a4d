"""Words broken at line ends: joined, kept with their hyphen, or left to a person.

The book itself is the best witness: how it writes the word elsewhere (books.md 3.4).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from exports.markup import RawLine

Verdict = Literal["join", "keep", "unsure"]
HYPHENS = "-\u00ac\u2010"
MAJORITY = 3
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


def line_end_hyphen(text: str) -> re.Match[str] | None:
    """Find the hyphen that ends a line, with its doubt mark and the marks closed behind it."""
    if not text.endswith(("-", "*", ">", "\u00ac", "\u2010")):
        return None
    return LINE_END.search(text, max(0, len(text) - _TAIL))


def split_word(left_text: str, right_text: str) -> Split | None:
    """Give the word that runs over from one line into the next, None where no letter does."""
    left = _LAST.search(_TAGS.sub("", LINE_END.sub("", left_text[-_TAIL:])))
    right = _FIRST.match(_TAGS.sub("", right_text[:_TAIL]).lstrip("*"))
    return Split(left[0], right[0]) if left and right else None


class Hyphens:
    """Decides line-end hyphens by the book's own words, then a word list, then the halves.

    `lines` are the book's text lines, `decided` what people decided (`Decisions.words`), `lexicon`
    words of the book's language in lower case, which may be empty.
    """

    def __init__(
        self,
        lines: Iterable[RawLine],
        decided: Mapping[str, str],
        lexicon: frozenset[str] = frozenset(),
    ) -> None:
        self.decided = decided
        self.lexicon = lexicon
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
        """Say whether the two halves are one word, a compound with a hyphen, or unsure."""
        left, right = split.left.lower(), split.right.lower()
        word = self.decided.get(f"{left}-{right}")
        if word is not None:
            return "keep" if "-" in word[len(left) :] else "join"
        if _is_numeral(split) or (split.right[0].isupper() and not split.left.isupper()):
            return "keep"
        return self._by_book(left, right) or self._by_words(left, right)

    def _by_book(self, left: str, right: str) -> Verdict | None:
        joined, kept = self.words[left + right], self.words[f"{left}-{right}"]
        if joined >= MAJORITY * max(kept, 1) or (joined and not kept):
            return "join"
        if kept >= MAJORITY * max(joined, 1) or (kept and not joined):
            return "keep"
        return "unsure" if joined or kept else None

    def _by_words(self, left: str, right: str) -> Verdict:
        if self._known(left + right) and not (self._whole(left) and self._whole(right)):
            return "join"
        if "-" in left:
            return "keep" if self._known(right) else "unsure"
        if not self._known(right):
            return "join"
        return "unsure" if left in self.parts or self._known(left) else "join"

    def _known(self, word: str) -> bool:
        return word in self.lexicon or self.words[word] > 0

    def _whole(self, word: str) -> bool:
        """Say whether this is a word that stands alone and is no mere ending or prefix."""
        return len(word) > 3 and self._known(word)  # noqa: PLR2004 - shorter ones are mostly syllables


def _is_numeral(split: Split) -> bool:
    return split.left[-1].isdigit() or split.right[0].isdigit()
