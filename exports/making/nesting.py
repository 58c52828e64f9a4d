"""Marks within marks, as deep as any print goes and no deeper: no text may exhaust the machine."""

import re
from typing import Literal

from exports.findings import Findings, excerpt

#: Marks of one kind within each other; print has two or three.
DEEPEST = 30

_TOKEN = re.compile(
    r"^[ ]*(?:(?P<fence>/[*#])|(?P<unfence>[*#]/))[ ]*$"
    r"|<(?:(?P<tag>(?:[ibgfu]|sc))|(?P<untag>/(?:[ibgfu]|sc)))>"
    r"|(?P<bracket>\[(?:(?P<block>Footnote|Illustration|Sidenote)\b)?)|(?P<unbracket>\])"
    r"|(?P<blank>\n(?=\n))",
    re.MULTILINE,
)
_KINDS = ("fence", "tag", "bracket")


def limit_nesting(text: str, page: int, findings: Findings) -> str:
    """Take out marks that stand within 30 of their kind, opening and closing; tell of the first.

    The words between them stay. Inline marks begin anew after a blank line, as they do in a book.
    """
    if not any(text.count(mark) > DEEPEST for mark in ("<", "[", "/#", "/*")):
        return text
    waiting = {kind: _Open() for kind in _KINDS}
    parts: list[str] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match["blank"]:
            waiting["tag"] = _Open()
            continue
        kind = next(kind for kind in _KINDS if match[kind] or match[f"un{kind}"])
        if match[f"un{kind}"]:
            stays = waiting[kind].close()
        else:
            stays = waiting[kind].open(counts=kind != "bracket" or bool(match["block"]))
            if not stays and not parts:
                place = (page, text.count("\n", 0, match.start()) + 1)
                hint = f"Marks stand within {DEEPEST} others of their kind; take some of them out."
                findings.error("nested-too-deep", place, excerpt(text, match.start()), hint)
        if not stays:
            parts.append(text[at : match.start()])
            # Of a bracket only the sign goes: what it is called is left as words.
            at = match.start() + 1 if match["bracket"] else match.end()
    return "".join((*parts, text[at:]))


class _Open:
    """The marks of one kind that are open: which count, which were taken out."""

    def __init__(self) -> None:
        self.marks: list[Literal["counts", "plain", "dropped"]] = []
        self.depth = 0

    def open(self, *, counts: bool) -> bool:
        """Open a mark; whether it stays."""
        if not counts:
            self.marks.append("plain")
        elif self.depth < DEEPEST:
            self.marks.append("counts")
            self.depth += 1
        else:
            self.marks.append("dropped")
            return False
        return True

    def close(self) -> bool:
        """Close the innermost mark; whether its closing sign stays."""
        if not self.marks:
            return True
        mark = self.marks.pop()
        self.depth -= mark == "counts"
        return mark != "dropped"
