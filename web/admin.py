"""The site's own affairs: its health, its people, its jobs. For admins."""

from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.models import Preview, Release
from library import people as accounts
from library import queue
from library.errors import NotFoundError
from library.models import JOB_STATES, ROLES, Job, Page, Person, Project
from pipeline import runs
from pipeline.models import OcrRun
from proofing.models import PageTask
from web import health, place
from web.present import Json
from web.words import gettext as _

bp = Blueprint("admin", __name__, url_prefix="/admin")

_A_PAGE = 50
#: What the books worker makes, by kind of job.
_BOOKS: dict[str, type[Any]] = {
    "build-release": Release,
    "build-preview": Preview,
    "index-release": Release,
}
#: Key of the session under which a link that was just made waits to be shown, once.
_LINK = "reset-link"


@bp.get("")
def index() -> str:
    """Show whether every part answers, the queues, and counts."""
    place.admin()
    missing = health.missing()
    checks = [
        {"name": name, "ok": name not in missing, "words": missing.get(name, "")}
        for name in health.CHECKS
    ]
    with place.reads() as transaction:
        return render_template(
            "admin/index.html",
            checks=checks,
            queues=_queues(transaction),
            counts=_counts(transaction),
        )


@bp.get("/people")
def people() -> str:
    """Show who has an account."""
    place.admin()
    q, offset = request.args.get("q", "").strip()[:64], _offset()
    query = sa.select(Person).order_by(Person.name).offset(offset).limit(_A_PAGE + 1)
    if q:
        query = query.where(Person.name.contains(q.casefold(), autoescape=True))
    link_for, link = session.pop(_LINK, (None, None))
    with place.reads() as transaction:
        found = transaction.scalars(query).all()
        pages = _pages_of(transaction, [person.id for person in found])
        return render_template(
            "admin/people.html",
            people=[_person(person, pages.get(person.id, 0)) for person in found[:_A_PAGE]],
            q=q,
            page_of=_page_of("admin.people", offset, len(found) > _A_PAGE, q=q or None),
            roles=ROLES,
            link=link,
            link_for=link_for,
        )


@bp.post("/people/<name>/role")
def set_role(name: str) -> Response:
    """Give somebody another role."""
    actor, role = place.admin(), request.form.get("role", "")
    with place.writes() as transaction:
        person = accounts.person_named(transaction, name)
        accounts.set_role(transaction, actor, person, role, place.now())
    flash(_("%(name)s has the role now.", name=name), "done")
    return _see("admin.people")


@bp.post("/people/<name>/reset")
def reset_link(name: str) -> Response:
    """Make a link with which somebody sets a new password; it is shown once."""
    actor = place.admin()
    with place.writes() as transaction:
        person = accounts.person_named(transaction, name)
        secret = accounts.reset_link(transaction, actor, person, place.now())
    address = url_for("accounts.reset", secret=secret)
    session[_LINK] = (name, f"{place.settings().url}{address}")
    return _see("admin.people")


@bp.post("/people/<name>/closing")
def set_closed(name: str) -> Response:
    """Close an account, or open it again; its work stays."""
    actor, off = place.admin(), request.form.get("closed") == "1"
    with place.writes() as transaction:
        person = accounts.person_named(transaction, name)
        accounts.set_disabled(transaction, actor, person, place.now(), off=off)
    words = _("%(name)s's account is closed.") if off else _("%(name)s's account is open.")
    flash(words % {"name": name}, "done")
    return _see("admin.people")


@bp.get("/jobs")
def jobs() -> str:
    """Show background work, what changed last first."""
    place.admin()
    state, offset = request.args.get("state", ""), _offset()
    query = sa.select(Job).order_by(Job.id.desc()).offset(offset).limit(_A_PAGE + 1)
    if state in JOB_STATES:
        query = query.where(Job.state == state)
    with place.reads() as transaction:
        found = transaction.scalars(query).all()
        return render_template(
            "admin/jobs.html",
            jobs=[_job(transaction, job) for job in found[:_A_PAGE]],
            state=state if state in JOB_STATES else "",
            page_of=_page_of("admin.jobs", offset, len(found) > _A_PAGE, state=state or None),
        )


@bp.post("/jobs/<int:job_id>/retry")
def retry_job(job_id: int) -> Response:
    """Have failed work done once more."""
    actor = place.admin()
    with place.writes() as transaction:
        job = transaction.get(Job, job_id)
        if job is None:
            raise NotFoundError(_("There is no such job."))
        _again(transaction, actor, job)
        name = job.queue
    place.ring(name)
    flash(_("It is tried again."), "done")
    return _see("admin.jobs")


