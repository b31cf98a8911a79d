"""What a community is about: its accounts, acts, posts, and the terms that tell it from others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.evidence import acted_upon, carrying, listed, own_posts
from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, UndefinedError, UsageError
from workbench.graphs.selection import require
from workbench.graphs.terms import COLUMNS, Written, distinctive, term_uses
from workbench.model.filters import Filters, iso
from workbench.model.kinds import GRAPHS, graph_kind
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["TERMS", "CommunityDescription", "describe"]

TERMS = ("hashtag", "domain", "language", "word")
#: Kinds whose terms make a name, and the signs put before them.
NAMING = {"hashtag": "#", "domain": "", "word": ""}
#: Chance that any term of a kind is called clear where no community differs.
CHANCE = 0.05
NAME_OF = 3


@dataclass(frozen=True, eq=False, repr=False)
class CommunityDescription(Tabular):
    """What the largest communities of a graph are about.

    Attributes
    ----------
    communities
        One row each: ``community``, ``name`` (of its clearest terms; NA where none is clear),
        ``accounts``, ``inside`` (acts among its accounts), ``outgoing`` (acts of its accounts upon
        others), ``incoming`` (acts of others upon its accounts), ``posts`` (own primary posts of
        its accounts, shares left out), ``authors`` of these, ``with_media`` (share of these posts
        that carry pictures, video or sound), ``languages`` (tag → posts, the most first). Acts upon
        oneself are in none of these; the rest of the graph counts as others.
    accounts
        ``community account inside incoming``: the accounts most acted upon from inside.
    terms
        ``community kind term count others log_odds z clear``: accounts inside and in the other
        communities that used the term; clear is z beyond what chance gives over all the terms.
    posts
        Evidence: ``community why post_id author account_inside accounts created_at term``. ``why``
        is ``acted upon`` (accounts inside that acted upon the post) or ``carries`` a clear term.
    acts
        Acts from community (row) to community (column), those of the diagonal inside; shape (K, K).
    choices
        Every choice that changed the numbers, the filters of the graph among them.
    skipped
        What says nothing, and why.
    """

    communities: pd.DataFrame
    accounts: pd.DataFrame
    terms: pd.DataFrame
    posts: pd.DataFrame
    acts: pd.DataFrame
    choices: dict[str, Any] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        """Community → its proposed name, or its number where no term is clear."""
        rows = self.communities[["community", "name"]].itertuples(index=False)
        return {int(i): name if isinstance(name, str) else f"community {i}" for i, name in rows}

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a community."""
        return self.communities

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        tables = ("communities", "accounts", "terms", "posts")
        return {
            **{name: _records(getattr(self, name)) for name in tables},
            "acts": self.acts.to_numpy().tolist(),
            "choices": dict(self.choices),
            "skipped": dict(self.skipped),
        }


