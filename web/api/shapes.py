"""The JSON objects of the API: what it takes and what it gives, by the names of the contract."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from web.api.describe import Given, Shape

Title = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^(https?://\S+)?$")]
PageText = Annotated[str, StringConstraints(max_length=200_000)]
Version = Annotated[int, Field(ge=0)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(max_length=20)]
Place = Annotated[int, Field(ge=0, lt=100_000)]
Command = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,39}$")]
Chord = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[!-~]+$")]
Box = Annotated[list[int], Field(min_length=4, max_length=4, description="x, y, w, h in pixels")]


class Contributor(Shape):
    """Somebody else who made the book, with a MARC relator code such as `trl`."""

    name: Title
    role: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]


class Rights(Shape):
    """Why the book may be published, and what shows it."""

    basis: Line
    evidence: Annotated[str, StringConstraints(max_length=2000)] = ""


class ProjectFields(Shape):
    """What one can say about a book; each may be left out."""

    author: Line | None = None
    contributors: Annotated[list[Contributor], Field(max_length=50)] | None = None
    publisher: Line | None = None
    place: Line | None = None
    year: Annotated[int, Field(ge=1000, le=2100)] | None = None
    description: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    subjects: Annotated[list[Line], Field(max_length=50)] | None = None
    source_url: Url | None = None
    rights: Rights | None = None
    script: Literal["antiqua", "fraktur"] | None = None
    rounds: Annotated[list[Code], Field(min_length=1, max_length=10)] | None = None
    policy: Literal["every-page", "adaptive"] | None = None
    one_person: bool | None = None


class NewProject(ProjectFields):
    """A project to start."""

    title: Title
    languages: Annotated[list[Code], Field(min_length=1, max_length=5)]


class ProjectChange(ProjectFields):
    """What to change in a project."""

    title: Title | None = None
    languages: Annotated[list[Code], Field(min_length=1, max_length=5)] | None = None
    note: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    opened: bool | None = None
    state: Literal["active", "paused", "archived"] | None = None


class OcrCounts(Given):
    """Pages by the state of their latest OCR run; sums to the pages."""

    queued: int
    running: int
    done: int
    failed: int


class RoundCounts(Given):
    """Tasks of one round by state; withdrawn ones are left out."""

    available: int
    out: int
    done: int
    skipped: int
    bad: int


class PageCounts(Given):
    """How far a project's pages have come."""

    total: int
    ocr: OcrCounts
    rounds: dict[str, RoundCounts]
    finished: int


class ProjectOut(Given):
    """A project."""

    slug: str
    title: str
    author: str
    languages: list[str]
    state: str
    rounds: list[str]
    contributors: list[dict[str, str]]
    publisher: str
    place: str
    year: int | None
    description: str
    subjects: list[str]
    source_url: str
    rights: dict[str, str]
    script: str
    policy: str
    one_person: bool
    opened: bool
    note: str
    coordinators: list[str]
    created_at: str
    url: str
    pages: PageCounts


class Accepted(Given):
    """A file that was taken, with the pages found in it."""

    file: str
    pages: int


class Rejected(Given):
    """A file or member that was refused, and why."""

    file: str
    reason: str


class Uploaded(Given):
    """What came of an upload."""

    accepted: list[Accepted]
    rejected: list[Rejected]
    upload: str


class OcrState(Given):
    """Where a page's latest OCR run stands; `confidence` is 0 to 100."""

    state: str
    confidence: float | None
    reason: str = ""


class PageItem(Given):
    """A page in a list; `round` and `state` are those of its furthest open task."""

    id: int
    number: int
    label: str
    kind: str
    state: str
    round: str | None
    ocr: OcrState
    holder: str | None


class WordOut(Given):
    """A word that OCR read; `suspect` estimates how likely it is wrong, 0 to 1."""

    text: str
    box: Box
    confidence: float
    suspect: float


class LineOut(Given):
    """A printed line; `kind` is set on a running head, folio, signature or catchword."""

    box: Box
    words: list[WordOut]
    kind: str | None = None


class ReadingOut(Given):
    """One round of a page."""

    round: str
    reading: int
    task: int
    state: str
    by: str | None
    done_at: str | None
    revision: int | None


class PageOut(Given):
    """A page with its text as it stands and the OCR's lines."""

    id: int
    number: int
    label: str
    kind: str
    proposed_kind: str | None
    file: str
    width: int
    height: int
    text: str
    lines: list[LineOut]
    ocr: OcrState
    rounds: list[ReadingOut]


