"""The site on both databases, without rate limits."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from library.config import Settings
from tests.support.site import Site


@pytest.fixture
def site(settings: Settings, engine: sa.Engine) -> Site:
    """Give the application on this test's database."""
    return Site(replace(settings, limits_on=False), engine)


@pytest.fixture
def limited_site(settings: Settings, engine: sa.Engine) -> Site:
    """Give the application with its rate limits."""
    return Site(settings, engine)


@pytest.fixture
def sqlite_site(settings: Settings, sqlite_engine: sa.Engine) -> Site:
    """Give the application on SQLite alone, for what does not ask the database anything special."""
    return Site(replace(settings, limits_on=False), sqlite_engine)
