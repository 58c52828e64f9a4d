"""What is asked about once before a page is handed in: likely slips, never a reason to refuse."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)(i|b|sc|g|f|u)>")
_FENCES = (("/*", "*/"), ("/#", "#/"))


@dataclass(frozen=True)
class OpenMark:
    """A mark that is not closed, or closed and never opened; `line` counts from 1."""

    mark: str
    line: int


def unclosed_mark(text: str) -> OpenMark | None:
    """Return the first mark that has no partner; the desk's own script judges alike."""
    lines = text.split("\n")
    return _unclosed_tag(lines) or _unclosed_fence(lines)


def _unclosed_tag(lines: list[str]) -> OpenMark | None:
    opened: list[OpenMark] = []
    for number, line in enumerate(lines, 1):
        for slash, tag in _TAG.findall(line):
            if not slash:
                opened.append(OpenMark(f"<{tag}>", number))
            elif opened and opened[-1].mark == f"<{tag}>":
                opened.pop()
            else:
                return OpenMark(f"</{tag}>", number)
    return opened[0] if opened else None


def _unclosed_fence(lines: list[str]) -> OpenMark | None:
    for start, end in _FENCES:
        opened: OpenMark | None = None
        for number, line in enumerate(lines, 1):
            if line.strip() == start:
                opened = opened or OpenMark(start, number)
            elif line.strip() == end:
                if opened is None:
                    return OpenMark(end, number)
                opened = None
        if opened is not None:
            return opened
    return None
