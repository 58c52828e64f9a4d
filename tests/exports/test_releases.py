"""Releases: sealed once they are published, put in place by one builder, with what changed."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from exports import jobs
from exports.findings import Finding, Severity
from exports.models import Preview, Release, ReleaseFile, ReleasePage
from exports.releasing import previews, releases
from exports.releasing.building import Built, BuiltFile
from library import projects, queue
from library.config import Settings
from library.db import reading, writing
from library.models import Person, Project
from library.queue import Taken
from library.storage import Storage
from library.worker import Installation, do_next
from proofing import purging
from proofing.models import PageTask, Revision
from tests.support.rows import NOW, add_person, add_project


@dataclass
class Press:
    """A book of two pages, and the workers that release it."""

    place: Installation
    project: Project
    olga: Person

    def release(self) -> Release:
        with writing(self.place.engine) as session:
            asked = releases.request_release(
                session, self.olga, self.project, self.place.settings, NOW
            )
        while do_next(self.place, "books", jobs.perform, jobs.give_up):
            pass
        return self.newest() if asked is not None else asked

    def newest(self) -> Release:
        with reading(self.place.engine) as session:
            found = releases.releases_of(session, self.project)[0]
            list(found.files)
            return found

    def hand_in(self, number: int, text: str) -> None:
        with writing(self.place.engine) as session:
            page = projects.find_page(session, self.project, str(number))
            task = session.scalars(sa.select(PageTask).where(PageTask.page_id == page.id)).one()
            revision = Revision(
                task_id=task.id, page_id=page.id, person_id=self.olga.id, kind="done",
                version=task.version + 1, based_on=task.version, text=text, created_at=NOW,
            )  # fmt: skip
            session.add(revision)
            session.flush()
            task.reader_id, task.done_at = self.olga.id, NOW
            task.state, task.head_id, task.version = "done", revision.id, task.version + 1

    @property
    def folder(self) -> Path:
        return self.place.settings.releases / self.project.slug


@pytest.fixture
def press(settings: Settings, engine: sa.Engine) -> Press:
    place = Installation(settings, engine, Storage.from_url(settings.storage_url))
    with writing(engine) as session:
        olga = add_person(session, "olga", role="coordinator")
        pages = ["CHAPTER I\n\nIt was a day.", "\nIt was a night."]
        project = add_project(session, olga, pages=pages, rounds_=["P1"])
    return Press(place, project, olga)


_CHANGES: tuple[sa.Executable, ...] = (
    sa.update(ReleaseFile).values(sha256="0" * 64),
    sa.delete(ReleaseFile),
    sa.insert(ReleaseFile).values(
        release_id=1, name="more.txt", media_type="text/plain", bytes=1, sha256="0" * 64
    ),
    sa.update(ReleasePage).values(revision_id=None, run_id=None),
    sa.delete(ReleasePage),
    sa.update(Release).values(number=7),
    sa.update(Release).values(findings=[{"code": "x"}]),
    sa.update(Release).values(metadata_={}),
    sa.update(Release).values(state="building"),
    sa.delete(Release),
)


def test_the_database_refuses_to_change_what_is_published(press: Press) -> None:
    assert press.release().state == "published"
    for change in _CHANGES:
        refused = pytest.raises(DBAPIError, match="a published release never changes")
        with refused, writing(press.place.engine) as session:
            session.execute(change)


def test_a_release_can_be_withdrawn_and_stays_as_it_was(press: Press) -> None:
    made = press.release()
    with writing(press.place.engine) as session:
        releases.withdraw(session, press.olga, press.project, 1, NOW)
    withdrawn = press.newest()
    assert withdrawn.state == "withdrawn"
    assert [file.sha256 for file in withdrawn.files] == [file.sha256 for file in made.files]
    assert (press.folder / "1" / f"{press.project.slug}.epub").is_file()


def test_a_deleted_book_is_purged_with_its_releases(press: Press) -> None:
    press.release()
    with writing(press.place.engine) as session:
        session.get_one(Project, press.project.id).deleted_at = NOW - purging.HIDDEN
    assert purging.purge_one(press.place, NOW)
    with reading(press.place.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Release)) == 0


def test_a_builder_that_was_overtaken_touches_nothing(press: Press) -> None:
    """A second builder ends after the first: readers' files stay the very same ones."""
    made = press.release()
    place = press.folder / "1"
    before = {path.name: path.stat().st_ino for path in place.iterdir()}
    late = press.folder / ".1-0"
    shutil.copytree(place, late)
    (late / f"{press.project.slug}.txt").write_text("other words")
    built = Built([BuiltFile("x", "text/plain", 1, "0")], [])
    with writing(press.place.engine) as session:
        job = Taken(1, "build-release", made.id, attempt=99)
        assert not releases.store_built(session, job, built, late, place, NOW)
    assert {path.name: path.stat().st_ino for path in place.iterdir()} == before
    assert not late.exists()


