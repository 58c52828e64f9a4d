"""One page on the desk: scan and text, and what was typed when it has to be shown again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from sqlalchemy.orm import Session

from library.models import Person
from proofing import anchors, desks, previous, rounds, tallies, tasks, trials
from proofing.models import PageTask
from proofing.rules import ROUNDS
from web import place, present
from web.cuttings import scan_of
from web.forms import direction_of
from web.present import Json

#: Pixels of the scan's width on the desk.
_SCAN = 1600


@dataclass(frozen=True)
class Shown:
    """What the desk shows besides the page as it stands: what was typed, and why it came back."""

    text: str | None = None
    version: int | None = None
    note: str | None = None
    warnings: Sequence[str] = ()
    error: str | None = None
    conflict: Json | None = None


def show_page(session: Session, task: PageTask, person: Person, shown: Shown | None = None) -> str:
    """Return the desk with this page on it, with the text as it stands or as it was typed."""
    shown = shown or Shown()
    return render_template(
        "desk/proof.html",
        sheet=sheet(session, task, person, shown),
        settings=_settings(session, person),
        today=tallies.counts_of(session, person, place.now()).today,
        expires_at=task.lease_until or place.now(),
        warnings=shown.warnings,
        error=shown.error,
        conflict=shown.conflict,
    )


def sheet(session: Session, task: PageTask, person: Person, shown: Shown | None = None) -> Json:
    """Return all that the desk needs of a page in someone's hands; shape: `SheetOut` of the API."""
    shown = shown or Shown()
    page, project = task.page, task.project
    run = task.run or rounds.latest_run(session, task.page_id)
    lines = run.lines if run else []
    text = tasks.current_text(session, task) if shown.text is None else shown.text
    return {
        "task": {
            "id": task.id,
            "round": task.round,
            "round_name": ROUNDS[task.round].name,
            "formatting": ROUNDS[task.round].formatting,
            "text": text,
            "version": task.version if shown.version is None else shown.version,
            "expires_at": present.moment(task.lease_until),
        },
        "project": {
            "slug": project.slug,
            "title": project.title,
            "languages": project.languages,
            "direction": direction_of(project.languages[0]),
        },
        "page": {
            "id": page.id,
            "number": page.number,
            "label": page.label or str(page.number),
            "width": page.width,
            "height": page.height,
            "ocr_failed": run is None,
        },
        "lines": lines,
        "anchors": anchors.anchors_json(text, lines),
        "base_text": rounds.base_text(session, task),
        "previous": _previous(previous.previous_text(session, task)),
        "layers": trials.layers_of(session, task),
        "note": _note(task) if shown.note is None else shown.note,
        "left_behind": _left_behind(session, task, person),
        "urls": _addresses(task),
    }


def _addresses(task: PageTask) -> dict[str, str]:
    """Return the addresses that the desk's scripts call, by name."""
    slug, number = task.project.slug, task.page.number
    image: dict[str, Any] = {"slug": slug, "address": number}
    scan = {**image, "scan": scan_of(task.page)} if task.page.image_sha256 else image
    return {
        "page": url_for("desk.proof", task_id=task.id),
        "project": url_for("projects.show", slug=slug),
        "public": url_for("projects.page", slug=slug, number=number),
        "image": url_for("api.page_image", **scan, width=min(task.page.width, _SCAN)),
        "full_image": url_for("api.page_image", **scan),
        "sheet": url_for("api.show_sheet", task_id=task.id),
        "draft": url_for("api.save_draft", task_id=task.id),
        "done": url_for("api.hand_in", task_id=task.id),
        "give_back": url_for("api.give_back", task_id=task.id),
        "report": url_for("api.report_bad", task_id=task.id),
        "reopen": url_for("api.reopen", task_id=task.id),
        "renew": url_for("api.renew", task_id=task.id),
        "readings": url_for("api.task_readings", task_id=task.id),
        "word_readings": url_for("api.word_readings", slug=slug),
        "check_words": url_for("api.check_words", slug=slug),
        "suggest_word": url_for("api.suggest_word", slug=slug),
        "characters": url_for("api.show_characters", slug=slug),
        "find_characters": url_for("api.find_characters"),
        "preview": url_for("api.preview_page", task_id=task.id),
        "pages": url_for("api.list_pages", slug=slug),
        "check_out": url_for("api.check_out", slug=slug),
        "me": url_for("api.show_me"),
        "session": url_for("api.show_session"),
        "notes": url_for("api.page_notes", **image),
        "note": url_for("api.settle_note", note_id=0).removesuffix("0/settle"),
        "sign_in": url_for("accounts.sign_in", next=url_for("desk.proof", task_id=task.id)),
    }


def _settings(session: Session, person: Person) -> Json:
    found = desks.chosen(session, person)
    return {**found.devices, "books": found.books}


def _previous(before: previous.Previous | None) -> Json | None:
    if before is None:
        return None
    return {
        "text": before.text,
        "round": before.round,
        "round_name": ROUNDS[before.round].name,
        "by": before.by,
        "done_at": present.moment(before.done_at),
    }


def _left_behind(session: Session, task: PageTask, person: Person) -> Json | None:
    offered = tasks.offered_draft(session, task, person)
    if offered is None or offered.person is None:
        return None
    return {"by": offered.person.name, "text": offered.text}


def _note(task: PageTask) -> str:
    return task.head.note if task.head is not None and task.head.kind == "draft" else ""
