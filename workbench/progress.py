"""One line of progress with the time that is left, on a terminal; silence everywhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress"]


class Progress:
    """Show how much of a long task is done and how long the rest will take.

    The line is drawn on standard error and wiped away at the end, so results on standard output,
    logs, pipes and notebooks stay clean: where standard error is no terminal, nothing is written.

    Parameters
    ----------
    total
        Amount of work in `unit`; None when it is not known.
    label
        What is being done, in a few words.
    unit
        What is counted; ``bytes`` are shown as kB, MB, GB.
    show
        None shows the line on a terminal only; False never shows it.
    """

    def __init__(
        self, total: float | None, label: str, unit: str = "", *, show: bool | None = None
    ) -> None:
        self.total = total
        self.done = 0.0
        self._label = label
        self._unit = unit
        self._show = show is not False and _terminal()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Draw the line."""
        if self._show:
            self._bar = _bar(self._unit)
            self._task = self._bar.add_task(self._label, total=self.total)
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wipe the line away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def update(self, n: float) -> None:
        """Say that `n` more units are done."""
        self.done += n
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done)

    def describe(self, label: str) -> None:
        """Change what is said to be done."""
        self._label = label
        if self._bar is not None:
            self._bar.update(self._task, description=label)


def _terminal() -> bool:
    """Return whether standard error is a terminal that can redraw a line."""
    return sys.stderr is not None and sys.stderr.isatty()


def _bar(unit: str) -> Any:
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
