"""Page tasks, revisions and standing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Key, append_only, one_of
from library.models import Page, Person, Project
from pipeline.models import OcrRun
from proofing.rules import State

_states = tuple(state.value for state in State)


class PageTask(Base):
    """One page in one round (and one reading of it, for blind double readings)."""

    __tablename__ = "page_task"
    __table_args__ = (
        one_of("state", *_states),
        UniqueConstraint("page_id", "round", "reading"),
        sa.CheckConstraint("(state = 'out') = (lease_until IS NOT NULL)", name="lease"),
        sa.CheckConstraint("state <> 'out' OR holder_id IS NOT NULL", name="holder"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        # The atomic check-out walks this index and no other row.
        Index(
            "ix_page_task_available",
            "project_id",
            "round",
            "number",
            sqlite_where=sa.text("state = 'available'"),
            postgresql_where=sa.text("state = 'available'"),
        ),
        Index(
            "ix_page_task_out",
            "holder_id",
            "lease_until",
            sqlite_where=sa.text("state = 'out'"),
            postgresql_where=sa.text("state = 'out'"),
        ),
        Index("ix_page_task_counts", "project_id", "round", "state"),
        Index("ix_page_task_reader", "reader_id", "done_at"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    #: Code of the round, e.g. `P1`.
    round: Mapped[str]
    #: 0; a blind second reading of the same page and round is 1.
    reading: Mapped[int] = mapped_column(default=0)
    #: The page's number, kept here so that the claim reads one index only.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="available")
    #: Counts saves up over the task's whole life.
    version: Mapped[int] = mapped_column(default=0)
    #: The accepted text it starts from; none means the OCR's.
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    #: The OCR run it starts from, fixed at check-out.
    run_id: Mapped[int | None] = mapped_column(ForeignKey("ocr_run.id"))
    #: The current text in this check-out, or the finished one; none means the base.
    head_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    #: A draft whose lease ended, offered to the next holder.
    left_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", use_alter=True))
    #: Words that this reading changed in its base.
    changes: Mapped[int | None]
    #: Who has it out.
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    #: Whether it was fetched ahead and not looked at yet.
    prefetched: Mapped[bool] = mapped_column(default=False)
    #: Who finished it.
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    #: Why the scan is bad, the page was skipped or sent back.
    reason: Mapped[str] = mapped_column(default="")
    #: Whom it is sent back to by name.
    reserved_for: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    page: Mapped[Page] = relationship()
    project: Mapped[Project] = relationship()
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id])
    reader: Mapped[Person | None] = relationship(foreign_keys=[reader_id])
    run: Mapped[OcrRun | None] = relationship()
    head: Mapped["Revision | None"] = relationship(foreign_keys=[head_id])
    base: Mapped["Revision | None"] = relationship(foreign_keys=[base_id])


class Revision(Base):
    """One saved text, never changed.

    Drafts and finished readings are on the task's line of versions; a text that came too late, or
    on an old version, is kept beside that line, as `kept`.
    """

    __tablename__ = "revision"
    __table_args__ = (
        one_of("kind", "draft", "done", "kept"),
        # One line of versions a task: two savers of one version cannot both win.
        UniqueConstraint("task_id", "version"),
        sa.CheckConstraint("(kind = 'kept') = (version IS NULL)", name="version"),
        Index("ix_revision_page_id_id", "page_id", "id"),
    )

    id: Mapped[Key]
    task_id: Mapped[int] = mapped_column(ForeignKey("page_task.id"), index=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    #: Version this save made; none for a kept text.
    version: Mapped[int | None]
    #: Version the person had before them.
    based_on: Mapped[int]
    text: Mapped[str]
    #: The reader's word to the next one.
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    person: Mapped[Person | None] = relationship()


class Reader(Base):
    """Who has read a page already, in any round: they are never handed it again."""

    __tablename__ = "reader"
    __table_args__ = (Index("ix_reader_person_id", "person_id"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Grant(Base):
    """A round opened to a person by name, beside what their work opens."""

    __tablename__ = "round_grant"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round: Mapped[str] = mapped_column(primary_key=True)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]


append_only(Revision.__table__)  # type: ignore[arg-type]
