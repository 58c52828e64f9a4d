"""Facsimiles as jobs: asked for with a publication, built after it, of the newest release alone."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import Image

from exports import integrity, jobs
from exports.models import Facsimile, Release
from exports.releasing.facsimiles import folder_of
from library.db import reading, writing
from library.models import Job, Page, Person
from library.worker import do_next
from tests.support.printed import read_anew
from tests.support.rows import NOW
from tests.support.site import Api, Site


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


def book(site: Site, olga: Person, *pages: Sequence[str]) -> str:
    """Return a project of one round whose pages were scanned, read, and handed in as read."""
    slug = site.project(olga, pages=["" for _ in pages], rounds_=["P1"], one_person=True)
    png = io.BytesIO()
    Image.new("L", (1200, 1800), "white").save(png, "PNG")
    scan = site.place.storage.put(io.BytesIO(png.getvalue()))
    with writing(site.engine) as session:
        for page in session.query(Page).order_by(Page.number):
            page.image_sha256 = scan
            read_anew(session, page, *[row.split() for row in pages[page.number - 1]])
    for rows in pages:
        hand_in(site.api(olga), slug, "\n".join(rows))
    return slug


def hand_in(api: Api, slug: str, text: str) -> None:
    task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
    api.post(f"/tasks/{task['id']}/done", {"text": text.replace("Nlght", "Night"), "version": 0})


def work(site: Site) -> None:
    """Do all books' work, also what is due in a minute."""
    site.work("books")
    with writing(site.engine) as session:
        session.execute(sa.update(Job).values(due_at=NOW))
    while do_next(site.place, "books", jobs.perform, jobs.give_up):
        pass


def paths(site: Site, slug: str) -> list[Path]:
    return sorted((site.place.settings.releases / slug).glob("*-facsimile/*"))


def test_a_published_release_gets_its_facsimile_after_it(site: Site, olga: Person) -> None:
    slug = book(site, olga, ["CHAPTER I", "", "It was Nlght."], ["", "The end."])
    site.api(olga).post(f"/projects/{slug}/releases", {})
    site.work("books")
    with reading(site.engine) as session:
        release = session.scalars(sa.select(Release)).one()
        assert (release.state, release.facsimile and release.facsimile.state) == (
            "published",
            "queued",
        )
        assert f"{slug}.pdf" not in [file.name for file in release.downloads]
    work(site)
    with reading(site.engine) as session:
        release = session.scalars(sa.select(Release)).one()
        assert {f"{slug}.pdf", f"{slug}-alto.zip"} <= {file.name for file in release.downloads}
        assert list(integrity.findings(session, site.place.settings)) == []
        folder = folder_of(site.place.settings, site.project_row(slug), release)
    sent = site.visitor().get(f"/books/{slug}/{slug}.pdf")
    assert sent.mimetype == "application/pdf"
    assert sent.data == (folder / f"{slug}.pdf").read_bytes()
    with pypdfium2.PdfDocument(folder / f"{slug}.pdf") as pdf:
        words = [page.get_textpage().get_text_range().split() for page in pdf]
        outline = [mark.get_title() for mark in pdf.get_toc()]
    assert words == [["CHAPTER", "I", "It", "was", "Night."], ["The", "end."]]
    assert outline == ["CHAPTER I"]
    with zipfile.ZipFile(folder / f"{slug}-alto.zip") as made:
        assert made.namelist() == ["0001.xml", "0002.xml"]
        assert b'"Night."' in made.read("0001.xml")


def test_a_newer_release_takes_its_place(sqlite_site: Site) -> None:
    site, olga = sqlite_site, sqlite_site.person("olga", role="coordinator")
    slug = book(site, olga, ["One line"])
    api = site.api(olga)
    api.post(f"/projects/{slug}/releases", {})
    work(site)
    first = paths(site, slug)
    assert [path.parent.name for path in first] == ["1-facsimile"] * 2
    api.patch(f"/projects/{slug}", {"author": "Somebody"})
    api.post(f"/projects/{slug}/releases", {})
    work(site)
    assert [path.parent.name for path in paths(site, slug)] == ["2-facsimile"] * 2
    with reading(site.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Facsimile)) == 1
    api.post(f"/projects/{slug}/releases/2/withdraw", {})
    work(site)
    again = paths(site, slug)
    assert [path.parent.name for path in again] == ["1-facsimile"] * 2


def test_a_book_without_scans_says_so(sqlite_site: Site) -> None:
    site, olga = sqlite_site, sqlite_site.person("olga", role="coordinator")
    slug = site.project(olga, pages=["Words of a page"], rounds_=["P1"])
    site.api(olga).post(f"/projects/{slug}/releases", {})
    work(site)
    with reading(site.engine) as session:
        facsimile = session.scalars(sa.select(Facsimile)).one()
        assert facsimile.state == "failed"
        assert facsimile.reason.startswith("No page of this book has an image")
    assert paths(site, slug) == []
