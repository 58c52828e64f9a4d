"""Printed numbers of a whole book by the API."""

import sqlalchemy as sa

from library.models import Job
from tests.support.site import Site


def test_all_pages_are_labelled_by_ranges(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=4)
    api = site.api(olga)
    answer = api.post(f"/projects/{slug}/labels", {"ranges": "[1 cover], ii-iii, 1"})
    assert answer.status_code == 200
    assert [item["label"] for item in answer.get_json()["items"]] == ["", "ii", "iii", "1"]
    assert api.get(f"/projects/{slug}/labels").get_json() == {
        "ranges": "[1 unnumbered], ii-iii, 1",
        "known": True,
        "flaws": [],
    }
    refused = api.post(f"/projects/{slug}/labels", {"ranges": "1-3"})
    assert refused.status_code == 422
    assert "the book has 4" in refused.get_json()["errors"]["ranges"]
    said = "were given their printed numbers"
    assert said in site.browser(olga).read(f"/projects/{slug}")
    ben = site.api(site.person("ben"))
    assert ben.post(f"/projects/{slug}/labels", {"ranges": "1-4"}).status_code == 403


def test_missing_and_doubled_pages_are_told(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=5)
    api = site.api(olga)
    api.post(f"/projects/{slug}/labels", {"ranges": "116-117, 119, 119, 3"})
    told = site.api(None).get(f"/projects/{slug}/labels").get_json()["flaws"]
    assert [(flaw["code"], flaw["page"]) for flaw in told] == [
        ("missing", 3),
        ("twice", 4),
        ("order", 5),
    ]
    assert told[0]["sentence"] == "Page 118 seems to be missing."
    assert "Page 118 seems to be missing." in site.browser(olga).read(f"/projects/{slug}/reading")


def test_labels_are_left_to_the_machine_again(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=5)
    api = site.api(olga)
    api.post(f"/projects/{slug}/labels", {"ranges": "1-5"})
    api.post(f"/projects/{slug}/labels", {"ranges": ""})
    given = api.get(f"/projects/{slug}/labels").get_json()
    assert given == {"ranges": "[5 unnumbered]", "known": False, "flaws": []}
    with site.look() as session:
        asked = sa.select(Job.state).where(Job.kind == "arrange-book")
        assert session.scalars(asked).all() == ["pending"]
