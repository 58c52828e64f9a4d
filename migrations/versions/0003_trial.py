"""What newcomers read before they had an account."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "trial_layer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("run_id", BigInt, nullable=False),
        sa.Column("from_line", BigInt, nullable=False),
        sa.Column("to_line", BigInt, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("secret_hash", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("active_seconds", BigInt, nullable=True),
        sa.Column("agreed", BigInt, nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (secret_hash IS NULL)", name=op.f("ck_trial_layer_owner")
        ),
        sa.CheckConstraint(
            "1 <= from_line AND from_line <= to_line", name=op.f("ck_trial_layer_rows")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_trial_layer_project_id")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_trial_layer_page_id")),
        sa.ForeignKeyConstraint(["run_id"], ["ocr_run.id"], name=op.f("fk_trial_layer_run_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trial_layer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_layer")),
    )
    op.create_index(
        "uq_trial_layer_page_id_secret_hash",
        "trial_layer",
        ["page_id", "secret_hash"],
        unique=True,
    )
    op.create_index(
        "ix_trial_layer_guests",
        "trial_layer",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("person_id IS NULL"),
        postgresql_where=sa.text("person_id IS NULL"),
    )
    op.create_index(
        op.f("ix_trial_layer_person_id"), "trial_layer", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_trial_layer_secret_hash"), "trial_layer", ["secret_hash"], unique=False
    )


def downgrade() -> None:
    op.drop_table("trial_layer")
