"""Findings that are no fault stay so, through edits elsewhere, and hold up nothing."""

from typing import Any

import pytest
import sqlalchemy as sa

from exports.releasing import dismissing
from exports.releasing.dismissing import WHOLE_KIND, key_of
from library.db import reading, writing
from library.errors import ForbiddenError, InvalidError
from library.models import Event, Page, Person, Project
from tests.support.desk import Desk, refusal
from tests.support.rows import NOW

Json = dict[str, Any]
PAGES = {1: 101, 2: 102}


@pytest.fixture
def desk(engine: sa.Engine) -> Desk:
    return Desk(engine)


def finding(**more: object) -> Json:
    given = {
        "code": "word-repeated",
        "severity": "warning",
        "page": 1,
        "line": 3,
        "excerpt": "was condemned by authority of the the Catholic Church",
        "hint": "",
        "mark": [30, 37],
    }
    return {**given, **more}


def test_a_key_does_not_hang_on_the_line_or_on_words_far_off() -> None:
    key = key_of(finding(), PAGES)
    assert key_of(finding(line=9), PAGES) == key
    moved = finding(excerpt="so held by authority of the the Catholic Church", mark=[24, 31])
    assert key_of(moved, PAGES) == key


def test_a_key_hangs_on_the_page_whatever_its_number() -> None:
    assert key_of(finding(page=2), PAGES) != key_of(finding(), PAGES)
    assert key_of(finding(page=2), {2: 101}) == key_of(finding(), PAGES)


def test_a_key_hangs_on_the_words_that_are_meant() -> None:
    other = finding(excerpt="was condemned by authority of and and Catholic Church")
    assert key_of(other, PAGES) != key_of(finding(), PAGES)
    here = finding(mark=None)
    assert key_of(here, PAGES) == key_of({**here, "line": 8}, PAGES)


def test_words_of_the_whole_book_are_the_same_finding_on_any_page() -> None:
    pair = {"about": {"pair": "to-day/today"}}
    assert key_of(finding(**pair, page=1), PAGES) == key_of(finding(**pair, page=2), PAGES)


def _marked(desk: Desk, project: Project, *found: Json) -> list[bool]:
    with reading(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        return [each["dismissed"] for each in dismissing.marked(session, mine, found)]


def _page_ids(desk: Desk, project: Project) -> dict[int, int]:
    with reading(desk.engine) as session:
        pages = session.scalars(sa.select(Page).where(Page.project_id == project.id))
        return {page.number: page.id for page in pages}


def _dismiss(desk: Desk, person: Person, project: Project, code: str, key: str) -> None:
    with writing(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        dismissing.dismiss(session, person, mine, code, key, NOW)


def _bring_back(desk: Desk, person: Person, project: Project, code: str, key: str) -> None:
    with writing(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        dismissing.bring_back(session, person, mine, code, key, NOW)


def test_one_finding_is_dismissed_and_brought_back(desk: Desk) -> None:
    owner = desk.person("owner")
    project = desk.project(owner)
    key = key_of(finding(), _page_ids(desk, project))
    both = finding(), finding(page=2)
    assert _marked(desk, project, *both) == [False, False]
    _dismiss(desk, owner, project, "word-repeated", key)
    _dismiss(desk, owner, project, "word-repeated", key)
    assert _marked(desk, project, *both) == [True, False]
    _bring_back(desk, owner, project, "word-repeated", key)
    _bring_back(desk, owner, project, "word-repeated", key)
    assert _marked(desk, project, *both) == [False, False]
    with reading(desk.engine) as session:
        actions = session.scalars(sa.select(Event.action).where(Event.action.like("finding.%")))
        assert list(actions) == ["finding.dismissed", "finding.brought-back"]


def test_a_whole_kind_is_dismissed_but_for_its_errors(desk: Desk) -> None:
    owner = desk.person("owner")
    project = desk.project(owner)
    _dismiss(desk, owner, project, "word-repeated", WHOLE_KIND)
    found = finding(), finding(page=2), finding(severity="error"), finding(code="word-split")
    assert _marked(desk, project, *found) == [True, True, False, False]


def test_another_books_findings_stand(desk: Desk) -> None:
    owner = desk.person("owner")
    project, other = desk.project(owner), desk.project(owner, title="Another")
    _dismiss(desk, owner, project, "word-repeated", WHOLE_KIND)
    assert _marked(desk, other, finding()) == [False]


def test_only_who_coordinates_the_book_may(desk: Desk) -> None:
    project, other = desk.project(desk.person("owner")), desk.person("bob")
    refused = refusal(_dismiss, desk, other, project, "word-repeated", WHOLE_KIND)
    assert isinstance(refused, ForbiddenError)
    refused = refusal(_bring_back, desk, other, project, "word-repeated", WHOLE_KIND)
    assert isinstance(refused, ForbiddenError)


@pytest.mark.parametrize(
    ("code", "key"), [("", ""), ("No Code", ""), ("word-split", "xyz"), ("word-split", "a" * 40)]
)
def test_what_no_list_has_given_is_refused(desk: Desk, code: str, key: str) -> None:
    owner = desk.person("owner")
    refused = refusal(_dismiss, desk, owner, desk.project(owner), code, key)
    assert isinstance(refused, InvalidError)
    assert "list of findings" in refused.sentence


def test_errors_that_nobody_dismissed_are_counted() -> None:
    error: Json = {"severity": "error"}
    found: list[Json] = [error, {**error, "dismissed": True}, {"severity": "warning"}]
    assert dismissing.open_errors(found) == 1
