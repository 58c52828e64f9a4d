"""The database side of reading a page: queued, running, done or failed; never replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events, queue
from library.models import Page, Person, Project
from library.projects import require_coordinator
from library.queue import Taken
from pipeline import illustrations
from pipeline.models import RUN_STATES, OcrRun

#: Words with at least this `suspect` count as doubtful: some 3 in 100 words of English print (7 a
#: page), which hold four fifths of the wrong ones.
DOUBTFUL = 0.06


@dataclass(frozen=True)
class StoredScan:
    """One page's original, safely in storage."""

    sha256: str
    file_name: str
    media_type: str
    frame: int
    width: int
    height: int


@dataclass(frozen=True)
class Progress:
    """How far a project's reading has come."""

    total: int
    states: dict[str, int]
    words: int
    doubtful: int
    started_at: datetime | None
    #: Pages a minute of wall-clock time over the last pages; None before three are done.
    pace: float | None

    @property
    def finished(self) -> int:
        """Pages that need no more machine work."""
        return self.states["done"] + self.states["failed"]

    @property
    def minutes_left(self) -> int | None:
        """Minutes to the end, rounded up to 1, 2, 5, 10, 20, 30, then tens; None: can't tell."""
        left = self.total - self.finished
        if not left or not self.pace:
            return None
        minutes = left / self.pace
        steps = (1, 2, 5, 10, 20, 30)
        return next((step for step in steps if minutes <= step), int(-(-minutes // 10) * 10))


def queue_run(
    session: Session, page: Page, languages: Sequence[str], now: datetime, *, psm: int = 3
) -> OcrRun:
    """Ask for a (new) reading of a page; earlier runs stay as layers."""
    # In turns: of two askers at once, neither would see the other's run as the latest.
    session.execute(sa.select(Page.id).where(Page.id == page.id).with_for_update(key_share=True))
    session.execute(
        sa.update(OcrRun).where(OcrRun.page_id == page.id, OcrRun.latest).values(latest=False)
    )
    run = OcrRun(
        page_id=page.id,
        project_id=page.project_id,
        languages=list(languages),
        psm=psm,
        queued_at=now,
    )
    session.add(run)
    session.flush()
    queue.add_job(session, "ocr", "read-page", run.id, now, project_id=page.project_id)
    return run


def queue_first_runs(
    session: Session, project: Project, page_ids: Sequence[int], now: datetime
) -> None:
    """Ask for the first reading of many new pages, in few statements."""
    same = {"project_id": project.id, "languages": project.languages, "queued_at": now}
    runs = sa.insert(OcrRun).returning(OcrRun.id, sort_by_parameter_order=True)
    run_ids = session.scalars(runs, [{**same, "page_id": each} for each in page_ids]).all()
    queue.add_jobs(session, "ocr", "read-page", run_ids, now, project_id=project.id)


def read_again(
    session: Session,
    person: Person,
    page: Page,
    now: datetime,
    *,
    languages: Sequence[str] | None = None,
    psm: int | None = None,
) -> OcrRun:
    """Ask for another reading of a page; what people wrote stands. Raises ForbiddenError."""
    require_coordinator(session, person, page.project)
    run = queue_run(session, page, languages or page.project.languages, now, psm=psm or 3)
    events.record(session, "page.read-again", now, person=person, project=page.project, page=page)
    return run


def replace_image(
    session: Session, person: Person, page: Page, scan: StoredScan, now: datetime
) -> OcrRun:
    """Put another scan in the place of a page's; its texts stay. Raises ForbiddenError."""
    require_coordinator(session, person, page.project)
    before = page.original_sha256
    illustrations.fit(session, page, scan.width, scan.height)
    page.original_sha256, page.media_type, page.frame = scan.sha256, scan.media_type, scan.frame
    page.file_name, page.width, page.height = scan.file_name, scan.width, scan.height
    page.image_sha256 = page.view_sha256 = page.thumb_sha256 = None
    events.record(
        session,
        "page.image-replaced",
        now,
        person=person,
        project=page.project,
        page=page,
        detail={"before": before, "after": scan.sha256},
    )
    return queue_run(session, page, page.project.languages, now)


def latest_run(session: Session, page: Page) -> OcrRun | None:
    """Return a page's newest run, whatever its state."""
    return session.scalar(sa.select(OcrRun).where(OcrRun.page_id == page.id, OcrRun.latest))


def fail_run(session: Session, job: Taken, reason: str, now: datetime) -> bool:
    """Close a run that can't be read, with its sentence; False when another worker has it."""
    if not queue.fail(session, job, reason, now):
        return False
    session.execute(
        sa.update(OcrRun)
        .where(OcrRun.id == job.subject_id)
        .values(state="failed", reason=reason, finished_at=now)
    )
    return True


def counts(session: Session, project: Project) -> dict[str, int]:
    """Return how many pages are in each state of their latest run; sums to the pages."""
    result = dict.fromkeys(RUN_STATES, 0)
    rows = session.execute(
        sa.select(OcrRun.state, sa.func.count())
        .join(Page, Page.id == OcrRun.page_id)
        .where(OcrRun.project_id == project.id, OcrRun.latest, Page.deleted_at.is_(None))
        .group_by(OcrRun.state)
    )
    for state, number in rows:
        result[state] = number
    return result


def progress(session: Session, project: Project, now: datetime) -> Progress:
    """Return how far the reading has come, for the coordinator's page."""
    states = counts(session, project)
    words, doubtful, started = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(OcrRun.words), 0),
            sa.func.coalesce(sa.func.sum(OcrRun.doubtful), 0),
            sa.func.min(OcrRun.started_at),
        ).where(OcrRun.project_id == project.id, OcrRun.latest)
    ).one()
    return Progress(
        sum(states.values()),
        states,
        int(words),
        int(doubtful),
        started,
        _pace(session, project, now),
    )


def failures(session: Session, project: Project) -> Sequence[tuple[Page, OcrRun]]:
    """Return the pages that could not be read, with their runs, in order."""
    rows = session.execute(
        sa.select(Page, OcrRun)
        .join(OcrRun, OcrRun.page_id == Page.id)
        .where(
            OcrRun.project_id == project.id,
            OcrRun.latest,
            OcrRun.state == "failed",
            Page.deleted_at.is_(None),
        )
        .order_by(Page.number)
    )
    return [(page, run) for page, run in rows]


def _pace(session: Session, project: Project, now: datetime) -> float | None:
    """Pages a minute over the last 30 pages that ended within the last ten minutes."""
    ends = session.scalars(
        sa.select(OcrRun.finished_at)
        .where(
            OcrRun.project_id == project.id,
            OcrRun.latest,
            OcrRun.finished_at > now - timedelta(minutes=10),
        )
        .order_by(OcrRun.finished_at.desc())
        .limit(30)
    ).all()
    known = [end for end in ends if end is not None]
    if len(known) < 3:  # noqa: PLR2004 - fewer say nothing
        return None
    span = (max(now, known[0]) - known[-1]).total_seconds()
    return 60 * (len(known) - 1) / span if span > 0 else None
