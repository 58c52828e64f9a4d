"""Strings for people, translated: flask-babel's functions with the types they lack."""

import flask_babel


def gettext(string: str, **variables: object) -> str:
    """Return a string in the visitor's language, its `%(name)s` filled in when any are given."""
    return str(flask_babel.gettext(string, **variables))


def ngettext(one: str, many: str, num: int, **variables: object) -> str:
    """Return the form of a string that fits a number, which it may name as `%(num)d`."""
    return str(flask_babel.ngettext(one, many, num, **variables))
