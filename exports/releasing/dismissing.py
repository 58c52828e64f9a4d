"""Findings that are no fault: a coordinator says so once, and they hold up nothing any more."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Dismissal
from library import events
from library.db import add_if_absent
from library.errors import InvalidError
from library.models import Page, Person, Project
from library.projects import require_coordinator

Json = dict[str, Any]
#: Stands for all findings of a code.
WHOLE_KIND = ""

#: Letters around what is meant that tell its place from others of the page.
_BESIDE = 12
_DIGITS = 16
_CODE = re.compile(r"[a-z][a-z-]{1,39}")
_KEY = re.compile(rf"(?:[0-9a-f]{{{_DIGITS}}})?")


def key_of(finding: Json, page_ids: Mapping[int, int]) -> str:
    """Return what tells a finding (as JSON) from others of its code, the same at every build.

    It hangs on the page's lasting id and on the words that are meant with a few letters beside
    them, so edits elsewhere on the page don't change it. Findings about words of the whole book
    hang on these words alone.
    """
    about = finding.get("about") or {}
    if "pair" in about:
        place, words = "book", about["pair"]
    else:
        place, words = str(page_ids.get(finding["page"], 0)), _words(finding)
    return hashlib.sha256(f"{place}:{words}".encode()).hexdigest()[:_DIGITS]


def _words(finding: Json) -> str:
    excerpt, mark = finding["excerpt"], finding.get("mark")
    if mark:
        start, end = mark
        excerpt = excerpt[max(0, start - _BESIDE) : end + _BESIDE]
    return "".join(excerpt.split())


def dismiss(
    session: Session, person: Person, project: Project, code: str, key: str, now: datetime
) -> None:
    """Say that a finding is no fault; with the key WHOLE_KIND that all of its code are none.

    Findings of severity error are dismissed one by one only: see `marked`. Doing it again changes
    nothing. Raises ForbiddenError for who does not coordinate the book, InvalidError.
    """
    require_coordinator(session, person, project)
    _require(code, key)
    row = {"project_id": project.id, "code": code, "key": key}
    if session.get(Dismissal, tuple(row.values())) is None:
        add_if_absent(session, Dismissal, **row, person_id=person.id, at=now)
        _record(session, "finding.dismissed", person, project, row, now)


def bring_back(
    session: Session, person: Person, project: Project, code: str, key: str, now: datetime
) -> None:
    """Let a finding, or with WHOLE_KIND all of a code, count again. Raises as `dismiss`."""
    require_coordinator(session, person, project)
    _require(code, key)
    found = session.get(Dismissal, (project.id, code, key))
    if found is not None:
        session.delete(found)
        row = {"code": code, "key": key}
        _record(session, "finding.brought-back", person, project, row, now)


def marked(session: Session, project: Project, findings: Iterable[Json]) -> list[Json]:
    """Return findings with their `key`, and whether each is `dismissed`, in their order.

    A whole kind that was dismissed leaves findings of severity error standing: each of those is
    looked at by itself.
    """
    rows = sa.select(Dismissal).where(Dismissal.project_id == project.id)
    known = {(row.code, row.key) for row in session.scalars(rows)}
    page_ids = _page_ids(session, project)
    return [_marked(finding, key_of(finding, page_ids), known) for finding in findings]


def open_errors(findings: Sequence[Json]) -> int:
    """Return how many findings hold a release: errors that nobody has dismissed."""
    return sum(each["severity"] == "error" and not each.get("dismissed") for each in findings)


def _marked(finding: Json, key: str, known: set[tuple[str, str]]) -> Json:
    code, is_error = finding["code"], finding["severity"] == "error"
    dismissed = (code, key) in known or ((code, WHOLE_KIND) in known and not is_error)
    return {**finding, "key": key, "dismissed": dismissed}


def _page_ids(session: Session, project: Project) -> dict[int, int]:
    rows = session.execute(
        sa.select(Page.number, Page.id).where(
            Page.project_id == project.id, Page.deleted_at.is_(None)
        )
    )
    return {number: page_id for number, page_id in rows}  # noqa: C416 - dict() loses the types


def _require(code: str, key: str) -> None:
    if not _CODE.fullmatch(code):
        raise InvalidError(
            "There is no such kind of finding; take the code from the list of findings.",
            {"code": "A finding's code, such as word-repeated."},
        )
    if not _KEY.fullmatch(key):
        raise InvalidError(
            "There is no such finding; take the key from the list of findings.",
            {"key": f"A finding's key, {_DIGITS} hexadecimal digits, or nothing for its kind."},
        )


def _record(
    session: Session,
    action: str,
    person: Person,
    project: Project,
    row: Mapping[str, object],
    now: datetime,
) -> None:
    detail = {"code": row["code"], "key": row["key"]}
    events.record(session, action, now, person=person, project=project, detail=detail)
