"""The pages that a release adds to the book: cover, title page, colophon."""

from collections.abc import Iterator
from html import escape

from exports.book import Metadata
from exports.writing.xhtml import typeset

RELATORS = {
    "trl": ("Translator", "Translated by"),
    "edt": ("Editor", "Edited by"),
    "ill": ("Illustrator", "Illustrated by"),
    "aui": ("Author of introduction", "Introduction by"),
    "com": ("Compiler", "Compiled by"),
    "ctb": ("Contributor", "With contributions by"),
}
RIGHTS = (
    "The text of this book is in the public domain in the country where it was made; "
    "what the volunteers added is given to the public domain too (Creative Commons CC0 1.0)."
)
_ENGLISH = 'lang="en" xml:lang="en" dir="ltr"'


def byline(metadata: Metadata) -> list[str]:
    """Give a line for each kind of contributor: the authors, then "Translated by ..."."""
    lines = [", ".join(metadata.authors)]
    lines += [f"{words} {', '.join(names)}" for _, words, names in helpers(metadata)]
    return lines


def helpers(metadata: Metadata) -> Iterator[tuple[str, str, list[str]]]:
    """Give the contributors besides the authors: what they are, "... by", their names."""
    for role, (noun, words) in RELATORS.items():
        names = [c.name for c in metadata.contributors if c.role == role and c.name]
        if names:
            yield noun, words, names


def rights(metadata: Metadata) -> str:
    """Give the sentence on the book's rights."""
    return metadata.rights or RIGHTS


def cover_page(metadata: Metadata) -> str:
    """Give the body of the cover's page."""
    alt = escape(f"Cover of {metadata.title} by {', '.join(metadata.authors)}")
    return (
        '<section id="cover" class="cover" epub:type="cover" aria-label="Cover">\n'
        f'<img src="../images/cover.jpg" alt="{alt}" role="doc-cover"/>\n</section>'
    )


def title_page(metadata: Metadata) -> str:
    """Give the body of the title page: title, contributors, the printed book, who publishes."""
    lines = [f'<h1 id="title-h">{typeset(metadata.title)}</h1>']
    if metadata.subtitle:
        lines.append(f"<p>{typeset(metadata.subtitle)}</p>")
    lines += [f"<p>{typeset(line)}</p>" for line in byline(metadata)]
    if metadata.imprint:
        lines.append(f"<p>{typeset(metadata.imprint)}</p>")
    lines.append(f"<p {_ENGLISH}>{typeset(metadata.site_name)}, release {metadata.release}</p>")
    inside = "\n".join(lines)
    return (
        '<section id="title" class="title" epub:type="titlepage" aria-labelledby="title-h">\n'
        f"{inside}\n</section>"
    )


def source_sentence(metadata: Metadata) -> str:
    """Say from which scans of which printed book this was made."""
    printed = f" of the printed book ({metadata.imprint})" if metadata.imprint else ""
    return f"Made from scans{printed}: {metadata.source_url or metadata.project_url}"


def credit_sentence(metadata: Metadata) -> str:
    """Say who made the book: volunteers by the names they chose, or all of them together."""
    if metadata.credits:
        return (
            f"Produced by {', '.join(metadata.credits)} and the volunteers of {metadata.site_name}."
        )
    return f"Produced by the volunteers of {metadata.site_name}."


def print_errors(metadata: Metadata) -> str:
    """Say which errors of the print the book keeps, or nothing."""
    if not metadata.print_errors:
        return ""
    return f"Errors of the print that this book keeps: {' '.join(metadata.print_errors)}"


def errata_address(metadata: Metadata) -> str:
    """Give where a reader reports an error."""
    return metadata.errata_url or metadata.project_url


def colophon(metadata: Metadata) -> str:
    """Give the body of the colophon: credits, source, release, errata, licence."""
    day = f"{metadata.released_at:%Y-%m-%d}"
    errata = escape(errata_address(metadata))
    sentences = [
        typeset(credit_sentence(metadata)),
        typeset(source_sentence(metadata)),
        typeset(f"Release {metadata.release} of {day}, published by {metadata.site_name}."),
        f'Found an error? Report it at <a href="{errata}">{errata}</a>.',
        typeset(rights(metadata)),
    ]
    if metadata.rights_url:
        url = escape(metadata.rights_url)
        sentences.append(f'Licence: <a href="{url}">{url}</a>')
    if metadata.print_errors:
        sentences.append(typeset(print_errors(metadata)))
    inside = "\n".join(f"<p>{sentence}</p>" for sentence in sentences)
    return (
        '<section id="colophon" class="colophon" epub:type="colophon" role="doc-colophon"'
        f' {_ENGLISH} aria-labelledby="colophon-h">\n'
        f'<h2 id="colophon-h">Colophon</h2>\n{inside}\n</section>'
    )
