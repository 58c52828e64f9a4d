"""The contents list: proposed, changed on its version, put back, and what it makes of a book."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.book import Heading, plain
from exports.making.assembly import assemble
from exports.pages import ContentsEntry, Decisions, PageText
from exports.releasing import contents
from library import projects
from library.db import writing
from library.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from library.models import Person, Project
from tests.support.rows import NOW, add_grown_project, add_person, add_project

PAGES = [
    PageText(1, "11", "CHAPTER I\n\nThe House\n\nIt was a day like any other\nday, and so on."),
    PageText(2, "12", "\nMore stands here, in lines\nas long.\n\nCHAPTER II\n\nIt was a night."),
]


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with writing(engine) as session:
        yield session


@pytest.fixture
def olga(session: Session) -> Person:
    return add_person(session, "olga", role="coordinator")


@pytest.fixture
def project(session: Session, olga: Person) -> Project:
    return add_project(session, olga, pages=3)


def _entries(session: Session, project: Project, *titles: str) -> list[dict[str, Any]]:
    pages = projects.pages_of(session, project)
    return [
        {"page": page.id, "heading": title, "title": title, "level": 2}
        for page, title in zip(pages, titles, strict=False)
    ]


def test_a_list_is_changed_on_its_version(session: Session, olga: Person, project: Project) -> None:
    assert contents.standing(session, project) == contents.Standing(0, None)
    one, two = _entries(session, project, "One", "Two"), _entries(session, project, "Uno")
    assert contents.change(session, olga, project, one[::-1], 0, NOW).entries == one
    with pytest.raises(ConflictError) as refused:
        contents.change(session, olga, project, two, 0, NOW)
    assert refused.value.current == {"version": 1, "entries": one}
    assert contents.change(session, olga, project, two, 1, NOW).version == 2
    assert contents.change(session, olga, project, two, 2, NOW).version == 2


def test_every_change_can_be_put_back(session: Session, olga: Person, project: Project) -> None:
    one, two = _entries(session, project, "One", "Two"), _entries(session, project, "Uno")
    for version, entries in enumerate((one, two, None)):
        contents.change(session, olga, project, entries, version, NOW)
    assert contents.standing(session, project) == contents.Standing(3, None)
    (last, name), (second, _), (first, _) = contents.changes(session, project, 10)
    assert name == "olga"
    assert contents.put_back(session, olga, project, last.id, 3, NOW).entries == two
    assert contents.put_back(session, olga, project, second.id, 4, NOW).entries == one
    assert contents.put_back(session, olga, project, first.id, 5, NOW).entries is None
    with pytest.raises(NotFoundError):
        contents.put_back(session, olga, project, last.id + 1000, 6, NOW)


def test_a_page_taken_out_since_stays_out(session: Session, olga: Person, project: Project) -> None:
    one = _entries(session, project, "One", "Two")
    contents.change(session, olga, project, one, 0, NOW)
    contents.change(session, olga, project, None, 1, NOW)
    projects.pages_of(session, project)[0].deleted_at = NOW
    session.flush()
    [(last, _), _] = contents.changes(session, project, 10)
    assert contents.put_back(session, olga, project, last.id, 2, NOW).entries == one[1:]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "x" * 301), ("level", 4), ("page", 999_999), ("title", "a\x00b")],
)
def test_a_wrong_entry_is_named(
    session: Session,
    olga: Person,
    project: Project,
    field: str,
    value: Any,  # noqa: ANN401
) -> None:
    [good] = _entries(session, project, "One")
    with pytest.raises(InvalidError) as refused:
        contents.change(
            session, olga, project, [good, {**good, "heading": "", field: value}], 0, NOW
        )
    assert list(refused.value.errors) == ["entries.1"]


def test_a_newcomer_changes_nothing(session: Session, olga: Person) -> None:
    project = add_grown_project(session, olga)
    with pytest.raises(ForbiddenError):
        contents.change(session, add_person(session), project, None, 0, NOW)


def test_the_proposal_made_the_list_gives_the_same_book() -> None:
    proposed = assemble(PAGES, "en")
    assert [(each.page_id, each.title, each.level) for each in proposed.proposed] == [
        ("11", "CHAPTER I. The House", 2),
        ("12", "CHAPTER II", 2),
    ]
    settled = assemble(PAGES, "en", Decisions(contents=proposed.proposed))
    assert settled.book == proposed.book
    assert settled.proposed == proposed.proposed


def test_a_chapter_called_otherwise_keeps_its_printed_heading() -> None:
    entry = ContentsEntry("12", "In the Night", 2, "CHAPTER II")
    made = assemble(PAGES, "en", Decisions(contents=(entry,)))
    section = made.book.sections[-1]
    [heading] = [block for block in section.blocks if isinstance(block, Heading)]
    assert (section.title, plain(heading.lines[0])) == ("In the Night", "CHAPTER II")
    assert [each.code for each in made.findings if each.code.startswith("contents")] == []


def test_an_entry_that_its_page_does_not_have_is_a_finding() -> None:
    made = assemble(PAGES, "en", Decisions(contents=(ContentsEntry("12", "CHAPTER III"),)))
    [finding] = [each for each in made.findings if each.code == "contents-unfound"]
    assert (finding.page, finding.excerpt) == (2, "CHAPTER III")
