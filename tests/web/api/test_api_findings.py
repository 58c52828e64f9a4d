"""What whole-book checks find, by the API, on a book built for real."""

from library.models import Person
from tests.support.site import Api, Site

REPEATED = "It was said by the the man.\nNobody heard."


def finished(site: Site, olga: Person, *texts: str) -> str:
    """Return a project of one round whose pages are all handed in with these texts."""
    slug = site.project(olga, pages=["" for _ in texts], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in texts:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    return slug


def checks(site: Site, api: Api, slug: str) -> list[dict[str, object]]:
    """Return the findings, once they have been looked for."""
    answer = api.get(f"/projects/{slug}/checks")
    if answer.status_code == 202:
        site.work("books")
        answer = api.get(f"/projects/{slug}/checks")
    items: list[dict[str, object]] = answer.get_json()["items"]
    return items


def test_a_finding_is_told_with_its_place_and_corrected_there(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, api = finished(site, olga, REPEATED), site.api(olga)
    [found] = [each for each in checks(site, api, slug) if each["code"] == "word-repeated"]
    assert (found["page"], found["line"], found["span"]) == (1, 1, [15, 22])
    assert found["dismissed"] is False
    line = {"line": 1, "old": "It was said by the the man.", "new": "It was said by the man."}
    done = api.post(f"/projects/{slug}/pages/1/corrections", line)
    assert done.status_code == 200
    assert done.get_json()["text"] == "It was said by the man.\nNobody heard."
    assert api.get(f"/projects/{slug}/pages/1").get_json()["text"] == done.get_json()["text"]
    again = api.post(f"/projects/{slug}/pages/1/corrections", line)
    assert again.status_code == 409
    assert again.get_json()["current"]["line"] == "It was said by the man."
    assert "word-repeated" not in {each["code"] for each in checks(site, api, slug)}


def test_a_dismissed_finding_is_told_as_such_until_it_is_brought_back(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, api = finished(site, olga, REPEATED), site.api(olga)
    [found] = [each for each in checks(site, api, slug) if each["code"] == "word-repeated"]
    address, row = (
        f"/projects/{slug}/checks/dismissals",
        {"code": found["code"], "key": found["key"]},
    )
    assert site.api(site.person("vera")).post(address, row).status_code == 403
    assert api.post(address, row).status_code == 200
    [found] = [each for each in checks(site, api, slug) if each["code"] == "word-repeated"]
    assert found["dismissed"] is True
    assert api.post(address, {**row, "dismissed": False}).status_code == 200
    [found] = [each for each in checks(site, api, slug) if each["code"] == "word-repeated"]
    assert found["dismissed"] is False


def test_a_release_is_held_by_its_errors_until_each_is_dismissed(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, api = finished(site, olga, "Words [**what is this?] here."), site.api(olga)
    api.post(f"/projects/{slug}/releases", {})
    site.work("books")
    [release] = api.get(f"/projects/{slug}/releases").get_json()["items"]
    assert release["state"] == "held"
    for found in release["findings"]:
        row = {"code": found["code"], "key": found["key"]}
        api.post(f"/projects/{slug}/checks/dismissals", row)
    asked = api.post(f"/projects/{slug}/releases", {}).get_json()
    assert (asked["number"], asked["state"]) == (release["number"], "published")
    assert all(found["dismissed"] for found in asked["findings"] if found["severity"] == "error")
