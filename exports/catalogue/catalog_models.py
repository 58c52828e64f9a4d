"""What the library knows of its releases besides their files: names to find them by, their words.

All of it can be made anew from what a release is made of.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

from library.db import Base, BigInt, one_of

#: How SQLite keeps words: they come folded, with single spaces, so it needs no rules of its own.
VIRTUAL = "CREATE VIRTUAL TABLE passage_words USING fts5 (words, tokenize = 'ascii')"
ENTRY_KINDS = ("title", "author", "contributor", "subject", "language")


class CatalogueEntry(Base):
    """A name under which a release is found: its title, a person, a subject, a language."""

    __tablename__ = "catalogue_entry"
    __table_args__ = (
        one_of("kind", *ENTRY_KINDS),
        Index("ix_catalogue_entry_kind_slug", "kind", "slug"),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    #: The name in addresses; names that differ in case or accents alone share it.
    slug: Mapped[str]
    #: The name's words as the search compares them, each after a space.
    words: Mapped[str]
    #: The words by which lists are sorted: without article, last name first.
    filed: Mapped[str]


class Outline(Base):
    """What is inside a release; the row says that its passages are all there."""

    __tablename__ = "outline"

    release_id: Mapped[int] = mapped_column(
        ForeignKey("release.id"), primary_key=True, autoincrement=False
    )
    #: Number of words.
    words: Mapped[int]
    #: `[{"slug", "title", "level", "kind", "matter"}]`, one a chapter, in order.
    sections: Mapped[list[Any]]


class Passage(Base):
    """A paragraph of a release, to be searched."""

    __tablename__ = "passage"

    #: The release's id times 2^20, and the passage's place in it: those of a release lie together.
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    #: Place of its chapter in `Outline.sections`.
    section: Mapped[int]
    text: Mapped[str]
    #: `[[offset in the text, page, line]]` of each printed line.
    places: Mapped[list[Any]]


class PassageWords(Base):
    """The words of a passage, folded, which each database searches in its own way."""

    __tablename__ = "passage_words"

    rowid: Mapped[int] = mapped_column(
        BigInt, ForeignKey("passage.id"), primary_key=True, autoincrement=False
    )
    words: Mapped[Any] = mapped_column(TSVECTOR().with_variant(sa.Text(), "sqlite"))


sa.Index("ix_passage_words_words", PassageWords.words, postgresql_using="gin").ddl_if(
    dialect="postgresql"
)


@compiles(CreateTable, "sqlite")
def _create_table(create: CreateTable, compiler: DDLCompiler, **more: Any) -> str:  # noqa: ANN401
    """Write CREATE TABLE; that of the words is full-text search's own."""
    if create.element is PassageWords.__table__:
        return VIRTUAL
    return str(compiler.visit_create_table(create, **more))  # type: ignore[no-untyped-call]
