"""Blocks to XHTML: the text of one file of the EPUB."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TypeAlias

from exports.book import (
    Block,
    Footnote,
    Heading,
    Illustration,
    Inlines,
    Lines,
    LineStart,
    NoteRef,
    PageBreak,
    PageLink,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Section,
    Sidenote,
    Span,
    ThoughtBreak,
    plain,
)
from exports.making.tables import Cell, Rows, rows_of

# Structural kinds that have a DPUB-ARIA role; a kind that is not here gets no epub:type.
ROLES = {
    "chapter": "doc-chapter",
    "part": "doc-part",
    "preface": "doc-preface",
    "introduction": "doc-introduction",
    "foreword": "doc-foreword",
    "dedication": "doc-dedication",
    "prologue": "doc-prologue",
    "epilogue": "doc-epilogue",
    "afterword": "doc-afterword",
    "conclusion": "doc-conclusion",
    "appendix": "doc-appendix",
    "glossary": "doc-glossary",
    "bibliography": "doc-bibliography",
    "acknowledgments": "doc-acknowledgments",
    "errata": "doc-errata",
    "index": "doc-index",
    "colophon": "doc-colophon",
}
_Written: TypeAlias = str | Span | NoteRef | PageBreak | PageLink
_TAGS = {
    "i": ("<i>", "</i>"),
    "b": ("<b>", "</b>"),
    "g": ('<em class="g">', "</em>"),
    "f": ('<span class="f">', "</span>"),
    "u": ('<span class="u">', "</span>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
}
#: Where a line of page text begins: its page and its number, in signs that no text has.
LINE_START = re.compile("\x06(\\d+)\\.(\\d+)\x07")
_ELLIPSIS = re.compile(r"( ?(?:\x06[\d.]+\x07)?)(?<!\.)(\.?)\.\.\.(?!\.)")
_HELD = re.compile("(?<=[\u00ab\u2039]) (?!\\s)|(?<!\\s) (?=[;:!?\u00bb\u203a])")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PAGE_LINK = re.compile(r'href="#pg(\d+)"')
RTL = frozenset({"ar", "he", "yi", "fa", "ur", "syr", "dv", "ps", "sd", "ug", "arc"})


def direction(language: str) -> str:
    """Give the writing direction of a BCP 47 language: "ltr" or "rtl"."""
    return "rtl" if language.split("-", 1)[0].lower() in RTL else "ltr"


def typeset(text: str) -> str:
    """Escape text for XHTML, with a true ellipsis, and no line break where none may be.

    None is before an em dash, nor where a blank was typed inside guillemets or before high stops.
    """
    if "..." in text:
        text = _ELLIPSIS.sub(lambda m: m[1].replace(" ", "\u00a0", 1) + m[2] + "\u2026", text)
    text = _HELD.sub("\u00a0", text)
    return escape(text, quote=False).replace("\u2014", "\u2060\u2014")


def legal(text: str) -> str:
    """Leave out the characters that no XML file may hold."""
    return _ILLEGAL.sub("", text)


def page_label(mark: PageBreak) -> str:
    """Give what a reader is told of a page: its printed number, else that of its scan."""
    return mark.label or f"[scan {mark.number}]"


def inline(items: Inlines) -> str:
    """Give the XHTML of inline content, in it LINE_START where a line begins."""
    return "".join(map(_inline, _with_line_starts(items)))


def _with_line_starts(items: Inlines) -> Iterator[_Written]:
    """Give inlines with line starts as signs within the strings, so that these stay whole."""
    text = ""
    for item in items:
        if isinstance(item, str):
            text += item
        elif isinstance(item, LineStart):
            text += f"\x06{item.page}.{item.line}\x07"
        else:
            yield text
            yield item
            text = ""
    yield text


def _inline(item: _Written) -> str:
    match item:
        case str():
            return typeset(item)
        case Span(style, content):
            return _span(style, content)
        case NoteRef(number):
            return (
                f'<a id="r{number}" href="#n{number}" epub:type="noteref" role="doc-noteref"'
                f' class="noteref">[{number}]</a>'
            )
        case PageBreak():
            return page_mark(item)
        case PageLink(text, number):
            return f'<a href="#pg{number}">{escape(text)}</a>'


def _span(style: str, content: Inlines) -> str:
    inside = inline(content)
    if style == "sc":
        return f'<span class="{"asc" if plain(content).isupper() else "sc"}">{inside}</span>'
    if style == "greek":
        return f'<i lang="grc-Latn" xml:lang="grc-Latn">{inside}</i>'
    before, behind = _TAGS[style]
    return f"{before}{inside}{behind}"


def page_mark(mark: PageBreak) -> str:
    """Give the empty element at which a printed page begins; its number is only in its label."""
    label = escape(f" Page {page_label(mark)}. ")
    return (
        f'<span id="pg{mark.number}" epub:type="pagebreak" role="doc-pagebreak"'
        f' aria-label="{label}"></span>'
    )


def blocks(items: Sequence[Block]) -> str:
    """Give the XHTML of blocks, one a line."""
    return "\n".join(map(_block, items))


def _block(block: Block) -> str:  # noqa: PLR0911 - one return for each kind
    match block:
        case Paragraph(content):
            return f"<p>{inline(content)}</p>"
        case Heading(level, lines):
            return heading(level, lines)
        case Quote(inner):
            return f"<blockquote>\n{blocks(inner)}\n</blockquote>"
        case Lines():
            return _lines(block)
        case Preformatted(lines):
            rows = rows_of(lines)
            return _table(rows) if rows else _drawn(lines)
        case ThoughtBreak():
            return "<hr/>"
        case Sidenote(content):
            return f'<p class="sidenote">{inline(content)}</p>'
        case Illustration():
            return figure(block)
        case PageBreak():
            return page_mark(block)


def _table(rows: Rows) -> str:
    made = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table>\n{made}\n</table>"


def _cell(cell: Cell) -> str:
    span = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    figures = ' class="figures"' if cell.figures else ""
    return f"<td{span}{figures}>{inline(cell.content).strip()}</td>"


def _drawn(lines: Sequence[Inlines]) -> str:
    return "<pre>" + "\n".join(map(_preformatted, lines)) + "</pre>"


def _preformatted(content: Inlines) -> str:
    return inline(content).replace("\u2060", "")


def heading(level: int, lines: Sequence[Inlines], name: str = "") -> str:
    """Give a heading; its further lines are set below it as its subtitle."""
    tag = f"h{level}"
    named = f' id="{name}"' if name else ""
    first = f"<{tag}{named}>{inline(lines[0])}</{tag}>"
    if len(lines) == 1:
        return first
    rest = "".join(f"<p>{inline(line)}</p>" for line in lines[1:])
    return f"<hgroup>{first}{rest}</hgroup>"


def _lines(block: Lines) -> str:
    """Give kept lines: a paragraph a stanza, each line a span that hangs when it is too long."""
    paragraphs = []
    for group in block.groups:
        spans = [
            f'<span class="line{f" i{line.indent}" if line.indent else ""}">'
            f"{inline(line.content)}</span>"
            for line in group
        ]
        paragraphs.append("<p>" + "<br/>\n".join(spans) + "</p>")
    kind = "poem" if block.kind == "verse" else block.kind
    inside = "\n".join(paragraphs)
    return f'<div class="{kind}">\n{inside}\n</div>'


def caption_text(block: Illustration) -> str:
    """Give the words of a figure's caption."""
    return " ".join(plain(item.content) for item in block.caption if isinstance(item, Paragraph))


