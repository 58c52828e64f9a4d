"""The schema's version: bringing a database up to it, and refusing to serve on another."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from library.db import WRITES
from library.durable import replacing
from library.errors import UnavailableError

#: Copies of a SQLite file that are kept from before its migrations.
COPIES = 3
_MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(engine: sa.Engine) -> None:
    """Bring the database to this version's schema, in one transaction; repeatable.

    A SQLite file of an older schema is copied to `backups/` beside it first.
    """
    _keep_a_copy(engine)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two hosts that start at once take turns.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7270)"))
        command.upgrade(config(connection), "head")


def _keep_a_copy(engine: sa.Engine) -> None:
    """Copy a SQLite file that is about to change its schema; the last few copies are kept."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        return
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None or found == ScriptDirectory.from_config(config()).get_current_head():
        return
    folder = Path(file).parent / "backups"
    folder.mkdir(mode=0o750, exist_ok=True)
    number = 1 + max((int(copy.name.split("-")[0]) for copy in _copies(folder)), default=0)
    kept = folder / f"{number:04}-schema-{found}.db"
    with (
        replacing(kept) as unfinished,
        closing(sqlite3.connect(file)) as current,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        current.backup(copy)
    kept.chmod(0o600)
    for old in _copies(folder)[:-COPIES]:
        old.unlink(missing_ok=True)


def _copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9][0-9][0-9][0-9]-schema-*.db"))


def require_current(engine: sa.Engine) -> None:
    """Raise UnavailableError unless the database has exactly this version's schema."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(config()).get_current_head()
    if found != wanted:
        raise UnavailableError(
            f"The database has schema {found or 'none'}, this version of Galley needs {wanted};"
            " run `make run` or `galley migrate` of this version first."
        )


def config(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration, without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    made.attributes["connection"] = connection
    return made
