"""Answers to errata: an accepted one is a revision of its page, and in a release within the hour.

Who may answer: the book's coordinators, and volunteers to whom its last round is open.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.errata import amending, corrections, placing
from exports.errata.errata import LONGEST, clean, find_erratum, record, why_not
from exports.errata.locating import SEAM, locate
from exports.errata.placing import PageSource
from exports.models import Erratum
from library import mail
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Page, Person, Project
from library.projects import coordinates
from proofing.correcting import correct_line
from proofing.models import Revision
from proofing.texts import Accepted, accepted


def accept(
    session: Session, person: Person, erratum_id: int, now: datetime, text: str | None = None
) -> Erratum:
    """Correct the page as proposed, or with `text` instead, and ask for a release.

    Raises ForbiddenError, ConflictError when it was answered meanwhile or its words no longer
    stand there, InvalidError for a text that changes nothing.
    """
    erratum, project = _locked(session, person, erratum_id, "open")
    words = " ".join(clean(erratum.proposed if text is None else text).split())
    revision = _correct(session, person, erratum, (erratum.current, words), now)
    erratum.revision_id, erratum.corrected = revision.id, words
    _answer(session, person, erratum, "accepted", "It is corrected; thank you.", now)
    _ask_release(session, project, erratum, now)
    return erratum


def reject(
    session: Session,
    person: Person,
    erratum_id: int,
    reason: str,
    now: datetime,
    *,
    noted: bool = False,
) -> Erratum:
    """Leave the book as it is, with the reason for it.

    `noted`: the print itself has the error, and the book's next release says so. Raises
    ForbiddenError, ConflictError, InvalidError without a reason.
    """
    erratum, _ = _locked(session, person, erratum_id, "open")
    reason = " ".join(clean(reason).split())
    if not reason or len(reason) > LONGEST["note"]:
        sentence = "Say in a sentence why it stays; its finder reads it."
        raise InvalidError(sentence, {"reason": sentence})
    erratum.noted = noted
    _answer(session, person, erratum, "rejected", reason, now)
    return erratum


def reopen(session: Session, person: Person, erratum_id: int, now: datetime) -> Erratum:
    """Take an answer back; the words that an accepted one changed are put back too.

    Raises ForbiddenError, ConflictError when they have been changed again since.
    """
    erratum, project = _locked(session, person, erratum_id, "accepted", "rejected")
    if erratum.state == "accepted":
        words = (erratum.corrected, erratum.current)
        if not erratum.corrected:
            raise ConflictError(
                "These words were taken out; put them back on the page itself.",
                state=erratum.state,
            )
        erratum.revision_id = _correct(session, person, erratum, words, now).id
        _ask_release(session, project, erratum, now)
    erratum.state, erratum.answer, erratum.corrected, erratum.noted = "open", "", "", False
    erratum.decided_by = erratum.decided_at = None
    record(session, erratum, "erratum.reopened", person, now)
    return erratum


@dataclass(frozen=True)
class Standing:
    """Where an erratum's words stand now: its page and line, and how many lines they go over."""

    source: PageSource
    line: int
    lines: str
    #: The lines as they would be, or None where they have to be corrected by hand.
    proposed: str | None


def standing(session: Session, erratum: Erratum) -> Standing | None:
    """Return where an erratum's words stand in the accepted text, or None where they do not."""
    found = _stands(session, erratum, erratum.corrected or erratum.current)
    if found is None:
        return None
    pages, pair, start, end = found
    amended = amending.amend(pair, start, end, erratum.current, erratum.proposed)
    line = pair.count("\n", 0, start) + 1
    lines = _whole_lines(pair, start, end)
    proposed = None
    if amended is not None:
        proposed = _whole_lines(amended, start, end + len(amended) - len(pair))
    text = accepted(session, pages[0].project, pages[0]).get(pages[0].id, Accepted())
    source = placing.source_of(pages[0], text)
    return Standing(source, line, lines, proposed)


