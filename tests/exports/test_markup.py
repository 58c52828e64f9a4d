import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from exports.book import Heading, Lines, Paragraph, Quote, ThoughtBreak, plain
from exports.making.assembly import Assembled, assemble
from exports.making.letters import letter_codes, open_ligatures
from exports.pages import PageText
from exports.writing.text import fill_book
from exports.writing.xhtml import document, section_body

MARKS = (
    "<i> </i> <b> </b> <sc> </sc> <g> </g> <f> </f> <u> </u> <tb> /* */ /# #/ ^{ _{ } ^a [1] [*]"
    " [Footnote [Footnote~1:~x]* *[Footnote:~y] [Illustration] [Illustration:~z] [Sidenote:"
    " [Greek:~a] [** ]] ] -* * - -- ---- \" ' ... CHAPTER~I. PREFACE [=a] [)u] [oe] <x> & \x00"
    " \ud800 \ufeff \u00ad ( 1~note INDEX Hay~~~~12~~~~[1] ~~~~<i>Oats~~~~1</i> ,~1 * ~;"
)
NOTATION = st.sampled_from(MARKS.replace(" ", "\n").replace("~", " ").split("\n"))
BLANKS = st.sampled_from(["\n", "\n\n", "\n\n\n\n\n", " ", "    "])
PIECE = st.one_of(NOTATION, BLANKS, st.text(max_size=8))
PAGE = st.lists(PIECE, max_size=25).map("".join)


def book_of(*texts: str) -> Assembled:
    return assemble([PageText(n, f"p{n}", text) for n, text in enumerate(texts, start=1)], "en")


def codes(assembled: Assembled) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.severity)) for finding in assembled.findings]


@given(st.lists(PAGE, max_size=4), st.sampled_from(["text", "illustration", "blank"]))
@settings(max_examples=250, deadline=None)
@example(["/*\n<i>", "</i>\n*/ [Footnote 1: [Footnote 2: *[Footnote: ]*"], "text")
@example(["A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A.A!"], "text")
def test_any_text_becomes_a_well_formed_book(texts: list[str], kind: str) -> None:
    pages = [PageText(n, f"p{n}", text, kind=kind) for n, text in enumerate(texts, start=1)]  # type: ignore[arg-type]
    assembled = assemble(pages, "en")
    for number, section in enumerate(assembled.book.sections):
        body = section_body(section, f"s{number}")
        etree.fromstring(document(section.title, "en", body, ""))
    "\n".join(fill_book(assembled.book)).encode()


def test_a_page_of_unclosed_brackets_takes_no_time_worth_naming() -> None:
    assembled = book_of("[Footnote 1: open\n\n" * 3000)
    assert ("bracket-unclosed", "error") in codes(assembled)


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("Tz[)u]-ss[)u]", "\u016d\u016d"),
        (
            "[=a] ['e] [`e] [:u] [^o] [~n] [,c] [vs]",
            "\u0101\u00e9\u00e8\u00fc\u00f4\u00f1\u00e7\u0161",
        ),
        ("[h.] and [1] and [*] and [x]", "\u1e25"),
    ],
)
def test_codes_of_letters_are_known(typed: str, letters: str) -> None:
    assert "".join(letter for _, _, letter in letter_codes(typed)) == letters


def test_a_code_stays_in_the_book_and_is_reported_with_its_letter() -> None:
    assembled = book_of("Thus Tz[)u] spoke.")
    assert fill_book(assembled.book) == ["Thus Tz[)u] spoke."]
    [finding] = assembled.findings
    assert (finding.code, finding.line) == ("letter-code", 1)
    assert "\u016d" in finding.hint


def test_ligatures_become_letters() -> None:
    assert open_ligatures("ph[oe]nix, [AE]lian") == "ph\u0153nix, \u00c6lian"


def test_remarks_never_enter_the_book_and_are_errors() -> None:
    assembled = book_of("No[** .] more of [**a [nested] one] this\nthan is good for us.")
    assert codes(assembled).count(("remark-open", "error")) == 2
    assert fill_book(assembled.book) == ["No more of this than is good for us."]


def test_what_cannot_stand_in_a_book_is_removed_and_told() -> None:
    assembled = book_of("A bell\x07 and a half\ud83d and a soft\u00adhyphen here.")
    assert codes(assembled) == [("character-removed", "warning")] * 3
    assert fill_book(assembled.book) == ["A bell and a half and a softhyphen here."]


