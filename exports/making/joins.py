"""How the end of one page meets the start of the next."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from exports.findings import Findings, excerpt
from exports.making.brackets import END, PAGE
from exports.making.hyphens import line_end_hyphen
from exports.making.markup import Draft, RawLine
from exports.making.measure import measure, unfilled, visible
from exports.making.sentences import goes_on, is_stopped, starts_lower
from exports.pages import Decisions, PageText, ScanLine

_DASHED = re.compile(r"(?:--|\u2014)\*?$")
Meeting = Literal["run-on", "apart", "new"]
TEXTS = frozenset({"para", "kept", "verse", "quote"})
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

    @property
    def end(self) -> str:
        """The last line before the seam."""
        return self.last.lines[-1].text

    @property
    def start(self) -> str:
        """The first line behind it."""
        return self.first.lines[0].text


def mark_page(draft: Draft, numbers: list[int]) -> None:
    """Put page sentinels at the beginning of a draft's text."""
    if draft.children:
        mark_page(draft.children[0], numbers)
        return
    marks = "".join(f"{PAGE}{number}{END}" for number in numbers)
    line = draft.lines[0]
    draft.lines[0] = RawLine(marks + line.text, line.page, line.number)


def meet(seam: Seam, decisions: Decisions, findings: Findings) -> Meeting:
    """Say how the text goes on over the seam; a silent seam is listed (contract, page text).

    `run-on`: within a paragraph or stanza; `apart`: in the same poem or quotation, with its next
    stanza or paragraph; `new`: with a block of its own.
    """
    last, first = seam.last, seam.first
    decided = decisions.new_paragraph.get(seam.after.page_id)
    kinds = {last.kind, first.kind}
    if kinds <= {"kept", "verse"}:
        apart = seam.leads_blank or first.leads_blank or decided
        return "new" if last.display or first.display else "apart" if apart else "run-on"
    if kinds == {"quote"} and last.children and first.children:
        return _within_quotes(seam, decisions, findings)
    if kinds != {"para"} or last.role or first.role:
        return "new"
    if decided is not None:
        return "new" if decided else "run-on"
    for rule in RULES:
        if judged := rule(seam):
            return judged
    _list(seam, findings)
    return "run-on"


def _within_quotes(seam: Seam, decisions: Decisions, findings: Findings) -> Meeting:
    last, first = seam.last.children[-1], seam.first.children[0]
    blank = seam.leads_blank or seam.first.leads_blank
    inner = Seam(last, first, seam.before, seam.after, blank, measure(last.lines))
    return "run-on" if meet(inner, decisions, findings) == "run-on" else "apart"


def _blank_line(seam: Seam) -> Meeting | None:
    return "new" if seam.leads_blank else None


def _join_mark(seam: Seam) -> Meeting | None:
    """Go on behind a hyphen or dash at the end, and where either side has an asterisk."""
    marked = seam.end.endswith("*") or seam.start.startswith("*")
    return "run-on" if marked or line_end_hyphen(seam.end) or _DASHED.search(seam.end) else None


def _lines_apart(seam: Seam) -> Meeting | None:
    return "new" if seam.last.display or seam.first.display else None


def _small_letter(seam: Seam) -> Meeting | None:
    return "run-on" if starts_lower(seam.start) else None


def _scan(seam: Seam) -> Meeting | None:
    """Look for an indent or a short line; without a stop, a short line alone ends nothing."""
    runs_on = _by_scan(seam)
    if runs_on is None or not (is_stopped(seam.end) or runs_on):
        return None
    return "run-on" if runs_on else "new"


def _stop_and_length(seam: Seam) -> Meeting | None:
    """End at a stop on a line that had room left; go on without a stop on a full one."""
    room = unfilled(seam.end, seam.start, seam.width)
    if is_stopped(seam.end) != room:
        return None
    return "new" if room else "run-on"


#: How one paragraph meets the next page's first, the surest first; docs/books.md has a case each.
RULES: tuple[Callable[[Seam], Meeting | None], ...] = (
    _blank_line,
    _join_mark,
    _lines_apart,
    _small_letter,
    _scan,
    _stop_and_length,
)


def _list(seam: Seam, findings: Findings) -> None:
    findings.warn(
        "seam-unsure",
        seam.first.lines[0].place,
        excerpt(f"{visible(seam.end)[-25:]} / {visible(seam.start)}"),
        "Joined with the page before. If the page begins a paragraph, put a blank line on top.",
        key=seam.after.page_id,
        guess="no",
    )


def _by_scan(seam: Seam) -> bool | None:
    """Say by indent and short last line whether the text runs on; None where the scan is silent."""
    first = locate(seam.after.lines, seam.first.lines[0].text)
    if first is not None:
        following = seam.after.lines[first + 1 : first + 1 + NEAR]
        if following:
            shift = seam.after.lines[first].x - median(line.x for line in following)
            height = median(line.height for line in following)
            if shift > INDENT * height:
                return False
    last = locate(seam.before.lines, seam.last.lines[-1].text)
    if last is not None and last:
        ends = [_right(line) for line in seam.before.lines[max(0, last - NEAR) : last]]
        room = median(ends) - _right(seam.before.lines[last])
        if room > SHORT * seam.before.lines[last - 1].width:
            return False
    return True if first is not None and seam.after.lines[first + 1 : first + 2] else None


def _right(line: ScanLine) -> int:
    return line.x + line.width


def locate(lines: Sequence[ScanLine], text: str) -> int | None:
    """Find the scan line that shows a text line: most of its words are the same."""
    wanted = set(re.findall(r"\w+", visible(text).lower()))
    best, found = 0.5, None
    for at, line in enumerate(lines):
        seen = set(re.findall(r"\w+", line.text.lower()))
        share = len(wanted & seen) / max(1, len(wanted | seen))
        if share > best:
            best, found = share, at
    return found


def close_gaps(drafts: list[Draft]) -> None:
    """Join what a picture or sidenote parts in mid-sentence; it floats behind the paragraph."""
    at = 0
    while at < len(drafts):
        end = at + 1
        while end < len(drafts) and drafts[end].kind == "float":
            end += 1
        if end > at + 1 and end < len(drafts) and _runs_on(drafts[at], drafts[end]):
            merge(drafts[at], drafts.pop(end), apart=False)
            continue
        at += 1


def _runs_on(last: Draft, first: Draft) -> bool:
    if last.kind != "para" or first.kind != "para" or last.role or first.role:
        return False
    return goes_on(last.lines[-1].text, first.lines[0].text)


def merge(last: Draft, first: Draft, *, apart: bool) -> None:
    """Put the text of `first` behind that of `last`; apart, with a paragraph or stanza between."""
    if last.kind == "quote":
        if not apart:
            merge(last.children[-1], first.children.pop(0), apart=False)
        last.children += first.children
        return
    if apart:
        last.lines.append(RawLine("", first.lines[0].page, first.lines[0].number))
    last.lines += first.lines
    last.after, last.bottom = first.after, first.bottom
