"""Which stretch of a text is which printed word."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import read_scan
from proofing.anchors import Anchor, anchored, anchors, anchors_json, line_of_rows

Line = dict[str, Any]

DEMO = Path(__file__).parents[2] / "scans" / "demo"


def printed(*lines: str, **kinds: str) -> list[Line]:
    """Give lines as the OCR gives them; `head=TEXT` and the like are put before them."""
    words = [(text, None) for text in lines]
    return [
        {"box": [0, 0, 1, 1], "words": [{"text": word} for word in text.split(" ")]}
        | ({"kind": kind} if kind else {})
        for text, kind in [*((text, kind) for kind, text in kinds.items()), *words]
    ]


def told(text: str, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Give the tokens that are anchored and what is printed there, with its line."""
    units = text.encode("utf-16-le")
    return [
        (
            units[2 * each.start : 2 * each.end].decode("utf-16-le"),
            f"{each.line}:" + " ".join(
                word["text"] for word in lines[each.line]["words"][each.word : each.last + 1]
            ),
        )
        for each in anchors(text, lines)
    ]  # fmt: skip


SOUNDS = (
    "But while we are confined to books,",
    "though the most select and classic,",
    "and read only particular written lan-",
    "guages, which are themselves but",
)


def test_a_text_nobody_changed_is_its_words() -> None:
    lines = printed("to be or", "not to", head="HAMLET 12")
    text = "\nto be or\n\nnot to"
    assert anchors(text, lines) == [
        Anchor(1, 3, 1, 0, 0),
        Anchor(4, 6, 1, 1, 1),
        Anchor(7, 9, 1, 2, 2),
        Anchor(11, 14, 2, 0, 0),
        Anchor(15, 17, 2, 1, 1),
    ]
    assert anchors_json(text, lines)[0] == [1, 3, 1, 0, 0]
    assert line_of_rows(text, lines) == [-1, 1, -1, 2]


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("<i>select</i>, and", ["select, and"], "0:select, 0:and"),
        ("[Footnote 1: The end]", ["1 The end"], "- 0:1 0:The 0:end"),
        ("<tb>\n/*\nselect\n*/", ["select"], "- - 0:select -"),
        ("read[**sic] on", ["read on"], "0:read 0:on"),
        ("read [**readers onto?] on", ["read on"], "0:read - - 0:on"),
        ("read[1] on", ["read1 on"], "0:read1 0:on"),
        ("na[:i]ve [oe]uvre", ["naïve œuvre"], "0:naïve 0:œuvre"),
        ("\u017felect Größe", ["select Grosse"], "0:select 0:Grosse"),
    ],
)
def test_marks_and_notes_are_not_printed(text: str, lines: list[str], expected: str) -> None:
    found = dict(told(text, printed(*lines)))
    assert [found.get(token, "-").replace(" ", "_") for token in text.split()] == expected.split()


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("not tobe or", ["not to be or"], "0:not 0:to_be 0:or"),
        ("not to be or", ["not tobe or"], "0:not 0:tobe 0:tobe 0:or"),
        ("an endless day", ["an end-", "less day"], "0:an 0:end- 1:day"),
        ("an end-\nless day", ["an endless day"], "0:an 0:endless 0:endless 0:day"),
        ("books--though select", ["books — though select"], "0:books_—_though 0:select"),
        ("books though select", ["books—though select"], "0:books—though 0:books—though 0:select"),
        ("books we select", ["books select"], "0:books - 0:select"),
        ("books select", ["books we select"], "0:books 0:select"),
        ("modern clavvic books", ["modem classic books"], "0:modem 0:classic 0:books"),
        ("while books yonder are", ["while | ae are"], "0:while - 0:ae 0:are"),
        ("read Xyz again", ["read @qw again"], "0:read 0:@qw 0:again"),
        ("and I read", ["and | read"], "0:and 0:| 0:read"),
        ("down I thlnk we on", ["down | think on"], "0:down 0:| 0:think - 0:on"),
        ("select . classic", ["select wonder classic"], "0:select - 0:classic"),
    ],
)
def test_words_run_together_broken_apart_added_taken_out_and_changed(
    text: str, lines: list[str], expected: str
) -> None:
    found = dict(told(text, printed(*lines)))
    assert [found.get(token, "-").replace(" ", "_") for token in text.split()] == expected.split()


