"""Searching inside published texts, from the release on: on both databases."""

import re
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from exports.catalogue import indexing, search, search_index
from exports.catalogue.catalog_models import CatalogueEntry, Outline, Passage, PassageWords
from exports.catalogue.search import Found, Piece
from library import queue
from library.clock import utc_now
from library.db import reading, writing
from library.models import Job, Project
from library.queue import Taken
from proofing import purging
from tests.support.site import Site

FIRST = """



ECONOMY


When I wrote the following pages, or rather
the bulk of them, I lived alone, in the woods, a mile from any neigh-
bour, in a house which I had built myself on the shore of Wal-"""
SECOND = "den Pond, in Concord. The <i>naïve</i> Cæsar never saw\nit, nor did l'Élan."
THIRD = """



SOUNDS


Another page about the woods, and a foot-
note.[1]

[Footnote 1: Here below the pond is deep.]"""
WALDEN = (FIRST, SECOND, THIRD)

#: Questions, the words that are marked, and the page and line they stand on.
PLACES = [
    ("following bulk", "following bulk", 1, 8),
    ("neighbour", "neighbour", 1, 9),
    ("NEIGHB", "neighbour", 1, 9),
    ('"shore of Walden Pond"', "shore of Walden Pond", 1, 10),
    ("pond conc", "Pond Concord", 2, 1),
    ("naive caesar", "naïve Cæsar", 2, 1),
    ("NAÏVE", "naïve", 2, 1),
    ("elan", "Élan", 2, 2),
    ("l'elan", "l Élan", 2, 2),
    ("economy", "ECONOMY", 1, 5),
    ('"below the pond"', "below the pond", 3, 11),
    ("footnot", "footnote", 3, 8),
]
ABSENT = ["pond woods economy sounds", '"pond walden"', "naiv caesar", "alone* woodsx", "zzz"]
#: What breaks a search that trusts what it is asked.
HOSTILE = [
    '"', '""', "'", "*", "woods*", "(", "a AND", "NOT", "NEAR(a b)", "words:woods", "-woods",
    "^woods", "woods | pond", "woods & !pond", "a <-> b", "'woods':*", ";", "--", "%", "\\", "\x00",
    "\ud800", "+", "woods OR pond", "{a b}", "🦆", "\u0301", "x" * 5000, '"' * 300, "a " * 500,
]  # fmt: skip


def publish(site: Site, pages: Sequence[str], **fields: object) -> str:
    """Publish a book of these pages; returns its slug."""
    slug = site.project(site.person(""), pages=list(pages), rounds_=["P1"], **fields)
    release(site, slug)
    return slug


def release(site: Site, slug: str) -> None:
    """Release a book anew, and do all that is due."""
    root = site.api(site.person("", role="admin"))
    root.post(f"/projects/{slug}/releases", {"with_open_findings": True})
    site.work("books")


def withdraw(site: Site, slug: str, number: int) -> None:
    root = site.api(site.person("", role="admin"))
    root.post(f"/projects/{slug}/releases/{number}/withdraw")
    site.work("books")


def asked(site: Site, question: str, **more: int) -> Found:
    with reading(site.engine) as session:
        return search.search(session, question, **more)


def marked(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.text for piece in pieces if piece.found)


def test_words_are_found_on_their_lines_whatever_is_asked(site: Site) -> None:
    publish(site, WALDEN, title="Walden")
    for question, marks, page, line in PLACES:
        found = asked(site, question)
        assert (found.books, found.places) == (1, 1), question
        [hit] = found.shown[0].hits
        assert marked(hit.excerpt).replace("\u2019", " ") == marks
        assert (hit.page, hit.line, hit.anchor) == (page, line, f"p{page}l{line}"), question
    for question in ABSENT:
        assert asked(site, question) == Found(0, 0, []), question
    visitor = site.visitor()
    for question in HOSTILE:
        asked(site, question)
        if question.isprintable():
            answer = visitor.get("/search", query_string={"q": question})
            assert answer.status_code == 200, question