def figure(block: Illustration) -> str:
    """Give a figure, which a list of illustrations can lead to."""
    caption = f"<figcaption>\n{blocks(block.caption)}\n</figcaption>" if block.caption else ""
    if block.picture is None:
        return f'<figure class="missing">{caption}</figure>' if caption else ""
    name, shown = figure_name(block.picture), image(block, block.picture)
    return f'<figure id="{name}">{shown}{caption}</figure>'


def figure_name(picture: Picture) -> str:
    """Give the name by which links lead to a figure."""
    return f"fig-{picture.name}"


def image(block: Illustration, picture: Picture) -> str:
    """Give a figure's image; what nobody described says so, in English."""
    parts = [f'<img src="../images/{picture.file_name}"']
    if block.decorative:
        parts.append('alt="" role="presentation"')
    elif block.alt:
        parts.append(f'alt="{escape(block.alt)}"')
    else:
        parts.append('alt="A picture that nobody has described yet" lang="en" xml:lang="en"')
    if picture.line_art:
        parts.append('class="line-art"')
    if all(picture.size):
        parts.append('width="{}" height="{}"'.format(*picture.size))
    return " ".join(parts) + "/>"


def footnote(note: Footnote) -> str:
    """Give a footnote: an aside with a link back, or a paragraph where no reference leads to it."""
    first, rest = note.blocks[:1], note.blocks[1:]
    if note.number is None:
        mark = f"{escape(note.mark)} " if note.mark else ""
        lead = ""
    else:
        mark = f'<a href="#r{note.number}" role="doc-backlink">{note.number}</a> '
        lead = f' id="n{note.number}" epub:type="footnote" role="doc-footnote"'
    if first and isinstance(first[0], Paragraph):
        inside = f"<p>{mark}{inline(first[0].content)}</p>"
    else:
        inside = f"<p>{mark}</p>\n{blocks(first)}" if mark else blocks(first)
    body = "\n".join(filter(None, (inside, blocks(rest))))
    return f"<aside{lead}>{body}</aside>" if lead else f'<div class="note">{body}</div>'


