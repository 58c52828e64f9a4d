"""Where images lie: each file once, under the SHA-256 of its bytes, written so that it is there.

A file is first written beside its final place, then flushed to the disk, then given its name: a
database row may name it once `put` has returned, also after a power cut. What no row names is
deleted by `library.collecting` alone.
"""

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from library.errors import DiskFullError, NotFoundError, SettingError

_CHUNK = 1 << 20
_FOLDER_MODE = 0o750
_FILE_MODE = 0o640
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DISK_FULL = {28, 122}  # ENOSPC, EDQUOT


class Storage:
    """A content-addressed folder: `objects/ab/cdef...` under `root`, work in progress in `new/`.

    Names are given under a shared lock on the file `naming`, and taken away under an exclusive one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._new = root / "new"
        for folder in (root, self._objects, self._new):
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)

    @classmethod
    def from_url(cls, url: str) -> "Storage":
        """Open the storage that `STORAGE_URL` names; raises SettingError for what is not there."""
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path:
            raise SettingError(
                f"STORAGE_URL is {url!r}; this version keeps images in a local folder:"
                " give file:///path/to/folder."
            )
        return cls(Path(unquote(parts.path)))

    def put(self, source: Path | BinaryIO) -> str:
        """Keep a copy of a file or of the rest of a stream; return its SHA-256 in hexadecimal.

        Raises DiskFullError; nothing half-written stays under a final name.
        """
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.put(stream)
        temporary = self._new / secrets.token_hex(16)
        try:
            digest = _write(temporary, source)
            self._give_name(temporary, digest)
        except OSError as error:
            if error.errno in _DISK_FULL:
                sentence = "The disk is full, so the file could not be kept; make room, then retry."
                raise DiskFullError(sentence) from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return digest

    def _give_name(self, temporary: Path, digest: str) -> None:
        final = self.path(digest)
        with suppress(FileExistsError):
            final.parent.mkdir(mode=_FOLDER_MODE)
            _flush_folder(self._objects)
        with self._locked(fcntl.LOCK_SH):
            # Also over the same bytes that came before: the age then says when they were last put.
            temporary.replace(final)
        _flush_folder(final.parent)

    def path(self, sha256: str) -> Path:
        """Return where these bytes lie, or would lie; raises ValueError for what is no SHA-256."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError(f"no SHA-256 in hexadecimal: {sha256!r}")
        return self._objects / sha256[:2] / sha256[2:]

    def open(self, sha256: str) -> BufferedReader:
        """Open these bytes for reading; raises NotFoundError where they are gone."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFoundError(
                f"The image {sha256[:12]} is missing from storage; restore it from a backup,"
                " or send the scan again."
            ) from error

    def has(self, sha256: str) -> bool:
        """Whether these bytes are kept here."""
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Whether these bytes are here and still the same; reads all of them."""
        try:
            with self.open(sha256) as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
        except NotFoundError:
            return False

    def __iter__(self) -> Iterator[str]:
        """Yield the SHA-256 of every file kept, in order."""
        for path in sorted(self._objects.glob("[0-9a-f][0-9a-f]/*")):
            if _DIGEST.fullmatch(path.parent.name + path.name):
                yield path.parent.name + path.name

    def older_than(self, seconds: float, prefix: str = "") -> list[str]:
        """Return the SHA-256 of the files put so long ago and more, of those with this prefix."""
        limit = time.time() - seconds
        found = []
        for path in self._objects.glob(f"{prefix}*/*"):
            digest = path.parent.name + path.name
            with suppress(FileNotFoundError):
                if _DIGEST.fullmatch(digest) and path.lstat().st_mtime <= limit:
                    found.append(digest)
        return found

    def discard(self, sha256: str, older_than: float) -> bool:
        """Delete a file that no row names, unless it was put again within so many seconds."""
        final = self.path(sha256)
        with self._locked(fcntl.LOCK_EX), suppress(FileNotFoundError):
            if final.lstat().st_mtime <= time.time() - older_than:
                final.unlink()
                return True
        return False

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        # Opened anew each time: the lock belongs to the open file, so it also parts threads.
        with (self.root / "naming").open("a") as lock:
            fcntl.flock(lock, how)
            yield

    def remove_leftovers(self, older_than: float = 24 * 3600) -> int:
        """Remove what writers that died left in `new/`, if older than so many seconds.

        Returns how many files went.
        """
        limit = time.time() - older_than
        old = [path for path in self._new.iterdir() if path.lstat().st_mtime < limit]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _write(path: Path, stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(descriptor)
    return digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
