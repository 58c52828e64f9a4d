"""Everything of an installation in one tar file, and back.

The database is copied first, in one moment, then the files: what a row names is not deleted, so
that every row of the copy has its bytes. An archive holds `galley.json` (what it is),
`database.sqlite` or `database.pgdump`, `images/SHA256`, `releases/SLUG/NUMBER/FILE` and
`secret.key`.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import sqlalchemy as sa

from library.config import Settings
from library.db import make_engine
from library.errors import ConflictError, InvalidError, UnavailableError
from library.storage import Storage
from library.worker import Installation

_FORMAT = 1
_ABOUT = "galley.json"
_DATABASE = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
_KEY = "secret.key"
_IMAGE = re.compile(r"images/([0-9a-f]{64})")
_CHECKOUT = Path(__file__).resolve().parent.parent


def backup(place: Installation, file: Path) -> None:
    """Write a backup of this installation to `file`; complete or not there at all.

    Raises UnavailableError where PostgreSQL's own programs are missing or fail.
    """
    settings = place.settings
    with tempfile.TemporaryDirectory(prefix=".galley-backup-", dir=file.absolute().parent) as made:
        unfinished, database = Path(made) / "archive", Path(made) / "database"
        kind = place.engine.dialect.name
        _dump(place.engine.url, database)
        with tarfile.open(unfinished, "w") as archive:
            _add_text(archive, _ABOUT, json.dumps({"format": _FORMAT, "database": kind}))
            archive.add(database, _DATABASE[kind])
            for sha256 in place.storage:
                with suppress(FileNotFoundError):  # it belonged to nothing, and was collected
                    archive.add(place.storage.path(sha256), f"images/{sha256}")
            for path in _files(settings.releases):
                archive.add(path, f"releases/{path.relative_to(settings.releases)}")
            if (key := settings.var / _KEY).exists():
                archive.add(key, _KEY)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)


def restore(settings: Settings, file: Path) -> None:
    """Fill an empty installation from a backup: files first, the database last.

    Raises ConflictError for a home or database that holds anything, InvalidError for a file that
    is no backup or is damaged.
    """
    try:
        with tarfile.open(file) as archive:
            _require_fitting(settings, archive)
            _require_empty(settings)
            _restore(settings, archive)
    except (tarfile.TarError, EOFError) as error:
        raise InvalidError(f"{file} is no backup of Galley, or is damaged.") from error


def _require_fitting(settings: Settings, archive: tarfile.TarFile) -> None:
    """Raise InvalidError unless this is a backup that this version can restore here."""
    kind = sa.make_url(settings.database_url).get_backend_name()
    about = _about(archive)
    if about.get("format") != _FORMAT:
        raise InvalidError("This file is no backup of Galley, or one of a newer version.")
    if about.get("database") != kind:
        raise InvalidError(
            f"This backup holds a {about.get('database')} database, and DATABASE_URL names"
            f" {kind}; restore it where DATABASE_URL is of its own kind."
        )


def _restore(settings: Settings, archive: tarfile.TarFile) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    storage = Storage.from_url(settings.storage_url)
    with tempfile.TemporaryDirectory(prefix=".galley-restore-", dir=settings.var) as folder:
        database = Path(folder) / "database"
        for member in archive:
            if member.isfile():
                _restore_member(settings, storage, archive, member, database)
        if not database.exists():
            raise InvalidError("This backup is damaged: it holds no database.")
        _load(sa.make_url(settings.database_url), database)


def _restore_member(
    settings: Settings,
    storage: Storage,
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    database: Path,
) -> None:
    """Put one member in its place; a name that is not ours goes nowhere."""
    source = cast("BinaryIO", archive.extractfile(member))
    if image := _IMAGE.fullmatch(member.name):
        if storage.put(source) != image[1]:
            raise InvalidError(f"This backup is damaged: {member.name} has other bytes.")
    elif member.name in _DATABASE.values():
        _write(database, source, 0o600)
    elif member.name == _KEY:
        _write(settings.var / _KEY, source, 0o600)
    elif (path := _release_path(member.name)) is not None:
        _write(settings.releases / path, source, 0o644)


def _release_path(name: str) -> PurePosixPath | None:
    path = PurePosixPath(name)
    inside = path.parts[:1] == ("releases",) and not {"..", "/"} & set(path.parts)
    return PurePosixPath(*path.parts[1:]) if inside and len(path.parts) > 1 else None


def _require_empty(settings: Settings) -> None:
    """Raise ConflictError unless nothing would be mixed with the backup or overwritten.

    A checkout holds the program itself: there only what Galley writes counts.
    """
    home = settings.var if settings.home == _CHECKOUT else settings.home
    if home.is_dir() and any(home.iterdir()):
        raise ConflictError(f"{home} is not empty; restore into a new GALLEY_HOME.")
    if next(iter(Storage.from_url(settings.storage_url)), None) is not None:
        raise ConflictError("There are images at STORAGE_URL already; give an empty folder.")
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return
    engine = make_engine(settings.database_url)
    if sa.inspect(engine).get_table_names():
        raise ConflictError("The database of DATABASE_URL is not empty; give an empty one.")
    engine.dispose()


def _dump(url: sa.URL, target: Path) -> None:
    """Copy a database as it stands at one moment, while others write."""
    if url.get_backend_name() == "sqlite":
        with (
            closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    _postgresql(url, "pg_dump", "--format=custom", "--no-owner", "--file", str(target))


def _load(url: sa.URL, source: Path) -> None:
    if url.get_backend_name() == "sqlite":
        final = Path(url.database or "")
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, final)
        with final.open("rb") as file:
            os.fsync(file.fileno())
        return
    _postgresql(url, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                str(source))  # fmt: skip


def _postgresql(url: sa.URL, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database; the password goes by the environment."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    program = str(versions[-1]) if versions else shutil.which(name)
    if program is None:
        raise UnavailableError(f"{name} is not installed; install PostgreSQL's client programs.")
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    environ = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(  # noqa: S603 - a fixed program, its arguments ours
        [program, "--dbname", plain, *arguments], env=environ, capture_output=True, check=False
    )
    if done.returncode:
        raise UnavailableError(f"{name} failed: {' '.join(done.stderr.decode().split())}")


def _version(path: Path) -> int:
    return int(path.parts[-3])


def _about(archive: tarfile.TarFile) -> dict[str, Any]:
    first = archive.next()
    if first is None or first.name != _ABOUT or first.size > 10_000:  # noqa: PLR2004 - a few words
        raise InvalidError("This file is no backup of Galley.")
    source = archive.extractfile(first)
    try:
        about: dict[str, Any] = json.loads(source.read() if source else b"")
    except ValueError:
        raise InvalidError("This file is no backup of Galley.") from None
    return about


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        info = archive.gettarinfo(arcname=name, fileobj=file)
        file.seek(0)
        archive.addfile(info, file)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _write(path: Path, source: BinaryIO, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode), "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
