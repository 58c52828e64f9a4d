"""What assembly could not decide: named, placed, and left to a person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: an error holds a release until a coordinator says otherwise."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of the book that a person should look at.

    `page` is the page's number (from 1, 0 for the whole book), `line` the line of the page's text
    (from 1), `excerpt` the text there, `hint` one sentence: what to do. `about` holds, as JSON can,
    what a decision needs; its `key` is that of `pages.Decisions`. `mark` is the stretch of the
    excerpt that is meant, `span` the columns of the line as it is typed, both from 0, if known.
    """

    code: str
    severity: Severity
    page: int
    line: int
    excerpt: str
    hint: str
    about: dict[str, Any] = field(default_factory=dict, hash=False)
    mark: tuple[int, int] | None = None
    span: tuple[int, int] | None = None


EXCERPT = 60


def excerpt(text: str, at: int = 0) -> str:
    """Give the readable surroundings of the character at offset `at`, on one line."""
    start = max(0, at - EXCERPT // 3)
    cut = text[start : start + EXCERPT]
    return " ".join("".join(c if c.isprintable() else " " for c in cut).split())


@dataclass(slots=True)
class Findings:
    """The findings of one assembly, collected in the order they are met."""

    items: list[Finding] = field(default_factory=list)

    def error(
        self, code: str, place: tuple[int, int], text: str, hint: str, **about: object
    ) -> None:
        """Note what must be put right, at `place` (page number, line)."""
        self.items.append(Finding(code, Severity.ERROR, *place, text, hint, about))

    def warn(
        self, code: str, place: tuple[int, int], text: str, hint: str, **about: object
    ) -> None:
        """Note what is probably wrong."""
        self.items.append(Finding(code, Severity.WARNING, *place, text, hint, about))

    def notice(
        self, code: str, place: tuple[int, int], text: str, hint: str, **about: object
    ) -> None:
        """Note what was decided by evidence that a person may want to see."""
        self.items.append(Finding(code, Severity.NOTICE, *place, text, hint, about))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def sorted(self) -> tuple[Finding, ...]:
        """Give all findings in the order of pages and lines."""
        return tuple(sorted(self.items, key=lambda f: (f.page, f.line, f.code, f.excerpt)))
