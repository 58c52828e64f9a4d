"""Lines of a book beside what is asked about them: their text, and their picture cut from the scan.

Lines are numbered as findings number them: rows of the page's text, from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer_group

from library import projects
from library.models import Page, Project
from pipeline.models import OcrRun
from proofing.anchors import line_of_rows
from proofing.models import Revision
from proofing.printed import around
from proofing.texts import Accepted, accepted
from web.cuttings import cutting
from web.present import Json


@dataclass
class _Side:
    """A page with its accepted text and the lines that the machine saw."""

    page: Page
    text: str
    run: OcrRun | None
    #: Whether somebody has handed this text in: only then it can be corrected.
    read: bool

    @cached_property
    def rows(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _lines(self) -> list[int]:
        return line_of_rows(self.text, self.run.lines) if self.run else []

    def picture(self, rows: Sequence[int]) -> Json | None:
        """Return the cutting of these rows; None where the scan does not show them all.

        Of rows that the scan does not show together, it is that of the last one.
        """
        if self.run is None or not self.run.latest:
            return None
        lines = [self._lines[row - 1] for row in rows if 0 < row <= len(self._lines)]
        if not lines or min(lines) < 0:
            return None
        if max(lines) - min(lines) >= len(lines):
            lines = lines[-1:]
        box = around([self.run.lines[line]["box"] for line in lines])
        return cutting(self.page, box, self.page.image_sha256)


class PrintedLines:
    """The printed lines of one book; each page is looked at once, when it is asked for."""

    def __init__(self, session: Session, project: Project) -> None:
        self._session = session
        self._pages = {page.number: page for page in projects.pages_of(session, project)}
        self._accepted = accepted(session, project)
        self._sides: dict[int, _Side] = {}

    def at(self, number: int, row: int) -> list[Json]:
        """Return a line as `{page, label, line, text, picture, read}`; none: no such line."""
        side = self._side(number)
        return [_shown(side, [row])] if side and 0 < row <= len(side.rows) else []

    def meeting(self, number: int, row: int) -> list[Json]:
        """Return a line with the one before it: one cutting, or two where a page ends between."""
        side = self._side(number)
        if side is None or not 0 < row <= len(side.rows):
            return []
        above = _last(side.rows[: row - 1])
        if above:
            return [_shown(side, [above, row])]
        earlier = self._side(number - 1)
        last = _last(earlier.rows) if earlier else 0
        before = [_shown(earlier, [last])] if earlier and last else []
        return [*before, _shown(side, [row])]

    def _side(self, number: int) -> _Side | None:
        page = self._pages.get(number)
        if page is not None and number not in self._sides:
            self._sides[number] = self._read(page)
        return self._sides.get(number)

    def _read(self, page: Page) -> _Side:
        found = self._accepted.get(page.id, Accepted())
        run = self._session.scalar(
            sa.select(OcrRun)
            .options(undefer_group("read"))
            .where(OcrRun.id == (found.run_id or -1))
        )
        saved = found.revision_id
        text = self._session.get_one(Revision, saved).text if saved else (run.text if run else "")
        return _Side(page, text, run, saved is not None)


def _last(rows: Sequence[str]) -> int:
    """Return the number of the last row that is not blank, 0 for none."""
    return next((at for at in range(len(rows), 0, -1) if rows[at - 1].strip()), 0)


def _shown(side: _Side, rows: Sequence[int]) -> Json:
    return {
        "page": side.page.number,
        "label": side.page.label or str(side.page.number),
        "line": rows[-1],
        "text": "\n".join(side.rows[row - 1] for row in rows),
        "picture": side.picture(rows),
        "read": side.read,
    }
