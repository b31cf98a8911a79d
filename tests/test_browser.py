"""Where there is no browser, tests that need one skip with the remedy, and fail in CI."""

from __future__ import annotations

import pytest

from tests import browser


@pytest.fixture
def nowhere(monkeypatch):
    monkeypatch.setattr(browser, "_NAMES", ("no-such-browser",))
    monkeypatch.delenv("WORKBENCH_CHROMIUM", raising=False)


def test_without_a_browser_tests_skip_and_say_how_it_is_helped(nowhere, monkeypatch):
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match=r"no Chromium here; .*apt-get install"):
        browser.chromium()


def test_in_ci_they_fail(nowhere, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"no Chromium here; .*WORKBENCH_CHROMIUM"):
        browser.chromium()


def test_one_can_be_named(nowhere, monkeypatch, tmp_path):
    named = tmp_path / "my browser"
    named.write_text("#!/bin/sh\n", "utf-8")
    named.chmod(0o755)
    monkeypatch.setenv("WORKBENCH_CHROMIUM", str(named))
    assert browser.chromium() == str(named)
    monkeypatch.setenv("WORKBENCH_CHROMIUM", str(tmp_path / "gone"))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Chromium here"):
        browser.chromium()
