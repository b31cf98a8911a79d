from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.progress import Progress, _amount, _bar_html, _clock


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


def test_the_environment_switches_it_off(monkeypatch):
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WORKBENCH_PROGRESS", "off")
    monkeypatch.setattr(sys, "stderr", terminal)
    assert walk().done == 10
    assert terminal.getvalue() == ""


def test_it_loads_no_ipython():
    script = (
        "import sys\nfrom workbench.progress import Progress\n"
        "with Progress(1, 'x') as bar:\n    bar.update(1)\n"
        "print([m for m in ('IPython', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)


@given(st.integers(0, 400_000))
def test_clock_is_read_back(seconds):
    parts = [int(part) for part in _clock(seconds).split(":")]
    assert sum(part * 60**i for i, part in enumerate(reversed(parts))) == seconds
    assert all(part < 60 for part in parts[1:])


@pytest.mark.parametrize(
    ("number", "unit", "told"),
    [
        (1234, "rows", "1,234 rows"),
        (3, "", "3"),
        (999, "bytes", "999 B"),
        (1_500, "bytes", "1.5 kB"),
        (25_400_000, "bytes", "25 MB"),
        (7_250_000_000, "bytes", "7.2 GB"),
    ],
)
def test_amounts(number, unit, told):
    assert _amount(number, unit) == told


def test_a_label_is_text():
    bar = _bar_html("<script>\"'", (0.5, "1 of 2"))
    assert "<script" not in bar
    assert bar.count('"') == 8


SLOW = """
import sys, time
from workbench import progress
progress._PATIENCE = {patience}
print("before")
with progress.Progress(20, "drawing <i>", "samples") as bar:
    for _ in range(20):
        time.sleep(0.06)
        bar.update(1)
print("after")
"""


def executed(code, **environment):
    """Run a cell in a kernel; return the notebook and the data of every display on the way."""
    from nbclient import NotebookClient

    sent = []

    class Client(NotebookClient):
        def process_message(self, msg, cell, cell_index):
            sent.append((msg["msg_type"], msg["content"].get("data")))
            return super().process_message(msg, cell, cell_index)

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    Client(book, timeout=60).execute(env={**os.environ, **environment})
    nbformat.validate(book)
    return book, [data for kind, data in sent if kind.endswith("display_data")]


def left(book):
    """Return what a saved notebook would hold besides printed text."""
    (cell,) = nbformat.reads(nbformat.writes(book), 4).cells
    assert "".join(o.text for o in cell.outputs if o.output_type == "stream") == "before\nafter\n"
    return [dict(o) for o in cell.outputs if o.output_type != "stream"]


@pytest.fixture
def quiet_kernels(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


@pytest.mark.usefixtures("quiet_kernels")
def test_a_notebook_shows_a_bar_with_the_time_left_and_keeps_nothing_of_it():
    book, shown = executed(SLOW.format(patience=0.3))
    bars = [data["text/html"] for data in shown[:-1]]
    assert len(bars) >= 2
    assert all("drawing &lt;i&gt;: " in bar and " of 20 samples, 0:0" in bar for bar in bars)
    shares = [float(bar.partition('value="')[2].partition('"')[0]) for bar in bars]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    assert shown[-1] == {}, "the bar is taken back"
    assert left(book) == [{"output_type": "display_data", "metadata": {}, "data": {}}]
    assert "progress" not in json.dumps(book.cells[0].outputs)


@pytest.mark.usefixtures("quiet_kernels")
def test_a_notebook_is_silent_when_nothing_takes_long_or_it_is_switched_off():
    book, shown = executed(SLOW.format(patience="progress._PATIENCE"))
    assert (left(book), shown) == ([], [])
    book, shown = executed(SLOW.format(patience=0), WORKBENCH_PROGRESS="off")
    assert (left(book), shown) == ([], [])


@pytest.mark.usefixtures("quiet_kernels")
def test_a_bar_of_unknown_length_and_one_that_fails_are_taken_back_too():
    code = SLOW.format(patience=0).replace("(20, ", "(None, ")
    book, shown = executed(code)
    assert "samples after 0:0" in shown[-2]["text/html"]
    assert "value=" not in shown[-2]["text/html"]
    assert len(left(book)) == 1
    failing = "try:\n" + "".join(f"    {line}\n" for line in code.strip().splitlines())
    failing = failing.replace("bar.update(1)", "bar.update(1); 1 / (bar.done < 12)")
    _, shown = executed(failing + "except ZeroDivisionError:\n    pass")
    assert "text/html" in shown[0]
    assert shown[-1] == {}
