"""How people like their desk: merged name by name, bounded, each person's own."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.db import reading, writing
from library.errors import InvalidError
from library.models import Person, Project
from proofing import desks
from proofing.desks import Chosen
from tests.support.crowd import at_once
from tests.support.desk import Desk, refusal


class Chooser:
    """Ann and what she chose."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.ann = desk, desk.person("ann")

    def choose(self, device: str, person: Person | None = None, **changes: Any) -> None:  # noqa: ANN401
        with writing(self.desk.engine) as session:
            desks.choose(session, person or self.ann, device, changes)

    def look(self, project: Project, **changes: Any) -> None:  # noqa: ANN401
        self.desk.wait(seconds=1)
        with writing(self.desk.engine) as session:
            desks.look(session, self.ann, project, changes, self.desk.now)

    def chosen(self, person: Person | None = None) -> Chosen:
        with reading(self.desk.engine) as session:
            return desks.chosen(session, person or self.ann)


@pytest.fixture
def chooser(desk: Desk) -> Chooser:
    return Chooser(desk)


def test_nothing_is_chosen_at_first(chooser: Chooser) -> None:
    assert chooser.chosen() == Chosen({"wide": {}, "narrow": {}}, {})


def test_choices_add_up_by_device_and_person(chooser: Chooser) -> None:
    ben = chooser.desk.person("ben")
    chooser.choose("wide", layout="facing", zoom=1.5)
    chooser.choose("wide", zoom=2, keys={"done": "Ctrl+Enter", "find": "Ctrl+F"})
    chooser.choose("narrow", layout="interlinear")
    chooser.choose("wide", ben, zoom=4)
    chooser.choose("wide", keys={"find": None, "save": "Ctrl+S"})
    assert chooser.chosen().devices == {
        "wide": {
            "layout": "facing", "zoom": 2, "keys": {"done": "Ctrl+Enter", "save": "Ctrl+S"},
        },
        "narrow": {"layout": "interlinear"},
    }  # fmt: skip
    assert chooser.chosen(ben).devices["wide"] == {"zoom": 4}


def test_two_tabs_that_choose_at_once_both_count(chooser: Chooser) -> None:
    project = chooser.desk.project(pages=1)
    at_once([partial(chooser.choose, "wide", keys={f"key-{at}": "F9"}) for at in range(6)])
    at_once([partial(chooser.look, project, **{name: 1}) for name in ("rotate", "contrast")])
    assert len(chooser.chosen().devices["wide"]["keys"]) == 6
    assert chooser.chosen().books == {project.slug: {"rotate": 1, "contrast": 1}}


def test_none_takes_a_choice_back(chooser: Chooser) -> None:
    chooser.choose("wide", zoom=2, blind=True, keys={"done": "F9"})
    chooser.choose("wide", zoom=None, keys=None, face=None)
    assert chooser.chosen().devices["wide"] == {"blind": True}
    chooser.choose("wide", keys={"done": None})
    assert chooser.chosen().devices["wide"] == {"blind": True}


def test_what_is_kept_is_bounded(chooser: Chooser) -> None:
    for at in range(100):
        keys = {f"command-{at}-{place}": "Ctrl+Shift+F12" for place in range(10)}
        if at == 99 or isinstance(_refused(chooser, keys), InvalidError):
            break
    assert 5 < len(chooser.chosen().devices["wide"]["keys"]) < 200
    chooser.choose("wide", keys=None, zoom=2)
    assert chooser.chosen().devices["wide"] == {"zoom": 2}


def _refused(chooser: Chooser, keys: dict[str, str]) -> Exception | None:
    before = chooser.chosen()
    try:
        chooser.choose("wide", keys=keys)
    except InvalidError as error:
        assert chooser.chosen() == before
        return error
    return None


def test_each_book_is_looked_at_in_its_own_way(chooser: Chooser) -> None:
    one, other = chooser.desk.project(pages=1), chooser.desk.project(pages=1)
    chooser.look(one, rotate=90, invert=True)
    chooser.look(other, contrast=1.2)
    chooser.look(one, rotate=None, brightness=0.9)
    assert chooser.chosen().books == {
        one.slug: {"invert": True, "brightness": 0.9},
        other.slug: {"contrast": 1.2},
    }


def test_the_book_looked_at_longest_ago_is_forgotten(
    chooser: Chooser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "MOST_BOOKS", 2)
    books = [chooser.desk.project(pages=1) for _ in range(3)]
    for book in (*books[:2], books[0], books[2]):
        chooser.look(book, invert=True)
    assert set(chooser.chosen().books) == {books[0].slug, books[2].slug}


def test_too_much_of_one_book_is_refused(chooser: Chooser) -> None:
    book = chooser.desk.project(pages=1)
    assert isinstance(refusal(chooser.look, book, contrast="x" * 5000), InvalidError)
    assert chooser.chosen().books == {}


_values = st.recursive(
    st.none() | st.booleans() | st.integers(),
    lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
_objects = st.dictionaries(st.text(max_size=3), _values, max_size=4)


@given(_objects, _objects)
def test_merging_twice_is_merging_once(known: dict[str, Any], changes: dict[str, Any]) -> None:
    start = desks._merged({}, known)  # noqa: SLF001 - the rule itself
    once = desks._merged(start, changes)  # noqa: SLF001
    assert desks._merged(once, changes) == once  # noqa: SLF001
    assert all(once[name] == value for name, value in start.items() if name not in changes)
    assert all(value is not None for value in once.values())
