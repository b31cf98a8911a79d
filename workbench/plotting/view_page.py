"""The page of an interactive view: one HTML file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["asset", "embedded", "picture", "render"]

_HEIGHT = 760


@cache
def asset(name: str) -> str:
    """Return the text of a file that belongs to the page."""
    return files("workbench.plotting").joinpath("assets", name).read_text("utf-8")


def render(
    data: Mapping[str, Any],
    texts: Mapping[str, str],
    *,
    caption: str,
    picture: str,
) -> str:
    """Return the page.

    A content security policy allows the page's own two scripts, by their hash, and no address at
    all, so nothing that a label may hold can run or ask for anything.

    Parameters
    ----------
    data
        What the viewer reads.
    texts
        What is written into the template, by its places; plain text.
    caption, picture
        HTML.
    """
    from workbench.provenance import package_version

    scripts = {"libraries": asset("libraries.js"), "viewer": asset("view.js")}
    parts = {name: html.escape(text) for name, text in texts.items()}
    parts |= scripts
    parts |= {
        "version": html.escape(package_version()),
        "policy": _policy(scripts),
        "style": asset("view.css"),
        "caption": caption,
        "picture": picture,
        "licence_texts": html.escape(asset("LICENCES.txt")),
        "data": _script_json(data),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], asset("view.html"))


def picture(png: bytes, alt: str) -> str:
    """Return an image element that carries its own bytes."""
    coded = base64.b64encode(png).decode("ascii")
    return f'<img id="picture" alt="{html.escape(alt)}" src="data:image/png;base64,{coded}">'


def embedded(page: str, *, title: str, png: bytes, alt: str) -> str:
    """Return the page as an element of another one, apart from it and above its picture.

    Where frames are taken out, as in notebooks that are not trusted, the picture remains.
    """
    frame = (
        f'<iframe title="{html.escape(title)}" sandbox="allow-scripts" srcdoc="{html.escape(page)}"'
        ' style="position:absolute;inset:0;width:100%;height:100%;border:0;background:#fff">'
        "</iframe>"
    )
    below = picture(png, alt).replace('id="picture"', 'style="width:100%"')
    return f'<div style="position:relative;height:{_HEIGHT}px;overflow:hidden">{below}{frame}</div>'


def _policy(scripts: Mapping[str, str]) -> str:
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
        for text in scripts.values()
    ]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"


def _script_json(data: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in, in ASCII."""
    text = json.dumps(data, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
