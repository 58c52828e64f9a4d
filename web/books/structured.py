"""What search engines and libraries read of a book page: JSON-LD in the words of schema.org."""

from typing import Any

from exports.models import Download, Release
from library.config import SITE_NAME
from library.models import Project
from web import addresses
from web.present import Json, moment

_RIGHTS = "https://creativecommons.org/publicdomain/zero/1.0/"


def book(project: Project, release: Release, facts: Json) -> Json:
    """Return a work, and the edition of it that can be had here; `facts` as the page has them."""
    page = addresses.public("catalog.book", slug=project.slug)
    authors = [_person(each.name, each.slug) for each in facts["authors"]]
    said = release.metadata_
    return {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": said.get("identifier", page),
        "name": facts["title"],
        "url": page,
        **_if(author=authors, description=facts["description"]),
        "inLanguage": facts["languages"],
        **_if(about=[each.name for each in facts["subjects"]], datePublished=facts["year"]),
        "workExample": {
            "@type": "Book",
            "@id": f"{page}#edition",
            "name": facts["title"],
            "url": page,
            "bookFormat": "https://schema.org/EBook",
            "bookEdition": str(release.number),
            "inLanguage": facts["languages"],
            "datePublished": moment(release.built_at),
            "dateModified": moment(release.built_at),
            "publisher": {"@type": "Organization", "name": SITE_NAME, "url": addresses.under("/")},
            "license": said.get("rights_url", _RIGHTS),
            "isAccessibleForFree": True,
            "accessMode": ["textual"],
            "accessModeSufficient": [
                {"@type": "ItemList", "itemListElement": ["textual"], "description": "Text"}
            ],
            **_if(
                image=_cover(project, facts),
                isBasedOn=facts["source_url"],
                numberOfPages=facts["pages"],
                wordCount=facts["words"],
                contributor=[{"@type": "Person", "name": name} for name in facts["credits"]],
            ),
            "encoding": [_encoding(project, file) for file in release.downloads],
            "potentialAction": {
                "@type": "ReadAction",
                "target": addresses.public("reader.contents", slug=project.slug),
                "expectsAcceptanceOf": {"@type": "Offer", "price": 0, "priceCurrency": "USD"},
            },
        },
    }


def _if(**values: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return what is known."""
    return {name: value for name, value in values.items() if value}


def _person(name: str, slug: str) -> Json:
    return {"@type": "Person", "name": name, "url": addresses.public("catalog.author", slug=slug)}


def _cover(project: Project, facts: Json) -> str | None:
    if not facts["cover_url"]:
        return None
    return addresses.public("catalog.download", slug=project.slug, name="cover.jpg")


def _encoding(project: Project, file: Download) -> Json:
    return {
        "@type": "MediaObject",
        "name": file.name,
        "contentUrl": addresses.public("catalog.download", slug=project.slug, name=file.name),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
