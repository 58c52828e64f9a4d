"""One page on the desk: scan and text, and what was typed when it has to be shown again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from sqlalchemy.orm import Session

from library.models import Person
from proofing import rounds, tallies, tasks
from proofing.models import PageTask
from proofing.rules import ROUNDS
from web import place
from web.forms import direction_of
from web.preferences import typeface
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
    page, project = task.page, task.project
    run = task.run or rounds.latest_run(session, task.page_id)
    image_url = url_for(
        "api.page_image", slug=project.slug, address=page.number, width=min(page.width, _SCAN)
    )
    return render_template(
        "desk/proof.html",
        task={
            "id": task.id,
            "page": page.number,
            "round": task.round,
            "round_name": ROUNDS[task.round].name,
            "text": tasks.current_text(session, task) if shown.text is None else shown.text,
            "version": task.version if shown.version is None else shown.version,
            "expires_at": task.lease_until or place.now(),
            "lines": run.lines if run else [],
        },
        project={
            "slug": project.slug,
            "title": project.title,
            "languages": project.languages,
            "direction": direction_of(project.languages[0]),
        },
        page={
            "number": page.number,
            "label": page.label or str(page.number),
            "width": page.width,
            "height": page.height,
            "image_url": image_url,
            "ocr_failed": run is None,
        },
        note=_note(task) if shown.note is None else shown.note,
        typeface=typeface(),
        today=tallies.counts_of(session, person, place.now()).today,
        warnings=shown.warnings,
        error=shown.error,
        conflict=shown.conflict,
        left_behind=_left_behind(session, task, person),
    )


def _left_behind(session: Session, task: PageTask, person: Person) -> Json | None:
    offered = tasks.offered_draft(session, task, person)
    if offered is None or offered.person is None:
        return None
    return {"by": offered.person.name, "text": offered.text}


def _note(task: PageTask) -> str:
    return task.head.note if task.head is not None and task.head.kind == "draft" else ""