class PageChange(Shape):
    """What to change on a page."""

    label: Annotated[str, StringConstraints(max_length=20)] | None = None
    kind: Literal["text", "blank", "illustration", "skip"] | None = None


class Labels(Shape):
    """The printed numbers of all pages: `i-xii, [1 unnumbered], 1-357`."""

    ranges: Annotated[str, StringConstraints(max_length=5000)]


class LabelFlaw(Given):
    """Where printed numbers do not go on: the scan, what it bears, and a sentence."""

    code: Literal["missing", "twice", "order"]
    page: int
    label: str
    sentence: str


class LabelsOut(Given):
    """A book's printed numbers as ranges, whether any are known, and where they do not go on."""

    ranges: str
    known: bool
    flaws: list[LabelFlaw]


class OcrRequest(Shape):
    """How to read a page again."""

    languages: Annotated[list[Code], Field(min_length=1, max_length=5)] | None = None
    psm: Annotated[int, Field(ge=1, le=13)] | None = None


class Order(Shape):
    """All pages of a project by id, in their new order."""

    order: Annotated[list[int], Field(min_length=1)]


class CheckOut(Shape):
    """Which page to take: of this round, or the next of the person's own."""

    round: Code | None = None
    prefetch: bool = False


class TaskOut(Given):
    """A page in one round."""

    id: int
    project: str
    page: int
    page_id: int
    round: str
    state: str
    text: str
    version: int
    expires_at: str | None
    holder: str | None
    reason: str
    draft: dict[str, Any] | None = None
    lines: list[LineOut]


class SheetOut(Given):
    """A page in hand as the desk needs it: text, print and the ties between them."""

    task: dict[str, Any] = Field(description="id, round, round_name, text, version, expires_at")
    project: dict[str, Any] = Field(description="slug, title, languages, direction")
    page: dict[str, Any] = Field(description="id, number, label, width, height, ocr_failed")
    lines: list[LineOut]
    anchors: list[list[int]] = Field(
        description="start and end in the text (UTF-16 units), line, first and last word of `lines`"
    )
    base_text: str = Field(description="the text that this reading began with")
    previous: dict[str, Any] | None = Field(
        description="what the reading before began with: text, round, round_name, by, done_at"
    )
    layers: list[dict[str, Any]] = Field(
        description="what newcomers made of it: id, by, from_line, to_line, text"
    )
    note: str
    left_behind: dict[str, Any] | None
    urls: dict[str, str]


class Draft(Shape):
    """A text to keep; `version` is the one it was made from."""

    text: PageText
    version: Version


class Done(Draft):
    """A finished text, with a word to the next reader."""

    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class SavedOut(Given):
    """What is on disk now; `changed` says what was normalised."""

    state: str
    version: int
    saved_at: str
    text: str
    changed: list[str]


class DoneOut(SavedOut):
    """The same after a hand-in; `next` is a task the caller already holds in this project."""

    next: TaskOut | None


class Because(Shape):
    """A reason."""

    reason: Reason


class SendBack(Because):
    """Why a page is to be read again, and whether by the one who read it."""

    to_reader: bool = False


class RevisionOut(Given):
    """One saved text. `kept` texts came too late and stand beside the line of versions."""

    id: int
    task: int
    round: str
    kind: str
    version: int | None
    text: str
    by: str | None
    at: str
    note: str


class RevisionList(Given):
    """Every saved text; `diff` when two were compared."""

    items: list[RevisionOut]
    next: str | None
    diff: list[dict[str, str]] | None = None


class Words(Shape):
    """A word list."""

    words: Annotated[
        list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=50_000)
    ]


class WordsOut(Given):
    """A word list."""

    words: list[str]


class NewNote(Shape):
    """A note to write on a page; on a printed line, or on its words from first to last, from 0.

    With `parent` it is an answer to that note, and hangs where that one hangs.
    """

    body: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    line: Place | None = None
    first: Place | None = None
    last: Place | None = None
    quote: Annotated[str, StringConstraints(max_length=2000)] = ""
    parent: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class NoteAnswer(Given):
    """An answer to a note; its body is empty once its author withdrew it."""

    id: int
    by: str
    at: str
    state: Literal["open", "withdrawn"]
    body: str


class NoteOut(Given):
    """A note with its answers; `picture` shows what it hangs on, while the scan is the same."""

    id: int
    project: str
    page: int
    page_id: int
    by: str
    at: str
    state: Literal["open", "settled", "withdrawn"]
    body: str
    line: int | None
    first: int | None
    last: int | None
    quote: str
    picture: str | None
    settled_by: str | None
    settled_at: str | None
    answers: list[NoteAnswer]


