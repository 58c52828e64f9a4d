"""The open dump over HTTP: `/dump/` lists what is in it, everything below can be fetched."""

from pathlib import Path

from flask import Blueprint, abort, redirect, render_template, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as ResponseBase

from exports.dumping import dump
from web import place
from web.present import Json

bp = Blueprint("dumping", __name__, url_prefix="/dump")

_TYPES = {".jsonl": "application/jsonl", ".md": "text/markdown", ".gz": "application/gzip"}


@bp.get("/")
def index() -> str:
    """List the dump; before the first one, say when it will be there."""
    return _listed("")


@bp.get("/<path:name>")
def file(name: str) -> ResponseBase | str:
    """Send a file of the dump, in parts when asked (RFC 9110), or list a folder of it."""
    path = _path(name)
    if path.is_dir():
        return _listed(name) if name.endswith("/") else redirect(f"{request.path}/", 308)
    if not path.is_file():
        abort(404)
    kind = _TYPES.get(path.suffix)
    response = send_file(path, mimetype=kind, conditional=True, as_attachment=False)
    response.headers["Cache-Control"] = "public, no-cache"
    # Files of books come from this site's own pages, where nothing of theirs may run.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'"
    return response


def _listed(name: str) -> str:
    folder = _path(name)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    entries = [_entry(path) for path in found if path.name[0] != "."]
    return render_template("dump/index.html", name=name.rstrip("/"), entries=entries)


def _path(name: str) -> Path:
    found = safe_join(str(dump.folder_of(place.settings())), name)
    if found is None or any(part.startswith(".") for part in Path(name).parts):
        abort(404)
    return Path(found)


def _entry(path: Path) -> Json:
    is_folder = path.is_dir()
    return {
        "name": path.name,
        "address": f"{path.name}/" if is_folder else path.name,
        "is_folder": is_folder,
        "bytes": 0 if is_folder else path.stat().st_size,
    }
