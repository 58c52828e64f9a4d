"""The library: found, shown, and downloaded as the standards say."""

import hashlib
import io
import re
import zipfile

import pytest

from library.db import writing
from library.models import Project
from tests.support.site import Site


def publish(site: Site, **fields: object) -> str:
    """Publish a book of one page; returns its slug."""
    text = fields.pop("text", "It was a day of days.")
    owner = site.person("")
    slug = site.project(owner, pages=[text], rounds_=["P1"], **fields)
    site.api(owner).post(f"/projects/{slug}/releases", {"with_open_findings": True})
    site.work("books")
    return slug


def test_a_book_is_shown_with_its_files(site: Site) -> None:
    slug = publish(
        site,
        title="Walden",
        author="Henry Thoreau",
        publisher="Ticknor",
        place="Boston",
        year=1854,
        subjects=["Nature"],
        description="A life.\n\nIn the woods.",
        source_url="https://example.org/scans",
        contributors=[{"name": "Ann Other", "role": "trl"}],
    )
    page = site.visitor().read(f"/books/{slug}")
    for words in ("Walden", "Henry Thoreau", "Boston: Ticknor, 1854", "Nature", "In the woods.",
                  "https://example.org/scans", "Ann Other", "1 page", "Download EPUB",
                  "First release."):  # fmt: skip
        assert words in page, words
    assert f'src="/books/{slug}/cover.jpg"' in page


def test_a_book_that_is_not_released_is_not_in_the_library(site: Site) -> None:
    slug = site.project(site.person("olga"))
    for path in (f"/books/{slug}", f"/books/{slug}/{slug}.epub", "/books/none"):
        assert site.visitor().get(path).status_code == 404
    assert "The first book is still on the press" in site.visitor().read("/books")


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [(".epub", "application/epub+zip"), (".txt", "text/plain; charset=utf-8")],
)
def test_a_download_is_whole_named_and_cacheable(
    sqlite_site: Site, suffix: str, media_type: str
) -> None:
    slug = publish(sqlite_site, title="Größe & <Kraft>/Mut", languages=["en"])
    visitor, path = sqlite_site.visitor(), f"/books/{slug}/{slug}{suffix}"
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    [known] = [
        file["sha256"]
        for file in sqlite_site.api(None).get(f"/books/{slug}").get_json()["files"]
        if file["name"] == slug + suffix
    ]
    assert hashlib.sha256(answer.data).hexdigest() == known
    assert answer.headers["ETag"] == f'"{known}"'
    name = answer.headers["Content-Disposition"]
    assert f"filename*=UTF-8''Gr%C3%B6%C3%9Fe%20&%20Kraft%20Mut{suffix}" in name
    assert name.startswith("attachment;" if suffix == ".epub" else "inline;")
    again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = visitor.client.head(path, buffered=True)
    assert (head.headers["Content-Length"], head.data) == (answer.headers["Content-Length"], b"")


def test_a_download_comes_in_parts(sqlite_site: Site) -> None:
    slug = publish(sqlite_site)
    visitor, path = sqlite_site.visitor(), f"/books/{slug}/{slug}.epub"
    whole = visitor.get(path)
    part = visitor.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    rest = visitor.get(path, headers={"Range": "bytes=10-", "If-Range": whole.headers["ETag"]})
    assert whole.data[:10] + rest.data == whole.data
    other = visitor.get(path, headers={"Range": "bytes=10-", "If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, whole.data)
    beyond = visitor.get(path, headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416


def test_what_is_downloaded_is_a_book(sqlite_site: Site) -> None:
    slug = publish(sqlite_site, text="It was a day\nof days.")
    epub = sqlite_site.visitor().get(f"/books/{slug}/{slug}.epub").data
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].filename == "mimetype"
    text = sqlite_site.visitor().get(f"/books/{slug}/{slug}.txt").text
    assert "It was a day of days." in re.sub(r"\s+", " ", text)
    cover = sqlite_site.visitor().get(f"/books/{slug}/cover.jpg")
    assert cover.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    "name",
    ["none.epub", "../1/a-book.epub", "..%2f..%2fgalley.db", "a-book.epub%00", ".", "%2e%2e"],
)
def test_only_files_of_the_release_are_sent(sqlite_site: Site, name: str) -> None:
    publish(sqlite_site)
    answer = sqlite_site.visitor().get(f"/books/a-book/{name}")
    assert answer.status_code in (404, 308)
    assert b"SQLite" not in answer.data


def test_readers_get_the_newest_published_release(sqlite_site: Site) -> None:
    slug = publish(sqlite_site)
    first = sqlite_site.visitor().get(f"/books/{slug}/{slug}.txt")
    root = sqlite_site.api(sqlite_site.person("root", role="admin"))
    root.patch(f"/projects/{slug}", {"author": "Somebody New"})
    root.post(f"/projects/{slug}/releases", {})
    sqlite_site.work("books")
    second = sqlite_site.visitor().get(f"/books/{slug}/{slug}.txt")
    assert "Somebody New" in second.text
    etag = {"If-None-Match": first.headers["ETag"]}
    assert sqlite_site.visitor().get(f"/books/{slug}/{slug}.txt", headers=etag).status_code == 200
    assert "What is said about the book was changed." in sqlite_site.visitor().read(
        f"/books/{slug}"
    )
    root.post(f"/projects/{slug}/releases/2/withdraw")
    back = sqlite_site.visitor().get(f"/books/{slug}/{slug}.txt")
    assert back.headers["ETag"] == first.headers["ETag"]


def test_books_are_found_by_the_address(site: Site) -> None:
    publish(site, title="Walden", author="Henry Thoreau", subjects=["Nature", "Été"])
    publish(site, title="Emma", author="Jane Austen", subjects=["Novels"], year=1815)
    visitor = site.visitor()

    def found(address: str) -> list[str]:
        return re.findall(
            r'class="book-title">([^<]+)<', visitor.read(address).split("On the press")[0]
        )

    assert found("/books") == ["Emma", "Walden"]
    assert found("/books?order=title") == ["Emma", "Walden"]
    assert found("/books?order=author") == ["Emma", "Walden"]
    assert found("/books?q=thoreau") == ["Walden"]
    assert found("/books?q=AUSTEN+emma") == ["Emma"]
    assert found("/books?subject=Nature") == ["Walden"]
    assert found("/books?subject=%C3%89t%C3%A9") == ["Walden"]
    assert found("/books?language=fr") == []
    assert found("/books?q=%25") == []
    assert "Nothing called that yet." in visitor.read("/books?q=nothing")
    assert "Walden" in visitor.read("/books?q=waldens")
    assert found("/books?from=-5&order=odd") == ["Emma", "Walden"]


def test_the_front_page_shows_books_and_what_is_on_the_press(site: Site) -> None:
    slug = publish(site, title="Walden")
    site.project(site.person("olga"), title="Under Way")
    page = site.visitor().read("/")
    assert f'href="/books/{slug}"' in page
    assert "Under Way" in page
    assert "Your desk" in site.browser(site.person("ann")).read("/")


def test_a_removed_project_takes_its_book_along(site: Site) -> None:
    slug = publish(site)
    with writing(site.engine) as session:
        session.query(Project).update({"deleted_at": site.project_row(slug).created_at})
    assert site.visitor().get(f"/books/{slug}").status_code == 410
    assert slug not in site.visitor().read("/books")
