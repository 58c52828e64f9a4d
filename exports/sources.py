"""What a book is made from: page texts, scan lines and metadata, read from the database.

A release reads the pages as they were frozen when it was asked for.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.book import Contributor, Metadata
from exports.pages import PageKind, PageText, ScanLine
from library import projects
from library.config import SITE_NAME, Settings
from library.models import Page, Person, Project
from library.storage import Storage
from pipeline.models import OcrRun
from proofing.models import PageTask, Revision
from proofing.rules import State
from proofing.texts import Accepted, accepted

Json = dict[str, Any]


@dataclass(frozen=True)
class FrozenPage:
    """A page as it stands at one moment: which revision and run hold its text and its lines."""

    page_id: int
    number: int
    label: str
    kind: str
    image_sha256: str | None
    revision_id: int | None
    run_id: int | None
    finished: bool


def freeze(session: Session, project: Project) -> list[FrozenPage]:
    """Return a project's pages as they stand now, in order."""
    texts = accepted(session, project)
    return [
        _frozen(page, texts.get(page.id, Accepted()))
        for page in projects.pages_of(session, project)
    ]


def digest(metadata: Json, pages: Sequence[FrozenPage]) -> str:
    """Return the SHA-256 of what a book is made from; revisions and runs never change."""
    made_from = json.dumps([metadata, [asdict(page) for page in pages]], sort_keys=True)
    return hashlib.sha256(made_from.encode()).hexdigest()


def page_texts(session: Session, storage: Storage, pages: Sequence[FrozenPage]) -> list[PageText]:
    """Return the pages with their texts and the body lines of their scans."""
    revisions = _by_id(session, Revision.id, Revision.text, {page.revision_id for page in pages})
    runs = {
        run_id: (text, lines)
        for run_id, text, lines in session.execute(
            sa.select(OcrRun.id, OcrRun.text, OcrRun.lines).where(
                OcrRun.id.in_({page.run_id for page in pages} - {None})
            )
        )
    }
    result = []
    for page in pages:
        read, lines = runs.get(page.run_id, ("", []))
        plate = page.kind == "illustration" and page.image_sha256
        result.append(
            PageText(
                number=page.number,
                page_id=str(page.page_id),
                text=revisions[page.revision_id] if page.revision_id else read,
                label=page.label,
                kind=cast("PageKind", page.kind),
                lines=tuple(_scan_line(line) for line in lines if not line.get("kind")),
                image=storage.path(page.image_sha256) if plate and page.image_sha256 else None,
            )
        )
    return result


def unfinished(pages: Sequence[FrozenPage]) -> list[int]:
    """Return the numbers of pages that have not been through every round."""
    return [page.number for page in pages if not page.finished and page.kind != "skip"]


def project_metadata(session: Session, project: Project, settings: Settings) -> Json:
    """Return what the book says about itself, as JSON: equal values make an equal release."""
    roles = [{"name": project.author, "role": "aut"}] if project.author else []
    return {
        "title": project.title,
        "identifier": uuid.uuid5(uuid.NAMESPACE_URL, f"galley:{project.id}:{project.slug}").urn,
        "languages": project.languages,
        "contributors": [*roles, *project.contributors],
        "publisher": project.publisher,
        "place": project.place,
        "year": str(project.year or ""),
        "description": project.description,
        "subjects": project.subjects,
        "source_url": project.source_url or f"{settings.url}/projects/{project.slug}",
        "rights": str(project.rights.get("basis", "")),
        "site_name": SITE_NAME,
        "site_url": settings.url,
        "project_url": f"{settings.url}/projects/{project.slug}",
        "errata_url": f"{settings.url}/books/{project.slug}",
        "credits": credits_of(session, project),
    }


def as_metadata(fields: Json, released_on: date, release: int) -> Metadata:
    """Return metadata for the writers; the release's day stands for its moment."""
    return Metadata(
        **{
            **fields,
            "languages": tuple(fields["languages"]),
            "contributors": tuple(Contributor(**each) for each in fields["contributors"]),
            "subjects": tuple(fields["subjects"]),
            "credits": tuple(fields["credits"]),
        },
        released_at=datetime.combine(released_on, time(), UTC),
        release=release,
    )


def credits_of(session: Session, project: Project) -> list[str]:
    """Return the names of those who read pages of this project and want to be named, sorted."""
    readers = session.scalars(
        sa.select(Person)
        .where(
            Person.credited,
            Person.id.in_(
                sa.select(PageTask.reader_id).where(
                    PageTask.project_id == project.id, PageTask.state == State.DONE
                )
            ),
        )
        .order_by(Person.name)
    )
    return sorted({person.credit or person.name for person in readers})


def _frozen(page: Page, text: Accepted) -> FrozenPage:
    return FrozenPage(
        page.id,
        page.number,
        page.label,
        page.kind,
        page.image_sha256,
        text.revision_id,
        text.run_id,
        text.finished,
    )


def _scan_line(line: Json) -> ScanLine:
    x, y, width, height = line["box"]
    return ScanLine(x, y, width, height, " ".join(word["text"] for word in line["words"]))


def _by_id(session: Session, key: Any, value: Any, ids: set[int | None]) -> dict[Any, Any]:  # noqa: ANN401
    rows = session.execute(sa.select(key, value).where(key.in_(ids - {None})))
    return {each: found for each, found in rows}  # noqa: C416 - dict() loses the types
