"""Errata: reported once, answered by who may, corrected in page, release and history."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from exports.errata import answering, corrections, errata
from exports.errata.errata import Report
from exports.models import Erratum
from exports.releasing.releases import folder_of, published
from library import projects
from library.clock import utc_now
from library.config import Settings
from library.db import reading, writing
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.mail_models import Letter
from library.models import Event, Job, Person, Project
from proofing.models import Revision
from tests.support.rows import NOW
from tests.support.site import Site, usual_site

KEY = "a key for tests alone"
PAGES = (
    'CHAPTER I\n\nHe said: "I have seeleeted the\nfinest of them," and went--home to the fo-',
    "rest at once. The dog saw\nthe cat and the dog.",
)


@pytest.fixture
def site(settings: Settings, engine: sa.Engine) -> Site:
    return usual_site(settings, engine)


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


@pytest.fixture
def slug(site: Site, olga: Person) -> str:
    """Give a book of two pages that olga has read and released."""
    slug = site.project(olga, pages=["" for _ in PAGES], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in PAGES:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    return slug


class Book:
    """A released book, and what is done to its errata."""

    def __init__(self, site: Site, slug: str) -> None:
        self.site, self.slug = site, slug

    def report(self, current: str, proposed: str, by: Person | None = None, **more: object) -> int:
        with writing(self.site.engine) as session:
            project = projects.find_project(session, self.slug)
            sent = Report(current, proposed, **more)  # type: ignore[arg-type]
            release = published(session, project)
            return errata.report(session, project, release, sent, by, KEY, NOW).erratum.id

    def row(self, erratum_id: int) -> Erratum:
        with reading(self.site.engine) as session:
            return session.get_one(Erratum, erratum_id)

    def accept(self, person: Person, erratum_id: int, text: str | None = None) -> None:
        with writing(self.site.engine) as session:
            answering.accept(session, person, erratum_id, utc_now(), text)

    def reopen(self, person: Person, erratum_id: int) -> None:
        with writing(self.site.engine) as session:
            answering.reopen(session, person, erratum_id, NOW)

    def texts(self) -> list[str]:
        api = self.site.api(None)
        return [
            api.get(f"/projects/{self.slug}/pages/{n}").get_json()["text"]
            for n in range(1, len(PAGES) + 1)
        ]

    def plain(self) -> str:
        """Return the plain text that readers get."""
        with reading(self.site.engine) as session:
            project = projects.find_project(session, self.slug)
            release = published(session, project)
            assert release is not None
            folder = folder_of(self.site.place.settings, project, release)
        return (folder / f"{self.slug}.txt").read_text()

    def hurry(self) -> None:
        """Make the next release due now."""
        with writing(self.site.engine) as session:
            session.execute(sa.update(Job).where(Job.kind == corrections.JOB).values(due_at=NOW))
        self.site.work("books")


@pytest.fixture
def book(site: Site, slug: str) -> Book:
    return Book(site, slug)


def test_a_report_finds_its_place_and_is_one_however_often_made(book: Book) -> None:
    first = book.report("seeleeted the finest", "selected the finest", address="a@example.org")
    row = book.row(first)
    assert (row.line, row.state, row.address) == (3, "open", "a@example.org")
    assert book.report("seeleeted  the finest", "selected the finest") == first
    wide = book.row(book.report("the dog", "the dogs", quote="the cat and the dog."))
    assert (wide.current, wide.proposed) == ("and the dog.", "and the dogs.")
    seam = book.row(book.report("to the forest at", "to the forests at"))
    assert seam.line == 4
    lost = book.row(book.report("no such words", "such words"))
    assert (lost.page_id, lost.line) == (None, None)
    with reading(book.site.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Erratum)) == 4


@pytest.mark.parametrize(
    "sent",
    [
        Report(" ", "word"),
        Report("word", "word"),
        Report("word" * 200, "word"),
        Report("word", "words", address="nobody"),
    ],
)
def test_a_report_that_says_nothing_is_refused(sent: Report) -> None:
    with pytest.raises(InvalidError):
        sent.cleaned()


def test_accepted_errata_share_a_release_that_lists_them(book: Book, olga: Person) -> None:
    one = book.report("seeleeted", "selected", address="reader@example.org")
    two = book.report("to the forest at", "to the forests at")
    book.accept(olga, one)
    with pytest.raises(ConflictError):
        book.accept(olga, one)
    book.accept(olga, two)
    assert '"I have selected the\nfinest of them," and went--home to the fo-' in book.texts()[0]
    assert book.texts()[1].startswith("rests at once.")
    row = book.row(one)
    assert (row.state, row.corrected, row.address) == ("accepted", "selected", "")
    with reading(book.site.engine) as session:
        [job] = session.scalars(sa.select(Job).where(Job.kind == corrections.JOB))
        assert timedelta() < job.due_at - utc_now() <= timedelta(hours=1)
        [letter] = session.scalars(sa.select(Letter))
        assert (letter.address, letter.person_id) == ("reader@example.org", None)
        actions = set(session.scalars(sa.select(Event.action)))
        assert {"erratum.reported", "erratum.accepted", "page.corrected"} <= actions
    book.hurry()
    api = book.site.api(None)
    newest, first = api.get(f"/projects/{book.slug}/releases").get_json()["items"]
    assert (newest["state"], newest["number"], first["number"]) == ("published", 2, 1)
    said = " ".join(newest["changes"])
    assert "“seeleeted” is now “selected”" in said
    assert "forests" in said
    assert "selected" in book.plain()
    assert "rests at once" in book.plain().replace("\n", " ")
    book.hurry()
    assert len(api.get(f"/projects/{book.slug}/releases").get_json()["items"]) == 2


def test_only_errata_go_into_their_release(book: Book, olga: Person) -> None:
    book.accept(olga, book.report("seeleeted", "selected"))
    book.site.api(olga).patch(f"/projects/{book.slug}", {"author": "Somebody Else"})
    book.hurry()
    with reading(book.site.engine) as session:
        project = session.scalars(sa.select(Project)).one()
        release = published(session, project)
        assert release is not None
        assert release.number == 2
        assert "Somebody Else" not in str(release.metadata_)


def test_an_answer_can_be_taken_back(book: Book, olga: Person) -> None:
    before = book.texts()
    one = book.report("seeleeted", "selected")
    book.accept(olga, one, "chosen")
    assert "I have chosen the" in book.texts()[0]
    book.hurry()
    book.reopen(olga, one)
    assert book.texts() == before
    assert book.row(one).state == "open"
    book.hurry()
    assert "seeleeted" in book.plain()
    with writing(book.site.engine) as session:
        answering.reject(session, olga, one, "So it is printed.", NOW, noted=True)
    assert (book.row(one).answer, book.row(one).noted) == ("So it is printed.", True)
    book.site.api(olga).post(f"/projects/{book.slug}/releases", {})
    book.site.work("books")
    assert "Page 1 has “seeleeted” for “selected”." in book.plain().replace("\n", " ")
    book.reopen(olga, one)
    with pytest.raises(InvalidError), writing(book.site.engine) as session:
        answering.reject(session, olga, one, "  ", NOW)


def test_who_may_answer(book: Book, olga: Person) -> None:
    trusted = book.site.person("trusted")
    mine = book.report("the cat", "a cat", trusted)
    other = book.report("seeleeted", "selected", olga)
    newcomer = book.site.person("newcomer", grants=())
    for person, erratum in ((newcomer, other), (trusted, mine)):
        with pytest.raises(ForbiddenError):
            book.accept(person, erratum)
    book.accept(trusted, other)
    with reading(book.site.engine) as session:
        assert [each.id for each in errata.waiting_for(session, trusted)] == [mine]
        assert errata.waiting_for(session, newcomer) == []
    book.accept(olga, mine)


def test_words_that_are_gone_are_not_corrected(book: Book, olga: Person) -> None:
    one, two = book.report("seeleeted", "selected"), book.report("seeleeted the", "selecting the")
    book.accept(olga, one)
    with pytest.raises(ConflictError, match="no longer"):
        book.accept(olga, two)
    with pytest.raises(ConflictError):
        book.accept(olga, book.report("nowhere to be found", "found"))
    with reading(book.site.engine) as session:
        assert answering.standing(session, book.row(two)) is None
        revisions = sa.select(sa.func.count()).select_from(Revision)
        assert session.scalar(revisions) == len(PAGES) + 1
