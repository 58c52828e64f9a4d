"""Page tasks, revisions and standing; notes, suggested words, and how people like their desk."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Json, Key, append_only, one_of
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


class Note(Base):
    """Something said of a page, of a printed line or of words in it; or an answer to that.

    What is said is never changed. The quote, the box and the scan's hash are of the moment of
    writing, so that the note is understood when the page is read or scanned anew.
    """

    __tablename__ = "note"
    __table_args__ = (
        one_of("state", "open", "settled", "withdrawn"),
        sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        sa.CheckConstraint("(first_word IS NULL) = (last_word IS NULL)", name="words"),
        sa.CheckConstraint("first_word IS NULL OR line IS NOT NULL", name="line"),
        Index("ix_note_page_id_id", "page_id", "id"),
        Index(
            "ix_note_threads",
            "project_id",
            "state",
            "id",
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: The note that this one answers; answers are not answered.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"), index=True)
    #: Place among the lines that OCR read, and of words in it, both from 0, the last included.
    line: Mapped[int | None]
    first_word: Mapped[int | None]
    last_word: Mapped[int | None]
    quote: Mapped[str] = mapped_column(default="")
    #: `[x, y, w, h]` in pixels of the page image that has this hash.
    box: Mapped[list[Any] | None]
    image_sha256: Mapped[str | None]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    page: Mapped[Page] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    settler: Mapped[Person | None] = relationship(foreign_keys=[settled_by])
    answers: Mapped[list["Note"]] = relationship(order_by="Note.id")


class WordSuggestion(Base):
    """A word that somebody says is right in this book; good while open, until it is answered."""

    __tablename__ = "word_suggestion"
    __table_args__ = (
        one_of("state", "open", "accepted", "rejected"),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        Index("ix_word_suggestion_project_id_state_id", "project_id", "state", "id"),
        Index(
            "uq_word_suggestion_open",
            "project_id",
            "word",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    word: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: Where it was seen: line and word among those that OCR read, both from 0.
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))
    line: Mapped[int | None]
    word_index: Mapped[int | None]
    #: As in Note.
    box: Mapped[list[Any] | None]
    image_sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()
    page: Mapped[Page | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class DeskSetting(Base):
    """What somebody chose for their desk on wide or on narrow screens."""

    __tablename__ = "desk_setting"
    __table_args__ = (one_of("device", "wide", "narrow"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    device: Mapped[str] = mapped_column(primary_key=True)
    #: Names and values as `web/api/shapes.py` takes them; what is absent is as usual.
    chosen: Mapped[Json] = mapped_column(default=dict)


class DeskView(Base):
    """How somebody looks at the scans of one book."""

    __tablename__ = "desk_view"
    __table_args__ = (Index("ix_desk_view_changed", "person_id", "changed_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    chosen: Mapped[Json] = mapped_column(default=dict)
    changed_at: Mapped[datetime]

    project: Mapped[Project] = relationship()


append_only(Revision.__table__)  # type: ignore[arg-type]
