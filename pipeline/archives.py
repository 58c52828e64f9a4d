"""Unpacking ZIP and TAR: what strangers packed, so nothing they wrote into it is believed.

Runs in the child. Names of members never become paths: files are written under numbers. Sizes are
judged from the directory before anything is unpacked, and counted again while unpacking. Only the
ZIP methods 0 and 8 are taken: Python reads bzip2 members without a bound on memory.
"""

import bz2
import gzip
import lzma
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, cast

from pipeline.failures import PipelineError
from pipeline.limits import MIB, Limits
from pipeline.media import MediaType

_CHUNK = MIB
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_LOCAL_HEADER = 30
_LONGEST_NAME = 200

_JUNK_FOLDERS = {"__MACOSX", "@eaDir"}
_JUNK_FILES = {"thumbs.db", "desktop.ini", "icon\r"}
#: What people pack beside scans: notes, lists, metadata. Left out without a word.
_SIDECARS = frozenset(
    {
        ".txt",
        ".md",
        ".html",
        ".htm",
        ".xml",
        ".json",
        ".csv",
        ".tsv",
        ".nfo",
        ".log",
        ".ini",
        ".url",
        ".sfv",
        ".md5",
        ".sha1",
        ".sha256",
        ".opf",
        ".yaml",
        ".yml",
        ".rtf",
        ".doc",
        ".docx",
        ".odt",
        ".hocr",
        ".lst",
    }
)

_DAMAGED = "This archive is damaged or incomplete; pack it again."
_DAMAGED_MEMBER = "This file is damaged in the archive; pack it again."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, IndexError)


