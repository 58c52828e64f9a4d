"""Signing in and out, joining, settings, and links that set a new password."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from library import people
from library.db import writing
from library.models import Login, Person
from tests.support.site import PASSWORD, Site


@pytest.fixture
def ann(site: Site) -> Person:
    with writing(site.engine) as session:
        return people.add_person(session, "ann", PASSWORD, datetime.now(UTC))


@pytest.mark.usefixtures("ann")
def test_sign_in_goes_to_the_desk_or_where_one_came_from(site: Site) -> None:
    answer = site.visitor().post("/sign-in", {"name": "ann", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk")
    fields = {"name": " Ann ", "password": PASSWORD, "next": "/projects?q=walden"}
    assert site.visitor().post("/sign-in", fields).location == "/projects?q=walden"
    fields["next"] = "//evil.example"
    assert site.visitor().post("/sign-in", fields).location == "/desk"


def test_sign_in_may_lead_straight_to_a_page(site: Site, ann: Person) -> None:
    fields = {"name": "ann", "password": PASSWORD, "then": "page"}
    assert "/sign-in?then=page" in site.visitor().read("/")
    assert 'name="then" value="page"' in site.visitor().read("/sign-in?then=page")
    assert site.visitor().post("/sign-in", fields).location == "/desk", "nothing to be had"
    site.project(site.person("olga"), title="Older")
    slug = site.project(site.person("omar"), title="Newer")
    taken = site.visitor().post("/sign-in", fields).location
    assert "Newer" in site.browser(ann).read(taken)
    assert site.visitor().post("/sign-in", fields).location == taken, "the page in hand"
    assert site.browser(ann).post(f"/projects/{slug}/next").location == "/desk", "a newcomer's one"
    wrong = site.visitor().post("/sign-in", {**fields, "password": "not hers"})
    assert 'name="then" value="page"' in wrong.text


@pytest.mark.usefixtures("ann")
def test_sign_in_begins_a_new_session(site: Site) -> None:
    visitor = site.visitor()
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "before"
        before = dict(cookie)
    visitor.post("/sign-in", {"name": "ann", "password": PASSWORD})
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before["csrf_token"]
        assert cookie.permanent
    cookie_header = visitor.get("/desk")
    assert cookie_header.status_code == 200


@pytest.mark.usefixtures("ann")
def test_an_unknown_name_and_a_wrong_password_get_one_answer(site: Site) -> None:
    visitor = site.visitor()
    wrong = visitor.post("/sign-in", {"name": "ann", "password": "not hers"})
    unknown = visitor.post("/sign-in", {"name": "ben", "password": "not hers"})
    assert wrong.status_code == unknown.status_code == 401
    plain = re.compile(r'value="[^"]*"|nonce-[\w-]+')
    assert plain.sub("", wrong.text) == plain.sub("", unknown.text)
    assert 'value="ann"' in wrong.text
    assert "not hers" not in wrong.text


def test_a_closed_account_is_told_only_to_who_knows_its_password(site: Site, ann: Person) -> None:
    with writing(site.engine) as session:
        session.get_one(Person, ann.id).disabled_at = datetime.now(UTC)
    right = site.visitor().post("/sign-in", {"name": "ann", "password": PASSWORD})
    assert right.status_code == 401
    assert "closed" in right.text
    wrong = site.visitor().post("/sign-in", {"name": "ann", "password": "other words"})
    assert "closed" not in wrong.text


def test_sign_out_ends_the_session_on_the_server(site: Site, ann: Person) -> None:
    browser = site.browser(ann)
    with browser.client.session_transaction() as cookie:
        kept = cookie["login"]
    assert browser.post("/sign-out").location == "/"
    with browser.client.session_transaction() as cookie:
        cookie["login"] = kept
    assert browser.get("/desk").status_code == 303


def test_join_makes_an_account_and_signs_it_in(site: Site) -> None:
    visitor = site.visitor()
    fields = {"name": "Cleo", "password": PASSWORD, "next": "/projects"}
    assert visitor.post("/join", fields).location == "/projects"
    assert "cleo" in visitor.read("/settings")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("name", "password", "status", "words"),
    [
        ("a", PASSWORD, 422, "2 to 32"),
        ("ann with blanks", PASSWORD, 422, "2 to 32"),
        ("new", "short", 422, "at least 8"),
        ("ann", PASSWORD, 409, "taken"),
    ],
)
def test_join_tells_beside_the_field_and_keeps_the_name(
    site: Site, name: str, password: str, status: int, words: str
) -> None:
    answer = site.visitor().post("/join", {"name": name, "password": password})
    assert answer.status_code == status
    assert words in answer.text
    assert f'value="{name}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert password not in answer.text.replace(name, "")


def test_settings_are_for_who_is_signed_in(site: Site, ann: Person) -> None:
    assert site.visitor().get("/settings").location == "/sign-in?next=/settings"
    assert "ann" in site.browser(ann).read("/settings")


def test_a_new_password_ends_every_other_session(site: Site, ann: Person) -> None:
    here, elsewhere = site.browser(ann), site.browser(ann)
    wrong = here.post("/settings/password", {"current": "no", "password": "new words here"})
    assert (wrong.status_code, elsewhere.get("/desk").status_code) == (422, 200)
    right = here.post("/settings/password", {"current": PASSWORD, "password": "new words here"})
    assert right.status_code == 303
    assert here.get("/desk").status_code == 200
    assert elsewhere.get("/desk").status_code == 303
    fields = {"name": "ann", "password": "new words here"}
    assert site.visitor().post("/sign-in", fields).status_code == 303


def test_a_token_is_shown_once_and_works_until_revoked(site: Site, ann: Person) -> None:
    browser = site.browser(ann)
    browser.post("/settings/tokens")
    page = browser.read("/settings")
    token = re.search(r'value="(galley_[\w-]+)"', page)
    assert token
    assert token[1] not in browser.read("/settings")
    headers = {"Authorization": f"Bearer {token[1]}"}
    mine = site.app.test_client().get("/api/v1/me", headers=headers)
    assert mine.get_json()["name"] == "ann"
    revoke = re.search(r'action="(/settings/tokens/\d+/revoke)"', page)
    assert revoke
    browser.post(revoke[1])
    assert site.app.test_client().get("/api/v1/me", headers=headers).status_code == 401


def test_nobody_revokes_a_token_of_somebody_else(site: Site, ann: Person) -> None:
    other = site.person("ben")
    api = site.api(ann)
    site.browser(other).post("/settings/tokens/1/revoke")
    assert api.get("/me").status_code == 200


def test_the_desk_is_set_by_a_form(site: Site, ann: Person) -> None:
    browser = site.browser(ann)
    page = browser.read("/settings")
    assert re.search(r'value="mono" checked', page)
    assert re.search(r'value="off" checked', page)
    assert page.count(" checked") == 2
    answer = browser.post(
        "/settings/preferences", {"face": "book", "proof_marks": "lookalikes", "blind": "1"}
    )
    assert answer.location == "/settings"
    page = browser.read("/settings")
    for chosen in ('value="book" checked', 'value="lookalikes" checked'):
        assert chosen in page
    assert re.search(r'name="blind" value="1" checked', page)
    expected = {"face": "book", "proof_marks": "lookalikes", "blind": True}
    given = site.api(ann).get("/me/desk").get_json()
    assert (given["wide"], given["narrow"]) == (expected, expected)
    browser.post("/settings/preferences", {"face": "<script>"})
    assert site.api(ann).get("/me/desk").get_json()["wide"] == {
        "face": "book", "proof_marks": "lookalikes",
    }  # fmt: skip


def test_the_chosen_typeface_is_on_the_desk_in_every_browser(site: Site, ann: Person) -> None:
    slug = site.project(site.person("olga"))
    site.api(ann).put("/me/desk", {"wide": {"face": "sans"}})
    task = site.api(ann).post(f"/projects/{slug}/checkouts", {}).get_json()["id"]
    assert 'data-face="sans"' in site.browser(ann).read(f"/proof/{task}")


@pytest.mark.usefixtures("ann")
def test_a_reset_link_works_once(site: Site) -> None:
    admin = site.person("root", role="admin")
    boss = site.browser(admin)
    boss.post("/admin/people/ann/reset")
    link = re.search(r'value="https?://[^/]+(/reset/[\w-]+)"', boss.read("/admin/people"))
    assert link
    visitor = site.visitor()
    assert visitor.post(link[1], {"password": "short"}).status_code == 422
    assert visitor.post(link[1], {"password": "entirely new words"}).location == "/desk"
    again = site.visitor().post(link[1], {"password": "entirely newer words"})
    assert again.status_code == 404
    fields = {"name": "ann", "password": "entirely new words"}
    assert site.visitor().post("/sign-in", fields).status_code == 303


def test_sign_in_is_limited_by_address(limited_site: Site) -> None:
    visitor = limited_site.visitor()
    fields = [{"name": f"person{n}", "password": "x"} for n in range(11)]
    statuses = [visitor.post("/sign-in", each).status_code for each in fields]
    assert statuses == [401] * 10 + [429]
    answer = visitor.post("/sign-in", fields[0])
    assert int(answer.headers["Retry-After"]) <= 60


def test_failed_sign_ins_are_limited_by_account(limited_site: Site) -> None:
    with writing(limited_site.engine) as session:
        people.add_person(session, "ann", PASSWORD, datetime.now(UTC))

    def attempt(password: str, address: str) -> int:
        fields = {"name": "ANN", "password": password}
        place = {"REMOTE_ADDR": address}
        return limited_site.visitor().post("/sign-in", fields, environ_base=place).status_code

    assert attempt(PASSWORD, "192.0.2.99") == 303
    assert [attempt("x", f"192.0.2.{n}") for n in range(10)] == [401] * 10
    assert attempt(PASSWORD, "192.0.2.200") == 429


def test_closed_registration_makes_no_account(site: Site) -> None:
    closed = replace(site.place.settings, registration_open=False)
    shut = Site(closed, site.engine)
    answer = shut.visitor().post("/join", {"name": "dora", "password": PASSWORD})
    assert answer.status_code == 403
    assert "admin" in answer.text
    with shut.look() as session:
        assert people.find_person(session, "dora") is None


@pytest.mark.usefixtures("ann")
def test_sessions_last_thirty_days(site: Site) -> None:
    site.visitor().post("/sign-in", {"name": "ann", "password": PASSWORD})
    with site.look() as session:
        login = session.query(Login).one()
        assert (login.expires_at - login.created_at).days == 30
