"""What one reading changed in another: words for counting, pieces for showing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[^\s]+")
#: Above this many words on a side, lines are compared instead: word alignment is quadratic.
_MOST_WORDS = 5000


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, `deleted` (only in the old) or `added` (only in the new)."""

    kind: str
    text: str


def changed_words(old: str, new: str) -> int:
    """Return how many words differ, each replaced, added or removed word counting once."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > _MOST_WORDS)
    return sum(
        max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )


def pieces(old: str, new: str) -> list[Piece]:
    """Return the pieces that turn `old` into `new`, in reading order, white space kept."""
    before, after = _tokens(old), _tokens(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return list(_walk(matcher.get_opcodes(), before, after))


def _tokens(text: str) -> list[str]:
    tokens = _TOKEN.findall(text)
    return tokens if len(tokens) <= 2 * _MOST_WORDS else text.split("\n")


def _walk(
    opcodes: Sequence[tuple[str, int, int, int, int]], before: list[str], after: list[str]
) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in opcodes:
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield Piece("same", old)
            continue
        if old:
            yield Piece("deleted", old)
        if new:
            yield Piece("added", new)
