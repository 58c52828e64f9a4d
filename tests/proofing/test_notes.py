"""Notes on pages, lines and words: a thread each, settled and reopened by anybody."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from library import projects
from library.db import reading, writing
from library.errors import ConflictError, ForbiddenError, GoneError, InvalidError, NotFoundError
from library.models import Page, Person
from proofing import arranging, notes
from proofing.models import Note
from proofing.notes import Anchor, TextNote
from tests.support import rows
from tests.support.desk import Desk, refusal
from tests.support.printed import line_of, read_anew

LINES = (["Sounds"], ["I", "sat", "in", "my", "sunny", "doorway"])


class Talk:
    """A book of two pages, Ann and Ben who talk of it, and Olga who coordinates it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.olga = desk.person("olga", role="coordinator")
        self.ann, self.ben = desk.person("ann"), desk.person("ben")
        self.project = desk.project(self.olga, pages=2)
        self.read(*LINES)

    def page(self, number: int = 1) -> Page:
        with reading(self.desk.engine) as session:
            return projects.find_page(session, self.project, str(number))

    def read(self, *lines: Sequence[str]) -> None:
        with writing(self.desk.engine) as session:
            read_anew(session, session.get_one(Page, self.page().id), *lines)

    def write(
        self, body: str = "Is this so?", anchor: Anchor | None = None, number: int = 1
    ) -> Note:
        with writing(self.desk.engine) as session:
            return notes.write(session, self.ann, self.page(number), body, self.desk.now, anchor)

    def answer(self, note: Note, body: str = "It is.", person: Person | None = None) -> Note:
        with writing(self.desk.engine) as session:
            return notes.answer(session, person or self.ben, note.id, body, self.desk.now)

    def settle(self, note: Note, person: Person | None = None) -> Note:
        with writing(self.desk.engine) as session:
            return notes.settle(session, note.id, person or self.ben, self.desk.now)

    def reopen(self, note: Note, person: Person | None = None) -> Note:
        with writing(self.desk.engine) as session:
            return notes.reopen(session, note.id, person or self.ann, self.desk.now)

    def withdraw(self, note: Note, person: Person | None = None) -> Note:
        with writing(self.desk.engine) as session:
            return notes.withdraw(session, note.id, person or self.ann, self.desk.now)

    def of_page(self, number: int = 1) -> list[tuple[str, list[str]]]:
        page = self.page(number)
        with reading(self.desk.engine) as session:
            return [
                (note.body, [each.body for each in note.answers])
                for note in notes.of_page(session, page)
            ]

    def of_project(self, state: str = "open") -> list[int]:
        with reading(self.desk.engine) as session:
            return [note.id for note in notes.of_project(session, self.project, state)]


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)


def test_a_note_hangs_on_its_page_with_its_answers(talk: Talk) -> None:
    note = talk.write("Is this\r\nso?  ")
    talk.answer(note)
    talk.answer(note, "Thank you.", talk.ann)
    talk.write("Another.", number=2)
    assert talk.of_page() == [("Is this\nso?", ["It is.", "Thank you."])]
    assert talk.of_page(2) == [("Another.", [])]
    assert talk.desk.events(talk.project)[-4:] == [
        "note.written", "note.answered", "note.answered", "note.written",
    ]  # fmt: skip


def test_words_are_kept_as_they_were_printed_and_seen(talk: Talk) -> None:
    note = talk.write(anchor=Anchor(1, 4, 5))
    first, last = (line_of(LINES[1], 1)["words"][at]["box"] for at in (4, 5))
    assert note.quote == "sunny doorway"
    assert note.box == [first[0], first[1], last[0] + last[2] - first[0], 40]
    assert (note.line, note.first_word, note.last_word) == (1, 4, 5)
    assert note.image_sha256 == "a" * 64
    # Reading the page anew leaves the note what it was.
    talk.read(["Quite", "other", "words"])
    with reading(talk.desk.engine) as session:
        kept = session.get_one(Note, note.id)
        assert (kept.quote, kept.box) == (note.quote, note.box)


def test_a_line_and_a_single_word_can_be_meant(talk: Talk) -> None:
    line = talk.write(anchor=Anchor(0))
    assert (line.quote, line.box, line.first_word) == ("Sounds", line_of(["Sounds"])["box"], None)
    word = talk.write(anchor=Anchor(1, 0))
    assert (word.quote, word.first_word, word.last_word) == ("I", 0, 0)
    assert talk.write(anchor=Anchor(1, 0, 1, "I sate")).quote == "I sate"
    assert talk.write(anchor=Anchor(quote="somewhere")).quote == "somewhere"


