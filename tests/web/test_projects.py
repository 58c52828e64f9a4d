"""Books being worked on, as pages: adding, looking, managing, settling, releasing."""

import re

import pytest
from PIL import Image

from library.db import writing
from library.models import Page, Person
from pipeline.models import OcrRun
from tests.support import rows
from tests.support.site import Site, encoded, png, zipped
from web.security import FORM_BYTES

BOOK = {
    "title": "Walden",
    "author": "Henry David Thoreau",
    "languages": "en",
    "year": "1854",
    "subjects": "Nature\r\n\r\nSolitude",
    "rounds": ["P1", "P2", "F1"],
    "rights_basis": "us-expired",
    "open_when_read": "1",
}


@pytest.fixture
def olga(site: Site) -> Person:
    return site.person("olga", role="coordinator")


def test_a_book_is_added_with_its_scans_in_one_go(site: Site, olga: Person) -> None:
    browser = site.browser(olga)
    assert "Add a book" in browser.read("/add")
    packed = zipped({"2.png": png(["Second page"]), "1.png": png(["First page"])})
    answer = browser.send("/add", BOOK, ("scans.zip", packed), ("bad.png", b"no picture"))
    assert answer.status_code == 303
    page = browser.read(answer.location)
    assert re.search(r"scans\.zip</strong></span><span[^>]*>2 pages", page)
    assert "bad.png" in page
    assert "none of the formats" in page
    project = site.project_row("walden")
    assert (project.year, project.subjects, project.opened) == (1854, ["Nature", "Solitude"], True)
    assert project.rights["basis"].startswith("Public domain in the United States")
    site.work("ocr")
    assert "all done" in browser.read("/projects/walden/reading")
    ben = site.browser(site.person("ben"))
    assert ben.post("/projects/walden/next").location.startswith("/proof/")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title": " "}, "title", "needs a title"),
        ({"title": "x" * 501}, "title", "at most 500"),
        ({"year": "MDCCC"}, "year", "four digits"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "begins with https://"),
        ({"languages": "xx"}, "languages", "no OCR"),
        ({"rounds": []}, "rounds", "at least one round"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_field(
    sqlite_site: Site, change: dict[str, object], field: str, words: str
) -> None:
    browser = sqlite_site.browser(sqlite_site.person("olga"))
    answer = browser.send("/add", {**BOOK, **change}, ("a.png", png()))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Henry David Thoreau" in answer.text
    assert sqlite_site.api(None).get("/projects").get_json()["items"] == []


def test_no_project_is_made_of_no_scans(sqlite_site: Site) -> None:
    browser = sqlite_site.browser(sqlite_site.person("olga"))
    for files in ((), (("a.png", b"no"), ("b.pdf", b"no"))):
        answer = browser.send("/add", BOOK, *files)
        assert answer.status_code == 422
        assert 'id="files-error"' in answer.text
    assert "a.png: " in answer.text
    assert "b.pdf: " in answer.text
    assert sqlite_site.api(None).get("/projects").get_json()["items"] == []


def test_more_scans_come_behind(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga")
    slug, browser = sqlite_site.project(olga), sqlite_site.browser(olga)
    answer = browser.send(f"/projects/{slug}/scans", {}, ("new.png", png()))
    assert "new.png" in browser.read(answer.location)
    assert len(sqlite_site.api(None).get(f"/projects/{slug}/pages").get_json()["items"]) == 4
    assert browser.send(f"/projects/{slug}/scans", {}).status_code == 422


def test_what_arrived_is_told_to_who_sent_it(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga")
    slug, browser = sqlite_site.project(olga, pages=0), sqlite_site.browser(olga)
    location = browser.send(f"/projects/{slug}/scans", {}, ("mine.png", png())).location
    assert "What arrived" in browser.read(location)
    assert "What arrived" not in sqlite_site.visitor().read(location)


def test_the_reading_page_costs_nothing_while_nothing_changes(site: Site, olga: Person) -> None:
    slug, browser = site.project(olga, pages=0), site.browser(olga)
    with writing(site.engine) as session:
        rows.add_page(session, session.merge(site.project_row(slug)), ocr="running")
    answer = browser.get(f"/projects/{slug}/reading")
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert "being read" in answer.text
    assert browser.get(f"/projects/{slug}/reading", headers=etag).status_code == 304
    with writing(site.engine) as session:
        session.query(OcrRun).update({"state": "failed", "reason": "Too dark to read."})
    changed = browser.get(f"/projects/{slug}/reading", headers=etag)
    assert changed.status_code == 200
    assert "Too dark to read." in changed.text
    again = browser.post(f"/projects/{slug}/reading/again", {"page": "failed"})
    assert again.status_code == 303
    assert "1 page is read again." in browser.read(again.location)


def test_lists_are_filtered_by_the_address(site: Site, olga: Person) -> None:
    for title, language in (("Walden", "en"), ("Candide", "fr"), ("Walden Two", "en")):
        site.project(olga, title=title, languages=[language])
    visitor = site.visitor()
    assert all(title in visitor.read("/projects") for title in ("Walden", "Candide"))
    found = visitor.read("/projects?q=walden")
    assert "Candide</a>" not in found
    assert "Walden Two</a>" in found
    assert "Walden</a>" not in visitor.read("/projects?language=fr")
    none = visitor.read("/projects?q=nothing+like+it")
    assert "3 are waiting under other words" in none
    assert "No book matches" in visitor.read("/projects?q=%25")


def test_long_lists_come_in_parts(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga")
    for number in range(45):
        sqlite_site.project(olga, pages=0, title=f"Book {number:02}")
    visitor = sqlite_site.visitor()
    first = visitor.read("/projects")
    more = re.search(r'href="(/projects\?after=\d+)"', first)
    assert more
    second = visitor.read(more[1])
    titles = re.findall(r">(Book \d\d)</a>", first + second)
    assert sorted(titles) == [f"Book {number:02}" for number in range(45)]


def test_a_book_shows_its_pages_and_what_one_can_do(site: Site, olga: Person) -> None:
    slug = site.project(olga)
    ann = site.person("ann")
    browser = site.browser(ann)
    assert "Proofread a page" in site.visitor().read(f"/projects/{slug}")
    browser.post(f"/projects/{slug}/next")
    page = browser.read(f"/projects/{slug}")
    assert "Continue on page 1" in page
    assert 'class="cell is-mine"' in page
    other = site.browser(site.person("ben")).read(f"/projects/{slug}")
    assert "ann has it" in other
    assert "Manage" not in other
    assert "Manage" in site.browser(olga).read(f"/projects/{slug}")
    ready = browser.read(f"/projects/{slug}?show=ready")
    assert len(re.findall(r'<a class="cell', ready)) == 2
    assert "No pages here." in browser.read(f"/projects/{slug}?show=problems")


def test_a_page_tells_its_rounds_and_what_changed(site: Site, olga: Person) -> None:
    slug = site.project(olga, pages=["one two three"])
    ann = site.browser(site.person("ann"))
    task = ann.post(f"/projects/{slug}/next").location.rsplit("/", 1)[1]
    ann.post(f"/proof/{task}/done", {"text": "one two 3", "version": 0})
    page = site.visitor().read(f"/projects/{slug}/pages/1")
    assert "Handed in: First proofreading" in page
    compare = re.search(r'href="([^"]+\?a=ocr&amp;b=\d+)"', page)
    assert compare
    difference = site.visitor().read(compare[1].replace("&amp;", "&"))
    assert "<del>three</del><ins>3</ins>" in difference
    assert site.visitor().get(f"/projects/{slug}/pages/1?a=ocr&b=99").status_code == 404
    assert site.visitor().get(f"/projects/{slug}/pages/2").status_code == 404
    with site.look() as session:
        page_id = session.query(Page).one().id
    lasting = site.visitor().get(f"/projects/{slug}/pages/id:{page_id}")
    assert lasting.location == f"/projects/{slug}/pages/1"
    refused = ann.post(f"/projects/{slug}/pages/1/send-back", {"task": task, "reason": "x"})
    assert refused.status_code in (403, 409)
    form = {"task": task, "reason": "Look at line one"}
    site.browser(olga).post(f"/projects/{slug}/pages/1/send-back", form)
    assert "Look at line one" in site.visitor().read(f"/projects/{slug}/pages/1")


def test_managing_changes_what_was_typed_and_keeps_the_rest(site: Site, olga: Person) -> None:
    slug = site.project(olga, title="Walden", languages=["en", "fr"])
    browser = site.browser(olga)
    assert 'value="Walden"' in browser.read(f"/projects/{slug}/manage")
    fields = {**BOOK, "title": "Walden, again", "note": "Keep\r\nthe spelling.", "opened": "1",
              "state": "paused"}  # fmt: skip
    answer = browser.post(f"/projects/{slug}/manage", fields)
    assert (answer.status_code, answer.location) == (303, f"/projects/{slug}/manage")
    project = site.project_row(slug)
    assert (project.title, project.state, project.note) == (
        "Walden, again", "paused", "Keep\nthe spelling.",
    )  # fmt: skip
    assert project.languages == ["en", "fr"]
    wrong = browser.post(f"/projects/{slug}/manage", {**fields, "title": "", "author": "Typed"})
    assert wrong.status_code == 422
    assert 'value="Typed"' in wrong.text
    moved = browser.post(f"/projects/{slug}/manage", {**fields, "rounds": ["F1"]})
    assert moved.status_code == 422
    assert "Pages have entered P1" in moved.text


def test_kinds_of_pages_are_for_people_to_say(site: Site, olga: Person) -> None:
    slug, browser = site.project(olga), site.browser(olga)
    with writing(site.engine) as session:
        session.query(Page).filter_by(number=2).update({"proposed_kind": "blank"})
    assert "It is blank" in browser.read(f"/projects/{slug}/manage")
    browser.post(f"/projects/{slug}/manage/pages", {"pages": "2-3", "kind": "blank"})
    assert "It is blank" not in browser.read(f"/projects/{slug}/manage")
    counts = site.api(None).get(f"/projects/{slug}").get_json()["pages"]
    assert counts["finished"] == 2
    for form in ({"pages": "9", "kind": "blank"}, {"pages": "x", "kind": "blank"},
                 {"pages": "1", "kind": "odd"}):  # fmt: skip
        assert browser.post(f"/projects/{slug}/manage/pages", form).status_code == 422


def test_coordinators_are_added_and_removed_by_name(site: Site, olga: Person) -> None:
    slug, browser = site.project(olga), site.browser(olga)
    site.person("ben")
    path = f"/projects/{slug}/manage/coordinators"
    assert browser.post(path, {"remove": "olga"}).status_code == 422
    assert browser.post(path, {"add": "nobody"}).status_code == 422
    assert browser.post(path, {"add": "Ben"}).status_code == 303
    assert browser.post(path, {"add": "ben"}).status_code == 422
    assert browser.post(path, {"remove": "olga"}).location == f"/projects/{slug}"
    assert browser.get(f"/projects/{slug}/manage").status_code == 403


def test_a_book_is_removed_or_archived(site: Site, olga: Person) -> None:
    first, second = site.project(olga), site.project(olga)
    browser = site.browser(olga)
    assert browser.post(f"/projects/{first}/manage/remove").location == "/projects"
    assert browser.get(f"/projects/{first}").status_code == 410
    ann = site.browser(site.person("ann"))
    task = ann.post(f"/projects/{second}/next").location
    ann.post(f"{task}/save", {"text": "x", "version": 0})
    browser.post(f"/projects/{second}/manage/remove")
    assert site.project_row(second).state == "archived"
    assert ann.get(f"/projects/{second}").status_code == 200


@pytest.mark.parametrize("action", ["clear", "skip", "replace"])
def test_a_reported_scan_is_settled(sqlite_site: Site, action: str) -> None:
    site, olga = sqlite_site, sqlite_site.person("olga")
    slug, browser = site.project(olga, pages=1), site.browser(olga)
    ann = site.browser(site.person("ann"))
    task = ann.post(f"/projects/{slug}/next").location.rsplit("/", 1)[1]
    ann.post(f"/proof/{task}/bad", {"reason": "cut-off", "detail": "at the left"})
    page = browser.read(f"/projects/{slug}/problems")
    assert "Cut off: at the left" in page
    assert "1 scan was reported" in browser.read(f"/projects/{slug}")
    path, form = f"/projects/{slug}/problems/1", {"action": action, "task": task}
    if action == "replace":
        assert browser.send(path, form, ("a.png", b"no"), field="file").status_code == 422
        browser.send(path, form, ("better.png", png(["A better scan"])), field="file")
        site.work("ocr")
        taken = ann.post(f"/projects/{slug}/next").location
        assert "A better scan" in ann.read(taken)
    else:
        assert browser.post(path, form).location == f"/projects/{slug}/problems"
        assert "Nothing to settle." in browser.read(f"/projects/{slug}/problems")
        wanted = "done" if action == "skip" else "available"
        [state] = {
            each["state"]
            for each in site.api(None).get(f"/projects/{slug}/pages/1").get_json()["rounds"][:1]
        }
        assert state == wanted


def test_a_release_from_its_page(site: Site, olga: Person) -> None:
    slug = site.project(olga, pages=[""], rounds_=["P1"], one_person=True)
    browser = site.browser(olga)
    task = browser.post(f"/projects/{slug}/next").location
    browser.post(f"{task}/done", {"text": "Words [**odd] here.", "version": 0})
    page = browser.read(f"/projects/{slug}/release")
    assert "Being built" in page
    assert browser.get(f"/projects/{slug}/preview.epub").location == f"/projects/{slug}/release"
    site.work("books")
    page = browser.read(f"/projects/{slug}/release")
    assert "1 error is open" in page
    assert "Anonymous" in page
    assert browser.get(f"/projects/{slug}/preview.epub").data[:2] == b"PK"
    assert browser.get(f"/projects/{slug}/preview.pdf").status_code == 400
    browser.post(f"/projects/{slug}/release")
    site.work("books")
    assert "Held by open errors" in browser.read(f"/projects/{slug}/release")
    assert site.visitor().get(f"/books/{slug}").status_code == 404
    browser.post(f"/projects/{slug}/release", {"with_open_findings": "1"})
    assert "Published" in browser.read(f"/projects/{slug}/release")
    assert site.visitor().get(f"/books/{slug}").status_code == 200
    browser.post(f"/projects/{slug}/release/withdraw", {"number": "1"})
    assert site.visitor().get(f"/books/{slug}").status_code == 404


def test_an_empty_book_has_a_release_page_too(site: Site, olga: Person) -> None:
    slug = site.project(olga, pages=0)
    page = site.browser(olga).read(f"/projects/{slug}/release")
    assert "has no pages yet" in page


def test_large_scans_are_taken_where_scans_are_sent(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga")
    browser = sqlite_site.browser(olga)
    noise = Image.effect_noise((2500, 2500), 90)
    scan = encoded(noise, "PNG")
    assert len(scan) > FORM_BYTES
    assert browser.send("/add", BOOK, ("large.png", scan)).status_code == 303
    too_much = browser.send("/projects/walden/manage", BOOK, ("large.png", scan))
    assert too_much.status_code == 413
    assert "send it in parts" in too_much.text


def test_the_release_page_does_not_say_nothing_before_it_looked(site: Site, olga: Person) -> None:
    slug, browser = site.project(olga, pages=1), site.browser(olga)
    assert "Nothing found." not in browser.read(f"/projects/{slug}/release")
    site.work("books")
    assert "has not been through every round" in browser.read(f"/projects/{slug}/release")
