"""One graph after another: the same kind of act in windows of equal length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbench.errors import CannotBuildError, UsageError
from workbench.graphs.build import graph
from workbench.model.filters import instant_ms, iso

if TYPE_CHECKING:
    from datetime import date, datetime

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["windows"]

HOUR, DAY = 3_600_000, 86_400_000
UNITS = {"h": HOUR, "d": DAY, "w": 7 * DAY}
MOST = 1_000


def windows(
    corpus: Corpus,
    kind: str = "retweet",
    *,
    every: str = "7d",
    since: str | date | datetime | None = None,
    until: str | date | datetime | None = None,
    **filters: Any,
) -> dict[str, InteractionGraph]:
    """Return the graph of each window, in order, named after its start.

    Windows are half-open, of equal length and without a gap between them; one without an act has
    an empty graph, for silence is a finding. Where `until` is not the end of a window, the last one
    is shorter and says so in its ``window``. Acts without a time are in none.

    Parameters
    ----------
    every
        Length: a whole number and ``h``, ``d`` or ``w`` (hours, days, weeks), such as ``7d``.
    since
        Start of the first window; None is 00:00 UTC of the day of the first act, or its full hour
        for a length in hours.
    until
        End, excluded; None ends with the window that has the last act.
    **filters
        Of ``graph``, the same for every window.

    Returns
    -------
    dict
        Start (a date, or a time where it is not 00:00 UTC) → graph.

    Raises
    ------
    UsageError
        The length cannot be read, or there would be more than 1,000 windows.
    CannotBuildError
        No act that passes has a time, so there is nothing to cut, or the graph cannot be built.
    """
    length, unit = _length(every)
    start, end = instant_ms(since, name="since"), instant_ms(until, name="until")
    if start is None or end is None:
        first, last = _covered(graph(corpus, kind, since=since, until=until, **filters))
        start = first - first % unit if start is None else start
        end = last + 1 if end is None else end
        if until is None:
            end = start - (start - end) // length * length
    if not start < end:
        raise UsageError("since must be before until", value=f"{iso(start)}, {iso(end)}")
    bounds = list(range(start, end, length)) if (end - start) <= MOST * length else []
    if not bounds:
        raise UsageError(
            "that would be too many windows",
            value=-((start - end) // length),
            allowed=f"at most {MOST:,}",
            remedy="choose longer windows, or a shorter time",
        )
    shown = 10 if all(bound % DAY == 0 for bound in bounds) else 16
    return {
        iso(bound)[:shown]: graph(
            corpus,
            kind,
            since=iso(bound),
            until=iso(min(bound + length, end)),
            **filters,
        )
        for bound in bounds
    }


def _length(every: str) -> tuple[int, int]:
    """Return the length of a window, and of what its start is rounded down to."""
    found = re.fullmatch(r"\s*([1-9]\d*)\s*([hdw])\s*", every)
    if found is None:
        raise UsageError(
            "every is not a length of time", value=every, allowed="such as 12h, 1d, 7d or 2w"
        )
    count, unit = found.groups()
    return int(count) * UNITS[unit], min(UNITS[unit], DAY)


def _covered(whole: InteractionGraph) -> tuple[int, int]:
    """Return the first and last time of a graph."""
    if whole.first_ms is None or whole.last_ms is None:
        raise CannotBuildError(
            "no act that passes has a time, so no windows can be cut",
            value=f"{whole.edges} {whole.kind} edges",
            remedy="check the filters, or use the graph of the whole period",
        )
    return whole.first_ms, whole.last_ms
