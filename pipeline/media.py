"""What a file is, by its first bytes; never by its name."""

import tarfile
from enum import StrEnum
from pathlib import Path

_HEAD = 1024


class MediaType(StrEnum):
    """The kinds of file that Galley takes, as the registered media types."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"
    JPEG2000 = "image/jp2"
    WEBP = "image/webp"
    GIF = "image/gif"
    BMP = "image/bmp"
    PDF = "application/pdf"
    ZIP = "application/zip"
    TAR = "application/x-tar"
    GZIP = "application/gzip"
    BZIP2 = "application/x-bzip2"
    XZ = "application/x-xz"


ARCHIVES = frozenset({MediaType.ZIP, MediaType.TAR, MediaType.GZIP, MediaType.BZIP2, MediaType.XZ})

_SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"II*\0", MediaType.TIFF),
    (b"MM\0*", MediaType.TIFF),
    (b"II+\0", MediaType.TIFF),
    (b"MM\0+", MediaType.TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", MediaType.JPEG2000),
    (b"\xff\x4f\xff\x51", MediaType.JPEG2000),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"BM", MediaType.BMP),
    (b"PK\x03\x04", MediaType.ZIP),
    (b"PK\x05\x06", MediaType.ZIP),
    (b"\x1f\x8b", MediaType.GZIP),
    (b"BZh", MediaType.BZIP2),
    (b"\xfd7zXZ\0", MediaType.XZ),
)

#: Formats that are recognised only to say what to do instead.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"AT&TFORM", "DjVu files are not read; save it as PDF or TIFF."),
    (0, b"Rar!", "RAR archives are not opened; pack the scans as ZIP."),
    (0, b"7z\xbc\xaf\x27\x1c", "7z archives are not opened; pack the scans as ZIP."),
    (4, b"ftypheic", "HEIC images are not read; save it as JPEG or PNG."),
    (4, b"ftypavif", "AVIF images are not read; save it as JPEG or PNG."),
    (0, b"8BPS", "Photoshop files are not read; save it as TIFF or PNG."),
)
_UNKNOWN = (
    "This is none of the formats that Galley reads: PNG, JPEG, TIFF, JPEG 2000, WebP, GIF, BMP,"
    " PDF, or a ZIP, CBZ or TAR of them."
)


def sniff(path: Path) -> MediaType | None:
    """Return what the file at `path` is by its first bytes, or None."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if b"%PDF-" in head:  # readers allow it anywhere in the first 1,024 bytes
        return MediaType.PDF
    return MediaType.TAR if head[257:262] == b"ustar" or _is_old_tar(head) else None


def _is_old_tar(head: bytes) -> bool:
    try:
        return bool(tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape").name)
    except tarfile.HeaderError:
        return False


def why_not(path: Path) -> str:
    """Return the sentence for a file that `sniff` does not know."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return "This file is empty; send it again."
    for offset, signature, sentence in _OTHERS:
        if head[offset:].startswith(signature):
            return sentence
    return _UNKNOWN
