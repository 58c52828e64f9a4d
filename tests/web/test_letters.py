"""Mail, from what people do to what a real mail server takes: addresses, passwords, reminders."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from library import mail, mail_sending, people, queue
from library.config import Settings
from library.db import writing
from library.errors import InvalidError
from library.mail_models import Letter, MailAddress
from library.models import Event, Job, Person, Project, Upload
from proofing import reminders
from proofing.models import PageTask
from tests.support import mail_server
from tests.support.mail_server import MailServer
from tests.support.site import PASSWORD, Site


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server.serving() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, server: MailServer) -> Settings:
    return replace(settings, smtp_url=server.url, mail_from="books@galley.example")


def _text(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r", "")


def _link(letter: EmailMessage) -> str:
    """The path of the link in a letter."""
    found = re.search(r"^https?://[^/\s]+(/\S+)$", _text(letter), re.MULTILINE)
    assert found is not None
    return found[1]


def _reader(site: Site, name: str = "ann", address: str = "ann@example.org") -> Person:
    """Somebody with a confirmed address."""
    person = site.person(name)
    with writing(site.engine) as session:
        session.add(MailAddress(person_id=person.id, address=address))
    return person


def _letters(site: Site) -> list[tuple[str, bool]]:
    with site.look() as session:
        rows = session.scalars(sa.select(Letter).order_by(Letter.id))
        return [(each.kind, each.sent_at is not None) for each in rows]


def _due_now(site: Site) -> datetime | None:
    """When the one job that waits is due; it is made due at once."""
    with writing(site.engine) as session:
        job = session.scalars(sa.select(Job).where(Job.state == "pending")).one()
        due, job.due_at = job.due_at, datetime.now(UTC) - timedelta(seconds=1)
        return due


def test_an_address_counts_once_its_link_was_opened(site: Site, server: MailServer) -> None:
    fields = {"name": "ann", "password": PASSWORD, "mail": "Ann@Example.org"}
    visitor = site.visitor()
    assert visitor.post("/join", fields).status_code == 303
    assert server.letters == []  # nothing is sent in a request
    site.work("books")
    (letter,) = server.letters
    assert letter["To"] == "ann@example.org"
    assert letter["From"] == "Galley <books@galley.example>"
    assert site.visitor().post("/recover", {"account": "ann"}).status_code == 200
    assert _letters(site) == [("confirm", True)]
    stranger = site.visitor()
    assert stranger.get(_link(letter)).status_code == 200
    assert _letters(site) == [("confirm", True)]
    with site.look() as session:
        assert session.scalars(sa.select(MailAddress.address)).one() is None  # looking is not it
    assert stranger.post(_link(letter)).status_code == 303
    with site.look() as session:
        assert session.scalars(sa.select(MailAddress.address)).one() == "ann@example.org"
    assert stranger.post(_link(letter)).status_code == 404


def test_an_old_address_stays_until_the_new_one_is_confirmed(
    site: Site, server: MailServer
) -> None:
    browser = site.browser(_reader(site))
    browser.post("/settings/mail", {"mail": "new@example.org"})
    browser.post("/settings/mail", {"mail": "newer@example.org"})
    assert "ann@example.org" in browser.get("/settings").text
    site.work("books")
    (letter,) = server.letters  # the first one is of no use any more
    assert letter["To"] == "newer@example.org"
    browser.post(_link(letter))
    page = browser.get("/settings").text
    assert "newer@example.org" in page
    assert "ann@example.org" not in page
    browser.post("/settings/mail", {"mail": ""})
    assert "newer@example.org" not in browser.get("/settings").text


def test_a_forgotten_password_is_set_anew_once(site: Site, server: MailServer) -> None:
    ann = _reader(site)
    before = site.browser(ann)
    for account in ("ann", "ANN@example.org ", "ann"):  # two more within ten minutes: one letter
        site.visitor().post("/recover", {"account": account})
    site.work("books")
    (letter,) = server.letters
    assert "ann" in letter["Subject"]
    visitor, fields = site.visitor(), {"password": "other words of mine"}
    assert visitor.get(_link(letter)).status_code == 200
    assert visitor.post(_link(letter), fields).status_code == 303
    assert site.visitor().post(_link(letter), fields).status_code == 404
    assert before.get("/settings").status_code in (302, 303, 401)
    signed_in = site.visitor().post("/sign-in", {"name": "ann", **fields})
    assert signed_in.status_code == 303


def test_nobody_learns_who_has_an_account(site: Site, server: MailServer) -> None:
    _reader(site)
    site.person("ben")
    with writing(site.engine) as session:
        ben = people.person_named(session, "ben")
        mail.give_address(session, ben, "ben@example.org", "a key", datetime.now(UTC))
    accounts = ("ann", "ann@example.org", "ben", "ben@example.org", "nobody", "")
    pages = [site.visitor().post("/recover", {"account": each}) for each in accounts]
    changing = r'nonce-[\w-]+|(nonce|content|value)="[^"]+"'
    plain = {re.sub(changing, "", each.text) for each in pages}
    assert {each.status_code for each in pages} == {200}
    assert len(plain) == 1
    site.work("books")
    assert {each["To"] for each in server.letters} == {"ann@example.org"}


def test_no_address_is_public(site: Site) -> None:
    ann = _reader(site)
    slug = site.project(ann)
    for client in (site.visitor(), site.browser(site.person("ben"))):
        for path in ("/", f"/projects/{slug}", "/api/v1/people/ann", f"/api/v1/projects/{slug}"):
            assert "ann@example" not in client.get(path).text
    assert "ann@example" not in site.api(ann).client.get("/api/v1/events").text
    with site.look() as session:
        assert all("@" not in str(each) for each in session.scalars(sa.select(Event.detail)))


def test_a_server_that_is_busy_is_tried_again_and_costs_nothing(
    site: Site, server: MailServer
) -> None:
    _reader(site)
    site.visitor().post("/recover", {"account": "ann"})
    for _ in range(queue.MOST_ATTEMPTS + 2):
        server.refusals.append("451 come back later")
        site.work("books")
        due = _due_now(site)
        assert due is not None
        assert due > datetime.now(UTC) + timedelta(seconds=50)
        assert server.letters == []
    site.work("books")
    assert len(server.letters) == 1
    assert _letters(site) == [("recover", True)]


def test_a_server_that_is_down_keeps_nobody_from_anything(site: Site, server: MailServer) -> None:
    ann = _reader(site)
    server.shutdown()
    server.server_close()
    fields = {"mail": "new@example.org"}
    assert site.browser(ann).post("/settings/mail", fields).status_code == 303
    site.work("books")
    assert _letters(site) == [("confirm", False)]
    assert _due_now(site) is not None


def test_what_the_server_refuses_for_good_is_closed_with_a_sentence(
    site: Site, server: MailServer
) -> None:
    _reader(site)
    server.refusals.append("550 no such mailbox")
    site.visitor().post("/recover", {"account": "ann"})
    site.work("books")
    with site.look() as session:
        job = session.scalars(sa.select(Job).where(Job.kind == "send-letter")).one()
        assert (job.state, "refused" in job.reason) == ("failed", True)
    assert server.letters == []


def test_a_letter_is_not_sent_twice_and_if_it_must_be_it_is_the_same(
    site: Site, server: MailServer
) -> None:
    _reader(site)
    site.visitor().post("/recover", {"account": "ann"})
    server.hangs_up = True  # it has the letter, and the worker can't know
    site.work("books")
    _due_now(site)
    server.hangs_up = False
    site.work("books")
    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    with writing(site.engine) as session:
        queue.ask_again(session, "send-letter", 1, datetime.now(UTC))
    site.work("books")
    assert len(server.letters) == 2


def test_a_reminder_comes_once_a_lease_on_its_second_day(site: Site, server: MailServer) -> None:
    ann = _reader(site)
    owner = site.person("owner", role="coordinator")
    slug = site.project(owner)
    with writing(site.engine) as session:  # no form takes such a title
        session.execute(sa.update(Project).values(title="Walden\r\nBcc: all@example.org"))
    task = site.api(ann).call("POST", f"/projects/{slug}/checkouts", {"round": "P1"})
    assert task.status_code == 201
    now = datetime.now(UTC)
    write = reminders.write_due
    assert write(site.place, now + timedelta(hours=47)) == 0
    assert write(site.place, now + timedelta(hours=49)) == 1
    assert write(site.place, now + timedelta(hours=50)) == 0
    _due_now(site)
    site.work("books")
    (letter,) = server.letters
    assert letter["To"] == "ann@example.org"
    assert letter["Bcc"] is None
    assert f"/proof/{task.get_json()['id']}" in _text(letter)
    with writing(site.engine) as session:
        session.scalars(sa.select(PageTask).where(PageTask.state == "out")).one().lease_until = (
            now + timedelta(days=5)
        )
    assert write(site.place, now + timedelta(days=4, hours=1)) == 1
    site.browser(ann).post("/settings/reminders", {})
    _due_now(site)
    site.work("books")  # turned off after it was written
    assert len(server.letters) == 1


def test_coordinators_are_told_when_their_scans_are_read(site: Site, server: MailServer) -> None:
    ann = _reader(site)
    slug = site.project(ann, title="Walden")
    now = datetime.now(UTC)
    with writing(site.engine) as session:
        project = session.scalars(sa.select(Project).where(Project.slug == slug)).one()
        about = {"project_id": project.id, "person_id": ann.id, "batch": "one", "name": "a.zip"}
        session.add(Upload(**about, sha256="0" * 64, pages=3, created_at=now))
    assert reminders.write_due(site.place, now) == 1
    assert reminders.write_due(site.place, now) == 0
    site.work("books")
    (letter,) = server.letters
    assert letter["Subject"] == "The scans of Walden are read"
    assert f"/projects/{slug}" in _text(letter)


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "@example.org", "a b@example.org", "ann@example.org\nBcc: b@c.de",
                "<ann@example.org>", "a..b@example.org", f"{'a' * 300}@example.org"]
)  # fmt: skip
def test_what_is_no_address_is_refused(site: Site, address: str) -> None:
    with pytest.raises(InvalidError):
        mail.normal(address)
    answer = site.browser(site.person("ann")).post("/settings/mail", {"mail": address})
    assert answer.status_code == 303
    assert _letters(site) == []


def test_old_letters_are_forgotten_with_their_jobs(site: Site) -> None:
    _reader(site)
    site.visitor().post("/recover", {"account": "ann"})
    later = datetime.now(UTC) + mail.KEPT + timedelta(hours=1)
    with writing(site.engine) as session:
        assert mail.forget(session, mail.old_letters(session, later)) == 1
        assert session.scalars(sa.select(Job.id).where(Job.kind == "send-letter")).all() == []


def test_names_and_passwords_go_to_this_machine_or_over_tls_only(settings: Settings) -> None:
    loose = replace(settings, smtp_url="smtp://ann:word@localhost:1")
    with pytest.raises(OSError, match="refused"):
        mail_sending.deliver(loose, EmailMessage())


class TestWithoutMail:
    """A site without a mail server offers none of it."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, smtp_url=None, mail_from=None)

    def test_nothing_is_offered(self, site: Site) -> None:
        ann = site.person("ann")
        assert site.visitor().get("/recover").status_code == 404
        assert site.browser(ann).post("/settings/mail", {"mail": "a@b.org"}).status_code == 404
        for page in (site.visitor().get("/join"), site.browser(ann).get("/settings")):
            assert 'name="mail"' not in page.text
        assert "/recover" not in site.visitor().get("/sign-in").text
