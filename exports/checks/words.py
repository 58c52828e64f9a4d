"""Words that a printer hardly set: repeated, misread, run together, of odd letters."""

import re
import unicodedata
from collections.abc import Iterator

from exports.checks.idioms import Scanno
from exports.checks.subject import SETTLED, Hit, Subject
from pipeline.confusions import OFTEN, confused
from pipeline.lexicon import is_numeral

#: How often a word that no dictionary has may stand in the book and still be doubted.
_RARE = 2
_AROUND = 40
_SHORT, _LONG = 3, 4
#: A word that stands more often is no piece of another.
_MANY = 50
_FIGURES = re.compile(
    r"\d+(?:st|nd|rd|th|d|s|mo|vo|to|me|er|re|nde|ème|e|o|a|°|[a-z]|bis|ter|[mkc]m|ft|in|lb|oz|cwt)?"
    r"|\d+(?:-\d+)*(?:-\w+)?|[A-Z]{1,2}-?\d+",
    re.IGNORECASE,
)
_PREFIXES = re.compile(
    r"(?:Mc|Mac|De|Du|Da|Di|Do|Del|Des|La|Le|Van|Von|Fitz|St|Ap|San|O|D|L|M)(?=[A-Z])"
)
_CAPITAL_WITHIN = re.compile(r"[^\W\d_]*[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ][^\W\d_]*|[A-Z]{2,}[a-z]{2,}")
_VOWEL = re.compile("[aeiouyàâäáãåæèéêëìíîïòóôöõøœùúûüýÿ]")
_ALONE = re.compile(r"(?<![^\s\u201c\u2018(\u2014])([^\W\d_]|[01])(?=[\s,;:!?])(?!\))")
_ONE_FOR_I = re.compile(
    r"(?:^|(?<=[\s\u201c\u2018\u2014]))[1l](?= (?:am|was|have|had|will|would|shall|should|do|did"
    r"|can|could|may|might|must|think|know|say|said|saw|see|never|want|hope|suppose|believe|wish)\b)"
)
_ZERO_FOR_O = re.compile(r"(?<![\d\w.,])0(?=[ ,!] ?[A-Z][a-z])")
_ALIKE = {"GREEK", "CYRILLIC", "LATIN", "ARMENIAN", "CHEROKEE"}


def find(subject: Subject) -> Iterator[Hit]:
    """Give words that may not be printed so."""
    yield from _repeated(subject)
    yield from _scannos(subject)
    yield from _listed(subject)
    yield from _unknown(subject)
    yield from _split(subject)
    yield from _alone(subject)


def _repeated(subject: Subject) -> Iterator[Hit]:
    text, words, at = subject.text, subject.words.all, subject.words.at
    small = [word.lower() for word in words]
    for n in range(1, len(small)):
        if small[n] != small[n - 1] or small[n] in subject.idiom.repeated:
            continue
        between = text[at[n - 1] + len(words[n - 1]) : at[n]]
        if between == " " and _is_doubled(subject, words[n - 1], words[n]):
            yield Hit("word-repeated", at[n - 1], at[n] + len(words[n]), {"word": words[n]})


def _is_doubled(subject: Subject, one: str, other: str) -> bool:
    """Say whether a word twice is an error: no figures, no letters, no name like Walla Walla."""
    if one.istitle() and other.istitle():
        return False
    return one.isalpha() and (len(one) > 1 or one in subject.idiom.alone)


def _scannos(subject: Subject) -> Iterator[Hit]:
    rows: dict[str, list[Scanno]] = {}
    for row in subject.idiom.scannos:
        rows.setdefault(row.word, []).append(row)
        rows.setdefault(row.word.capitalize(), []).append(row)
    for word, places in subject.words.places(rows).items():
        for at in places:
            fits = (row.better for row in rows[word] if _fits(row, subject.text, at, word))
            better = next(fits, "")
            if better and not subject.is_foreign(subject.words.number(at)):
                said = {"word": f"\u201c{word}\u201d", "better": f"\u201c{better}\u201d"}
                yield Hit("word-scanno", at, at + len(word), said)


def _fits(row: Scanno, text: str, at: int, word: str) -> bool:
    before = text[max(0, at - _AROUND) : at]
    if row.before and not row.before.search(before):
        return False
    if row.after and not row.after.match(text, at + len(word)):
        return False
    return not (row.unless and row.unless.search(before))


def _listed(subject: Subject) -> Iterator[Hit]:
    if not subject.bad:
        return
    for word, places in subject.words.places(subject.bad).items():
        for at in places:
            yield Hit("word-bad", at, at + len(word), {"word": f"\u201c{word}\u201d"})


def _unknown(subject: Subject) -> Iterator[Hit]:
    """Give words that stand here only and look wrong."""
    counts, small = subject.words.counts, subject.words.small
    odd: dict[str, tuple[str, dict[str, str]] | None] = {}
    for number, (word, at) in enumerate(subject.words):
        if counts[word] > _RARE:
            continue
        if word not in odd:
            mixed = not (word.islower() or word[1:].islower() or word.isupper())
            rare = mixed or small[word.lower()] <= _RARE
            odd[word] = _oddness(subject, word) if rare else None
        found = odd[word]
        if found is not None and not (found[0] in _OF_THE_LANGUAGE and subject.is_foreign(number)):
            yield Hit(found[0], at, at + len(word), found[1])


_OF_THE_LANGUAGE = frozenset({"word-misread", "word-merged", "word-letters", "word-capitals"})


