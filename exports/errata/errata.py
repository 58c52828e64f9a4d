"""Errors that readers find in a book: reported by anybody, answered by those who know it.

`exports.errata.answering` has the answers.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.errata import placing
from exports.errata.locating import around, locate
from exports.errata.placing import PageSource
from exports.models import ERRATUM_STATES, Erratum, Release
from library import events, mail
from library.db import add_if_absent
from library.errors import InvalidError, NotFoundError
from library.models import Person, Project
from library.pagetext import clean_page_text
from library.projects import coordinates
from proofing import trust

#: Characters of what somebody reports.
LONGEST = {"current": 500, "proposed": 500, "quote": 2000, "note": 2000, "name": 100}
#: Words on each side that make a report's place plain.
_MOST_WIDER = 6
_LAST_WORD, _FIRST_WORD = re.compile(r"\S*\s*$"), re.compile(r"\s*\S*")


@dataclass(frozen=True)
class Report:
    """What a reader says: `current` stands in the book, `proposed` should.

    `quote` is a longer stretch with `current` in it; `page` the number of a scan and `line` a line
    of its text, as far as known.
    """

    current: str
    proposed: str
    note: str = ""
    quote: str = ""
    page: int | None = None
    line: int | None = None
    name: str = ""
    address: str = ""

    def cleaned(self) -> "Report":
        """Return this as it is kept; raises InvalidError with a sentence a field."""
        one_line = ("current", "proposed", "quote", "name")
        words = {name: " ".join(clean(getattr(self, name)).split()) for name in one_line}
        fields: dict[str, Any] = {**words, "note": clean(self.note).strip()}
        errors = {
            name: f"This is longer than {most} characters."
            for name, most in LONGEST.items()
            if len(fields[name]) > most
        }
        if not fields["current"]:
            errors["current"] = "Say which words of the book are wrong."
        elif fields["current"] == fields["proposed"] and not fields["note"]:
            errors["proposed"] = "This is what the book has; type what it should be."
        if errors:
            raise InvalidError(" ".join(errors.values()), errors)
        address = mail.normal(self.address) if self.address.strip() else ""
        return replace(self, **fields, address=address)


@dataclass(frozen=True)
class Reported:
    """An erratum, the secret under which its finder reads the answer, and whether it was known."""

    erratum: Erratum
    secret: str
    known: bool


def report(  # noqa: PLR0917 - what was found, in what, by whom and when
    session: Session,
    project: Project,
    release: Release | None,
    sent: Report,
    person: Person | None,
    key: str,
    now: datetime,
) -> Reported:
    """Keep a report of an error in a release, or (None) in a book before its release.

    The same report made twice is one. Its place is looked for in the texts; one that is not found
    is kept without. Raises InvalidError.
    """
    sent = sent.cleaned()
    sources = placing.sources_of(session, project, release)
    near = (sent.page, sent.line or 1) if sent.page is not None else None
    found = placing.find(session, sources, sent.current, sent.quote, near)
    on_page = next((each for each in sources if each.number == sent.page), None)
    source = found[0].source if found else on_page
    line = found[0].line if found else sent.line
    if source is not None:
        sent = _wider(session, sources, source, sent)
    page_id = source.page_id if source else None
    secret = _secret(key, project, page_id, line, sent)
    added = add_if_absent(
        session, Erratum, project_id=project.id, release_id=release.id if release else None,
        page_id=page_id, line=line, current=sent.current, proposed=sent.proposed, note=sent.note,
        name=sent.name, address=sent.address, person_id=person.id if person else None,
        state="open", corrected="", noted=False, answer="", token_hash=mail.digest(secret),
        created_at=now,
    )  # fmt: skip
    erratum = by_secret(session, secret)
    if added is not None:
        record(session, erratum, "erratum.reported", person, now)
    return Reported(erratum, secret, known=added is None)


def by_secret(session: Session, secret: str) -> Erratum:
    """Return the erratum whose finder was given this secret; raises NotFoundError."""
    found = session.scalar(sa.select(Erratum).where(Erratum.token_hash == mail.digest(secret)))
    if found is None:
        raise NotFoundError("There is no report at this address; see that it is whole.")
    return found


def errata_of(
    session: Session, project: Project, state: str | None = None, limit: int = 200
) -> Sequence[Erratum]:
    """Return a project's errata: the open ones oldest first, others the last answered first."""
    query = sa.select(Erratum).where(Erratum.project_id == project.id).limit(limit)
    if state == "open":
        query = query.where(Erratum.state == "open").order_by(Erratum.id)
    else:
        query = query.order_by(Erratum.decided_at.desc(), Erratum.id.desc())
        query = query if state is None else query.where(Erratum.state == state)
    return session.scalars(query).all()


