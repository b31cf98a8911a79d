"""The command line in this process, and a study of the bundled crisis."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.app import main

ROOT = Path(__file__).resolve().parent.parent.parent
CRISIS = ROOT / "datasets" / "crisis_small"


@dataclass
class Ran:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error object on the last line of standard error."""
        return json.loads(self.err.strip().splitlines()[-1])["error"]


@pytest.fixture
def run(capfd, monkeypatch):
    """Return a function that runs ``workbench`` with the given words."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def command(*words: object) -> Ran:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        captured = capfd.readouterr()
        return Ran(int(left.value.code or 0), captured.out, captured.err)

    return command


@pytest.fixture(autouse=True)
def keys(tmp_path_factory, monkeypatch):
    """Keep the keys of the tests out of the user's configuration."""
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """A study with the bundled crisis, pushed to its store; tests must not change it."""
    folder = tmp_path_factory.mktemp("study") / "crisis"
    for words in (
        ["load", str(CRISIS / "posts"), "--study", str(folder)],
        ["store", "push", "--study", str(folder)],
    ):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert not left.value.code
    return folder
