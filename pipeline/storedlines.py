"""A reading's lines as they are stored, back to lines of layout: for the text they make."""

from collections.abc import Mapping, Sequence
from typing import Any

from library.pagetext import clean_page_text
from pipeline import cleanup, furniture, layout
from pipeline.layout import Line
from pipeline.ocr import Word


def lines_of(stored: Sequence[Any], *, kinds: bool = True) -> list[Line]:
    """Return lines in the form of `OcrRun.lines` as lines of layout, each with its `kind`, or not.

    Lines without words are left out.
    """
    return [
        Line(_words(place, line), line.get("kind") if kinds else None)
        for place, line in enumerate(stored)
        if line["words"]
    ]


def text_of(stored: Sequence[Any]) -> str:
    """Return the page text that such lines make."""
    return cleanup.page_text(layout.with_paragraphs(lines_of(stored)))


def retold(text: str, before: Sequence[Any], after: Sequence[Any]) -> str | None:
    """Return a page's text after its lines got other kinds; None where that can't be told.

    A text that was not made from its lines in the usual way, such as one that came with the scans,
    only loses the lines that are left out now, where it has them.
    """
    if text_of(before) == text:
        return text_of(after)
    rows = text.split("\n")
    for old, new in zip(before, after, strict=True):
        if old.get("kind") == new.get("kind"):
            continue
        words = " ".join(word["text"] for word in new["words"])
        if "kind" not in new or rows.count(words) != 1:
            return None
        rows.remove(words)
    return clean_page_text("\n".join(rows))[0]


def kinds_alone(stored: Sequence[Any]) -> dict[int, str]:
    """Return by place what each line is, judged on the page alone; text is left out."""
    worded = [place for place, line in enumerate(stored) if line["words"]]
    judged = furniture.marked(lines_of(stored, kinds=False))
    return {place: line.kind for place, line in zip(worded, judged, strict=True) if line.kind}


def with_kinds(
    stored: Sequence[Any], kinds: Mapping[int, str], judged: frozenset[str]
) -> list[Any]:
    """Return the lines with these kinds, by place; kinds that are not `judged` are kept."""
    result = []
    for place, line in enumerate(stored):
        kept = line.get("kind") if line.get("kind") not in judged else None
        kind = kept or kinds.get(place)
        bare = {name: value for name, value in line.items() if name != "kind"}
        result.append({**bare, "kind": kind} if kind else bare)
    return result


def _words(place: int, line: Any) -> tuple[Word, ...]:  # noqa: ANN401 - a line as it is stored
    return tuple(
        Word(word["text"], tuple(word["box"]), word["confidence"], 0, 0, place)
        for word in line["words"]
    )
