"""What the wording of a paragraph says about it: a chapter's number, a preface, a title."""

import re

from exports.book import Matter
from exports.making.markup import Draft, RawLine
from exports.making.measure import visible

LONGEST = 4
BRIEF = 2
_SENTENCE = 80

_NUMERAL = (
    r"(?:[IVXLC]+|[ivxlc]+|\d{1,3}|the\s+\w+|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty[\w-]*"
    r"|first|second|third|fourth|fifth|sixth|last|premi(?:er|\u00e8re)|erster?s?|zweiter?s?|dritter?s?)"
)
_PART_WORDS = (
    r"book|livre|buch|libro|liber|part|partie|parte|pars|teil|theil|volume|vol\.|tome|tomo|band"
)
_CHAPTER_WORDS = (
    r"chapter|chap\.|chapitre|kapitel|cap\u00edtulo|capitolo|caput|section|sect\.|\u00a7|canto|chant|gesang"
    r"|act|acte|akt|atto|scene|sc\u00e8ne|szene|letter|lettre|brief|no\.?|n\u00b0|nr\.|stave|lecture|sermon|essay"
    r"|appendix|appendice|anhang|lesson|le\u00e7on|le\u00e7\u00f3n"
)
_ORDINAL = re.compile(
    rf"(?:(?P<part>{_PART_WORDS})|(?:{_CHAPTER_WORDS}))(?:\s+|(?<=[.\u00a7\u00b0])){_NUMERAL}\b[.:]?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_GERMAN = re.compile(
    r"\w+(?:s|e|er|es)\s+(?:(?P<part>buch|teil|theil|band)|kapitel|gesang|akt)\.?", re.IGNORECASE
)
_BARE = re.compile(r"(?:[IVXL]+|\u00a7\s*\d+)\.?")
_NUMBERED = re.compile(r"(?:[IVXL]+|\u00a7\s*\d+)\.\s+(?=[^\W\d_])")
_INITIALS = re.compile(r"(?![IVX]+\.)(?:[A-Z]\.-?)+")
_PAGE_END = re.compile(r"(?:\.{2,}|\s)\s*(?:\d+|[ivxlc]+)\.?$")

KINDS: dict[str, tuple[str, Matter]] = {
    "preface": ("preface", "front"),
    "author's preface": ("preface", "front"),
    "editor's preface": ("preface", "front"),
    "translator's preface": ("preface", "front"),
    "pr\u00e9face": ("preface", "front"),
    "avant-propos": ("preface", "front"),
    "vorwort": ("preface", "front"),
    "pr\u00f3logo": ("prologue", "body"),
    "prefacio": ("preface", "front"),
    "prefazione": ("preface", "front"),
    "foreword": ("foreword", "front"),
    "to the reader": ("preface", "front"),
    "au lecteur": ("preface", "front"),
    "an den leser": ("preface", "front"),
    "al lector": ("preface", "front"),
    "ai lettori": ("preface", "front"),
    "introduction": ("introduction", "body"),
    "introductory": ("introduction", "body"),
    "einleitung": ("introduction", "body"),
    "introducci\u00f3n": ("introduction", "body"),
    "introduzione": ("introduction", "body"),
    "prologue": ("prologue", "body"),
    "dedication": ("dedication", "front"),
    "d\u00e9dicace": ("dedication", "front"),
    "acknowledgments": ("acknowledgments", "front"),
    "acknowledgements": ("acknowledgments", "front"),
    "contents": ("contents", "front"),
    "table of contents": ("contents", "front"),
    "table des mati\u00e8res": ("contents", "front"),
    "inhalt": ("contents", "front"),
    "inhaltsverzeichnis": ("contents", "front"),
    "\u00edndice": ("contents", "front"),
    "indice": ("contents", "front"),
    "list of illustrations": ("contents", "front"),
    "illustrations": ("contents", "front"),
    "editorial note": ("preface", "front"),
    "note": ("", "body"),
    "notes": ("", "back"),
    "advertisement": ("", "front"),
    "conclusion": ("conclusion", "body"),
    "epilogue": ("epilogue", "body"),
    "\u00e9pilogue": ("epilogue", "body"),
    "afterword": ("afterword", "back"),
    "nachwort": ("afterword", "back"),
    "appendix": ("appendix", "back"),
    "appendice": ("appendix", "back"),
    "anhang": ("appendix", "back"),
    "glossary": ("glossary", "back"),
    "bibliography": ("bibliography", "back"),
    "bibliographie": ("bibliography", "back"),
    "index": ("index", "back"),
    "register": ("index", "back"),
    "errata": ("errata", "back"),
    "finis": ("", "body"),
}


