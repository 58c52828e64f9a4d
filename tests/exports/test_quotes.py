import pytest

from exports.assembly import assemble
from exports.pages import PageText
from exports.quotes import curl, dashes


@pytest.mark.parametrize(
    ("typed", "curled"),
    [
        ('He said: "It\'s late."', "He said: \u201cIt\u2019s late.\u201d"),
        ("\"'Tis here,\" and 'twas.", "\u201c\u2019Tis here,\u201d and \u2019twas."),
        ("\"Then he said, 'Go.'\"", "\u201cThen he said, \u2018Go.\u2019\u201d"),
        ("the horses' heads, and James's", "the horses\u2019 heads, and James\u2019s"),
        ('<i>"Sing"</i> in \'99', "<i>\u201cSing\u201d</i> in \u201999"),
        ("wait\u2014\"no\"\u2014'yes'", "wait\u2014\u201cno\u201d\u2014\u2018yes\u2019"),
        ('("so")', "(\u201cso\u201d)"),
        ('\u201eSo" sprach er', "\u201eSo\u201c sprach er"),
        ("l'histoire d'un \u00ab mot \u00bb", "l\u2019histoire d\u2019un \u00ab mot \u00bb"),
    ],
)
def test_straight_quotes_curl(typed: str, curled: str) -> None:
    assert curl(typed)[0] == curled


def test_a_leading_apostrophe_that_nothing_closes_is_doubtful() -> None:
    text, doubtful = curl("Bring 'em the 'orse and go.")
    assert [text[at : at + 3] for at in doubtful] == ["\u2018or"]
    assert "\u2019em" in text


def test_a_quotation_left_open_is_told_unless_the_next_paragraph_takes_it_up() -> None:
    def codes(text: str) -> list[str]:
        return [f.code for f in assemble([PageText(1, "p", text)], "en").findings]

    first = '"It was so long ago that nobody remembers it, and those who\ndo are not believed.'
    second = "And yet it was so, as you may read in all the books of the time\nand since."
    assert codes(f'{first}\n\n"{second}"') == []
    assert codes(f"{first}\n\n{second}") == ["quotes-unbalanced"]


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("a--b", "a\u2014b"),
        ("Mr. ---- said", "Mr. \u2e3a said"),
        ("a-b", "a-b"),
        ("--------", "\u2e3a\u2e3a"),
    ],
)
def test_hyphens_become_dashes(typed: str, turned: str) -> None:
    assert dashes(typed) == turned
