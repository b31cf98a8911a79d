"""Which community of a window is which of the next: births, deaths, merges, splits, and flows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from workbench.communities.steps import Rule, Step, Window
from workbench.errors import InputError, UsageError
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.partition import Partition

__all__ = ["RULES", "Matching", "match"]

#: Rules and their thresholds where none is asked for.
RULES = {"inclusion": 0.5, "jaccard": 0.3}
AMONG = ("both", "all")
TYPES = {
    **dict.fromkeys(("window", "before", "event"), "string"),
    **dict.fromkeys(
        ("community", "source", "target", "accounts", "size_before", "size_after", "shared", "seen",
         "both", "joined", "left", "changes", "noise_runs", "dealt_runs"), "Int64"
    ),
    **dict.fromkeys(
        ("overlap", "moved", "ami", "noise_moved", "noise_ami", "noise_changes", "noise_share",
         "dealt_moved", "dealt_ami", "dealt_changes", "dealt_share"),
        "Float64",
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Matching(Tabular):
    """Communities that keep their number from window to window.

    Attributes
    ----------
    partitions
        Window → its communities; windows without any are not here but in `silent`.
    labels
        Window → number of the community of each account, −1 for none, in the order of its
        partition's ids, shape (n,). Numbers start at 0 and are the same in every window.
    events
        One row for each thing that happened: ``window`` (the later one), ``before`` (the earlier
        one), ``event``, ``community`` (whose number goes on, ends or begins), ``sources`` and
        ``targets`` (numbers before and after), ``size_before`` and ``size_after`` (accounts, of
        all sources and targets), ``shared`` (accounts in both windows that they share), ``seen``
        (accounts of the sources that are in the later window at all; of a birth, accounts of the
        target that are in the earlier one) and ``overlap`` (one source and one target only).
    moves
        One row for each pair of windows, source and target: ``accounts``. −1 is in the window, but
        in no community that is followed; NA is not in the window.
    steps
        One row a pair of windows: ``both`` (accounts in both), ``joined`` and ``left`` (accounts
        in one only), ``moved`` (of those in both and in a followed community in either, the share
        that is not where its community went on), ``ami`` (of the two partitions, accounts in
        both), ``changes`` (births, deaths, merges and splits of communities with an account in
        both). From ``over_time`` also what two seeds of one window show in the same accounts,
        ``noise_moved noise_ami noise_changes``, in how many comparisons (``noise_runs``), and
        ``noise_share`` (noise_moved / moved, at most 1); and ``dealt_…``, the same of two windows
        between which the acts of both were dealt at random. NA where unknown.
    silent
        Windows without communities, such as empty ones; the windows around them are compared.
    choices, seed
        Every choice that changed the numbers; `seed` is None where the partitions were given.
    """

    partitions: dict[str, Partition]
    labels: dict[str, NDArray[np.int64]]
    events: pd.DataFrame
    moves: pd.DataFrame
    steps: pd.DataFrame
    silent: tuple[str, ...] = ()
    choices: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None

    @property
    def windows(self) -> list[str]:
        """Names of the windows with communities, in order."""
        return list(self.partitions)

    @property
    def communities(self) -> list[int]:
        """Numbers of the communities, those with most accounts over all windows first."""
        totals = np.bincount(np.concatenate([of[of >= 0] for of in self.labels.values()]))
        return [int(i) for i in np.argsort(-totals, kind="stable")]

    def sizes(self) -> pd.DataFrame:
        """Return accounts by community (rows, by number) and window; NA where it is not."""
        import pandas as pd

        k = len(self.communities)
        counts = {
            window: np.bincount(of[of >= 0], minlength=k) for window, of in self.labels.items()
        }
        table = pd.DataFrame(counts, index=pd.RangeIndex(k, name="community")).astype("Int64")
        return table.mask(table == 0)

    def members(self, community: int, window: str) -> list[str]:
        """Return the ids of the accounts of a community in a window, in account order.

        Raises
        ------
        UsageError
            There is no such window, or no such community in any window.
        """
        if window not in self.labels:
            raise UsageError("no such window", value=window, allowed=", ".join(self.labels))
        if community not in self.communities:
            last = len(self.communities) - 1
            raise UsageError("no such community", value=community, allowed=f"0 to {last}")
        of = pa.array(self.labels[window] == community)
        return [str(i) for i in self.partitions[window].ids.filter(of).to_pylist()]

    def with_steps(self, rows: list[dict[str, Any]]) -> Self:
        """Return the same matching with other rows of `steps`."""
        return replace(self, steps=_typed(rows, STEPS))

    def flows(self) -> pd.DataFrame:
        """Return ``before window source target accounts``: how many went from where to where."""
        return self.moves

    def to_pandas(self) -> pd.DataFrame:
        """Return the events."""
        return self.events

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        return {
            "windows": self.windows,
            "silent": list(self.silent),
            "communities": len(self.communities),
            "events": records(self.events),
            "flows": records(self.moves),
            "steps": records(self.steps),
            "choices": dict(self.choices),
            "seed": self.seed,
        }

    def _shown(self) -> pd.DataFrame:
        return self.steps


def match(
    partitions: Mapping[str, Partition],
    *,
    rule: str = "inclusion",
    threshold: float | None = None,
    among: str = "both",
    least: int = 5,
) -> Matching:
    """Return which community of each window goes on as which of the next, and who moved.

    Two communities of successive windows are linked when they overlap by `threshold` or more:

    - ``inclusion``: max(|A ∩ B| / |A|, |A ∩ B| / |B|), as in group evolution discovery [1]
      without its weights of social position: at 0.5, half of one of them is in the other;
    - ``jaccard``: |A ∩ B| / |A ∪ B| [2]; a small part of a large community is not linked to it.

    One account in common makes no link between larger communities.

    No link: **death**, **birth**. Linked to two or more later ones: **split**; to two or more
    earlier ones: **merge** (a community can do both). Else it goes on and its size, all accounts
    counted, changes by more than 10 % (**grow**, **shrink**) or does not (**continue**). The number
    goes on along the link of highest Jaccard overlap that is still free (ties: more shared
    accounts, then the larger communities); other parts of a split get a new number, other parts of
    a merge end. A death with ``seen`` 0 says that the accounts fell silent, not that they parted.

    Communities are sets of accounts here: edges, weights and isolates count as far as they made
    the partitions. A community that is not found in a window and again in the one after has died
    and is born under another number.

    Parameters
    ----------
    partitions
        Window → communities, in the order of time. Labels may be given ones.
    threshold
        In (0, 1]; None is 0.5 for inclusion, 0.3 for Jaccard.
    among
        ``both``: overlaps are of accounts in both windows, so that who comes and goes does not
        undo a community; ``all``: of all accounts.
    least
        Fewest accounts of a community that is followed; those of others count as in none.

    Raises
    ------
    UsageError
        A choice has a value that is not allowed.
    InputError
        Fewer than two windows have a community that is followed.

    References
    ----------
    .. [1] Bródka, Saganowski & Kazienko (2013) GED: the method for group evolution discovery in
       social networks. Social Network Analysis and Mining 3, 1–14. doi:10.1007/s13278-012-0058-8
    .. [2] Greene, Doyle & Cunningham (2010) Tracking the evolution of communities in dynamic
       social networks. ASONAM, 176–183. doi:10.1109/ASONAM.2010.17
    """
    chosen = checked(rule, threshold, among=among, least=least)
    followed = {name: Window.of(partition, least) for name, partition in partitions.items()}
    return matched(followed, chosen, least=least)


def checked(rule: str, threshold: float | None, *, among: str, least: int) -> Rule:
    """Return the rule, or refuse a choice that is not allowed."""
    if rule not in RULES:
        raise UsageError("no such rule of matching", value=rule, allowed=", ".join(RULES))
    if among not in AMONG:
        raise UsageError("no such set of accounts", value=among, allowed=", ".join(AMONG))
    used = RULES[rule] if threshold is None else threshold
    if not 0 < used <= 1:
        raise UsageError("threshold must be in (0, 1]", value=used)
    if least < 1:
        raise UsageError("least must be 1 or more", value=least)
    return Rule(rule, float(used), among)


def matched(windows: Mapping[str, Window], rule: Rule, *, least: int) -> Matching:
    """Return the matching of windows; those without a followed community are passed over."""
    kept = {name: window for name, window in windows.items() if window.k}
    if len(kept) < 2:
        raise InputError(
            f"matching needs two windows with a community of {least} accounts or more",
            value=f"{len(kept)} of {len(windows)} windows",
            remedy="choose longer windows, or a smaller `least`",
        )
    names = list(kept)
    numbers = np.arange(kept[names[0]].k)
    every, following = [numbers], kept[names[0]].k
    events: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for before, window in pairwise(names):
        step = Step.of(kept[before], kept[window], rule)
        later = np.full(step.second.k, -1)
        for a, b in step.heirs.items():
            later[b] = numbers[a]
        new = np.flatnonzero(later < 0)
        later[new] = following + np.arange(len(new))
        following += len(new)
        place = {"before": before, "window": window}
        events += [place | _told(event, numbers, later) for event in step.events()]
        moves += [place | row for row in _moves(step, numbers, later)]
        steps.append(place | _summary(step))
        numbers = later
        every.append(later)
    return Matching(
        {name: kept[name].partition for name in names},
        {name: np.append(of, -1)[kept[name].labels] for name, of in zip(names, every, strict=True)},
        _typed(events, EVENTS),
        _typed(moves, MOVES),
        _typed(steps, STEPS),
        tuple(name for name in windows if name not in kept),
        {"rule": rule.name, "threshold": rule.threshold, "among": rule.among, "least": least},
    )


MOVES = ("before", "window", "source", "target", "accounts")
EVENTS = (
    "before", "window", "event", "community", "sources", "targets", "size_before", "size_after",
    "shared", "seen", "overlap",
)  # fmt: skip
STEPS = (
    "before", "window", "both", "joined", "left", "moved", "ami", "changes", "noise_moved",
    "noise_ami", "noise_changes", "noise_runs", "noise_share", "dealt_moved", "dealt_ami",
    "dealt_changes", "dealt_runs", "dealt_share",
)  # fmt: skip


def _told(
    event: dict[str, Any], before: NDArray[np.int64], after: NDArray[np.int64]
) -> dict[str, Any]:
    """Return an event with the numbers of its communities."""
    sources, targets = (
        tuple(int(number) for number in of[event[side]])
        for of, side in ((before, "before"), (after, "after"))
    )
    one = targets[0] if event["event"] in {"birth", "merge"} else sources[0]
    told = {name: value for name, value in event.items() if name not in {"before", "after"}}
    return told | {"community": one, "sources": sources, "targets": targets}


def _moves(step: Step, before: NDArray[np.int64], after: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return how many accounts went from where to where; None is not in the window."""
    here, there = step.pool
    sources, targets = (
        np.append(numbers, -1)[window.labels]
        for numbers, window in ((before, step.first), (after, step.second))
    )
    gone, come = np.ones(len(sources), dtype=bool), np.ones(len(targets), dtype=bool)
    gone[here] = False
    come[there] = False
    absent = int(max(before.max(), after.max())) + 1
    rows = np.concatenate([sources[here], sources[gone], np.full(come.sum(), absent)])
    columns = np.concatenate([targets[there], np.full(gone.sum(), absent), targets[come]])
    pairs, counts = np.unique(np.stack([rows, columns]), axis=1, return_counts=True)
    return [
        {
            "source": None if a == absent else a,
            "target": None if b == absent else b,
            "accounts": count,
        }
        for (a, b), count in zip(pairs.T.tolist(), counts.tolist(), strict=True)
    ]


def _summary(step: Step) -> dict[str, Any]:
    return {
        "both": step.accounts,
        "joined": len(step.second.labels) - step.accounts,
        "left": len(step.first.labels) - step.accounts,
        "moved": step.moved(),
        "ami": step.agreement(),
        "changes": step.changes(),
    }


def _typed(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=list(columns))
    return table.astype({name: TYPES[name] for name in columns if name in TYPES})


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON objects."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [
        {str(k): list(v) if isinstance(v, tuple) else v for k, v in row.items()} for row in rows
    ]
