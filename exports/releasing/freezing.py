"""A book as it stands at one moment: which texts, what is said of it, what people decided.

All of it is either a row that never changes or JSON, so that a release can be built from it at any
later time, and equal values make an equal release.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import Erratum
from exports.releasing import deciding
from library import projects
from library.config import SITE_NAME, Settings
from library.models import Page, Person, Project
from proofing.models import PageTask
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


@dataclass(frozen=True)
class FrozenBook:
    """All that a book is made from."""

    pages: Sequence[FrozenPage]
    metadata: Json
    decisions: Json
    cover_sha256: str | None

    @property
    def pictures(self) -> set[str]:
        """The SHA-256 of the pictures that were cut for it."""
        pages = self.decisions.get("figures", {}).values()
        return {each["image_sha256"] for page in pages for each in page} - {None}

    @property
    def digest(self) -> str:
        """SHA-256 of what the book is made from; revisions and runs never change."""
        pages = [asdict(page) for page in self.pages]
        made_from = json.dumps(
            [self.metadata, pages, self.decisions, self.cover_sha256], sort_keys=True
        )
        return hashlib.sha256(made_from.encode()).hexdigest()


def freeze(session: Session, project: Project, settings: Settings) -> FrozenBook:
    """Return a project's book as it stands now, its pages in order."""
    texts = accepted(session, project)
    pages = [
        _frozen(page, texts.get(page.id, Accepted()))
        for page in projects.pages_of(session, project)
    ]
    said = project_metadata(session, project, settings)
    return FrozenBook(pages, said, deciding.decided(session, project), project.cover_sha256)


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
        "errata_url": f"{settings.url}/books/{project.slug}/report",
        "credits": credits_of(session, project),
        **_print_errors(session, project),
    }


def _print_errors(session: Session, project: Project) -> dict[str, list[str]]:
    """Return the errors of the print that the book is to own up to, where there are any."""
    rows = session.execute(
        sa.select(Page.number, Page.label, Erratum.current, Erratum.proposed)
        .join(Page, Page.id == Erratum.page_id)
        .where(Erratum.project_id == project.id, Erratum.noted, Erratum.state == "rejected")
        .order_by(Page.number, Erratum.line, Erratum.id)
    )
    said = [
        f"Page {label or number} has \u201c{current}\u201d for \u201c{proposed}\u201d."
        for number, label, current, proposed in rows
    ]
    return {"print_errors": said} if said else {}


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
