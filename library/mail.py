"""Addresses that people confirm, and the letters that are written to them.

A letter is a row with a job, written in the transaction that makes it due; `library.mail_sending`
sends it. No secret is stored: a letter's secret is made from its id and the installation's key, so
that a letter sent again is the same letter.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import queue
from library.db import add_if_absent
from library.errors import InvalidError, NotFoundError
from library.mail_models import Letter, MailAddress
from library.models import Person, ResetLink
from library.people import RESET_LASTS

CONFIRM_LASTS = timedelta(days=2)
#: One person gets no second recovery letter within this time.
RECOVER_PAUSE = timedelta(minutes=10)
#: A reminder that could not be sent for so long is dropped.
REMINDER_LASTS = timedelta(days=1)
#: Sent letters are forgotten after this.
KEPT = timedelta(days=30)

#: Whether somebody gets reminders.
WELCOME = sa.and_(MailAddress.address.is_not(None), MailAddress.reminders)

#: What mail servers take everywhere: no quotes, no blanks, no display names.
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_MOST_ADDRESS = 254


def normal(address: str) -> str:
    """Return a mail address in small letters; raises InvalidError for what is none."""
    plain = address.strip().casefold()
    if not _ADDRESS.fullmatch(plain) or len(plain) > _MOST_ADDRESS or ".." in plain:
        sentence = "This is not a mail address; write it like name@example.org."
        raise InvalidError(sentence, {"mail": sentence})
    return plain


def mail_of(session: Session, person: Person) -> MailAddress | None:
    """Return where a person gets mail, confirmed or not, or None when they gave no address."""
    return session.get(MailAddress, person.id)


def give_address(session: Session, person: Person, address: str, key: str, now: datetime) -> None:
    """Note the address that a person gives and write the letter that confirms it.

    An address confirmed before goes on getting mail until then. Raises InvalidError.
    """
    plain = normal(address)
    mail = session.get(MailAddress, person.id) or MailAddress(person_id=person.id)
    session.add(mail)
    about = f"confirm {person.id} {now.timestamp()}"
    letter_id = _write(session, person, ("confirm", about, plain), now, CONFIRM_LASTS)
    if letter_id is not None:
        mail.wanted, mail.token_expires_at = plain, now + CONFIRM_LASTS
        mail.token_hash = digest(secret_of(key, letter_id))


def confirm(session: Session, secret: str, now: datetime) -> Person:
    """Take an address as its person's; raises NotFoundError for a used or old link."""
    mail = session.scalar(sa.select(MailAddress).where(MailAddress.token_hash == digest(secret)))
    if mail is None or mail.token_expires_at is None or mail.token_expires_at <= now:
        raise NotFoundError(
            "This link has been used or is over two days old; give the address again."
        )
    mail.address, mail.wanted = mail.wanted, None
    mail.token_hash = mail.token_expires_at = None
    return mail.person


def remove_address(session: Session, person: Person) -> None:
    """Forget a person's address; letters on their way to it are not sent."""
    session.execute(sa.delete(MailAddress).where(MailAddress.person_id == person.id))


def want_reminders(session: Session, person: Person, *, wanted: bool) -> None:
    """Turn a person's reminders on or off."""
    if (mail := mail_of(session, person)) is not None:
        mail.reminders = wanted


def ask_recovery(session: Session, name_or_address: str, key: str, now: datetime) -> None:
    """Write a letter with a link for a new password to everybody of this name or address.

    Nobody learns from it whether there is anybody: who has no confirmed address gets nothing.
    """
    plain = name_or_address.strip().casefold()
    found = session.scalars(
        sa.select(MailAddress)
        .join(Person, Person.id == MailAddress.person_id)
        .where(
            MailAddress.address.is_not(None),
            Person.disabled_at.is_(None),
            sa.or_(Person.name == plain, MailAddress.address == plain),
        )
        .limit(10)
    ).all()
    for mail in found:
        _recover(session, mail, key, now)


def _recover(session: Session, mail: MailAddress, key: str, now: datetime) -> None:
    pause = int(now.timestamp() // RECOVER_PAUSE.total_seconds())
    about = f"recover {mail.person_id} {pause}"
    assert mail.address is not None  # noqa: S101 - asked for above
    detail = {"name": mail.person.name}
    words = ("recover", about, mail.address)
    letter_id = _write(session, mail.person, words, now, RESET_LASTS, detail)
    if letter_id is not None:
        token_hash = digest(secret_of(key, letter_id))
        link = ResetLink(
            person_id=mail.person_id, token_hash=token_hash, expires_at=now + RESET_LASTS
        )
        session.add(link)


@dataclass(frozen=True)
class Reminder:
    """A reminder to one person; `about` names its occasion, on which it is written once."""

    person_id: int
    kind: str
    about: str
    detail: Mapping[str, object]

    @property
    def whole(self) -> str:
        """What its letter is about, as it is stored."""
        return f"{self.kind} {self.person_id} {self.about}"


def unwritten(session: Session, reminders: Sequence[Reminder]) -> list[Reminder]:
    """Return those reminders that were not written yet."""
    asked = [each.whole for each in reminders]
    known = set(session.scalars(sa.select(Letter.about).where(Letter.about.in_(asked))))
    return [each for each in reminders if each.whole not in known]


def remind(session: Session, reminder: Reminder, now: datetime) -> None:
    """Write a reminder, unless its person does not want it or another sweep has written it."""
    mine = sa.select(MailAddress).where(MailAddress.person_id == reminder.person_id, WELCOME)
    if (mail := session.scalar(mine)) is not None and mail.address is not None:
        words = (reminder.kind, reminder.whole, mail.address)
        _write(session, mail.person, words, now, REMINDER_LASTS, reminder.detail)


def answer_finder(
    session: Session, erratum_id: int, address: str, detail: Mapping[str, object], now: datetime
) -> None:
    """Write the one letter that answers who reported an error, account or not.

    `detail` has `title`, `current`, `corrected` (empty: as before), `answer` and `slug`.
    """
    _write(session, None, ("erratum", f"erratum {erratum_id}", address), now, KEPT, detail)


def _write(
    session: Session,
    person: Person | None,
    words: tuple[str, str, str],
    now: datetime,
    lasts: timedelta,
    detail: Mapping[str, object] | None = None,
) -> int | None:
    """Add a letter with its job; returns its id, or None when there is one about this.

    `words` are its kind, what it is about, and the address it goes to.
    """
    session.flush()
    kind, about, address = words
    letter_id = add_if_absent(
        session, Letter, person_id=person.id if person else None, kind=kind, about=about,
        address=address, detail=dict(detail or {}), created_at=now, useless_at=now + lasts,
    )  # fmt: skip
    if letter_id is not None:
        queue.add_job(session, "books", "send-letter", letter_id, now)
    return letter_id


def old_letters(session: Session, now: datetime) -> Sequence[int]:
    """Return ids of letters of a month ago and more, some hundreds at a time."""
    old = sa.select(Letter.id).where(Letter.created_at <= now - KEPT)
    return session.scalars(old.limit(500)).all()


def forget(session: Session, letter_ids: Sequence[int]) -> int:
    """Delete letters with their jobs; returns how many."""
    queue.forget(session, "send-letter", letter_ids)
    session.execute(sa.delete(Letter).where(Letter.id.in_(letter_ids)))
    return len(letter_ids)


def secret_of(key: str, letter_id: int) -> str:
    """Return the secret in a letter's link, made from the installation's key."""
    return hmac.new(key.encode(), f"letter {letter_id}".encode(), hashlib.sha256).hexdigest()


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
