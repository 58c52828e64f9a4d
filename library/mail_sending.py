"""Sending letters: the `books` queue's job `send-letter`. The only user of SMTP.

The row says that a letter was sent as soon as the server has taken it. Should the worker die in
between, it is sent again as the same message, by the same Message-ID, which mailboxes know.
"""

import smtplib
import ssl
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from library import mail, queue
from library.clock import utc_now
from library.config import SITE_NAME, Settings, with_secret
from library.db import reading, writing
from library.mail_models import Letter, MailAddress
from library.models import ResetLink
from library.queue import Taken
from library.worker import Installation

#: Seconds that the mail server may take for one step.
TIMEOUT = 20
#: Shortest and longest pause before a letter that the server did not take is tried again.
PAUSES = timedelta(minutes=1), timedelta(hours=1)
_ROOT = Path(__file__).parent.parent

_OFF = "No mail server is set (SMTP_URL)."
_USELESS = "Too late: nobody waits for it any more."
_OTHER_KEY = "This worker has another SECRET_KEY than the web server; set the same for both."


def send_letter(place: Installation, job: Taken) -> None:
    """Send the letter of a job, unless it was sent or is of no use any more.

    A server that is down or busy is tried again after a pause, as long as the letter is of use.
    """
    settings, now = with_secret(place.settings), utc_now()
    with reading(place.engine) as session:
        letter = session.get_one(Letter, job.subject_id)
        refused = _refusal(session, settings, letter, now)
    if refused is not None:
        give_up(place, job, refused)
        return
    message = compose(settings, letter)
    try:
        deliver(settings, message)
    except (smtplib.SMTPException, OSError) as error:
        if is_final(error):
            give_up(place, job, f"The mail server refused it: {type(error).__name__}.")
        else:
            _later(place, job, letter, now)
        return
    with writing(place.engine) as session:
        if queue.finish(session, job, utc_now()):
            session.get_one(Letter, letter.id).sent_at = utc_now()


def give_up(place: Installation, job: Taken, reason: str) -> None:
    """Close a letter's job with a sentence."""
    with writing(place.engine) as session:
        queue.fail(session, job, reason, utc_now())


def is_final(error: Exception) -> bool:
    """Whether trying again is of no use: what the server refuses for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())  # noqa: PLR2004
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # until the site's setting is put right
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500  # noqa: PLR2004


def _later(place: Installation, job: Taken, letter: Letter, now: datetime) -> None:
    """Give the job back without costing it an attempt: the fault is not the letter's."""
    least, most = PAUSES
    pause = min(max(now - letter.created_at, least), most)
    with writing(place.engine) as session:
        queue.hand_back(session, job, now + pause, asked=True)


def _refusal(session: Session, settings: Settings, letter: Letter, now: datetime) -> str | None:
    """Return why a letter is not to be sent, or None."""
    if not settings.sends_mail:
        return _OFF
    mine = session.get(MailAddress, letter.person_id) if letter.person_id else None
    if letter.sent_at is not None or letter.useless_at <= now or not _is_welcome(mine, letter):
        return _USELESS
    return None if _link_works(session, settings, mine, letter) else _OTHER_KEY


def _is_welcome(mine: MailAddress | None, letter: Letter) -> bool:
    """Whether a letter still has the address, and reminders the leave, of its person."""
    if letter.kind == "erratum":
        return True  # asked for with the report, once
    if mine is None:
        return False
    if letter.kind == "confirm":
        return mine.wanted == letter.address
    return mine.address == letter.address and (letter.kind == "recover" or mine.reminders)


def _link_works(
    session: Session, settings: Settings, mine: MailAddress | None, letter: Letter
) -> bool:
    """Whether the link that this worker would write is the one that was made."""
    made = mail.digest(mail.secret_of(settings.secret_key, letter.id))
    if letter.kind == "confirm":
        return mine is not None and mine.token_hash == made
    if letter.kind == "recover":
        link = sa.select(ResetLink.id).where(ResetLink.token_hash == made)
        return session.scalar(link) is not None
    return True


def compose(settings: Settings, letter: Letter) -> EmailMessage:
    """Return a letter as the same message however often it is composed."""
    secret = mail.secret_of(settings.secret_key, letter.id)
    subject, _, body = _render(settings, letter, secret).partition("\n")
    assert settings.mail_from is not None  # noqa: S101 - the settings ask for both
    sender = Address(SITE_NAME, addr_spec=settings.mail_from)
    message = EmailMessage()
    message["From"], message["To"] = sender, Address(addr_spec=letter.address)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<letter-{letter.id}-{mail.digest(secret)[:16]}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message


def _render(settings: Settings, letter: Letter, secret: str) -> str:
    """Return a letter's text; its first line is the subject."""
    text = Environment(  # noqa: S701 - plain text has nothing to escape
        loader=FileSystemLoader(_ROOT / "templates" / "mail"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text.install_gettext_translations(  # type: ignore[attr-defined]
        Translations.load(_ROOT / "translations", ["en"]), newstyle=True
    )
    known = {"site": SITE_NAME, "url": settings.url, "secret": secret}
    # What people typed may not begin a line of its own.
    typed = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in letter.detail.items()
    }
    return text.get_template(f"{letter.kind}.txt").render({**typed, **known})


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the mail server; raises SMTPException, OSError.

    TLS is used where the server offers it; name and password go to this machine or over TLS only.
    """
    parts = urlsplit(settings.smtp_url or "")
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    context = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        if secure
        else smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    )
    with server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
            secure = True
        if parts.username:
            if not secure and host not in ("localhost", "127.0.0.1", "::1"):
                raise smtplib.SMTPNotSupportedError("The mail server offers no TLS.")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
