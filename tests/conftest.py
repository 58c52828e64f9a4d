"""Fixtures for all tests: both databases, migrated; Redis; settings that point at them."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event

from library import schema
from library.config import Settings, settings_from
from library.db import make_engine
from proofing import vocabulary
from tests.support import postgresql
from tests.support.postgresql import address_of
from tests.support.redis_server import RedisServer

# A busy machine is no failure, so no deadlines; and the same commit has the same result every time.
# `HYPOTHESIS_PROFILE=soak` looks further, each time elsewhere.
hypothesis_settings.register_profile(
    "usual",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.register_profile("soak", deadline=None, print_blob=True, max_examples=5000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drive the browser last: its threads stay, and a process with threads forks no child.

    A browser on a busy machine now and then fails at what no user meets (a screenshot refused for
    want of memory), so its tests may run once more; the closing lines count these reruns.
    """
    items.sort(key=lambda item: item.path.parent.name == "browser")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note a failure of the browser's tests; see `pytest_runtest_teardown`."""
    report = yield
    if report.failed and item.get_closest_marker("browser"):
        item.stash[_FAILED] = True
        if call.when == "teardown":
            _end_fixtures(item)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """After a failure in the browser, end every fixture: the next try gets a fresh installation.

    What the first try left behind (a page in hand, a book already made) would fail the second.
    """
    if item.stash.get(_FAILED, False):
        item.stash[_FAILED] = False
        _end_fixtures(item)


def _end_fixtures(item: pytest.Item) -> None:
    item.session._setupstate.teardown_exact(None)  # noqa: SLF001 - pytest offers no other way


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "galley.db"
    engine = make_engine(f"sqlite:///{path}")
    schema.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[sa.URL]:
    """The address of the `postgres` database of a running PostgreSQL."""
    with postgresql.cluster() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_session_engine(postgresql_cluster: sa.URL) -> Iterator[sa.Engine]:
    """The session's engine on a migrated PostgreSQL database; ask for `postgresql_engine`."""
    postgresql.execute(postgresql_cluster, "CREATE DATABASE galley")
    engine = make_engine(address_of(postgresql_cluster.set(database="galley")))
    schema.migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh migrated SQLite database."""
    path = tmp_path / "galley.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[sa.Engine]:
    """An engine on a fresh migrated SQLite database."""
    engine = make_engine(sqlite_url)
    event.listen(engine, "connect", _need_not_last)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(postgresql_session_engine: sa.Engine) -> sa.Engine:
    """An engine on an empty migrated PostgreSQL database."""
    postgresql.empty(postgresql_session_engine)
    vocabulary._kept.clear()  # noqa: SLF001 - the next test's project has the same number
    return postgresql_session_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    """An engine on a fresh migrated database: the test runs on SQLite and on PostgreSQL."""
    found: sa.Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisServer]:
    """The session's Redis; tests ask for `redis_server`, which is empty and runs."""
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def redis_server(redis_process: RedisServer) -> Iterator[RedisServer]:
    """An empty Redis that the test may stop and start."""
    redis_process.start()
    with redis_process.client() as client:
        client.flushall()
    yield redis_process
    redis_process.start()


@pytest.fixture
def settings(tmp_path: Path, engine: sa.Engine, redis_server: RedisServer) -> Settings:
    """Settings of an installation in a folder of its own, on this test's database and Redis."""
    return settings_from(
        {
            "GALLEY_HOME": str(tmp_path),
            "DATABASE_URL": address_of(engine.url),
            "REDIS_URL": redis_server.url,
            "SECRET_KEY": "a key for tests alone",
            "GALLEY_DEMO": "off",
        }
    )


def _need_not_last(connection: Any, _record: object) -> None:  # noqa: ANN401 - DBAPI connection
    """Leave out the disk's own time; tests of durability make their engine themselves."""
    connection.execute("PRAGMA synchronous=OFF").close()
