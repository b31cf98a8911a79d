"""A document as pandoc's tree: prose read from Markdown, other blocks as a format writes them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from workbench.errors import InputError
from workbench.language import LANGUAGES, spaced
from workbench.studies.document import Box, Code, Heading, Picture, Prose, Table
from workbench.studies.document_terms import TERMS, other_language, typeset
from workbench.studies.pandoc import Reading, read
from workbench.studies.references import check_key, check_label, entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.studies.document import Block, Document
    from workbench.studies.pandoc import Node

__all__ = ["Target", "caption", "front_parts", "numbers", "raw", "text", "tree"]

_SCHEMES = {"", "http", "https", "mailto"}
#: Elements of HTML that change what a text says: 10<sup>6</sup> is not 106.
_SAYING = {"sup": "Superscript", "sub": "Subscript", "del": "Strikeout", "s": "Strikeout"}
_ELEMENT = re.compile(r"<(/?)\s*([a-z]+)[^>]*>", re.IGNORECASE)


class Target(Protocol):
    """How a format writes what pandoc cannot write well enough from Markdown."""

    def picture(self, picture: Picture, number: str, caption: str) -> list[Node]:
        """Return a figure with its number, empty for none, and its caption."""

    def table(self, table: Table, number: str, caption: str) -> list[Node]:
        """Return a table with its number, empty for none, and its caption."""

    def box(self, kind: str, title: str, inside: list[Node], *, language: str) -> list[Node]:
        """Return a framed part; `kind` is ``findings``, ``abstract``, ``other`` or ``box``."""

    def code(self, code: Code) -> list[Node]:
        """Return code as it is typed."""

    def maths(self, node: Node) -> list[Node]:
        """Return a formula, with what is said of it to those who cannot see it."""


def tree(document: Document, target: Target) -> Reading:
    """Return a document as pandoc's tree.

    Raises
    ------
    InputError
        Prose refers to a figure, table or heading that is not there, cites a key that the
        references do not have, or holds an image of its own.
    MissingDependencyError
        Pandoc is not installed.
    """
    front = front_parts(document)
    reading = read([text for _, _, text, _ in front] + [_markdown(b) for b in document.blocks])
    clean = {
        language: _Cleaner(document, target, reading, language=language) for language in LANGUAGES
    }
    spoken = [part[3] for part in front] + [document.language] * len(document.blocks)
    parts = [clean[said](part) for said, part in zip(spoken, reading.texts, strict=True)]
    made = [
        target.box(kind, title, inside, language=language)
        for (kind, title, _, language), inside in zip(front, parts, strict=False)
    ]
    shown = numbers(document)
    for block, inside in zip(document.blocks, parts[len(front) :], strict=True):
        made.append(_made(block, inside, document=document, target=target, shown=shown))
    if any(cleaner.cited for cleaner in clean.values()):
        made.append(_references(document.language))
    return Reading(made, reading.version)


def numbers(document: Document) -> dict[str, str]:
    """Return what each figure and table with a label is called: ``Figure 1``, ``Tableau 2``."""
    counts = {"figure": 0, "table": 0}
    called = {}
    for block in document.labelled():
        kind = "figure" if isinstance(block, Picture) else "table"
        counts[kind] += 1
        called[block.label] = f"{TERMS[kind][document.language]}\u00a0{counts[kind]}"
    return called


def caption(block: Picture | Table, shown: dict[str, str], language: str) -> tuple[str, str]:
    """Return the number of a figure or table, empty for none, and its caption."""
    number = f"{shown[block.label]}{TERMS['stop'][language]}" if block.label else ""
    return number, typeset(block.caption, language)


def raw(to: str, content: str) -> Node:
    """Return a block that is already in a format."""
    return {"t": "RawBlock", "c": [to, content]}


def text(words: str) -> list[Node]:
    """Return words as they are."""
    return [{"t": "Str", "c": words}]


def front_parts(document: Document) -> list[tuple[str, str, str, str]]:
    """Return the parts before the body: kind, title, Markdown, language."""
    own, other = document.language, other_language(document.language)
    findings = "\n".join("- " + _indented(finding) for finding in document.findings)
    parts = [
        ("findings", TERMS["findings"][own], findings, own),
        ("abstract", TERMS["abstract"][own], document.abstract, own),
        ("other", TERMS["abstract"][other], document.other_abstract, other),
    ]
    return [part for part in parts if part[2].strip()]


def _indented(item: str) -> str:
    return item.strip().replace("\n", "\n  ")


def _markdown(block: Block) -> str:
    """Return what pandoc reads of a block; nothing of those that a format writes."""
    if isinstance(block, Heading):
        line = " ".join(block.text.split())
        marked = f"{'#' * block.level} {line}" + ("" if block.numbered else " {.unnumbered}")
        return f"{marked}\n\n{block.notes}" if block.notes else marked
    return block.text if isinstance(block, Prose | Box) else ""


def _made(
    block: Block, inside: list[Node], *, document: Document, target: Target, shown: dict[str, str]
) -> list[Node]:
    if isinstance(block, Picture):
        return target.picture(block, *caption(block, shown, document.language))
    if isinstance(block, Table):
        return target.table(block, *caption(block, shown, document.language))
    if isinstance(block, Box):
        title = typeset(block.title, document.language)
        return target.box("box", title, inside, language=document.language)
    if isinstance(block, Code):
        return target.code(block)
    return inside


def _references(language: str) -> list[Node]:
    """Return the heading over the references, and the place where pandoc puts them."""
    head = [1, ["report-references", ["unnumbered"], []], text(TERMS["references"][language])]
    return [{"t": "Header", "c": head}, {"t": "Div", "c": [["refs", [], []], []]}]


class _Cleaner:
    """Rewrites what stands inside prose: references, citations, maths, French spaces."""

    def __init__(
        self, document: Document, target: Target, reading: Reading, *, language: str
    ) -> None:
        self.cited: set[str] = set()
        self._language = language
        self._shown = numbers(document)
        self._keys = entries(document.bibtex)
        self._target = target
        self._anchors = {*self._shown, *_identifiers(reading.texts), "refs"}
        self._rules: dict[str, Callable[[Node], list[Node]]] = {
            "Cite": self._cite,
            "Image": _refuse_image,
            "Link": self._link,
            "Math": target.maths,
            "Quoted": self._quoted,
            "RawBlock": _nothing,
            "RawInline": _nothing,
        }

    def __call__(self, content: Any) -> Any:
        """Return content with every node under it rewritten."""
        if isinstance(content, dict):
            return {key: self(value) for key, value in content.items()}
        if not isinstance(content, list):
            return content
        made: list[Any] = []
        for entry in _marked_up(content):
            rule = self._rules.get(entry.get("t", "")) if isinstance(entry, dict) else None
            made.extend(rule(entry) if rule else [self(entry)])
        return _unbroken(made) if self._language == "fr" else made

    def _cite(self, node: Node) -> list[Node]:
        """Turn ``@fig-x`` into a link that says its number; leave citations to pandoc."""
        citations, said = node["c"]
        made: list[Node] = []
        for is_label, group in groupby(citations, key=_is_label):
            listed = list(group)
            if made:
                made += text(" " if _in_text(citations[0]) else ", ")
            made += self._links(listed) if is_label else [self._citations(listed, said)]
        return made

    def _citations(self, citations: list[Node], said: list[Node]) -> Node:
        for each in citations:
            check_key(each["citationId"], self._keys)
            self.cited.add(each["citationId"])
        return {"t": "Cite", "c": [self(citations), said]}

    def _links(self, citations: list[Node]) -> list[Node]:
        made: list[Node] = []
        for each in citations:
            made += text(", ") if made else []
            before = self(each["citationPrefix"])
            made += [*before, *text(" ")] if before else []
            made.append(self._reference(each["citationId"], each["citationMode"]["t"]))
            made += self(each["citationSuffix"])
        return made

    def _reference(self, label: str, mode: str) -> Node:
        check_label(label, self._shown)
        called = self._shown[label]
        if mode == "SuppressAuthor":
            called = called.rpartition("\u00a0")[2]
        return {"t": "Link", "c": [["", [], []], text(called), [f"#{label}", ""]]}

    def _link(self, node: Node) -> list[Node]:
        attributes, inside, (address, title) = node["c"]
        if address.startswith("#") and address[1:].lower() in self._anchors - {address[1:]}:
            address = address.lower()  # Jupyter keeps the capitals of a heading
        if address.startswith("#") and address[1:] not in self._anchors:
            raise InputError("a link leads to no heading, figure or table", value=address)
        scheme = address.partition(":")[0].lower() if ":" in address else ""
        if scheme not in _SCHEMES:
            raise InputError("a link is of a kind that reports do not have", value=address,
                             allowed="http, https, mailto, #…")  # fmt: skip
        return [{"t": "Link", "c": [attributes, self(inside), [address, title]]}]

    def _quoted(self, node: Node) -> list[Node]:
        kind, inside = node["c"]
        if self._language != "fr" or kind["t"] == "SingleQuote":
            return [{"t": "Quoted", "c": [kind, self(inside)]}]
        return [*text("«\u202f"), *self(inside), *text("\u202f»")]


def _is_label(citation: Node) -> bool:
    return bool(citation["citationId"].startswith(("fig-", "tbl-")))


def _in_text(citation: Node) -> bool:
    return bool(citation["citationMode"]["t"] == "AuthorInText")


def _refuse_image(node: Node) -> list[Node]:
    raise InputError("an image stands inside a text", value=node["c"][2][0],
                     remedy="give it a paragraph of its own")  # fmt: skip


def _marked_up(content: list[Any]) -> list[Any]:
    """Return inlines whose HTML that changes what they say is pandoc's own; images are refused."""
    made, i = [], 0
    while i < len(content):
        closing, name = _element(content[i])
        end = _closing(content, i, name) if name in _SAYING and not closing else 0
        if name == "img":
            raise InputError("an image stands inside a text", value=content[i]["c"][1],
                             remedy="write it as ![…](…), a paragraph of its own")  # fmt: skip
        if end:
            made.append({"t": _SAYING[name], "c": content[i + 1 : end]})
        else:
            made.append({"t": "LineBreak"} if name == "br" else content[i])
        i = max(end, i) + 1
    return made


