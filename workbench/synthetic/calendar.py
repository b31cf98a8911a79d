"""When posts are written: daily rhythm, an incident, and a conference that is known ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from workbench.synthetic.config import Config

__all__ = ["HOUR_MS", "Event", "events", "quotas"]

HOUR_MS = 3_600_000

#: Share of a day's posts by hour (UTC), from a quiet night to an evening peak; sums to 24.
_RHYTHM = np.array(
    [.35, .2, .15, .1, .15, .3, .7, 1.1, 1.3, 1.3, 1.2, 1.2, 1.4, 1.4, 1.2, 1.1, 1.2, 1.4, 1.6, 1.8,
     1.7, 1.4, 1.0, .75]
)  # fmt: skip
_WEEKEND = 0.75


@dataclass(frozen=True)
class Event:
    """Something that happens, and the hours in which it raises the number of posts.

    Attributes
    ----------
    name, kind
        What it is called, and ``incident`` or ``conference``.
    hour
        When it happens, in hours after the start.
    factor
        By how much it multiplies the usual number of posts at its peak, less one.
    before, after
        Hours in which the factor grows towards the event and dies away after it (e-folding).
    """

    name: str
    kind: str
    hour: int
    factor: float
    before: float
    after: float

    def lift(self, hours: int) -> npt.NDArray[Any]:
        """Return what the event adds to the multiplier of each hour."""
        distance = np.arange(hours) - self.hour
        scale = np.where(distance < 0, max(self.before, 1e-9), self.after)
        lift = self.factor * np.exp(-np.abs(distance) / scale)
        return np.where(lift > 0.05, lift, 0.0)

    def window(self, config: Config) -> tuple[int, int]:
        """Return [since, until) in epoch milliseconds: where the event at least adds a half."""
        raised = np.flatnonzero(self.lift(config.hours) >= 0.5)
        start = config.start_ms
        return start + int(raised[0]) * HOUR_MS, start + (int(raised[-1]) + 1) * HOUR_MS


def events(config: Config) -> tuple[Event, Event]:
    """Return the incident (sudden) and the conference (a date known in advance)."""
    incident = 24 * round(config.days * 0.25) + 9
    conference = 24 * round(config.days * 0.65) + 14
    return (
        Event("collision at the pass", "incident", incident, 3.0, 0.0, 9.0),
        Event("Ysmar conference", "conference", conference, 3.5, 10.0, 8.0),
    )


def quotas(config: Config, posts: int) -> npt.NDArray[np.int64]:
    """Return the number of posts of each hour; they sum to `posts` exactly."""
    hour = np.arange(config.hours)
    weekday = (config.start_ms // 86_400_000 + 3 + hour // 24) % 7  # 0 is Monday
    rate = _RHYTHM[hour % 24] * np.where(weekday >= 5, _WEEKEND, 1.0)
    rate = rate * (1 + sum(event.lift(config.hours) for event in events(config)))
    edges = np.floor(np.cumsum(rate) / rate.sum() * posts + 1e-9).astype(np.int64)
    edges[-1] = posts
    hourly: npt.NDArray[np.int64] = np.diff(edges, prepend=0)
    return hourly
