"""Brings a correction, typed as a book shows its words, into the text of a page.

Marks, notes, line ends and the page's own way of writing quotes and dashes stay: only what the
correction changes is changed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from exports.errata.locating import UNSHOWN, folded, letters, streams

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),
        "\u2026": "...",
    }
)
_CURLY = re.compile("[\u2018-\u201f]")
_DASH = re.compile("[\u2014\u2015]|--+")
_NOTE = r"\*?\[(?:Footnote|Illustration|Sidenote)\b(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\]\*?"
#: What may stand between two letters: what a book leaves out, a hyphen at a line's end, a blank or
#: line end, a dash, and any other sign.
_IN_GAP = re.compile(
    rf"(?P<unshown>{_NOTE}|{UNSHOWN.pattern})|(?P<soft>[-\u00ac\u2010]\*?\n+)|(?P<blank>\s+)"
    r"|(?P<dash>[\u2014\u2015]|--+)|(?P<sign>.)",
    re.MULTILINE | re.DOTALL,
)
_HYPHENS = re.compile("[-\u00ac\u2010]\\*?")


@dataclass(frozen=True)
class _Token:
    """A letter of the words, or what stands between two, with the stretch of the page that it is.

    `silent` is what the page has before it and the book does not show.
    """

    key: str
    raw: str
    is_gap: bool = False
    silent: str = ""


def amend(text: str, start: int, end: int, current: str, proposed: str) -> str | None:
    """Return a page's text with what `proposed` changes in `current`, which stands there.

    `start` to `end` is the stretch of the text from the first to the last letter of `current`, as
    `locating.locate` gives it. None when that can't be done without a person.
    """
    current, proposed = _without_equal_edges(current, proposed)
    start, end = _with_edges(text, start, end, current)
    tokens = _tokens(text, start, end, current)
    if tokens is None:
        return None
    merged = "".join(_merged(tokens, [*_typed(_as_page(text, proposed))]))
    tail = text[end:]
    merged, tail = _with_breaks(merged, tail, text.count("\n", start, end))
    # Small capitals may be typed either way.
    fits = _shown(merged).casefold() == _shown(proposed).casefold()
    return text[:start] + merged + tail if fits else None


def _shown(text: str) -> str:
    """Return a text for comparing: without marks, hyphens, and blanks beside dashes."""
    plain = re.sub(_NOTE, "", text)
    plain = UNSHOWN.sub("", plain).translate(_QUOTES)
    plain = _HYPHENS.sub(
        "", re.sub(r"(?<=\w)[-\u00ac\u2010]\*?\n+", "", _DASH.sub("\u2014", plain))
    )
    return re.sub(r"\s*\u2014\s*", "\u2014", " ".join(plain.split()))


def _as_page(text: str, typed: str) -> str:
    """Return typed words with quotes and dashes as this page writes them."""
    if not _CURLY.search(text):
        typed = typed.translate(_QUOTES)
    if "--" in text and "\u2014" not in text:
        typed = _DASH.sub("--", typed)
    return typed


def _without_equal_edges(current: str, proposed: str) -> tuple[str, str]:
    """Return both without the signs before the first and behind the last letter, if the same."""
    for side in (str.lstrip, str.rstrip):
        signs = "".join({c for c in current + proposed if not folded(c)})
        shorter, shorter_too = side(current, signs), side(proposed, signs)
        if len(current) - len(shorter) == len(proposed) - len(shorter_too):
            same = current.replace(shorter, "", 1) == proposed.replace(shorter_too, "", 1)
            if shorter and shorter_too and same:
                current, proposed = shorter, shorter_too
    return current, proposed


def _with_edges(text: str, start: int, end: int, current: str) -> tuple[int, int]:
    """Return a stretch made longer by the signs that `current` has at its edges."""
    found = [offset for _, offset in letters(current)]
    before, after = (current[: found[0]], current[found[-1] + 1 :]) if found else ("", "")
    for sign in reversed(before):
        start -= _one_more(text[:start][::-1], sign[::-1])
    for sign in after:
        end += _one_more(text[end:], sign)
    return start, end


def _one_more(rest: str, sign: str) -> int:
    """Return how many characters at the beginning of `rest` are this sign, marks before it too."""
    marks = re.match(r"(?:>\w{1,2}/?<|</?\w{1,2}>)*", rest)
    skipped = marks.end() if marks else 0
    for length in (2, 1):
        there = rest[skipped : skipped + length]
        if there and _shown(f"a{there}a") == _shown(f"a{sign}a"):
            return skipped + length
    return 0


def _tokens(text: str, start: int, end: int, current: str) -> list[_Token] | None:
    """Return the letters and gaps of `current`, each with its stretch of the page."""
    for stream in streams(text):
        units = _units(letters(current), letters(stream[start:end]))
        if units is not None:
            return [*_paired(units, current, text[start:end])]
    return None


def _units(
    ours: Iterator[tuple[str, int]], theirs: Iterator[tuple[str, int]]
) -> list[tuple[int, int, int, int]] | None:
    """Pair letters: `[from, to, from, to]` of both; one may be two of the other's (œ)."""
    left, right = [*ours], [*theirs]
    if "".join(sign for sign, _ in left) != "".join(sign for sign, _ in right):
        return None
    units, i, j = [], 0, 0
    while i < len(left):
        first, first_too = left[i][1], right[j][1]
        a, b = left[i][0], right[j][0]
        while a != b:
            if len(a) < len(b):
                i += 1
                a += left[i][0]
            else:
                j += 1
                b += right[j][0]
        units.append((first, left[i][1] + 1, first_too, right[j][1] + 1))
        i, j = i + 1, j + 1
    return units