def _element(node: Any) -> tuple[bool, str]:
    """Return whether a node closes an element of HTML, and its name; empty for other nodes."""
    if not (isinstance(node, dict) and node.get("t") == "RawInline" and node["c"][0] == "html"):
        return False, ""
    found = _ELEMENT.match(node["c"][1])
    return (bool(found[1]), found[2].lower()) if found else (False, "")


def _closing(content: list[Any], start: int, name: str) -> int:
    """Return the place where an element is closed, or 0."""
    places = range(start + 1, len(content))
    return next((i for i in places if _element(content[i]) == (True, name)), 0)


def _nothing(_: Node) -> list[Node]:
    """Leave out HTML and TeX that only some formats could show."""
    return []


def _identifiers(content: Any) -> set[str]:
    """Return the identifiers that links can lead to."""
    if isinstance(content, list):
        return set().union(*map(_identifiers, content))
    if not isinstance(content, dict):
        return set()
    found = _identifiers(content.get("c"))
    if content.get("t") in {"Header", "Div", "Span"}:
        found.add(content["c"][1][0] if content["t"] == "Header" else content["c"][0][0])
    return found


def _unbroken(inlines: list[Any]) -> list[Any]:
    """Join a French sign to its word by a space that does not break."""
    made: list[Any] = []
    for node in inlines:
        word = node["c"] if isinstance(node, dict) and node.get("t") == "Str" else ""
        if node == {"t": "Space"} and _ends(made, "«"):
            made += text("\u202f")
        elif word and made and made[-1] == {"t": "Space"} and spaced(f" {word}", "fr")[0] != " ":
            made[-1:] = text(spaced(f" {word}", "fr"))
        else:
            made.append(node)
    return made


def _ends(inlines: list[Any], sign: str) -> bool:
    last = inlines[-1] if inlines else None
    return isinstance(last, dict) and last.get("t") == "Str" and last["c"].endswith(sign)
