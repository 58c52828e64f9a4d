"""Is it alive, is it ready, how is it doing."""

import ipaddress
import os
from collections.abc import Callable

import redis
import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request

from library import queue, schema
from library.errors import ForbiddenError, GalleyError
from library.models import JOB_STATES, Job, Project
from pipeline.lexicon import how_to_install, missing_languages
from web import place

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Answer as long as the process lives."""
    return jsonify(status="alive")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer 200 when all parts answer, else 503 naming those that do not.

    `advice` says what would make it better: dictionaries to install.
    """
    silent = missing()
    advice = [] if "database" in silent else _advice()
    if silent:
        return jsonify(status="not ready", missing=silent, advice=advice), 503
    return jsonify(status="ready", advice=advice), 200


@bp.get("/metrics")
def metrics() -> Response:
    """Give counts of job rows as Prometheus text, to this machine or to an admin."""
    visitor = place.visitor()
    local = ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
    if not local and not (visitor and visitor.is_admin):
        raise ForbiddenError("Metrics are for this machine itself, or for an admin's token.")
    with place.reads() as session:
        rows = session.execute(
            sa.select(Job.queue, Job.state, sa.func.count()).group_by(Job.queue, Job.state)
        )
        found = {(name, state): number for name, state, number in rows}
    lines = ["# HELP galley_jobs Job rows by queue and state.", "# TYPE galley_jobs gauge"]
    lines += [
        f'galley_jobs{{queue="{name}",state="{state}"}} {found.get((name, state), 0)}'
        for name in queue.QUEUES
        for state in JOB_STATES
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def missing() -> dict[str, str]:
    """Return the parts that do not answer, each with a reason."""
    return {name: reason for name, check in CHECKS.items() if (reason := _ask(check)) is not None}


def _advice() -> list[str]:
    """Return a sentence for each language of an active project that has no dictionary here."""
    with place.reads() as session:
        lists = session.scalars(sa.select(Project.languages).where(Project.state == "active"))
        languages = {language for each in lists for language in each}
    return [how_to_install(each) for each in missing_languages(sorted(languages))]


def _ask(check: Callable[[], None]) -> str | None:
    try:
        check()
    except (GalleyError, sa.exc.SQLAlchemyError, redis.RedisError, OSError) as error:
        return getattr(error, "sentence", None) or type(error).__name__
    return None


def _database() -> None:
    schema.require_current(place.installation().engine)


def _redis() -> None:
    queue.connect(place.settings()).ping()


def _storage() -> None:
    root = place.installation().storage.root
    if not os.access(root, os.W_OK):
        raise OSError(f"cannot write to {root}")


def _worker() -> None:
    queue.require_worker(place.settings(), "ocr")


#: The parts that Galley needs, by the name under which their silence is told.
CHECKS = {"database": _database, "redis": _redis, "storage": _storage, "worker": _worker}
