"""The web application under test: people who are signed in, and workers that do what is due."""

import io
import re
import secrets
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse, encode_multipart

from app import create_app
from exports import jobs as book_jobs
from library import people
from library.config import Settings
from library.db import reading, writing
from library.models import Person, Project
from library.storage import Storage
from library.worker import Installation, do_next
from proofing import jobs as page_jobs
from tests.support import rows
from tests.support.scanned import drawn_page
from web import security
from web.api.describe import CALLS, Call

PASSWORD = "a few words of mine"  # noqa: S105 - of test accounts
#: Makes somebody no newcomer in any round.
ALL_ROUNDS = ("P1", "P2", "P3", "F1", "F2")


def usual_site(settings: Settings, engine: sa.Engine) -> "Site":
    """Give a site without rate limits, on an application that is made once.

    Its addresses alone take a third of a second to compile.
    """
    usual = replace(settings, limits_on=False)
    baked = (
        usual.secret_key,
        usual.redis_address,
        usual.url,
        usual.proxies,
        usual.sends_mail,
        usual.registration_open,
    )
    if baked not in _APPS:
        _APPS[baked] = _made(usual)
    return Site(usual, engine, _APPS[baked])


#: Applications by what their making takes from the settings.
_APPS: dict[tuple[object, ...], Flask] = {}


def _made(settings: Settings) -> Flask:
    app = create_app(settings)
    made: Installation = app.extensions["galley"]
    made.engine.dispose()
    return app


class Site:
    """The application on a test's database, with a real storage and Redis."""

    def __init__(self, settings: Settings, engine: sa.Engine, app: Flask | None = None) -> None:
        self.app = app or _made(settings)
        self.place = Installation(settings, engine, Storage.from_url(settings.storage_url))
        self.app.extensions["galley"] = self.place
        security.limiter.enabled = settings.limits_on  # of the app made last, otherwise
        self.engine = engine

    def person(
        self, name: str, *, role: str = "volunteer", grants: Sequence[str] = ALL_ROUNDS
    ) -> Person:
        """Add a person, to whom all rounds (or those of `grants`) are open."""
        with writing(self.engine) as session:
            return rows.add_person(session, name, role=role, grants=grants)

    def project(self, owner: Person, **fields: Any) -> str:  # noqa: ANN401 - columns
        """Add a project with pages that were read; returns its slug."""
        with writing(self.engine) as session:
            return rows.add_project(session, owner, **{"pages": 3, **fields}).slug

    def visitor(self) -> "Browser":
        """Return a browser in which nobody is signed in."""
        return Browser(self, None)

    def browser(self, person: Person) -> "Browser":
        """Return a browser in which this person is signed in."""
        return Browser(self, person)

    def api(self, person: Person | None) -> "Api":
        """Return an API client with a token of this person, or without any."""
        if person is None:
            return Api(self.app.test_client(), {})
        with writing(self.engine) as session:
            token = people.new_token(session, session.get_one(Person, person.id), rows.NOW)
        return Api(self.app.test_client(), {"Authorization": f"Bearer {token}"})

    def work(self, queue: str = "ocr") -> None:
        """Do all that is due on a queue, as its worker does, in this process."""
        perform = {
            "ocr": (page_jobs.perform, page_jobs.give_up),
            "books": (book_jobs.perform, book_jobs.give_up),
        }[queue]
        while do_next(self.place, queue, *perform):
            pass

    def look(self) -> "sa.orm.Session":
        """Open a transaction for looking; use it in a `with`."""
        return Session(self.engine)

    def project_row(self, slug: str) -> Project:
        """Return a project's row as it stands."""
        with reading(self.engine) as session:
            return session.scalars(sa.select(Project).where(Project.slug == slug)).one()


