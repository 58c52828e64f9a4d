"""The metadata of an EPUB's package file: Dublin Core, roles, accessibility (books.md 2.1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC

from exports.book import Book, Illustration, Metadata, illustrations, page_breaks
from exports.writing import frontispiece
from exports.writing.xhtml import legal

IDENTIFIER_ID = "pub-id"


@dataclass(frozen=True, slots=True)
class Statement:
    """One element of the metadata: of Dublin Core (`dublin`) or of the package's own vocabulary."""

    dublin: bool
    name: str
    value: str
    attributes: dict[str, str] = field(default_factory=dict)


def describe(book: Book, metadata: Metadata) -> Iterator[Statement]:
    """Say all that the package says of the book; what is absent falls back (contract, release)."""
    yield _dublin("identifier", metadata.identifier, id=IDENTIFIER_ID)
    yield _dublin("title", metadata.title, id="title")
    yield _refined("title", "title-type", "main")
    yield _refined("title", "file-as", _title_as_filed(metadata.title))
    if metadata.subtitle:
        yield _dublin("title", metadata.subtitle, id="subtitle")
        yield _refined("subtitle", "title-type", "subtitle")
    yield from _contributors(metadata)
    for language in dict.fromkeys(metadata.languages or (book.language,)):
        yield _dublin("language", language)
    yield _dublin("publisher", metadata.site_name)
    yield _dublin("date", f"{metadata.released_at.astimezone(UTC):%Y-%m-%d}")
    yield _dublin("description", metadata.description or _described(metadata))
    for subject in dict.fromkeys(metadata.subjects):
        yield _dublin("subject", subject)
    yield _dublin("source", metadata.source_url or metadata.project_url)
    if metadata.imprint:
        yield _dublin("source", metadata.imprint)
    yield _dublin("rights", frontispiece.rights(metadata))
    if metadata.rights_url:
        yield _link("dcterms:rights", metadata.rights_url)
    yield from _accessibility(book, metadata)
    yield Statement(dublin=False, name="meta", value="", attributes=_COVER)


_COVER = {"name": "cover", "content": "cover-image"}


def _dublin(name: str, value: str, **attributes: str) -> Statement:
    return Statement(dublin=True, name=name, value=legal(value), attributes=attributes)


def _property(name: str, value: str, **attributes: str) -> Statement:
    attributes = {"property": name, **attributes}
    return Statement(dublin=False, name="meta", value=legal(value), attributes=attributes)


def _refined(target: str, name: str, value: str, **attributes: str) -> Statement:
    return _property(name, value, refines=f"#{target}", **attributes)


def _link(rel: str, href: str) -> Statement:
    return Statement(dublin=False, name="link", value="", attributes={"rel": rel, "href": href})


def _described(metadata: Metadata) -> str:
    return f"{metadata.title} by {', '.join(metadata.authors)}, from the scans of the printed book."


def _contributors(metadata: Metadata) -> Iterator[Statement]:
    """Name the authors, the other contributors and the volunteers, each once in a role."""
    people = [c for c in metadata.contributors if c.name]
    named = [
        (
            "creator" if c.role == "aut" else "contributor",
            c.name,
            c.role,
            c.file_as or filed(c.name),
        )
        for c in sorted(people, key=lambda c: c.role != "aut")
    ]
    if not any(element == "creator" for element, *_ in named):
        named.insert(0, ("creator", "Anonymous", "aut", "Anonymous"))
    named.append(("contributor", f"Volunteers of {metadata.site_name}", "trc", metadata.site_name))
    for number, (element, name, role, file_as) in enumerate(dict.fromkeys(named), start=1):
        who = f"person-{number}"
        yield _dublin(element, name, id=who)
        yield _refined(who, "role", role, scheme="marc:relators")
        yield _refined(who, "file-as", file_as)


def filed(name: str) -> str:
    """Give a name as catalogues sort it: the last word first, if there are several."""
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}" if first and "," not in name else name


def _title_as_filed(title: str) -> str:
    article, _, rest = title.partition(" ")
    return f"{rest}, {article}" if rest and article.lower() in {"the", "a", "an"} else title


def _accessibility(book: Book, metadata: Metadata) -> Iterator[Statement]:
    """Claim only what is true of this book (W3C EPUB Accessibility 1.1)."""
    figures = _figures_of(book)
    described = all(figure.is_described for figure in figures)
    paged = any(True for section in book.sections for _ in page_breaks(section))
    yield _property("schema:accessMode", "textual")
    if figures:
        yield _property("schema:accessMode", "visual")
    sufficient = "textual" if described else "textual,visual"
    yield _property("schema:accessModeSufficient", sufficient)
    for feature in _features(described=described, paged=paged):
        yield _property("schema:accessibilityFeature", feature)
    yield _property("schema:accessibilityHazard", "none")
    yield _property("schema:accessibilitySummary", accessibility_summary(book))
    if paged:
        yield _property("pageBreakSource", frontispiece.source_sentence(metadata))


def _features(*, described: bool, paged: bool) -> Iterator[str]:
    yield from ("tableOfContents", "structuralNavigation", "readingOrder")
    yield from ("displayTransformability", "unlocked")
    if described:
        yield "alternativeText"
    if paged:
        yield from ("pageBreakMarkers", "pageNavigation")


def accessibility_summary(book: Book) -> str:
    """Say in two sentences what helps, or hinders, those who can't read print."""
    figures = _figures_of(book)
    text = "Reflowable text with headings, contents and the page numbers of the printed book."
    if not figures:
        return f"{text} The book has no pictures besides its cover."
    described = all(figure.is_described for figure in figures)
    pictures = "All pictures are described." if described else "Some pictures lack a description."
    return f"{text} {pictures}"


def _figures_of(book: Book) -> list[Illustration]:
    """Give the figures that a reader sees; ornaments carry nothing."""
    found = [figure for section in book.sections for figure in illustrations(section)]
    return [figure for figure in found if figure.picture and not figure.decorative]
