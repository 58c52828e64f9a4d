"""The `books` queue's work: build releases and previews, send letters."""

from exports.catalogue import indexing, search_index
from exports.errata import corrections
from exports.models import Preview, Release
from exports.releasing import facsimiles, freezing, previews, releases, sources
from exports.releasing.building import build
from exports.releasing.facsimile_building import build_facsimile
from exports.writing.epub import BookEmptyError
from exports.writing.facsimile import FacsimileEmptyError
from library import mail_sending, queue
from library.clock import utc_now
from library.db import reading, writing
from library.models import Project
from library.queue import Taken
from library.worker import Installation, do_next, installation

_EMPTY = "There is no text in this book yet; read some pages first."


def warm_up() -> None:
    """Do nothing: importing this module has brought all that a build needs."""


def build_next() -> None:
    """Do the next due row of the `books` queue; what RQ calls."""
    do_next(installation(), "books", perform, give_up)


def perform(place: Installation, job: Taken) -> None:
    """Do what the job's row asks for; a book without text is closed with its sentence."""
    kinds = {
        "build-release": _build_release,
        "build-preview": _build_preview,
        search_index.KIND: indexing.index_release,
        corrections.JOB: _release_corrections,
        "build-facsimile": build_facsimile,
        "send-letter": mail_sending.send_letter,
    }
    try:
        kinds[job.kind](place, job)
    except BookEmptyError:
        give_up(place, job, _EMPTY)
    except FacsimileEmptyError as error:
        give_up(place, job, error.sentence)


def give_up(place: Installation, job: Taken, reason: str) -> None:
    """Close what can't be done, with a sentence."""
    if job.kind == "send-letter":
        mail_sending.give_up(place, job, reason)
        return
    if job.kind in (search_index.KIND, corrections.JOB):
        with writing(place.engine) as session:
            queue.fail(session, job, reason, utc_now())
        return
    fail = {
        "build-release": releases.fail_release,
        "build-preview": previews.fail_preview,
        "build-facsimile": facsimiles.fail,
    }[job.kind]
    with writing(place.engine) as session:
        fail(session, job, reason, utc_now())


def _build_release(place: Installation, job: Taken) -> None:
    with writing(place.engine) as session:
        release = session.get_one(Release, job.subject_id)
        if release.state in ("queued", "failed"):
            release.state = "building"
    with reading(place.engine) as session:
        release = session.get_one(Release, job.subject_id)
        project = session.get_one(Project, release.project_id)
        book = releases.frozen_book(session, release)
        day, number = release.requested_at.date(), release.number
        source = sources.load(session, place.storage, book, day, number)
    folder = releases.folder_of(place.settings, project, release)
    made = folder.with_name(f".{folder.name}-{job.attempt}")
    built = build(source, project.slug, made)
    with writing(place.engine) as session:
        releases.store_built(session, job, built, made, folder, utc_now())


def _release_corrections(place: Installation, job: Taken) -> None:
    """Ask for the release with the errata accepted up to now; its own job builds it."""
    with writing(place.engine) as session:
        project = session.get_one(Project, job.subject_id, with_for_update=True)
        if queue.finish(session, job, utc_now()):
            releases.request_corrected(session, project, utc_now())
    queue.ring_for_due(place.settings, place.engine, utc_now())


def _build_preview(place: Installation, job: Taken) -> None:
    with reading(place.engine) as session:
        preview = session.get_one(Preview, job.subject_id)
        project = session.get_one(Project, preview.project_id)
        book = freezing.freeze(session, project, place.settings)
        is_current = book.digest == preview.source_digest
        if is_current:
            source = sources.load(session, place.storage, book, preview.asked_at.date(), 0)
    if not is_current:
        with writing(place.engine) as session:
            previews.drop_preview(session, job, utc_now())
        return
    folder = previews.folder_of(place.settings, project, preview)
    built = build(source, project.slug, folder)
    with writing(place.engine) as session:
        previews.store_built(session, job, built, utc_now())
