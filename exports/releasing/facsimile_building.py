"""The job that builds a facsimile: from what a release was made of to its PDF and its ALTO files.

Pages are loaded a few at a time, each in a transaction of its own: the rows never change, and a
book of a thousand pages needs no more memory than one of fifty.
"""

import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from exports.models import Facsimile, Release
from exports.releasing import facsimiles, releases, sources
from exports.releasing.building import BuiltFile, assemble_source, described
from exports.releasing.freezing import FrozenPage
from exports.releasing.sources import Source
from exports.writing.alto import write_alto_zip
from exports.writing.facsimile import FacsimilePage, Mark, outline_of, write_facsimile
from exports.writing.overlay import place_words
from exports.writing.scanpage import ScanPage
from library.clock import utc_now
from library.db import reading, writing
from library.models import Page, Project
from library.queue import Taken
from library.worker import Installation
from pipeline.models import OcrRun
from proofing.models import Revision

_AT_ONCE = 25


def build_facsimile(place: Installation, job: Taken) -> None:
    """Do the job: build in a folder of its own, then put the files where readers get them."""
    with reading(place.engine) as session:
        facsimile = session.get_one(Facsimile, job.subject_id)
        release = session.get_one(Release, facsimile.release_id)
        project = session.get_one(Project, facsimile.project_id)
        book = releases.frozen_book(session, release)
        day, number = release.requested_at.date(), release.number
        source = sources.load(session, place.storage, book, day, number)
    folder = facsimiles.folder_of(place.settings, project, release)
    made = folder.with_name(f".{folder.name}-{job.attempt}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    files = _build(place, source, book.pages, made, project.slug)
    with writing(place.engine) as session:
        facsimiles.store_built(session, place.settings, job, files, made, utc_now())


def _build(
    place: Installation, source: Source, pages: Sequence[FrozenPage], folder: Path, slug: str
) -> list[BuiltFile]:
    about, outline = source.metadata, _outline(source)
    language = about.language
    pdf, alto = folder / f"{slug}.pdf", folder / f"{slug}-alto.zip"
    write_facsimile(scanned(place, pages, language), outline, about, pdf)
    scans = (page.scan for page in scanned(place, pages, language))
    write_alto_zip(scans, about.released_at, alto)
    return [described(alto), described(pdf)]


def _outline(source: Source) -> list[Mark]:
    return outline_of(assemble_source(source).book)


def scanned(
    place: Installation, pages: Sequence[FrozenPage], language: str
) -> Iterator[FacsimilePage]:
    """Yield the pages that have an image, with their words on it; `language` is BCP 47."""
    wanted = (page for page in pages if page.image_sha256 and page.kind != "skip")
    while some := list(islice(wanted, _AT_ONCE)):
        with reading(place.engine) as session:
            loaded = [(page, *_text_and_lines(session, page)) for page in some]
            names = {page.page_id: session.get_one(Page, page.page_id).file_name for page in some}
        for page, text, lines in loaded:
            image = place.storage.path(page.image_sha256 or "")
            with Image.open(image) as opened:
                width, height = opened.size
            name = names[page.page_id]
            words = place_words(text if page.kind != "blank" else "", lines, width, height)
            scan = ScanPage(page.number, page.label, name, width, height, language, words)
            yield FacsimilePage(scan, image)


def _text_and_lines(session: Session, page: FrozenPage) -> tuple[str, list[sources.Json]]:
    run = session.execute(
        sa.select(OcrRun.text, OcrRun.lines).where(OcrRun.id == page.run_id)
    ).first()
    read, lines = run or ("", [])
    if page.revision_id is None:
        return read, lines
    text = session.scalar(sa.select(Revision.text).where(Revision.id == page.revision_id))
    return text or "", lines