def test_who_has_the_page_means_the_lines_they_were_given(talk: Talk) -> None:
    talk.desk.take(talk.project, talk.ann)
    with writing(talk.desk.engine) as session:
        page = session.get_one(Page, talk.page().id)
        rows.add_run(session, page, "Read anew.")
        read_anew(session, page, ["Read", "anew."])
    assert talk.write(anchor=Anchor(1, 5)).quote == "doorway"
    talk.ann = talk.ben
    assert talk.write(anchor=Anchor(0, 1)).quote == "anew."


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor(2), Anchor(-1), Anchor(1, 6), Anchor(1, 3, 2), Anchor(1, 0, 6), Anchor(None, 0, 1),
        Anchor(1, None, 1), Anchor(None, None, 1), Anchor(quote="x" * 501),
    ],
)  # fmt: skip
def test_what_is_not_printed_cannot_be_meant(talk: Talk, anchor: Anchor) -> None:
    assert isinstance(refusal(talk.write, anchor=anchor), InvalidError)
    assert talk.of_page() == []


@pytest.mark.parametrize("body", ["", " \r\n ", "x" * 2001, "\x01"])
def test_a_note_says_something_short(talk: Talk, body: str) -> None:
    error = refusal(talk.write, body)
    assert isinstance(error, InvalidError)
    assert "body" in error.errors
    assert isinstance(refusal(talk.answer, talk.write(), body), InvalidError)
    assert talk.of_page() == [("Is this so?", [])]


def test_anybody_settles_and_reopens(talk: Talk) -> None:
    note, other = talk.write(), talk.write(number=2)
    settled = talk.settle(note)
    assert (settled.state, settled.settled_by, settled.settled_at) == (
        "settled", talk.ben.id, talk.desk.now,
    )  # fmt: skip
    talk.settle(note, talk.olga)  # once more changes nothing
    assert (talk.of_project(), talk.of_project("settled")) == ([other.id], [note.id])
    reopened = talk.reopen(note, talk.olga)
    assert (reopened.state, reopened.settled_by, reopened.settled_at) == ("open", None, None)
    assert talk.of_project() == [note.id, other.id]
    assert talk.desk.events(talk.project)[-2:] == ["note.settled", "note.reopened"]


def test_only_its_author_withdraws_a_note_and_brings_it_back(talk: Talk) -> None:
    note = talk.write()
    assert isinstance(refusal(talk.withdraw, note, talk.olga), ForbiddenError)
    talk.settle(note)
    assert talk.withdraw(note).state == "withdrawn"
    assert talk.of_project() == talk.of_project("settled") == []
    for act in (talk.settle, talk.answer):
        assert isinstance(refusal(act, note), ConflictError)
    assert isinstance(refusal(talk.reopen, note, talk.ben), ForbiddenError)
    assert talk.reopen(note).state == "open"


def test_an_answer_is_withdrawn_but_neither_answered_nor_settled(talk: Talk) -> None:
    note = talk.write()
    answer = talk.answer(note)
    for act in (talk.settle, talk.answer):
        assert isinstance(refusal(act, answer), ConflictError)
    assert talk.withdraw(answer, talk.ben).state == "withdrawn"
    assert talk.of_project() == [note.id]


def test_a_thread_has_an_end(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "MOST_ANSWERS", 2)
    note = talk.write()
    talk.answer(note)
    talk.answer(note)
    assert isinstance(refusal(talk.answer, note), ConflictError)
    assert len(talk.of_page()[0][1]) == 2


def test_notes_go_with_their_page(talk: Talk) -> None:
    note = talk.write()
    with writing(talk.desk.engine) as session:
        arranging.remove_page(
            session, talk.olga, session.get_one(Page, talk.page().id), talk.desk.now
        )
    assert talk.of_project() == []
    assert isinstance(refusal(talk.settle, note), GoneError)
    note.id = 999
    assert isinstance(refusal(talk.settle, note), NotFoundError)


def test_lists_come_in_parts(talk: Talk) -> None:
    ids = [talk.write(str(number)).id for number in range(5)]
    page = talk.page()
    with reading(talk.desk.engine) as session:
        part = notes.of_page(session, page, after=ids[0], limit=2)
        assert [note.id for note in part] == ids[1:3]
        part = notes.of_project(session, talk.project, after=ids[2])
        assert [note.id for note in part] == ids[3:]


def test_listing_asks_as_often_for_many_notes_as_for_one(talk: Talk) -> None:
    talk.answer(talk.write())
    one = _queries(talk)
    for _ in range(5):
        talk.answer(talk.write())
    assert _queries(talk) == one


def _queries(talk: Talk) -> int:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(talk.desk.engine, "before_cursor_execute", count)
    with reading(talk.desk.engine) as session:
        for note in notes.of_project(session, talk.project):
            assert note.page.number == 1
            assert note.person.name == "ann"
            assert [each.person.name for each in note.answers] == ["ben"]
    sa.event.remove(talk.desk.engine, "before_cursor_execute", count)
    return len(asked)


def test_notes_in_the_text_are_notes() -> None:
    text = "One [**is this right?]\n\nTwo [** see [1]\nabove ] and [*no*] [**\nThree [**]"
    assert notes.in_text(text) == [
        TextNote(0, "is this right?"), TextNote(2, "see [1] above"), TextNote(4, ""),
    ]  # fmt: skip


def test_a_text_of_brackets_alone_takes_no_time() -> None:
    for text in ("[**" * 60_000, "[**" + "[**x]" * 40_000, "[**" + "[" * 200_000):
        notes.in_text(text)