def headings(section: Section, name: str) -> list[tuple[str, Heading]]:
    """Give the headings of the section in this file (without ending), each with its id there."""
    found = [block for block in section.blocks if isinstance(block, Heading)]
    return [(f"{name}-h{number or ''}", each) for number, each in enumerate(found)]


def heading_title(heading: Heading) -> str:
    """Give a heading's words on one line, as contents have them."""
    return ". ".join(plain(line).strip().rstrip(". ") for line in heading.lines)


def link_pages(body: str, name: str, files: Mapping[int, str]) -> str:
    """Let the page numbers of an index in the file `name` lead into the files that hold the pages.

    `files` gives the file, without ending, of each page by its scan's number.
    """

    def href(match: re.Match[str]) -> str:
        file = files.get(int(match[1]), name)
        return match[0] if file == name else f'href="{file}.xhtml#pg{match[1]}"'

    return _PAGE_LINK.sub(href, body)


def section_body(section: Section, name: str, *, lines: bool = False) -> str:
    """Give the body of a section's file: its `section` element with text and notes.

    With `lines`, LINE_START stands where each line of page text begins.
    """
    kind = section.kind if section.kind in {*ROLES, "titlepage", "halftitlepage"} else ""
    role = f' role="{ROLES[kind]}"' if kind in ROLES else ""
    typed = f' epub:type="{kind}"{role}' if kind else ""
    first = next((b for b in section.blocks if isinstance(b, Heading)), None)
    label = f'aria-labelledby="{name}-h"' if first else f'aria-label="{escape(section.title)}"'
    ids = {id(each): each_id for each_id, each in headings(section, name)}
    parts = [
        heading(b.level, b.lines, ids[id(b)]) if isinstance(b, Heading) else _block(b)
        for b in section.blocks
    ]
    notes = [footnote(note) for note in section.notes]
    if notes:
        parts += ['<div class="notes">', *notes, "</div>"]
    inside = "\n".join(filter(None, parts))
    inside = inside if lines else LINE_START.sub("", inside)
    return f'<section id="{name}"{typed} {label}>\n{inside}\n</section>'


def document(title: str, language: str, body: str, matter: str) -> bytes:
    """Give a whole XHTML file, UTF-8; `matter` is the epub:type of its body, or ""."""
    typed = f' epub:type="{matter}"' if matter else ""
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}" dir="{direction(language)}">\n'
        f"<head>\n<title>{escape(title, quote=False)}</title>\n"
        '<link rel="stylesheet" type="text/css" href="../css/book.css"/>\n</head>\n'
        f"<body{typed}>\n{body}\n</body>\n</html>\n"
    )
    return legal(text).encode()
