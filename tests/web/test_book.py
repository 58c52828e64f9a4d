"""A book's page: what it offers, its releases, its printed pages, and its neighbours."""

import hashlib
import re

from library.db import writing
from library.models import Project
from tests.support.site import Site
from tests.web.test_search import WALDEN, publish, release, withdraw


def test_a_book_is_shown_with_all_that_is_known(site: Site) -> None:
    slug = publish(
        site,
        WALDEN,
        title="Walden",
        author="Henry Thoreau",
        subjects=["Nature"],
        contributors=[{"name": "Ann Other", "role": "trl"}],
    )
    near = publish(site, ["Else."], title="Cape Cod", author="Henry Thoreau")
    far = publish(site, ["Far."], title="Emma", author="Jane Austen")
    page = site.visitor().read(f"/books/{slug}")
    files = site.api(None).get(f"/books/{slug}").get_json()["files"]
    for file in files:
        if not file["name"].endswith(".jpg"):
            assert file["sha256"] in page, file["name"]
            assert f'href="/books/{slug}/{file["name"]}"' in page
    names = re.findall(r'class="offer-name"[^>]*>([^<]+)<', page)
    assert names[:2] == ["EPUB", "Kobo EPUB"]
    assert not [name for name in names if "." in name], "an edition without a title"
    assert page.index("Download EPUB") < page.index("Most e-readers".lower())
    for words in ("ECONOMY", "SOUNDS", f'href="/books/{slug}/read/s001"', "Translator", "Ann Other",
                  'href="/authors/henry-thoreau"', 'href="/subjects/nature"', "3 pages",
                  "Send to Kindle", "3 pages are still on their way",
                  f'href="/books/{slug}/report"'):  # fmt: skip
        assert words in page, words
    shelf = page.split("Near it on the shelf")[1]
    assert f'href="/books/{near}"' in shelf
    assert f'href="/books/{far}"' not in shelf
    assert site.visitor().get(f"/books/{slug}/read/s001").status_code == 200


def test_old_releases_can_still_be_had(sqlite_site: Site) -> None:
    slug = publish(sqlite_site, ["The first reading."], title="Walden")
    with writing(sqlite_site.engine) as session:
        session.query(Project).update({"author": "Somebody New"})
    release(sqlite_site, slug)
    visitor = sqlite_site.visitor()
    page = visitor.read(f"/books/{slug}")
    assert "Last corrected" in page
    address = f"/books/{slug}/releases/1/{slug}.txt"
    assert f'href="{address}"' in page
    old, new = visitor.get(address), visitor.get(f"/books/{slug}/{slug}.txt")
    assert "Somebody New" not in old.text
    assert "Somebody New" in new.text
    assert old.headers["ETag"] == f'"{hashlib.sha256(old.data).hexdigest()}"'
    for absent in ("releases/3/walden.txt", "releases/1/none.txt", "releases/1/%2e%2e"):
        assert visitor.get(f"/books/{slug}/{absent}").status_code in (404, 308)
    withdraw(sqlite_site, slug, 1)
    assert visitor.get(address).status_code == 410


def test_printed_pages_stand_beside_their_text(sqlite_site: Site) -> None:
    slug = publish(sqlite_site, WALDEN, title="Walden")
    visitor = sqlite_site.visitor()
    sheet = visitor.read(f"/books/{slug}/scans")
    assert sheet.count('class="num">page') == 3
    second = visitor.read(f"/books/{slug}/scans/2")
    assert "den Pond, in Concord." in second
    assert f'href="/books/{slug}/scans/1"' in second
    assert f'href="/books/{slug}/scans/3"' in second
    assert visitor.get(f"/books/{slug}/scans/4").status_code == 404


def test_authors_and_subjects_have_addresses_of_their_own(site: Site) -> None:
    publish(site, ["One."], title="The Walden", author="Zoë Thoreau", subjects=["Été & mer"])
    publish(site, ["Two."], title="A Cape", author="ZOE THOREAU", subjects=["Nature"])
    visitor = site.visitor()
    named = visitor.read("/authors/zoe-thoreau")
    titles = re.findall(r'class="book-title">([^<]+)<', named)
    assert titles == ["A Cape", "The Walden"]
    assert "2 books" in named
    assert "The Walden" in visitor.read("/subjects/ete-mer")
    assert 'href="/authors/zoe-thoreau"' in visitor.read("/authors")
    assert visitor.read("/subjects").count("1 book<") == 2
    for path in ("/authors/nobody", "/subjects/nothing", "/authors/%00", "/subjects/%22"):
        assert visitor.get(path).status_code == 404
    asked = visitor.read("/books?q=zo+wald")
    assert re.findall(r'class="book-title">([^<]+)<', asked.split("On the press")[0]) == [
        "The Walden"
    ]
