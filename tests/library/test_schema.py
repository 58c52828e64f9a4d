"""The migrated schema is the models' schema, and the database itself keeps history as it was."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

import exports.catalogue.catalog_models
import exports.models
import library.mail_models
import proofing.models
import proofing.trials_models
from library import schema
from library.db import WRITES, Base, make_engine, writing
from library.errors import UnavailableError
from library.models import Event
from proofing.models import PageTask, Revision
from tests.support import postgresql
from tests.support.postgresql import address_of
from tests.support.rows import NOW, add_person, add_project

#: Importing the models fills the metadata; the name keeps that from looking unused.
MODELS = (
    exports.catalogue.catalog_models,
    exports.models,
    library.mail_models,
    proofing.models,
    proofing.trials_models,
)
Facts = dict[str, set[object]]


def _facts(engine: sa.Engine) -> Facts:
    """What a database says of its tables: everything that a migration could get wrong."""
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        tables = {name for name in inspector.get_table_names() if name != "alembic_version"}
        found: Facts = {"tables": set(tables)}
        for name in tables:
            found[f"{name}: columns"] = {
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            }
            found[f"{name}: keys"] = _constraints(inspector, name)
            found[f"{name}: checks"] = {
                (check["name"], re.sub(r"\s+", " ", str(check["sqltext"])))
                for check in inspector.get_check_constraints(name)
            }
        found["indexes"] = set(connection.execute(sa.text(_INDEXES[engine.dialect.name])).all())
        found["triggers"] = set(connection.execute(sa.text(_TRIGGERS[engine.dialect.name])).all())
    return found


def _constraints(inspector: sa.Inspector, table: str) -> set[object]:
    primary = inspector.get_pk_constraint(table)
    uniques = inspector.get_unique_constraints(table)
    foreign = inspector.get_foreign_keys(table)
    return {
        (primary["name"], tuple(primary["constrained_columns"])),
        *((each["name"], tuple(each["column_names"])) for each in uniques),
        *(
            (each["name"], tuple(each["constrained_columns"]), each["referred_table"],
             tuple(each["referred_columns"]), str(each.get("options")))
            for each in foreign
        ),
    }  # fmt: skip


#: The database's own words: with uniqueness, order of columns and WHERE.
_INDEXES = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''",
    "postgresql": "SELECT tablename, indexname, indexdef FROM pg_indexes"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
}
_TRIGGERS = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid), prosrc"
    " FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal",
}


@pytest.fixture
def modelled(
    request: pytest.FixtureRequest, engine: sa.Engine, tmp_path: Path
) -> Iterator[sa.Engine]:
    """A database of the same kind whose tables were made from the models."""
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'models.db'}"
    else:
        cluster: sa.URL = request.getfixturevalue("postgresql_cluster")
        postgresql.execute(cluster, "DROP DATABASE IF EXISTS models", "CREATE DATABASE models")
        url = address_of(cluster.set(database="models"))
    made = make_engine(url)
    with made.execution_options(**{WRITES: True}).begin() as connection:
        Base.metadata.create_all(connection)
    yield made
    made.dispose()


def test_the_migrated_schema_is_the_models(engine: sa.Engine, modelled: sa.Engine) -> None:
    migrated, wanted = _facts(engine), _facts(modelled)
    assert len(wanted["tables"]) > 15
    assert len(wanted["triggers"]) >= 2
    assert migrated.keys() == wanted.keys()
    for what, facts in wanted.items():
        assert migrated[what] == facts, what


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE page ADD COLUMN extra TEXT",
        "DROP INDEX ix_page_task_available",
        "CREATE INDEX one_more ON page (label)",
    ],
)
def test_a_difference_would_be_seen(modelled: sa.Engine, change: str) -> None:
    before = _facts(modelled)
    with modelled.execution_options(**{WRITES: True}).begin() as connection:
        connection.exec_driver_sql(change)
    assert _facts(modelled) != before


def test_migrating_twice_changes_nothing(engine: sa.Engine) -> None:
    before = _facts(engine)
    schema.migrate(engine)
    schema.require_current(engine)
    assert _facts(engine) == before


def test_another_schema_is_not_served(engine: sa.Engine) -> None:
    newest = ScriptDirectory.from_config(schema.config()).get_current_head()
    statement = "UPDATE alembic_version SET version_num = '{}'"
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.exec_driver_sql(statement.format("9999"))
    try:
        with pytest.raises(UnavailableError, match="9999"):
            schema.require_current(engine)
    finally:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            connection.exec_driver_sql(statement.format(newest))


def test_an_empty_database_is_not_served(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(UnavailableError, match="schema none"):
        schema.require_current(engine)
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        sa.update(Event).values(action="thing.else"),
        sa.delete(Event),
        sa.update(Revision).values(text="changed"),
        sa.delete(Revision),
    ],
    ids=["update-event", "delete-event", "update-revision", "delete-revision"],
)
def test_history_cannot_be_changed(engine: sa.Engine, change: sa.Update | sa.Delete) -> None:
    _add_history(engine)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.execute(change)


def _add_history(engine: sa.Engine) -> None:
    """Add an event and a revision."""
    with writing(engine) as session:
        add_project(session, pages=1)
        task = session.scalars(sa.select(PageTask)).one()
        session.add(
            Revision(
                task_id=task.id, page_id=task.page_id, person_id=add_person(session).id,
                kind="draft", version=1, based_on=0, text="said", created_at=NOW,
            )
        )  # fmt: skip


def test_a_migration_that_fails_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[str]:
        return ["CREATE NONSENSE"]

    monkeypatch.setattr("library.db.append_only_ddl", fail)
    path = tmp_path / "galley.db"
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises(DBAPIError):
        schema.migrate(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


def test_a_file_of_an_older_schema_is_copied_first(tmp_path: Path) -> None:
    file = tmp_path / "var" / "galley.db"
    engine = make_engine(f"sqlite:///{file}")
    for turn in range(schema.COPIES + 2):
        engine.dispose()
        for name in ("galley.db", "galley.db-wal", "galley.db-shm"):
            file.with_name(name).unlink(missing_ok=True)
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            command.upgrade(schema.config(connection), "0001")
            connection.exec_driver_sql(f"PRAGMA user_version = {turn + 1}")
        schema.migrate(engine)
        schema.migrate(engine)  # nothing changes: nothing is copied
    engine.dispose()
    copies = sorted((file.parent / "backups").iterdir())
    assert [copy.name for copy in copies] == [
        f"{number:04}-schema-0001.db" for number in range(3, schema.COPIES + 3)
    ]
    for turn, copy in enumerate(copies, 3):
        assert copy.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (turn,)
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
                "0001",
            )


def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'galley.db'}")
    schema.migrate(engine)
    engine.dispose()
    assert not (tmp_path / "backups").exists()
