"""Parts of an HTML page that fetches nothing: figures inside, tables, boxes, the frame."""

from __future__ import annotations

import base64
import html
from importlib import resources
from typing import TYPE_CHECKING

from workbench.studies.document_terms import TERMS

if TYPE_CHECKING:
    from workbench.studies.document import Picture
    from workbench.studies.document_cells import Cells

__all__ = ["box_html", "framed", "picture_html", "table_html"]

_CLASSES = {"findings": "key", "abstract": "abstract", "other": "other", "box": "box"}


def picture_html(picture: Picture, *, number: str, caption: str) -> str:
    """Return a figure: the interactive view where there is one, else the picture."""
    tenths = round(10 * picture.width)
    size = f' class="w{max(tenths, 3)}"' if tenths < 10 else ""
    still = (
        f'<img{size} alt="{html.escape(picture.alt or picture.caption)}" '
        f'src="data:image/png;base64,{base64.b64encode(picture.png).decode("ascii")}">'
    )
    if picture.html:
        name = html.escape(picture.alt or picture.caption)
        still = (
            f'<iframe class="view" title="{name}" sandbox="allow-scripts" '
            f'srcdoc="{html.escape(picture.html)}"></iframe><noscript>{still}</noscript>'
        )
    said = _numbered(number, caption)
    told = f"<figcaption>{said}</figcaption>" if said else ""
    return f"<figure{_named(picture.label)}>{still}{told}</figure>"


def table_html(cells: Cells, *, number: str, caption: str, name: str = "") -> str:
    """Return a table that scrolls by itself where it is wider than the page."""
    names = "".join(
        f'<th scope="col"{_class(numeric)}>{html.escape(column)}</th>'
        for column, numeric in zip(cells.columns, cells.numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_class(numeric)}>{html.escape(cell)}</td>"
            for cell, numeric in zip(row, cells.numeric, strict=True)
        )
        + "</tr>"
        for row in cells.rows
    )
    head = f"<thead><tr>{names}</tr></thead>" if any(cells.columns) else ""
    said = _numbered(number, caption)
    named = f"{number} {caption}".strip() or ", ".join(filter(None, cells.columns))
    region = f' role="region" aria-label="{html.escape(named)}"' if named else ""
    told = f"<caption>{said}</caption>" if said else ""
    return (
        f'<div{_named(name)} class="scroll" tabindex="0"{region}>'
        f"<table>{told}{head}<tbody>{body}</tbody></table></div>"
    )


def box_html(kind: str, title: str, *, language: str = "") -> tuple[str, str]:
    """Return what stands before and after the content of a box."""
    label = html.escape(title)
    spoken = f' lang="{html.escape(language)}"' if language else ""
    before = f'<section class="{_CLASSES[kind]}" aria-label="{label}"{spoken}>'
    return f'{before}<p class="title">{label}</p>', "</section>"


def framed(
    body: str,
    *,
    title: str,
    language: str,
    lead: str = "",
    by: str = "",
    contents: str = "",
    footer: str = "",
) -> str:
    """Return a page around its body, which is HTML, as `contents` is; the rest is text."""
    style = (resources.files("workbench.studies") / "policy" / "page.css").read_text("utf-8")
    known = language if language in TERMS["skip"] else "en"
    lines = "".join(
        f"<p{kind}>{html.escape(line)}</p>" for kind, line in ((' class="lead"', lead), ("", by))
        if line
    )  # fmt: skip
    heading = html.escape(TERMS["contents"][known])
    guide = f'<nav aria-label="{heading}"><p>{heading}</p>{contents}</nav>\n' if contents else ""
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#content">{html.escape(TERMS["skip"][known])}</a>\n'
        f"<header><h1>{html.escape(title)}</h1>{lines}</header>\n{guide}"
        f'<main id="content">\n{body}\n</main>\n'
        f"<footer>{html.escape(footer)}</footer>\n</body>\n</html>\n"
    )


def _numbered(number: str, caption: str) -> str:
    """Return a caption behind its number, which is strong."""
    strong = f"<strong>{html.escape(number)}</strong> " if number else ""
    return (strong + html.escape(caption)).strip()


def _named(name: str) -> str:
    return f' id="{html.escape(name)}"' if name else ""


def _class(number: bool) -> str:  # noqa: FBT001  a table cell is a number or it is not
    return ' class="number"' if number else ""
