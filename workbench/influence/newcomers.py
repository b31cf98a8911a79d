"""How new the accounts are that amplify somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import CannotBuildError, UsageError
from workbench.influence.acts import acts_of, checked_corpus, per_pair
from workbench.influence.measures import MEASURES
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.influence.acts import Acts
    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["NewAmplifiers", "new_amplifiers", "share_of_new_amplifiers"]

DAY = 86_400_000
DAYS = 30.0
UNKNOWN = np.iinfo(np.int64).min


@MEASURES(
    reference="Chavoshi, Hamooni & Mueen (2016) doi:10.1109/ICDM.2016.0096",
    bounds=(0.0, 1.0),
    weighted=False,
    needs="posts",
)
def share_of_new_amplifiers(
    graph: InteractionGraph, corpus: Corpus, *, days: float = DAYS
) -> NodeScores:
    """Return which share of an account's amplifiers were new accounts when they first acted on it.

    An amplifier is new when its account was made at most `days` before its first act upon the
    account in the graph. Every other account that acts upon it counts once, by its own age;
    amplifiers whose age is unknown (no date of creation, an act without a time, or an act before
    the account was made) are left out of both sides of the share, never counted as old. New
    accounts are no proof of anything: a crisis, a ban elsewhere or a school year brings them too.

    Parameters
    ----------
    corpus
        The corpus that the graph was built from.
    days
        Age that counts as new, > 0.

    Returns
    -------
    NodeScores
        In [0, 1]; accounts without an amplifier of known age are absent. ``new_amplifiers`` has the
        counts behind each share; ``parameters`` has ``pairs``, ``undated`` (pairs without a date of
        creation or time) and ``created_after_act``.

    Raises
    ------
    UsageError
        No corpus was given, or `days` is not positive.
    UndefinedError
        The graph is empty, or its edges are no acts.
    CannotBuildError
        The corpus has no posts, or no account has a date of creation.
    InputError
        The acts of the corpus do not add up to the graph.

    References
    ----------
    .. [1] Chavoshi, Hamooni & Mueen (2016) DeBot: Twitter bot detection via warped correlation.
       ICDM, 817–822. doi:10.1109/ICDM.2016.0096
    """
    made = new_amplifiers(graph, corpus, days=days)
    known = made.rows[made.rows["known"] > 0]
    return NodeScores.from_known(
        graph,
        graph.positions(known["account"]),
        known["share"].to_numpy(dtype=np.float64),
        name="share_of_new_amplifiers",
        parameters={"days": days} | made.summary,
    )


@dataclass(frozen=True, eq=False, repr=False)
class NewAmplifiers(Tabular):
    """New accounts among the amplifiers of each account.

    Attributes
    ----------
    rows
        ``account, amplifiers, known, new, share`` in account order, of accounts that anybody else
        acts upon: amplifiers, those of known age, those that were new, and new / known (NA where
        no age is known).
    summary
        ``pairs`` of amplifier and amplified, ``undated`` and ``created_after_act`` among them.
    """

    rows: pd.DataFrame
    summary: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows


def new_amplifiers(graph: InteractionGraph, corpus: Corpus, *, days: float = DAYS) -> NewAmplifiers:
    """Return how many of the amplifiers of each account were new, and of how many that is known.

    Parameters
    ----------
    corpus, days
        As in ``share_of_new_amplifiers``, which says what new means.

    Raises
    ------
    UsageError, UndefinedError, CannotBuildError, InputError
        As ``share_of_new_amplifiers``.
    """
    import pandas as pd

    corpus = checked_corpus(graph, corpus, name="share_of_new_amplifiers", posts=False)
    if not 0 < days < float("inf"):
        raise UsageError("days must be a positive number", value=days)
    actor, target, first = _first_acts(acts_of(graph, corpus))
    created = _created(graph, corpus)
    if (created == UNKNOWN).all():
        raise CannotBuildError("no account of this graph has a date of creation in this data")
    undated = (created[actor] == UNKNOWN) | (first < 0)
    age = first - created[actor]
    impossible = ~undated & (age < 0)
    known = ~undated & ~impossible
    new = known & (age <= days * DAY)
    count = [
        np.bincount(target[chosen], minlength=graph.nodes)
        for chosen in (np.ones(len(target), dtype=bool), known, new)
    ]
    amplified = np.flatnonzero(count[0])
    rows = pd.DataFrame(
        {"account": graph.accounts[amplified]}
        | {
            name: values[amplified]
            for name, values in zip(("amplifiers", "known", "new"), count, strict=True)
        }
    )
    share = rows["new"].astype("Float64") / rows["known"].where(rows["known"] > 0).astype("Float64")
    summary = {
        "pairs": len(target),
        "undated": int(undated.sum()),
        "created_after_act": int(impossible.sum()),
    }
    return NewAmplifiers(rows.assign(share=share), summary)


def _created(graph: InteractionGraph, corpus: Corpus) -> NDArray[np.int64]:
    """Return when each account of the graph was made, epoch milliseconds."""
    with open_session(corpus) as session:
        rows = session.collect(views.accounts(session).select("account_id", "created_at"))
    rows = rows.filter(pc.is_valid(rows.column("created_at")))
    # Rounded down: an account that acts within the second of its creation is not older than itself.
    micro = rows.column("created_at").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    place = pc.fill_null(pc.index_in(rows.column("account_id"), value_set=graph.ids), -1).to_numpy()
    created = np.full(graph.nodes, UNKNOWN, dtype=np.int64)
    created[place[place >= 0]] = micro[place >= 0] // 1000
    return created


def _first_acts(acts: Acts) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return actor, target and time of the first dated act of each pair, −1 for none."""
    place, (actor, target) = per_pair(acts.actor, acts.target)
    never = np.iinfo(np.int64).max
    first = np.full(len(actor), never, dtype=np.int64)
    dated = acts.time >= 0
    np.minimum.at(first, place[dated], acts.time[dated])
    return actor, target, np.where(first == never, -1, first)
