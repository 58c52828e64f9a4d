"""Addresses for the world outside: whole ones, under the installation's public address."""

from typing import Any
from urllib.parse import urlsplit

from flask import url_for

from web import place


def public(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - url_for's own
    """Return the canonical address of a page: the same, however it was asked for."""
    return under(url_for(endpoint, _external=False, **values))


def under(path: str) -> str:
    """Return a path of this site under its public address."""
    parts = urlsplit(path)
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{place.settings().url.rstrip('/')}{parts.path}{query}{fragment}"
