"""Lists in parts: `?limit=` (at most 200) and `?cursor=`."""

from flask import request

from library.errors import InvalidError

MOST = 200
#: What `openapi.json` says about the two parameters.
QUERY = {"limit": f"At most {MOST} items.", "cursor": "`next` of the part before."}


def limit() -> int:
    """Return how many items were asked for; raises InvalidError."""
    text = request.args.get("limit", str(MOST))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise InvalidError(f"limit takes a whole number from 1 to {MOST}.", {"limit": "Too many."})
    return int(text)


def cursor(name: str = "cursor") -> int:
    """Return the place after which to go on, 0 for the beginning; raises InvalidError."""
    text = request.args.get(name) or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - 64 bits
        raise InvalidError(f"{name} takes what an answer's `next` gave.", {name: "Unknown."})
    return int(text)
