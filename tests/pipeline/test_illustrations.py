from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from library.clock import utc_now
from library.db import reading, writing
from library.errors import ConflictError, InvalidError
from library.models import Event, Job, Page, Person
from library.queue import Taken, take
from library.storage import Storage
from pipeline import illustrations
from pipeline.cutting import cut_pictures
from pipeline.illustrations import Region, region, version_of
from pipeline.models import Illustration
from pipeline.runs import StoredScan, replace_image
from tests.support.crowd import at_once
from tests.support.rows import NOW, add_page, add_person, add_project

SIZE = (400, 600)
FIRST = Region((10, 20, 100, 80), "A cat on a mat.", "The <i>cat</i>.")
SECOND = Region((200, 20, 50, 60), decorative=True, line_art=True)


@dataclass
class Bench:
    """A database and a storage with one page, whose scan is a grey ramp."""

    engine: sa.Engine
    storage: Storage
    page: int
    person: int

    def put(self, regions: Sequence[Region], version: str | None = None) -> None:
        with writing(self.engine) as session:
            page, person = session.get_one(Page, self.page), session.get_one(Person, self.person)
            illustrations.replace(session, person, page, regions, NOW, version)

    def rows(self) -> Sequence[Illustration]:
        with reading(self.engine) as session:
            return illustrations.of_page(session, session.get_one(Page, self.page))

    def take(self) -> Taken | None:
        with writing(self.engine) as session:
            return take(session, "ocr", "a worker", utc_now(), timedelta(minutes=5))

    def cut(self, job: Taken | None = None) -> None:
        job = job or self.take()
        assert job is not None
        assert (job.kind, job.subject_id) == ("cut-pictures", self.page)
        illustrations.cut(self.engine, self.storage, job)

    def job(self) -> Job:
        with reading(self.engine) as session:
            return session.scalars(sa.select(Job).where(Job.kind == "cut-pictures")).one()


def ramp(size: tuple[int, int] = SIZE) -> Image.Image:
    return Image.linear_gradient("L").resize(size)


@pytest.fixture
def bench(engine: sa.Engine, tmp_path: Path) -> Bench:
    storage = Storage(tmp_path / "scans")
    ramp().save(tmp_path / "scan.png")
    with writing(engine) as session:
        page = add_page(session, add_project(session), "Text.")
        page.original_sha256 = storage.put(tmp_path / "scan.png")
        page.width, page.height = SIZE
        person = add_person(session, "ben")
        return Bench(engine, storage, page.id, person.id)


def test_pictures_are_kept_in_order_and_cut(bench: Bench) -> None:
    bench.put([FIRST, SECOND])
    assert [region(each) for each in bench.rows()] == [FIRST, SECOND]
    assert [each.image_sha256 for each in bench.rows()] == [None, None]
    bench.cut()
    first, second = bench.rows()
    assert bench.job().state == "done"
    for row, box in ((first, (10, 20, 110, 100)), (second, (200, 20, 250, 80))):
        assert row.image_sha256 is not None
        with Image.open(bench.storage.path(row.image_sha256)) as cut:
            assert cut.tobytes() == ramp().crop(box).tobytes()
    assert bench.take() is None


def test_the_history_keeps_what_was(bench: Bench) -> None:
    bench.put([FIRST])
    bench.put([replace(FIRST, alt="A  cat\nasleep. ")])
    bench.put([replace(FIRST, alt="A cat asleep.")])
    with reading(bench.engine) as session:
        first, second = session.scalars(
            sa.select(Event).where(Event.action == "page.pictures-changed").order_by(Event.id)
        )
        assert (first.person_id, first.page_id) == (bench.person, bench.page)
        assert first.detail["before"] == []
        assert first.detail["after"][0]["box"] == [10, 20, 100, 80]
        assert second.detail["before"][0]["alt"] == "A cat on a mat."
        assert second.detail["after"][0]["alt"] == "A cat asleep."


def test_what_stays_is_not_cut_again(bench: Bench) -> None:
    bench.put([FIRST, SECOND])
    bench.cut()
    kept = {each.image_sha256 for each in bench.rows()}
    bench.put([SECOND, replace(FIRST, alt="Another word.")])
    assert {each.image_sha256 for each in bench.rows()} == kept
    assert bench.job().state == "done"
    bench.put([replace(FIRST, box=(0, 0, 30, 30))])
    assert bench.job().state == "pending"
    bench.cut()
    assert bench.rows()[0].image_sha256 not in {None, *kept}


