"""What makes a book: contents list, decisions, illustrations, cover, errata."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from exports.releasing.permanence import seal_ddl, unseal_ddl
from library.db import BigInt, UtcDateTime

revision = '0005'
down_revision = '0004'

_SEALED = ("release", "release_page", "release_file")


def upgrade() -> None:
    op.create_table('contents',
    sa.Column('project_id', BigInt, autoincrement=False, nullable=False),
    sa.Column('entries', sa.JSON(), nullable=True),
    sa.Column('version', BigInt, nullable=False),
    sa.Column('changed_by', BigInt, nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_contents_changed_by')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_contents_project_id')),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_contents'))
    )
    op.create_table('decision',
    sa.Column('project_id', BigInt, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('decided_by', BigInt, nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('word', 'paragraph', 'quote')", name=op.f('ck_decision_kind')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_decision_decided_by')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_decision_project_id')),
    sa.PrimaryKeyConstraint('project_id', 'kind', 'key', name=op.f('pk_decision'))
    )
    op.create_table('dismissal',
    sa.Column('project_id', BigInt, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('person_id', BigInt, nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_dismissal_person_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_dismissal_project_id')),
    sa.PrimaryKeyConstraint('project_id', 'code', 'key', name=op.f('pk_dismissal'))
    )
    op.create_table('illustration',
    sa.Column('id', BigInt, nullable=False),
    sa.Column('page_id', BigInt, nullable=False),
    sa.Column('position', BigInt, nullable=False),
    sa.Column('box_left', BigInt, nullable=False),
    sa.Column('box_top', BigInt, nullable=False),
    sa.Column('box_width', BigInt, nullable=False),
    sa.Column('box_height', BigInt, nullable=False),
    sa.Column('alt', sa.Text(), nullable=False),
    sa.Column('caption', sa.Text(), nullable=False),
    sa.Column('decorative', sa.Boolean(), nullable=False),
    sa.Column('line_art', sa.Boolean(), nullable=False),
    sa.Column('proposed', sa.Boolean(), nullable=False),
    sa.Column('image_sha256', sa.Text(), nullable=True),
    sa.CheckConstraint('box_left >= 0 AND box_top >= 0 AND box_width > 0 AND box_height > 0', name=op.f('ck_illustration_box')),
    sa.ForeignKeyConstraint(['page_id'], ['page.id'], name=op.f('fk_illustration_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_illustration')),
    sa.UniqueConstraint('page_id', 'position', name=op.f('uq_illustration_page_id_position'))
    )
    op.create_table('erratum',
    sa.Column('id', BigInt, nullable=False),
    sa.Column('project_id', BigInt, nullable=False),
    sa.Column('release_id', BigInt, nullable=True),
    sa.Column('page_id', BigInt, nullable=True),
    sa.Column('line', BigInt, nullable=True),
    sa.Column('current', sa.Text(), nullable=False),
    sa.Column('proposed', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('person_id', BigInt, nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('corrected', sa.Text(), nullable=False),
    sa.Column('noted', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('decided_by', BigInt, nullable=True),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('revision_id', BigInt, nullable=True),
    sa.CheckConstraint("state IN ('open', 'accepted', 'rejected')", name=op.f('ck_erratum_state')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_erratum_decided_by')),
    sa.ForeignKeyConstraint(['page_id'], ['page.id'], name=op.f('fk_erratum_page_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erratum_person_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_erratum_project_id')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_erratum_release_id')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_erratum_revision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erratum')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_erratum_token_hash'))
    )
    op.create_index(op.f("ix_erratum_page_id"), "erratum", ["page_id"], unique=False)
    op.create_index("ix_erratum_project_id_state", "erratum", ["project_id", "state"], unique=False)
    op.add_column("project", sa.Column("cover_sha256", sa.Text(), nullable=True))
    smooth = sa.Column("smooth", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("project", smooth)
    _change_letters("'confirm', 'recover', 'lease', 'read', 'erratum'", without_person=True)
    op.add_column("release", sa.Column("decisions", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("release", sa.Column("cover_sha256", sa.Text(), nullable=True))
    empty = {"server_default": "[]", "nullable": False}
    op.add_column("release", sa.Column("changed_pages", sa.JSON(), **empty))
    op.add_column("preview", sa.Column("contents", sa.JSON(), **empty))
    for table in _SEALED:
        for statement in seal_ddl(table, op.get_bind().dialect.name):
            op.execute(sa.text(statement))
    _make_index()


def _make_index() -> None:
    """Make the library's index, and ask for that of every book that is published already."""
    op.create_table('catalogue_entry',
    sa.Column('release_id', BigInt, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('position', BigInt, autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('filed', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('title', 'author', 'contributor', 'subject', 'language')", name=op.f('ck_catalogue_entry_kind')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_catalogue_entry_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'kind', 'position', name=op.f('pk_catalogue_entry'))
    )
    op.create_index('ix_catalogue_entry_kind_slug', 'catalogue_entry', ['kind', 'slug'], unique=False)
    op.create_table('outline',
    sa.Column('release_id', BigInt, autoincrement=False, nullable=False),
    sa.Column('words', BigInt, nullable=False),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_outline_release_id')),
    sa.PrimaryKeyConstraint('release_id', name=op.f('pk_outline'))
    )
    op.create_table('passage',
    sa.Column('id', BigInt, autoincrement=False, nullable=False),
    sa.Column('project_id', BigInt, nullable=False),
    sa.Column('release_id', BigInt, nullable=False),
    sa.Column('section', BigInt, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('places', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_passage_project_id')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_passage_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passage'))
    )
    op.create_index(op.f('ix_passage_release_id'), 'passage', ['release_id'], unique=False)
    op.create_index(op.f('ix_passage_project_id'), 'passage', ['project_id'], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE passage_words USING fts5 (words, tokenize = 'ascii')")
    else:
        op.create_table('passage_words',
        sa.Column('rowid', BigInt, autoincrement=False, nullable=False),
        sa.Column('words', TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(['rowid'], ['passage.id'], name=op.f('fk_passage_words_rowid')),
        sa.PrimaryKeyConstraint('rowid', name=op.f('pk_passage_words'))
        )
        op.create_index('ix_passage_words_words', 'passage_words', ['words'], postgresql_using='gin')
    op.execute(
        "INSERT INTO job (queue, kind, subject_id, state, attempt, due_at, worker, created_at, reason)"
        " SELECT 'books', 'index-release', max(id), 'pending', 0, max(requested_at), '',"
        " max(requested_at), '' FROM release WHERE state = 'published' GROUP BY project_id"
    )
    op.create_table('facsimile',
    sa.Column('id', BigInt, nullable=False),
    sa.Column('project_id', BigInt, nullable=False),
    sa.Column('release_id', BigInt, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('built_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'done', 'failed')", name=op.f('ck_facsimile_state')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_facsimile_project_id')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_facsimile_release_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facsimile')),
    sa.UniqueConstraint('release_id', name=op.f('uq_facsimile_release_id'))
    )
    op.create_index(op.f('ix_facsimile_project_id'), 'facsimile', ['project_id'], unique=False)
    op.create_table('facsimile_file',
    sa.Column('facsimile_id', BigInt, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('bytes', BigInt, nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['facsimile_id'], ['facsimile.id'], name=op.f('fk_facsimile_file_facsimile_id')),
    sa.PrimaryKeyConstraint('facsimile_id', 'name', name=op.f('pk_facsimile_file'))
    )
    op.create_table('release_picture',
    sa.Column('release_id', BigInt, nullable=False),
    sa.Column('image_sha256', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_release_picture_release_id')),
    sa.PrimaryKeyConstraint('release_id', 'image_sha256', name=op.f('pk_release_picture'))
    )


def downgrade() -> None:
    op.drop_table("release_picture")
    op.execute("DELETE FROM job WHERE kind = 'cut-pictures'")
    op.execute("DELETE FROM job WHERE kind = 'build-facsimile'")
    op.drop_table("facsimile_file")
    op.drop_table("facsimile")
    op.execute("DELETE FROM job WHERE kind = 'index-release'")
    for table in ("passage_words", "passage", "outline", "catalogue_entry"):
        op.drop_table(table)
    for table in _SEALED:
        for statement in unseal_ddl(table, op.get_bind().dialect.name):
            op.execute(sa.text(statement))
    op.drop_column("preview", "contents")
    op.drop_column("release", "changed_pages")
    op.drop_column("release", "cover_sha256")
    op.drop_column("release", "decisions")
    op.drop_column("project", "cover_sha256")
    op.drop_column("project", "smooth")
    op.execute("DELETE FROM letter WHERE kind = 'erratum'")
    _change_letters("'confirm', 'recover', 'lease', 'read'", without_person=False)
    op.drop_table("erratum")
    op.drop_table("illustration")
    op.drop_table("dismissal")
    op.drop_table("decision")
    op.drop_table("contents")


def _change_letters(kinds: str, *, without_person: bool) -> None:
    """Say which kinds of letters there are, and whether one may go to nobody with an account."""
    with op.batch_alter_table("letter") as letter:
        letter.drop_constraint(op.f("ck_letter_kind"), type_="check")
        letter.create_check_constraint(op.f("ck_letter_kind"), f"kind IN ({kinds})")
        letter.alter_column("person_id", nullable=without_person)
