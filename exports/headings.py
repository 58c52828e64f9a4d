"""Which paragraphs are headings: by their spacing, or proposed from wording and layout."""

import re
from collections.abc import Sequence

from exports.book import Matter
from exports.findings import Findings, excerpt
from exports.markup import Draft
from exports.measure import visible
from exports.pages import ContentsEntry

CHAPTER_GAP = 3
SECTION_GAP = 2
LONGEST = 4
PART, CHAPTER, SECTION = 1, 2, 3

_NUMERAL = (
    r"(?:[IVXLC]+|[ivxlc]+|\d{1,3}|the\s+\w+|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty[\w-]*"
    r"|first|second|third|fourth|fifth|sixth|last|premi\u00e8?re?|I\u02b3?e?r|erster?s?|zweiter?s?|dritter?s?)"
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
_INITIALS = re.compile(r"(?:(?:[A-Z]\.[- ]?)+\s*[\w'\u2019-]*\.?\s*)+")
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
    if _NUMBERED.match(text) and len(draft.lines) <= SECTION_GAP and not text.endswith((".", ",")):
        return "numbered"
    return "capitals" if _is_capitals(text) else ""


def _ordinal(match: re.Match[str], text: str) -> str:
    rest = match.groupdict().get("rest") or ""
    if not text[0].isupper() and text[0] != "\u00a7":
        return ""
    if len(rest) > 80 or rest[:1] in {",", ";"} or (rest[1:2].islower() and not rest.isupper()):  # noqa: PLR2004 - a sentence
        return ""
    if _PAGE_END.search(rest):
        return ""
    return "part" if match["part"] else "ordinal"


def _is_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if len(letters) <= LONGEST or not "".join(letters).isupper() or text.endswith((",", ";", "-")):
        return False
    return not _INITIALS.fullmatch(text)


def group(flow: list[Draft], findings: Findings) -> list[Draft]:
    """Turn runs of heading paragraphs into `heading` drafts; proposals become notices.

    Spacing decides where there is some (four blank lines a chapter, two a section); a heading that
    only wording or layout shows is proposed.
    """
    grouped: list[Draft] = []
    at = 0
    while at < len(flow):
        end, level, proposed = _heading_run(flow, at)
        if not level:
            grouped.append(flow[at])
            at += 1
            continue
        grouped.append(_heading(flow[at:end], level))
        if proposed:
            _propose(grouped[-1], findings)
        at = end
    return grouped


def _heading(run: Sequence[Draft], level: int) -> Draft:
    first = run[0]
    heading = Draft("heading", level=level, gap=first.gap, after=run[-1].after)
    heading.children = [draft for draft in run if draft.kind == "para"]
    heading.role = first.role
    return heading


def _heading_run(flow: list[Draft], at: int) -> tuple[int, int, bool]:
    """Give where the heading that begins here ends, its level (0: none), and if it is proposed."""
    draft = flow[at]
    if draft.kind != "para" or draft.display:
        return at, 0, False
    spaced = draft.gap >= CHAPTER_GAP or (draft.top and _short(draft) and _set_off(flow, at))
    if spaced and len(draft.lines) <= LONGEST:
        end = _spaced_end(flow, at)
        part = draft.role == "part" or _heads_chapters(flow, at, end)
        return end, PART if part else CHAPTER, False
    if draft.gap == SECTION_GAP and draft.after == 1 and _short(draft) and not draft.top:
        return at + 1, SECTION, False
    if draft.role == "capitals" and not _introduces(flow, at):
        return at, 0, False
    if draft.role == "bare" and not (draft.gap >= SECTION_GAP or draft.top or draft.after > 1):
        return at + 1, SECTION, True
    if draft.role:
        level = SECTION if draft.role == "numbered" else _level(flow, at)
        end = at + 1 if draft.role == "numbered" else _title_end(flow, at)
        return end, level, True
    return at, 0, False


def _short(draft: Draft) -> bool:
    return len(draft.lines) <= LONGEST and sum(len(line.text) for line in draft.lines) < 200  # noqa: PLR2004 - a heading's length


def _set_off(flow: list[Draft], at: int) -> bool:
    """Say whether two blank lines follow this paragraph or the short ones right behind it."""
    for draft in flow[at : at + LONGEST]:
        if draft.kind != "para" or not _short(draft) or draft.bottom:
            return False
        if draft.after >= SECTION_GAP:
            return draft.after < CHAPTER_GAP or at + 1 < len(flow)
    return False


def _spaced_end(flow: list[Draft], at: int) -> int:
    end = at + 1
    while end < len(flow) and flow[end - 1].after < SECTION_GAP and end - at < LONGEST:
        if flow[end].kind != "para" or not _short(flow[end]) or not _set_off(flow, end):
            break
        end += 1
    return end


def _heads_chapters(flow: list[Draft], at: int, end: int) -> bool:
    """Say whether a heading without a number stands over numbered ones, or alone on its page."""
    if flow[at].role in {"ordinal", "bare", "named", "numbered"}:
        return False
    following = next((d for d in flow[end:] if d.kind not in {"page", "float"}), None)
    alone = flow[at].top and flow[end - 1].bottom
    return alone or (following is not None and following.role in {"ordinal", "bare"})


def _introduces(flow: list[Draft], at: int) -> bool:
    """Say whether prose or a further heading follows a line in capitals, as it does a heading."""
    following = next((d for d in flow[at + 1 :] if d.kind not in {"page", "float"}), None)
    if following is None or flow[at].display:
        return False
    if text_of(flow[at]).endswith(".") and not (flow[at].top or following.role):
        return False
    return (
        bool(following.role)
        or following.kind in {"quote", "kept", "verse"}
        or not following.display
    )


def _level(flow: list[Draft], at: int) -> int:
    """Give a part's level to part words, and to a title that a numbered chapter follows."""
    if flow[at].role == "part":
        return PART
    return PART if flow[at].role == "capitals" and _heads_chapters(flow, at, at + 1) else CHAPTER


def _title_end(flow: list[Draft], at: int) -> int:
    """Give the end of the run: a number takes the title that follows it."""
    end = at + 1
    if flow[at].role not in {"ordinal", "part", "bare"} or end >= len(flow):
        return end
    return end + 1 if _is_title(flow, end) else end


def _is_title(flow: list[Draft], at: int) -> bool:
    draft = flow[at]
    if (
        draft.kind != "para"
        or draft.role not in {"", "capitals", "numbered"}
        or len(draft.lines) > LONGEST
    ):
        return False
    if draft.role == "capitals":
        return True
    text = text_of(draft)
    if text.endswith((".", ",", ";", ":", '"')) or len(draft.lines) > SECTION_GAP:
        return False
    following = next((d for d in flow[at + 1 :] if d.kind not in {"page", "float"}), None)
    prose = following is not None and following.kind == "para" and len(following.lines) > 1
    return text[0].isupper() and (prose or draft.display)


def _propose(heading: Draft, findings: Findings) -> None:
    first = heading.children[0]
    findings.notice(
        "heading-proposed",
        first.lines[0].place,
        excerpt(" / ".join(text_of(child) for child in heading.children)),
        "Taken for a heading by its wording; four blank lines above and two below make it sure.",
    )


def by_contents(
    flow: list[Draft],
    contents: Sequence[ContentsEntry],
    numbers: dict[str, int],
    findings: Findings,
) -> list[Draft]:
    """Make exactly the headings that the project's contents list names.

    `numbers` gives a page's number by its id. An entry that its page does not hold is a finding.
    """
    grouped = list(flow)
    for entry in contents:
        page = numbers.get(entry.page_id, 0)
        found = _find(grouped, page, _folded(entry.title))
        if found:
            start, end = found
            grouped[start:end] = [_heading(grouped[start:end], entry.level)]
            continue
        findings.warn(
            "contents-unfound",
            (page, 0),
            excerpt(entry.title),
            "The page has no such line; correct the contents list or the page.",
        )
    return grouped


def _find(flow: list[Draft], page: int, title: str) -> tuple[int, int] | None:
    for at, draft in enumerate(flow):
        if draft.kind != "para" or draft.lines[0].page != page:
            continue
        text = ""
        for end in range(at, min(at + LONGEST, len(flow))):
            if flow[end].kind != "para":
                break
            text += _folded(text_of(flow[end]))
            if text == title:
                return at, end + 1
            if not title.startswith(text):
                break
    return None


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
