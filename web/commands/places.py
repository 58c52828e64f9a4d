"""What every command begins with: the installation, its database made or found current."""

import sqlalchemy as sa

from library import schema
from library.worker import Installation, installation


def opened() -> Installation:
    """Return this installation; an absent database is made, an older one refused.

    Raises UnavailableError when the database has another version's schema.
    """
    place = installation()
    if not sa.inspect(place.engine).get_table_names():
        schema.migrate(place.engine)
    schema.require_current(place.engine)
    return place
