"""`Idempotency-Key`: the same request twice has one effect and the same answer."""

import hashlib
from collections.abc import Callable

from flask import Response, current_app, jsonify, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from library.errors import ConflictError, GalleyError, InvalidError
from library.models import Answer, Person
from proofing.saving import Saved
from web import errors, place
from web.present import Json

MOST_KEY = 200


def once(save: Callable[[Session, Person], tuple[Saved, Json]]) -> Response:
    """Save and answer in one transaction; under a known key, answer as before.

    A refused save is kept on disk before its refusal is told. Raises InvalidError when a key comes
    back with another request.
    """
    person, key = place.person(), _key()
    try:
        with place.writes() as session:
            if key and (known := session.get(Answer, (person.id, key))):
                return _again(known)
            saved, given = save(session, person)
            response = _respond(saved.conflict, given)
            if key:
                _remember(session, person, key, response)
    except IntegrityError:
        # Two requests under one key at the same moment: the other one has answered.
        if not key:
            raise ConflictError("This page was saved elsewhere just now; try again.") from None
        with place.reads() as session:
            return _again(session.get_one(Answer, (person.id, key)))
    return response


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key) <= MOST_KEY:
        raise InvalidError(f"An Idempotency-Key has 1 to {MOST_KEY} characters.")
    return key


def _respond(conflict: GalleyError | None, given: Json) -> Response:
    if conflict is not None:
        return errors.answer(conflict)
    return jsonify(given)


def _remember(session: Session, person: Person, key: str, response: Response) -> None:
    session.add(
        Answer(
            person_id=person.id,
            key=key,
            request_hash=_hash(),
            status=response.status_code,
            body=response.get_data(as_text=True),
            created_at=place.now(),
        )
    )
    session.flush()


def _again(known: Answer) -> Response:
    if known.request_hash != _hash():
        raise InvalidError("This Idempotency-Key was used for another request; make a new one.")
    kind = "application/json" if known.status < 400 else "application/problem+json"  # noqa: PLR2004
    return current_app.response_class(known.body, status=known.status, mimetype=kind)


def _hash() -> str:
    parts = (request.method, request.path, request.get_data(as_text=True))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
