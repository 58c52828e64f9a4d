"""Reading one page in a worker: the slow part happens between two short transactions."""

import tempfile
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from library import queue
from library.clock import utc_now
from library.db import reading, writing
from library.models import Page
from library.queue import Taken
from library.storage import Storage
from pipeline.failures import PipelineError
from pipeline.limits import Limits
from pipeline.models import OcrRun
from pipeline.reading import ReadPage, read_scan
from pipeline.runs import DOUBTFUL, fail_run


def read_page(engine: sa.Engine, storage: Storage, job: Taken) -> int | None:
    """Read the page of the run `job.subject_id` and store what was read.

    Returns the project's id when this worker's result was taken; None when another worker had
    overtaken it. A page that can never be read is closed with its sentence; any other trouble is
    raised, for the queue to try again.
    """
    with writing(engine) as session:
        run = session.get_one(OcrRun, job.subject_id)
        if run.state in ("done", "failed"):
            queue.finish(session, job, utc_now())
            return run.project_id
        run.state, run.started_at = "running", utc_now()
        page = session.get_one(Page, run.page_id)
    try:
        with tempfile.TemporaryDirectory(prefix="galley-page-") as folder:
            read = read_scan(
                storage.path(page.original_sha256),
                page.media_type,
                page.frame,
                run.languages,
                run.psm,
                Path(folder),
                Limits(),
            )
            files = {name: storage.put(path) for name, path in read.prepared.files.items()}
    except PipelineError as error:
        if not error.permanent:
            raise
        with writing(engine) as session:
            return run.project_id if fail_run(session, job, error.sentence, utc_now()) else None
    with writing(engine) as session:
        stored = _store(session, job, read, files, utc_now())
    return run.project_id if stored else None


def give_up(engine: sa.Engine, job: Taken, reason: str) -> int:
    """Close a run whose job was tried too often; returns the project's id."""
    with writing(engine) as session:
        fail_run(session, job, reason, utc_now())
    with reading(engine) as session:
        return session.get_one(OcrRun, job.subject_id).project_id


def _store(
    session: "sa.orm.Session", job: Taken, read: ReadPage, files: dict[str, str], now: datetime
) -> bool:
    if not queue.finish(session, job, now):
        return False
    run = session.get_one(OcrRun, job.subject_id)
    words = [word for line in read.lines for word in line["words"]]
    run.state, run.finished_at, run.reason = "done", now, ""
    run.engine, run.seconds = read.engine, read.seconds
    run.text, run.lines, run.confidence = read.text, read.lines, read.confidence
    run.words = len(words)
    run.doubtful = sum(word["suspect"] >= DOUBTFUL for word in words)
    page = session.get_one(Page, run.page_id)
    page.width, page.height = read.prepared.width, read.prepared.height
    page.image_sha256 = files["image"]
    page.view_sha256, page.thumb_sha256 = files["view"], files["thumb"]
    page.proposed_kind = None if words else "blank"
    return True