def _whole_lines(text: str, start: int, end: int) -> str:
    """Return the lines that a stretch is on; over a seam, those of both pages."""
    last = text.find("\n", max(start, end))
    whole = text[text.rfind("\n", 0, start) + 1 : len(text) if last < 0 else last]
    return whole.replace(SEAM, "\n")


def _stands(
    session: Session, erratum: Erratum, words: str
) -> tuple[list[Page], str, int, int] | None:
    """Return the page (and the next) that words stand on, their text, and the stretch."""
    page = session.get(Page, erratum.page_id) if erratum.page_id else None
    if page is None or page.deleted_at:
        return None
    pages = [page, *_next(session, page)]
    texts = placing.texts_of(
        session,
        [
            placing.source_of(each, accepted(session, each.project, each).get(each.id, Accepted()))
            for each in pages
        ],
    )
    places = locate(texts, words, near=(0, erratum.line or 1))
    first = next((place for place in places if place.page == 0), None)
    return (pages, SEAM.join(texts), first.start, first.end) if first else None


def _next(session: Session, page: Page) -> list[Page]:
    later = sa.select(Page).where(
        Page.project_id == page.project_id,
        Page.number > page.number,
        Page.deleted_at.is_(None),
        Page.kind == "text",
    )
    return list(session.scalars(later.order_by(Page.number).limit(1)))


def _correct(
    session: Session, person: Person, erratum: Erratum, words: tuple[str, str], now: datetime
) -> Revision:
    """Put the second words in the place of the first; returns the last revision that did."""
    found = _stands(session, erratum, words[0])
    if found is None:
        raise ConflictError(
            f"\u201c{words[0]}\u201d no longer stands there; look at the page as it is now."
        )
    pages, pair, start, end = found
    amended = amending.amend(pair, start, end, *words)
    if amended is None:
        raise ConflictError(
            "This can't be brought into the page by itself; correct the line on the page, then"
            " answer the report."
        )
    revision = None
    both = zip(pages, pair.split(SEAM), amended.split(SEAM), strict=True)
    for page, before, after in both:
        if (changed := amending.changed_lines(before, after)) is not None:
            revision = correct_line(session, person, page, *changed, now)
    if revision is None:
        raise InvalidError("Nothing would change; type what the words should be.")
    return revision


def _locked(
    session: Session, person: Person, erratum_id: int, *states: str
) -> tuple[Erratum, Project]:
    """Return an erratum in one of these states and its project, both locked for an answer."""
    erratum = find_erratum(session, erratum_id)
    project = session.get_one(Project, erratum.project_id, with_for_update=True)
    session.refresh(erratum)
    if (sentence := why_not(session, person, project)) is not None:
        raise ForbiddenError(sentence)
    if erratum.person_id == person.id and not coordinates(session, person, project):
        raise ForbiddenError("You reported this yourself; somebody else answers it.")
    if erratum.state not in states:
        raise ConflictError(
            f"This report is {erratum.state} already.", state=erratum.state, answer=erratum.answer
        )
    return erratum, project


def _answer(
    session: Session, person: Person, erratum: Erratum, state: str, answer: str, now: datetime
) -> None:
    erratum.state, erratum.answer = state, answer
    erratum.decided_by, erratum.decided_at = person.id, now
    record(session, erratum, f"erratum.{state}", person, now)
    if erratum.address:
        project = session.get_one(Project, erratum.project_id)
        detail = {"title": project.title, "slug": project.slug, "answer": answer}
        detail |= {"current": erratum.current}
        mail.answer_finder(session, erratum.id, erratum.address, detail, now)
        erratum.address = ""


def _ask_release(session: Session, project: Project, erratum: Erratum, now: datetime) -> None:
    """Release what was found in a release; what was found before one waits for it."""
    if erratum.release_id is not None:
        corrections.ask_release(session, project, now)
