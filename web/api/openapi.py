"""`openapi.json`, made from the views themselves."""

import re
from functools import cache
from typing import Any

from flask import Response, current_app, jsonify
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from library.config import SITE_NAME
from web.api import bp
from web.api.describe import CALLS, Call

Json = dict[str, Any]

_PATH_TYPES = {"IntegerConverter": "integer"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence a person can act on."},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        "current": {"type": "object"},
    },
}
_FILES = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}


@bp.get("/openapi.json")
def openapi() -> Response:
    """Give the description of this API."""
    return jsonify(document())


@cache
def document() -> Json:
    """Return the OpenAPI 3.1 description of every described call."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": SITE_NAME,
            "version": "1",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {
            "schemas": {**_schemas(), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _paths() -> Json:
    paths: Json = {}
    for rule in current_app.url_map.iter_rules():
        described = CALLS.get(rule.endpoint.removeprefix("api."))
        if described is None or not rule.endpoint.startswith("api."):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.casefold()] = _operation(rule, described)
    return dict(sorted(paths.items()))


def _operation(rule: Rule, described: Call) -> Json:
    operation: Json = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": described.summary,
        "parameters": [*_path_parameters(rule), *_query_parameters(described)],
        "responses": _responses(described),
    }
    if described.files:
        operation["requestBody"] = {"content": {"multipart/form-data": {"schema": _FILES}}}
    elif described.takes is not None:
        operation["requestBody"] = _content(described.takes.__name__)
    return operation


def _responses(described: Call) -> Json:
    good: Json = {"description": described.summary}
    if described.gives is not None:
        good |= _content(described.gives.__name__)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused = {
        str(status): {"description": "Refused, with the reason", "content": problem}
        for status in described.problems
    }
    return {str(int(described.status)): good, **refused}


def _content(name: str) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _path_parameters(rule: Rule) -> list[Json]:
    converters = rule._converters  # noqa: SLF001 - werkzeug has no public name for it
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": _PATH_TYPES.get(type(converter).__name__, "string")},
        }
        for name, converter in converters.items()
    ]


def _query_parameters(described: Call) -> list[Json]:
    return [
        {"name": name, "in": "query", "description": sentence, "schema": {"type": "string"}}
        for name, sentence in described.query.items()
    ]


def _schemas() -> Json:
    shapes = {shape for each in CALLS.values() for shape in (each.takes, each.gives) if shape}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    _, schema = models_json_schema(
        [(shape, "validation") for shape in ordered],
        ref_template="#/components/schemas/{model}",
    )
    return dict(schema.get("$defs", {}))
