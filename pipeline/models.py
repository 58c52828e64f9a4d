"""What was read from a page image, and how that went."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from library.db import Base, Json, Key, one_of

RUN_STATES = ("queued", "running", "done", "failed")
#: Where a layer of text comes from: our engine, or what was uploaded with the scans.
SOURCES = ("engine", "pdf", "hocr", "alto", "abbyy", "text")


class OcrRun(Base):
    """One reading of one page: a layer, never replaced by a later one.

    By the OCR engine, or by whoever made the text that came with the scans.
    """

    __tablename__ = "ocr_run"
    __table_args__ = (
        one_of("state", *RUN_STATES),
        one_of("source", *SOURCES),
        Index(
            "uq_ocr_run_latest",
            "page_id",
            unique=True,
            sqlite_where=sa.text("latest"),
            postgresql_where=sa.text("latest"),
        ),
        Index(
            "uq_ocr_run_chosen",
            "page_id",
            unique=True,
            sqlite_where=sa.text("chosen"),
            postgresql_where=sa.text("chosen"),
        ),
        Index("ix_ocr_run_project_id_state", "project_id", "state"),
    )

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    #: Whether no newer run of this page by the engine exists.
    latest: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="queued")
    source: Mapped[str] = mapped_column(default="engine", server_default="engine")
    #: Whether readers start from this layer, as a coordinator said; else from the engine's newest.
    chosen: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    #: Of a layer that came with the scans: the file, what it says of this page
    #: (`pipeline/layers/layer.py`), and the hash of the scan in whose pixels it says so.
    file: Mapped[str] = mapped_column(default="", server_default="")
    given: Mapped[str] = mapped_column(default="", server_default="", deferred=True)
    scan_sha256: Mapped[str | None]
    #: BCP 47 codes asked for.
    languages: Mapped[list[Any]]
    #: Tesseract's page segmentation mode.
    psm: Mapped[int] = mapped_column(default=3)
    #: The program that read it, as far as it is known.
    engine: Mapped[str] = mapped_column(default="")
    #: Mean word confidence, 0 to 100.
    confidence: Mapped[float | None]
    #: Words that were read, and those among them that are doubtful.
    words: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[int] = mapped_column(default=0)
    #: Page text as `docs/page-text.md` defines it.
    text: Mapped[str] = mapped_column(default="", deferred=True, deferred_group="read")
    #: Lines with words, boxes, confidences; shape in `pipeline/layout.py`.
    lines: Mapped[list[Any]] = mapped_column(default=list, deferred=True, deferred_group="read")
    #: What the second reading saw otherwise; none before there was one. Shape in
    #: `pipeline/second.py`.
    second: Mapped[Json | None] = mapped_column(deferred=True, deferred_group="read")
    #: What the machine corrected by itself, with what stood there; shape in
    #: `pipeline/corrections.py`.
    corrections: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]", deferred=True, deferred_group="read"
    )
    #: Wall-clock seconds of preparation and reading.
    seconds: Mapped[float | None]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    #: Why it failed, one sentence.
    reason: Mapped[str] = mapped_column(default="")


class Illustration(Base):
    """A picture on a page: a region of its scan, and what people wrote of it."""

    __tablename__ = "illustration"
    __table_args__ = (
        UniqueConstraint("page_id", "position"),
        sa.CheckConstraint(
            "box_left >= 0 AND box_top >= 0 AND box_width > 0 AND box_height > 0", name="box"
        ),
    )

    id: Mapped[Key]
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    #: From 1, in reading order.
    position: Mapped[int]
    #: Pixels of the page image.
    box_left: Mapped[int]
    box_top: Mapped[int]
    box_width: Mapped[int]
    box_height: Mapped[int]
    #: What the picture shows, for those who can't see it.
    alt: Mapped[str] = mapped_column(default="")
    #: As printed; empty where the page's text has it in its `[Illustration: ...]`.
    caption: Mapped[str] = mapped_column(default="")
    #: An ornament says nothing: it needs no alternative text.
    decorative: Mapped[bool] = mapped_column(default=False)
    #: Black lines on white, which may be shown light on dark.
    line_art: Mapped[bool] = mapped_column(default=False)
    #: Found by the machine, and not looked at by anybody yet: no part of the book.
    proposed: Mapped[bool] = mapped_column(default=False)
    #: Cut from the original at its full resolution, once that is done.
    image_sha256: Mapped[str | None]
