"""The database: engine, declarative base, and the two ways to open a transaction.

`with reading(engine)` for looking, `with writing(engine)` for changing; both are opened at entry
points only (views, jobs, commands). On SQLite a writer first takes a blocking lock, in the process
and by a lock file between processes: SQLite's own busy handler sleeps and retries, which makes
waits long and unfair.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

#: Execution option of connections that will write.
WRITES = "galley_writes"
#: Execution option of connections that ask one question outside a transaction.
GLANCES = "galley_glances"
#: The lines of a page are 25 KB of JSON; its letters stay letters, so that a search finds Zoë.
_ENGINE: dict[str, Any] = {
    "pool_size": 8,
    "max_overflow": 16,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}
#: A server's connection that nobody used for so many seconds is tried before it is handed out.
IDLE = 5

_process_lock = threading.Lock()
_thread = threading.local()


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which forgets time zones, gives it back aware too."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive time: nobody knows what it means."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Return the stored time as an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: 64 bits everywhere; SQLite counts only plain INTEGER primary keys up by itself.
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

Key = Annotated[int, mapped_column(BigInt, primary_key=True)]
Json = dict[str, Any]


class Base(DeclarativeBase):
    """Every table; constraint names are fixed, so that migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: sa.Text(),
        int: BigInt,
        Json: sa.JSON(),
        list[Any]: sa.JSON(),
    }


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """Return the constraint that a text column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=column)


def append_only(table: sa.Table) -> None:
    """Let the database itself refuse UPDATE and DELETE on this table's rows."""
    for dialect in ("sqlite", "postgresql"):
        for statement in append_only_ddl(table.name, dialect):
            ddl = sa.DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


def append_only_ddl(table: str, dialect: str) -> list[str]:
    """Return the statements that make a table append-only; migrations use them too."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    refuse = f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
    function = f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql"
    trigger = f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    return [
        f"{function} AS $$ {refuse} $$",
        f"{trigger} FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
    ]


def make_engine(url: str) -> sa.Engine:
    """Return an engine for this SQLAlchemy URL, set up for Galley's promises.

    SQLite: WAL, `synchronous=FULL` (saved means on disk), foreign keys. PostgreSQL: time limits, so
    that nothing waits for ever.
    """
    if not url.startswith("sqlite"):
        limits = "-c statement_timeout=60000 -c lock_timeout=10000"
        idle = "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
        options = {"options": f"{limits} {idle}"}
        server = sa.create_engine(url, connect_args=options, **_ENGINE)
        event.listen(server, "checkin", _leave)
        event.listen(server, "checkout", _ping_when_idle)
        return server
    if file := sa.make_url(url).database:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": 20}, **_ENGINE)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """Open a transaction that sees one moment and can change nothing."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with Session(connection, autoflush=False) as session:
            yield session


@contextmanager
def glancing(engine: sa.Engine) -> Iterator[Session]:
    """Open a session for one question: no transaction around it, so nothing but its own round trip.

    What it gives may be older than what the next question gives; it must change nothing.
    """
    with engine.connect() as connection:
        connection.execution_options(**{GLANCES: True})
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        with Session(connection, autoflush=False) as session:
            yield session


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """Open a transaction that commits at the end of the block and rolls back on any error.

    Raises RuntimeError inside another one of the same thread on SQLite: it would wait for itself.
    """
    with _write_lock(engine), engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        with Session(connection, expire_on_commit=False) as session, session.begin():
            yield session


def add_if_absent(session: Session, table: type[Base], **values: object) -> int | None:
    """Add a row unless one with the same key is there; returns its id, or None if there was one.

    A row that another transaction is adding at this moment is waited for.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(table).values(values).on_conflict_do_nothing()
    key: int | None = session.scalar(added.returning(*sa.inspect(table).primary_key[:1]))
    return key


def _write_lock(engine: sa.Engine) -> Any:  # noqa: ANN401 - one of two context managers
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        return nullcontext()
    return _locked(f"{file}.lock")


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the process's lock, then the lock file; a new descriptor each time survives forks."""
    if getattr(_thread, "writes", False):
        raise RuntimeError("a transaction that writes was opened inside another")
    with _process_lock:
        _thread.writes = True
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
            _thread.writes = False


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "busy_timeout=20000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin explicitly: the driver's own habit begins late and cannot upgrade a reader."""
    if connection.get_execution_options().get(GLANCES):
        return
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _leave(_connection: object, record: Any) -> None:  # noqa: ANN401 - pool record
    record.info["left"] = time.monotonic()


def _ping_when_idle(connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 - DBAPI
    """Try a connection that has waited long: the server may have been started anew meanwhile."""
    left = record.info.get("left")
    if left is None or time.monotonic() - left < IDLE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except connection.OperationalError as error:
        raise sa.exc.DisconnectionError from error
