"""Lines beside what is asked about them: the right print, also where a page ends between them."""

from typing import Any

import pytest
import sqlalchemy as sa

from library.db import writing
from library.models import Page
from pipeline.models import OcrRun
from tests.support.site import Site
from web.printed import PrintedLines

TEXTS = ("First line here\nsecond line there", "Third line now\n\nfourth line then")


def _lines(text: str) -> list[dict[str, Any]]:
    rows = [row for row in text.split("\n") if row]
    return [
        {
            "box": [100, 100 + 40 * at, 600, 30],
            "words": [
                {"text": word, "box": [100 + 120 * n, 100 + 40 * at, 100, 30]}
                for n, word in enumerate(row.split())
            ],
        }
        for at, row in enumerate(rows)
    ]


@pytest.fixture
def slug(sqlite_site: Site) -> str:
    slug = sqlite_site.project(sqlite_site.person("olga", role="coordinator"), pages=TEXTS)
    with writing(sqlite_site.engine) as session:
        for run in session.scalars(sa.select(OcrRun).order_by(OcrRun.page_id)):
            run.lines = _lines(run.text)
            session.get_one(Page, run.page_id).image_sha256 = "a" * 64
    return slug


def _shown(site: Site, slug: str, how: str, page: int, row: int) -> list[tuple[Any, ...]]:
    with site.app.test_request_context(), site.look() as session:
        found = getattr(PrintedLines(session, site.project_row(slug)), how)(page, row)
    return [(each["page"], each["line"], each["text"], _box(each["picture"])) for each in found]


def _box(picture: dict[str, Any] | None) -> list[int] | None:
    if picture is None:
        return None
    box: str = picture["url"].split("box=")[1].split("&")[0]
    return [int(side) for side in box.replace("%2C", ",").split(",")]


def test_a_line_is_cut_with_a_little_around_it(sqlite_site: Site, slug: str) -> None:
    [(page, line, text, box)] = _shown(sqlite_site, slug, "at", 1, 2)
    assert (page, line, text) == (1, 2, "second line there")
    assert box is not None
    assert box[1] < 140
    assert box[1] + box[3] > 170
    assert _shown(sqlite_site, slug, "at", 1, 9) == _shown(sqlite_site, slug, "at", 7, 1) == []


def test_lines_that_meet_are_one_cutting(sqlite_site: Site, slug: str) -> None:
    [(_page, line, text, box)] = _shown(sqlite_site, slug, "meeting", 1, 2)
    assert (line, text) == (2, "First line here\nsecond line there")
    assert box is not None
    assert box[1] < 100
    assert box[1] + box[3] > 170
    [(_page, _line, text, _box)] = _shown(sqlite_site, slug, "meeting", 2, 3)
    assert text == "Third line now\nfourth line then"


def test_lines_that_meet_over_a_page_are_two(sqlite_site: Site, slug: str) -> None:
    last, first = _shown(sqlite_site, slug, "meeting", 2, 1)
    assert last[:3] == (1, 2, "second line there")
    assert first[:3] == (2, 1, "Third line now")


def test_of_another_scan_nothing_is_shown(sqlite_site: Site, slug: str) -> None:
    with writing(sqlite_site.engine) as session:
        session.execute(sa.update(OcrRun).values(latest=False))
    assert [each[3] for each in _shown(sqlite_site, slug, "meeting", 1, 2)] == [None]
