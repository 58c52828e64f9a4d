"""Which paragraphs are headings: by their spacing, or proposed from wording and layout."""

from collections.abc import Sequence

from exports.findings import Findings, excerpt
from exports.making.markup import Draft
from exports.making.titles import BRIEF, LONGEST, text_of
from exports.pages import ContentsEntry

CHAPTER_GAP = 3
SECTION_GAP = 2
PART, CHAPTER, SECTION = 1, 2, 3
_STOPS = (".", "!", "?", ":", ",", ";", '"', "\u201d")


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


def _heading_run(  # noqa: PLR0911 - the rules in their order, one return each
    flow: list[Draft], at: int
) -> tuple[int, int, bool]:
    """Give where the heading that begins here ends, its level (0: none), and if it is proposed."""
    draft = flow[at]
    if draft.kind != "para" or draft.display:
        return at, 0, False
    spaced = draft.gap >= CHAPTER_GAP or (draft.top and _heads_page(flow, at))
    if spaced and _short(draft):
        end = _spaced_end(flow, at)
        part = draft.role == "part" or _heads_chapters(flow, at, end)
        return end, PART if part else CHAPTER, False
    if _heads_section(flow, at):
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


def _heads_section(flow: list[Draft], at: int) -> bool:
    """Say whether two blank lines before and one behind make this a section's heading.

    Below a chapter's heading two blank lines only part it from its text, unless a title follows.
    """
    draft = flow[at]
    if draft.gap != SECTION_GAP or draft.after != 1 or draft.top or not _short(draft):
        return False
    before = flow[at - 1] if at else draft
    follows_heading = before.kind == "para" and _short(before) and before.after == SECTION_GAP
    is_title = bool(draft.role) or not text_of(draft).endswith(_STOPS)
    return is_title or not (follows_heading and (before.role or before.gap >= SECTION_GAP))


def _heads_page(flow: list[Draft], at: int) -> bool:
    """Say whether a page's first paragraph is a heading by what follows it, and no rest of text."""
    text = text_of(flow[at])
    rest = text.endswith(_STOPS) or not text[:1].isupper()
    return _short(flow[at]) and _set_off(flow, at) and (bool(flow[at].role) or not rest)


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
    if text.endswith((".", ",", ";", ":", '"')) or len(draft.lines) > BRIEF:
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
        found = _find(grouped, page, _folded(entry.heading or entry.title))
        if found:
            start, end = found
            heading = _heading(grouped[start:end], entry.level)
            heading.title = entry.title if entry.heading else ""
            grouped[start:end] = [heading]
            continue
        findings.warn(
            "contents-unfound",
            (page, 0),
            excerpt(entry.heading or entry.title),
            "The page has no such line; correct the contents list or the page.",
        )
    return grouped


def entries(flow: Sequence[Draft], ids: dict[int, str]) -> tuple[ContentsEntry, ...]:
    """Give the headings of a flow as a contents list; `ids` gives a page's id by its number."""
    found = [draft for draft in flow if draft.kind == "heading"]
    return tuple(
        ContentsEntry(ids[each.children[0].lines[0].page], name(each), each.level) for each in found
    )


def name(heading: Draft) -> str:
    """Give what the contents list calls a heading."""
    words = [text_of(child) for child in heading.children]
    return heading.title or ". ".join(each.rstrip(". ") for each in words)


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
