"""The posts behind an edge or a node's number, in every kind of graph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import NotFoundError, UsageError
from workbench.graphs.selection import chosen_acts, require
from workbench.graphs.used import in_common, members, used
from workbench.model.filters import Filters, Instant, iso
from workbench.model.kinds import graph_kind
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from workbench.engine import Session
    from workbench.model.corpus import Corpus
    from workbench.model.kinds import GraphKind

__all__ = ["ACTS", "Evidence", "evidence", "listed"]

#: Which acts of an account can be opened.
ACTS = ("both", "by", "upon")


@dataclass(frozen=True, repr=False)
class Evidence(Tabular):
    """Acts, newest last, with the posts that made them.

    Attributes
    ----------
    total
        Weight of all acts found: of an edge it is the weight of the edge. Where accounts are
        joined by what both used, or hashtags by the posts that carry both, it is the number of
        these things or posts.
    posts
        At most `limit` rows: ``post_id account target created_at kind origin weight source_id
        record`` and, from a raw corpus, ``text``. ``target`` is the account acted upon, or what
        the post carries or shares. An act of an input without posts has no post_id; its source and
        record still lead to the line that says it.
    """

    total: float
    posts: pd.DataFrame

    def to_pandas(self) -> pd.DataFrame:
        """Return the posts."""
        return self.posts

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench evidence``."""
        total = int(self.total) if float(self.total).is_integer() else self.total
        rows = self.posts.astype(object).where(self.posts.notna(), None)
        return {"total": total, "posts": rows.to_dict("records")}


def evidence(  # noqa: PLR0913  the filters of the command line, one word each
    corpus: Corpus,
    *,
    kind: str = "retweet",
    edge: tuple[str, str] | None = None,
    account: str | None = None,
    acts: str = "both",
    limit: int | None = 20,
    since: Instant = None,
    until: Instant = None,
    origin: str | Iterable[str] | None = None,
    lang: str | None = None,
    hashtag: str | None = None,
    text: str | None = None,
    accounts: Iterable[str] | None = None,
    max_accounts: int | None = None,
) -> Evidence:
    """Return the posts behind an edge of a graph, or behind the number of one of its nodes.

    Of an interaction graph the acts of one account upon another; of a bipartite graph the posts of
    an account that carry a thing; of a projection (``co_hashtag``, ``co_share``, …) the posts in
    which either account used what both used; of ``hashtag_network`` the posts that carry both.

    Parameters
    ----------
    kind
        As for the graph.
    edge
        ``(source, target)``: ids of accounts, bare ids where unambiguous, or things as the graph
        calls them (``hashtag:…``). Of an undirected graph either end may come first.
    account
        Instead of an edge: every act by or upon this node. In a projection, its posts with what
        others used too; ``total`` is its strength.
    acts
        Which acts of an account: ``upon`` it by others, whose weight is its in-strength, ``by`` it
        upon others, whose weight is its out-strength, or ``both``, with its acts upon itself.
    limit
        Acts listed, the earliest; None lists all. ``total`` always counts all.
    since, until, origin, lang, hashtag, text, accounts, max_accounts
        As for the graph whose edge it is.

    Raises
    ------
    UsageError
        Neither or both of `edge` and `account`; no such kind or `acts`; acts of one way in a graph
        without direction; an edge from a node to itself where there is none.
    NotFoundError
        No act of this kind has the node.
    CannotBuildError
        The data cannot support the graph.
    """
    what = graph_kind(kind)
    if (edge is None) == (account is None):
        raise UsageError("name an edge or an account", allowed="one of --edge A B and --account A")
    if acts not in ACTS:
        raise UsageError("no such acts of an account", value=acts, allowed=", ".join(ACTS))
    if acts != "both" and edge is not None:
        raise UsageError("the acts of an edge are one way", value=acts, remedy="leave out --acts")
    if acts != "both" and not what.directed:
        raise UsageError(
            "the edges of this graph have no direction", value=f"{what.name}, acts={acts}",
            remedy="leave out --acts",
        )  # fmt: skip
    filters = Filters.parse(
        since=since, until=until, origin=origin, lang=lang, hashtag=hashtag, text=text,
        accounts=accounts, max_accounts=max_accounts,
    )  # fmt: skip
    with open_session(corpus) as session:
        require(session, what, filters)
        if not what.directed:
            return _joined(session, what, filters, edge or (account or "",), limit)
        acts_of_kind = chosen_acts(session, what.base, filters)
        rows = acts_of_kind if what.family == "interaction" else used(session, what, filters)
        ends = ("actor_id", "target_id")
        if edge is not None:
            actor, target = (_full_id(session, rows, name, ends) for name in edge)
            return listed(
                session, rows.filter(_is("actor_id", actor), _is("target_id", target)), limit
            )
        who = _full_id(session, rows, account or "", ends)
        by, upon = _is("actor_id", who), _is("target_id", who)
        chosen = {"both": by | upon, "by": by & ~upon, "upon": upon & ~by}[acts]
        return listed(session, rows.filter(chosen), limit)