def describe(
    corpus: Corpus,
    graph: InteractionGraph,
    communities: Partition,
    *,
    top: int = 5,
    most: int = 12,
    kinds: tuple[str, ...] = TERMS,
    min_accounts: int = 3,
    prior: float = 1.0,
) -> CommunityDescription:
    """Return who and what the largest communities of a graph of this corpus are about.

    Posts are those that pass the window, language, hashtag and text filters *of the graph*, by
    accounts of the communities; so a community of one week is described by that week.

    **Terms.** A use is an account and a term of its own posts (shares are left out), however often
    it posts it. Community against all other communities together, those that are not described
    included: log-odds with an informative Dirichlet prior [1], and z. Words are compared within
    each language only, so that a community is not told by the language it writes in; that, the
    kind ``language`` says. The prior stands for a list of stop words. A term is clear when z is
    beyond the standard normal's 1 − 0.05/V point, V the terms of the kind compared (words: in all
    languages) times the communities described. The
    name is made of up to three clear hashtags, domains and words of highest z; it is a proposal.

    **Acts** are the graph's weights along its edges: of a graph without direction ``inside`` counts
    each pair once, and ``outgoing`` equals ``incoming``. Isolates and self-loops have none.
    **Posts acted upon** are those that most accounts inside shared (answered, quoted, where that is
    the kind of the graph), whoever wrote them.

    Parameters
    ----------
    graph
        Of accounts, built from this corpus; its window and filters choose the posts.
    communities
        Of this graph.
    top
        Rows of a community in each table, and of each kind of term.
    most
        Largest communities described; ``choices["not_described"]`` counts the others.
    kinds
        Some of ``hashtag domain language word``.
    min_accounts
        Least accounts over all communities that used a term: what fewer used could name a person.
    prior
        Weight of the prior: uses a term on average, > 0.

    Raises
    ------
    UsageError
        A choice has a value that is not allowed, or the nodes are not accounts.
    InputError
        The communities are of another graph.
    UndefinedError
        There is no community.
    CannotBuildError
        The corpus has no posts, or the acts behind the graph are not in it.

    References
    ----------
    .. [1] Monroe, Colaresi & Quinn (2008) Fightin' words: lexical feature selection and
       evaluation for identifying the content of political conflict. Political Analysis 16(4),
       372–403. doi:10.1093/pan/mpn018
    """
    _check(graph, communities, kinds, numbers=(top, most, min_accounts), prior=prior)
    if not corpus.rows("posts"):
        raise CannotBuildError("this data has no posts that could tell what communities are about")
    k = min(most, communities.k)
    filters = _filters(graph)
    skipped: dict[str, str] = {}
    with open_session(corpus) as session:
        require(session, graph_kind(graph.kind), filters)
        written = Written.of(session, kinds=(*kinds, "media"), filters=filters)
        uses = {kind: term_uses(session, kind, communities, written=written) for kind in kinds}
        terms = _terms(uses, communities, skipped, top=top, k=k,
                       min_accounts=min_accounts, prior=prior)  # fmt: skip
        shared = acted_upon(session, graph, communities, filters=filters, k=k, top=top)
        carried = carrying(session, communities, written, terms=terms, top=top)
        posts = listed(session, [carried] if isinstance(shared, str) else [shared, carried],
                       communities)  # fmt: skip
        own = own_posts(session, communities, written, k=k)
    acts, table, accounts = _acts(graph, communities, k=k, top=top)
    table = table.merge(own, on="community", how="left")
    table.insert(1, "name", [_name(terms, i) for i in range(k)])
    if isinstance(shared, str):
        skipped["acted upon"] = shared
    return CommunityDescription(
        table, accounts, terms, posts, acts,
        {"kind": graph.kind, "window": list(graph.window), **graph.choices, "top": top,
         "kinds": list(kinds), "min_accounts": min_accounts, "prior": prior,
         "not_described": communities.k - k, "graph_fingerprint": graph.fingerprint}, skipped,
    )  # fmt: skip


def _check(
    graph: InteractionGraph, communities: Partition, kinds: tuple[str, ...], *,
    numbers: tuple[int, ...], prior: float,
) -> None:  # fmt: skip
    communities.check(graph)
    family = GRAPHS[graph.kind].family if graph.kind in GRAPHS else "interaction"
    if family in {"bipartite", "cooccurrence"}:
        raise UsageError("the nodes of this graph are not all accounts", value=graph.kind)
    unknown = [kind for kind in kinds if kind not in TERMS]
    if unknown or not kinds:
        raise UsageError("no such kind of term", value=unknown, allowed=", ".join(TERMS))
    if min(numbers) < 1:
        shown = "top {}, most {}, min_accounts {}".format(*numbers)
        raise UsageError("these must be 1 or more", value=shown)
    if not 0 < prior < float("inf"):
        raise UsageError("prior must be > 0 and finite", value=prior)
    if not communities.k:
        raise UndefinedError("there is no community to describe", value=repr(communities))


def _filters(graph: InteractionGraph) -> Filters:
    """Return the filters of the graph, as far as they choose posts."""
    since, until = (None if ms is None else iso(ms) for ms in graph.window)
    chosen = {name: graph.choices.get(name) for name in ("origin", "lang", "hashtag", "text")}
    return Filters.parse(since=since, until=until, **chosen)


