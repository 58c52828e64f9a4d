from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import projects
from library.db import writing
from library.errors import ForbiddenError, InvalidError
from library.labels import Number, label_pages, labels_of, number_of, ranges_of
from library.models import Event, Person, Project
from tests.support.rows import NOW, add_page, add_person, add_project


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A transaction that writes."""
    with writing(engine) as opened:
        yield opened


@pytest.fixture
def lead(session: Session) -> Person:
    """Who coordinates."""
    return add_person(session, "lead", role="coordinator")


def a_book(session: Session, lead: Person, pages: int) -> Project:
    project = add_project(session, lead)
    for _ in range(pages):
        add_page(session, project)
    return project


def labels(session: Session, project: Project) -> list[str]:
    return [page.label for page in projects.pages_of(session, project)]


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("117", Number("arabic", 117)),
        ("xii", Number("roman", 12)),
        ("XLIX", Number("ROMAN", 49)),
        ("viij", Number("roman", 8)),
        ("xxxx", Number("roman", 40)),
        ("", None),
        ("Xi", None),
        ("iix", None),
        ("12a", None),
        ("\u0663", None),
    ],
)
def test_what_number_a_label_is(label: str, number: Number | None) -> None:
    assert number_of(label) == number


def test_every_number_is_read_back() -> None:
    numbers = [Number("roman", value) for value in range(1, 1200)]
    assert [number_of(str(number)) for number in numbers] == numbers


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ("i-iv, 1-3", "i ii iii iv 1 2 3"),
        ("[2 unnumbered], 1\u20133, [plate], 4", "- - 1 2 3 - 4"),
        ("Frontispiece, IX-XI,[3]", "Frontispiece IX X XI - - -"),
        ("Title page, 3-8,", "Title page|3 4 5 6 7 8"),
        ("Half-title, i, 1-", "Half-title i 1 2 3 4 5"),
        ("1-7, 8-", "1 2 3 4 5 6 7"),
    ],
)
def test_ranges(ranges: str, expected: str) -> None:
    wanted = expected.split("|")[:-1] + expected.rpartition("|")[2].split(" ")
    assert [label or "-" for label in labels_of(ranges, 7)] == wanted


@pytest.mark.parametrize(
    "ranges",
    [
        "i-iii, 1-4",
        "[2 unnumbered], 3-4, [1 unnumbered], 6-7",
        "Title page, 2, 2, 7, 6-8",
        "v, 1-6",
    ],
)
def test_labels_as_ranges(ranges: str) -> None:
    assert ranges_of(labels_of(ranges, 7)) == ranges
    assert not ranges_of([])


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ("1-5", "for 5 pages, and the book has 7"),
        ("i-v, 1-5", "3 scans are missing"),
        ("1-999999, 2", "for 1000000 pages"),
        ("7-1", "backwards"),
        ("i-7", "different kinds"),
        ("1-2-7", "not understood"),
        ("1-x y", "not understood"),
        ("[7", "write [3 unnumbered]"),
        ("1-, 3-5", "must be the last"),
        ("1-6, a label that is far too long", "at most 20"),
        (",", "for 0 pages"),
    ],
)
def test_what_ranges_are_refused(ranges: str, said: str) -> None:
    with pytest.raises(InvalidError, match=said.replace("[", r"\[")) as raised:
        labels_of(ranges, 7)
    assert raised.value.errors == {"ranges": raised.value.sentence}


def test_a_book_is_labelled_at_once(session: Session, lead: Person) -> None:
    project = a_book(session, lead, 5)
    target = projects.pages_of(session, project)[2]
    projects.change_page(session, lead, target, NOW, kind="skip")
    assert label_pages(session, lead, project, "i-ii, 1-2", NOW) == 4
    assert labels(session, project) == ["i", "ii", "", "1", "2"]
    assert all(page.label_given for page in projects.pages_of(session, project))
    event = session.scalars(sa.select(Event).where(Event.action == "pages.labelled")).one()
    assert event.detail["ranges"] == "i-ii, 1-2"


def test_labels_are_left_to_the_machine_again(session: Session, lead: Person) -> None:
    project = a_book(session, lead, 2)
    label_pages(session, lead, project, "1-2", NOW)
    label_pages(session, lead, project, " ", NOW)
    pages = projects.pages_of(session, project)
    assert [(page.label, page.label_given) for page in pages] == [("", False)] * 2


def test_a_label_that_a_person_types_is_given(session: Session, lead: Person) -> None:
    page = projects.pages_of(session, a_book(session, lead, 1))[0]
    projects.change_page(session, lead, page, NOW, kind="blank")
    assert not page.label_given
    projects.change_page(session, lead, page, NOW, label=" iv ")
    assert (page.label, page.label_given) == ("iv", True)


def test_only_coordinators_label(session: Session, lead: Person) -> None:
    project = a_book(session, lead, 1)
    with pytest.raises(ForbiddenError):
        label_pages(session, add_person(session), project, "1", NOW)