def test_a_row_may_hold_a_whole_paragraph() -> None:
    lines = printed(*SOUNDS)
    text = " ".join(SOUNDS).replace("lan- guages", "languages").replace("select", "selected")
    found = told(text, lines)
    assert len(found) == len(text.split())
    assert ("languages,", "2:lan-") in found
    assert ("selected", "1:select") in found
    assert line_of_rows(text, lines) == [2]


def test_what_stands_outside_the_text_is_anchored_only_where_the_text_holds_it() -> None:
    lines = printed(*SOUNDS, head="WALDEN AND SOUNDS", folio="121")
    text = "\n".join(SOUNDS).replace("books", "Walden, books")
    assert {line for _, _, line, _, _ in anchors(text, lines)} == {2, 3, 4, 5}
    found = told("WALDEN and SOUNDS.\n121\n" + text, lines)
    assert found[:4] == [
        ("WALDEN", "0:WALDEN"),
        ("and", "0:AND"),
        ("SOUNDS.", "0:SOUNDS"),
        ("121", "1:121"),
    ]


def test_lines_that_were_moved_are_found() -> None:
    lines = printed(*SOUNDS, "1 A note about reading the classics", "2 A second note, on writing")
    rows = [*SOUNDS[:1], "[Footnote 2: A second note, on writing]", *SOUNDS[1:3]]
    rows += ["[Footnote 1: A n0te about rearing the classics]", SOUNDS[3]]
    assert line_of_rows("\n".join(rows), lines) == [0, 5, 1, 2, 4, 3]
    assert ("rearing", "4:reading") in told("\n".join(rows), lines)


def test_columns_in_another_order_are_found() -> None:
    left = [f"left {word} of the page {word}" for word in ("one", "two", "three", "four")]
    right = [f"right {word} by the margin {word}" for word in ("five", "six", "seven", "eight")]
    changed = "\n".join([*right, *left]).replace("margin", "margln")
    assert line_of_rows(changed, printed(*left, *right)) == [4, 5, 6, 7, 0, 1, 2, 3]


def test_columns_read_across_share_their_lines() -> None:
    left = ["Activity, 1, 11", "Anniversaries, 142", "Birth, 161, 184", "Blood, 165, 171"]
    right = ["Missionary, 55, 78", "Miscellaneous, 16, 25", "Parting, 46, 63", "Power, 47, 52"]
    lines = printed(*(f"{one} | {two}" for one, two in zip(left, right, strict=True)))
    text = "\n".join([*left, *right])
    assert len(anchors(text, lines)) == len(text.split())
    assert line_of_rows(text, lines) == [0, 1, 2, 3, 0, 1, 2, 3]


def test_of_equal_lines_each_is_its_own() -> None:
    says = ["He came and looked", "said he.", "She stood at the door", "said he.", "Nobody spoke"]
    text = "\n".join(says).replace("said he.", "said she.", 1)
    found = anchored(text, printed(*says))
    assert found.line_of_rows == [0, 1, 2, 3, 4]
    assert len(found.anchors) == len(text.split())
    assert line_of_rows("\n".join([*says[:1], *says[2:]]), printed(*says)) == [0, 2, 3, 4]


def test_a_line_that_could_not_be_read_is_known_by_its_place() -> None:
    lines = printed(SOUNDS[0], "~~ ;: ii", SOUNDS[2])
    text = "\n".join([SOUNDS[0], "", SOUNDS[1], "/*", SOUNDS[2]])
    assert line_of_rows(text, lines)[:3] == [0, -1, 1]
    assert line_of_rows("\n".join([SOUNDS[0], "One", "Two", SOUNDS[2]]), lines) == [0, -1, -1, 2]


def test_two_rows_may_be_one_line() -> None:
    text = "\n".join([*SOUNDS[:2], "and read only", "particular written lan-", SOUNDS[3]])
    assert line_of_rows(text, printed(*SOUNDS)) == [0, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("text", "lines", "starts"),
    [
        ("\U0001d504\U0001d529\U0001d529 the \U0001f600 world", ["All the world"], [0, 7, 14]),
        ("cafe\u0301 noir", ["café noix"], [0, 6]),
        ("שָׁלוֹם עולם טוב", ["שלום עולם סוב"], [0, 8, 13]),
        ("我们读书\n你们写字", ["我 们 读 书", "你 们 写"], [0, 5]),
        ("no\u00a0break", ["no break", "more"], [0, 3]),
    ],
)
def test_places_are_counted_as_the_browser_counts(
    text: str, lines: list[str], starts: list[int]
) -> None:
    assert [each.start for each in anchors(text, printed(*lines))] == starts


