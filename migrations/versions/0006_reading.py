"""How a page lies on its scan, who gave its label, where a layer comes from, whose turn it is."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt

revision = "0006"
down_revision = "0005"


_OPEN = sa.text("state IN ('pending', 'running')")


def _index_open(name: str, *columns: str) -> None:
    op.create_index(name, "job", list(columns), sqlite_where=_OPEN, postgresql_where=_OPEN)


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
    op.add_column("ocr_run", sa.Column("chosen", sa.Boolean(), **no))
    for name in ("file", "given"):
        op.add_column("ocr_run", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("ocr_run", sa.Column("scan_sha256", sa.Text(), nullable=True))
    chosen = sa.text("chosen")
    op.create_index(
        "uq_ocr_run_chosen", "ocr_run", ["page_id"], unique=True,
        sqlite_where=chosen, postgresql_where=chosen,
    )  # fmt: skip
    op.add_column("ocr_run", sa.Column("second", sa.JSON(), nullable=True))
    op.add_column(
        "ocr_run", sa.Column("corrections", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column("job", sa.Column("project_id", BigInt, nullable=True))
    op.add_column("job", sa.Column("later", sa.Boolean(), **no))
    op.add_column("job", sa.Column("turn", BigInt, server_default="0", nullable=False))
    op.drop_index("ix_job_open", "job")
    _index_open("ix_job_open", "queue", "later", "turn", "due_at")
    _index_open("ix_job_open_of_project", "project_id", "turn")


def downgrade() -> None:
    op.drop_index("ix_job_open_of_project", "job")
    op.drop_index("ix_job_open", "job")
    for column in ("turn", "later", "project_id"):
        op.drop_column("job", column)
    _index_open("ix_job_open", "queue", "state", "due_at")
    op.drop_index("uq_ocr_run_chosen", "ocr_run")
    for column in ("corrections", "second", "scan_sha256", "given", "file", "chosen"):
        op.drop_column("ocr_run", column)
    with op.batch_alter_table("ocr_run") as run:
        run.drop_constraint(op.f("ck_ocr_run_source"), type_="check")
        run.drop_column("source")
    for column in ("arranged", "skew", "crop", "label_given"):
        op.drop_column("page", column)
    with op.batch_alter_table("page") as page:
        page.drop_constraint(op.f("ck_page_turn"), type_="check")
        page.drop_column("turn")
