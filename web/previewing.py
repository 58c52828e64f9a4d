"""Previews, asked for by looking: a cache that builds itself, for the API and the release page."""

from exports.models import Preview
from exports.releasing import previews
from library import projects
from library.errors import ConflictError
from web import place


def preview_of(slug: str) -> Preview:
    """Return the preview of what stands now, asked for when nobody has yet.

    Raises ConflictError for a book without pages.
    """
    with place.reads() as session:
        found = projects.find_project(session, slug)
        digest, known = previews.current_preview(session, found, place.settings())
    if known is not None:
        return known
    with place.writes() as session:
        found = projects.find_project(session, slug)
        asked = previews.request_preview(session, found, digest, place.now())
    place.ring("books")
    return asked


def state_of_preview(slug: str) -> str:
    """Return how far the preview of what stands now is, "" for a book without pages."""
    try:
        return preview_of(slug).state
    except ConflictError:
        return ""
