"""What somebody chose for this device: kept in a cookie, not with the account."""

from flask import request
from flask.wrappers import Response

from web import place

TYPEFACES = ("mono", "sans", "book")
_COOKIE = "galley-typeface"
_YEAR = 365 * 24 * 3600


def typeface() -> str:
    """Return the typeface of the text to proofread."""
    chosen = request.cookies.get(_COOKIE, "")
    return chosen if chosen in TYPEFACES else TYPEFACES[0]


def remember_typeface(response: Response, chosen: str) -> None:
    """Keep a typeface on this device."""
    response.set_cookie(
        _COOKIE,
        chosen,
        max_age=_YEAR,
        secure=place.settings().secure,
        httponly=True,
        samesite="Lax",
    )
