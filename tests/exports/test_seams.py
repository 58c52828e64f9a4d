"""How pages meet: joins, hyphens, notes over pages."""

import pytest

from exports.making.assembly import Assembled, assemble
from exports.making.hyphens import Hyphens, Split, Verdict
from exports.making.markup import RawLine
from exports.pages import ContentsEntry, Decisions, PageText, ScanLine
from exports.writing.text import fill_book

FULL = "The road went on between the hedges, and it was a very long road,"
MORE = (
    "which nobody had mended since the king himself had come that way,",
    "and on which the rain had stood in pools since the last of winter",
)
STOP = "They walked on it until the evening, and then they came to an inn."


def made(*texts: str, decisions: Decisions | None = None) -> Assembled:
    pages = [PageText(n, f"p{n}", text) for n, text in enumerate(texts, start=1)]
    return assemble(pages, "en", decisions)


def paragraphs(assembled: Assembled) -> list[str]:
    return "\n".join(fill_book(assembled.book)).replace("\n\n", "\r").replace("\n", " ").split("\r")


def codes(assembled: Assembled) -> list[str]:
    return [finding.code for finding in assembled.findings]


def page(*lines: str) -> str:
    return "\n".join([FULL, *MORE, *lines])


@pytest.mark.parametrize(
    ("end", "start", "joined"),
    [
        ("and it was late, suc-*", "*cessful as the day had been till now,", "successful"),
        ("and it was late, suc-", "cessful as the day had been till now,", "successful"),
        (
            "he came to the inn with his mother-in-",
            "law, who had been there before him,",
            "mother-in-law",
        ),
        (
            "in the days before the war of pre-",
            "History, of which nobody knows much,",
            "pre-History",
        ),
        ("the year of the great storm, 1871-", "72, when the harbour had no light,", "1871-72"),
        (
            "they would never come back again--*",
            "*never, as long as the world stands,",
            "again\u2014never",
        ),
        (
            "as they walked on it he <i>sang un-</i>",
            "<i>ceasingly</i> till the moon was up,",
            "_sang unceasingly_",
        ),
    ],
)
def test_words_over_a_page(end: str, start: str, joined: str) -> None:
    assembled = made(page(end), "\n".join([start, *MORE, STOP]))
    assert joined in " ".join(fill_book(assembled.book))


def test_the_book_itself_decides_its_hyphens() -> None:
    text = "There is a foot-path here. The foot-\npath goes on, and the high-\nway too: a highway."
    assert paragraphs(made(text)) == [
        "There is a foot-path here. The foot-path goes on, and the highway too: a highway."
    ]


def test_a_compound_of_two_known_words_is_asked_for_once() -> None:
    text = "The moon and the light are here, moon-\nlight upon the moon-\nlight, and no more."
    assembled = made(text)
    assert [(f.code, f.excerpt) for f in assembled.findings] == [("hyphen-unsure", "moon-light")]
    decided = made(text, decisions=Decisions(words={"moon-light": "moonlight"}))
    assert codes(decided) == []
    assert "moonlight upon the moonlight" in paragraphs(decided)[0]


def test_a_doubtful_join_mark_that_nothing_settles_is_an_error() -> None:
    assembled = made(
        "A cup of wine, and one wine-*cup. The cup was full.", "*lost was the rest of it."
    )
    found = {(f.code, str(f.severity)) for f in assembled.findings}
    assert ("hyphen-unresolved", "error") in found
    assert ("join-unanswered", "error") in found


def test_a_blank_line_on_top_begins_a_paragraph_and_no_stop_joins() -> None:
    assert len(paragraphs(made(page(STOP), "\n" + page(STOP)))) == 2
    assert len(paragraphs(made(page(FULL), page(STOP)))) == 1


def test_lower_case_joins_even_after_a_stop() -> None:
    assert (
        len(
            paragraphs(
                made(
                    page("He said it to everybody, in prose and in verse, etc."),
                    "and so " + page(STOP),
                )
            )
        )
        == 1
    )


def test_silent_seam_is_listed_and_people_decide() -> None:
    assembled = made(page(STOP), page(STOP))
    assert codes(assembled) == ["seam-unsure"]
    decided = Decisions(new_paragraph={"p2": True})
    apart = made(page(STOP), page(STOP), decisions=decided)
    assert codes(apart) == []
    assert len(paragraphs(apart)) == 2


@pytest.mark.parametrize(("indent", "count"), [(30, 2), (0, 1)])
def test_the_scan_decides_a_seam_by_its_indent(indent: int, count: int) -> None:
    texts = page(STOP), page(STOP)

    def scanned(number: int, text: str, first: int) -> PageText:
        boxes = tuple(
            ScanLine(100 + (0 if n else first), 100 + 40 * n, 800 - (0 if n else first), 30, line)
            for n, line in enumerate(text.split("\n"))
        )
        return PageText(number, f"p{number}", text, lines=boxes)

    assembled = assemble([scanned(1, texts[0], 0), scanned(2, texts[1], indent)], "en")
    assert len(paragraphs(assembled)) == count
    assert codes(assembled) == []