def test_unclosed_and_unopened_marks_are_errors_at_their_line() -> None:
    assembled = book_of("One line is plain,\nbut <i>this opens and\nnothing closes</b> it.\n\n#/")
    found = [(f.code, f.line) for f in assembled.findings]
    assert found == [("mark-unclosed", 2), ("mark-unopened", 3), ("mark-unclosed", 5)]


def test_quotation_holds_paragraphs_and_verse() -> None:
    (section,) = book_of(
        "/#\nHe wrote a line or two.\n\n/*\nA rose\n  is red\n*/\n#/"
    ).book.sections
    quote = section.blocks[-1]
    assert isinstance(quote, Quote)
    assert [type(block) for block in quote.blocks] == [Paragraph, Lines]


def test_wrongly_nested_marks_still_cover_the_same_words() -> None:
    (section,) = book_of("<i>one <b>two</i> three</b> and so on to the end.").book.sections
    body = section_body(section, "s1")
    assert "<i>one <b>two</b></i><b> three</b>" in body


def test_heading_spacing_makes_chapters_and_sections() -> None:
    prose = "It was late, and the long road lay before them in the rain\nand nobody spoke.\n"
    text = f"{prose}\n\n\n\nTHE ROAD\n\nby night\n\n\n{prose}\n\nAn inn\n\n{prose}"
    sections = book_of(text).book.sections
    headings = [b for s in sections for b in s.blocks if isinstance(b, Heading)]
    assert [(h.level, [plain(line) for line in h.lines]) for h in headings] == [
        (2, ["THE ROAD", "by night"]),
        (3, ["An inn"]),
    ]


def test_a_short_first_paragraph_below_a_chapter_is_no_heading() -> None:
    prose = "It was late, and the long road lay before them in the rain\nand nobody spoke.\n"
    (section,) = book_of(f"CHAPTER I\n\n\nIt rained.\n\n{prose}\n{prose}").book.sections
    assert [type(block) for block in section.blocks[2:]] == [Paragraph] * 3


@pytest.mark.parametrize(
    "text",
    [
        "[Illustration: The king[1] alone]\n\n[Footnote 1: So he is called.]",
        "/*\nA rose[1] is red\n  and a violet is not\n*/\n\n[Footnote 1: So he is called.]",
        "/*\nOne   1.50   ten[1]\nTwo   2.50   six\n*/\n\n[Footnote 1: So he is called.]",
        "It began[1] in the middle of a line,\nand went on.\n\n[Footnote 1: So he is called.]",
        "[Sidenote: The king[1]]\n\nIt went on and on.\n\n[Footnote 1: So he is called.]",
        "/#\nHe said it.[1]\n#/\n\n[Footnote 1: So he is called.]",
    ],
)
def test_a_note_is_found_wherever_its_mark_stands(text: str) -> None:
    assembled = book_of(text)
    assert not {"note-unanchored", "note-missing"} & {code for code, _ in codes(assembled)}
    (section,) = assembled.book.sections
    assert [note.number for note in section.notes] == [1]
    body = section_body(section, "s1")
    assert body.count('href="#n1"') == body.count('href="#r1"') == 1


def test_a_row_of_asterisks_is_a_pause_and_a_half_title_no_part() -> None:
    prose = "It was late, and the long road lay before them in the rain\nand nobody spoke.\n"
    half = "\n\n\n\nTHE LONG ROAD"
    whole = f"\n\n\n\nTHE LONG ROAD\n\n\n{prose}\n*    *    *\n\n{prose}"
    sections = book_of(f"PREFACE\n\n\n{prose}{prose}", half, whole).book.sections
    assert [(s.kind, s.title) for s in sections[1:]] == [
        ("halftitlepage", "THE LONG ROAD"),
        ("chapter", "THE LONG ROAD"),
    ]
    assert any(isinstance(block, ThoughtBreak) for block in sections[2].blocks)


def test_a_note_inside_a_note_stays_in_its_text() -> None:
    assembled = book_of("It is so.[1]\n\n[Footnote 1: See [Footnote 2: there] and here.]")
    assert "[1] See [Footnote 2: there] and here." in fill_book(assembled.book)
    assert codes(assembled) == []
