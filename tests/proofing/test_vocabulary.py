from string import ascii_lowercase

import pytest

from library.db import reading
from library.models import Project
from proofing import vocabulary
from proofing.vocabulary import Vocabulary, words_of
from tests.support.desk import Desk

PAGES = ["The wood, the <i>Wood</i> and Walden.", "Wal-\nden pond; don\u2019t"]


def counts(desk: Desk, project: Project) -> dict[str, int]:
    with reading(desk.engine) as session:
        mine = session.get_one(Project, project.id)
        return dict(vocabulary.vocabulary(session, mine, desk.now).counts)


def test_words_of_a_page() -> None:
    assert words_of(PAGES[0]) == ["The", "wood", "the", "Wood", "and", "Walden"]
    assert words_of(PAGES[1]) == ["Walden", "pond", "don't"]
    assert words_of("well-known 12 w0rd -- \u00e9t\u00e9") == ["well-known", "\u00e9t\u00e9"]
    assert words_of("") == []


def test_a_books_words_are_counted(desk: Desk) -> None:
    project = desk.project(pages=PAGES)
    assert counts(desk, project) == {
        "The": 1, "wood": 1, "the": 1, "Wood": 1, "and": 1, "Walden": 2, "pond": 1, "don't": 1,
    }  # fmt: skip


def test_a_newer_text_takes_the_place_of_the_older_one(desk: Desk) -> None:
    project, ann = desk.project(pages=PAGES), desk.person("ann")
    before = counts(desk, project)
    task = desk.take(project, ann)
    desk.save(task, ann, "A draft is nobody else's.")
    desk.wait(minutes=1)
    assert counts(desk, project) == before
    desk.hand_in(task, ann, "The pond.")
    assert counts(desk, project) == before  # looked after half a minute later
    desk.wait(minutes=1)
    assert counts(desk, project) == {"The": 1, "pond": 2, "Walden": 1, "don't": 1}


def test_only_the_books_last_asked_for_are_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "_BOOKS", 2)
    projects = [desk.project(pages=[text], title=text) for text in ("one", "two", "three")]
    for project in projects:
        assert counts(desk, project) == {project.title: 1}
    assert list(vocabulary._kept[desk.engine]) == [each.id for each in projects[1:]]  # noqa: SLF001
    assert counts(desk, projects[0]) == {"one": 1}


def test_a_project_without_texts_has_no_words(desk: Desk) -> None:
    assert counts(desk, desk.project(pages=0)) == {}


def test_counts_without_regard_to_capitals_but_within_a_word() -> None:
    words = Vocabulary({"The": 2, "the": 3, "McAdam": 1})
    assert [words.count(word) for word in ("the", "The", "THE", "tHe", "McAdam", "mcAdam")] == [
        5, 5, 5, 0, 1, 0,
    ]  # fmt: skip


def test_words_near_another() -> None:
    words = Vocabulary({"Walden": 2, "Thoreau": 5, "once": 1, "the": 9})
    assert words.near("Waldcn") == {"walden"}
    assert words.near("Thorcau") == {"thoreau"}
    assert words.near("onee") == set()  # seen once
    assert words.by_shape["ihe"] == ["the"]
    assert words.letters[:3] in ("the", "teh", "het", "hte", "eth", "eht")
    assert set(words.letters) == set(ascii_lowercase)
    assert set(Vocabulary({"\u03bb\u03cc\u03b3\u03bf\u03c2": 1}).letters) == set(
        "\u03bb\u03cc\u03b3\u03bf\u03c2"
    )