def _paired(units: Sequence[tuple[int, int, int, int]], current: str, raw: str) -> Iterator[_Token]:
    at, raw_at = 0, 0
    for first, last, raw_first, raw_last in units:
        gap, raw_gap = current[at:first], raw[raw_at:raw_first]
        if gap:
            yield _Token(_gap_key(gap), raw_gap, is_gap=True)
        yield _Token(current[first:last], raw[raw_first:raw_last], silent="" if gap else raw_gap)
        at, raw_at = last, raw_last
    if current[at:] or raw[raw_at:]:
        yield _Token(_gap_key(current[at:]), raw[raw_at:], is_gap=True)


def _typed(proposed: str) -> Iterator[_Token]:
    at = 0
    for _, offset in letters(proposed):
        if proposed[at:offset]:
            yield _Token(_gap_key(proposed[at:offset]), proposed[at:offset], is_gap=True)
        yield _Token(proposed[offset], proposed[offset])
        at = offset + 1
    if proposed[at:]:
        yield _Token(_gap_key(proposed[at:]), proposed[at:], is_gap=True)


def _gap_key(gap: str) -> str:
    """Return what tells one gap from another; blanks at a gap's key part it from any letter."""
    return f" {_shown(f'a{gap}a')}"


def _merged(tokens: Sequence[_Token], typed: Sequence[_Token]) -> Iterator[str]:
    """Yield the page's stretches where the words are the same, and what is typed elsewhere."""
    matcher = SequenceMatcher(
        None, [token.key for token in tokens], [token.key for token in typed], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for token in tokens[i1:i2]:
                yield token.silent + token.raw
        else:
            yield from _replaced(tokens[i1:i2], typed[j1:j2])


def _replaced(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[str]:
    """Yield what is typed; gaps keep the marks and line ends of those that they take the place of.

    A letter typed for a letter keeps what the page has between it and the letter before.
    """
    gaps = [token.raw for token in old if token.is_gap]
    silent = [token.silent for token in old if not token.is_gap]
    for token in new:
        if token.is_gap:
            yield _regapped(gaps.pop(0) if gaps else "", token.raw)
        else:
            yield (silent.pop(0) if silent else "") + token.raw
    for left in (*silent, *gaps):
        yield _regapped(left, "")


def _regapped(raw: str, shown: str) -> str:
    """Return what the page has between two letters, made to show `shown`."""
    parts = [(match.lastgroup, match[0]) for match in _IN_GAP.finditer(raw)]
    wanted = [(match.lastgroup, match[0]) for match in _IN_GAP.finditer(shown)]
    printing = [part for part in parts if part[0] != "unshown"]
    matcher = SequenceMatcher(None, [*map(_sign, printing)], [*map(_sign, wanted)], autojunk=False)
    made: list[list[str]] = [[] for _ in range(len(printing) + 1)]
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for place in range(i1, i2):
                made[place].append(printing[place][1])
        else:
            made[i1].extend(text for _, text in wanted[j1:j2])
    return "".join(_with_unshown(parts, made))


def _with_unshown(parts: Sequence[tuple[str | None, str]], made: list[list[str]]) -> Iterator[str]:
    place = 0
    for kind, text in parts:
        if kind == "unshown":
            yield text
        else:
            yield from made[place]
            place += 1
    yield from made[place]


def _sign(part: tuple[str | None, str]) -> str:
    kind, text = part
    return text.translate(_QUOTES) if kind == "sign" else str(kind)


def _with_breaks(merged: str, tail: str, breaks: int) -> tuple[str, str]:
    """Give back the line ends that went with removed words: at the next blank."""
    for _ in range(breaks - merged.count("\n")):
        if " " in tail.partition("\n")[0]:
            tail = tail.replace(" ", "\n", 1)
        elif " " in merged:
            head, _, last = merged.rpartition(" ")
            merged = f"{head}\n{last}"
    return merged, tail


def changed_lines(before: str, after: str) -> tuple[int, str, str] | None:
    """Return the first changed line (from 1) with the lines there before and after, or None.

    Lines are given whole, from the first that differs to the last.
    """
    if before == after:
        return None
    old, new = before.split("\n"), after.split("\n")
    both = range(min(len(old), len(new)))
    first = next((n for n in both if old[n] != new[n]), len(both) - 1)
    rest = min(len(old) - 1, len(new)) - first
    same = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), max(0, rest))
    return (
        first + 1,
        "\n".join(old[first : len(old) - same]),
        "\n".join(new[first : len(new) - same]),
    )
