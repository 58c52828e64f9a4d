"""From frozen pages to files in a folder: the one way that releases and previews are built."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exports.assembly import assemble
from exports.book import Metadata
from exports.cover import draw_cover
from exports.epub import write_epub
from exports.findings import Finding, Severity
from exports.pages import PageText
from exports.readback import read_back
from exports.text import write_text
from library.durable import flush_folder

MEDIA_TYPES = {".epub": "application/epub+zip", ".txt": "text/plain", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class BuiltFile:
    """One file of a built book."""

    name: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Built:
    """A built book: its files, and what a person should look at."""

    files: Sequence[BuiltFile]
    findings: Sequence[Finding]

    @property
    def findings_json(self) -> list[dict[str, Any]]:
        """The findings as stored and given."""
        return [{**asdict(each), "severity": each.severity.value} for each in self.findings]


def build(
    pages: Sequence[PageText],
    metadata: Metadata,
    slug: str,
    folder: Path,
    unfinished: Sequence[int] = (),
) -> Built:
    """Build EPUB, plain text and cover into `folder`, whole or not at all.

    What was in the folder is replaced only when all is written and read back. `unfinished` are
    numbers of pages that volunteers have not ended with. Raises BookEmptyError for a book without
    text.
    """
    assembled = assemble(pages, metadata.language)
    making = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        cover = draw_cover(metadata.title, ", ".join(metadata.authors))
        epub, text = making / f"{slug}.epub", making / f"{slug}.txt"
        (making / "cover.jpg").write_bytes(cover)
        write_epub(assembled.book, metadata, cover, epub)
        write_text(assembled.book, metadata, text)
        lost = [*read_back(pages, epub).findings, *read_back(pages, text).findings]
        files = [_described(path) for path in sorted(making.iterdir())]
        flush_folder(making)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
        flush_folder(folder.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    waiting = [_unfinished(number) for number in unfinished]
    return Built(files, [*waiting, *assembled.findings, *lost])


def _described(path: Path) -> BuiltFile:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return BuiltFile(path.name, MEDIA_TYPES[path.suffix], path.stat().st_size, sha256)


def _unfinished(number: int) -> Finding:
    hint = "This page has not been through every round; the book holds its latest text."
    return Finding("unfinished-page", Severity.WARNING, number, 1, "", hint)
