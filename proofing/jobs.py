"""The `ocr` queue's work: read pages, open them, look a book through; cut a page's pictures."""

from contextlib import suppress

from library import queue
from library.clock import utc_now
from library.db import writing
from library.models import Project
from library.queue import Taken
from library.worker import Installation, do_next, installation
from pipeline import illustrations, jobs, lexicon, ocr
from pipeline.failures import PipelineError
from proofing import rounds, wholebook


def warm_up() -> None:
    """Learn once, before work-horses are forked, what engine and dictionaries there are."""
    with suppress(PipelineError):  # without an engine each page says so itself
        ocr.engine_version()
        lexicon.warm_up(ocr.installed_languages())


def read_next_page() -> None:
    """Do the next due row of the `ocr` queue; what RQ calls."""
    do_next(installation(), "ocr", perform, give_up)


def perform(place: Installation, job: Taken) -> None:
    """Do what the job's row asks for."""
    if job.kind == "cut-pictures":
        illustrations.cut(place.engine, place.storage, job)
        return
    if job.kind == "arrange-book":
        wholebook.perform(place.engine, job)
        return
    _open(place, jobs.perform(place.engine, place.storage, job))


def give_up(place: Installation, job: Taken, reason: str) -> None:
    """Close what can't be done, with a sentence."""
    if job.kind == "cut-pictures":
        illustrations.give_up(place.engine, job, reason)
        return
    if job.kind == "arrange-book":
        wholebook.give_up(place.engine, job, reason)
        return
    _open(place, jobs.give_up(place.engine, job, reason))


def _open(place: Installation, project_id: int | None) -> None:
    """Open the project's pages that were read; the sweep would do it too, only later."""
    if project_id is None:
        return
    with writing(place.engine) as session:
        project = session.get_one(Project, project_id)
        rounds.open_pages(session, project, utc_now())
        asked = wholebook.ask_when_ready(session, project, utc_now())
    if asked:
        queue.ring(place.settings, "ocr")
