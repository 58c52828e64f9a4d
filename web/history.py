"""The public history in words."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Event, Page
from proofing.rules import ROUNDS
from web.present import Json
from web.words import gettext as _


def lately(session: Session, rows: Sequence[tuple[Event, str | None]]) -> list[Json]:
    """Return lines of history as `{at, by, words, page}`; `page` is its number now, or None."""
    numbers = _numbers(session, {event.page_id for event, _name in rows} - {None})
    return [
        {
            "at": event.at,
            "by": name,
            "words": words_of(event, numbers.get(event.page_id)),
            "page": numbers.get(event.page_id),
        }
        for event, name in rows
    ]


def words_of(event: Event, number: int | None = None) -> str:
    """Return what happened, in words; an action without words of its own is told by its name."""
    detail = event.detail
    named = {
        "page": number if number is not None else "?",
        "round": _round(detail.get("round")),
        "reason": detail.get("reason") or "",
        "name": detail.get("name") or "",
        "word": detail.get("word") or "",
        "pages": detail.get("pages") or 0,
        "number": detail.get("number") or "",
        "line": detail.get("line") or "",
        "current": detail.get("current") or "",
        "proposed": detail.get("proposed") or "",
        "code": detail.get("code") or "",
    }
    sentence = _sentences().get(event.action)
    return sentence % named if sentence else event.action


def _round(code: Any) -> str:  # noqa: ANN401 - whatever the history holds
    return ROUNDS[code].name if code in ROUNDS else str(code or "")


def _numbers(session: Session, ids: set[Any]) -> dict[int | None, int]:
    if not ids:
        return {}
    rows = session.execute(
        sa.select(Page.id, Page.number).where(Page.id.in_(ids), Page.deleted_at.is_(None))
    )
    return {page_id: number for page_id, number in rows}  # noqa: C416 - dict() loses the types


def _sentences() -> dict[str, str]:
    # Gettext fills nothing in when it is given nothing: `words_of` does.
    return {
        "project.started": _("The project was started"),
        "project.changed": _("The project's details were changed"),
        "project.archived": _("The project was archived"),
        "project.cover-changed": _("The book has another cover"),
        "project.finished": _("Every page is through its last round"),
        "project.coordinator-added": _("%(name)s coordinates the book now"),
        "project.coordinator-removed": _("%(name)s no longer coordinates the book"),
        "words.good-changed": _("The list of good words was changed"),
        "words.bad-changed": _("The list of doubtful words was changed"),
        "scans.added": _("Scans were added, %(pages)s pages"),
        "pages.reordered": _("The pages were put in another order"),
        "pages.labelled": _("The pages were given their printed numbers"),
        "page.changed": _("Page %(page)s: its label or kind was changed"),
        "page.read-again": _("Page %(page)s is read again by machine"),
        "page.pictures-changed": _("The pictures of page %(page)s were marked or described"),
        "page.image-replaced": _("Page %(page)s has another scan"),
        "page.deleted": _("A page was taken out"),
        "page.corrected": _("Page %(page)s was corrected in line %(line)s"),
        "finding.dismissed": _("Findings were said to be no fault: %(code)s"),
        "finding.brought-back": _("Findings count again: %(code)s"),
        "trial.kept": _("A newcomer read a part of page %(page)s"),
        "trial.attached": _("What a newcomer read of page %(page)s has an account now"),
        "task.checked-out": _("Page %(page)s was taken: %(round)s"),
        "task.done": _("Page %(page)s was handed in: %(round)s"),
        "task.returned": _("Page %(page)s was given back: %(round)s"),
        "task.reclaimed": _("Page %(page)s came free again: %(round)s"),
        "task.reopened": _("Page %(page)s was reopened: %(round)s"),
        "task.bad": _("The scan of page %(page)s was reported: %(reason)s"),
        "task.cleared": _("The scan of page %(page)s was settled"),
        "task.sent-back": _("Page %(page)s is to be read again: %(reason)s"),
        "task.settled": _("Page %(page)s needs no reader: %(round)s"),
        "task.kept": _("A text of page %(page)s that came too late was kept"),
        "note.written": _("A note was written on page %(page)s"),
        "note.answered": _("A note on page %(page)s was answered"),
        "note.settled": _("A note on page %(page)s was settled"),
        "note.reopened": _("A note on page %(page)s was opened again"),
        "note.withdrawn": _("A note on page %(page)s was withdrawn"),
        "word.suggested": _("“%(word)s” was suggested as one of the book's words"),
        "word.accepted": _("“%(word)s” is one of the book's words"),
        "word.rejected": _("“%(word)s” is none of the book's words"),
        "contents.changed": _("The contents list was changed"),
        "decision.word": _("It was decided how “%(word)s” is written"),
        "decision.paragraph": _("Page %(page)s: it was decided whether it begins a paragraph"),
        "decision.quote": _("Page %(page)s: a quotation mark was decided"),
        "release.requested": _("Release %(number)s was asked for"),
        "release.published": _("Release %(number)s was published"),
        "release.held": _("Release %(number)s is held until its errors are settled"),
        "erratum.reported": _("A reader reported an error on page %(page)s: %(current)s"),
        "erratum.accepted": _("Page %(page)s was corrected: %(current)s is now %(proposed)s"),
        "erratum.rejected": _("A reader's report on page %(page)s was answered; the page stays"),
        "erratum.reopened": _("A reader's report on page %(page)s is open again"),
        "smooth.opened": _("The book is open to smooth readers"),
        "smooth.closed": _("Smooth reading is over"),
        "release.withdrawn": _("Release %(number)s was withdrawn"),
        "release.failed": _("Release %(number)s could not be built"),
    }
