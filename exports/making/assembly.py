"""Pages to a book: the one way from proofread texts to what readers get.

Reading order: pages are read (markup), notes find their places (notes), seams are joined (joins),
headings found (headings), sections cut (sections), and all is set (setting).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from exports.book import Book, Footnote, Section
from exports.findings import Finding, Findings, excerpt
from exports.making import figures, furniture, headings, joins, titles
from exports.making.brackets import Taken
from exports.making.hyphens import Hyphens, Known
from exports.making.inline import Numbering
from exports.making.markup import Draft, PageDraft, RawLine, clean, read_note, read_page
from exports.making.measure import begins_like_verse, is_ragged, is_verse, measure
from exports.making.notes import Notes, references
from exports.making.pagelinks import linked
from exports.making.quotations import Quotations
from exports.making.running import Joiner
from exports.making.sections import SectionDraft, cut, number_notes
from exports.making.setting import Setter
from exports.pages import ContentsEntry, Decisions, PageText

ENOUGH_LINES = 10
PROSE_LINES = 3
PROSE_LENGTH = 120
POEM_LINES = 4


@dataclass(frozen=True, slots=True)
class Assembled:
    """A book and what a person should look at in it, by page and line.

    `proposed` is the contents list that the machine would make, also where people made their own.
    """

    book: Book
    findings: tuple[Finding, ...]
    proposed: tuple[ContentsEntry, ...] = ()


def assemble(
    pages: Sequence[PageText],
    language: str,
    decisions: Decisions | None = None,
    known: Known | None = None,
) -> Assembled:
    """Put pages, given in reading order, together into a book.

    `language` is BCP 47. `known` says of a word in lower case whether the language has it, for
    line-end hyphens. Any text is taken; what can't be decided is a finding. Pages of kind `skip`
    stay out.
    """
    decisions = decisions or Decisions()
    findings = Findings()
    pages = [page for page in pages if page.kind != "skip"]
    read = [_read(page, findings) for page in pages]
    _characterise(read)
    furniture.report(read, findings)
    notes = Notes(findings)
    for at, (page, draft) in enumerate(zip(pages, read, strict=True)):
        before = len(notes.drafts)
        notes.take_page(draft, page.number, read[at - 1] if at else None)
        noted = [each for note in notes.drafts[before:] for each in note.drafts]
        figures.meet(page, draft, noted, findings)
    notes.finish()
    flow = _flow(pages, read, decisions, findings)
    mine = findings if decisions.contents is None else Findings()
    grouped = headings.group(flow, mine)
    proposed = headings.entries(grouped, {page.number: page.page_id for page in pages})
    if decisions.contents is None:
        flow = grouped
    else:
        numbers = {page.page_id: page.number for page in pages}
        flow = headings.by_contents(flow, decisions.contents, numbers, findings)
    sections = cut(flow)
    noted = [draft for note in notes.drafts for draft in note.drafts]
    hyphens = Hyphens(_all_lines([*flow, *noted]), decisions.words, known)
    joiner = Joiner(hyphens, findings)
    numbering = Numbering(
        {page.number: page.label for page in pages},
        number_notes(sections, references, lambda index: notes.drafts[index].drafts),
    )
    ids = {page.number: page.page_id for page in pages}
    quotations = Quotations(decisions.quotes, ids, language)
    setter = Setter(joiner, numbering, quotations, findings, language)
    made = (_section(draft, setter, notes) for draft in sections)
    book = Book(tuple(linked(section, numbering.labels) for section in made), language)
    joiner.report()
    return Assembled(book, findings.sorted(), proposed)


def _read(page: PageText, findings: Findings) -> PageDraft:
    text = page.text.replace("[Blank Page]", "").strip()
    if page.kind == "blank" and text:
        hint = "The page is marked blank, so its text stays out; mark it as text if it belongs in."
        findings.warn("blank-has-text", (page.number, 1), excerpt(text), hint)
    draft = read_page("" if page.kind == "blank" else page.text, page.number, findings)
    if page.kind == "illustration":
        _as_plate(page, draft)
    return draft


def _as_plate(page: PageText, draft: PageDraft) -> None:
    """Make a plate's text its caption, where it is not marked as one."""
    if any(d.taken is not None and d.taken.kind == "illustration" for d in draft.drafts):
        return
    text = clean(page.text, page.number, Findings()).replace("[Blank Page]", "").strip("\n")
    taken = Taken("illustration", "", text, 1, continues=False, unfinished=False)
    plate = Draft("float", [RawLine("", page.number, 1)], taken=taken, top=True, bottom=True)
    plate.children = read_note(taken, page.number, Findings())
    draft.drafts, draft.is_blank = [plate], False


