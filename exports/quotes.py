"""Straight quotes and double hyphens to the printer's signs.

The rules are few: books.md 3.3 measured such a set at 0.19 % wrong on a novel, nearly all of
them an opening single quote where a leading apostrophe was meant; those are told as doubtful.
"""

import re

from exports.brackets import END, FLOAT, NOTE, PAGE

_HIDDEN = re.compile(rf"</?(?:i|b|sc|g|f|u)>|[\^_]\{{|\}}|[{PAGE}{NOTE}{FLOAT}]\d+{END}")
_ELIDED = re.compile(
    r"(?:tis|twas|twere|twill|twould|twon't|tisn't|twixt|tween|gainst|neath|mongst|bout|cause|em"
    r"|er|im|is|ere|un|nuff|round|scuse|spose|fore|til|cept|pon|way|fraid|"
    r"n|o'|d|s|t|ve|ll|re|m)\b(?!')",
    re.IGNORECASE,
)
_SURE_ELISION = re.compile(
    r"(?:tis|twas|twere|twill|twould|tisn't|twixt|mongst|neath|em)\b", re.IGNORECASE
)
_OPENS_AFTER = frozenset(" \n\t\u00a0([{\u2014\u2013-/\u201c\u2018\u201e\u00ab")
_DASHES = re.compile(r"-{2,}")
_SINGLE_CLOSE = re.compile("\u2019(?![^\\W_])")


def dashes(text: str) -> str:
    """Turn `--` into an em dash, four hyphens into a two-em dash, and so on by pairs."""
    if "--" not in text:
        return text
    return _DASHES.sub(lambda m: _dash(len(m[0])), text)


def _dash(hyphens: int) -> str:
    if hyphens < 4:  # noqa: PLR2004 - two or three hyphens are typed for one em
        return "\u2014"
    return "\u2e3a" * (hyphens // 4) + ("\u2014" if hyphens % 4 >= 2 else "")  # noqa: PLR2004 - as above


def curl(text: str) -> tuple[str, list[int]]:
    """Give the text of one paragraph with curly quotes, and the offsets of doubtful ones.

    Marks and sentinels are looked through. The length does not change, so offsets stay.
    """
    if '"' not in text and "'" not in text:
        return text, []
    seen = _HIDDEN.sub(lambda m: "\x00" * len(m[0]), text)
    chars = list(text)
    leading: list[int] = []
    low_open = False
    for match in re.finditer(r"[\"'\u201e]", seen):
        at = match.start()
        before, after = _neighbours(seen, chars, at)
        if match[0] == "\u201e":
            low_open = True
        elif match[0] == '"':
            chars[at] = "\u201c" if low_open or _opens(before, after) else "\u201d"
            low_open = False
        elif _opens(before, after):
            rest = seen[at + 1 : at + 9].lstrip("\x00")
            sure = _SURE_ELISION.match(rest) or after.isdigit()
            chars[at] = "\u2019" if sure else "\u2018"
            if not sure:
                leading.append(at)
        else:
            chars[at] = "\u2019"
    return _settled(chars, seen, leading)


def _settled(chars: list[str], seen: str, leading: list[int]) -> tuple[str, list[int]]:
    """Make an opening single quote that nothing closes an apostrophe where it is an elision."""
    doubtful: list[int] = []
    result = "".join(chars)
    for order, at in enumerate(leading):
        limit = leading[order + 1] if order + 1 < len(leading) else len(result)
        if _SINGLE_CLOSE.search(result, at + 1, limit):
            continue
        doubtful.append(at)
        if _ELIDED.match(seen[at + 1 :]):
            chars[at] = "\u2019"
    return "".join(chars), doubtful


def _neighbours(seen: str, chars: list[str], at: int) -> tuple[str, str]:
    """Give the visible characters before (already curled) and after an offset, "" at the ends."""
    left = at - 1
    while left >= 0 and seen[left] == "\x00":
        left -= 1
    right = at + 1
    while right < len(seen) and seen[right] == "\x00":
        right += 1
    before = chars[left] if left >= 0 else ""
    return before, seen[right] if right < len(seen) else ""


def _opens(before: str, after: str) -> bool:
    if not before:
        return True
    if not after or after.isspace():
        return False
    return before in _OPENS_AFTER
