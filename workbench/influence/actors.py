"""What kind of actor an account is, by the labels of a corpus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import CannotBuildError
from workbench.model.partition import Partition

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["actor_kinds"]


def actor_kinds(graph: InteractionGraph, corpus: Corpus, *, scheme: str) -> Partition:
    """Return what the labels of a corpus say the accounts of a graph are.

    A label counts when its time overlaps that of the graph (its window, else from its first to its
    last act), or when either is unknown. A label of a handle counts for the account that bore it,
    if exactly one did. Accounts with two different labels of the scheme have no kind, and are
    counted in ``parameters["ambiguous"]``.

    Parameters
    ----------
    scheme
        Which labels, such as ``public_actor``.

    Raises
    ------
    CannotBuildError
        The corpus has no labels of accounts of that scheme.
    """
    import pandas as pd

    with open_session(corpus) as session:
        labels = session.collect(session.table("labels")).to_pandas()
        aliases = session.collect(views.aliases(session)).to_pandas()
    labels = labels[(labels["subject_type"] == "account") & labels["subject"].notna()]
    chosen = labels[(labels["scheme"] == scheme) & labels["value"].notna()]
    if not len(chosen):
        known = ", ".join(sorted(labels["scheme"].dropna().unique())) or "none"
        raise CannotBuildError(
            "this data has no such labels of accounts",
            value=scheme,
            allowed=known,
            remedy="load a list of accounts into the study, or give groups yourself",
        )
    since, until = graph.window
    since = graph.first_ms if since is None else since
    until = None if until is None and graph.last_ms is None else (until or (graph.last_ms or 0) + 1)
    chosen = chosen[_overlap(chosen, since, until)]
    handles = "handle:" + aliases["platform"].astype(str) + ":" + aliases["handle"].astype(str)
    bearers = aliases["account_id"].groupby(handles).agg(["nunique", "first"])
    bore = bearers.loc[bearers["nunique"] == 1, "first"].to_dict()
    account = pd.Series([bore.get(s, s) for s in chosen["subject"]], chosen.index, dtype="str")
    kinds = chosen["value"].groupby(account).agg(["nunique", "first"])
    clear = kinds.loc[kinds["nunique"] == 1, "first"]
    made = Partition.from_mapping(graph, clear.to_dict(), method=f"labels {scheme}")
    ambiguous = graph.positions(kinds.index[kinds["nunique"] > 1])
    facts = {**made.parameters, "ambiguous": int((ambiguous >= 0).sum())}
    return replace(made, parameters=facts)


def _overlap(labels: pd.DataFrame, since: int | None, until: int | None) -> Any:
    """Return which labels were valid at some time in [since, until)."""
    import pandas as pd

    valid = pd.Series(data=True, index=labels.index)
    if until is not None:
        begun = labels["valid_from"].isna() | (
            labels["valid_from"] < pd.Timestamp(until, unit="ms", tz="UTC")
        )
        valid &= begun
    if since is not None:
        valid &= labels["valid_to"].isna() | (
            labels["valid_to"] >= pd.Timestamp(since, unit="ms", tz="UTC")
        )
    return valid