def _is_anothers(subject: Subject, number: int) -> bool:
    """Say whether a word is a name, or of another language."""
    word, at = subject.words.all[number], subject.words.at[number]
    before = subject.text[max(0, at - 3) : at].rstrip("\u201c\u2018(\u00ab ")
    begins = not before or before[-1] in ".!?:\u201d\n"
    return (word.istitle() and not begins) or subject.is_foreign(number)


def _oddness(subject: Subject, word: str) -> tuple[str, dict[str, str]] | None:
    """Give the kind of doubt about a word, and what its hint says."""
    if not word.isascii() and (scripts := _scripts(word)):
        return "word-scripts", {"scripts": scripts}
    if any(map(str.isdigit, word)):
        odd = any(map(str.isalpha, word)) and not _FIGURES.fullmatch(word)
        return ("word-figures", {}) if odd else None
    if _CAPITAL_WITHIN.fullmatch(_PREFIXES.sub("", word)):
        return "word-capitals", {}
    if not word.isalpha() or not subject.is_unknown(word) or is_numeral(word):
        return None
    if word.istitle() and not subject.is_unknown(word.lower()):
        return None
    return _unlike_words(subject, word)


def _unlike_words(subject: Subject, word: str) -> tuple[str, dict[str, str]] | None:
    said = {"word": f"\u201c{word}\u201d"}
    if better := _better(subject, word):
        return "word-misread", {**said, "better": f"\u201c{better}\u201d"}
    if better := _parts(subject, word):
        return "word-merged", {**said, "better": f"\u201c{better}\u201d"}
    small, idiom = word.lower(), subject.idiom
    odd = small.startswith(idiom.odd_starts) or small.endswith(idiom.odd_ends)
    vowels = _VOWEL.search(small) or not word.isascii()
    if (
        len(word) >= _SHORT
        and not word.isupper()
        and ((odd and (idiom.odd_starts or idiom.odd_ends)) or not vowels)
    ):
        return "word-letters", {}
    return None


def _better(subject: Subject, word: str) -> str:
    """Give the word that the book has most of those that are often misread so, or ""."""
    small = subject.words.small
    if word.isupper():
        return ""
    found = {
        change.word
        for change in confused(word.lower(), OFTEN)
        if change.word.isalpha() and (small[change.word] >= SETTLED or len(word) > _LONG)
    }
    known = [each for each in found if subject.is_word(each)]
    best = max(known, key=lambda each: (small[each], each), default="")
    return best if len(word) >= _SHORT - (best in subject.idiom.small) else ""


def _parts(subject: Subject, word: str) -> str:
    """Give the two words that this one is made of, one of them short and common, or ""."""
    low, idiom = word.lower(), subject.idiom
    for at in range(1, len(low)):
        left, right = low[:at], low[at:]
        if (left in idiom.small and _stands(subject, right)) or (
            right in idiom.small and _stands(subject, left)
        ):
            return f"{word[:at]} {word[at:]}"
    return ""


def _stands(subject: Subject, word: str) -> bool:
    """Say whether the book has a word as one of its own."""
    in_book = subject.words.small[word]
    if len(word) < _SHORT:
        return word in subject.idiom.small
    return in_book >= SETTLED if len(word) == _SHORT else in_book > 1


def _split(subject: Subject) -> Iterator[Hit]:
    """Give neighbours of which one is no word and that together are one."""
    text, words, at = subject.text, subject.words.all, subject.words.at
    small = subject.words.small
    for n in range(1, len(words)):
        left, right = words[n - 1], words[n]
        if not right.islower() or min(small[left.lower()], small[right]) > _RARE:
            continue
        if max(small[left.lower()], small[right]) > _MANY:
            continue
        if text[at[n - 1] + len(left) : at[n]] != " ":
            continue
        parts = sum(_is_piece(subject, each) for each in (left, right))
        joined = (left + right).lower()
        if not parts or not joined.isalpha() or len(joined) <= _LONG:
            continue
        whole = (parts > 1 or small[joined]) and subject.is_word(joined)
        if whole and not subject.script.is_italic(at[n]):
            said = {"better": f"\u201c{joined}\u201d"}
            yield Hit("word-split", at[n - 1], at[n] + len(right), said)


def _is_piece(subject: Subject, word: str) -> bool:
    """Say whether this is no word by itself."""
    if len(word) == 1:
        return word.lower() not in subject.idiom.alone
    return subject.is_unknown(word)


def _alone(subject: Subject) -> Iterator[Hit]:
    text, script, idiom = subject.text, subject.script, subject.idiom
    if not idiom.alone:
        return
    seen = set()
    if idiom.language == "en":
        for match in (*_ONE_FOR_I.finditer(text), *_ZERO_FOR_O.finditer(text)):
            if script.is_prose(match.start()):
                seen.add(match.start())
                yield Hit("letter-alone", match.start(), match.end())
    counts = subject.words.counts
    for match in _ALONE.finditer(text):
        letter, at = match[1], match.start(1)
        if at in seen or letter in idiom.alone or not letter.isascii() or not letter.islower():
            continue
        if counts[letter] <= _RARE and script.is_prose(at) and not script.is_italic(at):
            yield Hit("letter-alone", at, at + 1)


def _scripts(word: str) -> str:
    """Name the scripts of a word's letters where they are more than one and look alike."""
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    found = sorted(names & _ALIKE)
    return " and ".join(name.title() for name in found) if len(found) > 1 else ""
