"""From frozen pages to files in a folder: the one way that releases and previews are built."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exports.checks.run import check
from exports.checks.subject import dictionary
from exports.findings import Finding, Severity
from exports.making.assembly import Assembled, assemble
from exports.pages import ContentsEntry
from exports.releasing.sources import Source
from exports.writing.cover import draw_cover
from exports.writing.editions import MEDIA_TYPES, READ_BACK, WRITERS, Edition, ending
from exports.writing.readback import read_back
from library.durable import flush_folder


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
    #: The contents list that the machine proposes.
    proposed: Sequence[ContentsEntry] = ()

    @property
    def findings_json(self) -> list[dict[str, Any]]:
        """The findings as stored and given."""
        return [{**asdict(each), "severity": each.severity.value} for each in self.findings]


def assemble_source(source: Source) -> Assembled:
    """Put a book together as every build does."""
    about = source.metadata
    knows = dictionary(about.languages, about.year)
    return assemble(source.pages, about.language, source.decisions, knows)


def build(source: Source, slug: str, folder: Path) -> Built:
    """Build every edition of a book into `folder`, whole or not at all.

    What was in the folder is replaced only when all is written and read back. Raises BookEmptyError
    for a book without text.
    """
    about = source.metadata
    assembled = assemble_source(source)
    making = folder.with_name(f".{folder.name}-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        cover = source.cover or draw_cover(about.title, ", ".join(about.authors))
        edition = Edition(assembled.book, source, cover, making, slug)
        for write in WRITERS:
            write(edition)
        lost = [
            finding
            for suffix in READ_BACK
            for finding in read_back(source.pages, edition.file(suffix)).findings
        ]
        files = [described(path) for path in sorted(making.iterdir())]
        flush_folder(making)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
        flush_folder(folder.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    waiting = [_unfinished(number) for number in source.unfinished]
    checked = check(
        assembled.book,
        source.pages,
        knows=dictionary(about.languages, about.year),
        good=source.good_words,
        bad=source.bad_words,
    )
    findings = [*waiting, *assembled.findings, *lost, *checked]
    return Built(files, findings, assembled.proposed)


def described(path: Path) -> BuiltFile:
    """Return what is told of a finished file, which is then on disk."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return BuiltFile(path.name, MEDIA_TYPES[ending(path.name)], path.stat().st_size, sha256)


def _unfinished(number: int) -> Finding:
    hint = "This page has not been through every round; the book holds its latest text."
    return Finding("unfinished-page", Severity.WARNING, number, 1, "", hint)