def _again(transaction: Session, actor: Person, job: Job) -> None:
    """Make a new layer of a reading; a book is built into its own place again."""
    if job.kind == "read-page":
        run = transaction.get_one(OcrRun, job.subject_id)
        runs.read_again(transaction, actor, transaction.get_one(Page, run.page_id), place.now())
    else:
        queue.ask_again(transaction, job.kind, job.subject_id, place.now())


def _queues(transaction: Session) -> list[Json]:
    rows = transaction.execute(
        sa.select(Job.queue, Job.state, sa.func.count()).group_by(Job.queue, Job.state)
    )
    found = {(name, state): number for name, state, number in rows}
    return [
        {
            "name": name,
            "waiting": found.get((name, "pending"), 0),
            "running": found.get((name, "running"), 0),
            "failed": found.get((name, "failed"), 0),
        }
        for name in queue.QUEUES
    ]


def _counts(transaction: Session) -> dict[str, int]:
    count = sa.func.count
    asked = {
        "people": sa.select(count(Person.id)),
        "projects": sa.select(count(Project.id)).where(Project.deleted_at.is_(None)),
        "pages": sa.select(count(Page.id)).where(Page.deleted_at.is_(None)),
        "books": sa.select(count(Release.project_id.distinct())).where(
            Release.state == "published"
        ),
    }
    return {name: transaction.scalar(query) or 0 for name, query in asked.items()}


def _pages_of(transaction: Session, ids: list[int]) -> dict[int, int]:
    rows = transaction.execute(
        sa.select(PageTask.reader_id, sa.func.count())
        .where(PageTask.reader_id.in_(ids), PageTask.done_at.is_not(None))
        .group_by(PageTask.reader_id)
    )
    return {person_id: number for person_id, number in rows if person_id is not None}


def _person(person: Person, pages: int) -> Json:
    return {
        "name": person.name,
        "role": person.role,
        "created_at": person.created_at,
        "pages": pages,
        "disabled": person.disabled_at is not None,
    }


def _job(transaction: Session, job: Job) -> Json:
    about, href = _subject(transaction, job)
    return {
        "id": job.id,
        "kind": _kinds().get(job.kind, job.kind),
        "about": about,
        "href": href,
        "state": job.state,
        "attempts": job.attempt,
        "changed_at": job.finished_at or job.created_at,
        "reason": job.reason,
    }


def _kinds() -> dict[str, str]:
    return {
        "read-page": _("Reading"),
        "arrange-book": _("Heads and page numbers"),
        "build-release": _("Release"),
        "build-preview": _("Preview"),
        "index-release": _("Search index"),
    }


def _subject(transaction: Session, job: Job) -> tuple[str, str | None]:
    """Return what a job is about in words, and where that is shown."""
    if job.kind == "read-page":
        run = transaction.get(OcrRun, job.subject_id)
        page = transaction.get(Page, run.page_id) if run else None
        if page is None or page.deleted_at is not None:
            return str(job.subject_id), None
        label = _("%(title)s, page %(number)s", title=page.project.title, number=page.number)
        href = url_for("projects.page", slug=page.project.slug, number=page.number)
        return label, href
    if job.kind == "arrange-book":
        whole = transaction.get_one(Project, job.subject_id)
        return whole.title, url_for("projects.reading", slug=whole.slug)
    made: Release | Preview | None = None
    if job.kind in _BOOKS:
        made = transaction.get(_BOOKS[job.kind], job.subject_id)
    if made is None:
        return str(job.subject_id), None
    project = transaction.get_one(Project, made.project_id)
    return project.title, url_for("projects.releases", slug=project.slug)


def _offset() -> int:
    return max(0, min(request.args.get("from", 0, type=int), 10_000_000))


def _page_of(endpoint: str, offset: int, more: bool, **asked: Any) -> Json:  # noqa: ANN401
    def address(start: int) -> str:
        return url_for(endpoint, **{**asked, "from": start or None})

    return {
        "previous": address(max(0, offset - _A_PAGE)) if offset else None,
        "next": address(offset + _A_PAGE) if more else None,
    }


def _see(endpoint: str) -> Response:
    return make_response(redirect(url_for(endpoint), 303))
