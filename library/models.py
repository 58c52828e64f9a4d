"""People, projects, pages, uploads, jobs and the public history: the rows everything else hangs on.

`#:` comments say what a column means. Constraints stand here before any code relies on them.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Json, Key, append_only, one_of

ROLES = ("volunteer", "coordinator", "admin")
PROJECT_STATES = ("active", "paused", "finished", "archived")
PAGE_KINDS = ("text", "blank", "illustration", "skip")
POLICIES = ("every-page", "adaptive")
SCRIPTS = ("antiqua", "fraktur")
JOB_STATES = ("pending", "running", "done", "failed")
#: Jobs that are not over; in these very words, by which a query finds the indexes of them alone.
OPEN_JOB = sa.text("state IN ('pending', 'running')")


class Person(Base):
    """Someone with an account."""

    __tablename__ = "person"
    __table_args__ = (one_of("role", *ROLES),)

    id: Mapped[Key]
    #: 2 to 32 of `a-z 0-9 . _ -`; shown, typed to sign in. A given one may be changed, once.
    name: Mapped[str] = mapped_column(unique=True)
    #: Name for the colophon of books; empty means the account's name.
    credit: Mapped[str] = mapped_column(default="")
    #: Whether the colophon may name this person at all.
    credited: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="volunteer")
    created_at: Mapped[datetime]
    #: Set when an admin closed the account; sessions and tokens end with it.
    disabled_at: Mapped[datetime | None]

    @property
    def is_admin(self) -> bool:
        """Whether the site's own settings are theirs to change."""
        return self.role == "admin"


