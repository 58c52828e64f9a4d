"""Builds a library again from its open dump, in an empty installation.

Numbers of rows stay what they were, since contents, decisions and releases name pages by them.
People come back as names without accounts; scans are not in a dump, so pages keep only the digests
of theirs: copied into storage, they are there again.
"""

import gzip
import json
import secrets
import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.catalogue import catalog_entries, search_index
from exports.dumping.dump import FORMAT, FORMAT_FILE, SUMS, digest
from exports.dumping.dump_tables import TABLES, Dumped, Json
from exports.models import Erratum, Release
from exports.releasing import releases
from library.db import Base, UtcDateTime, reading, writing
from library.durable import flush_folder
from library.errors import ConflictError, InvalidError
from library.mail import digest as secret_digest
from library.models import Person, Project
from library.worker import Installation
from proofing.models import PageTask

_AT_ONCE = 100
#: What is set once all of a book is there, with what stands there meanwhile: tasks and revisions
#: name each other, and to a published release no page can be added.
_LATER: dict[type[Base], dict[str, str | None]] = {
    PageTask: {"base_id": None, "head_id": None},
    Release: {"state": "building"},
}


def rebuild(place: Installation, folder: Path, now: datetime) -> list[str]:
    """Fill an empty library from a dump; returns the slugs of its books.

    Raises InvalidError for a folder that is no dump or was changed, ConflictError for a library
    that has projects.
    """
    _verify(folder)
    with reading(place.engine) as session:
        if session.scalar(sa.select(Project.id).limit(1)) is not None:
            raise ConflictError("This library has projects; rebuild one in an empty GALLEY_HOME.")
    people = _bring_people(place, folder, now)
    slugs = [str(row["slug"]) for row in _rows(folder / "books.jsonl")]
    for slug in slugs:
        _bring_files(place, folder, slug)
        with writing(place.engine) as session:
            _bring_book(session, folder / "books" / slug, people, now)
    with writing(place.engine) as session:
        _count_on(session)
    return slugs


def _verify(folder: Path) -> None:
    """Raise InvalidError unless every file is the one that the sums name."""
    try:
        known = json.loads((folder / FORMAT_FILE).read_text("utf-8"))
        sums = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InvalidError(f"{folder} is no dump of a library, or not a whole one.") from error
    if (known.get("format"), known.get("version")) != (FORMAT["format"], FORMAT["version"]):
        raise InvalidError(f"{folder} is a dump of another version; use that version of the site.")
    for line in sums:
        sha256, _, name = line.partition("  ")
        path = folder / name
        outside = ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute()
        if outside or not path.is_file() or digest(path) != sha256:
            raise InvalidError(f"{name} is missing or has changed; fetch the dump again.")


def _rows(path: Path) -> Iterator[Json]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _bring_people(place: Installation, folder: Path, now: datetime) -> dict[str, int]:
    """Make the people that the dump names; nobody can sign in as one of them."""
    closed = {"password_hash": "", "role": "volunteer", "created_at": now, "disabled_at": now}
    with writing(place.engine) as session:
        known = set(session.scalars(sa.select(Person.name)))
        rows = [row for row in _rows(folder / "people.jsonl") if row["name"] not in known]
        if rows:
            session.execute(sa.insert(Person), [{**row, **closed} for row in rows])
        found = session.execute(sa.select(Person.name, Person.id)).all()
    return {name: person_id for name, person_id in found}  # noqa: C416 - dict() loses the types


def _bring_book(session: Session, book: Path, people: dict[str, int], now: datetime) -> None:
    later: dict[type[Base], list[Json]] = {model: [] for model in _LATER}
    for table in TABLES:
        rows = (_row(table, row, people) for row in _rows(book / table.file))
        while some := [*islice(rows, _AT_ONCE)]:
            if (columns := _LATER.get(table.model)) is not None:
                later[table.model] += [_taken(row, columns) for row in some]
            session.execute(sa.insert(table.table), some)
    for model, values in later.items():
        if values:
            session.execute(sa.update(model), values)
    _enter(session, book.name, now)


def _taken(row: Json, columns: dict[str, str | None]) -> Json:
    """Return what is to be set in a row later; in its place comes what stands there meanwhile."""
    taken = {"id": row["id"], **{name: row[name] for name in columns}}
    row |= columns
    return taken


def _row(table: Dumped, row: Json, people: dict[str, int]) -> Json:
    """Return a row of the dump as it goes into its table."""
    columns = table.table.columns
    for name, value in row.items():
        if name in table.people and value is not None:
            row[name] = people[value]
        elif value is not None and isinstance(columns[name].type, UtcDateTime):
            row[name] = datetime.fromisoformat(value)
    if table.model is Erratum:
        row |= {"name": "", "address": "", "token_hash": secret_digest(secrets.token_hex())}
    return row


def _enter(session: Session, slug: str, now: datetime) -> None:
    """Have the book found in the catalogue and its text in the search."""
    project = session.scalars(sa.select(Project).where(Project.slug == slug)).one()
    for release in releases.releases_of(session, project):
        catalog_entries.enter(session, release)
        search_index.ask(session, release.id, now)


def _bring_files(place: Installation, folder: Path, slug: str) -> None:
    source = folder / "books" / slug / "releases"
    if not source.is_dir():
        return
    target = place.settings.releases / slug
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    flush_folder(target.parent)


def _count_on(session: Session) -> None:
    """Have new rows numbered after those that were brought in; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            name = table.table.name
            if "id" in table.table.columns:
                last = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"  # noqa: S608 - our tables
                session.execute(
                    sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last}, false)")
                )
