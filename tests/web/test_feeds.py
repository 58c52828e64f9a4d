"""The library for programs: by the tables of the standards, and by programs that others wrote."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree

from library.config import SITE_NAME, settings_from
from library.db import make_engine, writing
from library.models import Project
from tests.support.redis_server import RedisServer
from tests.support.site import Site
from tests.web.test_search import publish, release, withdraw

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/terms/}"
OPDS = "{http://opds-spec.org/2010/catalog}"
URL = "http://127.0.0.1:5000"
OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
FEEDS = {
    "/opds": NAVIGATION,
    "/opds/books": ACQUISITION,
    "/opds/books?order=title": ACQUISITION,
    "/opds/all": ACQUISITION,
    "/opds/authors": NAVIGATION,
    "/opds/subjects": NAVIGATION,
    "/opds/languages": NAVIGATION,
    "/feeds/new.xml": "application/atom+xml",
}
V2 = ("/opds/v2", "/opds/v2/books", "/opds/v2/authors", "/opds/v2/subjects", "/opds/v2/languages")


@pytest.fixture(scope="module")
def library(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer
) -> Iterator[Site]:
    """A library of two books, one of them with everything; its tests only look."""
    home = tmp_path_factory.mktemp("library")
    shutil.copyfile(sqlite_template, home / "galley.db")
    address = f"sqlite:///{home / 'galley.db'}"
    given = {"GALLEY_HOME": str(home), "DATABASE_URL": address, "REDIS_URL": redis_process.url}
    engine = make_engine(address)
    made = Site(
        settings_from({**given, "SECRET_KEY": "a key for tests alone", "GALLEY_LIMITS": "off"}),
        engine,
    )
    fill(made)
    yield made
    engine.dispose()


def fill(site: Site) -> None:
    publish(
        site,
        ["It was a day of days."],
        title="Walden & <Élan>",
        author="Henry Thoreau",
        subjects=["Nature", "Été"],
        description="A life.",
        publisher="Ticknor",
        year=1854,
        contributors=[{"name": "Ann Other", "role": "aut"}, {"name": "Tom", "role": "trl"}],
    )
    publish(site, ["Rien."], title="Candide", languages=["fr"])


def xml(site: Site, path: str) -> etree._Element:
    answer = site.visitor().get(path)
    assert answer.status_code == 200, path
    return etree.fromstring(answer.data)


def links(node: etree._Element) -> dict[str, etree._Element]:
    return {str(each.get("rel")): each for each in node.findall(f"{ATOM}link")}


def required(node: etree._Element) -> None:
    """Hold a feed or entry to RFC 4287, 4.1: one id, title and time each."""
    for name in ("id", "title", "updated"):
        assert len(node.findall(f"{ATOM}{name}")) == 1, name
    assert re.match(r"(https?://|urn:uuid:)", str(node.findtext(f"{ATOM}id")))
    assert MOMENT.fullmatch(str(node.findtext(f"{ATOM}updated")))
    for link in node.findall(f"{ATOM}link"):
        assert str(link.get("href")).startswith(f"{URL}/"), link.get("href")
        assert link.get("type")


def check_book(entry: etree._Element) -> None:
    """Hold an entry to OPDS 1.2, 5."""
    required(entry)
    said = links(entry)
    assert said[OPEN_ACCESS].get("type")
    assert not entry.findall(f"{DC}title")
    assert entry.findtext(f"{DC}language")
    assert str(entry.findtext(f"{DC}identifier")).startswith("urn:uuid:")
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "text"
    for rel in ("http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail"):
        assert said[rel].get("type") == "image/jpeg"
    entries = [each for each in entry.findall(f"{ATOM}link") if each.get("rel") == "alternate"]
    assert "application/atom+xml;type=entry;profile=opds-catalog" in {
        e.get("type") for e in entries
    }
    assert entry.findtext(f"{ATOM}author/{ATOM}name")


def test_opds_1_is_as_its_tables_say(library: Site) -> None:
    for path, kind in FEEDS.items():
        answer = library.visitor().get(path)
        assert answer.headers["Content-Type"] == kind, path
        root = etree.fromstring(answer.data)
        assert root.tag == f"{ATOM}feed"
        required(root)
        said = links(root)
        assert said["self"].get("href") == URL + path
        if path.startswith("/opds"):
            assert said["start"].get("href") == f"{URL}/opds"
            assert said["search"].get("type") == "application/opensearchdescription+xml"
        entries = root.findall(f"{ATOM}entry")
        assert entries, path
        assert len({each.findtext(f"{ATOM}id") for each in entries}) == len(entries)
        for entry in entries:
            required(entry)
            if kind == NAVIGATION:
                assert len(entry.findall(f"{ATOM}link")) == 1
                assert entry.find(f"{ATOM}content") is not None
            else:
                check_book(entry)


def test_every_address_in_opds_leads_somewhere(library: Site) -> None:
    seen, waiting = set(), ["/opds"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = library.visitor().get(path)
        assert answer.status_code == 200, path
        if not str(answer.mimetype).startswith("application/atom"):
            continue
        for link in etree.fromstring(answer.data).iter(f"{ATOM}link"):
            found = str(link.get("href")).removeprefix(URL)
            if found not in seen and found not in waiting:
                waiting.append(found)
    assert {"/opds/books?author=henry-thoreau", "/opds/books?subject=ete"} <= seen
    assert {"/opds/v2", "/books/walden-elan", "/opds/all", "/opds/search.xml"} <= seen


def test_a_shelf_is_ordered_filtered_searched_and_faceted(library: Site) -> None:
    def titles(path: str) -> list[str | None]:
        found = xml(library, path).findall(f"{ATOM}entry")
        return [each.findtext(f"{ATOM}title") for each in found]

    assert titles("/opds/books") == ["Candide", "Walden & <Élan>"]
    assert titles("/opds/books?order=author") == ["Walden & <Élan>", "Candide"]
    assert titles("/opds/books?subject=nature") == ["Walden & <Élan>"]
    assert titles("/opds/books?language=fr") == ["Candide"]
    assert titles("/opds/books?q=elan+thor") == ["Walden & <Élan>"]
    assert titles("/opds/books?page=2&order=odd") == []
    facets = [
        each
        for each in xml(library, "/opds/books?order=title").findall(f"{ATOM}link")
        if each.get("rel") == "http://opds-spec.org/facet"
    ]
    active = [each.get("title") for each in facets if each.get(f"{OPDS}activeFacet") == "true"]
    assert active == ["By title", "Any"]
    assert {each.get(f"{OPDS}facetGroup") for each in facets} == {"Order", "Language"}
    template = xml(library, "/opds/search.xml").find("{*}Url")
    assert template is not None
    asked = str(template.get("template")).replace("{searchTerms}", "candide")
    assert titles(asked.removeprefix(URL)) == ["Candide"]


def test_the_crawlable_feed_is_whole_and_newest_first(library: Site) -> None:
    root = xml(library, "/opds/all")
    assert root.find("{http://purl.org/syndication/history/1.0}complete") is not None
    times = [each.findtext(f"{ATOM}updated") or "" for each in root.findall(f"{ATOM}entry")]
    assert times == sorted(times, reverse=True)
    assert len(times) == 2


def test_a_known_parser_reads_the_feeds(library: Site) -> None:
    for path in FEEDS:
        read = feedparser.parse(library.visitor().get(path).data)
        assert not read.bozo, (path, read.get("bozo_exception"))
        assert read.version == "atom10"
    [_, walden] = feedparser.parse(library.visitor().get("/feeds/new.xml").data).entries
    assert walden.title == "Walden & <Élan>"
    assert [each.name for each in walden.authors] == ["Henry Thoreau", "Ann Other"]
    assert [each.term for each in walden.tags] == ["nature", "ete"]
    [epub] = [each for each in walden.links if each.type == "application/epub+zip"]
    whole = library.visitor().get(epub.href.removeprefix(URL))
    assert int(epub.length) == len(whole.data)


def test_opds_2_is_as_its_tables_say(library: Site) -> None:
    for path in V2:
        answer = library.visitor().get(path)
        assert answer.headers["Content-Type"] == "application/opds+json"
        feed = answer.get_json()
        assert feed["metadata"]["title"]
        assert [each["href"] for each in feed["links"] if each["rel"] == "self"] == [URL + path]
        assert {"navigation", "publications", "groups"} & set(feed)
        for each in (*feed["links"], *feed.get("navigation", ())):
            assert each["type"] == "application/opds+json"
            assert each["href"].startswith(f"{URL}/opds/v2")
        for each in feed.get("navigation", ()):
            assert each["title"]
            assert library.visitor().get(each["href"].removeprefix(URL)).status_code == 200
    root = library.visitor().get("/opds/v2").get_json()
    assert root["metadata"]["title"] == SITE_NAME
    books = library.visitor().get("/opds/v2/books?order=title").get_json()
    assert books["metadata"]["numberOfItems"] == 2
    candide, walden = books["publications"]
    assert walden["metadata"]["title"] == "Walden & <Élan>"
    assert [each["name"] for each in walden["metadata"]["author"]] == ["Henry Thoreau", "Ann Other"]
    assert candide["metadata"]["language"] == ["fr"]
    [search] = [each for each in books["links"] if each["rel"] == "search"]
    found = library.visitor().get("/opds/v2/books?q=candide").get_json()
    assert search["templated"]
    assert [each["metadata"]["title"] for each in found["publications"]] == ["Candide"]
    for book in books["publications"]:
        check_publication(library, book)


def check_publication(site: Site, book: dict[str, Any]) -> None:
    about = book["metadata"]
    assert about["@type"] == "http://schema.org/Book"
    assert about["identifier"].startswith("urn:uuid:")
    assert {"title", "language", "modified"} <= set(about)
    [own] = [each for each in book["links"] if each["rel"] == "self"]
    assert own["type"] == "application/opds-publication+json"
    assert site.visitor().get(own["href"].removeprefix(URL)).get_json() == book
    files = [each for each in book["links"] if each["rel"] == OPEN_ACCESS]
    assert files[0]["type"] == "application/epub+zip"
    assert book["images"][0]["type"] == "image/jpeg"


def test_opds_comes_in_the_version_that_is_asked_for(library: Site) -> None:
    visitor = library.visitor()
    kinds = {
        "application/opds+json": "application/opds+json",
        "application/atom+xml": "application/atom+xml",
        "*/*": "application/atom+xml",
        "text/html,*/*;q=0.8": "application/atom+xml",
    }
    for accepted, given in kinds.items():
        answer = visitor.get("/opds", headers={"Accept": accepted})
        assert answer.mimetype == given
        assert "Accept" in answer.vary


def test_feeds_say_when_nothing_changed(library: Site) -> None:
    visitor = library.visitor()
    for path in (*FEEDS, *V2, "/sitemap.xml", "/robots.txt", "/opds/books/candide"):
        first = visitor.get(path)
        assert "public" in first.headers["Cache-Control"]
        assert "Set-Cookie" not in first.headers
        again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, path
        assert first.last_modified is not None
        later = format_datetime(first.last_modified + timedelta(days=1), usegmt=True)
        assert visitor.get(path, headers={"If-Modified-Since": later}).status_code == 304


def test_a_book_keeps_its_id_and_tells_its_releases(sqlite_site: Site) -> None:
    library = sqlite_site
    publish(library, ["Rien."], title="Candide", languages=["fr"])
    before = xml(library, "/opds/books/candide").findtext(f"{ATOM}id")
    with writing(library.engine) as session:
        session.query(Project).filter_by(slug="candide").update({"title": "Candide, ou rien"})
    release(library, "candide")
    entry = xml(library, "/opds/books/candide")
    check_book(entry)
    assert entry.findtext(f"{ATOM}id") == before
    assert entry.findtext(f"{ATOM}title") == "Candide, ou rien"
    past = xml(library, "/feeds/candide.xml").findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in past] == ["Release 2", "Release 1"]
    withdraw(library, "candide", 2)
    withdraw(library, "candide", 1)
    assert library.visitor().get("/opds/books/candide").status_code == 404
    assert b"Candide" not in library.visitor().get("/opds/all").data


def test_an_empty_library_has_whole_feeds(sqlite_site: Site) -> None:
    for path in FEEDS:
        required(xml(sqlite_site, path))
    root = sqlite_site.visitor().get("/opds/v2").get_json()
    assert root["navigation"]
    assert "publications" not in root
    assert "groups" not in root


def test_the_sitemap_names_pages_that_are_there(
    library: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [str(each.text) for each in xml(library, "/sitemap.xml").iter("{*}loc")]
    assert f"{URL}/books/candide" in pages
    assert f"{URL}/books/candide/read/s001" in pages
    for page in pages:
        if "/read/" not in page:
            assert library.visitor().get(page.removeprefix(URL)).status_code == 200, page
    robots = library.visitor().get("/robots.txt").text
    assert f"Sitemap: {URL}/sitemap.xml" in robots
    monkeypatch.setattr("web.feeds.crawling.A_FILE", 1)
    index = xml(library, "/sitemap.xml")
    parts = [str(each.text).removeprefix(URL) for each in index.iter("{*}loc")]
    assert index.tag.endswith("sitemapindex")
    found = [str(each.text) for part in parts for each in xml(library, part).iter("{*}loc")]
    assert sorted(found) == sorted(pages)
    assert library.visitor().get("/sitemap-3.xml").status_code == 404


def test_a_book_page_says_what_it_is_to_programs(library: Site) -> None:
    page = library.visitor().read("/books/walden-elan")
    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    work = json.loads(said)
    assert (work["@type"], work["name"]) == ("Book", "Walden & <Élan>")
    assert [each["name"] for each in work["author"]] == ["Henry Thoreau", "Ann Other"]
    edition = work["workExample"]
    assert edition["bookFormat"] == "https://schema.org/EBook"
    assert edition["wordCount"] == 6
    files = {each["name"]: each for each in edition["encoding"]}
    epub = files["walden-elan.epub"]
    assert epub["contentUrl"] == f"{URL}/books/walden-elan/walden-elan.epub"
    assert len(epub["sha256"]) == 64
