"""A PostgreSQL of the test session's own: a temporary cluster on a unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from library.processes import die_with

#: What Debian leaves out of PATH.
_DEBIAN = Path("/usr/lib/postgresql")
#: A cluster that is thrown away need not survive a power cut.
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "max_connections=120",
    "shared_buffers=64MB",
    "autovacuum=off",
)
#: Bytes of a table from which TRUNCATE is the faster.
_LARGE = 1_000_000
_TABLES = sa.text(
    "SELECT relname, pg_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version'"
)
_RESTART = sa.text(
    "SELECT setval(oid, 1, false) FROM pg_class"
    " WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)


def program(name: str) -> str | None:
    """Return the path of one of PostgreSQL's programs, the newest version's, or None."""
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(versions[-1]) if versions else shutil.which(name)


@contextmanager
def cluster(settings: tuple[str, ...] = _SETTINGS) -> Iterator[sa.URL]:
    """Run a new cluster and give the address of its `postgres` database.

    `settings` are written `name=value`; by default nothing survives a power cut. Skips the test
    where PostgreSQL is not installed, but fails it where `CI` is set.
    """
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        word = "PostgreSQL is not installed; install it to test on it too."
        if os.environ.get("CI"):
            pytest.fail(word)
        pytest.skip(word)
    # Unix sockets have short names only, so not below pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="galley-pg-"))
    data = str(folder / "data")
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    make = [initdb, "-D", data, "-U", "galley", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    options = [part for setting in settings for part in ("-c", setting)]
    try:
        subprocess.run(
            [*make, "--no-sync"], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
        )
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                [postgres, "-D", data, "-k", str(folder), *options],
                user=user,
                cwd=folder,
                stderr=log,
                # Also when the tests are killed, nothing stays behind.
                preexec_fn=partial(die_with, os.getpid(), signal.SIGQUIT),  # noqa: PLW1509 - no thread yet
            ) as server,
        ):
            address = sa.URL.create(
                "postgresql+psycopg",
                username="galley",
                database="postgres",
                query={"host": str(folder)},
            )
            try:
                _wait_for(address, folder / "log")
                yield address
            finally:
                server.send_signal(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: sa.URL, log: Path) -> None:
    """Return once the server answers; raises RuntimeError with its log after a minute."""
    for _ in range(600):
        try:
            execute(address, "SELECT 1")
        except sa.exc.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def execute(address: sa.URL, *statements: str) -> None:
    """Run statements outside a transaction, as CREATE DATABASE asks for."""
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def empty(engine: sa.Engine) -> None:
    """Delete every row and start every sequence anew; some fifty times faster than TRUNCATE."""
    with engine.begin() as connection:
        # As a replica, append-only tables do not refuse and foreign keys ask for no order.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name, size in connection.execute(_TABLES):
            how = "TRUNCATE" if size > _LARGE else "DELETE FROM"
            connection.exec_driver_sql(f'{how} "{name}"{" CASCADE" if size > _LARGE else ""}')
        connection.execute(_RESTART)


def address_of(url: sa.URL) -> str:
    """Return the whole address, password included."""
    return url.render_as_string(hide_password=False)
