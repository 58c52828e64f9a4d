"""Kinds of findings by name: what is written over each group of them."""

from web.words import gettext as _


def title_of(code: str) -> str:
    """Return a kind's name for people; one that has none yet is told by its code."""
    known = {**_spelling(), **_punctuation(), **_words(), **_structure(), **_making()}
    return known.get(code) or code.replace("-", " ").capitalize()


def _spelling() -> dict[str, str]:
    return {
        "spelling-hyphen": _("With a hyphen and without"),
        "spelling-near": _("A letter away from a common word"),
        "spelling-accent": _("With an accent and without"),
        "spelling-variant": _("British and American spelling"),
    }


def _punctuation() -> dict[str, str]:
    return {
        "stop-doubled": _("Two stops in a row"),
        "stop-spaced": _("A blank before a stop"),
        "stop-unspaced": _("No blank behind a stop"),
        "stop-after-word": _("A stop after a word that goes on"),
        "stop-before-small": _("A full stop before a small letter"),
        "comma-before-capital": _("A comma before a capital"),
        "paragraph-open": _("A paragraph without its last stop"),
        "paragraph-split": _("A paragraph that begins in mid-sentence"),
        "dash-odd": _("Dashes typed otherwise"),
        "line-begins-stop": _("A line that begins with a stop"),
        "stop-spacing-mixed": _("Blanks before stops, here and not there"),
        "abbreviation": _("A comma after an abbreviation"),
        "quotes-unbalanced": _("A quotation mark without its partner"),
        "quote-floating": _("A quotation mark that stands alone"),
        "quote-direction": _("A quotation mark the wrong way round"),
        "quote-unspaced": _("No blank beside a quotation mark"),
        "quotes-mixed": _("Straight and curly quotes"),
        "quote-for-letter": _("An I for an exclamation mark"),
        "speakers-joined": _("Two speakers in one paragraph"),
        "brackets-unbalanced": _("A bracket without its partner"),
        "bracket-spaced": _("Blanks beside a bracket"),
    }


def _words() -> dict[str, str]:
    return {
        "word-repeated": _("A word twice in a row"),
        "word-scanno": _("A word taken for another"),
        "word-misread": _("A misread word"),
        "word-merged": _("Words run together"),
        "word-split": _("A word in two pieces"),
        "word-figures": _("Figures within a word"),
        "word-capitals": _("A capital within a word"),
        "word-letters": _("Odd letters"),
        "word-scripts": _("Letters of two scripts"),
        "letter-alone": _("A letter or figure alone"),
        "word-bad": _("Words on the list of doubtful words"),
        "character-rare": _("Signs that the book hardly has"),
    }


def _structure() -> dict[str, str]:
    return {
        "page-missing": _("Printed page numbers with a gap"),
        "page-number-twice": _("A printed page number twice"),
        "page-number-order": _("Printed page numbers out of order"),
        "chapter-number": _("Chapter numbers with a gap"),
        "note-series": _("Footnotes with a gap"),
        "lines-repeated": _("The same lines twice"),
        "page-short": _("A page with little text"),
        "line-missing": _("A printed line that the text lacks"),
        "line-short": _("A short line within a paragraph"),
        "markup-foreign": _("Marks that no book knows"),
        "asterisk": _("Loose asterisks"),
        "sign-left": _("Signs that are hardly printed"),
        "mark-misspelt": _("A misspelt mark"),
    }


def _making() -> dict[str, str]:
    return {
        "unfinished-page": _("Pages that are not through every round"),
        "remark-open": _("Proofers' remarks"),
        "mark-unclosed": _("A mark that is not closed"),
        "mark-unopened": _("A mark that nothing opened"),
        "bracket-unclosed": _("A bracket that is not closed"),
        "character-removed": _("Characters that no book may hold"),
        "letter-code": _("Letters typed as codes"),
        "greek-transliterated": _("Greek in Latin letters"),
        "blank-has-text": _("A blank page with text"),
        "running-head": _("Running heads left in the text"),
        "note-unanchored": _("A footnote without its reference"),
        "note-missing": _("A reference without its footnote"),
        "note-unmarked": _("A footnote that is not marked"),
        "note-unfinished": _("A footnote without its rest"),
        "note-continues-nothing": _("The rest of a footnote without its beginning"),
        "hyphen-unsure": _("Words broken at a line's end"),
        "hyphen-unresolved": _("Words broken at a line's end, in doubt"),
        "hyphen-dangling": _("A hyphen with nothing behind it"),
        "join-unanswered": _("A page that goes on with nothing"),
        "seam-unsure": _("Where a page begins"),
        "quote-doubtful": _("Apostrophe or quotation mark"),
        "heading-proposed": _("Headings, as proposed"),
        "contents-unfound": _("Entries of the contents list not found"),
        "picture-missing": _("Pictures not cut out yet"),
        "alt-missing": _("Pictures without a description"),
        "alt-is-caption": _("Descriptions that repeat the caption"),
        "picture-uncut": _("Pictures marked and not cut out yet"),
        "picture-untagged": _("Pictures without a place in the text"),
        "table-wide": _("Wide tables"),
        "word-lost": _("Words that the book lost"),
        "word-added": _("Words that the book added"),
        "word-displaced": _("Words in another order"),
        "smooth-reading": _("What smooth readers said"),
    }
