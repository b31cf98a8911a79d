"""A report in a browser: no barrier, no request, and the interactive view runs in it."""

from __future__ import annotations

import pytest

from tests.browser import started, violations, visit
from tests.plotting.figures import camps
from tests.studies.reports import document
from workbench.language import LANGUAGES
from workbench.plotting import view
from workbench.studies.document import Picture
from workbench.studies.web import write_html

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser():
    with started() as running:
        yield running


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_has_no_barrier_and_its_view_runs(browser, tmp_path, language):
    graph, _ = camps(12)
    made = view(graph, seed=1, language=language)
    network = Picture("fig-net", made.title, made.alt, made.png, html=made.html(picture=False))
    report = tmp_path / "le rapport, été.html"
    write_html(document(language, network), report)
    with visit(browser, report) as there:
        frame = there.page.frame_locator("iframe")
        there.page.locator("iframe").scroll_into_view_if_needed()
        frame.locator("#stage canvas").first.wait_for()
        frame.locator("#search").fill("12")
        assert frame.locator("#results button").count() == 1
        assert violations(there.page) == []
        assert [url for url in there.strangers if url != "about:srcdoc"] == []
        assert there.complaints == []
