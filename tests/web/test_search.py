"""Searching inside published texts, from the release on: on both databases."""

from collections.abc import Sequence

import pytest

from exports import search
from exports.search import Found, Piece
from library.db import reading
from tests.support.site import Site

WALDEN = (
    "\n\n\n\nECONOMY\n\n\nWhen I wrote the following pages, or rather\n"
    "the bulk of them, I lived alone, in the woods, a mile from any neigh-\n"
    "bour, in a house which I had built myself on the shore of Wal-",
    "den Pond, in Concord. The <i>naïve</i> Cæsar never saw\nit, nor did l'Élan.",
    "\n\n\n\nSOUNDS\n\n\nAnother page about the woods, and a foot-\nnote.[1]\n\n"
    "[Footnote 1: Here below the pond is deep.]",
)


def publish(site: Site, pages: Sequence[str], **fields: object) -> str:
    """Publish a book of these pages; returns its slug."""
    owner = site.person("")
    slug = site.project(owner, pages=list(pages), rounds_=["P1"], **fields)
    release(site, slug)
    return slug


def release(site: Site, slug: str) -> None:
    """Release a book anew, and do all that is due."""
    root = site.api(site.person("", role="admin"))
    answer = root.post(f"/projects/{slug}/releases", {"with_open_findings": True})
    assert answer.status_code == 202, answer.text
    site.work("books")


def withdraw(site: Site, slug: str, number: int) -> None:
    root = site.api(site.person("", role="admin"))
    assert root.post(f"/projects/{slug}/releases/{number}/withdraw").status_code == 200
    site.work("books")


def asked(site: Site, question: str, **more: int) -> Found:
    with reading(site.engine) as session:
        return search.search(session, question, **more)


def marked(pieces: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.found]


@pytest.mark.parametrize(
    ("question", "marks", "page", "line"),
    [
        ("following bulk", ["following", "bulk"], 1, 8),
        ("neighbour", ["neighbour"], 1, 9),
        ('"shore of Walden Pond"', ["shore", "of", "Walden", "Pond"], 1, 10),
        ("pond conc", ["Pond", "Concord"], 2, 1),
        ("naive caesar", ["naïve", "Cæsar"], 2, 1),
        ("NAÏVE", ["naïve"], 2, 1),
        ("elan", ["Élan"], 2, 2),
        ("l'elan", ["l’Élan"], 2, 2),
        ("economy", ["ECONOMY"], 1, 5),
        ('"below the pond"', ["below", "the", "pond"], 3, 11),
    ],
)
def test_words_are_found_on_their_line(
    site: Site, question: str, marks: list[str], page: int, line: int
) -> None:
    publish(site, WALDEN, title="Walden")
    found = asked(site, question)
    assert found.books == 1, question
    [hit] = found.shown[0].hits
    assert " ".join(marked(hit.excerpt)) == " ".join(marks)
    assert (hit.page, hit.line) == (page, line)
    assert hit.anchor == f"p{page}l{line}"


@pytest.mark.parametrize("question", ["neigh", "pond woods economy", '"pond walden"', "bulk*x", ""])
def test_what_is_not_there_is_not_found(site: Site, question: str) -> None:
    publish(site, WALDEN)
    found = asked(site, question)
    assert (found.books > 0) == (question == "neigh"), "only the last word may go on"
