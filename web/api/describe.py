"""Describing an API call once: the same words check its body and generate `openapi.json`."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

import pydantic
from flask import request
from werkzeug.exceptions import BadRequest

from library.errors import InvalidError, WrongTypeError

P = ParamSpec("P")
R = TypeVar("R")


class Shape(pydantic.BaseModel):
    """Base of every JSON object that the API takes; what it does not know is refused by name."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True)


class Given(pydantic.BaseModel):
    """Base of every JSON object that the API gives."""


@dataclass(frozen=True)
class Call:
    """One API call as `openapi.json` tells it."""

    summary: str
    takes: type[Shape] | None
    gives: type[Given] | None
    status: int
    refuses: tuple[int, ...]
    query: Mapping[str, str]
    files: bool

    @property
    def problems(self) -> list[int]:
        """Every status with problem details that this call may give."""
        always = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS}
        if self.takes is not None:
            always |= {
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                HTTPStatus.UNPROCESSABLE_ENTITY,
            }
        if self.query:
            always.add(HTTPStatus.UNPROCESSABLE_ENTITY)
        return sorted({*self.refuses, *map(int, always)})


#: Calls by the name of their view function.
CALLS: dict[str, Call] = {}


def call(
    summary: str,
    *,
    takes: type[Shape] | None = None,
    gives: type[Given] | None = None,
    status: int = HTTPStatus.OK,
    refuses: tuple[int, ...] = (),
    query: Mapping[str, str] | None = None,
    files: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Describe a view; a view with `takes` gets the checked body as its argument `body`.

    `refuses` are statuses besides those any call may give; `query` maps parameters to sentences.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        CALLS[view.__name__] = Call(summary, takes, gives, status, refuses, query or {}, files)

        @functools.wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if takes is not None:
                kwargs["body"] = read_body(takes)
            return view(*args, **kwargs)

        return checked

    return decorate


def read_body(shape: type[Shape]) -> Shape:
    """Return the request's JSON body in this shape.

    Raises WrongTypeError for another content type, BadRequest for what is not JSON, InvalidError
    with a sentence a field for what does not fit. A missing body is never taken for an empty one.
    """
    if not request.data and not request.content_length:
        data: Any = {}
    elif not request.is_json:
        raise WrongTypeError("This call takes JSON: send Content-Type: application/json.")
    else:
        data = request.get_json()
    if not isinstance(data, dict):
        raise BadRequest("This call takes a JSON object.")
    try:
        return shape.model_validate(data)
    except pydantic.ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: pydantic.ValidationError) -> InvalidError:
    errors = {}
    for fault in error.errors():
        field = ".".join(str(part) for part in fault["loc"]) or "body"
        errors[field] = _sentence(field, fault["type"], fault["msg"])
    return InvalidError(" ".join(errors.values()), errors)


def _sentence(field: str, kind: str, message: str) -> str:
    if kind == "missing":
        return f"{field} is missing."
    if kind == "extra_forbidden":
        return f"{field} is not a field of this call."
    return f"{field}: {message}."