def _characterise(read: Sequence[PageDraft]) -> None:
    """Say of each paragraph whether it is verse, stands as printed, or looks like a heading."""
    usual = measure([line for page in read for d in page.drafts for line in d.lines])
    for page in read:
        page.drafts = [piece for d in page.drafts for piece in titles.split_heading(d)]
        lines = [line for d in page.drafts if d.kind == "para" for line in d.lines]
        width = measure(lines) if len(lines) >= ENOUGH_LINES else usual
        for draft in page.drafts:
            _look(draft, width)
        joins.close_gaps(page.drafts)
    begins = next((at for at, page in enumerate(read) if any(map(_is_text, page.drafts))), 0)
    for at, page in enumerate(read):
        if at < begins or _lists_contents(page):
            for draft in page.drafts:
                _as_display(draft)


def _look(draft: Draft, width: int) -> None:
    if draft.kind != "para":
        return
    if is_verse(draft.lines, width):
        draft.kind = "verse"
        return
    draft.role = titles.role_of(draft)
    draft.display = not draft.role and is_ragged(draft.lines, width)


def _is_text(draft: Draft) -> bool:
    """Say whether this is running text or a poem, and no line of a title page."""
    if draft.kind == "quote":
        return any(map(_is_text, draft.children))
    if draft.kind == "kept":
        return _is_poem(draft.lines)
    text = "".join(line.text for line in draft.lines)
    long = len(draft.lines) >= PROSE_LINES and len(text) > PROSE_LENGTH
    return draft.kind == "para" and not draft.display and long and not text.isupper()


def _is_poem(lines: Sequence[RawLine]) -> bool:
    lines = [line for line in lines if line.text.strip()]
    indented = sum(line.text.startswith(" ") for line in lines)
    return len(lines) >= POEM_LINES and indented > 1 and begins_like_verse(lines)


def _lists_contents(page: PageDraft) -> bool:
    first = next((d for d in page.drafts if d.kind == "para"), None)
    if first is None or first.role != "named":
        return False
    kind = titles.named_kind(titles.text_of(first))
    return kind is not None and kind[0] == "contents"


def _as_display(draft: Draft) -> None:
    """Let a title page's or contents list's lines stand; only a name like Preface heads them."""
    if draft.kind in {"kept", "verse"}:
        draft.kind, draft.display = "kept", True
    elif draft.kind == "para" and draft.role != "named":
        draft.display, draft.role = True, "front"


def _flow(
    pages: Sequence[PageText], read: Sequence[PageDraft], decisions: Decisions, findings: Findings
) -> list[Draft]:
    """Join the pages into one flow of drafts, with each page's beginning marked."""
    flow: list[Draft] = []
    # Page marks since the last text, each before the plates that its page has.
    between: list[Draft] = []
    last: tuple[PageText, PageDraft] | None = None
    width = measure([line for page in read for d in page.drafts for line in d.lines])
    for page, draft in zip(pages, read, strict=True):
        between.append(Draft("page", number=page.number))
        first = next((d for d in draft.drafts if d.kind != "float"), None)
        if first is None:
            between += draft.drafts
            continue
        tail = _tail(flow)
        if last and tail is not None and first.kind in joins.TEXTS:
            seam = joins.Seam(tail, first, last[0], page, draft.leads_blank, width)
            how = joins.meet(seam, decisions, findings)
            if how != "new":
                joins.mark_page(first, [d.number for d in between if d.kind == "page"])
                joins.merge(tail, first, apart=how == "apart")
                draft.drafts.remove(first)
                between = [d for d in between if d.kind != "page"]
        flow += [*between, *draft.drafts]
        between = []
        last = page, draft
    return [*flow, *between]


def _tail(flow: Sequence[Draft]) -> Draft | None:
    """Give the last text of the flow, past pictures that float behind it."""
    tail = next((draft for draft in reversed(flow) if draft.kind not in {"float", "page"}), None)
    return tail if tail is not None and tail.kind in joins.TEXTS else None


def _all_lines(drafts: Iterable[Draft]) -> Iterator[RawLine]:
    for draft in drafts:
        yield from draft.lines
        yield from _all_lines(draft.children)


def _section(section: SectionDraft, setter: Setter, notes: Notes) -> Section:
    referred = [index for draft in section.drafts for index in _deep_references(draft, notes)]
    pages = [draft.number for draft in section.drafts if draft.kind == "page"]
    loose = [index for number in pages for index in notes.after_page.get(number, [])]
    blocks = setter.set(section.drafts)
    made = tuple(
        Footnote(
            setter.numbering.notes.get(index),
            notes.drafts[index].mark,
            setter.set(notes.drafts[index].drafts),
        )
        for index in dict.fromkeys([*referred, *loose])
    )
    title = section.title or excerpt(f"Page {pages[0]}" if pages else "Text")
    return Section(title, section.kind, section.matter, section.level, blocks, made)


def _deep_references(draft: Draft, notes: Notes) -> Iterator[int]:
    for index in references(draft):
        yield index
        for inner in notes.drafts[index].drafts:
            yield from _deep_references(inner, notes)
