"""The library for programs: OPDS 1.2 and 2.0, Atom, the sitemap.

One module a format; `entries` has what all of them say of a book.
"""

from flask import Blueprint

bp = Blueprint("feeds", __name__)

from web.feeds import (  # noqa: E402
    crawling,  # noqa: F401
    news,  # noqa: F401
    opds1,  # noqa: F401
    opds2,  # noqa: F401
)
