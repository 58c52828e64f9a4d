"""Words that volunteers suggest: good at once, until the coordinator answers."""

from collections.abc import Sequence
from functools import partial

import pytest
import sqlalchemy as sa

from library import projects
from library.db import reading, writing
from library.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from library.models import Event, Page, Person, Project
from proofing import suggestions
from proofing.models import WordSuggestion
from proofing.suggestions import Seen
from tests.support.crowd import at_once
from tests.support.desk import Desk, refusal
from tests.support.printed import line_of, read_anew


class Book:
    """A book with its coordinator, Olga, and a volunteer, Ann."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.olga, self.ann = desk.person("olga", role="coordinator"), desk.person("ann")
        self.project = desk.project(self.olga)

    def page(self, number: int = 1) -> Page:
        with reading(self.desk.engine) as session:
            return projects.find_page(session, self.project, str(number))

    def read(self, *lines: Sequence[str]) -> None:
        """Let the machine have read these words on page 1, on a scan of its own."""
        with writing(self.desk.engine) as session:
            read_anew(session, session.get_one(Page, self.page().id), *lines)

    def suggest(
        self, word: str, person: Person | None = None, seen: Seen | None = None
    ) -> tuple[WordSuggestion, bool]:
        with writing(self.desk.engine) as session:
            return suggestions.suggest(
                session, person or self.ann, self.project, word, self.desk.now, seen
            )

    def accept(self, suggestion: WordSuggestion, person: Person | None = None) -> WordSuggestion:
        with writing(self.desk.engine) as session:
            return suggestions.accept(session, suggestion.id, person or self.olga, self.desk.now)

    def reject(self, suggestion: WordSuggestion, *, doubt: bool = False) -> WordSuggestion:
        with writing(self.desk.engine) as session:
            return suggestions.reject(session, suggestion.id, self.olga, self.desk.now, doubt=doubt)

    def set_words(self, which: str, *words: str) -> None:
        with writing(self.desk.engine) as session:
            projects.set_words(session, self.olga, self.project, which, words, self.desk.now)

    def words(self, which: str) -> list[str]:
        with reading(self.desk.engine) as session:
            return projects.words(session, self.project, which)

    def good(self, project: Project | None = None) -> set[str]:
        with reading(self.desk.engine) as session:
            return set(suggestions.effective_good_words(session, project or self.project))

    def waiting(self) -> list[str]:
        with reading(self.desk.engine) as session:
            return [each.word for each in suggestions.waiting(session, self.project)]


@pytest.fixture
def book(desk: Desk) -> Book:
    return Book(desk)


def test_a_suggested_word_is_good_at_once_in_this_book_alone(book: Book) -> None:
    book.set_words("good", "Walden")
    suggestion, new = book.suggest(" Cafe\u0301 ")
    assert new
    assert suggestion.word == "Caf\u00e9"
    assert book.good() == {"Walden", "Caf\u00e9"}
    assert book.words("good") == ["Walden"]
    assert book.good(book.desk.project()) == set()


def test_a_word_waits_once_whoever_suggests_it(book: Book) -> None:
    first, _ = book.suggest("thro'")
    again, new = book.suggest("thro'", book.desk.person("ben"))
    assert (again.id, new) == (first.id, False)
    book.suggest("withal")
    assert book.waiting() == ["thro'", "withal"]
    assert book.desk.events(book.project).count("word.suggested") == 2


def test_a_word_that_many_suggest_at_once_waits_once(book: Book) -> None:
    people = [book.desk.person(f"p{number}") for number in range(6)]
    made = at_once([partial(book.suggest, "withal", person) for person in people])
    assert len({suggestion.id for suggestion, _ in made}) == 1
    assert sum(new for _, new in made) == 1
    assert book.waiting() == ["withal"]


def test_an_accepted_word_moves_onto_the_list(book: Book) -> None:
    suggestion, _ = book.suggest("withal")
    accepted = book.accept(suggestion)
    assert (accepted.state, accepted.answered_by) == ("accepted", book.olga.id)
    assert book.words("good") == ["withal"]
    assert book.good() == {"withal"}
    assert book.waiting() == []
    with reading(book.desk.engine) as session:
        said = session.scalars(sa.select(Event).where(Event.action == "word.accepted")).one()
    assert said.detail["word"] == "withal"


def test_a_rejected_word_is_doubtful_again_and_stays_so(book: Book) -> None:
    suggestion, _ = book.suggest("wlthal")
    book.reject(suggestion)
    assert book.good() == set()
    assert book.words("bad") == []
    assert isinstance(refusal(book.suggest, "wlthal"), ConflictError)
    # The coordinator may think again.
    book.set_words("good", "wlthal")
    assert book.good() == {"wlthal"}


def test_a_rejected_word_may_be_doubted_always(book: Book) -> None:
    suggestion, _ = book.suggest("arid")
    book.set_words("good", "arid", "lead")
    book.reject(suggestion, doubt=True)
    assert book.words("bad") == ["arid"]
    assert book.words("good") == ["lead"]
    assert "doubted" in refusal(book.suggest, "arid").sentence


def test_what_the_coordinator_doubts_is_not_made_good_by_a_suggestion(book: Book) -> None:
    book.suggest("modem")
    book.set_words("bad", "modem")
    assert book.good() == set()


def test_a_coordinators_own_word_needs_no_answer(book: Book) -> None:
    suggestion, new = book.suggest("withal", book.olga)
    assert (new, suggestion.state) == (True, "accepted")
    assert book.words("good") == ["withal"]
    assert book.waiting() == []


def test_answering_is_the_coordinators_and_done_once(book: Book) -> None:
    suggestion, _ = book.suggest("withal")
    assert isinstance(refusal(book.accept, suggestion, book.ann), ForbiddenError)
    assert book.good() == {"withal"}
    book.accept(suggestion)
    assert isinstance(refusal(book.accept, suggestion), ConflictError)
    assert isinstance(refusal(book.reject, suggestion), ConflictError)
    assert book.words("good") == ["withal"]
    suggestion.id = 999
    assert isinstance(refusal(book.accept, suggestion), NotFoundError)


@pytest.mark.parametrize(
    "word", ["", "  ", "two words", "a\tb", "x" * 101, "a\u2028b", "a\u202eb", "\ud800"]
)
def test_what_is_no_word_is_refused(book: Book, word: str) -> None:
    error = refusal(book.suggest, word)
    assert isinstance(error, InvalidError)
    assert "word" in error.errors
    assert book.waiting() == []


def test_a_word_that_is_good_already_is_not_suggested(book: Book) -> None:
    book.set_words("good", "Walden")
    assert "already" in refusal(book.suggest, "Walden").sentence


def test_the_printed_word_is_kept_with_its_box(book: Book) -> None:
    book.read(["I", "sat"], ["in", "my", "sunny", "doorway"])
    suggestion, _ = book.suggest("doorway", seen=Seen(book.page(), 1, 3))
    assert suggestion.box == line_of(["in", "my", "sunny", "doorway"], 1)["words"][3]["box"]
    assert suggestion.image_sha256 == "a" * 64
    assert (suggestion.page_id, suggestion.line, suggestion.word_index) == (book.page().id, 1, 3)


@pytest.mark.parametrize(("line", "index"), [(2, 0), (0, 2), (-1, 0), (0, -1)])
def test_a_place_that_is_not_printed_is_refused(book: Book, line: int, index: int) -> None:
    book.read(["I", "sat"], ["in"])
    error = refusal(book.suggest, "doorway", seen=Seen(book.page(), line, index))
    assert isinstance(error, InvalidError)
    assert book.waiting() == []
