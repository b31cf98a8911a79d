"""A Markdown cell as blocks: headings, boxes and figures apart, prose in between."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from workbench.errors import InputError, NotFoundError
from workbench.studies.document import Box, Heading, Picture, Prose
from workbench.studies.sizes import png_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from workbench.studies.document import Block

__all__ = ["markdown_blocks"]

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$")
_OPEN_BOX = re.compile(r"^:{3,}\s*\{?\s*\.?(?:box|callout(?:-\w+)?)\b(.*?)\}?\s*$")
_OPEN_INSIDE, _CLOSE_BOX = re.compile(r"^:{3,}\s*[^:\s]"), re.compile(r"^:{3,}\s*$")
_TITLE = re.compile(r"""title\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s}"']+))""")
_IMAGE = re.compile(
    r"^!\[(.*)\]\(\s*(<[^>]+>|[^)]+?)(?:\s+\"[^\"]*\")?\s*\)\s*(?:\{([^}]*)\})?\s*$"
)
_UNNUMBERED = re.compile(r"\s*\{[^{}]*(?:\.unnumbered|(?<=[{\s])-(?=[}\s]))[^{}]*\}\s*$")
#: A number that the author gave to a heading: reports number them by themselves.
#: Years, and fractions as in "3.5 million posts", are no such numbers.
_NUMBER = re.compile(r"^(?:\d{1,2}\.)+\s+|^\d{1,2}(?:\.\d{1,2})+\s+(?![a-zß-ÿ%])")
_COMMENT = re.compile(r"^ {0,3}<!--")
#: A footnote's text: its line, and the indented ones under it.
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:.*(?:\n+[ \t]+\S.*)*", re.MULTILINE)


def markdown_blocks(
    source: str, folder: Path, *, attachments: Mapping[str, Any] | None = None
) -> list[Block]:
    """Return the blocks of a Markdown text.

    Parameters
    ----------
    source
        The text.
    folder
        Where the images are that it names.
    attachments
        Images inside of the cell, as notebooks hold them.

    Raises
    ------
    InputError
        A box is not closed, or an image is of another kind than PNG or lies elsewhere.
    NotFoundError
        An image is not there.
    """
    return _with_notes(list(_blocks(source.splitlines(), folder, attachments or {})))


def _with_notes(blocks: list[Block]) -> list[Block]:
    """Return blocks that each have the texts of their footnotes, which may stand further down."""
    notes = {
        found[1]: found[0]
        for block in blocks
        if isinstance(block, Prose | Box)
        for found in _NOTE.finditer(block.text)
    }
    return [_noted(b, notes) if isinstance(b, Prose | Box | Heading) else b for b in blocks]


def _noted(block: Prose | Box | Heading, notes: Mapping[str, str]) -> Prose | Box | Heading:
    if isinstance(block, Heading):
        named = [said for name, said in notes.items() if f"[^{name}]" in block.text]
        return replace(block, notes="\n\n".join(named))
    own = {found[1] for found in _NOTE.finditer(block.text)}
    lacking = [n for n in notes if n not in own and f"[^{n}]" in block.text]
    return replace(block, text="\n\n".join([block.text, *(notes[n] for n in lacking)]))


def _blocks(lines: list[str], folder: Path, attachments: Mapping[str, Any]) -> Iterator[Block]:
    prose: list[str] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        if _FENCE.match(line):
            end = _fence_end(lines, i)
            prose += lines[i:end]
            i = end
            continue
        if _COMMENT.match(line) and "-->" in "\n".join(lines[i:]):
            while "-->" not in lines[i]:
                i += 1
            lines[i] = lines[i].partition("-->")[2]
            continue
        alone = not (prose and prose[-1].strip()) and not "".join(lines[i + 1 : i + 2]).strip()
        image = _IMAGE.match(line) if alone else None
        special, end = (
            (_picture(image, folder, attachments), i + 1) if image else _special(lines, i)
        )
        if special is None:
            prose.append(line)
        else:
            yield from _prose(prose)
            prose = []
            yield special
        i = end
    yield from _prose(prose)


def _special(lines: list[str], i: int) -> tuple[Block | None, int]:
    """Return the heading or box that starts at a line, and the line behind it."""
    heading = _HEADING.match(lines[i])
    if heading:
        text = _UNNUMBERED.sub("", heading[2])
        numbered = text == heading[2]
        return Heading(_NUMBER.sub("", text), len(heading[1]), numbered=numbered), i + 1
    opened = _OPEN_BOX.match(lines[i])
    return _box(lines, i, opened[1]) if opened else (None, i + 1)


def _prose(lines: list[str]) -> Iterator[Prose]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Prose(text)


def _fence_end(lines: list[str], start: int) -> int:
    """Return the line behind a fenced block."""
    opened = _FENCE.match(lines[start])
    mark = opened[1] if opened else ""
    for i in range(start + 1, len(lines)):
        closed = re.match(rf"^ {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}\s*$", lines[i])
        if closed:
            return i + 1
    return len(lines)


def _box(lines: list[str], start: int, attributes: str) -> tuple[Box, int]:
    """Return a box; without a title in its attributes, a heading inside is it."""
    end = _box_end(lines, start)
    inside = lines[start + 1 : end]
    named = _TITLE.search(attributes)
    title = next(filter(None, named.groups()), "") if named else ""
    first = next((i for i, line in enumerate(inside) if line.strip()), None)
    heading = _HEADING.match(inside[first]) if first is not None and not title else None
    if heading and first is not None:
        title, inside = heading[2], inside[first + 1 :]
    return Box(title, "\n".join(inside).strip()), end + 1


def _box_end(lines: list[str], start: int) -> int:
    """Return the line that closes a box; boxes inside of it have their own, and code has none."""
    depth, i = 1, start + 1
    while i < len(lines):
        if _FENCE.match(lines[i]):
            i = _fence_end(lines, i)
            continue
        depth += bool(_OPEN_INSIDE.match(lines[i])) - bool(_CLOSE_BOX.match(lines[i]))
        if not depth:
            return i
        i += 1
    raise InputError("a box is not closed", value=lines[start], remedy="close it with :::")


def _picture(image: re.Match[str], folder: Path, attachments: Mapping[str, Any]) -> Picture:
    caption, address, attributes = image[1], image[2].strip("<>"), image[3] or ""
    label = re.search(r"#(fig-[\w-]+)", attributes)
    width = re.search(r"width\s*=\s*\"?(\d+)%", attributes)
    alt = re.search(r"fig-alt\s*=\s*\"([^\"]*)\"", attributes)
    png = _png(address, folder, attachments)
    png_size(png, name=address)
    return Picture(
        label[1] if label else "",
        caption,
        alt[1] if alt else caption or address,
        png,
        width=min(int(width[1]), 100) / 100 if width else 1.0,
    )


def _png(address: str, folder: Path, attachments: Mapping[str, Any]) -> bytes:
    if address.startswith("attachment:"):
        held = attachments.get(unquote(address.removeprefix("attachment:")), {})
        if "image/png" not in held:
            raise NotFoundError("an image is not in its cell", value=address)
        return base64.b64decode(held["image/png"])
    if re.match(r"\w+:|//", address):
        raise InputError("an image lies elsewhere", value=address,
                         remedy="put it beside the notebook: reports need no network")  # fmt: skip
    file = folder / unquote(address)
    if not file.is_file():
        raise NotFoundError("no such image", value=address, where=str(folder))
    return file.read_bytes()
