"""Opinions on a graph: how far the graph keeps them apart, and what is left after influence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError
from workbench.model.index import IndexValue
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular
from workbench.polarisation.laplacian import solve_laplacian, solve_shifted
from workbench.polarisation.measures import INDICES, index_of
from workbench.polarisation.preparation import check_choices, is_directed, prepared_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = [
    "ExpressedOpinions",
    "expressed_opinions",
    "friedkin_johnsen",
    "generalised_euclidean",
    "opinion_distance",
]


def _euclidean(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides(exactly=2)
    if prepared.directed:
        raise UndefinedError(
            "this distance is defined on graphs without direction",
            value="direction=directed",
            remedy="use direction=undirected",
        )
    return _distance(prepared.matrix, _by_side(prepared)), {}


@INDICES(
    reference="Hohmann, Devriendt & Coscia (2023) doi:10.1126/sciadv.abq2044",
    bounds=(0.0, None),
    divided_is="high",
    sides=2,
    kernel=_euclidean,
)
def generalised_euclidean(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far apart the graph keeps the opinions of two sides.

    sqrt(oᵀ L⁺ o), o = +1 on one side and −1 on the other, L⁺ the pseudo-inverse of the Laplacian:
    opinions that have to travel far, through few edges, are far apart. It is exact (one sparse
    linear system, [1] inverts a dense matrix) and the same when the sides change names. **It grows
    with the number of accounts and with chains** (7,895 on a topic of 10,674 accounts that is not
    controversial, 247 on another), so raw values are never compared between graphs: read it beside
    its null model. :func:`opinion_distance` takes opinions of your own.

    Self-loops, accounts without a side and small components are dropped and counted. Weighted:
    weights are divided by their mean, so that their unit does not matter; a heavier edge brings
    opinions closer.

    Parameters
    ----------
    direction, weights, component
        ``undirected`` (``directed`` is refused), ``unweighted|weighted``, ``largest|all``
        (definitions 2).

    Returns
    -------
    IndexValue
        ≥ 0, high = divided, without a unit.

    Raises
    ------
    UndefinedError
        Not two sides with an account, a graph of several components (``component="all"``), or edges
        with direction.
    ConvergenceError
        The linear solver did not reach 1e-10.

    References
    ----------
    .. [1] Hohmann, Devriendt & Coscia (2023) Quantifying ideological polarization on a network
       using generalized Euclidean distance. Science Advances 9(9), eabq2044.
       doi:10.1126/sciadv.abq2044
    """
    return index_of(
        "generalised_euclidean",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _friedkin_johnsen(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides(exactly=2)
    _, polarisation, disagreement = _expressed(
        prepared.matrix, _by_side(prepared), directed=prepared.directed
    )
    share = polarisation / prepared.nodes
    return polarisation, {"disagreement": disagreement, "polarisation_per_account": share}


@INDICES(
    reference="Friedkin & Johnsen (1990) doi:10.1080/0022250X.1990.9990069",
    bounds=(0.0, None),
    divided_is="high",
    sides=2,
    kernel=_friedkin_johnsen,
)
def friedkin_johnsen(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how spread opinions still are when everybody heeds those they deal with.

    Everybody holds an opinion s_i = ±1 by side (centred) and expresses z_i, the mean of s_i and of
    the z of its contacts: z = (I + L)⁻¹ s [1]. The index is the polarisation of [2],
    P = Σ (z_i − z̄)², a sum over accounts: **it grows with their number**, so raw values are never
    compared between graphs; read it beside its null model. ``choices`` tell P by account
    (``polarisation_per_account``, in [0, 1]) and the ``disagreement`` D = Σ w_ij (z_i − z_j)² over
    edges. D is no index of its own here, for division lowers it: fewer contacts disagree. Without
    direction P + D = sᵀ (I + L)⁻¹ s. :func:`expressed_opinions` takes opinions of your own.

    Self-loops, accounts without a side and small components are dropped and counted. Directed:
    accounts heed those they act upon; D counts each arc half. Weighted: weights are divided by
    their mean, so that an average edge weighs as much as one's own opinion and their unit does
    not matter.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [0, n], high = divided.

    Raises
    ------
    UndefinedError
        Not two sides with an account, or no edge between accounts with a side.
    ConvergenceError
        The linear solver did not reach 1e-10.

    References
    ----------
    .. [1] Friedkin & Johnsen (1990) Social influence and opinions. Journal of Mathematical
       Sociology 15(3–4), 193–206. doi:10.1080/0022250X.1990.9990069
    .. [2] Musco, Musco & Tsourakakis (2018) Minimizing polarization and disagreement in social
       networks. The Web Conference, 369–378. doi:10.1145/3178876.3186103
    """
    return index_of(
        "friedkin_johnsen",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def opinion_distance(
    graph: InteractionGraph,
    opinions: NodeScores,
    *,
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far apart the graph keeps opinions of your own.

    sqrt(oᵀ L⁺ o) as in :func:`generalised_euclidean`, with any opinions, in [−1, 1] in [1]; a
    constant added to all changes nothing, a factor multiplies the distance. Edges without
    direction; self-loops are dropped. Accounts without an opinion are left out with their edges
    and counted, never taken as 0. It grows with the number of accounts and with chains: compare it
    with the same graph under permuted opinions, or the same opinions on a rewired graph, not with
    another graph. Opinions that were computed from this graph make the distance circular.

    Parameters
    ----------
    opinions
        Scores of this graph; accounts that are absent or NaN have none.
    weights, component
        ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≥ 0, in the unit of the opinions; ``choices`` count ``nodes``, ``edges`` and the accounts
        ``without_opinion`` and ``outside_component``.

    Raises
    ------
    InputError
        The opinions belong to another graph.
    UndefinedError
        No edge between accounts with an opinion, or several components.

    References
    ----------
    .. [1] Hohmann, Devriendt & Coscia (2023) doi:10.1126/sciadv.abq2044
    """
    held = _held(graph, opinions, directed=False, weights=weights, component=component)
    return IndexValue(
        "opinion_distance",
        _distance(held.matrix, held.values),
        choices={"weights": weights, "component": component, **held.facts},
        graph_fingerprint=graph.fingerprint,
    )


@dataclass(frozen=True, repr=False)
class ExpressedOpinions(Tabular):
    """What accounts express after heeding their contacts.

    Attributes
    ----------
    scores
        z of each account that has an opinion, in the unit of the opinions.
    polarisation
        Σ (z_i − z̄)².
    disagreement
        Σ w_ij (z_i − z_j)² over edges; each arc half when directed.
    choices
        ``direction weights component``, and counts of what was used and left out.
    """

    scores: NodeScores
    polarisation: float
    disagreement: float
    choices: dict[str, Any]

    def _words(self) -> str:
        return (
            f"{len(self.scores.values):,} accounts, polarisation {self.polarisation:.4g}, "
            f"disagreement {self.disagreement:.4g}"
        )

    def _shown(self) -> dict[str, str]:
        return {
            "accounts": f"{len(self.scores.values):,}",
            "polarisation": f"{self.polarisation:,.4g}",
            "disagreement": f"{self.disagreement:,.4g}",
            **{name: str(value) for name, value in self.choices.items()},
        }


def expressed_opinions(
    graph: InteractionGraph,
    opinions: NodeScores,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> ExpressedOpinions:
    """Return what accounts with opinions of your own express when they heed their contacts.

    z = (I + L)⁻¹ s as in :func:`friedkin_johnsen`. Accounts without an opinion are left out with
    their edges and counted, never taken as 0; they have no score in the result.

    Parameters
    ----------
    opinions
        Scores of this graph; accounts that are absent or NaN have none.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Raises
    ------
    InputError
        The opinions belong to another graph.
    UndefinedError
        No edge between accounts with an opinion.

    References
    ----------
    .. [1] Friedkin & Johnsen (1990) doi:10.1080/0022250X.1990.9990069
    """
    directed = is_directed(graph, direction)
    check_choices({"direction": direction})
    held = _held(graph, opinions, directed=directed, weights=weights, component=component)
    mean = held.values.mean()
    expressed, polarisation, disagreement = _expressed(
        held.matrix, held.values - mean, directed=directed
    )
    choices = {"direction": direction, "weights": weights, "component": component, **held.facts}
    scores = NodeScores.from_known(
        graph, held.positions, expressed + mean, name="expressed_opinion", parameters=choices
    )
    return ExpressedOpinions(scores, polarisation, disagreement, choices)


@dataclass(frozen=True)
class _Held:
    """The graph of the accounts that hold an opinion."""

    matrix: csr_array
    positions: NDArray[np.int64]
    values: NDArray[np.float64]
    facts: dict[str, int]


def _held(
    graph: InteractionGraph, opinions: NodeScores, *, directed: bool, weights: str, component: str
) -> _Held:
    check_choices({"weights": weights, "component": component})
    opinions.check(graph)
    values = np.full(graph.nodes, np.nan)
    values[graph.positions(opinions.ids.to_pylist())] = opinions.values
    known = np.isfinite(values)
    kept = graph.without_self_loops().subgraph(known)
    values = values[known]
    outside = 0
    if component == "largest" and kept.nodes:
        inside = kept.components() == 0
        outside = int((~inside).sum())
        kept, values = kept.subgraph(inside), values[inside]
    if not kept.arcs_stored:
        raise UndefinedError(
            "no edge between accounts that have an opinion",
            value=f"{int(known.sum())} of {graph.nodes} accounts with an opinion",
        )
    matrix = prepared_matrix(kept, directed=directed, weighted=weights == "weighted")
    facts = {
        "nodes": kept.nodes,
        "edges": int(matrix.nnz) // (1 if directed else 2),
        "without_opinion": int((~known).sum()),
        "outside_component": outside,
    }
    return _Held(matrix, graph.positions(kept.ids.to_pylist()), values, facts)


def _by_side(prepared: Prepared) -> NDArray[np.float64]:
    """Return +1 on the first side and −1 on the second, centred."""
    opinions = np.where(prepared.labels == 0, 1.0, -1.0)
    return np.asarray(opinions - opinions.mean())


def _unitless(matrix: csr_array) -> csr_array:
    """Return the matrix with a mean weight of one."""
    scaled = matrix.copy()
    scaled.data = matrix.data / matrix.data.mean()
    return scaled


def _distance(matrix: csr_array, opinions: NDArray[np.float64]) -> float:
    """Return sqrt(oᵀ L⁺ o) on a connected symmetric matrix."""
    from scipy.sparse.csgraph import connected_components

    parts, _ = connected_components(matrix, directed=False)
    if parts > 1:
        raise UndefinedError(
            "opinions in different components are infinitely far apart",
            value=f"{parts} components",
            remedy="use component=largest",
        )
    opinions = opinions - opinions.mean()
    square = float(opinions @ solve_laplacian(_unitless(matrix), opinions))
    return float(np.sqrt(max(0.0, square)))


def _expressed(
    matrix: csr_array, opinions: NDArray[np.float64], *, directed: bool
) -> tuple[NDArray[np.float64], float, float]:
    """Return expressed opinions, their polarisation and their disagreement."""
    scaled = _unitless(matrix)
    expressed = solve_shifted(scaled, opinions, directed=directed)
    arcs = scaled.tocoo()
    between = expressed[arcs.row] - expressed[arcs.col]
    spread = expressed - expressed.mean()
    return expressed, float(spread @ spread), float(arcs.data @ between**2) / 2
