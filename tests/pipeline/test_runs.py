from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import queue
from library.db import writing
from library.errors import ForbiddenError
from library.models import Event, Job, Page, Person, Project
from pipeline import runs
from pipeline.models import OcrRun
from pipeline.runs import Progress, StoredScan
from tests.support.crowd import at_once
from tests.support.rows import NOW, add_page, add_person, add_project, add_run

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction that writes."""
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def lead(session: Session) -> Person:
    """Who coordinates."""
    return add_person(session, "lead", role="coordinator")


@pytest.fixture
def project(session: Session, lead: Person) -> Project:
    """An empty project."""
    return add_project(session, lead, languages=["en", "la"])


def test_a_run_is_asked_for_with_its_job(session: Session, project: Project) -> None:
    page = add_page(session, project)
    run = runs.queue_run(session, page, ["de"], NOW, psm=6)
    assert (run.state, run.latest, run.languages, run.psm) == ("queued", True, ["de"], 6)
    assert runs.latest_run(session, page) is run
    job = session.scalars(sa.select(Job)).one()
    assert (job.queue, job.kind, job.subject_id) == ("ocr", "read-page", run.id)


def test_runs_are_layers_and_the_newest_is_the_latest(session: Session, project: Project) -> None:
    page = add_page(session, project, "first")
    for _ in range(2):
        runs.queue_run(session, page, ["en"], NOW)
    session.expire_all()
    layers = session.scalars(sa.select(OcrRun).order_by(OcrRun.id)).all()
    assert [run.latest for run in layers] == [False, False, True]
    assert [run.text for run in layers] == ["first", "", ""]


def test_reading_again_is_for_coordinators(
    session: Session, project: Project, lead: Person
) -> None:
    page = add_page(session, project)
    with pytest.raises(ForbiddenError):
        runs.read_again(session, add_person(session), page, NOW)
    run = runs.read_again(session, lead, page, NOW)
    assert (run.languages, run.psm) == (["en", "la"], 3)
    run = runs.read_again(session, lead, page, NOW, languages=["fr"], psm=6)
    assert (run.languages, run.psm) == (["fr"], 6)
    assert session.scalars(sa.select(Event.action)).all().count("page.read-again") == 2


def test_asking_twice_at_the_same_moment_is_two_layers(engine: sa.Engine) -> None:
    with writing(engine) as session:
        lead = add_person(session, "lead")
        page = add_page(session, add_project(session, lead))

    def ask() -> int:
        with writing(engine) as session:
            return runs.read_again(session, lead, session.get_one(Page, page.id), NOW).id

    assert len(set(at_once([ask] * 4))) == 4
    with writing(engine) as session:
        assert session.scalars(sa.select(OcrRun.latest).order_by(OcrRun.id)).all() == [
            False, False, False, False, True,
        ]  # fmt: skip


def test_another_image_takes_the_place_and_the_texts_stay(
    session: Session, project: Project, lead: Person
) -> None:
    page = add_page(session, project, "first")
    page.image_sha256 = page.view_sha256 = page.thumb_sha256 = "old"
    scan = StoredScan("new", "better.tif", "image/tiff", 2, 10, 20)
    with pytest.raises(ForbiddenError):
        runs.replace_image(session, add_person(session), page, scan, NOW)
    run = runs.replace_image(session, lead, page, scan, NOW)
    assert (page.original_sha256, page.file_name, page.media_type, page.frame) == (
        "new", "better.tif", "image/tiff", 2,
    )  # fmt: skip
    assert (page.width, page.height) == (10, 20)
    assert {page.image_sha256, page.view_sha256, page.thumb_sha256} == {None}
    assert run.state == "queued"
    assert session.scalars(sa.select(OcrRun.text).order_by(OcrRun.id)).first() == "first"
    line = session.scalars(sa.select(Event).where(Event.action == "page.image-replaced")).one()
    assert line.detail == {"before": f"{1:064x}", "after": "new"}


def test_a_run_fails_with_its_sentence_once(session: Session, project: Project) -> None:
    run = runs.queue_run(session, add_page(session, project), ["en"], NOW)
    session.flush()
    lease = timedelta(seconds=60)
    late = queue.take(session, "ocr", "w:1", NOW, lease)
    job = queue.take(session, "ocr", "w:2", NOW + 2 * lease, lease)
    assert late is not None
    assert job is not None
    assert not runs.fail_run(session, late, "Too late.", NOW)
    assert runs.fail_run(session, job, "It is torn.", NOW)
    session.refresh(run)
    assert (run.state, run.reason, run.finished_at) == ("failed", "It is torn.", NOW)


def test_counts_are_of_the_latest_runs_and_sum_to_the_pages(
    session: Session, project: Project
) -> None:
    for state in ("queued", "running", "done", "done", "failed"):
        page = add_page(session, project, ocr=state)
    add_run(session, page, "", state="queued")  # the failed one, read again
    add_page(session, project, ocr="done").deleted_at = NOW
    add_page(session, add_project(session), ocr="done")
    session.flush()
    assert runs.counts(session, project) == {"queued": 2, "running": 1, "done": 2, "failed": 0}


def test_failures_are_listed_in_order(session: Session, project: Project) -> None:
    pages = [add_page(session, project, ocr=state) for state in ("failed", "done", "failed")]
    pages[0].number, pages[2].number = 9, 1
    session.flush()
    found = runs.failures(session, project)
    assert [(page.number, run.reason) for page, run in found] == [
        (1, "The page could not be read."), (9, "The page could not be read."),
    ]  # fmt: skip


def test_progress_tells_pages_words_and_pace(session: Session, project: Project) -> None:
    for place in range(4):
        run = runs.latest_run(session, add_page(session, project))
        assert run is not None
        run.finished_at, run.words, run.doubtful = NOW + place * MINUTE / 2, 100, 3
    for _ in range(6):
        add_page(session, project, ocr="queued")
    session.flush()
    progress = runs.progress(session, project, NOW + 1.5 * MINUTE)
    assert (progress.total, progress.finished) == (10, 4)
    assert (progress.words, progress.doubtful, progress.started_at) == (400, 12, NOW)
    assert progress.pace == pytest.approx(2)
    assert progress.minutes_left == 5
    # Nothing since: the pace falls, and after ten minutes nothing is known.
    assert runs.progress(session, project, NOW + 3 * MINUTE).pace == pytest.approx(1)
    assert runs.progress(session, project, NOW + 20 * MINUTE).pace is None


@pytest.mark.parametrize(
    ("left", "pace", "minutes"),
    [(0, 2.0, None), (5, None, None), (1, 2.0, 1), (5, 2.0, 5), (21, 1.0, 30), (31, 1.0, 40)],
)
def test_minutes_left_are_round(left: int, pace: float | None, minutes: int | None) -> None:
    states = {"queued": left, "running": 0, "done": 10, "failed": 0}
    assert Progress(10 + left, states, 0, 0, NOW, pace).minutes_left == minutes


def test_progress_of_nothing(session: Session, project: Project) -> None:
    progress = partial(runs.progress, session, project)
    assert (progress(NOW).total, progress(NOW).pace, progress(NOW).minutes_left) == (0, None, None)
