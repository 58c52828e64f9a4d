"""Stops, commas and dashes that stand where a printer hardly puts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exports.checks.booktext import Passage
from exports.checks.subject import Hit, Subject

_BLANKS = "[ \u00a0\u202f]"
_DOUBLED = re.compile(r"[,;:][,;:.]|\.[;:]|[?!][,;:.]|(?<!\.)\.\.(?!\.)|(?<=[a-zß-ÿ]{3})\.,")
_SPACED = re.compile(rf"{_BLANKS}(?:,|\.(?![.\d]|{_BLANKS}\.))(?!\w)(?<=[^\W_]{_BLANKS}.)")
_HIGH = re.compile(rf"(?<=[\w\u201d)])({_BLANKS}?)([;:!?])(?=[\s\u201d\u2019)]|$)")
_CLOSED_UP = re.compile(r"[,;:!?.](?=\w)")
#: What a stop without a blank stands in, and how far before the stop that begins.
_UNSPACED = (
    (re.compile(r"[^\W\d_][,;][^\W\d_]"), 1),
    (re.compile(r"[^\W\d_]{2}[:!?][^\W\d_]{2}"), 2),
    (re.compile(r"[a-zß-ÿ]{2}\.[A-ZÀ-Þ][a-zß-ÿ]"), 2),
    (re.compile(r"(?:[A-Za-z]\s\d|\s\d\d),\d{4}\b"), 3),
)
_ADDRESS = re.compile(r"www\.|https?:|@|\.(?:com|org|net)\b")
_SMALL_AFTER = re.compile(r"\. (?=[a-zß-ÿ])")
_NEXT_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_COMMA_CAPITAL = re.compile(r"(?<=[a-zß-ÿ]), ([A-Z][a-z]+)\b")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Dr|Messrs|Mme|Mlle),(?= [A-Z])")
_BEGINS = re.compile(r"[ ]*(?:[,;:!?](?!\S*\d)|\.(?![.\d ]))")
_DASH = re.compile(
    rf"(?<=[^\W\d_]){_BLANKS}-{_BLANKS}(?=[^\W\d_])|-[\u2014\u2013]|[\u2014\u2013]-|\u2015|\u2e3a\u2014"
)
_ENDED = re.compile(
    '[.!?:;\u2026\u2014\u2e3a][\u201d\u2019"\'\u00bb\u00ab)\\]*\u201c\u203a\u2039]*$|[\u201d"\u00bb)\\]*]$'
)
_MINIMUM, _MAJORITY = 8, 0.9
#: A word with a capital this many times rarer than without opens a sentence.
_USUALLY_SMALL = 5
#: Characters of a paragraph that is surely no line of a letter, a list or a title.
_LONG = 90


def find(subject: Subject) -> Iterator[Hit]:
    """Give stops and dashes in running text that may be wrong."""
    yield from _doubled(subject)
    yield from _in_prose(subject, "stop-spaced", _SPACED)
    yield from _unspaced(subject)
    yield from _after_words(subject)
    yield from _before_small(subject)
    yield from _before_capital(subject)
    yield from _in_prose(subject, "dash-odd", _DASH)
    yield from _high(subject)
    yield from _lines(subject)
    yield from _paragraphs(subject)
    for match in _ABBREVIATION.finditer(subject.text):
        yield Hit("abbreviation", *match.span(), {"word": f"\u201c{match[0][:-1]}\u201d"})


def _in_prose(subject: Subject, code: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    for match in pattern.finditer(subject.text):
        if subject.script.is_prose(match.start()):
            yield Hit(code, *match.span())


def _doubled(subject: Subject) -> Iterator[Hit]:
    for hit in _in_prose(subject, "stop-doubled", _DOUBLED):
        word = _word_before(subject.text, hit.start)
        if subject.text[hit.start] != "." or not _is_abbreviation(subject, word):
            yield hit


def _word_before(text: str, at: int) -> str:
    found = re.search(r"[\w.&'\u2019-]*$", text[max(0, at - 30) : at])
    return found[0] if found else ""


def _is_abbreviation(subject: Subject, word: str) -> bool:
    """Say whether a stop behind this word may stand within a sentence."""
    bare = word.strip("'\u2019-.")
    return (
        len(bare) <= 1
        or "." in bare
        or bare.isupper()
        or not bare.isalpha()
        or bare.lower() in subject.idiom.abbreviations
        or subject.is_unknown(bare)
        or subject.knows is None
    )


def _unspaced(subject: Subject) -> Iterator[Hit]:
    text = subject.text
    for match in _CLOSED_UP.finditer(text):
        at = match.start()
        if not any(pattern.match(text, max(0, at - back)) for pattern, back in _UNSPACED):
            continue
        if subject.script.is_prose(at) and not _ADDRESS.search(text[max(0, at - 12) : at + 12]):
            yield Hit("stop-unspaced", *match.span())


def _after_words(subject: Subject) -> Iterator[Hit]:
    text, never = subject.text, subject.idiom.never_last
    for word, places in subject.words.places(never).items():
        for at in places:
            end = at + len(word)
            if text[end : end + 1] not in (",", ".", ";") or text[at - 1 : at] in ("-", "\u2019"):
                continue
            if text[end : end + 2] == ".." or subject.script.is_italic(at):
                continue
            if subject.script.is_prose(at) and not _is_listed(text, end):
                yield Hit("stop-after-word", at, end + 1, {"word": f"\u201c{word}\u201d"})


def _is_listed(text: str, end: int) -> bool:
    """Say whether a word is spoken of: in quotes, or followed by one that closes."""
    return text[end + 1 : end + 2] in ("\u201d", "\u2019", "\u00bb", "\u201c", ")")


def _before_small(subject: Subject) -> Iterator[Hit]:
    text = subject.text
    for match in _SMALL_AFTER.finditer(text):
        at = match.start()
        word = _LAST_WORD.search(text[max(0, at - 30) : at])
        if word is None or _is_abbreviation(subject, _word_before(text, at)):
            continue
        following = _NEXT_WORD.match(text, match.end())
        if following is None or not subject.script.is_prose(at):
            continue
        if len(following[0]) > 1 or following[0] in subject.idiom.alone:
            yield Hit("stop-before-small", at - len(word[0]), match.end() + len(following[0]))


def _before_capital(subject: Subject) -> Iterator[Hit]:
    openers, script = subject.idiom.openers, subject.script
    if not openers:
        return
    counts = subject.words.counts
    for match in _COMMA_CAPITAL.finditer(subject.text):
        word, passage = match[1], script.passage(match.start())
        small = counts[word.lower()] >= _USUALLY_SMALL * counts[word]
        if (word not in openers and not small) or passage.kind != "prose" or passage.note:
            continue
        following = subject.text[match.end() : match.end() + 3]
        if not re.match(" [A-Z]|[.\u2019-]", following) and not script.is_italic(match.start(1)):
            yield Hit("comma-before-capital", *match.span(), {"word": f"\u201c{word}\u201d"})


def _high(subject: Subject) -> Iterator[Hit]:
    """Give semicolons and the like that are not spaced as the book, or its language, has them."""
    found = [
        match for match in _HIGH.finditer(subject.text) if subject.script.is_prose(match.start())
    ]
    spaced = sum(bool(match[1]) for match in found)
    share = spaced / len(found) if found else 0
    if len(found) < _MINIMUM:
        usual = subject.idiom.spaced
        if usual:
            return
    elif max(share, 1 - share) < _MAJORITY:
        return
    else:
        usual = share > 1 / 2
    for match in found:
        if bool(match[1]) != usual:
            if usual:
                said = {"usual": "a blank before this stop"}
                yield Hit("stop-spacing-mixed", match.start(), match.end(), said)
            else:
                yield Hit("stop-spaced", match.start(), match.end())


def _lines(subject: Subject) -> Iterator[Hit]:
    """Give lines of page text, within a paragraph, that begin with a stop."""
    text, script = subject.text, subject.script
    for at in script.starts:
        match = _BEGINS.match(text, at)
        if match and script.is_prose(at):
            yield Hit("line-begins-stop", *match.span())


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two passages, one behind the other."""

    one: Passage
    other: Passage | None


def _paragraphs(subject: Subject) -> Iterator[Hit]:
    """Give paragraphs that end without a stop, or that go on with one that ended before."""
    passages = [each for each in subject.script.passages if each.kind != "caption"]
    for meeting in map(_Meeting, passages, [*passages[1:], None]):
        if meeting.one.kind == "prose":
            yield from _met(subject, meeting)


def _met(subject: Subject, meeting: _Meeting) -> Iterator[Hit]:
    words = subject.script.of(meeting.one).rstrip()
    ended = bool(_ENDED.search(words))
    other = meeting.other
    follows = other is not None and other.kind == "prose" and other.note == meeting.one.note
    if other is not None and follows and not other.quoted and not meeting.one.quoted:
        first = subject.text[other.start : other.start + 1]
        if first.islower() and not meeting.one.note:
            yield Hit("paragraph-split", other.start, other.start + 1)
            return
    leads_on = (other is not None and other.kind in ("verse", "kept")) or (
        other is not None and other.quoted != meeting.one.quoted
    )
    if not ended and not leads_on and len(words) >= _LONG:
        end = meeting.one.start + len(words)
        begin = words.rfind(" ") + 1
        yield Hit("paragraph-open", meeting.one.start + begin, end)
