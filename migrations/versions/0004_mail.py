"""Mail: addresses that people confirm, and letters on their way."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mail_address",
        sa.Column("person_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("token_expires_at", UtcDateTime(), nullable=True),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_address_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_address_token_hash")),
    )
    op.create_index(op.f("ix_mail_address_address"), "mail_address", ["address"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("useless_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('confirm', 'recover', 'lease', 'read')", name=op.f("ck_letter_kind")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("about", name=op.f("uq_letter_about")),
    )
    op.create_index(op.f("ix_letter_created_at"), "letter", ["created_at"], unique=False)
    op.create_index(op.f("ix_letter_person_id"), "letter", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_table("mail_address")
