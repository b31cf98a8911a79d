"""The posts behind a community: what its accounts act upon, write, and say by their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import views
from workbench.errors import CannotBuildError
from workbench.graphs.selection import chosen_acts
from workbench.graphs.words import words
from workbench.model.filters import iso
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.engine import Session
    from workbench.graphs.terms import Written
    from workbench.model.filters import Filters
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["acted_upon", "carrying", "listed", "own_posts"]

COLUMNS = (
    "community", "why", "post_id", "author", "account_inside", "accounts", "created_at", "term",
)  # fmt: skip


def acted_upon(
    session: Session, graph: InteractionGraph, communities: Partition,
    *, filters: Filters, k: int, top: int,
) -> pd.DataFrame | str:  # fmt: skip
    """Return the posts upon which most accounts of a community acted, or why there are none.

    Acts are those of the graph's kind, shares where that acts upon no post; of an interaction graph
    only those along its edges, which must have its weight. Acts upon oneself do not count.

    Raises
    ------
    CannotBuildError
        The acts that pass the graph's filters are not those of the graph.
    """
    what = GRAPHS[graph.kind] if graph.kind in GRAPHS else GRAPHS["retweet"]
    along = what.family == "interaction"
    acts = chosen_acts(session, what.base if along else "share", filters)
    columns = ["actor_id", "target_id", "target_post_id", "weight"]
    rows = session.collect(acts.select(*columns)).to_pandas()
    if along:
        rows = _along(rows, graph)
        if what.base == "mention":
            return "a mention is upon an account, not upon a post"
    rows = rows[rows["target_post_id"].notna() & (rows["actor_id"] != rows["target_id"])].copy()
    rows["community"] = _labels(communities, rows["actor_id"].tolist(), k=k)
    rows = rows[rows["community"] >= 0]
    if not len(rows):
        return "no act of these accounts says which post it is upon"
    counts = rows.groupby(["community", "target_post_id"], as_index=False)["actor_id"].nunique()
    counts = counts.rename(columns={"target_post_id": "post_id", "actor_id": "accounts"})
    counts = counts.sort_values(["community", "accounts", "post_id"], ascending=[True, False, True])
    chosen: pd.DataFrame = counts.groupby("community").head(top)
    return chosen.assign(why="acted upon", term=None)


def _along(rows: pd.DataFrame, graph: InteractionGraph) -> pd.DataFrame:
    """Return the acts along the edges of the graph; refuse when they are not its acts."""
    rows = rows.dropna(subset=["actor_id", "target_id"])
    ends = [graph.positions(rows[name].tolist()) for name in ("actor_id", "target_id")]
    source, target, _ = graph.arcs()
    edges = source.astype(np.int64) * graph.nodes + target
    known = (ends[0] >= 0) & (ends[1] >= 0) & np.isin(ends[0] * graph.nodes + ends[1], edges)
    rows = rows[known]
    found = float(rows["weight"].fillna(1.0).sum())
    if not np.isclose(found, graph.total_weight, rtol=1e-9, atol=1e-6):
        raise CannotBuildError(
            "the acts behind this graph are not those of this corpus",
            value=f"{found:,.0f} of {graph.total_weight:,.0f}",
            remedy="describe communities of a graph that was built from this corpus",
        )
    return rows


def carrying(
    session: Session, communities: Partition, written: Written,
    *, terms: pd.DataFrame, top: int,
) -> pd.DataFrame:  # fmt: skip
    """Return posts of the community's own accounts that carry its clear terms, most terms first."""
    import pandas as pd

    clear = terms[terms["clear"].astype(bool) & (terms["kind"] != "language")]
    pieces = []
    for kind, wanted in clear.groupby("kind"):
        asked = sorted(set(wanted["term"]))
        rows = _carried(session, str(kind), written, asked)
        labels = _labels(communities, rows["author_id"].tolist(), k=communities.k)
        rows = rows.assign(community=labels)
        pieces.append(rows.merge(wanted[["community", "term"]], on=["community", "term"]))
    empty = pd.DataFrame(columns=["community", "post_id", "term"])
    found = pd.concat(pieces) if pieces else empty
    found = found[["community", "post_id", "term"]].drop_duplicates()
    found = found.sort_values(["community", "post_id", "term"])
    posts = found.groupby(["community", "post_id"], as_index=False)["term"].agg([len, ", ".join])
    posts = posts.sort_values(["community", "len", "post_id"], ascending=[True, False, True])
    chosen = posts.groupby("community").head(top).rename(columns={"join": "term"})
    return chosen.assign(why="carries", accounts=None)


