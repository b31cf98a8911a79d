"""Latent ideology: where accounts stand, read from whom they amplify."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import ConvergenceError, NotFoundError, UndefinedError, UsageError
from workbench.model.csr import weak_components
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular
from workbench.polarisation.preparation import check_choices
from workbench.rng import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["Ideology", "latent_ideology"]

SUPPLEMENTARY = ("none", "accounts", "influencers", "both")
#: A score or a singular value below this is zero; singular values closer than this are equal.
NOTHING = 1e-6


@dataclass(frozen=True, repr=False)
class Ideology(Tabular):
    """Positions of accounts and influencers on the dimensions of a correspondence analysis.

    Attributes
    ----------
    accounts
        For each dimension the scores of the accounts in the table, with mean 0 and standard
        deviation 1 over them. Accounts that are not in the table are absent.
    influencers
        For each dimension the scores of the influencers in the table: the mean of the accounts
        that amplified them.
    supplementary_accounts, supplementary_influencers
        Those placed afterwards, on the same scale; empty unless asked for.
    inertia
        Share of the table's inertia (its variance) on each dimension.
    dropped
        Accounts and influencers that were left out, by reason, and ``components`` of the table
        beside the largest.
    choices
        Every choice that changed the numbers, with ``anchors`` (the id that is positive, one a
        dimension) and ``ties`` (accounts tied at the cut of the influencers).
    """

    accounts: tuple[NodeScores, ...]
    influencers: tuple[NodeScores, ...]
    inertia: tuple[float, ...]
    supplementary_accounts: tuple[NodeScores, ...] = ()
    supplementary_influencers: tuple[NodeScores, ...] = ()
    dropped: dict[str, int] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)

    def _words(self) -> str:
        many, of = len(self.accounts[0].values), len(self.influencers[0].values)
        return f"{many:,} accounts by {of:,} influencers, {len(self.inertia)} dimension(s)"

    def _shown(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(
            [
                (i, inertia, len(accounts.values), len(influencers.values))
                for i, (inertia, accounts, influencers) in enumerate(
                    zip(self.inertia, self.accounts, self.influencers, strict=True), start=1
                )
            ],
            columns=["dimension", "share_of_inertia", "accounts", "influencers"],
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, role, supplementary, dimension_1, …``; some have two roles."""
        import pandas as pd

        tables = []
        for role, extra, scores in (
            ("account", False, self.accounts),
            ("account", True, self.supplementary_accounts),
            ("influencer", False, self.influencers),
            ("influencer", True, self.supplementary_influencers),
        ):
            if scores:
                columns = {f"dimension_{i}": each.values for i, each in enumerate(scores, start=1)}
                about = {"account": scores[0].ids.to_pylist(), "role": role, "supplementary": extra}
                tables.append(pd.DataFrame({**about, **columns}))
        return pd.concat(tables, ignore_index=True)