def test_a_token_without_blanks_is_all_its_words() -> None:
    assert told("我们读书", printed("我 们 读 书")) == [("我们读书", "0:我 们 读 书")]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"box": [0, 0, 1, 1], "words": []}],
        [{"words": [{"text": ""}, {"text": "a b"}, {"text": " "}]}],
        [{"words": [{"text": "\0"}], "kind": "head"}, {"words": [{"text": "<i>"}]}],
    ],
)
@pytest.mark.parametrize("text", ["", "\n\n", "a b", "a\nb", "<i>", "[**", "\0 \ud800", "/*\n*/"])
def test_no_text_and_no_lines_are_too_odd(text: str, lines: list[Line]) -> None:
    _hold(text, lines)


@pytest.mark.parametrize(
    "text",
    ["x" * 20_000, "a\n" * 10_000, "the " * 5_000, "[**" * 6_000, "HEAD of\n" * 3_000],
    ids=["no blanks", "rows", "one word", "open notes", "heads"],
)
def test_long_texts_of_little_sense_are_taken(text: str) -> None:
    _hold(text, printed(*["the a of it all", "I said a"] * 30, head="THE HEAD"))


def test_a_line_that_has_its_row_is_not_shared_out_again() -> None:
    lines = printed("the a", "a", "the the", "the a", "the of")
    _hold("the a\nthe\n<tb>the\nthe a a\nthe of", lines)


# What always holds, after whatever was done to a text.

