"""What whole-book checks look for: each kind with its number, its weight and what to do.

Numbers never change their meaning: 1xx spelling, 2xx punctuation, 3xx quotes and brackets,
4xx words, 5xx structure, 6xx leftovers. `docs/checks.md` documents each and says how often it is
right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from exports.findings import Severity

Family = Literal["spelling", "punctuation", "quotes", "words", "structure", "leftovers"]
_FAMILIES: Mapping[int, Family] = {
    1: "spelling", 2: "punctuation", 3: "quotes", 4: "words", 5: "structure", 6: "leftovers",
}  # fmt: skip
_WARNING, _NOTICE = Severity.WARNING, Severity.NOTICE


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    `hint` says what to do; what a check says goes into its braces. `whole` kinds are of the whole
    book: they are the same finding wherever their words stand.
    """

    number: int
    code: str
    severity: Severity
    hint: str
    whole: bool = False

    @property
    def family(self) -> Family:
        """The family that its number says."""
        return _FAMILIES[self.number // 100]


_ROWS = (
    Kind(101, "spelling-hyphen", _NOTICE,
         "The book has {one} {times} and {other} {others}; look at the scans, and leave what the "
         "printer did.", whole=True),
    Kind(102, "spelling-near", _WARNING,
         "The book has {other} {others} and {one} only here; look at the scan.", whole=True),
    Kind(103, "spelling-accent", _NOTICE,
         "The book has {one} {times} and {other} {others}; look at the scans.", whole=True),
    Kind(104, "spelling-variant", _NOTICE,
         "The book has {one} {times} and {other} {others}; look at the scans, and leave what the "
         "printer did.", whole=True),
    Kind(201, "stop-doubled", _WARNING, "Two stops in a row: take out what is not printed."),
    Kind(202, "stop-spaced", _WARNING, "A blank stands before the stop: take it out."),
    Kind(203, "stop-unspaced", _WARNING, "No blank follows the stop: put one in."),
    Kind(204, "stop-after-word", _WARNING,
         "Hardly ever does a stop follow {word}: look at the scan."),
    Kind(205, "stop-before-small", _WARNING,
         "A full stop before a small letter: a comma, or a capital?"),
    Kind(206, "comma-before-capital", _NOTICE, "A comma before {word}: a full stop?"),
    Kind(207, "paragraph-open", _NOTICE,
         "The paragraph ends without a stop: look at the scan for it."),
    Kind(208, "paragraph-split", _WARNING,
         "A paragraph begins in mid-sentence: join it with the one before, or look for what is "
         "missing."),
    Kind(209, "dash-odd", _NOTICE, "Type a dash as -- or as an em dash, without blanks."),
    Kind(210, "line-begins-stop", _WARNING, "The line begins with a stop that belongs to the one "
         "before."),
    Kind(211, "stop-spacing-mixed", _NOTICE,
         "Nearly everywhere else the book has {usual} here: make it the same."),
    Kind(212, "abbreviation", _WARNING, "{word} is an abbreviation: a full stop, not a comma."),
    Kind(301, "quotes-unbalanced", _WARNING,
         "A quotation mark is missing or too many in this paragraph."),
    Kind(302, "quote-floating", _WARNING,
         "The quotation mark stands alone: close it up to the word that it belongs to."),
    Kind(303, "quote-direction", _WARNING, "The quotation mark looks the wrong way."),
    Kind(304, "quote-unspaced", _WARNING, "A blank is missing beside the quotation mark."),
    Kind(305, "quotes-mixed", _NOTICE,
         "Straight quotes stand {one} and curly ones {other}; use one kind in the whole book.",
         whole=True),
    Kind(306, "quote-for-letter", _WARNING,
         "An I before a quotation mark: an exclamation mark?"),
    Kind(307, "speakers-joined", _NOTICE,
         "One quotation ends and another begins: is a paragraph's beginning missing between them?"),
    Kind(311, "brackets-unbalanced", _WARNING,
         "A bracket has no partner in this paragraph: add it, or take it out."),
    Kind(312, "bracket-spaced", _WARNING, "A blank is missing or too many beside the bracket."),
    Kind(401, "word-repeated", _WARNING, "The word stands twice: take one out if one is printed."),
    Kind(402, "word-scanno", _WARNING, "Is {word} printed, or {better}? Both are words."),
    Kind(403, "word-misread", _WARNING, "No dictionary has {word}; is {better} printed?"),
    Kind(404, "word-merged", _WARNING, "No dictionary has {word}; are {better} printed?"),
    Kind(405, "word-split", _WARNING, "These may be one word, {better}: look at the scan."),
    Kind(406, "word-figures", _WARNING, "Figures and letters in one word: look at the scan."),
    Kind(407, "word-capitals", _NOTICE, "A capital within the word: look at the scan."),
    Kind(408, "word-letters", _WARNING, "Hardly a word has such letters: look at the scan."),
    Kind(409, "word-scripts", _WARNING,
         "Letters of two scripts that look alike, {scripts}: type all of them in one."),
    Kind(410, "letter-alone", _WARNING, "A letter or figure stands alone: look at the scan."),
    Kind(411, "word-bad", _WARNING, "{word} is on the project's list of doubtful words."),
    Kind(412, "character-rare", _NOTICE, "{name} stands only {times} in the book: is it printed?"),
    Kind(501, "page-missing", _WARNING,
         "Between printed pages {before} and {after} there are not as many pages as there should "
         "be: is a scan missing, or a number wrong?"),
    Kind(502, "page-number-twice", _WARNING,
         "Page {other} has the same printed number, {label}: a scan too many, or a number wrong?"),
    Kind(503, "page-number-order", _WARNING,
         "The printed number {label} follows {before}: are pages in the wrong order, or is a "
         "number wrong?"),
    Kind(504, "chapter-number", _WARNING,
         "{label} follows {before}: is a heading missing, or a number wrong?"),
    Kind(505, "note-series", _NOTICE,
         "Note {label} follows note {before}: is one missing, or a number wrong?"),
    Kind(506, "lines-repeated", _WARNING,
         "These lines stand on page {other} as well: take out those that are printed once."),
    Kind(507, "page-short", _NOTICE,
         "Little text for a page of this book: is some of it missing?"),
    Kind(508, "line-missing", _WARNING,
         "The scan has this line and the text does not: add it if it belongs to the text."),
    Kind(509, "line-short", _NOTICE,
         "A short line that ends a sentence: does a new paragraph begin behind it?"),
    Kind(601, "markup-foreign", _WARNING,
         "This is no mark that a book knows: type what is printed."),
    Kind(602, "asterisk", _WARNING,
         "A loose asterisk: mark a pause as <tb>, a note as [1], or take it out."),
    Kind(603, "sign-left", _WARNING, "{word} is hardly ever printed: type what is."),
    Kind(604, "mark-misspelt", _WARNING, "Is this meant to be [{better}: ...]?"),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ROWS}