class NoteInText(Given):
    """A `[**note]` in the page's text; `line` counts the lines of the text from 0."""

    line: int
    body: str


class PageNotes(Given):
    """A page's notes, and those that stand in its text."""

    items: list[NoteOut]
    next: str | None
    in_text: list[NoteInText]


class NewSuggestion(Shape):
    """A word that is right in this book; where it was seen: page, printed line, word, from 0."""

    word: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    page: Annotated[int, Field(ge=1)] | None = None
    line: Place | None = None
    index: Place | None = None


class SuggestionOut(Given):
    """A suggested word; while `open` it counts as good. `picture` shows it as printed."""

    id: int
    word: str
    state: Literal["open", "accepted", "rejected"]
    by: str
    at: str
    page: int | None
    line: int | None
    index: int | None
    picture: str | None


class Rejection(Shape):
    """Whether the word is to be doubted from now on, wherever it stands."""

    doubt: bool = False


class Character(Given):
    """A character, and what Unicode calls it."""

    char: str
    name: str


class CharactersFound(Given):
    """Characters whose names have the words asked for."""

    items: list[Character]


class CharacterSet(Given):
    """The characters of a language that no plain keyboard has."""

    language: str
    name: str
    characters: list[Character]


class CharactersOut(Given):
    """What a book is written with. `allowed` is a regular expression of one expected character."""

    sets: list[CharacterSet]
    book: list[Character] = Field(description="beyond ASCII, the most used first")
    allowed: str | None


class TextToSet(Shape):
    """A page's text as it is typed at this moment."""

    text: PageText


class TextSet(Given):
    """A text as it will stand in the book: XHTML of a body, and what is odd in it, by line."""

    html: str
    findings: list[dict[str, Any]] = Field(description="severity, line (from 1), sentence")


class DoubtfulWord(Given):
    """A doubtful word: up to four readings, likeliest first; is it known, why is it doubted."""

    readings: list[str]
    known: bool
    why: Literal["faint", "unknown", "unlikely", "scanno"]


class ReadingsOut(Given):
    """Doubtful words by their place: index in `lines`, a full stop, index in `words`."""

    words: dict[str, DoubtfulWord]


class WordReadingsOut(Given):
    """What a word may be, likeliest first, and whether it is known."""

    word: str
    readings: list[str]
    known: bool


class WordsToCheck(Shape):
    """Words as they stand in a text."""

    words: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=500)]


class WordsChecked(Given):
    """Those of the words that are to be doubted, and why."""

    words: dict[str, Literal["unknown", "bad", "scanno"]]


class FindingOut(Given):
    """Something a person has to decide, with its place."""

    code: str
    severity: str
    page: int | None
    line: int | None
    excerpt: str
    hint: str
    about: dict[str, Any] = Field(default_factory=dict, description="what a decision needs: key")
    mark: list[int] | None = Field(None, description="what is meant, in the excerpt, from 0")
    span: list[int] | None = Field(None, description="columns of the line typed, from 0")
    key: str = Field("", description="tells it from others of its code, at every build")
    dismissed: bool = Field(default=False, description="no fault, somebody says")


class Findings(Given):
    """What stands open in a book."""

    items: list[FindingOut]
    next: str | None


class DismissalIn(Shape):
    """A finding, or a whole kind, that is no fault."""

    code: str = Field(max_length=40)
    key: str = Field("", max_length=16, description="of the finding; nothing for its whole kind")
    dismissed: bool = Field(default=True, description="false brings it back")


class DismissalOut(Given):
    """How a finding, or with an empty key its whole kind, counts now."""

    code: str
    key: str
    dismissed: bool


class CorrectionIn(Shape):
    """A line as it stands, and as it should."""

    line: int = Field(ge=1, description="line of the page's text, from 1")
    old: str = Field(max_length=4000)
    new: str = Field(max_length=4000)


class CorrectionOut(Given):
    """A page's text after a correction."""

    page: int
    text: str
    revision: int


class ContentsEntry(Shape):
    """A part, chapter or section: where it begins, what its page says, what the list says."""

    page: Annotated[int, Field(ge=1, lt=2**63, description="the page's id")]
    title: Line
    level: Annotated[int, Field(ge=1, le=3, description="1 part, 2 chapter, 3 section")] = 2
    heading: Annotated[Line, Field(description="as printed; the title, where it is left out")] = ""


