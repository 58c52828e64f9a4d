"""How a page lies on its scan, who gave its label, where a layer of text comes from."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("page", sa.Column("label_given", sa.Boolean(), **no))
    op.execute("UPDATE page SET label_given = (label <> '')")
    # SQLite takes a check only together with its column.
    whole = BigInt.compile(op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE page ADD COLUMN turn {whole} DEFAULT '0' NOT NULL"
        " CONSTRAINT ck_page_turn CHECK (turn IN (0, 90, 180, 270))"
    )
    op.add_column("page", sa.Column("crop", sa.JSON(), nullable=True))
    op.add_column("page", sa.Column("skew", sa.Double(), server_default="0", nullable=False))
    op.add_column("page", sa.Column("arranged", sa.Boolean(), **no))
    op.execute(
        "ALTER TABLE ocr_run ADD COLUMN source TEXT DEFAULT 'engine' NOT NULL"
        " CONSTRAINT ck_ocr_run_source"
        " CHECK (source IN ('engine', 'pdf', 'hocr', 'alto', 'abbyy', 'text'))"
    )
    op.add_column("ocr_run", sa.Column("second", sa.JSON(), nullable=True))
    op.add_column(
        "ocr_run", sa.Column("corrections", sa.JSON(), server_default="[]", nullable=False)
    )


def downgrade() -> None:
    for column in ("corrections", "second"):
        op.drop_column("ocr_run", column)
    with op.batch_alter_table("ocr_run") as run:
        run.drop_constraint(op.f("ck_ocr_run_source"), type_="check")
        run.drop_column("source")
    for column in ("arranged", "skew", "crop", "label_given"):
        op.drop_column("page", column)
    with op.batch_alter_table("page") as page:
        page.drop_constraint(op.f("ck_page_turn"), type_="check")
        page.drop_column("turn")
