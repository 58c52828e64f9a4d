"""How answers go over the wire: texts compressed, static files under addresses kept for good.

Our own scripts and style sheets go without their comments and indents; what is vendored is small
already.

An address of a static file holds a digest of all of them, so what a script or a style sheet names
by a relative path has it too. Whatever changes one file gives all of them new addresses.
"""

import hashlib
import mimetypes
import posixpath
import re
from functools import lru_cache
from gzip import compress as gzip
from pathlib import Path
from typing import Any

import brotli
import rcssmin
import rjsmin
from flask import Flask, Response, abort, request
from flask_compress import Compress
from werkzeug.security import safe_join

#: What is worth compressing; fonts and images are compressed already.
TEXTS = (
    "application/javascript",
    "application/json",
    "application/problem+json",
    "application/xhtml+xml",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
)
#: Codings, the better one first.
CODINGS = ("br", "gzip")
#: Bytes below which compression saves nothing worth its time.
LEAST = 500
#: The address in a static import, as the project's own scripts and the bundles' names write it.
_IMPORTED = re.compile(
    r"""^(?:import|export)\b(?:[^;"']*\bfrom)?\s*["'](\.[^"']+)["']""", re.MULTILINE
)
_FOR_GOOD = "public, max-age=31536000, immutable"
#: Of 11: the last step takes twice as long for a hundredth. Each file is compressed once a process.
_QUALITY = 10


def prepare(app: Flask) -> None:
    """Serve the files of `static/` beside the app, and compress answers.

    It comes before whatever else runs after a request, because the first of those runs last.
    Changed static files are seen when the app starts again, as changed templates are.
    """
    app.config.update(
        COMPRESS_ALGORITHM=list(CODINGS),
        COMPRESS_MIMETYPES=list(TEXTS),
        COMPRESS_MIN_SIZE=LEAST,
        COMPRESS_STREAMS=False,  # files to download go as they are
    )
    Compress(app)
    folder = Path(app.root_path) / "static"
    present = digest(folder)

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", present)

    def static(version: str, filename: str) -> Response:
        response = _static(present, folder, filename)
        # A page from before an upgrade may ask for one more script: it gets the new one, for once.
        response.headers["Cache-Control"] = _FOR_GOOD if version == present else "no-cache"
        return response

    app.jinja_env.globals["modules_of"] = lru_cache(lambda entry: modules_of(folder, entry))
    app.url_defaults(add_version)
    app.add_url_rule("/static/<version>/<path:filename>", "static", static)


def digest(folder: Path) -> str:
    """Return a digest of all files of a folder and their names, fit for an address."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = hashlib.sha256(path.read_bytes()).digest()
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + content)
    return found.hexdigest()[:12]


def modules_of(folder: Path, entry: str) -> list[str]:
    """Return the names of all scripts that a script of `folder` imports as it starts.

    Nearest first, itself left out. A page names them, so that the browser asks for all at once and
    need not find one after the other.
    """
    found = [entry]
    for name in found:  # which grows meanwhile
        for relative in _IMPORTED.findall((folder / name).read_text("utf-8")):
            module = posixpath.normpath(posixpath.join(posixpath.dirname(name), relative))
            if module not in found:
                found.append(module)
    return found[1:]


def _static(present: str, folder: Path, filename: str) -> Response:
    path = safe_join(str(folder), filename)
    if path is None or not Path(path).is_file():
        abort(404)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    coding = request.accept_encodings.best_match(CODINGS) if kind in TEXTS else None
    content, tag = _coded(present, path, coding)
    response = Response(content, mimetype=kind)
    if coding:
        response.content_encoding = coding
    response.set_etag(tag)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=512)
def _coded(_version: str, path: str, coding: str | None) -> tuple[bytes, str]:
    """Return a file's bytes in this coding and a tag for them."""
    content = lean(Path(path))
    if coding == "br":
        content = brotli.compress(content, quality=_QUALITY)
    elif coding == "gzip":
        content = gzip(content, mtime=0)
    return content, hashlib.sha256(content).hexdigest()[:16]


def lean(path: Path) -> bytes:
    """Return a static file's bytes; a script or style sheet of ours without what only we read."""
    content = path.read_bytes()
    if "vendor" in path.parts:
        return content
    if path.suffix == ".js":
        return str(rjsmin.jsmin(content.decode())).encode()
    if path.suffix == ".css":
        return str(rcssmin.cssmin(content.decode())).encode()
    return content