def listed(
    session: Session, project: Project, state: str, after: int, limit: int
) -> Sequence[Erratum]:
    """Return a project's errata with an id above `after`, in the order of their reports.

    An empty `state` means any. Raises InvalidError for one that there is not.
    """
    if state and state not in ERRATUM_STATES:
        sentence = f"state takes one of {', '.join(ERRATUM_STATES)}."
        raise InvalidError(sentence, {"state": sentence})
    query = sa.select(Erratum).where(Erratum.project_id == project.id, Erratum.id > after)
    query = query.where(Erratum.state == state) if state else query
    return session.scalars(query.order_by(Erratum.id).limit(limit)).all()


def waiting_for(session: Session, person: Person, limit: int = 200) -> list[Erratum]:
    """Return the open errata that somebody may answer, of all books, oldest first."""
    waiting = sa.select(Erratum.project_id).where(Erratum.state == "open")
    books = session.scalars(
        sa.select(Project).where(Project.id.in_(waiting), Project.deleted_at.is_(None))
    )
    mine = [book.id for book in books if why_not(session, person, book) is None]
    return list(
        session.scalars(
            sa.select(Erratum)
            .where(Erratum.state == "open", Erratum.project_id.in_(mine))
            .order_by(Erratum.id)
            .limit(limit)
        )
    )


def why_not(session: Session, person: Person, project: Project) -> str | None:
    """Return why somebody may not answer this book's errata, or None: they may."""
    if coordinates(session, person, project):
        return None
    if not trust.is_known(session, person):
        return "This is for volunteers who have handed a page in; read one first."
    standing = trust.standing(session, person, project.rounds[-1])
    return None if standing.open else standing.sentence


def find_erratum(session: Session, erratum_id: int) -> Erratum:
    """Return an erratum of a book that is there; raises NotFoundError."""
    erratum = session.get(Erratum, erratum_id, populate_existing=True)
    if erratum is None or session.get_one(Project, erratum.project_id).deleted_at:
        raise NotFoundError(f"There is no erratum {erratum_id}.")
    return erratum


def record(
    session: Session, erratum: Erratum, action: str, person: Person | None, now: datetime
) -> None:
    """Add a line about an erratum to the public history."""
    events.record(
        session,
        action,
        now,
        person=person,
        project_id=erratum.project_id,
        page_id=erratum.page_id,
        detail={
            "erratum": erratum.id,
            "current": erratum.current,
            "proposed": erratum.corrected or erratum.proposed,
        },
    )


def _wider(
    session: Session, sources: Sequence[PageSource], source: PageSource, sent: Report
) -> Report:
    """Return a report with words of its quotation beside its own, so that they stand there once."""
    at = sources.index(source)
    texts = placing.texts_of(session, sources[at : at + 2])
    before, after = around(sent.quote, sent.current)
    wider = sent
    for _ in range(_MOST_WIDER):
        if len(locate(texts, wider.current)) <= 1 or not (before or after):
            break
        left, right = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        assert left is not None and right is not None  # noqa: PT018, S101 - both fit anything
        before, after = before[: left.start()], after[right.end() :]
        wider = replace(
            wider,
            current=f"{left[0]}{wider.current}{right[0]}",
            proposed=f"{left[0]}{wider.proposed}{right[0]}",
        )
    return wider


def _secret(key: str, project: Project, page_id: int | None, line: int | None, sent: Report) -> str:
    """Return a report's secret: the same for the same words at the same place."""
    about = json.dumps([project.id, page_id, line, sent.current, sent.proposed])
    return hmac.new(key.encode(), f"erratum {about}".encode(), hashlib.sha256).hexdigest()[:40]


def clean(text: str) -> str:
    """Return what somebody typed in the form that every text here has; raises InvalidError."""
    return clean_page_text(text)[0]
