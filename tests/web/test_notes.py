"""Notes and suggested words as pages and plain forms."""

import re

import pytest

from library.db import writing
from library.models import Page
from tests.support.printed import read_anew
from tests.support.site import Site, textarea

HOSTILE = "<script>alert(1)</script> \"'&"


class Book:
    """A site with a book of Olga's; its first page has two printed lines, and Ann reads it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.olga, self.ann = site.person("olga", role="coordinator"), site.person("ann")
        self.slug = site.project(self.olga, pages=["One [**so?]", "Two"])
        with writing(site.engine) as session:
            page = session.query(Page).filter_by(number=1).one()
            read_anew(session, page, ["Sounds"], ["I", "sat", "in", "my", "doorway"])
        self.page = f"/projects/{self.slug}/pages/1"
        self.problems = f"/projects/{self.slug}/problems"

    def note(self, body: str = "Is this so?", **more: object) -> int:
        api = self.site.api(self.ann)
        sent = api.post(f"/projects/{self.slug}/pages/1/notes", {"body": body, **more})
        return int(sent.get_json()["id"])

    def suggest(self, word: str, **more: object) -> int:
        api = self.site.api(self.ann)
        sent = api.post(f"/projects/{self.slug}/words/suggestions", {"word": word, **more})
        return int(sent.get_json()["id"])

    def words(self, which: str) -> list[str]:
        found = self.site.api(None).get(f"/projects/{self.slug}/words/{which}").get_json()["words"]
        return list(found)


@pytest.fixture
def book(site: Site) -> Book:
    return Book(site)


def test_notes_stand_on_their_page_for_everybody(book: Book) -> None:
    note = book.note(line=1, first=1, last=1)
    shown = book.site.visitor().read(book.page)
    assert "Is this so?" in shown
    assert re.search(r'<img class="cutting" src="[^"]*/crop\?box=\d', shown)
    assert 'alt="As printed: sat"' in shown
    assert re.search(r">so\?</p>\s*<p[^>]*>In line 1 of the text", shown)
    assert f'id="note-{note}"' in shown
    assert "<textarea" not in shown
    assert "A note was written on page 1" in shown


def test_a_note_is_written_answered_and_settled_by_forms(book: Book) -> None:
    ann, ben = book.site.browser(book.ann), book.site.browser(book.site.person("ben"))
    answer = ann.post(f"{book.page}/notes", {"body": "Sate?\r\nOr sat?"})
    found = re.fullmatch(rf"{book.page}#note-(\d+)", answer.location)
    assert (answer.status_code, bool(found)) == (303, True)
    note = answer.location.rpartition("-")[2]
    ben.post(f"{book.page}/notes", {"body": "As printed.", "parent": note})
    change = f"/projects/{book.slug}/notes/{note}"
    assert ben.post(change, {"action": "settle"}).location == f"{book.page}#note-{note}"
    page = ann.read(book.page)
    assert "Settled by ben" in page
    assert "As printed." in page
    ann.post(change, {"action": "reopen"})
    assert "Settled by ben" not in ann.read(book.page)
    assert ben.post(change, {"action": "withdraw"}).status_code == 403
    ann.post(change, {"action": "withdraw"})
    page = ben.read(book.page)
    assert "Sate?" not in page
    assert "Withdrawn." in page


def test_a_note_that_is_refused_keeps_what_was_typed(book: Book) -> None:
    note = book.note()
    ann = book.site.browser(book.ann)
    long = "x" * 2001
    answer = ann.post(f"{book.page}/notes", {"body": long})
    assert answer.status_code == 422
    assert "has 1 to 2000 characters" in answer.text
    assert textarea(answer.text, "body") == ""  # the first field is the answer's
    assert f"\n{long}</textarea>" in answer.text
    answer = ann.post(f"{book.page}/notes", {"body": long, "parent": note})
    assert answer.status_code == 422
    assert textarea(answer.text, "body") == long
    assert "<details open>" in answer.text


def test_what_is_not_there_is_not_changed(book: Book) -> None:
    note, other = book.note(), book.site.project(book.olga)
    ann = book.site.browser(book.ann)
    assert ann.post(f"/projects/{other}/notes/{note}", {"action": "settle"}).status_code == 404
    assert ann.post(f"/projects/{book.slug}/notes/99", {"action": "settle"}).status_code == 404
    assert ann.post(f"/projects/{book.slug}/notes/{note}", {"action": "burn"}).status_code == 400
    elsewhere = f"/projects/{book.slug}/pages/2/notes"
    for parent in (note, 99, 10**30, -1):
        sent = {"body": "x", "parent": str(parent)}
        assert ann.post(elsewhere, sent).status_code == 404
    word = book.suggest("doorway")
    olga = book.site.browser(book.olga)
    answer = olga.post(f"/projects/{other}/words/{word}", {"action": "accept"})
    assert answer.status_code == 404
    answer = olga.post(f"/projects/{book.slug}/words/{word}", {"action": "eat"})
    assert answer.status_code == 400
    assert book.words("good") == []


def test_a_visitor_is_asked_to_sign_in(book: Book) -> None:
    note = book.note()
    visitor = book.site.visitor()
    for address in (f"{book.page}/notes", f"/projects/{book.slug}/notes/{note}"):
        answer = visitor.post(address, {"body": "x", "action": "settle"})
        assert answer.location.startswith("/sign-in")


def test_the_coordinator_settles_one_queue(book: Book) -> None:
    note = book.note(line=0)
    kept = book.suggest("doorway", page=1, line=1, index=4)
    rejected, doubted = book.suggest("wlthal"), book.suggest("arid")
    olga = book.site.browser(book.olga)
    start = olga.read(f"/projects/{book.slug}")
    assert "1 note is open." in start
    assert "3 words were suggested." in start
    queue = olga.read(book.problems)
    assert 'alt="As printed: doorway"' in queue
    assert 'alt="As printed: Sounds"' in queue
    assert queue.count('data-key="1"') == 4
    change = f"/projects/{book.slug}/words"
    for word, action in ((kept, "accept"), (rejected, "reject"), (doubted, "doubt")):
        answer = olga.post(f"{change}/{word}", {"action": action})
        assert answer.location == f"{book.problems}#words"
    assert (book.words("good"), book.words("bad")) == (["doorway"], ["arid"])
    sent = {"action": "settle", "back": "problems"}
    answer = olga.post(f"/projects/{book.slug}/notes/{note}", sent)
    assert answer.location == f"{book.problems}#notes"
    assert "Nothing to settle." in olga.read(book.problems)
    assert "words were suggested" not in olga.read(f"/projects/{book.slug}")
    assert "is none of the book&#39;s words" in book.site.visitor().read(f"/projects/{book.slug}")


def test_a_word_is_answered_once(book: Book) -> None:
    word = book.suggest("doorway")
    olga = book.site.browser(book.olga)
    address = f"/projects/{book.slug}/words/{word}"
    olga.post(address, {"action": "accept"})
    assert olga.post(address, {"action": "reject"}).status_code == 409
    assert book.words("good") == ["doorway"]


def test_a_picture_of_another_scan_is_not_shown(book: Book) -> None:
    book.note(line=1)
    with writing(book.site.engine) as session:
        session.query(Page).filter_by(number=1).one().image_sha256 = "b" * 64
    page = book.site.visitor().read(book.page)
    assert "/crop?" not in page
    assert "I sat in my doorway</blockquote>" in page


def test_hostile_words_stay_words(book: Book) -> None:
    book.note(HOSTILE, quote=HOSTILE)
    book.suggest("<script>alert(1)</script>")
    olga = book.site.browser(book.olga)
    for address in (book.page, book.problems, f"/projects/{book.slug}"):
        page = olga.read(address)
        assert "<script>alert" not in page
