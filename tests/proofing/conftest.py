"""A desk on both databases."""

import pytest
import sqlalchemy as sa

from tests.support.desk import Desk


@pytest.fixture
def desk(engine: sa.Engine) -> Desk:
    """Give the services on a fresh database, at a time of the test's own."""
    return Desk(engine)
