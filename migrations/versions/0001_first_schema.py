"""First schema."""

import sqlalchemy as sa
from alembic import op

from library.db import BigInt, UtcDateTime, append_only_ddl

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", BigInt, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_job_lease")
        ),
        sa.CheckConstraint("queue IN ('ocr', 'books')", name=op.f("ck_job_queue")),
        sa.CheckConstraint(
            "state IN ('pending', 'running', 'done', 'failed')", name=op.f("ck_job_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_job_kind_subject_id")),
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["queue", "state", "due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'running')"),
        postgresql_where=sa.text("state IN ('pending', 'running')"),
    )
    op.create_table(
        "person",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("credited", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('volunteer', 'coordinator', 'admin')", name=op.f("ck_person_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name", name=op.f("uq_person_name")),
    )
    op.create_table(
        "answer",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", BigInt, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_created_at"), "answer", ["created_at"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "login",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_token_hash")),
    )
    op.create_index(op.f("ix_login_person_id"), "login", ["person_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contributors", sa.JSON(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("year", BigInt, nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("rounds", sa.JSON(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("one_person", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("policy IN ('every-page', 'adaptive')", name=op.f("ck_project_policy")),
        sa.CheckConstraint("script IN ('antiqua', 'fraktur')", name=op.f("ck_project_script")),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'finished', 'archived')", name=op.f("ck_project_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_project_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_index(op.f("ix_project_state"), "project", ["state"], unique=False)
    op.create_table(
        "reset_link",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reset_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reset_link_token_hash")),
    )
    op.create_index(op.f("ix_reset_link_person_id"), "reset_link", ["person_id"], unique=False)
    op.create_table(
        "round_grant",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("granted_by", BigInt, nullable=True),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("fk_round_grant_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_round_grant_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "round", name=op.f("pk_round_grant")),
    )
    op.create_table(
        "coordinator",
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_coordinator_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_coordinator_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_coordinator")),
    )
    op.create_index(op.f("ix_coordinator_person_id"), "coordinator", ["person_id"], unique=False)
    op.create_table(
        "preview",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'done', 'failed')", name=op.f("ck_preview_state")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_preview_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview")),
        sa.UniqueConstraint(
            "project_id", "source_digest", name=op.f("uq_preview_project_id_source_digest")
        ),
    )
    op.create_table(
        "release",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("with_open_findings", sa.Boolean(), nullable=False),
        sa.Column("requested_by", BigInt, nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=True),
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'building', 'held', 'published', 'withdrawn', 'failed')",
            name=op.f("ck_release_state"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_release_project_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_release_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_release_project_id_number")),
    )
    op.create_index(op.f("ix_release_source_digest"), "release", ["source_digest"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("pages", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_upload_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_upload_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_batch"), "upload", ["batch"], unique=False)
    op.create_index("ix_upload_project_id_sha256", "upload", ["project_id", "sha256"], unique=False)
    op.create_table(
        "word",
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.CheckConstraint("list IN ('good', 'bad')", name=op.f("ck_word_list")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_word_project_id")),
        sa.PrimaryKeyConstraint("project_id", "list", "word", name=op.f("pk_word")),
    )
    op.create_table(
        "page",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("proposed_kind", sa.Text(), nullable=True),
        sa.Column("upload_id", BigInt, nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("original_sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("frame", BigInt, nullable=False),
        sa.Column("width", BigInt, nullable=False),
        sa.Column("height", BigInt, nullable=False),
        sa.Column("image_sha256", sa.Text(), nullable=True),
        sa.Column("view_sha256", sa.Text(), nullable=True),
        sa.Column("thumb_sha256", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('text', 'blank', 'illustration', 'skip')", name=op.f("ck_page_kind")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_page_project_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_page_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
    )
    op.create_index(op.f("ix_page_image_sha256"), "page", ["image_sha256"], unique=False)
    op.create_index(op.f("ix_page_original_sha256"), "page", ["original_sha256"], unique=False)
    op.create_index(op.f("ix_page_project_id"), "page", ["project_id"], unique=False)
    op.create_index(
        "uq_page_project_id_number",
        "page",
        ["project_id", "number"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "release_file",
        sa.Column("release_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", BigInt, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_file_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "name", name=op.f("pk_release_file")),
    )
    op.create_table(
        "event",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("project_id", BigInt, nullable=True),
        sa.Column("page_id", BigInt, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_event_page_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_event_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_page_id"), "event", ["page_id"], unique=False)
    op.create_index(op.f("ix_event_person_id"), "event", ["person_id"], unique=False)
    op.create_index("ix_event_project_id_id", "event", ["project_id", "id"], unique=False)
    op.create_table(
        "ocr_run",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("psm", BigInt, nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("words", BigInt, nullable=False),
        sa.Column("doubtful", BigInt, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_ocr_run_state")
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_ocr_run_page_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_ocr_run_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ocr_run")),
    )
    op.create_index(op.f("ix_ocr_run_page_id"), "ocr_run", ["page_id"], unique=False)
    op.create_index("ix_ocr_run_project_id_state", "ocr_run", ["project_id", "state"], unique=False)
    op.create_index(
        "uq_ocr_run_latest",
        "ocr_run",
        ["page_id"],
        unique=True,
        sqlite_where=sa.text("latest"),
        postgresql_where=sa.text("latest"),
    )
    op.create_table(
        "reader",
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_reader_page_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reader_person_id")),
        sa.PrimaryKeyConstraint("page_id", "person_id", name=op.f("pk_reader")),
    )
    op.create_index("ix_reader_person_id", "reader", ["person_id"], unique=False)
    op.create_table(
        "page_task",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("reading", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("base_id", BigInt, nullable=True),
        sa.Column("run_id", BigInt, nullable=True),
        sa.Column("head_id", BigInt, nullable=True),
        sa.Column("left_id", BigInt, nullable=True),
        sa.Column("changes", BigInt, nullable=True),
        sa.Column("holder_id", BigInt, nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("prefetched", sa.Boolean(), nullable=False),
        sa.Column("reader_id", BigInt, nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reserved_for", BigInt, nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_page_task_done")
        ),
        sa.CheckConstraint(
            "(state = 'out') = (lease_until IS NOT NULL)", name=op.f("ck_page_task_lease")
        ),
        sa.CheckConstraint(
            "state <> 'out' OR holder_id IS NOT NULL", name=op.f("ck_page_task_holder")
        ),
        sa.CheckConstraint(
            "state IN ('available', 'out', 'done', 'bad', 'skipped', 'withdrawn')",
            name=op.f("ck_page_task_state"),
        ),
        sa.ForeignKeyConstraint(
            ["base_id"], ["revision.id"], name=op.f("fk_page_task_base_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["head_id"], ["revision.id"], name=op.f("fk_page_task_head_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_page_task_holder_id")),
        sa.ForeignKeyConstraint(
            ["left_id"], ["revision.id"], name=op.f("fk_page_task_left_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_task_page_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_page_task_project_id")
        ),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_page_task_reader_id")),
        sa.ForeignKeyConstraint(
            ["reserved_for"], ["person.id"], name=op.f("fk_page_task_reserved_for")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ocr_run.id"], name=op.f("fk_page_task_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_task")),
        sa.UniqueConstraint(
            "page_id", "round", "reading", name=op.f("uq_page_task_page_id_round_reading")
        ),
    )
    op.create_index(
        "ix_page_task_available",
        "page_task",
        ["project_id", "round", "number"],
        unique=False,
        sqlite_where=sa.text("state = 'available'"),
        postgresql_where=sa.text("state = 'available'"),
    )
    op.create_index(
        "ix_page_task_counts", "page_task", ["project_id", "round", "state"], unique=False
    )
    op.create_index(
        "ix_page_task_out",
        "page_task",
        ["holder_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'out'"),
        postgresql_where=sa.text("state = 'out'"),
    )
    op.create_index("ix_page_task_reader", "page_task", ["reader_id", "done_at"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("task_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=True),
        sa.Column("based_on", BigInt, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(kind = 'kept') = (version IS NULL)", name=op.f("ck_revision_version")),
        sa.CheckConstraint("kind IN ('draft', 'done', 'kept')", name=op.f("ck_revision_kind")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_revision_page_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_revision_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["page_task.id"], name=op.f("fk_revision_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("task_id", "version", name=op.f("uq_revision_task_id_version")),
    )
    op.create_index("ix_revision_page_id_id", "revision", ["page_id", "id"], unique=False)
    op.create_index(op.f("ix_revision_person_id"), "revision", ["person_id"], unique=False)
    op.create_index(op.f("ix_revision_task_id"), "revision", ["task_id"], unique=False)
    op.create_table(
        "release_page",
        sa.Column("release_id", BigInt, nullable=False),
        sa.Column("page_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("image_sha256", sa.Text(), nullable=True),
        sa.Column("revision_id", BigInt, nullable=True),
        sa.Column("run_id", BigInt, nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_release_page_page_id")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_page_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_release_page_revision_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["ocr_run.id"], name=op.f("fk_release_page_run_id")),
        sa.PrimaryKeyConstraint("release_id", "page_id", name=op.f("pk_release_page")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # SQLite wrote these with the table; they point forward, to a table made later.
        for column in ("base_id", "head_id", "left_id"):
            name = f"fk_page_task_{column}"
            op.create_foreign_key(name, "page_task", "revision", [column], ["id"])
    for table in ("event", "revision"):
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(sa.text(statement))


def downgrade() -> None:
    raise NotImplementedError("This is the first schema; restore a backup instead.")
