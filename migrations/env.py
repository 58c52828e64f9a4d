"""Runs migrations on the connection that `library.schema` hands over."""

from typing import Any, Literal

from alembic import context

import exports.catalogue.catalog_models
import exports.models
import library.mail_models
import proofing.models
import proofing.trials_models
from library.db import Base, BigInt, UtcDateTime

# Importing the models fills the metadata that autogenerate compares with.
MODELS = (
    exports.catalogue.catalog_models,
    exports.models,
    library.mail_models,
    proofing.models,
    proofing.trials_models,
)


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401
    """Write our own column types by name."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and item is BigInt:
        return "BigInt"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes.get("batch", True),
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
