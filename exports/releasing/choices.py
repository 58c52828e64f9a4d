"""What only a person can decide about a book: words, paragraphs, quotation marks.

A decision wins over every rule at the next build. It can be changed and taken back at any time; the
history keeps what stood before.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Decision
from exports.releasing import deciding
from library import events
from library.errors import InvalidError
from library.models import Page, Person, Project

Json = dict[str, Any]
#: The finding that asks for each kind of decision.
CODES = {
    "hyphen-unsure": "word",
    "hyphen-unresolved": "word",
    "seam-unsure": "paragraph",
    "quote-doubtful": "quote",
}
QUOTES = ("open", "close", "apostrophe")
_LONGEST = 300
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)+")


@dataclass(frozen=True)
class Choice:
    """What is to be decided: a kind of `DECISION_KINDS`, and its key as `Decision` has it."""

    kind: str
    key: str


def decide(
    session: Session,
    person: Person,
    project: Project,
    choice: Choice,
    value: str | None,
    now: datetime,
) -> None:
    """Decide something, change a decision, or with None take it back.

    Raises ForbiddenError, and InvalidError for a key or value that the kind does not have.
    """
    deciding.require_decider(session, person, project)
    kind, key = choice.kind, choice.key
    if kind not in _CHECKS:
        raise _wrong("kind", f"A decision's kind is one of {', '.join(_CHECKS)}.")
    if not key or len(key) > _LONGEST or not key.isprintable():
        raise _wrong("key", f"A decision's key has 1 to {_LONGEST} printable characters.")
    if value is not None:
        _CHECKS[kind](session, project, key, value)
    session.get_one(Project, project.id, with_for_update=True)
    row = session.get(Decision, (project.id, kind, key))
    before = row.value if row else None
    if before == value:
        return
    if value is None:
        session.delete(row)
    else:
        row = row or Decision(project_id=project.id, kind=kind, key=key)
        row.value, row.decided_by, row.decided_at = value, person.id, now
        session.add(row)
    detail = {"key": key, "word": value or key, "before": before, "after": value}
    page_id = None if kind == "word" else int(key.partition(":")[0])
    events.record(
        session, f"decision.{kind}", now,
        person=person, project=project, page_id=page_id, detail=detail,
    )  # fmt: skip


def decisions(session: Session, project: Project) -> list[tuple[Decision, str]]:
    """Return what people decided, each with their name, the newest first."""
    rows = session.execute(
        sa.select(Decision, Person.name)
        .join(Person, Person.id == Decision.decided_by)
        .where(Decision.project_id == project.id)
        .order_by(Decision.decided_at.desc(), Decision.kind, Decision.key)
    )
    return [(decision, name) for decision, name in rows]


def undecided(session: Session, project: Project, findings: Iterable[Json]) -> list[Json]:
    """Return of these findings those that wait for a decision, once each, with their `kind`."""
    mine = sa.select(Decision.kind, Decision.key).where(Decision.project_id == project.id)
    known = {(kind, key) for kind, key in session.execute(mine)}
    waiting = []
    for each in findings:
        kind, key = CODES.get(each["code"], ""), each.get("about", {}).get("key")
        if kind and key is not None and (kind, key) not in known:
            known.add((kind, key))
            waiting.append({**each, "kind": kind, "key": key})
    return waiting


def _check_word(_session: Session, _project: Project, key: str, value: str) -> None:
    if not _WORD.fullmatch(key) or key != key.lower() or "-" not in key:
        raise _wrong("key", "A word is given as it is broken: with its hyphen, in lower case.")
    if value not in _forms(key):
        raise _wrong("value", f"“{key}” is written {' or '.join(_forms(key))}.")


def _forms(key: str) -> Sequence[str]:
    """Return the ways in which a broken word may be right: with each one of its hyphens gone."""
    joined = [key[: at.start()] + key[at.end() :] for at in re.finditer("-", key)]
    return [key, *joined]


def _check_paragraph(session: Session, project: Project, key: str, value: str) -> None:
    _require_page(session, project, key)
    if value not in ("yes", "no"):
        raise _wrong("value", "Whether a page begins a paragraph is yes or no.")


def _check_quote(session: Session, project: Project, key: str, value: str) -> None:
    _require_page(session, project, key.partition(":")[0])
    if value not in QUOTES:
        raise _wrong("value", f"A quotation mark is one of {', '.join(QUOTES)}.")


def _require_page(session: Session, project: Project, page_id: str) -> None:
    digits = page_id.isascii() and page_id.isdigit() and len(page_id) <= 18  # noqa: PLR2004 - 64 bits
    page = session.get(Page, int(page_id)) if digits else None
    if page is None or page.project_id != project.id:
        raise _wrong("key", "This names a page that the book does not have.")


def _wrong(field: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, {field: sentence})


_CHECKS: dict[str, Callable[[Session, Project, str, str], None]] = {
    "word": _check_word,
    "paragraph": _check_paragraph,
    "quote": _check_quote,
}