def test_a_page_shows_what_is_called_so_and_where_the_words_stand(site: Site) -> None:
    walden = publish(site, WALDEN, title="Walden", author="Henry Thoreau")
    emma = publish(site, ["\nIn the <b>woods</b> & fields."] * 9, title="The Woods <&>")
    page = site.visitor().read("/search?q=woods")
    called, inside = page.split("Inside books")
    assert "The Woods &lt;&amp;&gt;" in called
    assert "Walden" not in called
    assert re.search(r"11\s+places\s+in 2 books", inside)
    assert "All 9 places in this book" in inside
    links = re.findall(r'href="(/books/[\w-]+/read/s\d+#p\d+l\d+)"', inside)
    assert links == [
        *(f"/books/{emma}/read/s001#p{number}l2" for number in (1, 2, 3)),
        f"/books/{walden}/read/s001#p1l9",
        f"/books/{walden}/read/s002#p3l8",
    ]
    assert inside.count("<mark>woods</mark>") == 5
    assert "<mark>woods</mark> &amp; fields." in inside
    alone = site.visitor().read(f"/search?q=woods&book={emma}")
    assert alone.count("<mark>") == 9
    assert "No book has all of these words" in site.visitor().read("/search?q=nothing+whatever")
    assert site.visitor().get(f"/search?q=woods&book={emma}x").status_code == 404


def test_only_what_readers_get_is_found(site: Site) -> None:
    slug = publish(site, ["An old reading."])
    with writing(site.engine) as session:
        session.query(Project).update({"title": "A New Title"})
    release(site, slug)
    with reading(site.engine) as session:
        kept = session.scalars(sa.select(Outline.release_id)).all()
        assert len(kept) == 1
        assert set(session.scalars(sa.select(Passage.release_id))) == set(kept)
    [book] = asked(site, "reading").shown
    assert book.release.number == 2
    withdraw(site, slug, 2)
    [book] = asked(site, "reading").shown
    assert book.release.number == 1
    withdraw(site, slug, 1)
    assert asked(site, "reading").books == 0
    with reading(site.engine) as session:
        for table in (Outline, Passage, PassageWords):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_removed_book_is_not_found_and_leaves_no_word_behind(site: Site) -> None:
    slug = publish(site, WALDEN)
    with writing(site.engine) as session:
        then = session.query(Project).one().created_at.replace(year=2020)
        session.query(Project).update({"deleted_at": then})
    assert asked(site, "woods").books == 0
    assert site.visitor().get(f"/search?q=woods&book={slug}").status_code == 410
    assert purging.purge_one(site.place, utc_now())
    with reading(site.engine) as session:
        for table in (Outline, Passage, PassageWords, CatalogueEntry):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_indexing_twice_or_after_a_crash_is_the_same(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, [f"\nPage {number} of many." for number in range(12)])
    monkeypatch.setattr(indexing, "_AT_ONCE", 5)

    def state() -> object:
        with reading(site.engine) as session:
            passages = session.execute(sa.select(Passage.id, Passage.text, Passage.places)).all()
            outline = session.execute(sa.select(Outline.words, Outline.sections)).all()
        return sorted(map(str, passages)), outline, asked(site, "page many").places

    before = state()
    with reading(site.engine) as session:
        job = session.query(Job).filter_by(kind=search_index.KIND).one()
    taken = Taken(job.id, job.kind, job.subject_id, job.attempt)
    indexing.index_release(site.place, taken)
    assert state() == before
    with writing(site.engine) as session:  # it died between two transactions
        session.execute(sa.delete(Outline))
        search_index.remove(session, job.subject_id, 3)
        queue.ask_again(session, search_index.KIND, job.subject_id, utc_now())
    site.work("books")
    assert state() == before


def test_a_search_in_many_books_comes_in_parts(sqlite_site: Site) -> None:
    for number in range(3):
        publish(sqlite_site, ["\nWhales again."] * (number + 1), title=f"Book {number}")
    found = asked(sqlite_site, "whales", limit=2)
    assert (found.books, found.places) == (3, 6)
    assert [book.project.title for book in found.shown] == ["Book 2", "Book 1"]
    assert [len(book.hits) for book in found.shown] == [3, 2]
    rest = asked(sqlite_site, "whales", offset=2, limit=2)
    assert [book.project.title for book in rest.shown] == ["Book 0"]
    most = found.shown[0]
    with reading(sqlite_site.engine) as session:
        first = search.search_book(session, most.release, "whales", limit=2)
        second = search.search_book(session, most.release, "whales", after=first[-1].next)
    assert [hit.page for hit in (*first, *second)] == [1, 2, 3]