def test_blank_pages_and_plates_between_do_not_part_a_paragraph() -> None:
    pages = [
        PageText(1, "a", page(FULL)),
        PageText(2, "b", "[Blank Page]", kind="blank"),
        PageText(3, "c", "The bridge", kind="illustration"),
        PageText(4, "d", "which " + page(STOP)),
        PageText(5, "e", "not in the book at all", kind="skip"),
    ]
    text, plate = paragraphs(assemble(pages, "en"))
    assert text.endswith("an inn.")
    assert plate == "[Illustration: The bridge]"


def test_note_over_three_pages_is_one_note() -> None:
    assembled = made(
        page("and here it is.[1] " + FULL)
        + "\n\n[Footnote 1: It begins on this page and is bro-]*",
        "which " + page(FULL) + "\n\n*[Footnote: ken in the middle, and goes]*",
        "which " + page(STOP) + "\n\n*[Footnote: on to its end.]",
    )
    assert "[1] It begins on this page and is broken in the middle, and goes on to its end." in (
        paragraphs(assembled)[-1].strip()
    )
    assert codes(assembled) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A thing[1] that no note explains, on a line of its own.", "note-missing"),
        ("A line of text.\n\n[Footnote 2: Nobody asked.]", "note-unanchored"),
        ("A thing[1] here.\n\n[Footnote 1: It goes on]*", "note-unfinished"),
        ("A thing here.\n\n*[Footnote: and on.]", "note-continues-nothing"),
        (page(STOP) + "\n\n1 Perhaps a note, with no reference to it.", "note-unmarked"),
    ],
)
def test_notes_that_do_not_fit_are_told(text: str, code: str) -> None:
    assembled = made(text)
    assert code in codes(assembled)
    lost = {"explains", "Nobody", "goes", "and", "Perhaps"} & set(text.replace("\n", " ").split())
    assert lost <= set(" ".join(fill_book(assembled.book)).split())


def test_running_heads_are_told_and_make_no_chapters() -> None:
    prose = page(STOP)
    assembled = made(*(f"THE LONG ROAD.\n\n{prose}\n{number}" for number in range(11, 15)))
    assert codes(assembled).count("running-head") == 8
    assert len(assembled.book.sections) == 1


def test_numbered_chapters_are_no_running_heads() -> None:
    assembled = made(*(f"CHAPTER {number}\n\n{page(STOP)}" for number in range(1, 6)))
    assert [section.title for section in assembled.book.sections] == [
        f"CHAPTER {n}" for n in range(1, 6)
    ]


def test_the_contents_list_alone_makes_headings_where_there_is_one() -> None:
    text = f"CHAPTER I\n\nTHE ROAD\n\n{page(STOP)}\n\nWHAT THEY ATE\n\n{page(STOP)}"
    contents = (ContentsEntry("p1", "Chapter I. The Road"), ContentsEntry("p1", "No such line"))
    assembled = made(text, decisions=Decisions(contents=contents))
    assert [section.title for section in assembled.book.sections] == ["CHAPTER I. THE ROAD"]
    assert codes(assembled) == ["contents-unfound"]


def test_a_list_mark_says_nothing_of_the_seam() -> None:
    assert codes(made(page(STOP), "(b) " + page(STOP))) == ["seam-unsure"]


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("treat", "ies", Verdict(keep=False)),
        ("star", "light", Verdict(keep=False, sure=False)),
        ("well", "known", Verdict(keep=True, sure=False)),
        ("gov", "ern", Verdict(keep=False)),
        ("Anglo", "Saxon", Verdict(keep=True)),
        ("CHAP", "TER", Verdict(keep=False)),
        ("18", "19", Verdict(keep=True)),
        ("cease", "less", Verdict(keep=False)),
        ("mother-in", "law", Verdict(keep=True)),
        ("mid-Vic", "torian", Verdict(keep=False)),
    ],
)
def test_a_word_list_decides_what_the_book_does_not(
    left: str, right: str, verdict: Verdict
) -> None:
    words = {"treaties", "treat", "star", "light", "starlight", "well", "known", "govern"}
    words |= {"cease", "less", "ceaseless", "in", "law", "victorian"}
    assert Hyphens([], {}, words.__contains__).decide(Split(left, right)) == verdict


def test_without_a_word_list_a_long_unknown_half_is_asked_for() -> None:
    book = [RawLine("They came to the resting of the day.", 1, 1)]
    assert Hyphens(book, {}).decide(Split("resting", "place")) == Verdict(keep=False, sure=False)
    assert Hyphens(book, {}).decide(Split("objec", "tion")) == Verdict(keep=False)


def test_text_on_a_page_marked_blank_is_told() -> None:
    assembled = assemble(
        [PageText(1, "a", page(STOP)), PageText(2, "b", "A word", kind="blank")], "en"
    )
    assert codes(assembled) == ["blank-has-text"]


def test_a_heading_set_tight_is_parted_at_its_number() -> None:
    text = f"THE LONG ROAD\nCHAPTER II\nOF INNS AND BEDS\n\n{page(STOP)}"
    titles = [section.title for section in made(text).book.sections]
    assert titles == ["THE LONG ROAD", "CHAPTER II. OF INNS AND BEDS"]
    prose = page("and this is told in the next chapter, which is", "Chapter V", "of this book.")
    assert len(made(prose).book.sections) == 1