def test_a_region_marked_while_others_are_cut_is_cut_next(bench: Bench) -> None:
    bench.put([FIRST])
    job = bench.take()
    moved = replace(FIRST, box=(11, 20, 100, 80))
    original = cut_pictures

    def slow(*given: object) -> list[Path]:
        bench.put([moved])
        return original(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.illustrations.cut_pictures", slow)
        bench.cut(job)
    assert [each.image_sha256 for each in bench.rows()] == [None]
    assert (bench.job().state, bench.job().attempt) == ("pending", 0)
    bench.cut()
    assert bench.rows()[0].image_sha256 is not None


def test_an_overtaken_worker_writes_nothing(bench: Bench) -> None:
    bench.put([FIRST])
    job = bench.take()
    assert job is not None
    bench.cut(replace(job, attempt=0))
    assert bench.rows()[0].image_sha256 is None
    bench.cut(job)
    bench.cut(job)
    assert bench.rows()[0].image_sha256 is not None


def test_what_can_never_be_cut_says_why(bench: Bench) -> None:
    with writing(bench.engine) as session:
        page = session.get_one(Page, bench.page)
        broken = bench.storage.root / "broken"
        broken.write_bytes(b"no image")
        page.original_sha256 = bench.storage.put(broken)
    bench.put([FIRST])
    bench.cut()
    assert bench.job().state == "failed"
    with reading(bench.engine) as session:
        page = session.get_one(Page, bench.page)
        state, reason = illustrations.cutting(session, page)
        assert (state, "damaged" in reason) == ("failed", True)
    bench.put([FIRST])
    assert bench.job().state == "pending"


def test_another_scan_leaves_regions_to_be_looked_at(bench: Bench) -> None:
    bench.put([FIRST, SECOND])
    bench.cut()
    with writing(bench.engine) as session:
        page = session.get_one(Page, bench.page)
        ramp((800, 300)).save(bench.storage.root / "other.png")
        other = bench.storage.put(bench.storage.root / "other.png")
        lead = session.get_one(Person, page.project.created_by)
        scan = StoredScan(other, "other.png", "image/png", 0, 800, 300)
        replace_image(session, lead, page, scan, NOW)
        session.execute(sa.delete(Job).where(Job.kind == "read-page"))
    first, second = bench.rows()
    assert region(first).box == (20, 10, 200, 40)
    assert (first.image_sha256, second.image_sha256) == (None, None)
    assert bench.job().state == "done"
    with reading(bench.engine) as session:
        assert illustrations.cutting(session, session.get_one(Page, bench.page)) == ("stale", "")
    bench.put([region(first), region(second)])
    bench.cut()
    assert all(each.image_sha256 for each in bench.rows())


def test_what_does_not_fit_is_refused_by_field(bench: Bench) -> None:
    wrong = [
        replace(FIRST, box=(350, 0, 60, 60)),
        replace(FIRST, box=(0, 0, 3, 60)),
        replace(FIRST, alt="x" * 2001),
        replace(FIRST, alt="x"),
        replace(SECOND, caption="half \ud800 a letter"),
    ]
    with pytest.raises(InvalidError) as refused:
        bench.put(wrong)
    assert set(refused.value.errors) == {
        "items.0.box", "items.1.box", "items.2.alt", "items.3.box", "items.4.caption"
    }  # fmt: skip
    with pytest.raises(InvalidError, match="at most 40"):
        bench.put([replace(FIRST, box=(n, 0, 50, 50)) for n in range(41)])
    assert bench.rows() == []


def test_a_change_made_on_an_older_state_is_refused(bench: Bench) -> None:
    before = version_of(bench.rows())
    bench.put([FIRST], before)
    with pytest.raises(ConflictError) as refused:
        bench.put([SECOND], before)
    assert refused.value.current == {"version": version_of(bench.rows())}
    assert [region(each) for each in bench.rows()] == [FIRST]


def test_two_at_once_leave_one_list_and_one_job(bench: Bench) -> None:
    lists = [[FIRST], [SECOND], [FIRST, SECOND], [SECOND, FIRST]]
    at_once([lambda given=given: bench.put(given) for given in lists])  # type: ignore[misc]
    assert [region(each) for each in bench.rows()] in lists
    assert bench.job().state == "pending"
    bench.cut()
    assert all(each.image_sha256 for each in bench.rows())