def _joined(
    session: Session, kind: GraphKind, filters: Filters, named: tuple[str, ...], limit: int | None
) -> Evidence:
    """Return the posts behind what joins two nodes, or one node to all others."""
    rows = used(session, kind, filters)
    member, _ = members(kind)
    ends = [_full_id(session, rows, name, (member,)) for name in named]
    if len(set(ends)) < len(ends):
        raise UsageError("no node of this graph is joined to itself", value=ends[0])
    behind, common = in_common(rows, kind, ends, most=filters.max_accounts)
    return replace(listed(session, behind, limit), total=_weight(session, common))


def _is(end: str, account: str) -> nw.Expr:
    return nw.col(end) == account


def listed(session: Session, acts: nw.LazyFrame[Any], limit: int | None) -> Evidence:
    """Return chosen acts with their posts: the earliest `limit`, and the weight of all."""
    total = _weight(session, acts)
    keys = ["created_ms", "post_id", "source_id", "record", "start"]
    chosen = acts.select(*keys, "actor_id", "target_id", "kind", "origin", "weight").sort(*keys)
    if limit is not None:
        chosen = chosen.head(limit)
    if session.corpus.rows("posts"):
        texts = views.posts(session).select("post_id", "text")
        chosen = chosen.join(texts, on="post_id", how="left")
    table = session.collect(chosen).to_pandas().sort_values(keys, na_position="last")
    dated = table["created_ms"].notna()
    table["created_at"] = None
    table.loc[dated, "created_at"] = [iso(int(ms)) for ms in table.loc[dated, "created_ms"]]
    names = {"actor_id": "account", "target_id": "target"}
    columns = ["post_id", "account", "target", "created_at", "kind", "origin", "weight"]
    if "text" in table and table["text"].notna().any():
        columns.append("text")
    shown = table.rename(columns=names)[[*columns, "source_id", "record"]]
    return Evidence(total, shown.reset_index(drop=True))


def _weight(session: Session, rows: nw.LazyFrame[Any]) -> float:
    """Return the sum of the weights; 0 of nothing."""
    told = session.collect(rows.select(nw.col("weight").sum().alias("w"))).column("w")[0].as_py()
    return float(told or 0.0)


def _full_id(session: Session, acts: nw.LazyFrame[Any], name: str, columns: tuple[str, ...]) -> str:
    """Return the node called `name`; the bare id is accepted when it is unambiguous."""
    ends = nw.concat([acts.select(nw.col(c).alias("id")) for c in columns], how="vertical")
    alike = ends.filter((nw.col("id") == name) | nw.col("id").str.ends_with(f":{name}")).unique()
    found = [str(i) for i in session.collect(alike).column("id").to_pylist()]
    exact = [i for i in found if i == name or i.partition(":")[2] == name]
    if name in exact:
        return name
    if len(exact) == 1:
        return exact[0]
    raise NotFoundError(
        "more than one account has this id" if exact else "no act has this account",
        value=name,
        allowed=", ".join(sorted(exact)[:5]) or None,
        remedy="name the platform too" if exact else "see the ids in: workbench graph KIND --out",
    )
