"""A hidden book is gone after thirty days, with its files, and leaves nothing but bare rows."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exports.models import Release
from library import collecting, queue
from library.config import Settings
from library.db import Base, reading, writing
from library.models import Event, Job, Page, Person, Project, Upload, Word
from library.storage import Storage
from library.worker import Installation
from pipeline import illustrations
from pipeline.illustrations import Region
from pipeline.models import OcrRun
from proofing import rounds
from proofing.models import PageTask, Revision
from proofing.purging import HIDDEN, _belonging, purge_one
from tests.support.desk import Desk

#: What the append-only history names stays, without a word.
BARE = {"project", "page", "page_task", "event", "revision"}


@pytest.fixture
def place(settings: Settings, engine: sa.Engine) -> Installation:
    return Installation(settings, engine, Storage.from_url(settings.storage_url))


def _fill(place: Installation, desk: Desk, project: Project) -> str:
    """Give a book something in many tables; returns a digest that one of its pages names."""
    sha256 = place.storage.put(io.BytesIO(b"a scan"))
    with writing(place.engine) as session:
        mine = session.get_one(Project, project.id)
        page = session.scalars(sa.select(Page).where(Page.project_id == mine.id)).first()
        assert page is not None
        page.kind, page.original_sha256 = "blank", sha256
        rounds.apply_kind(session, mine, page, desk.now)  # makes a revision
        upload = Upload(project_id=mine.id, person_id=mine.created_by, batch="one", name="a.zip",
                        sha256="0" * 64, pages=1, created_at=desk.now)  # fmt: skip
        release = Release(project_id=mine.id, number=1, requested_by=mine.created_by,
                          requested_at=desk.now, metadata_={})  # fmt: skip
        session.add_all((upload, release, Word(project_id=mine.id, list="good", word="thou")))
        session.flush()
        page.upload_id = upload.id
        run = session.scalars(sa.select(OcrRun.id).where(OcrRun.page_id == page.id)).first()
        assert run is not None
        queue.add_job(session, "ocr", "read-page", run, desk.now)
        reader = session.get_one(Person, mine.created_by)
        illustrations.replace(session, reader, page, [Region((0, 0, 50, 50))], desk.now)
        mine.cover_sha256 = sha256
        queue.add_job(session, "books", "build-release", release.id, desk.now)
    return sha256


def _left(place: Installation, project_id: int) -> set[str]:
    """The tables that still have rows of a project."""
    with reading(place.engine) as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for condition in _belonging(table, project_id)
            if session.execute(sa.select(table).where(condition).limit(1)).first()
        }


def test_a_book_hidden_for_thirty_days_goes(place: Installation, desk: Desk) -> None:
    project, other = desk.project(pages=["one", "two", "three"]), desk.project()
    sha256, kept = _fill(place, desk, project), _fill(place, desk, other)
    assert sha256 == kept
    before = _left(place, other.id)
    folder = place.settings.releases / project.slug / "1"
    folder.mkdir(parents=True)
    with writing(place.engine) as session:
        session.get_one(Project, project.id).deleted_at = desk.now
    assert not purge_one(place, desk.now + HIDDEN - timedelta(seconds=1))
    assert "ocr_run" in _left(place, project.id)
    assert purge_one(place, desk.now + HIDDEN)
    assert not purge_one(place, desk.now + HIDDEN)

    assert _left(place, project.id) <= BARE
    assert _left(place, other.id) == before
    assert not folder.parent.exists()
    with reading(place.engine) as session:
        bare = session.get_one(Project, project.id)
        assert (bare.slug, bare.title, bare.contributors) == (f"purged-{bare.id}", "", [])
        assert bare.cover_sha256 is None
        pages = session.scalars(sa.select(Page).where(Page.project_id == bare.id)).all()
        assert {(page.original_sha256, page.file_name, page.label) for page in pages} == {
            ("", "", "")
        }
        tasks = session.scalars(sa.select(PageTask).where(PageTask.project_id == bare.id)).all()
        assert {task.page_id for task in tasks} == set(
            session.scalars(
                sa.select(Revision.page_id).join(Page, Page.id == Revision.page_id)
                .where(Page.project_id == bare.id)
            )
        )  # fmt: skip
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 3  # the other's
        assert session.scalars(sa.select(Event.id).where(Event.project_id == bare.id)).first()
    assert place.storage.has(sha256)


def test_its_files_belong_to_nothing_then(place: Installation, desk: Desk) -> None:
    project = desk.project()
    sha256 = _fill(place, desk, project)
    with writing(place.engine) as session:
        session.get_one(Project, project.id).deleted_at = desk.now
    assert collecting.collect(place.engine, place.storage, safe_age=-1) == 0
    purge_one(place, desk.now + HIDDEN)
    assert collecting.collect(place.engine, place.storage, safe_age=-1) == 1
    assert not place.storage.has(sha256)
