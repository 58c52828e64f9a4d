"""How feeds are sent: with a tag and a date, so that whoever comes back is told nothing changed."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import request
from flask.wrappers import Response
from lxml import etree


def send(body: bytes, media_type: str, changed: datetime) -> Response:
    """Return an answer that caches may keep and must ask about."""
    response = Response(body, content_type=media_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.last_modified = changed
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response


def written(root: etree._Element) -> bytes:
    """Return an XML document's bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def moment(time: datetime) -> str:
    """Return a time as Atom writes it (RFC 3339), to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Maker:
    """Makes the elements of one namespace."""

    def __init__(self, namespace: str, prefixes: Mapping[str | None, str] | None = None) -> None:
        self.namespace = namespace
        usual: Mapping[str | None, str] = {None: namespace}
        self.prefixes = dict(prefixes or usual)

    def __call__(
        self, name: str, *inside: str | etree._Element, **attributes: str
    ) -> etree._Element:
        """Return an element with these attributes, text and children."""
        made = etree.Element(f"{{{self.namespace}}}{name}", nsmap=self.prefixes)  # type: ignore[arg-type]
        for key, value in attributes.items():
            made.set(key, value)
        for each in inside:
            if isinstance(each, str):
                made.text = each
            else:
                made.append(each)
        return made
