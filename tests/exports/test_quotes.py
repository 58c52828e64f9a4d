import pytest

from exports.making.quotes import curl, dashes, signs_of
from exports.writing.xhtml import typeset


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


@pytest.mark.parametrize(
    ("typed", "curled", "doubtful"),
    [
        ("'I saw him,' said he.", "\u2018I saw him,\u2019 said he.", 0),
        ("'\"Go,\" he said,' said I.", "\u2018\u201cGo,\u201d he said,\u2019 said I.", 0),
        ("He said, 'It's not James's.'", "He said, \u2018It\u2019s not James\u2019s.\u2019", 0),
        ("'A long speech that goes on", "\u2018A long speech that goes on", 0),
        ("the '15 and the '45", "the \u201915 and the \u201945", 0),
        ("He went 'round the boys' house.", "He went \u2018round the boys\u2019 house.", 1),
        ("'Ave an 'at, said the 'atter.", "\u2018Ave an \u2018at, said the \u2018atter.", 2),
        ("\"'Twas 'bout ten,\" he said.", "\u201c\u2019Twas \u2019bout ten,\u201d he said.", 1),
    ],
)
def test_single_quotes_as_the_british_set_them(typed: str, curled: str, doubtful: int) -> None:
    text, asked = curl(typed)
    assert (text, len(asked)) == (curled, doubtful)


@pytest.mark.parametrize(
    ("language", "typed", "curled"),
    [
        ("de", '"Ja", sagte er.', "\u201eJa\u201c, sagte er."),
        ("de-Latf", "\u201eEr rief \u201aJa' laut\"", "\u201eEr rief \u201aJa\u2018 laut\u201c"),
        ("de", "\u00bbJa\u00ab, wie geht's?", "\u00bbJa\u00ab, wie geht\u2019s?"),
        ("pl", '"Tak"', "\u201eTak\u201d"),
        ("sv", '"Ja"', "\u201dJa\u201d"),
        ("fr", "\u00ab l'homme \u00bb", "\u00ab l\u2019homme \u00bb"),
    ],
)
def test_quotes_are_those_of_the_language(language: str, typed: str, curled: str) -> None:
    assert curl(typed, signs_of(language))[0] == curled


def test_a_leading_apostrophe_that_nothing_closes_is_doubtful() -> None:
    text, doubtful = curl("Bring 'em the 'orse and go.")
    assert [text[at : at + 3] for at in doubtful] == ["\u2018or"]
    assert "\u2019em" in text


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("a--b", "a\u2014b"),
        ("Mr. ---- said", "Mr. \u2e3a said"),
        ("a-b", "a-b"),
        ("--------", "\u2e3a\u2e3a"),
        ("------", "\u2e3b"),
        ("Mr. \u2014\u2014 said", "Mr. \u2e3a said"),
    ],
)
def test_hyphens_become_dashes(typed: str, turned: str) -> None:
    assert dashes(typed) == turned


def test_no_line_breaks_inside_guillemets_or_before_high_stops() -> None:
    typed = "Il dit : \u00ab Oui ! \u00bb ; rien d'autre."
    assert typeset(typed) == "Il dit\u00a0: \u00ab\u00a0Oui\u00a0!\u00a0\u00bb\u00a0; rien d'autre."
