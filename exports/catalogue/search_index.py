"""The index of all published texts, in the words of SQLite (FTS5) and PostgreSQL (tsvector).

Ids of a release's passages lie together, so that what is found is counted by release without a look
at the passages themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.catalogue import search_passages
from exports.catalogue.catalog_models import Passage, PassageWords
from exports.catalogue.search_words import Term, words_of
from exports.models import Release
from library import queue
from library.db import add_if_absent
from library.models import Job

#: The job that brings a release's book up to date here.
KIND = "index-release"
#: Bits of a passage's id that say its place in its release.
_BITS = 20
#: Most passages of a release.
MOST = 1 << _BITS
#: Positions that PostgreSQL can tell apart.
_LAST_POSITION = 16_383

_COUNT = {
    "sqlite": "SELECT rowid >> :bits, count(*) FROM passage_words"
    " WHERE passage_words MATCH :query GROUP BY 1",
    "postgresql": "SELECT rowid >> :bits, count(*) FROM passage_words"
    " WHERE words @@ CAST(:query AS tsquery) GROUP BY 1",
}
_FIND = {
    "sqlite": "SELECT rowid FROM passage_words WHERE passage_words MATCH :query"
    " AND rowid BETWEEN :first AND :last ORDER BY rowid LIMIT :limit",
    "postgresql": "SELECT rowid FROM passage_words WHERE words @@ CAST(:query AS tsquery)"
    " AND rowid BETWEEN :first AND :last ORDER BY rowid LIMIT :limit",
}


def ask(session: Session, release_id: int, now: datetime) -> None:
    """Ask for a book's index, in the transaction that changes which release is published."""
    wanted = {"queue": "books", "kind": KIND, "subject_id": release_id}
    if add_if_absent(session, Job, **wanted, due_at=now, created_at=now) is None:
        queue.ask_again(session, KIND, release_id, now)


def add(
    session: Session, release: Release, passages: Sequence[search_passages.Passage], first: int
) -> int:
    """Add passages of a release, the first of them at that place; returns how many words."""
    rows, words = [], []
    counted = 0
    for number, passage in enumerate(passages, start=(release.id << _BITS) + first):
        rows.append(
            {
                "id": number,
                "project_id": release.project_id,
                "release_id": release.id,
                "section": passage.section,
                "text": passage.text,
                "places": [(place.offset, place.page, place.line) for place in passage.places],
            }
        )
        folded = [word.folded for word in words_of(passage.text)]
        counted += len(folded)
        words.append({"rowid": number, "words": _indexed(session, folded)})
    if rows:
        session.execute(sa.insert(Passage), rows)
        session.execute(sa.insert(PassageWords), words)
    return counted


def remove(session: Session, release_id: int, limit: int) -> int:
    """Remove some of a release's passages; returns how many."""
    some = sa.select(Passage.id).where(Passage.release_id == release_id).limit(limit)
    ids = session.scalars(some).all()
    session.execute(sa.delete(PassageWords).where(PassageWords.rowid.in_(ids)))
    session.execute(sa.delete(Passage).where(Passage.id.in_(ids)))
    return len(ids)


def count(session: Session, terms: Sequence[Term]) -> Mapping[int, int]:
    """Return how many passages have all the terms, by the id of their release."""
    asked = {"bits": _BITS, "query": _query(session, terms)}
    rows = session.execute(sa.text(_COUNT[_dialect(session)]), asked)
    return {int(release_id): int(number) for release_id, number in rows}


def find(
    session: Session, terms: Sequence[Term], release_id: int, after: int, limit: int
) -> Sequence[Passage]:
    """Return the first passages of a release that have all the terms, from that place on."""
    begin = release_id << _BITS
    asked = {"query": _query(session, terms), "first": begin + after, "last": begin + MOST - 1}
    ids = session.scalars(sa.text(_FIND[_dialect(session)]), {**asked, "limit": limit}).all()
    return session.scalars(sa.select(Passage).where(Passage.id.in_(ids)).order_by(Passage.id)).all()


def place_of(passage: Passage) -> int:
    """Return a passage's place in its release."""
    return passage.id & (MOST - 1)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _indexed(session: Session, words: Sequence[str]) -> str:
    """Write words for the index; they hold letters and digits alone, so nothing needs escaping."""
    if _dialect(session) == "sqlite":
        return " ".join(words)
    return " ".join(
        f"'{word[:500]}':{min(at, _LAST_POSITION)}" for at, word in enumerate(words, start=1)
    )


def _query(session: Session, terms: Sequence[Term]) -> str:
    if _dialect(session) == "sqlite":
        return " AND ".join(f'"{" ".join(t.words)}"{"*" if t.open_end else ""}' for t in terms)
    return " & ".join(_in_order(term) for term in terms)


def _in_order(term: Term) -> str:
    """Write a phrase for PostgreSQL."""
    words = " <-> ".join(f"'{word[:500]}'" for word in term.words)
    return f"({words}{':*' if term.open_end else ''})"
