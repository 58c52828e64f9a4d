"""The known text of a page, told from the very lines that were set.

Two forms: proofread (as the first rounds leave it) and formatted (as the last does), both in the
notation of Distributed Proofreaders' guidelines.
"""

from dataclasses import dataclass

from .letters import Run
from .lines import Line, merged

STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--"})  # noqa: RUF001 -- what is printed
TAGS = {"italic": "i", "caps": "sc"}
BLANK = "[Blank Page]"


@dataclass
class Block:
    """Lines that belong together on one page.

    `kind` is one of title, chapter, heading, paragraph, quote, verse, list, break, note, caption.
    `begins` is false for a paragraph that began on the page before.
    """

    kind: str
    lines: list[Line]
    begins: bool = True
    indents: tuple[int, ...] = ()  # of verse, in characters
    mark: str = ""  # of a note

    def runs(self) -> list[Run]:
        """Give the text of the lines with their line ends."""
        out: list[Run] = []
        for line in self.lines:
            runs = [run for run in line.runs if run.text]
            if out:
                same = out[-1].style == runs[0].style
                out.append(Run("\n", runs[0].style if same else "roman"))
            out += runs
        return merged(out)


def _plain(run: Run) -> str:
    """Give a run as a proofreader types it."""
    if run.style == "mark":
        return f"[{run.text}]"
    text = run.text.upper() if run.style == "opening" else run.text
    return text.translate(STRAIGHT)


def _tagged(run: Run) -> str:
    """Give a run as a formatter types it; an opening word stays plain."""
    if run.style == "mark":
        return f"[{run.text}]"
    text = run.text.translate(STRAIGHT)
    tag = TAGS.get(run.style)
    return f"<{tag}>{text}</{tag}>" if tag else text


def proofread(blocks: list[Block]) -> str:
    """Give the page text of the proofreading rounds: lines as printed, blocks apart."""
    texts = []
    for block in blocks:
        if not block.lines:
            continue
        text = "".join(_plain(run) for run in block.runs())
        texts.append(f"{block.mark} {text}" if block.kind == "note" else text)
    if not texts:
        return BLANK + "\n"
    return "\n" * blocks[0].begins + "\n\n".join(texts) + "\n"


def formatted(blocks: list[Block]) -> str:
    """Give the page text of the formatting round, with its marks and its blank lines."""
    out = ""
    before = ""
    for index, block in enumerate(blocks):
        out += "\n" * _blank_lines(before, block, first=index == 0)
        if block.kind != before:
            out += _opening(block.kind)
        out += _body(block) + "\n"
        following = blocks[index + 1].kind if index + 1 < len(blocks) else ""
        if block.kind != following:
            out += _closing(block.kind)
        before = block.kind
    return out or BLANK + "\n"


def _blank_lines(before: str, block: Block, *, first: bool) -> int:
    """Say how many blank lines stand before a block: 4 before a chapter, 2 after its heading."""
    if block.kind == "chapter":
        return 4
    if before in {"chapter", "heading"} and block.kind != "heading":
        return 2
    return int(block.begins) if first else 1


def _opening(kind: str) -> str:
    return {"verse": "/*\n", "list": "/*\n", "quote": "/#\n"}.get(kind, "")


def _closing(kind: str) -> str:
    return {"verse": "*/\n", "list": "*/\n", "quote": "#/\n"}.get(kind, "")


def _body(block: Block) -> str:
    """Give a block's formatted text without the marks that enclose several blocks."""
    text = "".join(_tagged(run) for run in block.runs())
    match block.kind:
        case "break":
            return "<tb>"
        case "note":
            return f"[Footnote {block.mark}: {text}]"
        case "caption":
            return f"[Illustration: {text}]" if text else "[Illustration]"
        case "verse":
            rows = zip(block.indents, text.split("\n"), strict=True)
            return "\n".join(" " * indent + row for indent, row in rows)
        case _:
            return text
