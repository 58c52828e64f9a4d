"""Reads the words of a finished TEI edition again; shares no code with its writer."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

_TEI = "{http://www.tei-c.org/ns/1.0}"
_INLINE = frozenset(f"{_TEI}{name}" for name in ("hi", "foreign", "pb", "lb"))
_ASIDE = frozenset(f"{_TEI}{name}" for name in ("note", "figure"))


def tei_text(path: Path) -> tuple[str, list[str]]:
    """Return the running text of a TEI file, and the texts of its notes and figures.

    Raises OSError, or lxml's XMLSyntaxError when the file can't be read at all.
    """
    asides: list[str] = []
    text = etree.parse(str(path)).getroot().find(f"{_TEI}text")
    return ("" if text is None else "".join(_parts(text, asides))), asides


def _parts(element: etree._Element, asides: list[str]) -> Iterator[str]:
    """Yield the text inside an element; what stands aside goes to `asides`, whole."""
    yield element.text or ""
    for child in element:
        if child.tag in _ASIDE:
            described = f"{_TEI}figDesc"  # not of the page: people wrote it
            for said in child.findall(described):
                said.text = ""
            asides.append("".join(_parts(child, asides)))
        elif child.tag != f"{_TEI}ref":
            around = "" if child.tag in _INLINE else "\n"
            yield around
            yield from _parts(child, asides)
            yield around
        yield child.tail or ""
