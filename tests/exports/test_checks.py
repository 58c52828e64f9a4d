"""Each whole-book check: what it finds, and the like that it lets stand."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.checks import kinds, run
from exports.checks.kinds import KINDS
from exports.checks.marking import around, columns
from exports.checks.run import MOST, check
from exports.checks.structure import roman, value
from exports.checks.subject import dictionary
from exports.findings import Finding, Severity
from exports.making.assembly import assemble
from exports.pages import PageText, ScanLine

#: What a book needs to be one: sentences in which nothing is to be found.
PROSE = (
    "It was a quiet morning, and the road lay empty before the house. Nobody spoke of\n"
    "what had happened in the night; the men went about their work, and the women sat\n"
    "by the window and looked out upon the garden, where the first roses had opened."
)


LONG_PROSE = f"{PROSE}\n{PROSE}"


def found(
    *texts: str, language: str = "en", labels: Sequence[str] = (), **more: object
) -> list[Finding]:
    """Return what is found in pages with these texts."""
    pages = [
        PageText(n, f"p{n}", text, labels[n - 1] if labels else "")
        for n, text in enumerate(texts, start=1)
    ]
    return of(pages, language, **more)


def of(pages: Sequence[PageText], language: str = "en", **more: object) -> list[Finding]:
    """Return what is found in these pages."""
    knows = dictionary([language], "1900")
    if language != "en" and knows is None:
        pytest.skip(f"no dictionary of {language} is installed")
    return check(assemble(pages, language).book, pages, knows=knows, **more)  # type: ignore[arg-type]


def codes(findings: Sequence[Finding]) -> list[str]:
    return [each.code for each in findings]


def test_nothing_is_found_in_a_text_in_order() -> None:
    assert found(PROSE) == []


CASES = [
    # spelling
    ("spelling-hyphen", "A motor-car came. The motorcar and that motor-car stood.", "motorcar"),
    ("spelling-near", "Belloc said so. Belloc came, Belloc went, Belloc sat; Beloc, too.", "Beloc"),
    ("spelling-accent", "Kuo Chüang came, and Chuang went, and Chuang sat.", "Chüang"),
    ("spelling-variant", "The honour was his. It was an honor, and no honour so great.", "honor"),
    # punctuation
    ("stop-doubled", "It was late,, and the men went home.", ",,"),
    ("stop-doubled", "It was late.; the men went home.", ".;"),
    ("stop-spaced", "It was late , and the men went home.", " ,"),
    ("stop-unspaced", "It was late,and the men went home.", ","),
    ("stop-unspaced", "It was late.The men went home.", "."),
    ("stop-after-word", "They went to the, and came home.", "the,"),
    ("stop-before-small", "It was late. the men went home.", "late. the"),
    ("comma-before-capital", "It was late, The men went home to rest.", ", The"),
    ("dash-odd", "It was late - the men went home.", " - "),
    ("line-begins-stop", "It was late and the men of the house\n, who had worked, went.", ","),
    ("abbreviation", "We saw Mr, Brown at the house.", "Mr,"),
    ("paragraph-split", f"{PROSE} They had seen\n\nthe house before, they said.", "t"),
    ("paragraph-open", f"{LONG_PROSE}\nThey had seen the road and the house\n\n{PROSE}", "house"),
    # quotes and brackets
    ("quotes-unbalanced", '"It is late, he said to the men.\n\nNobody heard it.', "\u201c"),
    ("quotes-unbalanced", 'It is late," he said to the men.', "\u201d"),
    ("quote-floating", 'He said " Come" to the men.', "\u201d"),
    ("quote-unspaced", 'He said,"Come" to the men.', "\u201d"),
    ("quote-direction", "He said \u201dCome\u201d to the men.", "\u201d"),
    ("quote-for-letter", '"Oh I" he said to the men.', "I\u201d"),
    ("speakers-joined", '"Will you come?" "No, I will stay." So they spoke.', "?\u201d \u201c"),
    ("brackets-unbalanced", "The men (who were late went home.", "("),
    ("bracket-spaced", "The men ( who were late) went home.", "( "),
    # words
    ("word-repeated", "He went to to the house.", "to to"),
    ("word-repeated", "He went home and the\nthe door was shut.", "the the"),
    ("word-scanno", "It may be so, but it will he late.", "he"),
    ("word-scanno", "He came, hut nobody saw him.", "hut"),
    ("word-scanno", "The men arid the women went home.", "arid"),
    ("word-misread", "He saw tbe men of the house, the old one by the road, the hut.", "tbe"),
    ("word-merged", f"{PROSE} He stood ofthe men.", "ofthe"),
    ("word-split", "The village was old. He saw the vil lage then.", "vil lage"),
    ("word-figures", "He w0rked at the house.", "w0rked"),
    ("word-capitals", "He saW the house.", "saW"),
    ("word-letters", "He saw the tlqrb of it.", "tlqrb"),
    ("word-scripts", "He saw the h\u043euse of it.", "h\u043euse"),
    ("letter-alone", "Then 1 have seen it.", "1"),
    ("letter-alone", "It was l of whom he spoke.", "l"),
    ("character-rare", "It cost a \u2626 then.", "\u2626"),
    # leftovers
    ("markup-foreign", "He saw<br> the house.", "<br>"),
    ("markup-foreign", "He saw &amp; knew it.", "&amp;"),
    ("asterisk", "He saw * the house.", "*"),
    ("sign-left", "He saw | the house.", "|"),
    ("mark-misspelt", "[Ilustration: A house]", "Ilustration"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "meant"), CASES)
def test_a_fault_is_found_with_its_words(code: str, text: str, meant: str) -> None:
    hits = [each for each in found(text) if each.code == code]
    assert hits, codes(found(text))
    first = hits[0]
    assert first.mark is not None
    assert first.excerpt[slice(*first.mark)] == meant
    assert first.page == 1
    assert first.hint.endswith((".", "?"))
    assert "{" not in first.hint


STANDING = [
    "He said that that was so, and had had enough of it.",
    "He went to Walla Walla and came home.",
    "Mr. Brown, i.e. the man at No. 5, came at 10:30 on June 8, 1948, with 1,000 men.",
    "St. Mary's and Dr. Smith's stood there, etc., as they had before.",
    'He said, "Come home." She came.',
    '"It is late," he said, "and we are tired."',
    '"It is late.\n\n"We are tired, and we go home."',
    "Items (1) and 2) and a) were there.",
    "O'Brien, McDonald, MacArthur and De La Salle came on the 1st, the 2d and the 3rd.",
    "He paid 5s. 6d. for a 12mo and an 8vo.",
    "It was as late as it would be; to be there was to be glad.",
    "Could he be late? Would he come? Nor could he say.",
    "The hut stood by the road; his bad leg hurt, and he might die there.",
    "He saw it...and went. . . . He came home.",
    "He knew <i>Gallia omnis</i> and <i>ecclesiae</i>, and said so.",
    "John--he was late--came home.",
    "He read the M.S. and the I.O.U. of the R.A. men.",
]  # fmt: skip


@pytest.mark.parametrize("text", STANDING)
def test_what_print_has_is_let_stand(text: str) -> None:
    assert codes(found(text)) == []


def test_verse_and_tables_keep_their_ways() -> None:
    poem = "/*\nthe rose, the rose\n  the rose was red\nand red was the rose ,\n*/"
    assert codes(found(f"{PROSE}\n\n{poem}")) == []


FRENCH = (
    "Il fallait partir ; personne ne parlait : la nuit était venue ! Qui va là ? Nous étions\n"
    "seuls ; la route était vide : rien ne bougeait ! Où aller ? Personne ne le savait ; nous\n"
    "attendions. « Partons », dit-il ; et nous partîmes."
)


def test_french_print_has_blanks_before_high_stops_and_within_guillemets() -> None:
    assert codes(found(FRENCH, language="fr")) == []
    mixed = found(f"{FRENCH} Elle vint; nous aussi.", language="fr")
    assert codes(mixed) == ["stop-spacing-mixed"]


def test_a_french_book_without_these_blanks_is_as_good() -> None:
    closed = FRENCH
    for stop in ";:!?":
        closed = closed.replace(f" {stop}", stop)
    assert codes(found(closed, language="fr")) == []


def test_guillemets_are_paired() -> None:
    assert codes(found("Il dit : « Partons, et nous partîmes.", language="fr")) == [
        "quotes-unbalanced"
    ]


def test_german_print_has_low_quotes_capitals_and_stops_in_their_place() -> None:
    german = "Er sagte: „Wir gehen nach Hause.“ Da ging der alte Mann, Hans und seine Frau, fort."
    assert codes(found(german, language="de")) == []
    assert codes(found("Er sagte: „Wir gehen nach Hause. Da gingen sie.", language="de")) == [
        "quotes-unbalanced"
    ]
    assert "word-repeated" in codes(found("Er ging mit mit dem Mann.", language="de"))


def test_a_language_without_a_dictionary_has_what_needs_none() -> None:
    text = "Manus manus lavat,, et et cetera manent."
    pages = [PageText(1, "p1", text)]
    hits = codes(check(assemble(pages, "la").book, pages))
    assert "stop-doubled" in hits
    assert "word-misread" not in hits


def test_good_words_need_no_doubt_and_bad_ones_always_do() -> None:
    text = "He saw tbe men of the house, the old one by the road, the hut."
    assert codes(found(text, good=["tbe"])) == []
    assert codes(found("He came home.", bad=["came"])) == ["word-bad"]


def test_words_are_found_over_lines_and_pages_with_the_place_of_the_first() -> None:
    [hit] = found(f"{PROSE} He saw the", "the house of the men.")
    assert (hit.code, hit.page, hit.line) == ("word-repeated", 1, 3)
    assert hit.span is not None
    assert f"{PROSE} He saw the".split("\n")[2][slice(*hit.span)] == "the"


def test_columns_are_those_of_the_line_as_it_was_typed() -> None:
    page = 'He said: "<i>Come</i>--come\nhome" and went.'
    assert columns(page, 1, "\u201cCome\u2014come") == (9, 27)
    assert columns(page, 1, "come home\u201d") == (23, 27)
    assert columns(page, 2, "home\u201d") == (0, 5)
    assert columns(page, 1, "nowhere") is None
    assert columns(page, 9, "home") is None
    assert columns("a long moun-\ntain road", 1, "mountain") == (7, 12)


def test_what_is_found_is_shown_with_its_surroundings_on_one_line() -> None:
    text = "before it, much before it and more before it\nthe words\nand after it much more to come"
    excerpt, (start, end) = around(text, 45, 54)
    assert excerpt[start:end] == "the words"
    assert "\n" not in excerpt
    assert len(excerpt) < 90


def test_labels_tell_of_pages_that_are_missing_doubled_or_in_another_order() -> None:
    def told(*labels: str) -> list[str]:
        return [
            each.code for each in found(*[PROSE] * len(labels), labels=labels)
            if each.code.startswith("page-")
        ]  # fmt: skip

    assert told("v", "vi", "1", "2", "", "4") == []
    assert told("1", "2", "4") == ["page-missing"]
    assert told("ix", "x", "xii") == ["page-missing"]
    assert told("1", "2", "2", "3") == ["page-number-twice"]
    assert told("1", "3", "2", "4") == ["page-missing", "page-number-order"]


def test_chapters_follow_each_other_and_begin_anew_in_a_part() -> None:
    def told(*headings: str) -> list[str]:
        text = "\n\n\n\n".join(f"{heading}\n\n\n{PROSE}" for heading in headings)
        return [each.code for each in found(text) if each.code == "chapter-number"]

    assert told("CHAPTER I", "CHAPTER II", "CHAPTER III") == []
    assert told("CHAPTER I", "CHAPTER III") == ["chapter-number"]
    assert told("PART I", "CHAPTER I", "CHAPTER II", "PART II", "CHAPTER I") == []


def test_notes_follow_each_other_and_begin_anew() -> None:
    def told(*marks: str) -> list[str]:
        pages = [f"He came.[{m}]\n\n[Footnote {m}: A note.]" for m in marks]
        return [each.code for each in found(*pages) if each.code == "note-series"]

    assert told("1", "2", "3", "1", "2") == []
    assert told("1", "2", "4") == ["note-series"]
    assert told("A", "B", "A") == []
    assert told("A", "C") == ["note-series"]


def test_lines_that_stand_twice_are_told_and_a_refrain_is_not() -> None:
    hits = [each for each in found(PROSE, PROSE) if each.code == "lines-repeated"]
    assert [(each.page, each.line) for each in hits] == [(2, 1)]
    refrain = "/*\nAnd ever as the evening fell again\nThe old man sat beside the garden wall\n*/"
    assert codes(found(f"{PROSE}\n\n{refrain}", refrain)) == []


def test_a_printed_line_that_the_text_lacks_is_told_where_it_belongs() -> None:
    printed = [
        *PROSE.split("\n"),
        "Seventeen children remembered afterwards their singular journey.",
    ]
    lines = tuple(ScanLine(0, 50 * n, 900, 40, text) for n, text in enumerate(printed))
    whole = PageText(1, "p1", "\n".join(printed), lines=lines)
    assert codes(of([whole])) == []
    [hit] = of([PageText(1, "p1", PROSE, lines=lines)])
    assert (hit.code, hit.line, hit.excerpt) == ("line-missing", 3, printed[-1])


def test_a_page_with_little_text_between_full_ones_is_told() -> None:
    texts = [PROSE.replace("quiet", f"quiet, {n}-day-old") * 2 for n in "abcdefghijkl"]
    texts[5] = "Nothing more."
    hits = [each for each in found(*texts) if each.code == "page-short"]
    assert [each.page for each in hits] == [6]


def test_straight_and_curly_quotes_are_told_once() -> None:
    hits = found('"Come," he said, "come home." She said, \u201cNo.\u201d')
    assert codes(hits) == ["quotes-mixed"]
    assert hits[0].about == {"pair": "quotes-mixed"}


def test_no_kind_is_endless() -> None:
    many = "\n".join(f"He came to to the house of {n * 7919}." for n in range(MOST + 9))
    hits = [each for each in found(many) if each.code == "word-repeated"]
    assert len(hits) == MOST + 1
    assert (hits[-1].page, hits[-1].about) == (0, {"more": 9})
    assert "9 more" in hits[-1].hint


def test_kinds_have_numbers_of_their_families_and_hold_no_release() -> None:
    numbers = [kind.number for kind in KINDS.values()]
    assert len(set(numbers)) == len(numbers) == len(KINDS)
    assert numbers == sorted(numbers)
    assert {kind.severity for kind in KINDS.values()} <= {Severity.WARNING, Severity.NOTICE}
    assert {kind.family for kind in KINDS.values()} == set(kinds._FAMILIES.values())  # noqa: SLF001 - all are in use


def test_every_kind_is_documented_and_told_to_people() -> None:
    docs = (Path(run.__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")
    assert [code for code, kind in KINDS.items() if f"{kind.number} `{code}`" not in docs] == []


@pytest.mark.parametrize(("numeral", "number"), [("iv", 4), ("XIX", 19), ("mcm", 1900)])
def test_roman_numerals(numeral: str, number: int) -> None:
    assert roman(numeral) == number
    assert value(numeral) == ("roman", number)


def test_what_is_no_number_has_no_value() -> None:
    assert (value("12"), value("12a"), value("")) == (("arabic", 12), None, None)


def test_little_is_found_in_a_book_that_people_have_finished() -> None:
    shared = Path(__file__).resolve().parents[3] / "shared" / "scans" / "books"
    folder = shared / "catholic-church-history-1926" / "dp"
    if not folder.is_dir():
        pytest.skip(f"the real pages of {folder.parent.name} are not beside this checkout")
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    hits = found(*texts)
    assert 10 * len(hits) <= len(texts), codes(hits)
    assert {"word-repeated", "quotes-unbalanced"} <= set(codes(hits))


ODD = "aAbI1l0.,;:!?'\"\u201c\u201d\u00ab\u00bb()[]{}<>*/#-\u2014 \n\u00e9\u0431xiv"


@given(st.lists(st.text(st.sampled_from(ODD)), max_size=3))
@settings(max_examples=150)
def test_any_text_is_taken(texts: list[str]) -> None:
    for each in found(*texts, labels=["1", "x", "3"][: len(texts)], language="en"):
        assert each.code in KINDS
        assert each.span is None or each.span[0] <= each.span[1]


@pytest.mark.parametrize("text", ["", " ", "*", '"' * 50, "[[[" * 50, "\U0001f4d6", "1\n" * 200])
def test_odd_texts_are_taken(text: str) -> None:
    found(text, text, labels=("x", "x"))
