"""The words of a book: how often each stands in the latest texts of its pages.

Texts are never changed, so counts stay true; only pages with a newer text are counted anew. They
are kept in each process for the books last asked for, and looked after at most every half minute.
"""

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from string import ascii_lowercase
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Project
from pipeline.confusions import shape_of
from pipeline.models import OcrRun
from proofing import texts
from proofing.models import Revision
from proofing.texts import Accepted

#: A word seen so often in its book is taken for right: a name, or the author's own.
SETTLED = 3
#: How many letters apart words may be to be taken for one another; in short ones it is too many.
FAR = 2
_SHORT = 3
_FRESH = timedelta(seconds=30)
_BOOKS = 16
_AT_ONCE = 400

_MARK = re.compile(r"</?(?:i|b|sc|g|f|u)>")
_BROKEN = re.compile(r"(?<=[^\W\d_])-\n+(?=[^\W\d_])")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['-][^\W\d_]+)*(?!\w)")


@dataclass(frozen=True)
class Vocabulary:
    """A book's words as they are written there, with their counts."""

    counts: Mapping[str, int]

    @cached_property
    def small(self) -> Counter[str]:
        """The counts in small letters."""
        found: Counter[str] = Counter()
        for word, count in self.counts.items():
            found[word.lower()] += count
        return found

    @cached_property
    def by_shape(self) -> dict[str, list[str]]:
        """The words, in small letters, by what an OCR engine can't well tell apart."""
        found: dict[str, list[str]] = {}
        for word in self.small:
            found.setdefault(shape_of(word), []).append(word)
        return found

    @cached_property
    def _by_end(self) -> dict[tuple[str, bool], list[str]]:
        """The words seen more than once, in small letters, by their first and last two letters."""
        found: dict[tuple[str, bool], list[str]] = {}
        for word, count in self.small.items():
            if count > 1 and len(word) > _SHORT:
                found.setdefault((word[:2], True), []).append(word)
                found.setdefault((word[-2:], False), []).append(word)
        return found

    def near(self, word: str) -> set[str]:
        """Return words in small letters that begin or end as this one and are about as long."""
        ends = (word[:2].lower(), True), (word[-2:].lower(), False)
        return {
            other
            for end in ends
            for other in self._by_end.get(end, ())
            if abs(len(other) - len(word)) <= FAR
        }

    @cached_property
    def letters(self) -> str:
        """The small letters that the book uses, without rare ones, the commonest first."""
        found: Counter[str] = Counter()
        for word, count in self.small.items():
            for letter in set(word):
                found[letter] += count
        least = sum(self.counts.values()) / 5000
        own = [letter for letter, n in found.most_common() if n >= least and letter.isalpha()]
        latin = own[0] in ascii_lowercase if own else True
        return "".join(dict.fromkeys([*own, *(ascii_lowercase if latin else "")]))

    def count(self, word: str) -> int:
        """Return how often a word stands in the book, in small or capital letters.

        With capitals within it, as often as it is written so.
        """
        if word[1:].islower() or word.islower() or word.isupper():
            return self.small[word.lower()]
        return self.counts.get(word, 0)


@dataclass(frozen=True)
class _Kept:
    vocabulary: Vocabulary
    sources: dict[int, Accepted]
    looked_at: datetime


#: By database, then by project, the book last asked for at the end.
_kept: WeakKeyDictionary[sa.Engine, OrderedDict[int, _Kept]] = WeakKeyDictionary()
_lock = threading.Lock()


def words_of(text: str) -> list[str]:
    """Return the words of a page text; a word broken at a line's end is one."""
    plain = _MARK.sub("", text).replace("\u2019", "'")
    return _WORD.findall(_BROKEN.sub("", plain))


def vocabulary(session: Session, project: Project, now: datetime) -> Vocabulary:
    """Return the words of a project's latest texts, at most half a minute old.

    A word broken at a line's end is counted in one piece; marks are left out.
    """
    with _lock:
        books = _kept.setdefault(session.get_bind().engine, OrderedDict())
        kept = books.get(project.id)
    if kept is not None and timedelta(0) <= now - kept.looked_at < _FRESH:
        return kept.vocabulary
    kept = _renewed(session, project, kept, now)
    with _lock:
        books[project.id] = kept
        books.move_to_end(project.id)
        while len(books) > _BOOKS:
            books.popitem(last=False)
    return kept.vocabulary


def _renewed(session: Session, project: Project, kept: _Kept | None, now: datetime) -> _Kept:
    """Count what is new since, and take away what it replaced."""
    sources = texts.accepted(session, project)
    had = kept.sources if kept else {}
    changed = [page for page in sources.keys() | had.keys() if _of(sources, page) != _of(had, page)]
    if kept is not None and not changed:
        return _Kept(kept.vocabulary, sources, now)
    counts = Counter(kept.vocabulary.counts) if kept else Counter[str]()
    for text in _texts(session, {_of(sources, page) for page in changed}):
        counts.update(words_of(text))
    for text in _texts(session, {_of(had, page) for page in changed}):
        counts.subtract(words_of(text))
    return _Kept(Vocabulary(+counts), sources, now)


_Source = tuple[type[Revision] | type[OcrRun], int] | None


def _of(sources: Mapping[int, Accepted], page_id: int) -> _Source:
    """Return where a page's text stands: a row, or nowhere."""
    source = sources.get(page_id)
    if source is None:
        return None
    if source.revision_id is not None:
        return Revision, source.revision_id
    return (OcrRun, source.run_id) if source.run_id is not None else None


def _texts(session: Session, rows: set[_Source]) -> Iterable[str]:
    for table in (Revision, OcrRun):
        ids = sorted(row[1] for row in rows if row is not None and row[0] is table)
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            yield from session.scalars(sa.select(table.text).where(table.id.in_(part)))
