"""The names under which a release stands in the catalogue, frozen with it."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.catalogue.catalog_models import CatalogueEntry
from exports.catalogue.search_words import words_of
from exports.models import Release
from exports.writing.description import filed

#: Articles that a catalogue does not sort by; by language where a word means more elsewhere.
_ARTICLES = {
    "en": ("the", "a", "an"),
    "fr": ("le", "la", "les", "l", "un", "une", "des"),
    "de": ("der", "die", "das", "ein", "eine"),
    "es": ("el", "la", "los", "las", "un", "una"),
    "it": ("il", "lo", "la", "i", "gli", "le", "l", "un", "uno", "una"),
    "nl": ("de", "het", "een"),
    "pt": ("o", "a", "os", "as", "um", "uma"),
}
_LONGEST_SLUG = 80


def enter(session: Session, release: Release) -> None:
    """Add the release's names to the catalogue, unless they stand there already."""
    known = sa.select(CatalogueEntry.kind).where(CatalogueEntry.release_id == release.id)
    if session.scalar(known.limit(1)) is None:
        session.add_all(entries(release.id, release.metadata_))


def slug_of(name: str) -> str:
    """Return a name as it stands in addresses: its words without case and accents."""
    words = "-".join(word.folded for word in words_of(name))
    return words[:_LONGEST_SLUG].strip("-")


def entries(release_id: int, said: Mapping[str, Any]) -> Iterator[CatalogueEntry]:
    """Give the names in a release's metadata; each once a kind."""
    language = str((said.get("languages") or [""])[0]).partition("-")[0]
    named: list[tuple[str, str, str]] = [
        ("title", said.get("title", ""), _without_article(said.get("title", ""), language))
    ]
    for person in said.get("contributors", ()):
        kind = "author" if person["role"] == "aut" else "contributor"
        named.append((kind, person["name"], person.get("file_as") or filed(person["name"])))
    named += [("subject", name, name) for name in said.get("subjects", ())]
    named += [("language", code, code) for code in said.get("languages", ())]
    seen: dict[tuple[str, str], CatalogueEntry] = {}
    for position, (kind, name, as_filed) in enumerate(named):
        slug = name.casefold() if kind == "language" else slug_of(name)
        if slug and (kind, slug) not in seen:
            seen[kind, slug] = CatalogueEntry(
                release_id=release_id,
                kind=kind,
                position=position,
                name=name,
                slug=slug,
                words=_folded(name),
                filed=_folded(as_filed).strip(),
            )
    yield from seen.values()


def _without_article(title: str, language: str) -> str:
    words = list(words_of(title))
    if len(words) > 1 and words[0].folded in _ARTICLES.get(language, ()):
        return title[words[1].start :]
    return title


def _folded(name: str) -> str:
    return "".join(f" {word.folded}" for word in words_of(name))