class ContentsChange(Shape):
    """Another contents list; null: the machine's proposal. `version` is the one it was made on."""

    entries: Annotated[list[ContentsEntry], Field(max_length=5000)] | None
    version: Version


class ContentsEntryOut(Given):
    """A part, chapter or section."""

    page: int
    heading: str
    title: str
    level: int


class ContentsOut(Given):
    """A contents list: that of people (null: nobody made one), and what the machine proposes."""

    version: int
    entries: list[ContentsEntryOut] | None
    proposal: list[ContentsEntryOut]
    preview: str | None = None


DecisionKind = Literal["word", "paragraph", "quote"]


class DecisionChange(Shape):
    """A decision; null takes it back. `key` is that of the finding."""

    kind: DecisionKind
    key: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    value: Annotated[str, StringConstraints(max_length=300)] | None


class DecisionChanged(Given):
    """What is decided now."""

    kind: DecisionKind
    key: str
    value: str | None


class DecisionOut(Given):
    """What somebody decided."""

    kind: DecisionKind
    key: str
    value: str
    by: str
    at: str


class OpenChoice(FindingOut):
    """A finding that waits for a decision."""

    kind: DecisionKind
    key: str


class Decisions(Given):
    """What waits for a decision, and what was decided; `preview` says how fresh the first is."""

    open: list[OpenChoice]
    decided: list[DecisionOut]
    preview: str


class ChangedPage(Given):
    """A page whose text is another than in the release before, and the texts to compare."""

    page: int
    words: int
    before: int | None
    after: int | None


class ErratumReport(Shape):
    """An error in a published book: what it says, what it should say, and where, if known.

    `quote` is a longer stretch with `current` in it, `page` the number of a scan.
    """

    current: str
    proposed: str
    note: str = ""
    quote: str = ""
    page: int | None = Field(None, ge=1, le=1_000_000)
    line: int | None = Field(None, ge=1, le=1_000_000)
    name: str = ""
    mail: str = ""


class ErratumAccept(Shape):
    """`text`: what the words should be, where it is not what was proposed."""

    text: str | None = None


class ErratumReject(Shape):
    """Why the book stays as it is; `noted`: its next release says that the print has this error."""

    reason: str
    noted: bool = False


class ErratumOut(Given):
    """An error that a reader reported; who reported it is told only with an account."""

    id: int
    project: str
    page: int | None
    page_id: int | None
    line: int | None
    current: str
    proposed: str
    note: str
    by: str | None
    before_release: bool
    state: Literal["open", "accepted", "rejected"]
    corrected: str
    noted: bool
    answer: str
    answered_by: str | None
    created_at: str
    answered_at: str | None


class ErratumReported(ErratumOut):
    """A report as it is kept, with the private address where its answer will be."""

    answer_url: str


class Errata(Given):
    """A part of a book's errata."""

    items: list[ErratumOut]
    next: str | None


class PictureRegion(Shape):
    """A picture on a page; `state` and `image`, as `GET` gives them, are left aside."""

    box: Box
    alt: str = ""
    caption: str = ""
    decorative: bool = False
    line_art: bool = False
    state: str | None = None
    image: str | None = None


class PictureList(Shape):
    """All pictures of a page, in reading order; with `version`, only in the place of those."""

    items: list[PictureRegion]
    version: str | None = None


class PictureOut(Given):
    """A picture on a page; `image` is what was cut.

    `state` is `waiting`, `cut`, `failed`, or `stale`: the page has another scan, so somebody is to
    look at the region and keep it again.
    """

    box: Box
    alt: str
    caption: str
    decorative: bool
    line_art: bool
    state: Literal["waiting", "cut", "stale", "failed"]
    image: str | None


class PicturesOut(Given):
    """The pictures of a page, in reading order."""

    items: list[PictureOut]
    next: None
    version: str
    reason: str


class CoverPage(Shape):
    """The page whose scan is to be the cover."""

    page: int | str


class CoverOut(Given):
    """A book's cover: its own, or the one that is drawn for it."""

    own: bool
    url: str


class ReleaseRequest(Shape):
    """Whether to publish even with errors open."""

    with_open_findings: bool = False


