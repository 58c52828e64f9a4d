"""Notes, suggested words, and how people like their desk."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt, UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "desk_setting",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.CheckConstraint("device IN ('wide', 'narrow')", name=op.f("ck_desk_setting_device")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_desk_setting_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "device", name=op.f("pk_desk_setting")),
    )
    op.create_table(
        "desk_view",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_view_person_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_desk_view_project_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "project_id", name=op.f("pk_desk_view")),
    )
    op.create_index("ix_desk_view_changed", "desk_view", ["person_id", "changed_at"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("parent_id", BigInt, nullable=True),
        sa.Column("line", BigInt, nullable=True),
        sa.Column("first_word", BigInt, nullable=True),
        sa.Column("last_word", BigInt, nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("image_sha256", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_by", BigInt, nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("ck_note_settled")
        ),
        sa.CheckConstraint("state IN ('open', 'settled', 'withdrawn')", name=op.f("ck_note_state")),
        sa.CheckConstraint(
            "(first_word IS NULL) = (last_word IS NULL)", name=op.f("ck_note_words")
        ),
        sa.CheckConstraint("first_word IS NULL OR line IS NOT NULL", name=op.f("ck_note_line")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_note_page_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["note.id"], name=op.f("fk_note_parent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_note_project_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_note_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_page_id_id", "note", ["page_id", "id"], unique=False)
    op.create_index(op.f("ix_note_parent_id"), "note", ["parent_id"], unique=False)
    op.create_index(op.f("ix_note_person_id"), "note", ["person_id"], unique=False)
    op.create_index(
        "ix_note_threads",
        "note",
        ["project_id", "state", "id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NULL"),
        postgresql_where=sa.text("parent_id IS NULL"),
    )
    op.create_table(
        "word_suggestion",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=True),
        sa.Column("line", BigInt, nullable=True),
        sa.Column("word_index", BigInt, nullable=True),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("image_sha256", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_by", BigInt, nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_word_suggestion_answered")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'rejected')", name=op.f("ck_word_suggestion_state")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_word_suggestion_answered_by")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_word_suggestion_page_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_word_suggestion_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_word_suggestion_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_suggestion")),
    )
    op.create_index(
        op.f("ix_word_suggestion_person_id"), "word_suggestion", ["person_id"], unique=False
    )
    op.create_index(
        "ix_word_suggestion_project_id_state_id",
        "word_suggestion",
        ["project_id", "state", "id"],
        unique=False,
    )
    op.create_index(
        "uq_word_suggestion_open",
        "word_suggestion",
        ["project_id", "word"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    for table in ("desk_view", "desk_setting", "word_suggestion", "note"):
        op.drop_table(table)
