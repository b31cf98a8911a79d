"""The body of a page made without pandoc: formulas stay TeX, citations are (Author year)."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.language import spaced
from workbench.studies.document import Box, Code, Heading, Picture, Table
from workbench.studies.document_cells import table_cells
from workbench.studies.document_terms import TERMS, typeset
from workbench.studies.document_tree import caption, front_parts, numbers
from workbench.studies.page import box_html, picture_html, table_html
from workbench.studies.pandoc import REMEDY
from workbench.studies.references import check_key, check_label, entries

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    from workbench.studies.document import Block, Document

__all__ = ["plain_body"]

_MATHS = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$]+?)(?<!\s)\$(?!\d)", re.DOTALL)
_BRACKET = re.compile(r"\[([^\[\]]*@[^\[\]]*)\]")
_KEY = re.compile(r"(-?)@([\w][\w:.#$%&+?<>~/-]*\w|\w)")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")
_NOTE_TEXT = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]*(.+(?:\n[ \t]+\S.*)*)\n?", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}\s*$")


def plain_body(document: Document) -> str:
    """Return the body of a page, and at its end what is missing and how to get it.

    Raises
    ------
    InputError
        A reference or citation leads nowhere, or prose holds an image.
    """
    body = _Body(document)
    made = [
        _inside(box_html(kind, title, language=language if language != document.language else ""),
                body.prose(text, language))
        for kind, title, text, language in front_parts(document)
    ]  # fmt: skip
    made += [body.block(block) for block in document.blocks]
    said = html.escape(_SAID[document.language].format(remedy=REMEDY))
    return "\n".join([*made, body.references(), body.notes(), f"<p><small>{said}</small></p>"])


_SAID = {
    "en": "This page was made without pandoc: formulas are shown as TeX, and references in no "
    "style. To have them set: {remedy}.",
    "fr": "Cette page a été faite sans pandoc\u202f: les formules restent en TeX et les références "
    "sans style. Pour les composer\u202f: {remedy}.",
}


def _inside(around: tuple[str, str], content: str) -> str:
    return f"{around[0]}{content}{around[1]}"


class _Body:
    """Writes the blocks of one document, counting its sections and footnotes."""

    def __init__(self, document: Document) -> None:
        self._language = document.language
        self._shown = numbers(document)
        self._entries = entries(document.bibtex)
        self._cited: set[str] = set()
        self._sections = [0] * 6
        self._notes: list[str] = []
        self._own_notes: dict[str, str] = {}
        self._reader = self._markdown_reader()

    def block(self, block: Block) -> str:
        """Return a block."""
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Picture):
            number, said = caption(block, self._shown, self._language)
            return picture_html(block, number=number, caption=said)
        if isinstance(block, Table):
            number, said = caption(block, self._shown, self._language)
            cells = table_cells(block, self._language)
            return table_html(cells, number=number, caption=said, name=block.label)
        if isinstance(block, Box):
            title = typeset(block.title, self._language)
            return _inside(box_html("box", title), self.prose(block.text, self._language))
        if isinstance(block, Code):
            return f"<pre><code>{html.escape(block.text)}</code></pre>"
        return self.prose(block.text, self._language)

    def prose(self, text: str, language: str) -> str:
        """Return Markdown as HTML; its footnotes are kept for the end."""
        text = _COMMENT.sub("", text)
        self._own_notes = {found[1]: found[2] for found in _NOTE_TEXT.finditer(text)}
        return str(self._reader.render(_NOTE_TEXT.sub("", text), {"language": language}))

    def references(self) -> str:
        """Return the list of what is cited."""
        if not self._cited:
            return ""
        listed = []
        for entry in sorted(
            (self._entries[key] for key in self._cited), key=lambda e: (e.cited("en"), e.key)
        ):
            _, year = entry.cited(self._language)
            parts = ("; ".join(entry.authors), f"({year})", entry.title, entry.where)
            said = " ".join(html.escape(part) for part in parts if part)
            listed.append(f'<p class="csl-entry" id="ref-{html.escape(entry.key)}">{said}</p>')
        return f"<h2>{TERMS['references'][self._language]}</h2>\n" + "\n".join(listed)

    def notes(self) -> str:
        """Return the footnotes, each with a link back."""
        if not self._notes:
            return ""
        items = "".join(
            f'<li id="note-{i}">{note} <a href="#to-note-{i}" '
            f'aria-label="{TERMS["back"][self._language]}">↩</a></li>'
            for i, note in enumerate(self._notes, start=1)
        )
        name = TERMS["notes"][self._language]
        return f'<section class="footnotes" aria-label="{name}"><hr><ol>{items}</ol></section>'

    def _heading(self, heading: Heading) -> str:
        level = min(heading.level, 5)
        number = ""
        if heading.numbered:
            self._sections[level] += 1
            self._sections[level + 1 :] = [0] * (5 - level)
            number = ".".join(str(count) for count in self._sections[1 : level + 1])
            number = f'<span class="header-section-number">{number}</span> '
        self._own_notes = {found[1]: found[2] for found in _NOTE_TEXT.finditer(heading.notes)}
        text = self._reader.renderInline(
            _ATTRIBUTES.sub("", heading.text), {"language": self._language}
        )
        return f"<h{level + 1}>{number}{text}</h{level + 1}>"

    def _markdown_reader(self) -> MarkdownIt:
        from markdown_it import MarkdownIt

        reader = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable("table")
        if self._language == "fr":
            reader.options["quotes"] = ["«\u202f", "\u202f»", "‘", "’"]
        reader.enable(["replacements", "smartquotes"])
        for name, rule in (("maths", _maths), ("note", self._note), ("bracket", self._bracket),
                           ("key", self._key)):  # fmt: skip
            reader.inline.ruler.before("link", name, rule)
        reader.inline.ruler.before("link", "picture", _refuse_image)
        reader.core.ruler.push("spaces", self._spaces)
        return reader

    def _spaces(self, state: StateCore) -> None:
        """Set the spaces of French in what is read; code and the marks of tables stay."""
        for part in (part for token in state.tokens for part in token.children or ()):
            if part.type == "text":
                part.content = spaced(part.content, state.env["language"])

    def _note(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's
        found = _NOTE.match(state.src, state.pos)
        if not found or found[1] not in self._own_notes:
            return False
        if not silent:
            said = self._own_notes.pop(found[1])  # a note that names itself would have no end
            place = len(self._notes) + 1
            self._notes.append("")
            self._notes[place - 1] = self._reader.renderInline(" ".join(said.split()), state.env)
            self._own_notes[found[1]] = said
            _put(state, f'<sup><a href="#note-{place}" id="to-note-{place}">{place}</a></sup>')
        state.pos = found.end()
        return True

    def _bracket(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        found = _BRACKET.match(state.src, state.pos)
        if not found or not _KEY.search(found[1]):
            return False
        if not silent:
            _put(state, self._bracketed(found[1]))
        state.pos = found.end()
        return True

    def _key(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        found = _KEY.match(state.src, state.pos)
        if not found or (state.pos and state.src[state.pos - 1].isalnum()):
            return False
        if not silent:
            _put(state, self._named(found[2], in_bracket=False))
        state.pos = found.end()
        return True

    def _bracketed(self, bracket: str) -> str:
        """Return what stands in a bracket with keys, and the bracket if a key is a citation's."""
        said = [
            "".join(
                html.escape(part) if i % 3 == 0 else self._named(part, in_bracket=True)
                for i, part in enumerate(_KEY.split(each))
                if i % 3 != 1
            ).strip()
            for each in bracket.split(";")
        ]
        labels = [found[2] for found in _KEY.finditer(bracket)]
        if all(label in self._shown for label in labels):
            return ", ".join(said)
        return f"({'; '.join(said)})"

    def _named(self, key: str, *, in_bracket: bool) -> str:
        if key.startswith(("fig-", "tbl-")):
            check_label(key, self._shown)
            return f'<a href="#{key}">{html.escape(self._shown[key])}</a>'
        check_key(key, self._entries)
        self._cited.add(key)
        authors, year = self._entries[key].cited(self._language)
        said = f"{authors} {year}" if in_bracket else f"{authors} ({year})"
        return f'<a href="#ref-{html.escape(key)}">{html.escape(said)}</a>'


def _maths(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's
    found = _MATHS.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        _put(state, f"<code>{html.escape((found[1] or found[2]).strip())}</code>")
    state.pos = found.end()
    return True


def _refuse_image(state: StateInline, silent: bool) -> bool:  # noqa: ARG001, FBT001
    if state.src.startswith("![", state.pos):
        raise InputError("an image stands inside a text", value=state.src[state.pos :],
                         remedy="give it a paragraph of its own")  # fmt: skip
    return False


def _put(state: StateInline, content: str) -> None:
    """Add HTML that is ours, which the reader lets through."""
    token: Any = state.push("html_inline", "", 0)
    token.content = content
