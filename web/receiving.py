"""Uploads on their way in: from the request's temporary files into a project."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import FileStorage

from library import projects
from library.errors import InvalidError
from library.models import Person
from pipeline.limits import LIMITS
from pipeline.runs import StoredScan
from pipeline.uploads import Added, StoredFile, add_pages, store_files
from web import place


class UploadRequest(Request):
    """A request whose uploads stream into named files, which the limited child can open."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        folder = place.settings().var / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        return NamedTemporaryFile("w+b", dir=folder, prefix="upload-")


def store(files: Sequence[FileStorage]) -> list[StoredFile]:
    """Inspect uploaded files and put their pages' originals in storage, in natural order.

    Raises InvalidError when no file came.
    """
    named = [file for file in files if file.filename]
    if not named:
        raise InvalidError("No file came; choose images, a PDF or a ZIP.", {"files": "No file."})
    received = [_received(file) for file in named]
    return store_files(place.installation().storage, received, LIMITS)


def receive(slug: str, person: Person, files: Sequence[FileStorage], batch: str) -> Added:
    """Store uploaded files and add their pages to a project, in one change; raises InvalidError."""
    stored = store(files)
    with place.writes() as session:
        found = projects.find_project(session, slug)
        return add_pages(session, person, found, stored, batch, place.now())


def store_one(files: Sequence[FileStorage]) -> StoredScan:
    """Store the one scan that is to stand in place of a page's image; raises InvalidError."""
    if len(files) != 1:
        raise InvalidError("Send one image.", {"files": "One image."})
    [stored] = store(files)
    if len(stored.scans) != 1:
        reason = stored.refused[0].reason if stored.refused else "it holds more than one picture"
        raise InvalidError(f"{stored.name}: {reason}", {"files": reason})
    return stored.scans[0]


def _received(file: FileStorage) -> tuple[Path, str]:
    """Return where a received file lies, and the name it came with."""
    stream: Any = file.stream
    stream.flush()
    return Path(stream.name), Path((file.filename or "scan").replace("\\", "/")).name
