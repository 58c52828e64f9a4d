"""Half a real page for somebody who has never read one: found, and found again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer_group

from library.errors import GoneError
from library.models import Page, Project
from pipeline.models import OcrRun
from proofing.excerpts import Excerpt, easy_excerpt, excerpt
from proofing.models import PageTask
from proofing.trials_models import TrialLayer

#: Books and pages that are looked at for an easy one, and pages whose lines are.
_BOOKS, _PAGES, _READ = 12, 24, 8
#: Books of any language among which those are sought.
_NEWEST = 200
#: An easy page: how sure the engine was, how many words it read, what share of them is doubtful.
_LEAST_CONFIDENCE, _LEAST_WORDS, _MOST_DOUBT = 85, 80, 0.12


@dataclass(frozen=True)
class HalfPage:
    """Some lines of a page for a newcomer. `place` finds them again."""

    project: Project
    page: Page
    run: OcrRun
    excerpt: Excerpt

    @property
    def place(self) -> "Place":
        """Where these lines stand."""
        return {
            "page": self.page.id,
            "run": self.run.id,
            "from_line": self.excerpt.from_line,
            "to_line": self.excerpt.to_line,
        }


class Place(TypedDict):
    """Where half a page stands: ids, and rows of the run's text from 1."""

    page: int
    run: int
    from_line: int
    to_line: int


def choose(session: Session, languages: Sequence[str]) -> HalfPage | None:
    """Return an easy half page that waits for its first reader, in one of these languages.

    `languages` are BCP 47 tags, the one liked best first. Its project has a later round, so that it
    is read again anyway. Pages that no newcomer has read go first. None: no book is open for it.
    """
    found = [
        (rank, row)
        for rank, project in _books(session, languages)
        for row in _easy(session, project)
    ]
    found.sort(key=lambda each: (each[0], each[1].tried, each[1].doubt, -each[1].number))
    for _rank, row in found[:_READ]:
        run = _read(session, row.run_id)
        if (stretch := easy_excerpt(run.text, run.lines)) is not None:
            page = session.get_one(Page, row.page_id)
            return HalfPage(page.project, page, run, stretch)
    return None


def find(session: Session, place: Place) -> HalfPage:
    """Return the half page that was chosen before; raises GoneError when it was deleted since."""
    page = session.get(Page, place["page"])
    if page is None or page.deleted_at or page.project.deleted_at:
        raise GoneError("This page was taken out of its book; begin with another one.")
    run = _read(session, place["run"])
    lines = excerpt(run.text, run.lines, place["from_line"], place["to_line"])
    return HalfPage(page.project, page, run, lines)


def _books(session: Session, languages: Sequence[str]) -> list[tuple[int, Project]]:
    """Return the newest open books that are read again, with the rank of their language."""
    liked = [tag.partition("-")[0].casefold() for tag in languages]
    found = session.scalars(
        sa.select(Project)
        .where(
            Project.state == "active",
            Project.opened,
            Project.deleted_at.is_(None),
            Project.script == "antiqua",
        )
        .order_by(Project.id.desc())
        .limit(_NEWEST)
    )
    ranked = [
        (liked.index(main), project)
        for project in found
        if len(project.rounds) > 1
        and (main := project.languages[0].partition("-")[0].casefold()) in liked
    ]
    return sorted(ranked, key=lambda each: each[0])[:_BOOKS]


def _easy(
    session: Session, project: Project
) -> Sequence[sa.Row[tuple[int, int, int, float, bool]]]:
    """Return easy pages of a book that wait for their first reader, of the first ones to come."""
    waiting = (
        sa.select(PageTask.page_id, PageTask.number)
        .where(
            PageTask.project_id == project.id,
            PageTask.round == project.rounds[0],
            sa.text("page_task.state = 'available'"),
        )
        .order_by(PageTask.number)
        .limit(_PAGES)
        .subquery()
    )
    tried = sa.exists().where(TrialLayer.page_id == Page.id)
    return session.execute(
        sa.select(
            Page.id.label("page_id"),
            OcrRun.id.label("run_id"),
            waiting.c.number,
            (1.0 * OcrRun.doubtful / OcrRun.words).label("doubt"),
            tried.label("tried"),
        )
        .select_from(waiting)
        .join(Page, Page.id == waiting.c.page_id)
        .join(OcrRun, sa.and_(OcrRun.page_id == Page.id, OcrRun.latest))
        .where(
            Page.kind == "text",
            Page.proposed_kind.is_(None),
            Page.image_sha256.is_not(None),
            OcrRun.state == "done",
            OcrRun.confidence >= _LEAST_CONFIDENCE,
            OcrRun.words >= _LEAST_WORDS,
            OcrRun.doubtful <= _MOST_DOUBT * OcrRun.words,
        )
    ).all()


def _read(session: Session, run_id: int) -> OcrRun:
    return session.get_one(OcrRun, run_id, options=[undefer_group("read")])