@dataclass
class Unpacked:
    """What came out: `members` are (path of the bytes, name), `refused` are (name, reason)."""

    members: list[tuple[Path, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


class _RefusedError(Exception):
    """One member is not taken; the argument says why."""


def unpack(source: Path, media_type: MediaType, folder: Path, limits: Limits) -> Unpacked:
    """Unpack an archive into `folder`. Raises PipelineError where all of it is refused."""
    taker = _Taker(folder, limits)
    if media_type is MediaType.ZIP:
        _unpack_zip(source, taker)
    else:
        _unpack_tar(source, media_type, taker)
    return taker.unpacked


class _Taker:
    """Writes members under numbers and counts what they take."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = Unpacked()
        self._folder = folder
        self._bytes = 0

    def count(self, amount: int) -> None:
        """Count unpacked bytes; raises PipelineError at the limit."""
        self._bytes += amount
        if self._bytes > self.limits.unpacked_bytes:
            raise _too_large(self.limits)

    def take(self, name: str, size: int, stream: IO[bytes]) -> None:
        """Write one member, or note why not."""
        path = self._folder / f"{len(self.unpacked.members):06d}"
        try:
            with path.open("xb") as file:
                self._copy(stream, file, size)
        except (_RefusedError, *_BROKEN) as error:
            path.unlink(missing_ok=True)
            known = isinstance(error, _RefusedError)
            self.refuse(name, str(error) if known else _DAMAGED_MEMBER)
        else:
            self.unpacked.members.append((path, name))

    def _copy(self, stream: IO[bytes], file: IO[bytes], stated: int) -> None:
        """Copy as long as the stated and the real size allow."""
        size = stated
        while size <= self.limits.member_bytes:
            chunk = stream.read(_CHUNK)
            if not chunk:
                return
            self.count(len(chunk))
            file.write(chunk)
            size = max(stated, file.tell())
        raise _RefusedError(_member_too_large(self.limits))

    def refuse(self, name: str, reason: str) -> None:
        """Note that a member is not taken."""
        self.unpacked.refused.append((name, reason))


def is_junk(name: str) -> bool:
    """Whether a member is what systems and people leave beside scans, and not worth a word."""
    path = PurePosixPath(name)
    return (
        not _JUNK_FOLDERS.isdisjoint(path.parts)
        or any(part.startswith(".") for part in path.parts)
        or path.name.lower() in _JUNK_FILES
        or path.suffix.lower() in _SIDECARS
    )


def shown_name(name: str) -> str:
    """Return a member's name for people: no way up or out, nothing invisible, not endless."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    text = unicodedata.normalize("NFC", "/".join(parts)).encode(errors="replace").decode()
    visible = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return visible[-_LONGEST_NAME:] or "without a name"


def _unpack_zip(source: Path, taker: _Taker) -> None:
    with _opened_zip(source) as archive:
        infos = archive.infolist()
        _check_directory(archive, infos, source.stat().st_size, taker.limits)
        for info in infos:
            name = shown_name(_zip_name(info))
            if info.is_dir() or is_junk(name):
                continue
            if reason := _why_not(info):
                taker.refuse(name, reason)
                continue
            _take_from_zip(archive, info, name, taker)


@contextmanager
def _opened_zip(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
    except (*_BROKEN, NotImplementedError, OSError) as error:
        raise PipelineError(_DAMAGED, detail=repr(error)) from error
    with archive:
        yield archive


def _take_from_zip(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, taker: _Taker
) -> None:
    try:
        stream = archive.open(info)
    except (*_BROKEN, RuntimeError, NotImplementedError):
        taker.refuse(name, _DAMAGED_MEMBER)
        return
    with stream:
        taker.take(name, info.file_size, stream)


def _check_directory(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], packed: int, limits: Limits
) -> None:
    """Refuse from the directory alone what is a bomb: too many, too large, or stored twice."""
    if len(infos) > limits.members:
        raise _too_many(limits)
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes:
        raise _too_large(limits)
    if total > limits.ratio_from_bytes and total > limits.ratio * packed:
        raise PipelineError(
            f"This archive unpacks to more than {limits.ratio} times its size, as scans never do;"
            " pack the scans alone."
        )
    _check_overlap(infos, archive.start_dir)


def _check_overlap(infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Refuse members that share bytes: the trick by which small archives unpack to huge ones."""
    placed = sorted(infos, key=lambda info: info.header_offset)
    ends = [info.header_offset for info in placed[1:]] + [directory]
    for info, end in zip(placed, ends, strict=True):
        if info.header_offset + _LOCAL_HEADER + info.compress_size > end:
            raise PipelineError(
                "The files in this archive overlap, as in no honest one; pack the scans again."
            )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; many programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _why_not(info: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "This is a link or a device, not a file; pack the scan itself."
    if info.flag_bits & _ENCRYPTED:
        return "This file is protected by a password; pack it without one."
    if info.compress_type not in _METHODS:
        return "This file is packed by an unusual method; pack with the usual one (deflate)."
    return None


class _Counted:
    """A stream that counts what is unpacked through it, headers and skipped members too."""

    def __init__(self, stream: IO[bytes], taker: _Taker, most: float) -> None:
        self._stream = stream
        self._taker = taker
        self._most = most
        self._bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Read, as a file does; raises PipelineError at the limits."""
        data = self._stream.read(size)
        self._bytes += len(data)
        if self._bytes > self._most:
            raise _too_large(self._taker.limits)
        return data


def _unpack_tar(source: Path, media_type: MediaType, taker: _Taker) -> None:
    limits = taker.limits
    by_ratio = max(limits.ratio_from_bytes, limits.ratio * source.stat().st_size)
    most = min(by_ratio, limits.unpacked_bytes + limits.members * 4096)
    try:
        with _decompressed(source, media_type) as stream:
            counted = cast("IO[bytes]", _Counted(stream, taker, most))
            with tarfile.open(fileobj=counted, mode="r|") as archive:
                for number, info in enumerate(archive):
                    if number >= limits.members:
                        raise _too_many(limits)
                    _take_from_tar(archive, info, taker)
    except (tarfile.TarError, lzma.LZMAError, gzip.BadGzipFile, *_BROKEN) as error:
        raise PipelineError(_DAMAGED, detail=repr(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise PipelineError(_DAMAGED, detail=repr(error)) from error


def _decompressed(source: Path, media_type: MediaType) -> IO[bytes]:
    """Open with a decompressor that gives no more than it is asked for at a time."""
    if media_type is MediaType.GZIP:
        return cast("IO[bytes]", gzip.open(source))
    if media_type is MediaType.BZIP2:
        return cast("IO[bytes]", bz2.open(source))
    if media_type is MediaType.XZ:
        return cast("IO[bytes]", lzma.open(source))
    return source.open("rb")


def _take_from_tar(archive: tarfile.TarFile, info: tarfile.TarInfo, taker: _Taker) -> None:
    name = shown_name(info.name)
    if info.isdir() or is_junk(name):
        return
    stream = archive.extractfile(info) if info.isreg() and not info.issparse() else None
    if stream is None:
        taker.refuse(name, "This is a link or a device, not a file; pack the scan itself.")
        return
    taker.take(name, info.size, stream)


def _too_many(limits: Limits) -> PipelineError:
    return PipelineError(
        f"This archive holds more than {limits.members:,} files; pack the scans in several."
    )


def _too_large(limits: Limits) -> PipelineError:
    return PipelineError(
        f"This archive unpacks to more than the {limits.unpacked_bytes // MIB:,} MB allowed,"
        " or to far more than its size; pack the scans in several."
    )


def _member_too_large(limits: Limits) -> str:
    return f"This file is larger than {limits.member_bytes // MIB} MB; save it smaller."
