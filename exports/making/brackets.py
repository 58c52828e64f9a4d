"""What Distributed Proofreaders' notation puts in square brackets: notes, pictures, letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from exports.findings import Findings, excerpt

Kind = Literal["footnote", "illustration", "sidenote", "remark"]

# Sentinels that can't occur in page text, which has no control characters (contract, "Page text").
PAGE, NOTE, FLOAT, END = "\x02", "\x04", "\x05", "\x03"
SENTINEL = re.compile(f"[{PAGE}{NOTE}{FLOAT}]\\d+{END}")
FLOATED = re.compile(f"{FLOAT}(\\d+){END}")

_OPENING = re.compile(
    r"\*?\[(?:(?P<remark>\*\*)|(?P<kind>Footnote|Illustration|Sidenote)\b[ ]*"
    r"(?P<mark>[^\s:\[\]]{0,8})(?=[:\]]):?[ ]?)"
)
_BRACKET = re.compile(r"[\[\]]")


@dataclass(frozen=True, slots=True)
class Taken:
    """A bracket taken out of a page: its mark ("1", "A", "*" or ""), its text, where it began.

    `continues` says it carries on a note of the page before (`*[`), `unfinished` that it goes on
    (`]*`).
    """

    kind: Kind
    mark: str
    text: str
    line: int
    continues: bool
    unfinished: bool


def closings(text: str) -> dict[int, int]:
    """Give for each opening bracket that is closed the offset behind its closing one."""
    ends: dict[int, int] = {}
    waiting: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            waiting.append(match.start())
        elif waiting:
            ends[waiting.pop()] = match.end()
    return ends


def take_out(text: str, page: int, findings: Findings) -> tuple[str, list[Taken]]:
    """Take notes, pictures, sidenotes and proofers' remarks out of a page's text.

    Gives the text, in which each but the remarks has left a FLOAT sentinel with its index (and its
    line feeds stand behind it, so that lines keep their numbers), and what was taken. Remarks
    become findings of severity error (contract: they never enter a book). A bracket that nothing
    closes ends at the next blank line and is a finding.
    """
    taken: list[Taken] = []
    parts: list[str] = []
    at = 0
    for match, end in _openings(text):
        item = _taken(text, match, end, page, findings)
        parts.append(text[at : match.start()])
        if item.kind != "remark":
            parts.append(f"{FLOAT}{len(taken)}{END}")
            taken.append(item)
        parts.append("\n" * text.count("\n", match.start(), end))
        at = end
    return "".join((*parts, text[at:])), taken


def _openings(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Give each outermost opening with the offset where its bracket ends."""
    at = 0
    ends = closings(text)
    while match := _OPENING.search(text, at):
        at = ends.get(text.index("[", match.start()), -1)
        if at < 0:
            blank = text.find("\n\n", match.end())
            at = blank if blank >= 0 else len(text)
        elif text.startswith("*", at) and match["kind"] == "Footnote":
            at += 1
        yield match, at


def _taken(text: str, match: re.Match[str], end: int, page: int, findings: Findings) -> Taken:
    line = text.count("\n", 0, match.start()) + 1
    body = text[match.end() : end]
    unfinished = body.endswith("]*")
    body = body.removesuffix("*") if unfinished else body
    if body.endswith("]"):
        body = body[:-1]
    else:
        findings.error(
            "bracket-unclosed",
            (page, line),
            excerpt(text, match.start()),
            "Close the bracket with ] on this page.",
        )
    if match["remark"]:
        findings.error(
            "remark-open",
            (page, line),
            excerpt(text, max(0, match.start() - 15)),
            "Settle the proofer's remark against the scan and delete it.",
        )
        return Taken("remark", "", body, line, continues=False, unfinished=False)
    kinds: dict[str, Kind] = {
        "Footnote": "footnote",
        "Illustration": "illustration",
        "Sidenote": "sidenote",
    }
    return Taken(
        kinds[match["kind"]],
        match["mark"],
        body.strip("\n"),
        line + text.count("\n", match.start(), match.end()),
        continues=match[0].startswith("*"),
        unfinished=unfinished,
    )
