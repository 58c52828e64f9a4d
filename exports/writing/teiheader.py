"""The header of the TEI edition: what the file is, which printed book it is of, how it was made."""

from collections.abc import Iterator, Sequence
from html import escape

from exports.book import Metadata
from exports.writing import frontispiece

#: How each style of the book looks, in CSS; `hi` points to it.
RENDITIONS = {
    "i": "font-style: italic",
    "b": "font-weight: bold",
    "sc": "font-variant: small-caps",
    "g": "letter-spacing: 0.15em",
    "f": "font-family: fantasy",
    "u": "text-decoration: underline",
    "sup": "vertical-align: super; font-size: smaller",
    "sub": "vertical-align: sub; font-size: smaller",
}
_PRACTICE = {
    "correction": "The text is that of the printed book, read from its scans by volunteers. Faults"
    " of the print are kept, save where a reading says otherwise.",
    "hyphenation": "Words that the print breaks at the end of a line or page are joined; where one"
    " was broken, the lb or pb has break='no'.",
    "normalization": "Spelling is kept. Unicode is in normalization form C.",
    "quotation": "Quotation marks are kept as characters, in their typographic form.",
    "segmentation": "pb stands where a page of the printed book begins: n is its number there, facs"
    " its scan. lb, where there is one, says where a line of the page's text begins, n is which.",
}


def header(metadata: Metadata, language: str) -> str:
    """Return the `teiHeader` of a book, as XML."""
    return "\n".join(
        [
            "<teiHeader>",
            "<fileDesc>",
            *_title(metadata),
            *_publication(metadata),
            *_source(metadata),
            "</fileDesc>",
            *_encoding(metadata),
            *_profile(metadata.languages or (language,), metadata.subjects),
            *_revisions(metadata),
            "</teiHeader>",
        ]
    )


def _element(name: str, text: str, **attributes: str) -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{escape(text, quote=False)}</{name}>"


def _title(metadata: Metadata) -> Iterator[str]:
    yield "<titleStmt>"
    yield _element("title", metadata.title, type="main")
    if metadata.subtitle:
        yield _element("title", metadata.subtitle, type="sub")
    yield from _authors(metadata)
    yield "<respStmt>"
    yield _element("resp", "Transcription")
    for name in metadata.credits:
        yield _element("name", name)
    yield _element("name", f"Volunteers of {metadata.site_name}")
    yield "</respStmt>"
    yield "</titleStmt>"


def _authors(metadata: Metadata) -> Iterator[str]:
    for name in metadata.authors:
        yield _element("author", name)
    for noun, _, names in frontispiece.helpers(metadata):
        for name in names:
            yield _element("editor", name, role=noun.lower().replace(" ", "-"))


def _publication(metadata: Metadata) -> Iterator[str]:
    day = f"{metadata.released_at:%Y-%m-%d}"
    yield "<editionStmt>"
    yield _element("edition", f"Release {metadata.release}", n=str(metadata.release))
    yield "</editionStmt>"
    yield "<publicationStmt>"
    yield _element("publisher", metadata.site_name)
    yield _element("date", day, when=day)
    yield _element("idno", metadata.identifier, type="URI")
    yield '<availability status="free">'
    target = {"target": metadata.rights_url} if metadata.rights_url else {}
    yield _element("licence", frontispiece.rights(metadata), **target)
    yield "</availability>"
    yield "</publicationStmt>"


def _source(metadata: Metadata) -> Iterator[str]:
    yield "<sourceDesc>"
    yield "<bibl>"
    yield from _authors(metadata)
    yield _element("title", metadata.title, level="m")
    for name, value in (("pubPlace", metadata.place), ("publisher", metadata.publisher)):
        if value:
            yield _element(name, value)
    if metadata.year:
        when = {"when": metadata.year} if _is_year(metadata.year) else {}
        yield _element("date", metadata.year, **when)
    address = metadata.source_url or metadata.project_url
    yield f"<note>Scans: {_element('ref', address, target=address)}</note>"
    yield "</bibl>"
    yield "</sourceDesc>"


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()  # noqa: PLR2004 - as W3C dates want


def _encoding(metadata: Metadata) -> Iterator[str]:
    yield "<encodingDesc>"
    site = f"Read page by page by the volunteers of {metadata.site_name}: {metadata.project_url}"
    yield f"<projectDesc>{_element('p', site)}</projectDesc>"
    yield "<editorialDecl>"
    for name, sentence in _PRACTICE.items():
        yield f"<{name}>{_element('p', sentence)}</{name}>"
    yield "</editorialDecl>"
    yield "<tagsDecl>"
    for name, style in RENDITIONS.items():
        yield _element("rendition", style, **{"xml:id": name, "scheme": "css"})
    yield "</tagsDecl>"
    yield "</encodingDesc>"


def _profile(languages: Sequence[str], subjects: Sequence[str]) -> Iterator[str]:
    yield "<profileDesc>"
    yield "<langUsage>"
    for language in dict.fromkeys(languages):
        yield _element("language", language, ident=language)
    yield "</langUsage>"
    if subjects:
        terms = "".join(_element("term", subject) for subject in dict.fromkeys(subjects))
        yield f"<textClass><keywords>{terms}</keywords></textClass>"
    yield "</profileDesc>"


def _revisions(metadata: Metadata) -> Iterator[str]:
    day = f"{metadata.released_at:%Y-%m-%d}"
    said = (
        f"Release {metadata.release}. The book's history: {frontispiece.errata_address(metadata)}"
    )
    yield "<revisionDesc>"
    yield _element("change", said, when=day, n=str(metadata.release))
    yield "</revisionDesc>"