def _terms(
    uses: dict[str, pa.Table], communities: Partition, skipped: dict[str, str],
    *, top: int, k: int, min_accounts: int, prior: float,
) -> pd.DataFrame:  # fmt: skip
    """Return the terms of each kind that tell communities, and why others do not."""
    import pandas as pd

    tables = []
    names = range(communities.k)
    for kind, rows in uses.items():
        if communities.k < 2:
            skipped[kind] = "there is one community only: nothing to tell it from"
            continue
        if not rows.num_rows:
            skipped[kind] = _why_none(kind)
            continue
        parts, compared = [], 0
        for part in _strata(rows):
            found = distinctive(part, names, top=top, least=min_accounts, prior=prior)
            if not isinstance(found, str):
                compared += _compared(part, min_accounts)
                parts.append(found)
        if not parts:
            skipped[kind] = f"fewer than two used by {min_accounts} accounts or more"
            continue
        every = pd.concat(parts).rename(columns={"side": "community"})
        every = every.assign(kind=kind, clear=_clear(every["z"], compared * k))
        every = every[every["community"] < k]
        every = every.sort_values(["community", "z", "term"], ascending=[True, False, True])
        tables.append(every.groupby("community").head(top))
    columns = ["community", "kind", *COLUMNS, "clear"]
    table = pd.concat(tables)[columns] if tables else pd.DataFrame(columns=columns)
    order = np.argsort(table["community"].to_numpy(dtype=np.int64), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _why_none(kind: str) -> str:
    if kind == "word":
        return "no post of these accounts has its text here: a study may keep none"
    return f"no post of these accounts has a {kind}"


def _strata(rows: pa.Table) -> list[pa.Table]:
    """Return what is compared with each other: words of one language, and else everything."""
    import pyarrow.compute as pc

    if "language" not in rows.column_names:
        return [rows]
    spoken = sorted(pc.unique(rows.column("language")).to_pylist())
    return [rows.filter(pc.equal(rows.column("language"), each)) for each in spoken]


def _compared(rows: pa.Table, least: int) -> int:
    """Return how many terms are compared."""
    return int((np.asarray(rows.column("term").value_counts().field("counts")) >= least).sum())


def _clear(z: pd.Series[float], compared: int) -> NDArray[np.bool_]:
    from scipy.stats import norm

    return np.asarray(z.to_numpy() > norm.isf(CHANCE / compared), dtype=bool)


def _name(terms: pd.DataFrame, community: int) -> str | None:
    rows = terms[(terms["community"] == community) & terms["clear"] & terms["kind"].isin(NAMING)]
    rows = rows.sort_values(["z", "term"], ascending=[False, True]).head(NAME_OF)
    signed = (NAMING[kind] + term for kind, term in zip(rows["kind"], rows["term"], strict=True))
    return ", ".join(signed) or None


def _acts(
    graph: InteractionGraph, communities: Partition, *, k: int, top: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return acts from community to community, their sums, and who is acted upon from inside."""
    import pandas as pd

    source, target, weight = graph.without_self_loops().arcs()
    labels = np.where(communities.labels < k, communities.labels, -1)
    a, b = labels[source], labels[target]
    counts = np.zeros((k + 1, k + 1))
    np.add.at(counts, (a, b), weight)  # the rest is the last row and column
    inside = counts.diagonal()[:k] / (1 if graph.directed else 2)
    table = pd.DataFrame(
        {
            "community": np.arange(k),
            "accounts": communities.sizes[:k],
            "inside": inside,
            "outgoing": counts[:k].sum(axis=1) - counts.diagonal()[:k],
            "incoming": counts[:, :k].sum(axis=0) - counts.diagonal()[:k],
        }
    )
    acts = counts[:k, :k].copy()
    np.fill_diagonal(acts, inside)
    same = (a == b) & (b >= 0)
    heard = np.bincount(target[same], weights=weight[same], minlength=graph.nodes)
    other = np.bincount(target[~same], weights=weight[~same], minlength=graph.nodes)
    order = np.lexsort((np.arange(graph.nodes), -heard, labels))
    order = order[(labels[order] >= 0) & (heard[order] > 0)]
    first = pd.DataFrame(
        {
            "community": labels[order],
            "account": graph.accounts[order],
            "inside": heard[order],
            "incoming": other[order],
        }
    )
    return (
        pd.DataFrame(acts, index=range(k), columns=range(k)),
        table,
        first.groupby("community").head(top).reset_index(drop=True),
    )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON objects."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
