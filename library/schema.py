"""The schema's version: bringing a database up to it, and refusing to serve on another."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from library.db import WRITES
from library.errors import UnavailableError

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


def migrate(engine: sa.Engine) -> None:
    """Bring the database to this version's schema, in one transaction; repeatable."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two hosts that start at once take turns.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7270)"))
        command.upgrade(config(connection), "head")


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