class Login(Base):
    """One signed-in browser; deleting the row signs it out."""

    __tablename__ = "login"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: SHA-256 of the secret in the cookie, hexadecimal.
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class ApiToken(Base):
    """A bearer token for scripts; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class ResetLink(Base):
    """A link that lets its bearer set a new password, once, for an hour."""

    __tablename__ = "reset_link"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]


class Project(Base):
    """One printed book being worked on."""

    __tablename__ = "project"
    __table_args__ = (
        one_of("state", *PROJECT_STATES),
        one_of("policy", *POLICIES),
        one_of("script", *SCRIPTS),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    #: May be empty: the release then says "Anonymous".
    author: Mapped[str] = mapped_column(default="")
    #: BCP 47, the main one first.
    languages: Mapped[list[Any]]
    #: `[{"name", "role"}]`, roles are MARC relators.
    contributors: Mapped[list[Any]] = mapped_column(default=list)
    publisher: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    description: Mapped[str] = mapped_column(default="")
    subjects: Mapped[list[Any]] = mapped_column(default=list)
    source_url: Mapped[str] = mapped_column(default="")
    #: `{"basis", "evidence"?}`
    rights: Mapped[Json] = mapped_column(default=dict)
    script: Mapped[str] = mapped_column(default="antiqua")
    #: Whether volunteers are invited to read the whole book before its release.
    smooth: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: The book's own cover, a JPEG; without it one is drawn.
    cover_sha256: Mapped[str | None]
    #: Codes of the rounds in order.
    rounds: Mapped[list[Any]]
    policy: Mapped[str] = mapped_column(default="every-page")
    #: One person may read a page in every round.
    one_person: Mapped[bool] = mapped_column(default=False)
    #: Whether volunteers may take pages; the browser's form offers to wait for the reading.
    opened: Mapped[bool] = mapped_column(default=True)
    #: The coordinator's word to volunteers.
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active", index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    #: Hidden for 30 days, then gone.
    deleted_at: Mapped[datetime | None]


class Coordinator(Base):
    """Who is responsible for a project."""

    __tablename__ = "coordinator"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class Word(Base):
    """An entry of a project's good or bad word list."""

    __tablename__ = "word"
    __table_args__ = (one_of("list", "good", "bad"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    list: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


class Upload(Base):
    """One file as it was sent: an image, an archive or a PDF."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_project_id_sha256", "project_id", "sha256"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Files sent together share a batch.
    batch: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    sha256: Mapped[str]
    pages: Mapped[int]
    created_at: Mapped[datetime]


class Page(Base):
    """One printed side. `id` never changes; `number` is its place, from 1."""

    __tablename__ = "page"
    __table_args__ = (
        one_of("kind", *PAGE_KINDS),
        sa.CheckConstraint("turn IN (0, 90, 180, 270)", name="turn"),
        Index(
            "uq_page_project_id_number",
            "project_id",
            "number",
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[int]
    #: What is printed on it, e.g. `xii`; empty when unknown.
    label: Mapped[str] = mapped_column(default="")
    #: Whether a person gave the label; the machine never changes such a one.
    label_given: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: What people said it is; the machine only proposes.
    kind: Mapped[str] = mapped_column(default="text")
    #: The machine's proposal, `blank` or `illustration`, or nothing.
    proposed_kind: Mapped[str | None]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    #: File name as shown to people, with archive and frame.
    file_name: Mapped[str]
    #: Bytes as they came, kept for ever.
    original_sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    #: Which picture inside the original: TIFF frame or PDF page, from 0.
    frame: Mapped[int] = mapped_column(default=0)
    #: How the page image is made from the original (EXIF applied first): turned clockwise by
    #: quarters, then cropped to left, top, right, bottom as shares of width and height, then turned
    #: clockwise by some degrees. None of these are made before the first reading but by people.
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    crop: Mapped[list[Any] | None]
    skew: Mapped[float] = mapped_column(default=0.0, server_default="0")
    #: Whether a person arranged it so; the machine never changes such a one.
    arranged: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Pixels of the page image, which is upright.
    width: Mapped[int]
    height: Mapped[int]
    #: Page image and thumbnail, once prepared.
    image_sha256: Mapped[str | None] = mapped_column(index=True)
    view_sha256: Mapped[str | None]
    thumb_sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship()


class Event(Base):
    """One line of the public history; never changed."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_project_id_id", "project_id", "id"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    #: Nobody: the system did it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    #: e.g. `task.done`
    action: Mapped[str]
    detail: Mapped[Json] = mapped_column(default=dict)


class Job(Base):
    """Work for a background worker: the only truth about it. Redis is just the bell."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("state", *JOB_STATES),
        one_of("queue", "ocr", "books"),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "ix_job_open",
            "queue",
            "later",
            "turn",
            "due_at",
            sqlite_where=OPEN_JOB,
            postgresql_where=OPEN_JOB,
        ),
        Index(
            "ix_job_open_of_project",
            "project_id",
            "turn",
            sqlite_where=OPEN_JOB,
            postgresql_where=OPEN_JOB,
        ),
        UniqueConstraint("kind", "subject_id"),
    )

    id: Mapped[Key]
    queue: Mapped[str]
    #: Which function does it, e.g. `read-page`.
    kind: Mapped[str]
    #: Row it is about.
    subject_id: Mapped[int]
    #: Project whose turn it takes; none where the queue is not shared by turns.
    project_id: Mapped[int | None]
    #: Nobody waits for it: it comes after everything that somebody waits for.
    later: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Taken in this order, so that projects take turns; see `library/queue.py`.
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    state: Mapped[str] = mapped_column(default="pending")
    #: Counts up each time a worker takes it; a write with an older number is refused.
    attempt: Mapped[int] = mapped_column(default=0)
    #: Not to be taken before.
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    #: The worker process that has it, `host:pid`.
    worker: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: Why it failed, one sentence.
    reason: Mapped[str] = mapped_column(default="")


class Answer(Base):
    """What was answered to a request with an Idempotency-Key: the same key gets it again."""

    __tablename__ = "answer"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    #: SHA-256 of method, address and body.
    request_hash: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)


append_only(Event.__table__)  # type: ignore[arg-type]
