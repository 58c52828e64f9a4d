"""Rows as plain values, by the names of the contract: what the API gives and templates show."""

from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from exports.models import Release
from library import projects
from library.models import Event, Page, Person, Project
from pipeline import runs
from pipeline.models import OcrRun
from proofing import rounds, tasks, texts
from proofing.models import PageTask, Revision
from proofing.rules import State

Json = dict[str, Any]


def moment(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z") if time else None


def project(session: Session, row: Project) -> Json:
    """Return a project with its counts."""
    ocr = runs.counts(session, row)
    fields = (
        "slug title author languages state rounds contributors publisher place year description"
        " subjects source_url rights script policy one_person opened note"
    )
    return {
        **{name: getattr(row, name) for name in fields.split()},
        "coordinators": projects.coordinators(session, row),
        "created_at": moment(row.created_at),
        "url": url_for("projects.show", slug=row.slug, _external=True),
        "pages": {
            "total": sum(ocr.values()),
            "ocr": ocr,
            "rounds": rounds.counts(session, row),
            "finished": rounds.finished_pages(session, row),
        },
    }


def page_items(
    session: Session, row: Project, *, after: int = 0, limit: int | None = None
) -> list[Json]:
    """Return pages with number above `after`, in order, with where each stands; two queries."""
    query = (
        sa.select(Page, OcrRun.state, OcrRun.confidence, OcrRun.reason)
        .join(OcrRun, sa.and_(OcrRun.page_id == Page.id, OcrRun.latest))
        .where(Page.project_id == row.id, Page.deleted_at.is_(None), Page.number > after)
        .order_by(Page.number)
        .limit(limit)
    )
    found = session.execute(query).all()
    ids = [page.id for page, *_ in found] if limit else None
    current = _current_tasks(session, row, ids)
    return [
        {
            "id": page.id,
            "number": page.number,
            "label": page.label,
            "kind": page.kind,
            **_standing(current.get(page.id), ocr_state),
            "ocr": {
                "state": ocr_state or "queued",
                "confidence": confidence,
                "reason": reason or "",
            },
        }
        for page, ocr_state, confidence, reason in found
    ]


def page(session: Session, row: Page) -> Json:
    """Return a page with its text as it stands, the OCR's lines and every round."""
    latest = runs.latest_run(session, row)
    read = rounds.latest_run(session, row.id)
    chain = page_tasks(session, row)
    accepted = texts.accepted(session, row.project, row).get(row.id)
    revision_id = accepted.revision_id if accepted else None
    read_text = read.text if read else ""
    return {
        "id": row.id,
        "number": row.number,
        "label": row.label,
        "kind": row.kind,
        "proposed_kind": row.proposed_kind,
        "file": row.file_name,
        "width": row.width,
        "height": row.height,
        "text": session.get_one(Revision, revision_id).text if revision_id else read_text,
        "lines": read.lines if read else [],
        "ocr": {
            "state": latest.state if latest else "queued",
            "confidence": latest.confidence if latest else None,
            "reason": latest.reason if latest else "",
        },
        "rounds": [
            {
                "round": task.round,
                "reading": task.reading,
                "task": task.id,
                "state": task.state,
                "by": _name(task.reader if task.state == State.DONE else task.holder),
                "done_at": moment(task.done_at),
                "revision": task.head_id if task.state == State.DONE else None,
            }
            for task in chain
        ],
    }


def page_tasks(session: Session, row: Page) -> list[PageTask]:
    """Return a page's tasks in the order of its project's rounds."""
    order = {code: place for place, code in enumerate(row.project.rounds)}
    found = session.scalars(sa.select(PageTask).where(PageTask.page_id == row.id))
    return sorted(found, key=lambda task: (order.get(task.round, 99), task.reading))


def task(session: Session, row: PageTask, person: Person | None) -> Json:
    """Return a task; its current text is shown to its holder, others see the accepted one."""
    mine = person is not None and row.holder_id == person.id and row.state == State.OUT
    shown = row.state == State.DONE or mine
    offered = tasks.offered_draft(session, row, person) if mine and person else None
    read = rounds.read(session, row)
    start = row.base.text if row.base is not None else read.text
    return {
        "id": row.id,
        "project": row.project.slug,
        "page": row.number,
        "page_id": row.page_id,
        "round": row.round,
        "state": row.state,
        "text": row.head.text if shown and row.head is not None else start,
        "version": row.version,
        "expires_at": moment(row.lease_until),
        "holder": _holder(row, person),
        "reason": row.reason,
        "draft": revision(row, offered) if offered else None,
        "lines": orjson.Fragment(read.lines),
    }


def _holder(row: PageTask, person: Person | None) -> str | None:
    """Return who has a task out; asking the database only for somebody else's name."""
    if row.state != State.OUT:
        return None
    mine = person is not None and row.holder_id == person.id
    return person.name if mine and person else _name(row.holder)


def revision(row: PageTask, saved: Revision) -> Json:
    """Return one saved text of a task."""
    return {
        "id": saved.id,
        "task": row.id,
        "round": row.round,
        "kind": saved.kind,
        "version": saved.version,
        "text": saved.text,
        "by": _name(saved.person),
        "at": moment(saved.created_at),
        "note": saved.note,
    }


def events(session: Session, rows: list[tuple[Event, str | None]]) -> list[Json]:
    """Return lines of history with the names of their places."""
    slugs = _names(session, Project, Project.slug, {event.project_id for event, _ in rows})
    numbers = _names(session, Page, Page.number, {event.page_id for event, _ in rows})
    return [
        {
            "id": event.id,
            "at": moment(event.at),
            "by": name,
            "project": slugs.get(event.project_id),
            "page": numbers.get(event.page_id),
            "action": event.action,
            "detail": event.detail,
        }
        for event, name in rows
    ]


def _names(session: Session, table: Any, column: Any, ids: set[int | None]) -> dict[Any, Any]:  # noqa: ANN401
    wanted = ids - {None}
    if not wanted:
        return {}
    rows = session.execute(sa.select(table.id, column).where(table.id.in_(wanted)))
    return {key: value for key, value in rows}  # noqa: C416 - dict() loses the types


def _current_tasks(
    session: Session, row: Project, page_ids: list[int] | None
) -> dict[int, tuple[str, str, str | None]]:
    """Return round, state and holder of each page's furthest task that is not withdrawn."""
    order = {code: place for place, code in enumerate(row.rounds)}
    query = (
        sa.select(PageTask.page_id, PageTask.round, PageTask.state, Person.name)
        .outerjoin(Person, Person.id == PageTask.holder_id)
        .where(PageTask.project_id == row.id, PageTask.state != State.WITHDRAWN)
    )
    if page_ids is not None:
        query = query.where(PageTask.page_id.in_(page_ids))
    current: dict[int, tuple[str, str, str | None]] = {}
    for page_id, code, state, holder in session.execute(query):
        known = current.get(page_id)
        if known is None or order.get(code, 0) > order.get(known[0], 0):
            current[page_id] = (code, state, holder)
    return current


def _standing(current: tuple[str, str, str | None] | None, ocr_state: str) -> Json:
    if current is None:
        return {
            "state": "reading" if ocr_state != "failed" else "failed",
            "round": None,
            "holder": None,
        }
    code, state, holder = current
    return {"state": state, "round": code, "holder": holder if state == State.OUT else None}


def _name(person: Person | None) -> str | None:
    return person.name if person else None


def release(project: Project, row: Release) -> Json:
    """Return a release with its files."""
    return {
        "number": row.number,
        "state": row.state,
        "requested_at": moment(row.requested_at),
        "built_at": moment(row.built_at),
        "source_digest": row.source_digest,
        "with_open_findings": row.with_open_findings,
        "reason": row.reason,
        "findings": row.findings,
        "changes": row.changes,
        "changed_pages": row.changed_pages,
        "files": files(project, row),
    }


def files(project: Project, row: Release) -> list[Json]:
    """Return a release's files with their addresses."""
    return [
        {
            "name": file.name,
            "media_type": file.media_type,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "url": url_for("catalog.download", slug=project.slug, name=file.name, _external=True),
        }
        for file in row.downloads
    ]
