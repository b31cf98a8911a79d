"""How far a long task is and how long the rest will take: on a terminal, and in a notebook.

Nothing of it stays: a terminal's line is wiped away, and a notebook's bar is taken back, so that a
saved notebook holds none. ``WORKBENCH_PROGRESS=off`` in the environment shows nothing anywhere.
"""

from __future__ import annotations

import html
import os
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress"]

#: Seconds before a notebook shows a bar at all, and between two drawings of it.
_PATIENCE, _PAUSE = 2.0, 0.25


class Progress:
    """Show how much of a long task is done and how long the rest will take.

    On a terminal a line on standard error is redrawn and wiped away at the end. In a notebook a bar
    appears in the cell when the task has taken two seconds, and goes when it is done. Elsewhere
    (pipes, logs, CI) nothing is written. With ``WORKBENCH_PROGRESS=off`` nothing is shown anywhere.

    Parameters
    ----------
    total
        Amount of work in `unit`; None when it is not known.
    label
        What is being done, in a few words.
    unit
        What is counted; ``bytes`` are shown as kB, MB, GB.
    show
        None shows the progress where somebody watches; False never does.

    Examples
    --------
    >>> with Progress(500, "bootstrap", "resamples") as shown:
    ...     shown.update(500)
    """

    def __init__(
        self, total: float | None, label: str, unit: str = "", *, show: bool | None = None
    ) -> None:
        self.total = total
        self.done = 0.0
        self._label = label
        self._view = None if show is False else _view(unit)

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._view is not None:
            self._view.begin(self._label, self.total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what was shown."""
        if self._view is not None:
            self._view.end()
            self._view = None

    def update(self, n: float) -> None:
        """Say that `n` more units are done."""
        self.done += n
        self._tell()

    def describe(self, label: str) -> None:
        """Change what is said to be done."""
        self._label = label
        self._tell()

    def _tell(self) -> None:
        if self._view is not None:
            self._view.tell(self._label, self.done)


class _View(Protocol):
    """Where progress is shown."""

    def begin(self, label: str, total: float | None) -> None: ...
    def tell(self, label: str, done: float) -> None: ...
    def end(self) -> None: ...


class _Line:
    """A line on standard error, which rich redraws and wipes away."""

    def __init__(self, unit: str) -> None:
        self._bar = _rich_bar(unit)
        self._task: Any = None

    def begin(self, label: str, total: float | None) -> None:
        self._task = self._bar.add_task(label, total=total)
        self._bar.start()

    def tell(self, label: str, done: float) -> None:
        self._bar.update(self._task, completed=done, description=label)

    def end(self) -> None:
        self._bar.stop()


class _Cell:
    """A bar in the output of a notebook's cell, updated in place and emptied at the end."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._total: float | None = None
        self._begun = self._drawn = 0.0
        self._handle: Any = None

    def begin(self, label: str, total: float | None) -> None:  # noqa: ARG002  nothing is drawn yet
        self._total = total
        self._begun = time.monotonic()

    def tell(self, label: str, done: float) -> None:
        now = time.monotonic()
        if now - self._begun < _PATIENCE or now - self._drawn < _PAUSE:
            return
        self._drawn = now
        told = {"text/html": _bar_html(label, self._told(done, now)), "text/plain": label}
        if self._handle is None:
            ipython: Any = sys.modules["IPython"]
            self._handle = ipython.display.display(told, raw=True, display_id=True)
        else:
            self._handle.update(told, raw=True)

    def end(self) -> None:
        if self._handle is not None:
            self._handle.update({}, raw=True)
            self._handle = None

    def _told(self, done: float, now: float) -> tuple[float | None, str]:
        """Return the share that is done, None when unknown, and how much and how long that is."""
        spent = now - self._begun
        if not self._total:
            return None, f"{_amount(done, self._unit)} after {_clock(spent)}"
        share = min(1.0, done / self._total)
        left = f", {_clock(spent / share - spent)} left" if share else ""
        so_far = _amount(done, self._unit if self._unit == "bytes" else "")
        return share, f"{so_far} of {_amount(self._total, self._unit)}{left}"


def _view(unit: str) -> _View | None:
    """Return where progress is shown; None where nobody watches."""
    if os.environ.get("WORKBENCH_PROGRESS", "").casefold() == "off":
        return None
    if _in_kernel():
        return _Cell(unit)
    return _Line(unit) if sys.stderr is not None and sys.stderr.isatty() else None


def _in_kernel() -> bool:
    """Return whether a notebook's kernel runs this; IPython is asked only where it is loaded."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


def _bar_html(label: str, told: tuple[float | None, str]) -> str:
    share, words = told
    name = html.escape(label)
    value = "" if share is None else f' value="{share:.3f}"'
    return (
        f'<progress aria-label="{name}" max="1"{value} style="width:16em;vertical-align:middle;'
        f'accent-color:var(--jp-brand-color1,auto)"></progress> {name}: {html.escape(words)}'
    )


def _amount(number: float, unit: str) -> str:
    """Return a number with its unit; bytes by the thousand, million or billion."""
    if unit != "bytes":
        return f"{number:,.0f} {unit}".strip()
    for name in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:,.0f} {name}" if number >= 10 else f"{number:.3g} {name}"
        number /= 1000
    return f"{number:,.1f} GB"


def _clock(seconds: float) -> str:
    """Return a time as 0:07, 12:30 or 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _rich_bar(unit: str) -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as RichProgress

    amount = [DownloadColumn()] if unit == "bytes" else [MofNCompleteColumn(), TextColumn(unit)]
    return RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *amount,
        TimeRemainingColumn(),
        console=Console(stderr=True, force_jupyter=False),
        transient=True,
    )
