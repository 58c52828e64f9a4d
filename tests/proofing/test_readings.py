import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lexicon import Lexicon, lexicon_for
from proofing.readings import MOST, Book, readings
from proofing.vocabulary import Vocabulary
from tests.support.dictionaries import ENGLISH, lexicon_of

#: Seconds: what is found must not hang on how busy the machine is.
AMPLE = 5.0
COUNTS = {"the": 90, "and": 60, "to": 40, "be": 30, "modern": 4, "Thoreau": 5, "Walden": 9, "I": 20}


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(lexicon_for(ENGLISH), Vocabulary(COUNTS))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("seleeted", "selected"),
        ("Seleeted,", "Selected,"),
        ("SELEETED", "SELECTED"),
        ('"rnorning', '"morning'),
        ("tlie", "the"),
        ("tbe", "the"),
        ("arid", "and"),
        ("modem", "modern"),
        ("Waldeu", "Walden"),
        ("Thorcan", "Thoreau"),
        ("tobe", "to be"),
        ("afirmation", "affirmation"),
        ("remarkablc.", "remarkable."),
        ("well-bcloved", "well-beloved"),
        ("morning\u2014tbe", "morning\u2014the"),
        ("[f", "If"),
        ("know]", "knowl"),
        ("|", "I"),
        ("8", "S"),
        ("wood,", "wood."),
        ("'Wood'", '"Wood"'),
        ('""Wood', '"Wood'),
        ("wood,\"'", 'wood,"'),
        ("so..", "so."),
        ("hartiony", "harmony"),
        ("beeni", "been"),
    ],
)
def test_what_was_printed_is_among_the_readings(book: Book, read: str, printed: str) -> None:
    found = readings(read, book, after="edge" if read == "know]" else "", budget=AMPLE)
    assert printed in found
    assert len(found) <= MOST


@pytest.mark.parametrize(("read", "printed"), [("tlie", "the"), ("Waldcn", "Walden")])
def test_a_word_of_the_book_comes_first(book: Book, read: str, printed: str) -> None:
    assert readings(read, book, budget=AMPLE)[0] == printed


def test_the_other_half_of_a_broken_word_helps(book: Book) -> None:
    assert "infor-" in readings("infcr-", book, after="mation", budget=AMPLE)
    assert "mation" in readings("mntion", book, before="infor", budget=AMPLE)


def test_good_words_are_readings(book: Book) -> None:
    good = Book(book.lexicon, book.vocabulary, frozenset({"Zedwick"}))
    assert "Zedwick" in readings("Zedwiek", good, budget=AMPLE)
    assert "Zedwick" not in readings("Zedwiek", book, budget=AMPLE)


def test_without_a_dictionary_the_books_own_words_are_offered() -> None:
    bare = Book(Lexicon(["la"]), Vocabulary({"gratia": 5, "plena": 4}))
    assert readings("gratla", bare, budget=AMPLE)[0] == "gratia"
    assert bare.knows("nonsuch")


def test_french_words() -> None:
    book = Book(lexicon_of("fr"), Vocabulary({}))
    assert "été" in readings("élé", book, budget=AMPLE)
    assert "l'obligeance" in readings("Pobligeance", book, budget=AMPLE)


def test_what_is_no_word_has_no_readings(book: Book) -> None:
    assert readings("", book) == []
    assert readings("two words", book) == []
    assert readings("x" * 100, book) == []


@given(st.text(max_size=45), st.text(max_size=5), st.text(max_size=5))
def test_any_text_is_taken(text: str, before: str, after: str) -> None:
    book = Book(lexicon_for(ENGLISH), Vocabulary(COUNTS))
    found = readings(text, book, before=before, after=after, budget=0.001)
    assert len(found) == len(set(found)) <= MOST
    assert text not in found
    assert all(found)


@given(st.text("abcehilmnorstuw,.\"'-|[]10IT", max_size=12))
def test_anything_like_a_word_is_taken(text: str) -> None:
    book = Book(lexicon_for(ENGLISH), Vocabulary(COUNTS))
    assert text not in readings(text, book, budget=0.001)
