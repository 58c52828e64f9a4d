"""Words that volunteers say are right in a book: good at once, for everybody, until answered.

The coordinator takes one onto the book's good words or takes it back, and may then have it doubted
always.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from library import events
from library.errors import ConflictError, InvalidError, NotFoundError
from library.models import Page, Person, Project, Word
from library.projects import coordinates, require_coordinator
from proofing import printed
from proofing.models import WordSuggestion

MOST = 100
#: Blanks, control characters, what turns the direction of writing round, half characters.
_NO_WORD = re.compile(r"[\s\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Seen:
    """Where a word was seen: a page, and line and word among those that OCR read, from 0."""

    page: Page
    line: int | None = None
    index: int | None = None


def effective_good_words(session: Session, project: Project) -> frozenset[str]:
    """Return the words that nobody need doubt in this book: its good words and open suggestions.

    A word that the coordinator wants doubted always stays doubtful, whoever suggests it.
    """
    words, of = Word.__table__, WordSuggestion.project_id == project.id
    doubted = sa.select(words.c.word).where(words.c.project_id == project.id, words.c.list == "bad")
    good = sa.select(words.c.word).where(words.c.project_id == project.id, words.c.list == "good")
    suggested = sa.select(WordSuggestion.word).where(
        of, WordSuggestion.state == "open", WordSuggestion.word.not_in(doubted)
    )
    return frozenset(session.scalars(good.union(suggested)))


def suggest(
    session: Session,
    person: Person,
    project: Project,
    word: str,
    now: datetime,
    seen: Seen | None = None,
) -> tuple[WordSuggestion, bool]:
    """Let a word count as good; return its suggestion, and whether it is new.

    A coordinator's own is accepted at once. Raises InvalidError for what is no word or stands
    nowhere, ConflictError for one that is good already, is always doubted, or was taken back.
    """
    word = _checked(word)
    if (known := _open(session, project, word)) is not None:
        return known, False
    _require_undecided(session, project, word)
    made = WordSuggestion(
        project_id=project.id, word=word, person_id=person.id, created_at=now, state="open"
    )
    if seen is not None:
        _place(session, person, made, seen)
    try:
        with session.begin_nested():
            session.add(made)
    except sa.exc.IntegrityError:
        # Someone else suggested it at this very moment.
        if (known := _open(session, project, word)) is None:
            raise
        return known, False
    detail = {"word": word, "suggestion": made.id}
    events.record(
        session, "word.suggested", now,
        person=person, project=project, page_id=made.page_id, detail=detail,
    )  # fmt: skip
    if coordinates(session, person, project):
        accept(session, made.id, person, now)
    return made, True


def accept(session: Session, suggestion_id: int, person: Person, now: datetime) -> WordSuggestion:
    """Take a word onto the book's good words; raises ForbiddenError, ConflictError."""
    suggestion = _answer(session, suggestion_id, person, "accepted", now)
    _list(session, suggestion, "good")
    return suggestion


def reject(
    session: Session, suggestion_id: int, person: Person, now: datetime, *, doubt: bool = False
) -> WordSuggestion:
    """Take a suggestion back, and with `doubt` have the word doubted wherever it stands.

    Raises ForbiddenError, ConflictError.
    """
    suggestion = _answer(session, suggestion_id, person, "rejected", now, doubt=doubt)
    if doubt:
        _list(session, suggestion, "bad")
    return suggestion


def waiting(
    session: Session, project: Project, *, after: int = 0, limit: int = 50
) -> Sequence[WordSuggestion]:
    """Return suggestions that nobody has answered, the oldest first, with ids above `after`."""
    return session.scalars(
        sa.select(WordSuggestion)
        .options(joinedload(WordSuggestion.person), joinedload(WordSuggestion.page))
        .where(
            WordSuggestion.project_id == project.id,
            WordSuggestion.state == "open",
            WordSuggestion.id > after,
        )
        .order_by(WordSuggestion.id)
        .limit(limit)
    ).all()


def count_waiting(session: Session, project: Project) -> int:
    """Return how many suggestions nobody has answered."""
    mine = (WordSuggestion.project_id == project.id, WordSuggestion.state == "open")
    return session.scalar(sa.select(sa.func.count()).where(*mine)) or 0


def _checked(word: str) -> str:
    word = unicodedata.normalize("NFC", word).strip()
    if not 1 <= len(word) <= MOST or _NO_WORD.search(word):
        sentence = f"A word has 1 to {MOST} printable characters and no blanks."
        raise InvalidError(sentence, {"word": sentence})
    return word


def _open(session: Session, project: Project, word: str) -> WordSuggestion | None:
    return session.scalar(
        sa.select(WordSuggestion).where(
            WordSuggestion.project_id == project.id,
            WordSuggestion.word == word,
            WordSuggestion.state == "open",
        )
    )


def _require_undecided(session: Session, project: Project, word: str) -> None:
    if session.get(Word, (project.id, "bad", word)) is not None:
        raise ConflictError(f"The coordinators want “{word}” doubted wherever it stands.")
    if session.get(Word, (project.id, "good", word)) is not None:
        raise ConflictError(f"“{word}” is one of this book's words already.")
    last = session.scalar(
        sa.select(WordSuggestion.state)
        .where(WordSuggestion.project_id == project.id, WordSuggestion.word == word)
        .order_by(WordSuggestion.id.desc())
        .limit(1)
    )
    if last == "rejected":
        raise ConflictError(
            f"“{word}” was suggested before and taken back; ask a coordinator of the book."
        )


def _place(session: Session, person: Person, suggestion: WordSuggestion, seen: Seen) -> None:
    suggestion.page_id = seen.page.id
    if seen.line is None:
        return
    found = printed.find(session, person, seen.page, seen.line, seen.index)
    suggestion.line, suggestion.word_index = seen.line, seen.index
    suggestion.box, suggestion.image_sha256 = found.box, seen.page.image_sha256


def _answer(
    session: Session,
    suggestion_id: int,
    person: Person,
    state: str,
    now: datetime,
    *,
    doubt: bool = False,
) -> WordSuggestion:
    suggestion = session.get(WordSuggestion, suggestion_id, with_for_update=True)
    if suggestion is None:
        raise NotFoundError("There is no such suggestion.")
    require_coordinator(session, person, suggestion.project)
    if suggestion.state != "open":
        raise ConflictError(
            f"“{suggestion.word}” was {suggestion.state} already.", state=suggestion.state
        )
    suggestion.state, suggestion.answered_by, suggestion.answered_at = state, person.id, now
    detail = {"word": suggestion.word, "suggestion": suggestion.id, "doubt": doubt}
    events.record(
        session, f"word.{state}", now, person=person,
        project_id=suggestion.project_id, page_id=suggestion.page_id, detail=detail,
    )  # fmt: skip
    return suggestion


def _list(session: Session, suggestion: WordSuggestion, which: str) -> None:
    """Put the word onto this list of the book, and off the other one."""
    other = {"good": "bad", "bad": "good"}[which]
    if (listed := session.get(Word, (suggestion.project_id, other, suggestion.word))) is not None:
        session.delete(listed)
    session.merge(Word(project_id=suggestion.project_id, list=which, word=suggestion.word))
