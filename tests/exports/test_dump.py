"""The open dump: complete, the same each time, without anything private, and a library again."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from exports.dumping import dump, dump_tables, rebuild
from exports.errata import answering, errata
from exports.errata.errata import Report
from exports.releasing.releases import published
from library import people, projects, schema
from library.config import Settings
from library.db import make_engine, reading, writing
from library.errors import ConflictError, InvalidError
from library.models import Page, Person
from library.storage import Storage
from library.worker import Installation
from tests.support.rows import NOW
from tests.support.site import Site, usual_site

PAGES = ('CHAPTER I\n\nHe said: "I have seeleeted the\nfinest," and so', "on to the end.\n\nFin.")
SECRETS = ("reader@example.org", "N. N.", "not handed in", "pbkdf", "argon2", "a secret word")


@pytest.fixture
def site(settings: Settings, engine: sa.Engine) -> Site:
    """Give a library with a released and corrected book, one being read, and private things."""
    site = usual_site(settings, engine)
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=["" for _ in PAGES], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in PAGES:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.put(f"/tasks/{task['id']}/draft", {"text": "not handed in", "version": 0})
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 1})
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    with writing(engine) as session:
        project = projects.find_project(session, slug)
        sent = Report("seeleeted", "selected", name="N. N.", address="reader@example.org")
        told = errata.report(session, project, published(session, project), sent, None, "k", NOW)
    with writing(engine) as session:
        answering.accept(session, olga, told.erratum.id, NOW)
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    other = site.project(olga, title="On the Way")
    task = api.post(f"/projects/{other}/checkouts", {}).get_json()
    api.put(f"/tasks/{task['id']}/draft", {"text": "a secret word", "version": 0})
    return site


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings) -> Iterator[Installation]:
    """Give an empty installation in another home."""
    home = tmp_path / "elsewhere"
    url = f"sqlite:///{home / 'galley.db'}"
    engine = make_engine(url)
    schema.migrate(engine)
    storage = Storage(home / "scans")
    yield Installation(replace(settings, home=home, database_url=url), engine, storage)
    engine.dispose()


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_library_is_built_again_from_its_dump(
    site: Site, elsewhere: Installation, tmp_path: Path
) -> None:
    folder, second = tmp_path / "dump", tmp_path / "second"
    dump.export(site.place, folder)
    assert rebuild.rebuild(elsewhere, folder, NOW) == ["a-book", "on-the-way"]
    dump.export(elsewhere, second)
    assert files_of(second) == files_of(folder)
    there = Site(elsewhere.settings, elsewhere.engine)
    before, after = site.api(None), there.api(None)
    [book], [again] = (each.get("/books").get_json()["items"] for each in (before, after))
    assert [file["sha256"] for file in again["files"]] == [file["sha256"] for file in book["files"]]
    assert len(book["files"]) > 2
    for slug in ("a-book", "on-the-way"):
        for path in ("events", "releases", "errata", "words/good"):
            one, other = (
                each.get(f"/projects/{slug}/{path}").get_json() for each in (before, after)
            )
            assert other == one, (slug, path)
    text = after.get("/projects/a-book/pages/1").get_json()["text"]
    assert "selected" in text
    there.work("books")  # the texts go into the search
    with reading(elsewhere.engine) as session:
        olga = people.person_named(session, "olga")
        assert (olga.password_hash, olga.disabled_at is not None) == ("", True)
    with writing(elsewhere.engine) as session:
        new = people.add_person(session, "newcomer", "a few words of mine", NOW)
        assert projects.create_project(
            session, new, {"title": "New", "languages": ["en"], "rounds": ["P1"]}, NOW
        ).id
    with pytest.raises(ConflictError):
        rebuild.rebuild(elsewhere, folder, NOW)


def test_nothing_private_is_in_it(site: Site, tmp_path: Path) -> None:
    dump.export(site.place, tmp_path / "dump")
    for name, content in files_of(tmp_path / "dump").items():
        if name.endswith((".jsonl", ".json", ".md")):
            said = content.decode()
            assert not [secret for secret in SECRETS if secret in said], name
    people_said = (tmp_path / "dump/people.jsonl").read_text()
    assert [json.loads(line)["name"] for line in people_said.splitlines()] == ["olga"]


def test_a_dump_is_brought_up_to_date(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    dump.export(site.place, folder)
    before = files_of(folder)
    release = folder / "books/a-book/releases/2/a-book.epub"
    assert release.stat().st_nlink == 2
    inode = release.stat().st_ino
    stamp = (folder / "books/a-book/revisions.jsonl").stat().st_mtime_ns
    (folder / "books/gone").mkdir()
    (folder / "books/gone/project.jsonl").write_text("{}")
    with writing(site.engine) as session:
        session.execute(sa.update(Page).where(Page.number == 2).values(label="xii"))
    dump.export(site.place, folder)
    after = files_of(folder)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    pages = {f"books/{slug}/pages.jsonl" for slug in ("a-book", "on-the-way")}
    assert changed == {*pages, "SHA256SUMS"}
    assert release.stat().st_ino == inode
    assert (folder / "books/a-book/revisions.jsonl").stat().st_mtime_ns == stamp
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(InvalidError, match="other files"):
        dump.export(site.place, other)


def test_a_changed_dump_is_refused(site: Site, elsewhere: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    dump.export(site.place, folder)
    with pytest.raises(InvalidError, match="no dump"):
        rebuild.rebuild(elsewhere, tmp_path, NOW)
    shutil.copytree(folder, tmp_path / "outside")
    sums = tmp_path / "outside/SHA256SUMS"
    sums.write_text(sums.read_text() + f"{'0' * 64}  ../galley.db\n")
    with pytest.raises(InvalidError, match=r"galley\.db"):
        rebuild.rebuild(elsewhere, tmp_path / "outside", NOW)
    with (folder / "books/a-book/revisions.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(InvalidError, match="revisions"):
        rebuild.rebuild(elsewhere, folder, NOW)
    with reading(elsewhere.engine) as session:
        assert session.scalars(sa.select(Person)).all() == []


def test_the_site_makes_its_own_once_a_day(site: Site) -> None:
    sums = dump.folder_of(site.place.settings) / "SHA256SUMS"
    assert not dump.export_daily(site.place)  # a site that has just been started
    marker = site.place.settings.var / "dumped"
    os.utime(marker, (0, 0))
    assert dump.export_daily(site.place)
    assert sums.exists()
    assert not dump.export_daily(site.place)


def test_every_column_is_in_the_dump_or_left_out_on_purpose() -> None:
    for table in dump_tables.TABLES:
        columns = set(table.model.__table__.columns.keys())
        assert table.left_out <= columns
        assert table.people <= columns
        to_people = {
            key.parent.name
            for key in table.model.__table__.foreign_keys
            if key.column.table is Person.__table__
        }
        assert to_people - table.left_out == table.people, table.file
