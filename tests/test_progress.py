from __future__ import annotations

import io
import sys

from workbench.progress import Progress


class Terminal(io.StringIO):
    """Standard error of someone who watches."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def walk(**options) -> Progress:
    with Progress(10, "loading", "bytes", **options) as progress:
        for _ in range(5):
            progress.update(2)
        progress.describe("loading more")
    return progress


def test_it_is_silent_where_nobody_watches(capsys):
    assert walk().done == 10
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_it_shows_a_line_on_a_terminal_and_wipes_it_away(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    assert walk().done == 10
    shown = terminal.getvalue()
    assert "loading more" in shown
    assert "10/10 bytes" in shown
    assert shown.rstrip().endswith("\x1b[2K")  # the last thing drawn is the erasing of the line
    assert capsys.readouterr().out == ""


def test_it_can_be_switched_off(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    walk(show=False)
    assert terminal.getvalue() == ""


def test_other_units_and_unknown_totals(monkeypatch):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress(None, "drawing", "samples") as progress:
        progress.update(3)
    assert "samples" in terminal.getvalue()


def test_no_standard_error_is_no_problem(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert walk().done == 10
