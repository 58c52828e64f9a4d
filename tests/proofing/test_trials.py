"""A newcomer's half page: chosen, kept beside the readings, given to an account, settled."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from library.config import Settings
from library.db import reading, writing
from library.errors import GoneError, InvalidError
from library.models import Page, Project
from library.storage import Storage
from library.worker import Installation
from proofing import halfpages, rounds, trials
from proofing.halfpages import HalfPage
from proofing.models import PageTask
from proofing.rules import State
from proofing.sweep import sweep
from proofing.trials import GUESTS_KEPT
from proofing.trials_models import TrialLayer
from tests.support import rows
from tests.support.desk import Desk
from tests.support.prose import LINES, TEXT, add_prose
from tests.support.rows import NOW

SECRET = "of a cookie"  # noqa: S105
TYPED = [*LINES[:10], "a lamp that everybody could be fond of."]


@pytest.fixture
def book(desk: Desk) -> Callable[..., Project]:
    """Add a book with pages of prose: `book(pages=2, doubtful=[...], rounds_=[...])`."""

    def add(pages: int = 1, columns: dict[str, Any] | None = None, **fields: Any) -> Project:  # noqa: ANN401
        with writing(desk.engine) as session:
            project = rows.add_project(session, **fields)
            for _ in range(pages):
                add_prose(session, project, **(columns or {}))
            rounds.open_pages(session, project, NOW)
            return project

    return add


def chosen(desk: Desk, *languages: str) -> HalfPage | None:
    with reading(desk.engine) as session:
        return halfpages.choose(session, languages or ("en",))


def kept(desk: Desk, typed: list[str] | None = None, secret: str = SECRET) -> TrialLayer:
    half = chosen(desk)
    assert half is not None
    with writing(desk.engine) as session:
        found = halfpages.find(session, half.place)
        return trials.keep(session, found, typed or TYPED, secret, desk.now, active_seconds=70)


def layers(desk: Desk) -> list[TrialLayer]:
    with reading(desk.engine) as session:
        return list(session.scalars(sa.select(TrialLayer).order_by(TrialLayer.id)))


def test_an_easy_half_page_of_an_open_book(desk: Desk, book: Callable[..., Project]) -> None:
    project = book(pages=3)
    half = chosen(desk)
    assert half is not None
    assert half.project.id == project.id
    assert half.excerpt.rows == LINES[:11]
    with reading(desk.engine) as session:
        assert halfpages.find(session, half.place).excerpt == half.excerpt


@pytest.mark.parametrize(
    "fields",
    [
        {"rounds_": ["P1"]},
        {"state": "paused"},
        {"opened": False},
        {"languages": ["fr"]},
        {"script": "fraktur"},
        {"columns": {"confidence": 70.0}},
        {"columns": {"doubtful": ["the", "a", "of", "it", "she"]}},
        {"columns": {"text": "Too\nlittle."}},
    ],
)
def test_books_that_are_not_for_a_beginning(
    desk: Desk, book: Callable[..., Project], fields: dict[str, Any]
) -> None:
    book(**fields)
    assert chosen(desk) is None


def test_pages_that_are_not_for_a_beginning(desk: Desk, book: Callable[..., Project]) -> None:
    project = book(pages=3)
    ada = desk.person("ada")
    desk.take(project, ada)
    desk.report_bad(desk.take(project, ada), ada)
    third = desk.task_of(project, 3, "P1").page_id
    half = chosen(desk)
    assert half is not None
    assert half.page.id == third
    with writing(desk.engine) as session:
        session.get_one(Page, third).proposed_kind = "illustration"
    assert chosen(desk) is None


def test_the_language_liked_best_goes_first(desk: Desk, book: Callable[..., Project]) -> None:
    book(languages=["en"])
    french = book(languages=["fr"], title="Le livre")
    half = chosen(desk, "fr-CA", "en")
    assert half is not None
    assert half.project.id == french.id
    half = chosen(desk, "en-GB", "fr")
    assert half is not None
    assert half.project.id != french.id


def test_the_next_newcomer_gets_another_page(desk: Desk, book: Callable[..., Project]) -> None:
    book(pages=2)
    first = kept(desk)
    second = kept(desk, secret="another")  # noqa: S106
    assert first.page_id != second.page_id
    assert chosen(desk) is not None, "when all were tried, one is tried again"


def test_it_is_kept_and_holds_nothing(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    layer = kept(desk)
    assert layer.text == "\n".join(TYPED)
    assert (layer.from_line, layer.to_line, layer.active_seconds) == (1, 11, 70)
    assert layer.person_id is None
    assert SECRET not in str(layer.secret_hash)
    assert layer.agreed is None
    task = desk.task_of(project, 1, "P1")
    assert (task.state, task.version, task.head_id) == (State.AVAILABLE, 0, None)
    assert "trial.kept" in desk.events(project)


def test_sent_again_it_is_replaced(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    kept(desk)
    kept(desk, ["Line one", *TYPED[1:]])
    [layer] = layers(desk)
    assert layer.text.startswith("Line one\n")
    assert desk.events(project).count("trial.kept") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (TYPED[:-1], "11 lines; 10"),
        ([*TYPED, "one more"], "11 lines; 12"),
        (["x" * 401, *TYPED[1:]], "Line 1 has 401"),
        ([""] * 11, "empty"),
        (["a\0b", *TYPED[1:]], "NUL"),
    ],
)
def test_what_no_half_page_can_hold(
    desk: Desk, book: Callable[..., Project], typed: list[str], words: str
) -> None:
    book()
    with pytest.raises(InvalidError, match=words):
        kept(desk, typed)
    assert layers(desk) == []


def test_a_line_stays_one_line(desk: Desk, book: Callable[..., Project]) -> None:
    book()
    layer = kept(desk, ["two\r\nlines", *TYPED[1:]])
    assert layer.text.split("\n") == ["two lines", *TYPED[1:]]


def test_a_page_that_is_gone(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    half = chosen(desk)
    assert half is not None
    with writing(desk.engine) as session:
        session.get_one(Project, project.id).deleted_at = NOW
    with reading(desk.engine) as session, pytest.raises(GoneError):
        halfpages.find(session, half.place)


def test_an_account_takes_it(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    kept(desk)
    ada = desk.person("ada")
    with writing(desk.engine) as session:
        assert trials.attach(session, "another's", ada, NOW) == []
        assert len(trials.attach(session, SECRET, ada, NOW)) == 1
        assert trials.attach(session, SECRET, ada, NOW) == []
    [layer] = layers(desk)
    assert (layer.person_id, layer.secret_hash) == (ada.id, None)
    assert "trial.attached" in desk.events(project)
    with reading(desk.engine) as session:
        assert [each.id for each in trials.layers_by(session, ada)] == [layer.id]


def offered(desk: Desk, task: PageTask) -> list[trials.Layer]:
    with reading(desk.engine) as session:
        return trials.layers_of(session, session.get_one(PageTask, task.id))


def test_the_first_reader_is_offered_it(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    layer = kept(desk)
    ben, cleo = desk.person("ben"), desk.person("cleo")
    task = desk.take(project, ben)
    told = {"id": layer.id, "by": None, "from_line": 1, "to_line": 11, "text": layer.text}
    assert offered(desk, task) == [told]
    ada = desk.person("ada")
    with writing(desk.engine) as session:
        trials.attach(session, SECRET, ada, NOW)
    assert offered(desk, task)[0]["by"] == "ada"
    desk.hand_in(task, ben, TEXT)
    assert offered(desk, desk.take(project, cleo)) == [], "a later reader builds on the first"


def test_lines_of_another_reading_by_machine_are_not_offered(
    desk: Desk, book: Callable[..., Project]
) -> None:
    project = book()
    layer = kept(desk)
    desk.read_by_ocr(layer.page_id, "Read anew, in other lines.")
    assert offered(desk, desk.take(project, desk.person("ben"))) == []


def test_the_first_hand_in_settles_it(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    kept(desk)
    ben, cleo = desk.person("ben"), desk.person("cleo")
    words = len(" ".join(TYPED).split())
    task = desk.take(project, ben)
    desk.hand_in(task, ben, TEXT)
    assert layers(desk)[0].agreed == words - 1
    desk.reopen(task, ben)
    desk.hand_in(task, ben, TEXT.replace("anybody", "everybody"))
    assert layers(desk)[0].agreed == words
    later = desk.take(project, cleo, "P2")
    desk.hand_in(later, cleo, "Something else entirely.")
    assert layers(desk)[0].agreed == words


def test_ones_own_reading_settles_nothing(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    kept(desk)
    ada = desk.person("ada")
    with writing(desk.engine) as session:
        trials.attach(session, SECRET, ada, NOW)
    desk.read(project, ada, TEXT)
    assert layers(desk)[0].agreed is None


def test_it_may_come_after_the_first_reader(desk: Desk, book: Callable[..., Project]) -> None:
    project = book()
    half = chosen(desk)
    assert half is not None
    desk.read(project, desk.person("ben"), TEXT)
    with writing(desk.engine) as session:
        found = halfpages.find(session, half.place)
        layer = trials.keep(session, found, list(LINES[:11]), SECRET, NOW)
        assert layer.agreed == len(" ".join(LINES[:11]).split())


@pytest.mark.parametrize(
    ("layer", "read", "agreed"),
    [
        ("one two three", "one two three", 3),
        ("one two three\nfour", "nought\none too three\nfour", 3),
        ("", "one", 0),
        ("three one", "one two three", 1),
    ],
)
def test_words_that_agree(layer: str, read: str, agreed: int) -> None:
    assert trials.agreed_words(layer, read) == agreed


def test_the_sweep_forgets_guests_and_not_accounts(
    desk: Desk, book: Callable[..., Project], settings: Settings
) -> None:
    book(pages=2)
    kept(desk)
    kept(desk, secret="another")  # noqa: S106
    ada = desk.person("ada")
    with writing(desk.engine) as session:
        trials.attach(session, SECRET, ada, NOW)
    place = Installation(settings, desk.engine, Storage.from_url(settings.storage_url))
    sweep(place, NOW + GUESTS_KEPT / 2)
    assert len(layers(desk)) == 2
    sweep(place, NOW + GUESTS_KEPT)
    assert [layer.person_id for layer in layers(desk)] == [ada.id]