def latent_ideology(
    graph: InteractionGraph,
    *,
    influencers: int | Sequence[str] = 300,
    min_influencers: int = 2,
    dimensions: int = 1,
    anchor: str | None = None,
    supplementary: str = "none",
    weights: str = "unweighted",
) -> Ideology:
    """Return where accounts stand, from which influencers they amplify.

    Correspondence analysis of the table of accounts × influencers [1–3]: with P the table over its
    sum, r and c its margins, the singular vectors of S = Dr^−½ (P − r cᵀ) Dc^−½ give accounts
    Dr^−½ u. Accounts that amplify the same influencers stand close together. The first dimension
    is the strongest contrast in the table, *not* left and right by itself: look at who stands
    where. S is never formed; O(edges) an iteration.

    Edges point from the amplifier to the influencer. Self-loops are dropped; a pair counts once
    unless ``weights="weighted"``. Where the table falls into parts that share nobody, no distance
    between them exists: the largest is kept and the rest counted. Scores have mean 0 and standard
    deviation 1 over accounts, where [2] stretches them to [−1, 1], which one outlier decides; an
    influencer's score is the mean of its amplifiers'. Scores computed from a graph say nothing new
    about how divided the same graph is: that would be circular.

    Parameters
    ----------
    influencers
        How many accounts with the most distinct amplifiers are the columns (ties go to account
        order and are counted), or their ids.
    min_influencers
        Accounts that amplify fewer distinct influencers are left out (2 in [2, 3], 3 in [1]).
        With 1 a small circle around one influencer can take the first dimension.
    dimensions
        How many dimensions.
    anchor
        The account or influencer that is positive on every dimension; None takes the influencer
        with the most amplifiers in the table. The sign has no meaning otherwise.
    supplementary
        ``accounts`` places those with fewer than `min_influencers`, ``influencers`` all others
        that an account of the table amplifies, ``both``, ``none``. They do not move the others.
    weights
        ``unweighted|weighted`` (acts).

    Raises
    ------
    UndefinedError
        Fewer than two accounts or influencers are left, all accounts amplify in the same
        proportions, there are fewer dimensions than asked for, two dimensions explain the same
        share so that their axes are arbitrary, or the anchor stands at the centre.
    NotFoundError
        The anchor or an influencer is not in the graph, or the anchor not in the table.
    UsageError
        A choice has a value that is not allowed, or the graph has no direction.
    ConvergenceError
        The singular vectors did not converge.

    References
    ----------
    .. [1] Barberá (2015) Birds of the same feather tweet together. Political Analysis 23(1),
       76–91. doi:10.1093/pan/mpu011
    .. [2] Flamino et al. (2023) Political polarization of news media and influencers on Twitter
       in the 2016 and 2020 US presidential elections. Nature Human Behaviour 7, 904–916.
       doi:10.1038/s41562-023-01550-8
    .. [3] Falkenberg et al. (2022) Growing polarization around climate change on social media.
       Nature Climate Change 12, 1114–1121. doi:10.1038/s41558-022-01527-x
    """
    _check(graph, min_influencers, dimensions, supplementary, weights)
    matrix = graph.without_self_loops().to_scipy()
    if weights == "unweighted":
        matrix.data = np.ones(len(matrix.data))
    columns, ties = _chosen(graph, matrix, influencers)
    rows, kept, dropped = _largest_table(matrix[:, columns], min_influencers)
    columns = columns[kept]
    table = matrix[rows][:, columns]
    found = _correspondence(table, dimensions)
    scores = _standardised(found.rows, found.rows)
    anchors, signs = _signs(graph, rows, columns, table, scores, anchor)
    choices = {
        "influencers": len(influencers) if not isinstance(influencers, int) else influencers,
        "min_influencers": min_influencers, "dimensions": dimensions, "weights": weights,
        "supplementary": supplementary, "anchors": anchors, "ties": ties,
    }  # fmt: skip
    if not isinstance(influencers, int):
        choices["influencers_given"] = True

    def named(positions: NDArray[np.int64], values: NDArray[np.float64]) -> tuple[NodeScores, ...]:
        return tuple(
            NodeScores.from_known(
                graph, positions, values[:, i] * signs[i],
                name=f"ideology_{i + 1}" if i else "ideology", parameters=choices,
            )
            for i in range(dimensions)
        )  # fmt: skip

    extra: dict[str, tuple[NodeScores, ...]] = {}
    if supplementary in {"accounts", "both"}:
        others = np.setdiff1d(np.flatnonzero(np.diff(matrix[:, columns].indptr)), rows)
        placed = _means(matrix[others][:, columns], found.columns) / found.singular
        extra["supplementary_accounts"] = named(others, _standardised(placed, found.rows))
    if supplementary in {"influencers", "both"}:
        others = np.setdiff1d(np.unique(matrix[rows].indices), columns)
        placed = _means(matrix[rows][:, others].T.tocsr(), scores)
        extra["supplementary_influencers"] = named(others, placed)
    return Ideology(
        named(rows, scores),
        named(columns, _means(table.T.tocsr(), scores)),
        tuple(found.inertia.tolist()),
        dropped=dropped,
        choices=choices,
        **extra,
    )


def _check(
    graph: InteractionGraph, least: int, dimensions: int, supplementary: str, weights: str
) -> None:
    check_choices({"weights": weights})
    if not graph.directed:
        raise UsageError(
            "nobody amplifies anybody in a graph without direction",
            value=graph.kind,
            remedy="use a graph of retweets, or of accounts and what they used",
        )
    for name, number in (("min_influencers", least), ("dimensions", dimensions)):
        if number < 1:
            raise UsageError(f"{name} must be at least 1", value=number)
    if supplementary not in SUPPLEMENTARY:
        raise UsageError(
            "supplementary has a value that is not allowed",
            value=supplementary,
            allowed=", ".join(SUPPLEMENTARY),
        )


def _chosen(
    graph: InteractionGraph, matrix: csr_array, influencers: int | Sequence[str]
) -> tuple[NDArray[np.int64], int]:
    """Return the influencers' positions, ascending, and the accounts tied at the cut."""
    if not isinstance(influencers, int):
        return np.unique([graph.position(account) for account in influencers]).astype(np.int64), 0
    if influencers < 2:
        raise UsageError("two influencers are needed at least", value=influencers)
    amplifiers = np.bincount(matrix.indices, minlength=graph.nodes)
    order = np.argsort(-amplifiers, kind="stable")
    order = order[amplifiers[order] > 0]
    chosen, others = order[:influencers], order[influencers:]
    ties = 0
    if len(others) and amplifiers[others[0]] == amplifiers[chosen[-1]]:
        ties = int((amplifiers == amplifiers[chosen[-1]]).sum())
    return np.sort(chosen), ties


