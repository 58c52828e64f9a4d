"""Reading online: chapters, lines and pages that can be addressed, answers that may be kept."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.support.site import Site

GOLDEN = Path(__file__).parent.parent / "golden"
FIRST = "\n\n\n\nCHAPTER I\n\n\nIt was a day of days, and nobody who saw it could ever"
SECOND = "Another day came.[1] It was as long as\nthe first, and nothing was said of it."
PAGES = [
    f"{FIRST}\nforget how the sun stood over the town that even-",
    f"ing, as if it would not go.\n\n\n\n\nCHAPTER II\n\n\n{SECOND}\n\n[Footnote 1: So <i>it</i>.]",
    "\n\n\n\nCHAPTER III\n\n\nAnd that was the end.\n\n[Illustration: A town]",
]


def publish(site: Site, **fields: object) -> str:
    owner = site.person("")
    fields = {"title": "Days <& Nights>", "author": "Ann Other", **fields}
    slug = site.project(owner, pages=PAGES, rounds_=["P1"], **fields)
    site.api(owner).post(f"/projects/{slug}/releases", {"with_open_findings": True})
    site.work("books")
    return slug


def test_title_and_contents_lead_to_chapters_and_chapters_to_each_other(site: Site) -> None:
    slug = publish(site)
    visitor = site.visitor()
    first = visitor.read(f"/books/{slug}/read/")
    assert "Days &lt;&amp; Nights&gt;" in first
    assert re.findall(rf'href="/books/{slug}/read/(\w+)"[^>]* lang="en">([^<]*)</a>', first) == [
        ("s001", "CHAPTER I"), ("s002", "CHAPTER II"), ("s003", "CHAPTER III"),
        ("colophon", "Colophon"),
    ]  # fmt: skip
    page = visitor.read(f"/books/{slug}/read/s002")
    assert f'<link rel="prev" href="/books/{slug}/read/s001">' in page
    assert f'<link rel="next" href="/books/{slug}/read/s003">' in page
    assert '<span id="p2l9">Another day came.<a id="r1" href="#n1"' in page
    assert '<aside id="n1" role="doc-footnote">' in page
    assert visitor.get(f"/books/{slug}/read").headers["Location"].endswith(f"/books/{slug}/read/")


def test_page_numbers_lead_to_scans_here_also_of_the_page_a_chapter_begins_on(site: Site) -> None:
    slug = publish(site)
    visitor = site.visitor()
    first = visitor.read(f"/books/{slug}/read/s001")
    marks = re.findall(r'<a id="pg(\d)" class="pg" href="([^"]*)"', first)
    assert [number for number, _ in marks] == ["1", "2"]
    assert all(re.fullmatch(rf"/projects/{slug}/pages/id:\d+", href) for _, href in marks)
    assert "data-page-scan" not in first
    assert visitor.get(marks[1][1]).status_code in (200, 302, 308)
    second = visitor.read(f"/books/{slug}/read/s002")
    assert f'data-page-scan="{marks[1][1]}"' in second


def test_a_line_or_page_is_found_in_whatever_chapter_it_stands(site: Site) -> None:
    slug = publish(site)
    visitor = site.visitor()
    for at, there in {
        "p1l8": "s001#p1l8", "p2l1": "s001#p2l1", "p2l6": "s002#p2l6", "p2l12": "s002#p2l12",
        "pg2": "s001#pg2", "p3l5": "s003#p3l5",
    }.items():  # fmt: skip
        answer = visitor.get(f"/books/{slug}/read/?at={at}")
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"/books/{slug}/read/{there}"), at
    for at in ("p9l1", "p1l99", "pg9", "x", "p1l8x", "p" + "9" * 30):
        assert visitor.get(f"/books/{slug}/read/?at={at}").status_code == 404, at


@pytest.mark.parametrize("path", ["s004", "s0", "index", "contents.json", "..%2fpages.json",
                                  "images/none.jpg", "s001.html", "book.css/x"])  # fmt: skip
def test_what_is_not_there_is_not_found(sqlite_site: Site, path: str) -> None:
    slug = publish(sqlite_site)
    answer = sqlite_site.visitor().get(f"/books/{slug}/read/{path}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.get_data(as_text=True)


def test_nothing_is_read_before_a_release(sqlite_site: Site) -> None:
    slug = sqlite_site.project(sqlite_site.person("olga"))
    for path in ("", "s001", "book.css", "images/cover.jpg"):
        assert sqlite_site.visitor().get(f"/books/{slug}/read/{path}").status_code == 404


def test_answers_are_kept_until_they_change(sqlite_site: Site) -> None:
    slug = publish(sqlite_site)
    visitor = sqlite_site.visitor()
    style = re.search(
        r'href="(/books/[^"]*/book\.css\?v=\w+)"', visitor.read(f"/books/{slug}/read/")
    )
    assert style is not None
    sheet = visitor.get(style[1])
    assert sheet.mimetype == "text/css"
    assert sheet.get_data(as_text=True).startswith(".book {\nbody")
    assert "immutable" in sheet.headers["Cache-Control"]
    picture = visitor.get(f"/books/{slug}/read/images/cover.jpg")
    assert Image.open(io.BytesIO(picture.data)).format == "JPEG"
    assert picture.headers["Cache-Control"] == "public, no-cache"
    for path in (style[1], f"/books/{slug}/read/images/cover.jpg", f"/books/{slug}/read/s001"):
        answer = visitor.get(path)
        again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
