"""Findings on the release page's part: shown by kind, corrected and dismissed without a script."""

import html
import re

from library.models import Person
from tests.support.site import Site

REPEATED = "It was said by the the man,\nand a a woman heard."


def finished(site: Site, olga: Person, *texts: str) -> str:
    """Return a project of one round whose pages are all handed in, with its findings looked for."""
    slug = site.project(olga, pages=["" for _ in texts], rounds_=["P1"], one_person=True)
    api = site.api(olga)
    for text in texts:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    api.get(f"/projects/{slug}/checks")
    site.work("books")
    return slug


def forms(page: str, action: str) -> list[dict[str, str]]:
    """Return the hidden and other fields of each form of a page with this action."""
    found = re.findall(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    field = re.compile(r'<(?:input|button)[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"')
    return [{name: html.unescape(value) for name, value in field.findall(form)} for form in found]


def test_a_line_is_corrected_where_it_was_found(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, browser = finished(site, olga, REPEATED), site.browser(olga)
    page = browser.get(f"/projects/{slug}/findings").text
    assert "A word twice in a row" in page
    assert "<mark>the the</mark>" in page
    first, second = forms(page, "findings/correct")
    assert first["new"] == first["old"] == "It was said by the the man,"
    answer = browser.post(
        f"/projects/{slug}/findings/correct", data={**first, "new": "It was said by the man,"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#kind-word-repeated")
    page = browser.get(f"/projects/{slug}/findings").text
    assert "<mark>the the</mark>" not in page
    assert [form["old"] for form in forms(page, "findings/correct")] == [second["old"]]
    again = browser.post(
        f"/projects/{slug}/findings/correct", data={**first, "new": "It was said by a man,"}
    )
    assert again.status_code == 409
    assert "This line has changed" in again.text


def test_a_correction_that_changes_nothing_is_shown_again_with_its_reason(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, browser = finished(site, olga, REPEATED), site.browser(olga)
    form = forms(browser.get(f"/projects/{slug}/findings").text, "findings/correct")[0]
    answer = browser.post(f"/projects/{slug}/findings/correct", data=form)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_findings_are_dismissed_one_by_one_and_by_kind_and_come_back(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug, browser = finished(site, olga, REPEATED), site.browser(olga)
    address = f"/projects/{slug}/findings"
    one, _two, kind = forms(browser.get(address).text, "findings/dismiss")
    assert (one["action"], kind["key"]) == ("dismiss", "")
    browser.post(f"{address}/dismiss", data=one)
    page = browser.get(address).text
    assert "1 finding<" in page
    assert "bring back" in {form["action"] for form in forms(page, "findings/dismiss")}
    browser.post(f"{address}/dismiss", data=kind)
    page = browser.get(address).text
    assert "0 findings<" in page
    assert "Nothing found." in page
    back = next(f for f in forms(page, "findings/dismiss") if f["key"] == "")
    browser.post(f"{address}/dismiss", data=back)
    assert "1 finding<" in browser.get(address).text


def test_anybody_may_look_and_only_who_may_can_act(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = finished(site, olga, REPEATED)
    page = site.visitor().read(f"/projects/{slug}/findings")
    assert forms(page, "findings/correct") == forms(page, "findings/dismiss") == []
    vera = site.browser(site.person("vera"))
    page = vera.get(f"/projects/{slug}/findings").text
    assert len(forms(page, "findings/correct")) == 2
    assert forms(page, "findings/dismiss") == []
    data = {"code": "word-repeated", "key": "", "action": "dismiss"}
    assert vera.post(f"/projects/{slug}/findings/dismiss", data=data).status_code == 403


def test_a_link_goes_to_the_words_on_their_page(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    slug = finished(site, olga, REPEATED)
    page = site.visitor().get(f"/projects/{slug}/findings").text
    assert f'href="/projects/{slug}/pages/1#:~:text=said%20by-,the%20the"' in page


def test_all_of_a_kind_are_on_a_page_of_their_own(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    lines = "\n".join(f"This is the the line number {n}0{n}." for n in range(1, 13))
    slug = finished(site, olga, lines)
    page = site.visitor().get(f"/projects/{slug}/findings").text
    assert page.count("<mark>the the</mark>") == 8
    assert "All 12 of this kind" in page
    page = site.visitor().get(f"/projects/{slug}/findings?kind=word-repeated").text
    assert page.count("<mark>the the</mark>") == 12
