"""How the end of one page meets the start of the next."""

import re
from dataclasses import dataclass
from statistics import median

from exports.brackets import END, PAGE
from exports.findings import Findings, excerpt
from exports.hyphens import line_end_hyphen
from exports.markup import Draft, RawLine
from exports.measure import unfilled, visible
from exports.pages import Decisions, PageText, ScanLine

_STOPPED = re.compile(
    r"[.!?:;\u2026][\"'\u201d\u2019)\]\u00bb\s]*(?:\x04\d+\x03)?[\"'\u201d\u2019)\]\u00bb]*$"
)
_STARTS_LOWER = re.compile(r"[\"'(\[\u201c\u2018]*[^\W\d_A-Z]")
_STARTS_UPPER = re.compile(r"[\"'(\[\u201c\u2018\u00ab\s]*[^\W\d_]")
_DASHED = re.compile(r"(?:--|\u2014)\*?$")
INDENT = 0.5
SHORT = 0.08
NEAR = 4


@dataclass(frozen=True, slots=True)
class Seam:
    """Two pages that meet: the last text of one, the first of the other."""

    last: Draft
    first: Draft
    before: PageText
    after: PageText
    leads_blank: bool
    width: int


def mark_page(draft: Draft, numbers: list[int]) -> None:
    """Put page sentinels at the beginning of a draft's text."""
    if draft.children:
        mark_page(draft.children[0], numbers)
        return
    marks = "".join(f"{PAGE}{number}{END}" for number in numbers)
    line = draft.lines[0]
    draft.lines[0] = RawLine(marks + line.text, line.page, line.number)


def continues(seam: Seam, decisions: Decisions, findings: Findings) -> bool:
    """Say whether the text runs on over the seam; a silent seam is listed (contract, page text)."""
    last, first = seam.last, seam.first
    decided = decisions.new_paragraph.get(seam.after.page_id)
    if decided is not None:
        return not decided
    if "kept" in (last.kind, first.kind) or "verse" in (last.kind, first.kind):
        return last.kind == first.kind and not (last.display or first.display)
    if "quote" in (last.kind, first.kind):
        return last.kind == first.kind and bool(last.children and first.children)
    if last.kind != "para" or first.kind != "para" or last.role or first.role:
        return False
    return _paragraph_continues(seam, findings)


def _paragraph_continues(  # noqa: PLR0911 - the rules in their order, one return each
    seam: Seam, findings: Findings
) -> bool:
    end, start = seam.last.lines[-1].text, seam.first.lines[0].text
    if seam.leads_blank:
        return False
    if end.endswith("*") or start.startswith("*") or line_end_hyphen(end) or _DASHED.search(end):
        return True
    if seam.last.display or seam.first.display:
        return False
    stopped = bool(_STOPPED.search(visible(end)))
    lower = _starts_lower(start)
    if lower:
        return True
    by_scan = _by_scan(seam)
    if by_scan is not None and (stopped or by_scan):
        return by_scan
    if stopped and unfilled(end, start, seam.width):
        return False
    if not stopped and not unfilled(end, start, seam.width):
        return True
    findings.warn(
        "seam-unsure",
        seam.first.lines[0].place,
        excerpt(f"{visible(end)[-25:]} / {visible(start)}"),
        "Joined with the page before. If the page begins a paragraph, put a blank line on top.",
    )
    return True


def _starts_lower(text: str) -> bool:
    match = _STARTS_UPPER.match(visible(text))
    return bool(match) and match[0][-1].islower() if match else False


def _by_scan(seam: Seam) -> bool | None:
    """Say by indent and short last line whether the text runs on; None where the scan is silent."""
    first = _locate(seam.after.lines, seam.first.lines[0].text)
    if first is not None:
        following = seam.after.lines[first + 1 : first + 1 + NEAR]
        if following:
            shift = seam.after.lines[first].x - median(line.x for line in following)
            height = median(line.height for line in following)
            if shift > INDENT * height:
                return False
    last = _locate(seam.before.lines, seam.last.lines[-1].text)
    if last is not None and last:
        ends = [_right(line) for line in seam.before.lines[max(0, last - NEAR) : last]]
        room = median(ends) - _right(seam.before.lines[last])
        if room > SHORT * seam.before.lines[last - 1].width:
            return False
    return True if first is not None and seam.after.lines[first + 1 : first + 2] else None


def _right(line: ScanLine) -> int:
    return line.x + line.width


def _locate(lines: tuple[ScanLine, ...], text: str) -> int | None:
    """Find the scan line that shows a text line: most of its words are the same."""
    wanted = set(re.findall(r"\w+", visible(text).lower()))
    best, found = 0.5, None
    for at, line in enumerate(lines):
        seen = set(re.findall(r"\w+", line.text.lower()))
        share = len(wanted & seen) / max(1, len(wanted | seen))
        if share > best:
            best, found = share, at
    return found


def merge(last: Draft, first: Draft, *, stanza: bool) -> None:
    """Put the text of `first` behind that of `last`, which runs on in it."""
    if last.kind == "quote":
        inner_last, inner_first = last.children[-1], first.children[0]
        if inner_last.kind == inner_first.kind == "para" and not stanza:
            merge(inner_last, first.children.pop(0), stanza=False)
        last.children += first.children
        return
    if stanza and last.kind != "para":
        last.lines.append(RawLine("", first.lines[0].page, first.lines[0].number))
    last.lines += first.lines
    last.after, last.bottom = first.after, first.bottom
