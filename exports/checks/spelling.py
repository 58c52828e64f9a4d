"""Spellings that do not agree with each other within one book."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from exports.checks.subject import Hit, Subject
from pipeline.confusions import distance

#: Letters of a word below which a neighbour one letter away says nothing.
_LONG = 5
#: A word is held against one that stands at least this often, and so many times as often.
_COMMON, _TIMES = 4, 4
_RARE = 2
_VARIANTS = (
    (re.compile(r"(\w{3,})our(s|ed|ing|able|ite|ites|er|ers|ful|less)?"), r"\1or\2"),
    (re.compile(r"(\w{4,})is(e|es|ed|ing|er|ers|ation|ations)"), r"\1iz\2"),
)


def find(subject: Subject) -> Iterator[Hit]:
    """Give words that the book writes in two ways, and rare ones a letter away from common ones."""
    pairs = [*_hyphens(subject), *_accents(subject), *_variants(subject)]
    wanted = [min(pair[1:], key=lambda word: _count(subject, word)) for pair in pairs]
    first = _first_places(subject, wanted)
    for (code, one, other), rarer in zip(pairs, wanted, strict=True):
        if rarer in first:
            yield _pair(subject, code, first[rarer], rarer, other if rarer == one else one)
    yield from _near(subject)


def _count(subject: Subject, word: str) -> int:
    return subject.words.small[word]


def _first_places(subject: Subject, wanted: list[str]) -> dict[str, tuple[int, int]]:
    """Give the stretch of the first of each word, in whatever capitals it is written there."""
    first: dict[str, tuple[int, int]] = {}
    missing = set(wanted)
    for word, at in subject.words:
        small = word.lower()
        if small in missing:
            first[small] = at, at + len(word)
            missing.discard(small)
            if not missing:
                break
    return first


def _pair(subject: Subject, code: str, stretch: tuple[int, int], rarer: str, other: str) -> Hit:
    said = {
        "one": f"\u201c{rarer}\u201d",
        "times": times(_count(subject, rarer)),
        "other": f"\u201c{other}\u201d",
        "others": times(_count(subject, other)),
        "pair": f"{rarer}/{other}",
    }
    return Hit(code, *stretch, said)


def times(count: int) -> str:
    """Say how often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _hyphens(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Give words with one hyphen that the book also writes without."""
    small = subject.words.small
    for word in small:
        left, hyphen, right = word.partition("-")
        joined = left + right
        if hyphen and "-" not in right and len(joined) >= _LONG and joined in small:
            yield "spelling-hyphen", word, joined


def _accents(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Give words that differ by accents or ligatures alone, unless a dictionary has both."""
    small, counts = subject.words.small, subject.words.counts
    for word in small:
        plain = word if word.isascii() else _plain(word)
        if counts[plain.upper()] == small[plain]:
            continue  # many printers had no accents for capitals
        known = subject.is_word(word) and subject.is_word(plain) and subject.knows is not None
        if plain != word and plain in small and len(plain) > 2 and not known:  # noqa: PLR2004 - `a` and `à` differ
            yield "spelling-accent", word, plain


def _plain(word: str) -> str:
    open_ = word.replace("æ", "ae").replace("œ", "oe")
    parts = unicodedata.normalize("NFKD", open_)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _variants(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Give words in British and in American spelling."""
    if subject.idiom.language != "en":
        return
    small = subject.words.small
    for word in small:
        for pattern, to in _VARIANTS:
            match = pattern.fullmatch(word)
            if match and (other := match.expand(to)) in small and other != word:
                yield "spelling-variant", word, other


def _near(subject: Subject) -> Iterator[Hit]:
    """Give unknown rare words that are one letter away from words the book has often."""
    small = subject.words.small
    common: dict[str, list[str]] = {}
    for word, count in small.items():
        if count >= _COMMON and len(word) >= _LONG and word.isalpha():
            for key in _without_one(word):
                common.setdefault(key, []).append(word)
    for number, (word, at) in enumerate(subject.words):
        if small[word.lower()] > _RARE or not word.isalpha() or len(word) < _LONG or word.isupper():
            continue
        other = _neighbour(word.lower(), small, common)
        if other is not None and subject.is_unknown(word) and not subject.is_foreign(number):
            said = {
                "one": f"\u201c{word}\u201d",
                "other": f"\u201c{other}\u201d",
                "others": times(small[other]),
                "pair": f"{word.lower()}/{other}",
            }
            yield Hit("spelling-near", at, at + len(word), said)


def _neighbour(word: str, small: Counter[str], common: dict[str, list[str]]) -> str | None:
    """Give the most frequent common word one letter away; endings alone do not count."""
    found = {other for key in _without_one(word) for other in common.get(key, ())}
    near = [
        other
        for other in found
        if small[other] >= _TIMES * small[word]
        and other[:-1] != word[:-1]
        and not word.startswith(other)
        and not other.startswith(word)
        and distance(word, other) == 1
    ]
    return max(near, key=lambda other: (small[other], other), default=None)


def _without_one(word: str) -> set[str]:
    """Give the word, and it with any one letter left out: neighbours share one of these."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