class FileOut(Given):
    """A file of a release."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    url: str


class ReleaseOut(Given):
    """A release."""

    number: int
    state: str
    requested_at: str
    built_at: str | None
    source_digest: str
    with_open_findings: bool
    reason: str
    findings: list[FindingOut]
    changes: list[str]
    changed_pages: list[ChangedPage]
    files: list[FileOut]


class ChapterOut(Given):
    """A chapter of a published book, with where it is read."""

    title: str
    level: int
    url: str


class ListedBook(Given):
    """A published book in a list; all that is said of it was frozen with its release."""

    slug: str
    title: str
    author: str
    languages: list[str]
    description: str
    subjects: list[str]
    year: int | None
    published_at: str
    release: int
    url: str
    files: list[FileOut]


class BookOut(ListedBook):
    """A published book."""

    contributors: list[dict[str, Any]]
    publisher: str
    place: str
    source_url: str
    rights: str
    credits: list[str]
    pages: int
    words: int
    contents: list[ChapterOut]
    releases: list[dict[str, Any]]


class PlaceOut(Given):
    """A place in a published book with what was asked for."""

    book: str
    title: str
    chapter: str
    page: int
    line: int
    excerpt: str
    url: str


class PlacesOut(Given):
    """Where words stand in published books; `books` and `places` count all of them."""

    items: list[PlaceOut]
    books: int
    places: int
    next: str | None


class MeOut(Given):
    """Who asks, and what is open to them."""

    name: str
    role: str
    pages_done: int
    rounds: dict[str, dict[str, Any]]
    held: list[dict[str, Any]]


class SignIn(Shape):
    """Who signs in."""

    name: Annotated[str, StringConstraints(max_length=200)]
    password: Annotated[str, StringConstraints(max_length=1000)]


class SessionOut(Given):
    """Who is signed in in this browser; `name` is null where nobody is."""

    name: str | None
    csrf_token: str


class DeskOnDevice(Shape):
    """What one may choose for one's desk; null takes a choice back to what is usual."""

    layout: Literal["facing", "interlinear", "stacked", "text"] | None = None
    zoom: Annotated[float, Field(ge=0.1, le=10)] | None = None
    face: Literal["mono", "sans", "book"] | None = None
    proof_marks: Literal["off", "punctuation", "lookalikes"] | None = None
    show_marks: bool | None = None
    tab_moves_focus: bool | None = None
    blind: bool | None = None
    hover_peek: bool | None = None
    toast_stays: bool | None = None
    text_size: Annotated[float, Field(ge=8, le=72, description="CSS pixels")] | None = None
    split: Annotated[int, Field(ge=25, le=75, description="per cent")] | None = None
    keys: dict[Command, Chord | None] | None = None


class BookView(Shape):
    """How to look at the scans of one book; null takes a choice back to what is usual."""

    rotate: Annotated[float, Field(ge=-360, le=360, description="degrees")] | None = None
    contrast: Annotated[float, Field(ge=0, le=10, description="1 is as scanned")] | None = None
    brightness: Annotated[float, Field(ge=0, le=10, description="1 is as scanned")] | None = None
    threshold: Annotated[float, Field(ge=0, le=1, description="black below")] | None = None
    invert: bool | None = None


class DeskChange(Shape):
    """What to change in one's desk: by class of device, and by book."""

    wide: DeskOnDevice | None = None
    narrow: DeskOnDevice | None = None
    books: Annotated[dict[str, BookView], Field(max_length=20)] | None = None


class DeskOut(Given):
    """What one chose; what is absent is as usual."""

    wide: dict[str, Any]
    narrow: dict[str, Any]
    books: dict[str, dict[str, Any]]


class PersonOut(Given):
    """What is public about somebody."""

    name: str
    since: str
    pages_done: int
    rounds: dict[str, int]


class StatsOut(Given):
    """The site in figures."""

    projects: int
    pages: int
    pages_done: dict[str, int]
    people: int
    books: int


class EventOut(Given):
    """One line of the public history."""

    id: int
    at: str
    by: str | None
    project: str | None
    page: int | None
    action: str
    detail: dict[str, Any]


class Listing(Given):
    """A part of a list, and the cursor of the next part."""

    items: list[Any]
    next: str | None


def listing(item: type[Given], name: str) -> type[Listing]:
    """Return the shape of a list of these."""
    from pydantic import create_model  # noqa: PLC0415 - one use

    return create_model(name, __base__=Listing, items=(list[item], ...))  # type: ignore[valid-type]


Projects = listing(ProjectOut, "Projects")
Pages = listing(PageItem, "Pages")
Releases = listing(ReleaseOut, "Releases")
Books = listing(ListedBook, "Books")
Events = listing(EventOut, "Events")
Notes = listing(NoteOut, "Notes")
Suggestions = listing(SuggestionOut, "Suggestions")
