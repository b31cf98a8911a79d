"""A headless Chromium for tests: what a page shows, asks for and complains about.

Debian's ``chromium`` is driven by Playwright's Python client, which downloads nothing.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

REMEDY = "install Debian's chromium (apt-get install chromium) or name one in WORKBENCH_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Draw by software where there is no graphics card, and let no update or metric ask for anything.
_OPTIONS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def chromium():
    """Return the path of a Chromium; skip the test where there is none (with CI=true: fail)."""
    named = os.environ.get("WORKBENCH_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if found and shutil.which(found):
        return found
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"no Chromium here; {REMEDY}")
    pytest.skip(f"no Chromium here; {REMEDY}")


@contextmanager
def started():
    """Start a browser; close it before anything else runs an event loop in this process."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """An open page: what it asked for, and what it complained about."""

    page: object
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    @property
    def strangers(self):
        """Addresses asked for besides the page itself and what it carries."""
        own = self.page.url
        return [
            url for url in self.requests if url != own and not url.startswith(("data:", "blob:"))
        ]


@contextmanager
def visit(browser, address, *, scripts=True, width=1280, height=860):
    """Open an address (or a path) in a page of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts
    )
    page = context.new_page()
    made = Visit(page)
    page.on("request", lambda request: made.requests.append(request.url))
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: made.complaints.append(said.text) if said.type in {"error", "warning"} else 0,
    )
    try:
        page.goto(address if isinstance(address, str) else address.resolve().as_uri())
        yield made
    finally:
        context.close()


def violations(page):
    """Return what axe-core finds against WCAG 2.0 and 2.1, levels A and AA: rule and element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _WCAG}}).response
    assert found["passes"], "axe-core checked nothing"
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