def _carried(session: Session, kind: str, written: Written, terms: list[str]) -> pd.DataFrame:
    """Return who wrote which post with which of the terms."""
    if kind != "word":
        rows = written.carried.filter(nw.col("kind") == kind, nw.col("value").is_in(terms))
        rows = rows.select("author_id", "post_id", nw.col("value").alias("term"))
        table: pd.DataFrame = session.collect(rows).to_pandas()
        return table
    texts = written.posts.filter(~nw.col("text").is_null())
    posts = session.collect(texts.select("author_id", "post_id", "text"))
    found = words(posts.column("text"))
    authors = posts.drop_columns(["text"]).take(found.column("line"))
    table = authors.append_column("term", found.column("word")).to_pandas()
    return table[table["term"].isin(terms)]


def own_posts(
    session: Session, communities: Partition, written: Written, *, k: int
) -> pd.DataFrame:
    """Return ``community posts authors with_media languages`` of the accounts' own posts."""
    import pandas as pd

    posts = written.posts.select("post_id", "author_id", "lang")
    rows = session.collect(posts).to_pandas()
    media = written.carried.filter(nw.col("kind") == "media").select("post_id").unique(["post_id"])
    seen = set(session.collect(media).column("post_id").to_pylist())
    rows["community"] = _labels(communities, rows["author_id"].tolist(), k=k)
    rows["media"] = rows["post_id"].isin(seen)
    described = []
    for community in range(k):
        own = rows[rows["community"] == community]
        spoken = own["lang"].value_counts().to_dict()
        described.append(
            {
                "community": community,
                "posts": len(own),
                "authors": own["author_id"].nunique(),
                "with_media": float(own["media"].mean()) if len(own) else None,
                "languages": dict(sorted(spoken.items(), key=lambda item: (-item[1], item[0]))),
            }
        )
    return pd.DataFrame(described).astype({"with_media": "Float64"})


def _labels(communities: Partition, accounts: list[str], *, k: int) -> NDArray[np.int64]:
    """Return the community of each account, −1 for none or one that is not described."""
    found = pc.fill_null(
        pc.index_in(pa.array(accounts, pa.string()), value_set=communities.ids), -1
    )
    places = np.asarray(found, dtype=np.int64)
    labels = np.append(communities.labels, -1)[places]
    return np.where(labels < k, labels, -1).astype(np.int64)


def listed(session: Session, rows: list[pd.DataFrame], communities: Partition) -> pd.DataFrame:
    """Return evidence with author and time of the posts, where the corpus knows them."""
    import pandas as pd

    chosen = pd.concat(rows).sort_values("community", kind="stable")
    wanted = pa.array(sorted(set(chosen["post_id"])), pa.string())
    asked = session.frame(pa.table({"post_id": wanted}))
    facts = views.posts(session).select("post_id", "author_id", "created_ms")
    known: pa.Table = session.collect(asked.join(facts, on="post_id", how="left"))
    table = chosen.merge(known.to_pandas(), on="post_id", how="left")
    table["author"] = table["author_id"].astype(object).where(table["author_id"].notna(), None)
    labels = _labels(communities, table["author"].tolist(), k=communities.k)
    table["account_inside"] = labels == table["community"].to_numpy(dtype=np.int64)
    dated = table["created_ms"].notna()
    table["created_at"] = None
    table.loc[dated, "created_at"] = [iso(int(ms)) for ms in table.loc[dated, "created_ms"]]
    return table[list(COLUMNS)].astype({"accounts": "Int64"}).reset_index(drop=True)
