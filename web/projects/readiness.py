"""What a coordinator wants to know of a book before its release, as the release page shows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import format_date
from sqlalchemy.orm import Session

from exports.models import Preview, Release
from exports.releasing import changes, choices, contents, dismissing, freezing, releases
from library import projects
from library.config import SITE_NAME, Settings
from library.models import Page, Person, Project
from proofing import rounds
from web.present import Json
from web.words import gettext as _

#: Pages with other words that are listed; the rest is counted.
_LISTED = 200


def glance(session: Session, project: Project, preview: Preview | None) -> Json:
    """Return where the book stands: pages, findings, what is undecided, contents."""
    findings = dismissing.marked(session, project, preview.findings) if preview else []
    settled = contents.standing(session, project).entries
    proposed = preview.contents if preview else []
    return {
        "pages": len(projects.pages_of(session, project)),
        "finished": rounds.finished_pages(session, project),
        "warnings": sum(_is_open(each, "warning") for each in findings),
        "undecided": len(choices.undecided(session, project, findings)),
        "entries": len(proposed if settled is None else settled),
        "settled": settled is not None,
    }


def missing(project: Project, settings: Settings, now: datetime) -> list[dict[str, str]]:
    """Return what is not known about the book, with what the release says instead."""
    address = f"{settings.url}/projects/{project.slug}"
    asked = [
        (project.author, _("Author"), _("Anonymous")),
        (project.publisher, _("Publisher"), SITE_NAME),
        (project.year, _("Year"), format_date(now, "long")),
        (project.source_url, _("Source of the scans"), address),
        (project.description, _("Description"), _("none")),
        (project.subjects, _("Subjects"), _("none")),
        (project.rights.get("basis"), _("Why it is free to publish"), _("none")),
    ]
    return [{"name": name, "fallback": fallback} for known, name, fallback in asked if not known]


def news(session: Session, project: Project, settings: Settings) -> Json | None:
    """Return what a release now would change for readers; None before the first one."""
    last = releases.published(session, project)
    if last is None:
        return None
    before = releases.frozen_pages(session, last)
    now = freezing.freeze(session, project, settings).pages
    changed = changes.changed_pages(session, before, now)
    return {
        "number": last.number,
        "sentences": changes.sentences(before, now, changed),
        **_changed(changed, _pages(session, project)),
    }


def shown(session: Session, project: Project, found: Sequence[Release]) -> list[Json]:
    """Return releases as the page lists them."""
    pages = _pages(session, project)
    return [_release(session, release, pages) for release in found]


def _release(session: Session, release: Release, pages: Mapping[int, Page]) -> Json:
    asked_by = session.get(Person, release.requested_by) if release.requested_by else None
    return {
        "number": release.number,
        "state": release.state,
        "built_at": release.built_at,
        "requested_at": release.requested_at,
        "by": asked_by.name if asked_by else "",
        "reason": release.reason,
        "digest": release.source_digest,
        "open": [each for each in release.findings if _is_open(each, "error")],
        "files": [file for file in release.files if not file.name.endswith(".jpg")],
        "changes": release.changes,
        **_changed(release.changed_pages, pages),
    }


def _changed(changed: Sequence[Json], pages: Mapping[int, Page]) -> Json:
    """Return pages with other words and the texts to compare, and how many more there are."""
    there = [each for each in changed if each["page"] in pages]
    listed = [
        {
            "number": pages[each["page"]].number,
            "label": pages[each["page"]].label or str(pages[each["page"]].number),
            "words": each["words"],
            "a": each["before"] or "ocr",
            "b": each["after"],
        }
        for each in there[:_LISTED]
    ]
    return {"changed": listed, "more": len(there) - len(listed)}


def _is_open(finding: Json, severity: str) -> bool:
    return finding["severity"] == severity and not finding.get("dismissed")


def _pages(session: Session, project: Project) -> dict[int, Page]:
    return {page.id: page for page in projects.pages_of(session, project)}
