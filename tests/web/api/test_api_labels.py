"""Printed numbers of a whole book by the API."""

from tests.support.site import Site


def test_all_pages_are_labelled_by_ranges(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = site.project(olga, pages=4)
    api = site.api(olga)
    answer = api.post(f"/projects/{slug}/labels", {"ranges": "[1 cover], ii-iii, 1"})
    assert answer.status_code == 200
    assert [item["label"] for item in answer.get_json()["items"]] == ["", "ii", "iii", "1"]
    refused = api.post(f"/projects/{slug}/labels", {"ranges": "1-3"})
    assert refused.status_code == 422
    assert "the book has 4" in refused.get_json()["errors"]["ranges"]
    said = "were given their printed numbers"
    assert said in site.browser(olga).read(f"/projects/{slug}")
    ben = site.api(site.person("ben"))
    assert ben.post(f"/projects/{slug}/labels", {"ranges": "1-4"}).status_code == 403
