"""The open dump: everything public of the library as files, enough to build it again elsewhere.

`docs/dump.md` describes it, and stands in it as its README. The same library gives the same bytes;
a file that has not changed is left alone, those of releases are hard links where that is possible.
"""

import gzip
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.dumping import dump_tables
from exports.dumping.dump_tables import TABLES, Json
from exports.models import Release
from exports.releasing import releases
from library.config import SITE_NAME, Settings
from library.db import reading
from library.durable import replacing
from library.errors import InvalidError
from library.models import Person, Project
from library.worker import Installation

#: Says that a folder is a dump, and which form it has.
FORMAT = {"format": "galley-dump", "version": 1}
FORMAT_FILE, SUMS = "format.json", "SHA256SUMS"
#: Seconds between two of the site's own dumps, and before its first.
EVERY, _FIRST = 24 * 3600, 3600
_README = Path(__file__).parents[2] / "docs" / "dump.md"


def export_daily(place: Installation) -> bool:
    """Bring the site's own dump up to date, unless that was done within a day; whether it was.

    A new site's first is made an hour after its start, which has enough to do.
    """
    marker = place.settings.var / "dumped"
    if not marker.exists():
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
        first = time.time() - EVERY + _FIRST
        os.utime(marker, (first, first))
    if time.time() - marker.stat().st_mtime < EVERY:
        return False
    marker.touch()
    export(place, folder_of(place.settings))
    return True


def folder_of(settings: Settings) -> Path:
    """Return where the site's own dump lies, which is served at `/dump/`."""
    return settings.var / "dump"


def export(place: Installation, folder: Path) -> None:
    """Write the dump into a folder, or bring one that is there up to date; safe while running.

    Each book is as it stood at one moment. Raises InvalidError for a folder with other files.
    """
    _require_own(folder)
    writer = _Writer(folder)
    names: set[str] = set()
    with reading(place.engine) as session:
        ids = session.scalars(
            sa.select(Project.id).where(Project.deleted_at.is_(None)).order_by(Project.id)
        ).all()
    books = []
    for project_id in ids:
        with reading(place.engine) as session:
            project = session.get(Project, project_id)
            if project is not None and project.deleted_at is None:
                books.append(_summary(session, project))
                names |= _export_book(session, place.settings, project, writer)
    with reading(place.engine) as session:
        writer.lines("people.jsonl", dump_tables.people_of(session, names))
    writer.lines("books.jsonl", iter(books))
    writer.text(FORMAT_FILE, json.dumps({**FORMAT, "site": SITE_NAME}, indent=1) + "\n")
    writer.text("README.md", _README.read_text("utf-8"))
    writer.close()


def _require_own(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FORMAT_FILE).exists():
        raise InvalidError(f"{folder} has other files in it; give an empty folder, or a new one.")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FORMAT_FILE).exists():
        # First, so that a dump that was cut short is taken up again.
        (folder / FORMAT_FILE).write_text(json.dumps(FORMAT))


def _summary(session: Session, project: Project) -> Json:
    release = releases.published(session, project)
    return {
        "slug": project.slug,
        "title": project.title,
        "author": project.author,
        "languages": project.languages,
        "state": project.state,
        "release": release.number if release else None,
    }


def _export_book(
    session: Session, settings: Settings, project: Project, writer: "_Writer"
) -> set[str]:
    """Write a book's rows and the files of its published releases; returns who is named."""
    people: dict[int, str] = dict(session.execute(sa.select(Person.id, Person.name)).all())
    names: set[str] = set()
    for table in TABLES:
        found = dump_tables.rows(session, table, project.id, people)
        writer.lines(f"books/{project.slug}/{table.file}", _noting(found, table.people, names))
    for release in releases.releases_of(session, project):
        if release.state == "published":
            _export_files(settings, project, release, writer)
    return names


def _noting(rows: Iterator[Json], people: frozenset[str], names: set[str]) -> Iterator[Json]:
    for row in rows:
        names |= {row[column] for column in people if row[column] is not None}
        yield row


def _export_files(
    settings: Settings, project: Project, release: Release, writer: "_Writer"
) -> None:
    folder = releases.folder_of(settings, project, release)
    for file in release.files:
        name = f"books/{project.slug}/releases/{release.number}/{file.name}"
        writer.link(name, folder / file.name, file.sha256)


class _Writer:
    """Writes files under a folder, each whole or not at all, and takes away what is left over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sums: dict[str, str] = {}

    def lines(self, name: str, rows: Iterator[Json]) -> None:
        """Write a row a line; a name that ends in `.gz` is compressed."""
        with self._unless_same(name) as path, path.open("wb") as file, _coded(name, file) as coded:
            for row in rows:
                said = json.dumps(row, ensure_ascii=False, sort_keys=True)
                coded.write(said.encode() + b"\n")

    def text(self, name: str, text: str) -> None:
        """Write a text."""
        with self._unless_same(name) as path:
            path.write_text(text, "utf-8")

    def link(self, name: str, source: Path, sha256: str) -> None:
        """Put a file that never changes into the dump, without a second copy where that works."""
        path = self._made(name)
        self._sums[name] = sha256
        if path.exists() and digest(path) == sha256:
            return
        with replacing(path) as new:
            new.unlink()
            try:
                os.link(source, new)
            except OSError:  # another file system
                shutil.copyfile(source, new)

    def close(self) -> None:
        """Write the sums, last, and remove files and folders that are no part of this dump."""
        sums = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(self._sums.items()))
        with replacing(self._folder / SUMS) as path:
            path.write_text(sums, "utf-8")
        kept = {self._folder / name for name in (*self._sums, SUMS)}
        for path in sorted(self._folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in kept:
                path.unlink()

    def _made(self, name: str) -> Path:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def _unless_same(self, name: str) -> Iterator[Path]:
        """Give a file to write; what stands there already stays when it is the same."""
        path = self._made(name)
        with suppress(_SameError), replacing(path) as new:
            yield new
            self._sums[name] = digest(new)
            if path.exists() and digest(path) == self._sums[name]:
                raise _SameError


class _SameError(Exception):
    """A file has not changed."""


def _coded(name: str, file: IO[bytes]) -> IO[bytes]:
    if not name.endswith(".gz"):
        return file
    # Neither name nor time within, so that the same rows are the same bytes.
    return gzip.GzipFile("", "wb", 6, file, 0)  # type: ignore[return-value]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