def _largest_table(
    table: csr_array, least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, int]]:
    """Return the rows and columns of the largest connected part, and what was dropped."""
    from scipy.sparse import block_array

    distinct = np.diff(table.indptr)
    enough = np.flatnonzero(distinct >= least)
    inner = table[enough]
    used = np.flatnonzero(np.bincount(inner.indices, minlength=table.shape[1]))
    inner = inner[:, used]
    if inner.shape[0] < 2 or inner.shape[1] < 2:
        raise UndefinedError(
            "too few accounts amplify several of the influencers",
            value=f"{inner.shape[0]} accounts, {inner.shape[1]} influencers",
            remedy="take more influencers, or a smaller min_influencers",
        )
    blocks: Any = [[None, inner], [inner.T, None]]
    parts = weak_components(block_array(blocks).tocsr())
    rows, columns = parts[: len(enough)] == 0, parts[len(enough) :] == 0
    return (
        enough[rows],
        used[columns],
        {
            "accounts_without_influencer": int((distinct == 0).sum()),
            "accounts_below_minimum": int(((distinct > 0) & (distinct < least)).sum()),
            "accounts_outside_component": int((~rows).sum()),
            "influencers_without_account": int(table.shape[1]) - len(used),
            "influencers_outside_component": int((~columns).sum()),
            "components": int(parts.max()),
        },
    )


@dataclass(frozen=True)
class _Correspondence:
    """Standard coordinates of rows and columns, singular values and shares of inertia."""

    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    singular: NDArray[np.float64]
    inertia: NDArray[np.float64]


def _correspondence(table: csr_array, dimensions: int) -> _Correspondence:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import LinearOperator, svds

    most = min(table.shape) - 1
    if dimensions > most:
        raise UndefinedError(
            "the table has fewer dimensions", value=dimensions, allowed=f"up to {most}"
        )
    total = float(table.sum())
    r, c = (np.sqrt(np.asarray(table.sum(axis=axis)).ravel() / total) for axis in (1, 0))
    scaled = (diags_array(1 / (r * total)) @ table @ diags_array(1 / c)).tocsr()
    turned = scaled.T.tocsr()
    inertia = float((scaled.data**2).sum()) - 1
    if inertia < NOTHING**2:
        raise UndefinedError("all accounts amplify the influencers in the same proportions")
    operator = LinearOperator(
        scaled.shape,
        matvec=lambda y: scaled @ np.ravel(y) - r * (c @ np.ravel(y)),
        rmatvec=lambda x: turned @ np.ravel(x) - c * (r @ np.ravel(x)),
        dtype=np.float64,
    )
    # The same start for the same table: the result has no seed, and a random start misses nothing.
    start = generator(0, "latent_ideology", *table.shape).standard_normal(most + 1)
    u, singular, v = _largest(svds, operator, min(dimensions + 1, most), start)
    if singular[dimensions - 1] < NOTHING:
        raise UndefinedError(
            "the table has fewer dimensions",
            value=dimensions,
            allowed=f"up to {int((singular >= NOTHING).sum())}",
        )
    if len(singular) > 1 and (-np.diff(singular)).min() < NOTHING:
        raise UndefinedError(
            "two dimensions explain the same share, so their axes are arbitrary",
            value=", ".join(f"{value:.6f}" for value in singular),
        )
    shares = singular[:dimensions] ** 2 / inertia
    return _Correspondence(
        u[:, :dimensions] / r[:, None],
        v[:, :dimensions] / c[:, None],
        singular[:dimensions],
        shares,
    )


def _largest(
    svds: Any, operator: Any, k: int, start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the k largest singular triplets, the largest first."""
    from scipy.sparse.linalg import ArpackNoConvergence

    try:
        u, singular, vt = svds(operator, k=k, v0=start)
    except ArpackNoConvergence as error:
        raise ConvergenceError(
            "the singular vectors did not converge", value=str(error), remedy="ask for fewer"
        ) from error
    order = np.argsort(-singular, kind="stable")
    return u[:, order], singular[order], vt[order].T


def _standardised(values: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values on the scale on which `by` has mean 0 and standard deviation 1."""
    return np.asarray((values - by.mean(axis=0)) / by.std(axis=0))


def _means(table: csr_array, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the columns' scores for each row of a table."""
    return np.asarray(table @ scores) / np.asarray(table.sum(axis=1)).reshape(-1, 1)


def _signs(
    graph: InteractionGraph,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    table: csr_array,
    scores: NDArray[np.float64],
    anchor: str | None,
) -> tuple[list[str], NDArray[np.float64]]:
    """Return for each dimension the id that is positive, and the sign that makes it so."""
    of_columns = _means(table.T.tocsr(), scores)
    if anchor is None:
        amplifiers = np.bincount(table.indices, minlength=len(columns))
        order = np.argsort(-amplifiers, kind="stable")
        # The largest influencer, or the next one where that stands at the centre.
        firsts = [order[np.argmax(np.abs(each[order]) > NOTHING)] for each in of_columns.T]
        values = of_columns[firsts, np.arange(len(firsts))]
        ids = [str(graph.ids[int(columns[first])]) for first in firsts]
    else:
        place = graph.position(anchor)
        ids = [str(graph.ids[place])] * scores.shape[1]
        if place in columns:
            values = of_columns[np.searchsorted(columns, place)]
        elif place in rows:
            values = scores[np.searchsorted(rows, place)]
        else:
            raise NotFoundError(
                "the anchor is not in the table", value=anchor, remedy="choose one of its accounts"
            )
    if (np.abs(values) <= NOTHING).any():
        raise UndefinedError(
            "the anchor stands at the centre of a dimension",
            value=ids[0],
            remedy="choose another anchor",
        )
    return ids, np.sign(values)
