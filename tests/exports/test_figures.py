"""Pictures and their places in the text."""

from collections.abc import Sequence

import pytest

from exports.book import Illustration, Paragraph, plain
from exports.making.assembly import Assembled, assemble
from exports.pages import Figure, PageText, ScanLine

TOP = ("The first paragraph stands", "above the picture, clearly.")
MIDDLE = ("Another paragraph comes between", "and ends before the third.")
FOOT = ("The last paragraph of all is", "at the foot of the page.")


def figure(top: int, name: str = "a", **said: object) -> Figure:
    given = {"alt": f"What {name} shows.", "box": (100, top, 300, 100), **said}
    return Figure(name.encode(), **given)  # type: ignore[arg-type]


def scanned(*paragraphs: Sequence[str]) -> tuple[ScanLine, ...]:
    """Paragraphs of two lines with room for a picture of 100 pixels between each two."""
    return tuple(
        ScanLine(100, at * 200 + row * 40, 800, 30, text)
        for at, lines in enumerate(paragraphs)
        for row, text in enumerate(lines)
    )


SCAN = scanned(TOP, MIDDLE, FOOT)


def made(text: str, *figures: Figure, lines: tuple[ScanLine, ...] = SCAN) -> Assembled:
    return assemble([PageText(7, "p", text, lines=lines, figures=figures)], "en")


def order(assembled: Assembled) -> list[str]:
    """The book's blocks: pictures by their bytes, paragraphs by their first word but one."""
    shown = []
    for section in assembled.book.sections:
        for block in (*section.blocks, *(b for n in section.notes for b in n.blocks)):
            if isinstance(block, Illustration):
                source = block.picture.source if block.picture else b"-"
                assert isinstance(source, bytes)
                shown.append(source.decode())
            elif isinstance(block, Paragraph):
                shown.append(plain(block.content).split()[1])
    return shown


def codes(assembled: Assembled) -> list[str]:
    return [each.code for each in assembled.findings]


def joined(*blocks: Sequence[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in blocks)


def test_pictures_meet_their_places_in_order() -> None:
    text = joined(TOP, ["[Illustration: One]"], MIDDLE, ["[Illustration]"], FOOT)
    assembled = made(text, figure(80, "a"), figure(280, "b"))
    assert order(assembled) == ["first", "a", "paragraph", "b", "last"]
    assert codes(assembled) == []


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (-120, ["a", "first", "paragraph", "last"]),
        (80, ["first", "a", "paragraph", "last"]),
        (260, ["first", "paragraph", "a", "last"]),
        (500, ["first", "paragraph", "last", "a"]),
    ],
)
def test_a_picture_without_a_mark_stands_at_the_nearest_paragraph(
    top: int, expected: list[str]
) -> None:
    assembled = made(joined(TOP, MIDDLE, FOOT), figure(top))
    assert order(assembled) == expected
    [finding] = assembled.findings
    assert (finding.code, finding.page) == ("picture-untagged", 7)
    assert "Picture 1" in finding.hint


def test_the_picture_that_fits_no_mark_is_the_one_without() -> None:
    text = joined(TOP, MIDDLE, ["[Illustration: The second]"], FOOT)
    assembled = made(text, figure(80, "a"), figure(280, "b"))
    assert order(assembled) == ["first", "a", "paragraph", "b", "last"]
    assert codes(assembled) == ["picture-untagged"]


def test_the_mark_that_no_picture_is_near_has_none() -> None:
    text = joined(TOP, ["[Illustration]"], MIDDLE, ["[Illustration]"], FOOT)
    assembled = made(text, figure(280, "b"))
    assert order(assembled) == ["first", "-", "paragraph", "b", "last"]
    assert [(f.code, f.line) for f in assembled.findings] == [("picture-missing", 4)]


def test_without_a_reading_of_the_scan_the_picture_comes_last() -> None:
    assembled = made(joined(TOP, FOOT), figure(80), lines=())
    assert order(assembled) == ["first", "last", "a"]


def test_pictures_in_quotations_and_notes_are_met_too() -> None:
    text = joined(TOP, ["/#", "[Illustration]", "#/"], ["A word[1] more."])
    text += "\n\n[Footnote 1: The note has\n\n[Illustration: a plan]]"
    assembled = made(text, figure(80, "a"), figure(800, "b"))
    assert codes(assembled) == []
    pictures = [b for s in assembled.book.sections for n in s.notes for b in n.blocks]
    assert any(isinstance(b, Illustration) and b.picture for b in pictures)


def test_a_page_seam_runs_on_past_a_picture_on_top() -> None:
    before = PageText(6, "o", "A sentence that goes on over the end of the page and", lines=())
    end = ["then comes to its end."]
    page = PageText(7, "p", joined(end), lines=scanned(end), figures=(figure(-120),))
    assembled = assemble([before, page], "en")
    assert order(assembled) == ["sentence", "a"]


def test_a_typed_caption_counts_where_the_text_has_none() -> None:
    typed = figure(80, caption="The <i>King</i>--alone")
    [section] = made(joined(TOP, ["[Illustration]"]), typed).book.sections
    [picture] = [b for b in section.blocks if isinstance(b, Illustration)]
    assert [plain(b.content) for b in picture.caption if isinstance(b, Paragraph)] == [
        "The King\u2014alone"
    ]
    [section] = made(joined(TOP, ["[Illustration: As read]"]), typed).book.sections
    [picture] = [b for b in section.blocks if isinstance(b, Illustration)]
    assert [plain(b.content) for b in picture.caption if isinstance(b, Paragraph)] == ["As read"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"alt": ""}, ["alt-missing"]),
        ({"alt": "", "decorative": True}, []),
        ({"alt": "The King"}, ["alt-is-caption"]),
        ({"alt": "A man with a crown."}, []),
    ],
)
def test_what_nobody_described_is_told(said: dict[str, object], expected: list[str]) -> None:
    assembled = made(joined(TOP, ["[Illustration: The King]"]), figure(80, "a", **said))
    assert codes(assembled) == expected


def test_what_is_not_cut_out_yet_holds_the_release() -> None:
    uncut = Figure(None, "A view.", box=(100, 80, 300, 100))
    assembled = made(joined(TOP, ["[Illustration]"], MIDDLE), uncut, figure(400, "b"))
    assert [(f.code, f.severity) for f in assembled.findings] == [
        ("picture-uncut", "error"),
        ("picture-untagged", "warning"),
    ]
    assert order(assembled) == ["first", "-", "paragraph", "b"]


def test_many_pictures_on_one_page_are_met_at_once() -> None:
    text = joined(*([f"Word {n} stands here.", ""] for n in range(30)), ["[Illustration]"])
    figures = [figure(n, f"p{n}") for n in range(40)]
    assert codes(made(text, *figures)).count("picture-untagged") == 39
