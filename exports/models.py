"""Releases: numbered, immutable sets of published files, and the revisions they were made from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from library.db import Base, Key, one_of

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
    #: `[{"code", "severity", "page", "line", "excerpt", "hint"}]`
    findings: Mapped[list[Any]] = mapped_column(default=list)
    #: Sentences: what is new since the release before.
    changes: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(default="")

    files: Mapped[list["ReleaseFile"]] = relationship(order_by="ReleaseFile.name")


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


class ReleaseFile(Base):
    """One file of a release, with what a reader needs to trust a download."""

    __tablename__ = "release_file"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    bytes: Mapped[int]
    sha256: Mapped[str]


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
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    built_at: Mapped[datetime | None]