def test_a_release_that_lost_a_word_is_held_with_its_files(press: Press) -> None:
    """What reading the files back tells as an error keeps them from readers."""
    with writing(press.place.engine) as session:
        releases.request_release(session, press.olga, press.project, press.place.settings, NOW)
        job = queue.take(session, "books", "a worker", NOW, timedelta(minutes=5))
        assert job is not None
    made = press.folder / ".1-1"
    made.mkdir(parents=True)
    (made / "a-book.txt").write_text("It was a.")
    lost = Finding("word-lost", Severity.ERROR, 1, 0, "a day.", "Words are lost.")
    built = Built([BuiltFile("a-book.txt", "text/plain", 9, "0" * 64)], [lost])
    with writing(press.place.engine) as session:
        assert releases.store_built(session, job, built, made, press.folder / "1", NOW)
        assert releases.published(session, press.project) is None
    held = press.newest()
    assert (held.state, [file.name for file in held.files]) == ("held", ["a-book.txt"])
    assert [each["code"] for each in held.findings] == ["word-lost"]


def test_what_a_killed_builder_left_is_cleared_away(press: Press) -> None:
    for left in (".1-7", "..1-7-4711"):
        (press.folder / left).mkdir(parents=True)
        (press.folder / left / "half.epub").write_bytes(b"PK")
    (press.folder / ".11-1").mkdir()
    assert press.release().state == "published"
    assert sorted(path.name for path in press.folder.iterdir()) == [".11-1", "1"]


def test_changes_count_words_a_page(press: Press) -> None:
    first = press.release()
    assert (first.changes, first.changed_pages) == (["First release."], [])
    press.hand_in(2, "\nIt was a dark night.")
    second = press.release()
    assert second.changes[0] == "Corrected: 1 word on page 2."
    [changed] = second.changed_pages
    assert (changed["words"], changed["before"]) == (1, None)
    press.hand_in(1, "CHAPTER ONE\n\nIt was a day.")
    press.hand_in(2, "\nIt was a bright and stormy night.")
    third = press.release()
    assert third.changes == ["Corrected: 4 words on pages 1, 2."]
    assert {each["before"] for each in third.changed_pages} == {None, changed["after"]}


def test_changes_are_told_against_what_readers_have(press: Press) -> None:
    press.release()
    press.hand_in(2, "\nIt was a dark night.")
    press.release()
    with writing(press.place.engine) as session:
        releases.withdraw(session, press.olga, press.project, 2, NOW)
    press.hand_in(2, "\nIt was a very dark night.")
    assert press.release().changes[0] == "Corrected: 2 words on page 2."


def test_a_preview_holds_what_its_digest_says(press: Press) -> None:
    """What was asked for and no longer stands is not built under its old name."""
    settings = press.place.settings
    with writing(press.place.engine) as session:
        digest, _none = previews.current_preview(session, press.project, settings)
        previews.request_preview(session, press.project, digest, NOW)
    press.hand_in(2, "\nIt was a dark night.")
    while do_next(press.place, "books", jobs.perform, jobs.give_up):
        pass
    with reading(press.place.engine) as session:
        assert session.scalars(sa.select(Preview)).all() == []
        assert queue.count_due(session, "books", NOW) == 0
    with writing(press.place.engine) as session:
        digest, _none = previews.current_preview(session, press.project, settings)
        asked = previews.request_preview(session, press.project, digest, NOW)
        assert previews.request_preview(session, press.project, digest, NOW) is asked
    while do_next(press.place, "books", jobs.perform, jobs.give_up):
        pass
    with reading(press.place.engine) as session:
        assert session.scalars(sa.select(Preview.state)).all() == ["done"]
