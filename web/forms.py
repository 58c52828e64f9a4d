"""What forms share: where to go next, what was typed, and the language of a book for people."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from babel import Locale, UnknownLocaleError
from flask import request
from flask_babel import get_locale

from library.errors import InvalidError
from library.models import Project
from pipeline.languages import language_name, to_tesseract
from web.words import gettext as _

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

Values = dict[str, Any]
Errors = dict[str, str]

_YEARS = range(1000, 2101)
_DISGUISE = re.compile(r"[\x00-\x1f\x7f\\]")
#: Characters of an address to go to; more pages than a book has.
_LONGEST, _MOST_PAGES = 2000, 9999
#: Fields of a book that are one line or one box of text each.
_TEXTS = ("title", "author", "publisher", "place", "source_url", "description")


def safe_next(target: str | None) -> str | None:
    """Return an address on this site to go to afterwards, or None for anything else.

    Refused are other sites in every disguise: a scheme, two slashes, a backslash, control
    characters, and all of these behind percent signs, however often they were encoded.
    """
    plain = target or ""
    for _turn in range(5):
        if not plain.startswith("/") or plain.startswith("//") or _DISGUISE.search(plain):
            return None
        decoded = unquote(plain)
        if decoded == plain:
            return target if target and len(target) <= _LONGEST else None
        plain = decoded
    return None


def referring_path() -> str | None:
    """Return the page of this site that the form stood on, or None."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.host:
        return None
    return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))


def language_label(tag: str) -> str:
    """Return a language's name in the language of the interface; its tag when it has none."""
    locale = str(get_locale() or "en")
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale) or tag
    except (UnknownLocaleError, ValueError):
        pass
    try:
        return language_name(to_tesseract(tag), locale)
    except InvalidError:
        return tag


def direction_of(tag: str) -> str:
    """Return `rtl` for a language written from the right, else `ltr`."""
    try:
        return Locale.parse(tag, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


def book_fields(form: "MultiDict[str, str]") -> tuple[Values, Errors]:
    """Return what was typed about a book as columns of a project, and what is wrong with it."""
    typed = {name: form.get(name, "").strip() for name in _TEXTS}
    fields: Values = {**typed, "languages": [form.get("languages", "")]}
    errors: Errors = {}
    if not typed["title"]:
        errors["title"] = _("A book needs a title.")
    if typed["source_url"] and not re.fullmatch(r"https?://\S+", typed["source_url"]):
        errors["source_url"] = _("An address begins with https:// or http://.")
    fields["year"], wrong = _year(form.get("year", "").strip())
    if wrong:
        errors["year"] = wrong
    fields["subjects"] = [
        line.strip() for line in form.get("subjects", "").splitlines() if line.strip()
    ]
    fields["rounds"] = form.getlist("rounds")
    if not fields["rounds"]:
        errors["rounds"] = _("Choose at least one round.")
    fields["one_person"] = form.get("one_person") == "1"
    return fields, errors


def typed_book(form: "MultiDict[str, str]") -> Values:
    """Return a book's form as it was typed, to be shown again."""
    return {**form.to_dict(), "rounds": form.getlist("rounds")}


def project_values(project: Project) -> Values:
    """Return a project as its form shows it."""
    return {
        **{name: getattr(project, name) for name in (*_TEXTS, "note", "state")},
        "languages": project.languages[0],
        "year": str(project.year or ""),
        "subjects": "\n".join(project.subjects),
        "rounds": project.rounds,
        "one_person": project.one_person,
        "opened": project.opened,
    }


def page_numbers(text: str) -> list[int]:
    """Return the numbers that `1-4, 9` names; raises InvalidError for anything else."""
    numbers: list[int] = []
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-\u2013]\s*", "-", text.strip())):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if not _is_number(first) or not _is_number(last):
            raise _no_pages(part)
        if not 0 <= int(last) - int(first) <= _MOST_PAGES:
            raise _no_pages(part)
        numbers.extend(range(int(first), int(last) + 1))
    return numbers


def _no_pages(part: str) -> InvalidError:
    sentence = _("“%(part)s” names no pages; type their numbers, such as 1-4, 9.", part=part[:40])
    return InvalidError(sentence, {"pages": sentence})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7  # noqa: PLR2004 - a million pages


def _year(text: str) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    if _is_number(text) and int(text) in _YEARS:
        return int(text), None
    return None, _("A year is a number of four digits, such as 1908.")
