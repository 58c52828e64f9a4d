"""Mail: whose address is whose, and letters on their way. No address stands anywhere else."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Json, Key, one_of
from library.models import Person

LETTER_KINDS = ("confirm", "recover", "lease", "read", "erratum")


class MailAddress(Base):
    """Where a person gets mail; shown to nobody but themselves."""

    __tablename__ = "mail_address"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    #: The confirmed address, in small letters; none until a first one is confirmed.
    address: Mapped[str | None] = mapped_column(index=True)
    #: An address that was given and is not confirmed yet.
    wanted: Mapped[str | None]
    #: SHA-256 of the secret that confirms `wanted`, hexadecimal.
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    token_expires_at: Mapped[datetime | None]
    #: Whether reminders are welcome; what one asks for oneself always comes.
    reminders: Mapped[bool] = mapped_column(default=True)

    person: Mapped[Person] = relationship(lazy="joined")


class Letter(Base):
    """One mail: the only truth about it is this row and its job."""

    __tablename__ = "letter"
    __table_args__ = (one_of("kind", *LETTER_KINDS),)

    id: Mapped[Key]
    #: Nobody: it answers somebody without an account.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    #: What it is about; a second letter about the same is never written.
    about: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    #: What its template names, without any secret.
    detail: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(index=True)
    #: Not to be sent any more after this.
    useless_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
