"""What newcomers read before they had an account: layers beside the readings, never one of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Key
from library.models import Page, Person, Project


class TrialLayer(Base):
    """Some lines of a page as a newcomer left them, offered to the page's first reader.

    It holds nothing: the page stays available to all. A guest's layer is known by a secret in the
    guest's cookie, until an account takes it or the sweep deletes it.
    """

    __tablename__ = "trial_layer"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (secret_hash IS NULL)", name="owner"),
        sa.CheckConstraint("1 <= from_line AND from_line <= to_line", name="rows"),
        Index("uq_trial_layer_page_id_secret_hash", "page_id", "secret_hash", unique=True),
        # The sweep looks for guests' layers that are too old.
        Index(
            "ix_trial_layer_guests",
            "created_at",
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    #: The OCR run whose text the newcomer had before them.
    run_id: Mapped[int] = mapped_column(ForeignKey("ocr_run.id"))
    #: First and last row of that run's text, from 1; blank rows count.
    from_line: Mapped[int]
    to_line: Mapped[int]
    #: What stands in these rows now, blank rows as they were.
    text: Mapped[str]
    #: None while it is a guest's.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: SHA-256 of the guest's secret, hexadecimal; none once an account has it.
    secret_hash: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    #: Seconds with the page in front and something done, as the browser counted; none: no scripts.
    active_seconds: Mapped[int | None]
    #: Words of `text` that the page's first reader left as they are; none before that.
    agreed: Mapped[int | None]

    page: Mapped[Page] = relationship()
    project: Mapped[Project] = relationship()
    person: Mapped[Person | None] = relationship()
