"""Reading one page in a worker: the slow part happens between short transactions."""

import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import queue
from library.clock import utc_now
from library.db import reading, writing
from library.models import Page
from library.queue import Taken
from library.storage import Storage
from pipeline.failures import PipelineError
from pipeline.models import OcrRun
from pipeline.reading import prepare_scan, read_page
from pipeline.runs import DOUBTFUL, fail_run


def perform(engine: sa.Engine, storage: Storage, job: Taken) -> int | None:
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
            read = _read(engine, storage, page, run, Path(folder))
    except PipelineError as error:
        if not error.permanent:
            raise
        with writing(engine) as session:
            return run.project_id if fail_run(session, job, error.sentence, utc_now()) else None
    with writing(engine) as session:
        stored = _store(session, job, read, utc_now())
    return run.project_id if stored else None


def give_up(engine: sa.Engine, job: Taken, reason: str) -> int:
    """Close a run whose job was tried too often; returns the project's id."""
    with writing(engine) as session:
        fail_run(session, job, reason, utc_now())
    with reading(engine) as session:
        return session.get_one(OcrRun, job.subject_id).project_id


def _read(
    engine: sa.Engine, storage: Storage, page: Page, run: OcrRun, folder: Path
) -> dict[str, Any]:
    """Prepare the page's pictures and read the page; returns the run's columns.

    The pictures are kept before the reading begins: a page that can't be read can still be typed.
    Raises PipelineError.
    """
    began = time.monotonic()
    original = storage.path(page.original_sha256)
    prepared = prepare_scan(original, page.media_type, page.frame, folder)
    pictures = {f"{name}_sha256": storage.put(path) for name, path in prepared.files.items()}
    size = {"width": prepared.width, "height": prepared.height}
    with writing(engine) as session:
        session.execute(sa.update(Page).where(Page.id == page.id).values(**pictures, **size))
    lines, text, confidence, version = read_page(prepared.image, run.languages, run.psm)
    words = [word for line in lines for word in line["words"]]
    return {
        "lines": lines,
        "text": text,
        "confidence": confidence,
        "engine": version,
        "words": len(words),
        "doubtful": sum(word["suspect"] >= DOUBTFUL for word in words),
        "seconds": time.monotonic() - began,
    }


def _store(session: Session, job: Taken, read: dict[str, Any], now: datetime) -> bool:
    """Write the result with the job's end; False, and nothing written, when we were overtaken."""
    if not queue.finish(session, job, now):
        return False
    run = session.get_one(OcrRun, job.subject_id)
    run.state, run.finished_at, run.reason = "done", now, ""
    for column, value in read.items():
        setattr(run, column, value)
    session.get_one(Page, run.page_id).proposed_kind = None if run.words else "blank"
    return True
