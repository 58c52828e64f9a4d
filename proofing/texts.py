"""Which text of a page counts: the last one that a reader handed in, else what OCR read.

Drafts are their author's until handed in.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Page, Project
from pipeline.models import OcrRun
from proofing.models import PageTask
from proofing.rules import State


@dataclass(frozen=True)
class Accepted:
    """Where a page's accepted text stands: in a revision, or else in an OCR run, or nowhere yet."""

    revision_id: int | None = None
    run_id: int | None = None
    #: Whether the page is done in its project's last round.
    finished: bool = False


def accepted(session: Session, project: Project, page: Page | None = None) -> dict[int, Accepted]:
    """Return where the accepted texts stand, by page id, of a project or of one page of it.

    `run_id` is always the newest run that gave a text: it also tells where the lines stand on the
    scan.
    """
    here = PageTask.project_id == project.id if page is None else PageTask.page_id == page.id
    tasks = session.execute(
        sa.select(
            PageTask.page_id, PageTask.round, PageTask.state, PageTask.head_id, PageTask.base_id
        ).where(here)
    )
    order = {code: place for place, code in enumerate(project.rounds)}
    ranks: dict[int, int] = {}
    texts: dict[int, Accepted] = {}
    runs = _runs(session, project, page)
    for page_id, code, state, head_id, base_id in tasks:
        done, rank = state == State.DONE, order.get(code, -1)
        revision_id = head_id if done else base_id
        if revision_id is not None and rank >= ranks.get(page_id, -1):
            ranks[page_id] = rank
            finished = done and code == project.rounds[-1]
            texts[page_id] = Accepted(revision_id, runs.get(page_id), finished)
    unread = {page_id: Accepted(run_id=run_id) for page_id, run_id in runs.items()}
    return unread | texts


def _runs(session: Session, project: Project, page: Page | None) -> dict[int, int]:
    """Return each page's newest run that gave a text, by page id."""
    here = OcrRun.project_id == project.id if page is None else OcrRun.page_id == page.id
    rows = session.execute(
        sa.select(OcrRun.page_id, sa.func.max(OcrRun.id))
        .where(here, OcrRun.state == "done")
        .group_by(OcrRun.page_id)
    )
    return {page_id: run_id for page_id, run_id in rows}  # noqa: C416 - dict() loses the types
