from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from exports.pages import PageText
from exports.writing.onepage import SetPage, set_page

PIECES = (
    "<i> </i> <sc> </b> <tb> /* */ /# #/ [1] [Footnote [Footnote~1:~x]* *[Footnote:~y]"
    " [Illustration] [Illustration:~z [Sidenote: [Greek:~a] [**~so] [Blank~Page] ^{ _{ -- -* ]]"
    ' [oe] [)u] <script>alert(1)</script> <img~src=x~onerror=1> & " \x00 \ud800'
)
PIECE = st.one_of(
    st.sampled_from(PIECES.replace(" ", "\n").replace("~", " ").split("\n")),
    st.sampled_from(["\n", "\n\n", "\n\n\n\n\n", "    "]),
    st.text(max_size=8),
)


def shown(text: str, kind: str = "text") -> SetPage:
    return set_page(PageText(7, "p7", text, label="5", kind=kind), "en")  # type: ignore[arg-type]


@given(st.lists(PIECE, max_size=25).map("".join), st.sampled_from(["text", "illustration"]))
@settings(max_examples=200, deadline=None)
@example("/*\n<i>", "text")
@example("", "text")
@example("[Illustration", "illustration")
@example("/#\n" * 2000, "text")
@example("<i>\n" * 2000, "text")
@example("[Footnote 1: " * 2000, "text")
def test_any_text_is_set_well_formed_and_harmless(text: str, kind: str) -> None:
    made = shown(text, kind)
    wrapped = f'<div xmlns:epub="http://www.idpf.org/2007/ops">{made.html}</div>'
    tree = etree.fromstring(wrapped.encode())
    names = {etree.QName(each).localname for each in tree.iter(etree.Element)}
    assert not names & {"script", "img", "style", "iframe", "object", "form"}
    attributes = {name for each in tree.iter(etree.Element) for name in each.attrib}
    assert not [name for name in attributes if str(name).startswith("on") or name == "style"]
    lines = len(text.splitlines()) + 1
    assert all(1 <= finding.line <= max(lines, text.count("\n") + 1) for finding in made.findings)


def test_a_page_is_set_as_in_the_book() -> None:
    prose = "He said <i>so</i>, and more than once, to all who came--\nand left it at that."
    made = shown(f"{prose}\n\n/*\nRoses are red,\n  Violets blue.\n*/")
    assert (
        "<p>He said <i>so</i>, and more than once, to all who came\u2060\u2014and left it"
        in made.html
    )
    assert '<span class="line i1">Violets blue.</span>' in made.html
    assert made.findings == ()


def test_a_note_is_linked_and_a_picture_keeps_its_place() -> None:
    made = shown('A word[1] here.\n\n[Footnote 1: Its note.]\n\n[Illustration: A "view"]')
    assert 'href="#n1"' in made.html
    assert '<span class="picture" role="img"' in made.html
    assert made.findings == ()


def test_what_is_wrong_is_told_with_its_line_and_no_more() -> None:
    made = shown("A line that ends in a bro-\nken word, and <i>never\ncloses.\n\n[**what?]")
    assert [(each.code, each.line) for each in made.findings] == [
        ("mark-unclosed", 2),
        ("remark-open", 5),
    ]