@dataclass
class Api:
    """A client of the API."""

    client: FlaskClient
    headers: Mapping[str, str]

    def call(
        self,
        method: str,
        path: str,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - werkzeug's own
    ) -> TestResponse:
        """Call `/api/v1` + path."""
        if json is not None:
            more["json"] = json
        more.setdefault("buffered", True)  # reads a file to its end, and closes it
        sent = {**self.headers, **(headers or {})}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)
        check_answer(self.client.application, method, answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:  # noqa: ANN401
        return self.call("GET", path, **more)

    def post(self, path: str, json: object = None, **more: Any) -> TestResponse:  # noqa: ANN401
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: object = None, **more: Any) -> TestResponse:  # noqa: ANN401
        return self.call("PUT", path, json, **more)

    def patch(self, path: str, json: object = None, **more: Any) -> TestResponse:  # noqa: ANN401
        return self.call("PATCH", path, json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:  # noqa: ANN401
        return self.call("DELETE", path, **more)

    def upload(self, slug: str, *files: tuple[str, bytes]) -> TestResponse:
        """Send scans, each `(name, bytes)`."""
        return self.post(f"/projects/{slug}/scans", **multipart(files))


def check_answer(app: Flask, method: str, answer: TestResponse) -> None:
    """Assert that an answer of the API is what `openapi.json` says of its call."""
    known = _described(app, method, answer.request.path)
    if known is None:
        return
    endpoint, call = known
    said = f"{method} {answer.request.path}: {answer.status_code}"
    if answer.status_code >= 400 and answer.mimetype != "application/json":
        assert answer.mimetype == "application/problem+json", said
        problem = answer.get_json()
        assert {"type", "title", "status", "detail"} <= set(problem), said
        assert set(problem) <= {"type", "title", "status", "detail", "errors", "current"}, said
        assert problem["status"] == answer.status_code, said
        assert problem["detail"].endswith((".", ")")), f"{said}: {problem['detail']}"
        assert answer.status_code in call.problems, f"{said} is not described"
    elif answer.is_json and answer.status_code == call.status and call.gives is not None:
        given = answer.get_json()
        assert call.gives.model_validate(given).model_dump(exclude_unset=True) == given, (
            f"{said} by {endpoint}"
        )


def _described(app: Flask, method: str, path: str) -> tuple[str, Call] | None:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method)
    except HTTPException:
        return None
    call = CALLS.get(str(endpoint).removeprefix("api."))
    return (str(endpoint), call) if call else None


class Browser:
    """A browser without scripts: cookies, and forms that carry their token."""

    def __init__(self, site: Site, person: Person | None) -> None:
        self.site = site
        self.client = site.app.test_client()
        secret = secrets.token_hex(20)
        signer = URLSafeTimedSerializer(str(site.app.secret_key), salt="wtf-csrf-token")
        self.token = str(signer.dumps(secret))
        with self.client.session_transaction() as cookie:
            cookie["csrf_token"] = secret
            if person is not None:
                with writing(site.engine) as session:
                    mine = session.get_one(Person, person.id)
                    cookie["login"] = people.sign_in(session, mine, datetime.now(UTC))

    def get(self, path: str, **more: Any) -> TestResponse:  # noqa: ANN401
        """Ask for a page."""
        return self.client.get(path, buffered=True, **more)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:  # noqa: ANN401
        """Send a form with its token."""
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token}, **more)

    def send(
        self,
        path: str,
        fields: Mapping[str, Any],
        *files: tuple[str, bytes],
        field: str = "files",
    ) -> TestResponse:
        """Send a form with files and its token."""
        form = multipart(files, field, {**fields, "csrf_token": self.token})
        return self.client.post(path, buffered=True, **form)

    def read(self, path: str) -> str:
        """Return a page's HTML; it must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text


def multipart(
    files: Sequence[tuple[str, bytes]],
    field: str = "files",
    fields: Mapping[str, Any] | None = None,
) -> Any:  # noqa: ANN401 - arguments of a client's call
    """Return a form with files, as arguments of a call."""
    sent = MultiDict[str, Any](fields)
    for name, data in files:
        sent.add(field, FileStorage(io.BytesIO(data), name))
    boundary, body = encode_multipart(sent)
    return {"data": body, "content_type": f'multipart/form-data; boundary="{boundary}"'}


def png(lines: Sequence[str] = ("A page of a book,", "with two lines.")) -> bytes:
    """Return a small scan with these lines, as PNG."""
    return encoded(drawn_page(list(lines)), "PNG")


def encoded(image: Image.Image, kind: str, **more: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    """Return an image in a format of Pillow's."""
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def textarea(html: str, name: str) -> str:
    """Return what a text field shows: HTML drops the one newline that follows its tag."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert found, f"no text field {name}"
    text = found[1].removeprefix("\n")
    for entity, letter in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, letter)
    return text
