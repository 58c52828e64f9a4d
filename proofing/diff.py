"""What one reading changed in another: words for counting, pieces for showing.

Both stay quick on any text: counting is linear, and only stretches small enough are compared word
by word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TOKEN = re.compile(r"\s+|[^\s]+")
#: Comparing two stretches costs about the product of their lengths; beyond this they are shown
#: as one deleted and one added.
_MOST_WORK = 1_000_000


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, `deleted` (only in the old) or `added` (only in the new)."""

    kind: str
    text: str


def changed_words(old: str, new: str) -> int:
    """Return how many words differ; a replaced, an added and a removed word count one each.

    Words that only moved count nothing.
    """
    before, after = Counter(old.split()), Counter(new.split())
    return max((before - after).total(), (after - before).total())


def pieces(old: str, new: str) -> list[Piece]:
    """Return the pieces that turn `old` into `new`, in reading order, white space kept."""
    return list(_by_line(old, new))


def _by_line(old: str, new: str) -> Iterator[Piece]:
    for tag, old_lines, new_lines in _opcodes(_LINE.findall(old), _LINE.findall(new)):
        gone, come = "".join(old_lines), "".join(new_lines)
        if tag == "equal":
            yield Piece("same", gone)
        else:
            yield from _by_word(gone, come)


def _by_word(old: str, new: str) -> Iterator[Piece]:
    for tag, gone, come in _opcodes(_TOKEN.findall(old), _TOKEN.findall(new)):
        if tag == "equal":
            yield Piece("same", "".join(gone))
            continue
        if gone:
            yield Piece("deleted", "".join(gone))
        if come:
            yield Piece("added", "".join(come))


def _opcodes(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    if len(before) * len(after) > _MOST_WORK:
        yield "replace", before, after
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag, before[i1:i2], after[j1:j2]
