"""The site on both databases, without rate limits."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from library.config import Settings, settings_from
from tests.support.redis_server import RedisServer
from tests.support.site import Site, usual_site


@pytest.fixture
def site(settings: Settings, engine: sa.Engine) -> Site:
    """Give the application on this test's database."""
    return usual_site(settings, engine)


@pytest.fixture
def limited_site(settings: Settings, engine: sa.Engine) -> Site:
    """Give the application with its rate limits."""
    return Site(settings, engine)


@pytest.fixture
def sqlite_site(
    sqlite_engine: sa.Engine, sqlite_url: str, tmp_path: Path, redis_server: RedisServer
) -> Site:
    """Give the application on SQLite alone, for what does not ask the database anything special."""
    settings = settings_from(
        {
            "GALLEY_HOME": str(tmp_path),
            "DATABASE_URL": sqlite_url,
            "REDIS_URL": redis_server.url,
            "SECRET_KEY": "a key for tests alone",
            "GALLEY_DEMO": "off",
            "GALLEY_LIMITS": "off",
        }
    )
    return usual_site(settings, sqlite_engine)
