from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from library.db import reading, writing
from library.errors import ForbiddenError
from library.models import Job, Page, Person, Project, Upload
from library.storage import Storage
from pipeline.ingest import Refusal
from pipeline.limits import Limits
from pipeline.models import OcrRun
from pipeline.runs import StoredScan
from pipeline.uploads import Added, StoredFile, add_pages, store_files, store_scans
from tests.support.crowd import at_once
from tests.support.rows import NOW, add_person, add_project
from tests.support.scanned import drawn_page


def _file(name: str, pages: int = 1, *refused: str) -> StoredFile:
    """A received file as storing leaves it; its bytes are its name."""
    scans = [
        StoredScan(f"{name}-{frame}", f"{name} {frame + 1}", "image/png", frame, 1200, 1800)
        for frame in range(pages)
    ]
    return StoredFile(name, name, scans, [Refusal(each, "It is empty.") for each in refused])


class Shelf:
    """A project that files are added to."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        with writing(engine) as session:
            self.lead = add_person(session, "lead", role="coordinator")
            self.project = add_project(session, self.lead, languages=["fr"])

    def add(self, *files: StoredFile, batch: str = "first", by: Person | None = None) -> Added:
        with writing(self.engine) as session:
            project = session.get_one(Project, self.project.id)
            return add_pages(session, by or self.lead, project, files, batch, NOW)

    def pages(self) -> list[tuple[int, str]]:
        with reading(self.engine) as session:
            query = sa.select(Page.number, Page.file_name).where(Page.deleted_at.is_(None))
            return [(number, name) for number, name in session.execute(query.order_by(Page.number))]


@pytest.fixture
def shelf(engine: sa.Engine) -> Shelf:
    """An empty project on both databases."""
    return Shelf(engine)


def test_pages_are_appended_in_the_order_of_the_files(shelf: Shelf) -> None:
    added = shelf.add(_file("a.png"), _file("b.tif", 2))
    assert added == Added("first", [("a.png", 1), ("b.tif", 2)], [])
    shelf.add(_file("c.png"), batch="second")
    assert shelf.pages() == [(1, "a.png 1"), (2, "b.tif 1"), (3, "b.tif 2"), (4, "c.png 1")]


def test_every_page_has_a_run_and_a_job_at_once(shelf: Shelf) -> None:
    shelf.add(_file("b.tif", 3))
    with reading(shelf.engine) as session:
        runs = session.scalars(sa.select(OcrRun).order_by(OcrRun.id)).all()
        jobs = session.scalars(sa.select(Job).order_by(Job.id)).all()
    assert [(run.state, run.latest, run.languages) for run in runs] == [
        ("queued", True, ["fr"])
    ] * 3
    assert [(job.queue, job.kind, job.subject_id, job.state) for job in jobs] == [
        ("ocr", "read-page", run.id, "pending") for run in runs
    ]


def test_pages_are_read_in_their_order(shelf: Shelf) -> None:
    shelf.add(_file("b.tif", 300))
    with reading(shelf.engine) as session:
        numbers = session.scalars(
            sa.select(Page.number)
            .join(OcrRun, OcrRun.page_id == Page.id)
            .join(Job, Job.subject_id == OcrRun.id)
            .order_by(Job.due_at, Job.id)
        ).all()
    assert numbers == list(range(1, 301))


def test_what_was_refused_is_named_and_the_good_rest_taken(shelf: Shelf) -> None:
    added = shelf.add(_file("a.zip", 2, "a.zip/bad.png"), _file("empty.png", 0, "empty.png"))
    assert added.accepted == [("a.zip", 2)]
    assert added.rejected == [("a.zip/bad.png", "It is empty."), ("empty.png", "It is empty.")]


def test_a_file_that_came_before_is_reported_with_its_pages(shelf: Shelf) -> None:
    shelf.add(_file("a.png"), _file("b.tif", 2))
    again = shelf.add(_file("a.png"), _file("b.tif", 2), _file("c.png"), batch="second")
    assert again.accepted == [("c.png", 1)]
    assert [name for name, _ in again.rejected] == ["a.png", "b.tif"]
    assert "as page 1;" in again.rejected[0][1]
    assert "as pages 2-3;" in again.rejected[1][1]
    assert len(shelf.pages()) == 4


def test_equal_files_within_one_upload_are_separate_pages(shelf: Shelf) -> None:
    assert shelf.add(_file("blank.png"), _file("blank.png")).accepted == [("blank.png", 1)] * 2


def test_a_file_whose_pages_were_deleted_may_come_again(shelf: Shelf) -> None:
    shelf.add(_file("a.png"))
    for batch in ("second", "third"):
        with writing(shelf.engine) as session:
            session.execute(sa.update(Page).values(deleted_at=NOW))
        assert shelf.add(_file("a.png"), batch=batch).accepted == [("a.png", 1)]
    # Pages of the latest upload are left: the earlier, empty ones do not hide it.
    assert shelf.add(_file("a.png"), batch="fourth").accepted == []


def test_a_file_of_another_project_is_no_matter(shelf: Shelf, engine: sa.Engine) -> None:
    shelf.add(_file("a.png"))
    with writing(engine) as session:
        other = add_project(session, session.get_one(Person, shelf.lead.id))
        assert add_pages(session, shelf.lead, other, [_file("a.png")], "x", NOW).accepted


def test_a_finished_book_is_active_again(shelf: Shelf) -> None:
    with writing(shelf.engine) as session:
        session.get_one(Project, shelf.project.id).state = "finished"
    shelf.add(_file("empty.png", 0, "empty.png"))
    with reading(shelf.engine) as session:
        assert session.get_one(Project, shelf.project.id).state == "finished"
    shelf.add(_file("a.png"))
    with reading(shelf.engine) as session:
        assert session.get_one(Project, shelf.project.id).state == "active"


def test_only_coordinators_add_pages(shelf: Shelf) -> None:
    with writing(shelf.engine) as session:
        eve = add_person(session)
    with pytest.raises(ForbiddenError):
        shelf.add(_file("a.png"), by=eve)
    assert shelf.pages() == []


def test_uploads_at_once_number_their_pages_one_after_another(shelf: Shelf) -> None:
    at_once([
        partial(shelf.add, _file(f"{place}.tif", 5), batch=str(place)) for place in range(6)
    ])  # fmt: skip
    assert [number for number, _ in shelf.pages()] == list(range(1, 31))
    with reading(shelf.engine) as session:
        spans = session.execute(
            sa.select(sa.func.min(Page.number), sa.func.max(Page.number)).group_by(Page.upload_id)
        ).all()
    assert all(last - first == 4 for first, last in spans)


def test_real_files_are_stored_by_content(tmp_path: Path) -> None:
    page = BytesIO()
    drawn_page(["One page."]).save(page, "PNG")
    image, archive = tmp_path / "received-1", tmp_path / "received-2"
    image.write_bytes(page.getvalue())
    with ZipFile(archive, "w") as packed:
        packed.writestr("p2.png", page.getvalue())
        packed.writestr("p10.png", page.getvalue())
        packed.writestr("p3.png", "no scan")
    storage = Storage(tmp_path / "scans")
    stored = store_files(storage, [(archive, "b.zip"), (image, "a.png")], Limits())
    assert [file.name for file in stored] == ["a.png", "b.zip"]
    assert [scan.file_name for scan in stored[1].scans] == ["b.zip/p2.png", "b.zip/p10.png"]
    assert [refusal.file for refusal in stored[1].refused] == ["b.zip/p3.png"]
    digests = {scan.sha256 for file in stored for scan in file.scans}
    assert len(digests) == 1
    with storage.open(digests.pop()) as file:
        assert file.read() == page.getvalue()
    assert stored[0].sha256 == stored[0].scans[0].sha256 != stored[1].sha256


def test_a_file_that_is_no_scan_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "received"
    path.write_text("no scan at all")
    storage = Storage(tmp_path / "scans")
    stored = store_scans(storage, path, "letter.png", Limits())
    assert not stored.scans
    assert [refusal.file for refusal in stored.refused] == ["letter.png"]
    assert list(storage) == []


def test_an_upload_is_a_row_with_its_batch(shelf: Shelf) -> None:
    shelf.add(_file("a.png"), _file("b.tif", 2), batch="together")
    with reading(shelf.engine) as session:
        rows = session.scalars(sa.select(Upload).order_by(Upload.id)).all()
    assert [(row.batch, row.name, row.pages) for row in rows] == [
        ("together", "a.png", 1), ("together", "b.tif", 2),
    ]  # fmt: skip
