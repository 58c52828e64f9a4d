"""What people decided for a book, as frozen with a release and as assembly takes it.

Frozen, it is `{"contents": [{"page", "heading", "title", "level"}] or None, "word": {broken:
right}, "paragraph": {page id: "yes" or "no"}, "quote": {place: "open", "close" or "apostrophe"},
"figures": {page id: [{"image_sha256" or None, "alt", "caption", "decorative", "line_art",
"box"}]}}`.
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.models import DECISION_KINDS, Contents, Decision
from exports.pages import ContentsEntry, Decisions, Figure
from exports.writing.images import seen
from library import projects
from library.errors import ForbiddenError
from library.models import Page, Person, Project
from library.storage import Storage
from pipeline.models import Illustration
from proofing import trust

Json = dict[str, Any]


def decided(session: Session, project: Project) -> Json:
    """Return all that people decided for a project's book."""
    contents = session.get(Contents, project.id)
    kinds: dict[str, dict[str, str]] = {kind: {} for kind in DECISION_KINDS}
    for each in session.scalars(sa.select(Decision).where(Decision.project_id == project.id)):
        kinds[each.kind][each.key] = each.value
    return {
        "contents": contents.entries if contents else None,
        **kinds,
        "figures": _figures(session, project),
    }


def why_not(session: Session, person: Person, project: Project) -> str:
    """Return the sentence why this person may not decide about the book; "" where they may.

    Coordinators may, and all to whom the project's last round is open: what they decide is public
    and can be taken back.
    """
    if projects.coordinates(session, person, project):
        return ""
    last = trust.standing(session, person, project.rounds[-1])
    if last.open:
        return ""
    return f"Who may read the book's last round decides about it. {last.sentence}"


def require_decider(session: Session, person: Person, project: Project) -> None:
    """Raise ForbiddenError unless this person may decide about the book."""
    if sentence := why_not(session, person, project):
        raise ForbiddenError(sentence)


def as_decisions(frozen: Json) -> Decisions:
    """Return frozen decisions as assembly takes them; empty ones for a release of before."""
    contents = frozen.get("contents")
    return Decisions(
        words=frozen.get("word", {}),
        quotes=frozen.get("quote", {}),
        new_paragraph={page: value == "yes" for page, value in frozen.get("paragraph", {}).items()},
        contents=None
        if contents is None
        else tuple(
            ContentsEntry(
                str(each["page"]),
                each["title"],
                each["level"],
                each.get("heading", "") if each.get("heading") != each["title"] else "",
            )
            for each in contents
        ),
    )


def figures(frozen: Json, storage: Storage) -> dict[int, tuple[Figure, ...]]:
    """Return the pictures of each page, by page id, in reading order."""
    return {
        int(page_id): tuple(_figure(each, storage) for each in found)
        for page_id, found in frozen.get("figures", {}).items()
    }


def _figure(said: Json, storage: Storage) -> Figure:
    words = (said["alt"], said["caption"], said["decorative"], said["line_art"])
    figure = Figure(None, *words, tuple(said["box"]))
    return seen(figure, storage.path(said["image_sha256"])) if said["image_sha256"] else figure


def _figures(session: Session, project: Project) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    rows = session.scalars(
        sa.select(Illustration)
        .join(Page, Page.id == Illustration.page_id)
        .where(
            Page.project_id == project.id,
            Page.deleted_at.is_(None),
        )
        .order_by(Page.number, Illustration.position)
    )
    for each in rows:
        found[str(each.page_id)].append(
            {
                name: getattr(each, name)
                for name in ("image_sha256", "alt", "caption", "decorative", "line_art")
            }
            | {"box": [each.box_left, each.box_top, each.box_width, each.box_height]}
        )
    return dict(found)
