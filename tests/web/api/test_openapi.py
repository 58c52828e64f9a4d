"""`openapi.json` describes every call, and every reference in it leads somewhere."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from library.config import Settings
from tests.support.site import Site
from web.api.describe import CALLS


def walk(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(node, dict):
        yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from walk(child)


def document(site: Site) -> dict[str, Any]:
    answer = site.api(None).get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_every_call_is_described(sqlite_site: Site) -> None:
    described = {
        operation["operationId"]
        for path in document(sqlite_site)["paths"].values()
        for operation in path.values()
    }
    endpoints = {
        rule.endpoint.removeprefix("api.")
        for rule in sqlite_site.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert described == set(CALLS)
    assert endpoints - described == {"openapi", "nowhere"}


def test_the_document_is_sound(sqlite_site: Site) -> None:
    found = document(sqlite_site)
    assert found["openapi"].startswith("3.1")
    schemas = found["components"]["schemas"]
    for node in walk(found):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/components/schemas/") in schemas, node["$ref"]
    for path, operations in found["paths"].items():
        assert path.startswith("/api/v1/")
        named = set(re.findall(r"\{(\w+)\}", path))
        for operation in operations.values():
            given = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert given == named, path
            assert operation["summary"]
            assert any(status.startswith("2") for status in operation["responses"])
            assert all(each["description"] for each in operation["responses"].values())


def test_ids_are_unique(sqlite_site: Site) -> None:
    ids = [node["operationId"] for node in walk(document(sqlite_site)) if "operationId" in node]
    assert len(ids) == len(set(ids))


def test_polling_costs_nothing_while_nothing_changes(sqlite_site: Site) -> None:
    slug = sqlite_site.project(sqlite_site.person("olga"))
    api = sqlite_site.api(None)
    etag = api.get(f"/projects/{slug}").headers["ETag"]
    assert api.get(f"/projects/{slug}", headers={"If-None-Match": etag}).status_code == 304


def test_calls_are_limited_by_person(settings: Settings, engine: sa.Engine) -> None:
    limits = {**settings.limits, "api": "3/minute"}
    site = Site(replace(settings, limits=limits), engine)
    ann, ben = site.api(site.person("ann")), site.api(site.person("ben"))
    assert [ann.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = ann.get("/stats")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert ben.get("/me").status_code == 200