def text_of(draft: Draft) -> str:
    """Give a draft's visible text on one line."""
    return " ".join(" ".join(visible(line.text) for line in draft.lines).split())


def named_kind(text: str) -> tuple[str, Matter] | None:
    """Give the structural kind and place of a heading by its name, None for an unknown one."""
    return KINDS.get(text.strip(" .:\u2014-").lower().replace("\u2019", "'"))


def role_of(draft: Draft) -> str:
    """Say what makes a paragraph look like a heading: "" for nothing.

    Otherwise `part`, `ordinal` (chapter and number), `bare` (a numeral alone), `named` (Preface),
    `numbered` (numeral and title) or `capitals`.
    """
    if draft.kind != "para" or len(draft.lines) > LONGEST:
        return ""
    text = text_of(draft)
    if (match := _ORDINAL.fullmatch(text)) or (match := _GERMAN.fullmatch(text)):
        return _ordinal(match, text)
    if _BARE.fullmatch(text):
        return "bare"
    if named_kind(text):
        return "named" if text[:1].isupper() else ""
    if _NUMBERED.match(text) and len(draft.lines) <= BRIEF and not text.endswith((".", ",")):
        return "numbered"
    return "capitals" if _is_capitals(text) else ""


def _ordinal(match: re.Match[str], text: str) -> str:
    rest = match.groupdict().get("rest") or ""
    if not text[0].isupper() and text[0] != "\u00a7":
        return ""
    if len(rest) > _SENTENCE or rest[:1] in {",", ";"} or rest[1:2].islower():
        return ""
    if _PAGE_END.search(rest):
        return ""
    return "part" if match["part"] else "ordinal"


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if len(letters) <= LONGEST or not "".join(letters).isupper() or text.endswith((",", ";", "-")):
        return False
    return not _INITIALS.fullmatch(text.split(maxsplit=1)[0])


def names_chapter(text: str) -> bool:
    """Say whether text is nothing but a part's or chapter's number, such as "Chapter 4"."""
    match = _ORDINAL.fullmatch(text.strip())
    return match is not None and not match["rest"].strip(" .")


def split_heading(draft: Draft) -> list[Draft]:
    """Part a heading set without blank lines at the line that numbers it, from CHAPTER I its title.

    Only lines in capitals are parted so; prose that mentions a chapter stays whole.
    """
    if draft.kind != "para" or not BRIEF <= len(draft.lines) <= LONGEST:
        return [draft]
    numbered = [at for at, line in enumerate(draft.lines) if _numbers(line)]
    others = [line for at, line in enumerate(draft.lines) if at not in numbered]
    if len(numbered) != 1 or not all(visible(line.text).isupper() for line in others):
        return [draft]
    at = numbered[0]
    parts = [draft.lines[:at], [draft.lines[at]], draft.lines[at + 1 :]]
    pieces = [Draft("para", lines) for lines in parts if lines]
    pieces[0].gap, pieces[0].top = draft.gap, draft.top
    pieces[-1].after, pieces[-1].bottom = draft.after, draft.bottom
    return pieces


def _numbers(line: RawLine) -> bool:
    match = _ORDINAL.fullmatch(visible(line.text))
    return match is not None and not match["rest"].strip(" .") and line.text[:1].isupper()
