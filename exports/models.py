"""What makes a book of pages: what people decided, its releases, and the errors readers found."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exports.releasing import permanence
from library.db import Base, Key, one_of

DECISION_KINDS = ("word", "paragraph", "quote")
ERRATUM_STATES = ("open", "accepted", "rejected")
FACSIMILE_STATES = ("queued", "done", "failed")
RELEASE_STATES = ("queued", "building", "held", "published", "withdrawn", "failed")


class Release(Base):
    """One release of a project's book."""

    __tablename__ = "release"
    __table_args__ = (
        one_of("state", *RELEASE_STATES),
        UniqueConstraint("project_id", "number"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="queued")
    #: Publish even with findings of severity error open, on the coordinator's word.
    with_open_findings: Mapped[bool] = mapped_column(default=False)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]
    built_at: Mapped[datetime | None]
    #: SHA-256 over metadata and the texts it was made from.
    source_digest: Mapped[str] = mapped_column(default="", index=True)
    #: Metadata frozen at the request.
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict)
    #: What people had decided for the book, frozen at the request; shape in `deciding.frozen`.
    decisions: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: The book's own cover at the request.
    cover_sha256: Mapped[str | None]
    #: `[{"code", "severity", "page", "line", "excerpt", "hint"}]`
    findings: Mapped[list[Any]] = mapped_column(default=list)
    #: Sentences: what is new since the release before.
    changes: Mapped[list[Any]] = mapped_column(default=list)
    #: `[{"page": page id, "words": how many differ, "before", "after": revision ids or None}]`
    changed_pages: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(default="")

    files: Mapped[list["ReleaseFile"]] = relationship(order_by="ReleaseFile.name")
    #: Only the newest published release has one, made after it.
    facsimile: Mapped["Facsimile | None"] = relationship(viewonly=True)

    @property
    def downloads(self) -> list["Download"]:
        """All that readers can have of it: its own files, and the facsimile once it is there."""
        return [*self.files, *(self.facsimile.files if self.facsimile else ())]


class ReleasePage(Base):
    """A page as it stood when the release was asked for."""

    __tablename__ = "release_page"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    number: Mapped[int]
    label: Mapped[str]
    kind: Mapped[str]
    image_sha256: Mapped[str | None]
    #: The text's revision, or the OCR run when nobody has read the page yet.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("ocr_run.id"))
    #: Whether the page was done in its last round.
    finished: Mapped[bool]


class ReleasePicture(Base):
    """A picture that a release was made with: it is kept, whatever becomes of its region."""

    __tablename__ = "release_picture"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    image_sha256: Mapped[str] = mapped_column(primary_key=True)


class ReleaseFile(Base):
    """One file of a release, with what a reader needs to trust a download."""

    __tablename__ = "release_file"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    bytes: Mapped[int]
    sha256: Mapped[str]


class Facsimile(Base):
    """The scans of a published release with its text on them; made after it, and again at will."""

    __tablename__ = "facsimile"
    __table_args__ = (one_of("state", *FACSIMILE_STATES),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), unique=True)
    state: Mapped[str] = mapped_column(default="queued")
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    built_at: Mapped[datetime | None]

    files: Mapped[list["FacsimileFile"]] = relationship(
        order_by="FacsimileFile.name", cascade="all, delete-orphan"
    )


class FacsimileFile(Base):
    """One file of a facsimile, as `ReleaseFile` is of a release."""

    __tablename__ = "facsimile_file"

    facsimile_id: Mapped[int] = mapped_column(ForeignKey("facsimile.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    bytes: Mapped[int]
    sha256: Mapped[str]


Download: TypeAlias = ReleaseFile | FacsimileFile


class Preview(Base):
    """A book built from the latest texts for looking at; kept by the digest of what is in it."""

    __tablename__ = "preview"
    __table_args__ = (
        one_of("state", "queued", "done", "failed"),
        UniqueConstraint("project_id", "source_digest"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    source_digest: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    findings: Mapped[list[Any]] = mapped_column(default=list)
    #: The contents list that the machine proposes, as `Contents.entries` has it.
    contents: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    built_at: Mapped[datetime | None]


class Contents(Base):
    """A project's contents list, once somebody has settled it: it alone makes the headings."""

    __tablename__ = "contents"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    #: `[{"page": page id, "heading": as printed, "title", "level": 1 part, 2 chapter, 3 section}]`;
    #: nothing when the proposal stands again.
    entries: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Counts changes; a change names the one it was made on.
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class Decision(Base):
    """Something only a person can decide about a book; it wins over every rule."""

    __tablename__ = "decision"
    __table_args__ = (one_of("kind", *DECISION_KINDS),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    #: `word`: as broken, with its hyphen, in lower case; `paragraph`: the id of the page that
    #: begins with one or does not; `quote`: the page's id and the words around, as
    #: `quotes` gives them.
    key: Mapped[str] = mapped_column(primary_key=True)
    #: `word`: its right form; `paragraph`: `yes` or `no`; `quote`: `open`, `close`, `apostrophe`.
    value: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class Dismissal(Base):
    """Findings that somebody looked at and that are no fault."""

    __tablename__ = "dismissal"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    #: The finding's code.
    code: Mapped[str] = mapped_column(primary_key=True)
    #: What tells this finding from others of its code; empty for the whole kind.
    key: Mapped[str] = mapped_column(primary_key=True, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Erratum(Base):
    """An error that a reader found in a released book, or a smooth reader in one to be released."""

    __tablename__ = "erratum"
    __table_args__ = (
        one_of("state", *ERRATUM_STATES),
        Index("ix_erratum_project_id_state", "project_id", "state"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    #: The release it was found in; nothing when it was found before a release.
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    #: Line of the page's text, from 1, as far as known.
    line: Mapped[int | None]
    #: What stands in the book, and what should.
    current: Mapped[str]
    proposed: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    #: Who found it, as far as they said; the address is shown to nobody.
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default="open")
    #: The words that stand in the book since it was accepted.
    corrected: Mapped[str] = mapped_column(default="")
    #: Whether the print has this error and the book says so in a note.
    noted: Mapped[bool] = mapped_column(default=False)
    #: One sentence to the finder.
    answer: Mapped[str] = mapped_column(default="")
    #: SHA-256 of the secret in the address under which the finder reads the answer.
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    #: The text with the correction in it.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))


permanence.seal(
    {
        each.__tablename__: each.__table__  # type: ignore[misc]
        for each in (Release, ReleasePage, ReleaseFile)
    }
)
