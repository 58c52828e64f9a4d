"""What can go wrong, as classes: each holds one sentence: what happened, then what to do.

The web maps a class to a status (`web/errors.py`), the command line prints the sentence.
"""

from typing import ClassVar


class GalleyError(Exception):
    """A situation that a person can act on; `str()` is the sentence shown to them."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, sentence: str, **current: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        #: What the caller needs to go on, e.g. the newer text and its version.
        self.current = current


class SettingError(GalleyError):
    """A wrong environment variable; stops the start."""

    title = "Wrong setting"


class InvalidError(GalleyError):
    """Input that does not fit; `errors` maps a field to its sentence."""

    status = 422
    title = "Please check what you sent"

    def __init__(self, sentence: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.errors = errors or {}


class SignInError(GalleyError):
    """Nobody is signed in, or the name and password do not fit."""

    status = 401
    title = "Please sign in"


class ForbiddenError(GalleyError):
    """This person may not do this; the sentence says why."""

    status = 403
    title = "Not yours to do"


class NotFoundError(GalleyError):
    """No such thing."""

    status = 404
    title = "No such page"


class ConflictError(GalleyError):
    """The state or version is another than the caller believed; `current` holds the real one."""

    status = 409
    title = "This changed meanwhile"


class GoneError(GalleyError):
    """It was there and has been removed; `current` may hold text to keep."""

    status = 410
    title = "This was removed"


class TooLargeError(GalleyError):
    """More than the limit allows."""

    status = 413
    title = "Too large"


class WrongTypeError(GalleyError):
    """The request's content type is not one that this address takes."""

    status = 415
    title = "Wrong content type"


class TooManyError(GalleyError):
    """A rate limit was reached."""

    status = 429
    title = "Slow down a moment"


class UnavailableError(GalleyError):
    """A part Galley needs does not answer now; trying again later helps."""

    status = 503
    title = "Not available right now"


class DiskFullError(GalleyError):
    """There is no room to keep what was sent."""

    status = 507
    title = "No room left"
