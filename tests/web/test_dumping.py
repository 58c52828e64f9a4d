"""The open dump for visitors, and by the command line."""

from exports import dump
from tests.support.site import Site


def test_the_dump_can_be_fetched(sqlite_site: Site) -> None:
    visitor = sqlite_site.visitor()
    assert "made tonight" in visitor.read("/dump/")
    olga = sqlite_site.person("olga", role="coordinator")
    slug = sqlite_site.project(olga)
    dump.export(sqlite_site.place, dump.folder_of(sqlite_site.place.settings))
    assert "SHA256SUMS" in visitor.read("/dump/")
    assert "pages.jsonl" in visitor.read(f"/dump/books/{slug}/")
    pages = visitor.get(f"/dump/books/{slug}/pages.jsonl")
    assert (pages.status_code, pages.text.count("\n")) == (200, 3)
    again = visitor.get(
        f"/dump/books/{slug}/pages.jsonl", headers={"If-None-Match": pages.headers["ETag"]}
    )
    assert again.status_code == 304
    for wrong in ("/dump/../galley.db", "/dump/nothing", "/dump/nothing/", "/dump/books"):
        assert visitor.get(wrong).status_code in (301, 308, 404), wrong
    assert visitor.get("/dump/%2e%2e/galley.db").status_code == 404
