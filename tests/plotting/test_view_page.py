"""The page itself: whole, closed, and unable to be broken by what is written into it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from workbench.plotting.view_page import asset, embedded, picture, render

ROOT = Path(__file__).resolve().parents[2]
TEXTS = dict.fromkeys(
    set(re.findall(r"\{\{(\w+)\}\}", asset("view.html")))
    - {"version", "policy", "style", "caption", "picture", "licence_texts", "data", "libraries",
       "viewer"},
    "text",
)  # fmt: skip
NASTY = st.text(max_size=30) | st.sampled_from(
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028", "{{data}}", "\u202eabc",
     "&lt;", "'\"><img src=x onerror=alert(1)>", "👩‍👩‍👧", "\ud800", "\x00", r"\u003c", "%s $name"]
)  # fmt: skip


class Elements(HTMLParser):
    """The elements of a page, and the text of each script."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.scripts, self.attributes = [], [], []
        self._in_script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attributes)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._in_script = False

    def handle_data(self, data):
        if self._in_script:
            self.scripts[-1] += data


def data_of(page):
    """Return what the script of a page reads."""
    return json.loads(Elements(page).scripts[0])


def made(value="", **texts):
    return render({"value": value}, {**TEXTS, **texts}, caption="<p>caption</p>", picture="")


@given(NASTY)
@example("</SCRIPT >")
def test_whatever_is_written_into_the_page_stays_text(text):
    plain, page = Elements(made()), Elements(made(text, title=text, alt=text))
    assert page.tags == plain.tags
    assert json.loads(page.scripts[0]) == {"value": text}
    assert not set("<>&") & set(page.scripts[0])
    assert page.scripts[1:] == plain.scripts[1:]
    frame = Elements(embedded(made(text), title=text, png=b"png", alt=text))
    assert frame.tags == ["div", "img", "iframe"]
    assert frame.attributes[2][1]["srcdoc"] == made(text)
    assert frame.attributes[1][1]["alt"] == text


def test_the_policy_lets_the_pages_own_scripts_run_and_nothing_else():
    elements = Elements(made())
    (policy,) = (
        found["content"]
        for tag, found in elements.attributes
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in elements.scripts[1:]
    ]
    assert rules["script-src"].split() == hashes
    assert len(elements.scripts) == 3


def test_no_file_of_the_page_names_an_address():
    for name in ("view.html", "view.css", "view.js", "libraries.js"):
        addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"']*", asset(name)))
        assert addresses <= {"http://www.w3.org/2000/svg"}, name


def test_scripts_cannot_end_their_own_element():
    for name in ("view.js", "libraries.js"):
        assert not re.search(r"</script|<!--", asset(name), re.IGNORECASE), name


def test_the_picture_carries_its_own_bytes():
    (tag,) = Elements(picture(b"\x89PNG", 'a "b"')).attributes
    assert tag == (
        "img",
        {"id": "picture", "alt": 'a "b"', "src": "data:image/png;base64,iVBORw=="},
    )


def test_the_bundle_is_the_one_that_was_recorded():
    record = json.loads(asset("libraries.json"))
    assert hashlib.sha256(asset("libraries.js").encode()).hexdigest() == record["sha256"]
    tools = ROOT / "tools" / "view"
    wanted = json.loads((tools / "package.json").read_text("utf-8"))["dependencies"]
    assert {name: record["versions"][name] for name in wanted} == wanted
    assert record["versions"]["sigma"].startswith("3.")
    lock = (tools / "package-lock.json").read_text("utf-8")
    packages = json.loads(lock)["packages"]
    assert {
        name: packages[f"node_modules/{name}"]["version"] for name in record["versions"]
    } == record["versions"]
    assert "resolved" not in lock


def test_the_licences_of_what_is_in_the_bundle_are_in_the_page():
    versions = json.loads(asset("libraries.json"))["versions"]
    for name, version in versions.items():
        assert f"{name} {version} (MIT)" in asset("LICENCES.txt")
    assert asset("LICENCES.txt").count("Permission is hereby granted, free of charge") == len(
        versions
    )
    assert "Permission is hereby granted" in made()