WORDS = st.sampled_from(
    [
        "the",
        "of",
        "and",
        "a",
        "that",
        "books",
        "select",
        "read",
        "language",
        "themselves",
        "|",
        ".",
        "12",
        "endless",
        "well-known",
        "\U0001d504\U0001d529",
        "été",
        "said",
        "he",
    ]
)
FEW_WORDS = st.sampled_from(["the", "of", "a", "said"])
LINES = st.sampled_from([WORDS, FEW_WORDS]).flatmap(
    lambda words: st.lists(
        st.lists(words, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=12
    )
)
Edit = Callable[[list[list[str]], random.Random], None]


def _insert(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    row.insert(chance.randint(0, len(row)), chance.choice(["new", "the", "[**why?]", "<tb>"]))


def _delete(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    if row:
        del row[chance.randrange(len(row))]


def _swap(rows: list[list[str]], chance: random.Random) -> None:
    one, two = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[one], rows[two] = rows[two], rows[one]


def _join(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    if len(row) > 1:
        place = chance.randrange(len(row) - 1)
        row[place : place + 2] = [row[place] + row[place + 1]]


def _split(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    if row:
        place = chance.randrange(len(row))
        cut = chance.randint(0, len(row[place]))
        row[place : place + 1] = [row[place][:cut], row[place][cut:]]


def _wrap(rows: list[list[str]], chance: random.Random) -> None:
    place = chance.randrange(len(rows))
    cut = chance.randint(0, len(rows[place]))
    rows[place : place + 1] = [rows[place][:cut], rows[place][cut:]]


def _unwrap(rows: list[list[str]], chance: random.Random) -> None:
    if len(rows) > 1:
        place = chance.randrange(len(rows) - 1)
        rows[place : place + 2] = [rows[place] + rows[place + 1]]


def _mark(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    if row:
        place = chance.randrange(len(row))
        row[place] = chance.choice(["<i>%s</i>", "[Footnote 1: %s", "%s[**x]"]) % row[place]


def _type(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    if row:
        place = chance.randrange(len(row))
        row[place] = row[place][:1] + chance.choice(["e", "x", "\U0001f600"]) + row[place][1:]


EDITS: list[Edit] = [
    _insert, _delete, _swap, _join, _split, _wrap, _unwrap, _mark, _type
]  # fmt: skip


@settings(max_examples=300)
@given(LINES, st.lists(st.sampled_from(EDITS), max_size=12), st.randoms(use_true_random=False))
def test_after_any_edits(lines: list[str], edits: list[Edit], chance: random.Random) -> None:
    rows = [line.split(" ") for line in lines]
    for edit in edits:
        edit(rows, chance)
    _hold("\n".join(" ".join(row) for row in rows), printed(*lines))


@given(st.text(), st.lists(st.text(), max_size=8))
def test_any_text_against_any_lines(text: str, lines: list[str]) -> None:
    _hold(text, printed(*lines))


def _hold(text: str, lines: list[Line]) -> None:
    found, places = anchored(text, lines)
    _are_in_order(text, found, lines)
    _keep_order_in_a_line(found)
    _keep_what_nobody_changed(text, found, lines)
    assert len(places) == text.count("\n") + 1
    assert all(-1 <= place < len(lines) for place in places)


def _are_in_order(text: str, found: Sequence[Anchor], lines: Sequence[Line]) -> None:
    end = 0
    units = text.encode("utf-16-le", "surrogatepass")
    for each in found:
        assert end <= each.start < each.end <= len(units) // 2
        assert not {" ", "\n"} & {
            *units[2 * each.start : 2 * each.end].decode("utf-16-le", "replace")
        }
        assert 0 <= each.word <= each.last < len(lines[each.line]["words"])
        end = each.end


def _keep_order_in_a_line(found: Sequence[Anchor]) -> None:
    last: dict[int, Anchor] = {}
    for each in found:
        before = last.get(each.line, each)
        assert before is each or each.word >= before.last or each[2:] == before[2:]
        last[each.line] = each


def _keep_what_nobody_changed(text: str, found: Sequence[Anchor], lines: Sequence[Line]) -> None:
    rows = text.split("\n")
    counted = Counter(" ".join(row.split()) for row in rows)
    printed_rows = Counter(" ".join(word["text"] for word in line["words"]) for line in lines)
    begins = {each.start for each in found}
    begin = 0
    for row in rows:
        # In texts of plain blanks only, where words are words for everybody.
        unchanged = 0 < counted[row] <= printed_rows[row] and row.isprintable()
        if unchanged and row == " ".join(row.split()):
            starts, place = [], begin
            for word in row.split():
                starts.append(place)
                place += len(word.encode("utf-16-le")) // 2 + 1
            assert begins.issuperset(starts), row
        begin += len(row.encode("utf-16-le", "surrogatepass")) // 2 + 1


# Pages as they are.


def _demo_text(number: int) -> list[str]:
    text = (DEMO / "text" / "p" / f"{number:03}.txt").read_text()
    return [row for row in text.split("\n") if row]


@pytest.mark.parametrize("number", [8, 9, 10, 11, 12])
def test_sixty_changed_words_of_a_page_are_nearly_all_known(number: int) -> None:
    rows = _demo_text(number)
    chance = random.Random(number)  # noqa: S311 - the same edits every time
    text, truth = _typed_over(rows, chance)
    lines = printed(*rows)
    found = {each.start: each[2:] for each in anchors(text, lines)}
    right = sum(found.get(start) == place for start, place in truth.items())
    wrong = sum(start in found and found[start] != place for start, place in truth.items())
    assert right >= 0.99 * len(truth)
    assert wrong <= 0.005 * len(truth)


def _typed_over(
    rows: Sequence[str], chance: random.Random
) -> tuple[str, dict[int, tuple[int, int, int]]]:
    """Change, add and take out words; give the text, and by their starts where words come from."""
    words = [(line, word, text) for line, row in enumerate(rows)
             for word, text in enumerate(row.split())]  # fmt: skip
    changed = set(chance.sample(range(len(words)), 60))
    parts: list[str] = []
    truth = {}
    place = 0
    for index, (line, word, text) in enumerate(words):
        kept = text
        if index in changed:
            kept = chance.choice(["", f"new {text}", f"<i>{text}</i>", text[::-1], f"{text[:-1]}e"])
        if index and words[index - 1][0] != line:
            parts.append("\n")
            place += 1
        if kept:
            offset = 4 if kept.startswith("new ") else 0
            truth[place + offset] = (line, word, word)
            parts.append(kept + " ")
            place += len(kept) + 1
    return "".join(parts), truth


def test_the_truth_of_a_scan_finds_what_was_read_of_it() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scan = DEMO / "pages" / "009.jpg"
        read = read_scan(scan, "image/jpeg", 0, ["en"], 3, Path(folder))
    text = (DEMO / "text" / "f" / "009.txt").read_text()
    lines = read.lines
    assert len(anchors(read.text, lines)) == len(read.text.split())
    assert len(anchors(text, lines)) >= 0.98 * len(text.split())
    assert not {line for _, _, line, _, _ in anchors(text, lines) if "kind" in lines[line]}
