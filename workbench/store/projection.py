"""Corpus → the rows of each label and relationship type, as Arrow tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa

from workbench.engine import views
from workbench.store.schema import (
    ACTS,
    AS_KNOWN,
    NODES,
    RELATIONSHIPS,
    RESULTS,
    SUMS,
    USES,
    properties_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workbench.engine import Session

__all__ = ["NOTHING", "Projection", "tables", "write_parquet"]

Frame = nw.LazyFrame[Any]

#: Posts, whose texts are the most of a corpus, come in tables of so many rows where asked for.
_PIECE = 131_072


def tables() -> list[str]:
    """Return the labels and types that come from a corpus, nodes first."""
    return [name for name in [*NODES, *RELATIONSHIPS] if name not in RESULTS]


class Projection:
    """A corpus as the rows of a store, over one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._views = _Views(session)

    def rows(self, *, pieces: bool = False, known: bool = False) -> Iterator[tuple[str, pa.Table]]:
        """Yield name and rows of each table, nodes first.

        Node rows hold the properties of the schema; relationship rows ``source``, ``target`` and
        the properties. Every endpoint is among the nodes, and no pair occurs twice in a type.

        Parameters
        ----------
        pieces
            Whether posts come in several tables, so that their texts are never in memory at once;
            at least one table comes, and nothing else may be asked meanwhile.
        known
            Whether ``POSTED`` has what the corpus knows of each post too (``schema.AS_KNOWN``).
        """
        views_ = self._views
        makers: dict[str, Callable[[], Frame]] = {
            "Account": views_.accounts,
            "Post": views_.posts,
            "Domain": views_.domains,
            "POSTED": views_.posted,
            "ADDRESSES": views_.addresses,
            "MENTIONS": views_.mentions,
            "ON": views_.on,
        }
        for name in tables():
            if name in makers:
                frame = makers[name]()
            elif name in {label for _, label in USES.values()}:
                frame = views_.objects(name)
            elif name in {type_ for type_, _ in USES.values()}:
                frame = views_.uses(name)
            elif name in ACTS.values():
                frame = views_.acts(name)
            else:
                frame = views_.sums(name)
            if pieces and name == "Post":
                yield from self._in_pieces(frame, name)
            else:
                yield name, _conform(self._session.collect(frame), name, known=known)

    def _in_pieces(self, frame: Frame, name: str) -> Iterator[tuple[str, pa.Table]]:
        empty = True
        for piece in self._session.pieces(frame, _PIECE):
            empty = False
            yield name, _conform(piece, name)
        if empty:
            yield name, arrow_schema(name).empty_table()

    def posts(self) -> int:
        """Return the number of posts."""
        return self._views.number_of_posts()

    def facts(self) -> dict[str, Any]:
        """Return what a store cannot tell apart, so that it refuses instead of guessing.

        ``only_sums`` acts between known accounts that no post of their actor carries, so that they
        are in the sums only; ``unknown_shared`` shares of posts that the corpus does not have;
        ``objects`` whether there are objects of share tables, which a store does not hold;
        ``weighted_mentions`` whether a mention weighs other than 1; ``domains_astray`` the domains
        of posts that their links do not lead to, or lead to beside them;
        ``origins`` the origins of mentions.
        """
        return self._views.facts()


#: The facts of a store that holds nothing.
NOTHING: dict[str, Any] = {
    "only_sums": 0,
    "unknown_shared": 0,
    "objects": False,
    "weighted_mentions": False,
    "domains_astray": 0,
    "origins": [],
}


def write_parquet(session: Session, folder: Path) -> None:
    """Write the rows of each table to ``<folder>/<name>.parquet``."""
    import pyarrow.parquet as pq

    for name, table in Projection(session).rows():
        pq.write_table(table, folder / f"{name}.parquet")


class _Views:
    """The frames from which the tables are made, over one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        every = views.interactions(session).filter(nw.col("retracted_ms").is_null())
        self._acts = session.kept(
            every.select(
                "kind", "actor_id", "post_id", "target_id", "target_post_id", "origin",
                "created_ms", "resolved_by", "weight",
            )
        )  # fmt: skip
        seen = views.posts(session)
        self._posts = session.kept(
            seen.select(*NODES["Post"].properties, "author_id").with_columns(
                nw.col("created_at").dt.replace_time_zone(None).alias("created_at")
            )
        )
        # Of what a post carries, that from the observation that counts.
        chosen = self._posts.select("post_id", nw.col("seen_as").alias("_seen"))
        self._carried = session.kept(
            views.attachments(session)
            .filter(~nw.col("value").is_null())
            .join(chosen, on="post_id", how="inner")
            .filter(nw.col("seen_as") == nw.col("_seen"))
            .with_columns(
                nw.when(nw.col("kind") == "domain").then(nw.col("value_raw")).alias("value_raw")
            )
            .select("post_id", "kind", "value", "value_raw", "origin")
        )

    def facts(self) -> dict[str, Any]:
        """Return what the tables do not keep apart."""
        both = self._acts.filter(~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null())
        pairs = self._authors()
        alone = both.join(
            pairs, left_on=["actor_id", "post_id"], right_on=["account_id", "post_id"], how="anti"
        )
        ids = self._posts.select(nw.col("post_id").alias("_post"))
        shared = self._acts.filter(
            nw.col("kind") == "share",
            ~nw.col("actor_id").is_null(),
            ~nw.col("target_post_id").is_null(),
        )
        unknown = nw.concat(
            [
                shared.join(ids, left_on="target_post_id", right_on="_post", how="anti"),
                shared.join(ids, left_on="post_id", right_on="_post", how="anti"),
            ],
            how="vertical",
        )
        mentions = self._acts.filter(nw.col("kind") == "mention")
        weighted = mentions.filter(nw.coalesce("weight", nw.lit(1.0)) != 1.0)
        objects = self._session.table("attachments").filter(nw.col("kind") == "object")
        origins = self._session.collect(mentions.select("origin").unique()).column("origin")
        return {
            "only_sums": self._number(alone),
            "unknown_shared": self._number(unknown),
            "objects": bool(self._number(objects)),
            "weighted_mentions": bool(self._number(weighted)),
            "domains_astray": self._astray(),
            "origins": sorted(str(origin) for origin in origins.to_pylist() if origin),
        }

    def number_of_posts(self) -> int:
        """Return the number of posts, stubs included."""
        return self._number(self._posts)

    def _number(self, frame: Frame) -> int:
        counted = self._session.collect(frame.select(nw.len().alias("n")))
        return int(counted.column("n")[0].as_py())

    def accounts(self) -> Frame:
        """Return known accounts, and those that only acts (also of stubs) or authorship name."""
        every = views.accounts(self._session).select(*NODES["Account"].properties)
        described = self._session.kept(every)
        named = nw.concat(
            [
                described.select("account_id"),
                self._acts.select(nw.col("actor_id").alias("account_id")),
                self._acts.select(nw.col("target_id").alias("account_id")),
                self._posts.select(nw.col("author_id").alias("account_id")),
            ],
            how="vertical",
        )
        every = named.filter(~nw.col("account_id").is_null()).unique()
        return every.join(described, on="account_id", how="left").with_columns(
            nw.col("created_at").dt.replace_time_zone(None).alias("created_at")
        )

    def posts(self) -> Frame:
        """Return every post of the corpus, stubs included."""
        return self._posts.select(*NODES["Post"].properties)

    def _authors(self) -> Frame:
        """Return the author of each post; of a stub, the account that acts upon it name."""
        named = (
            self._acts.filter(~nw.col("target_post_id").is_null(), ~nw.col("target_id").is_null())
            .group_by("target_post_id")
            .agg(nw.col("target_id").min().alias("_named"))
        )
        return (
            self._posts.select("post_id", "author_id", "availability", *AS_KNOWN)
            .join(named, left_on="post_id", right_on="target_post_id", how="left")
            .with_columns(
                nw.when(nw.col("availability") == "stub")
                .then(nw.coalesce("author_id", "_named"))
                .otherwise(nw.col("author_id"))
                .alias("account_id")
            )
            .filter(~nw.col("account_id").is_null())
            .select("account_id", "post_id", *AS_KNOWN)
        )

    def posted(self) -> Frame:
        """Return who wrote what, with what is known of each post."""
        return self._authors().select(
            nw.col("account_id").alias("source"), nw.col("post_id").alias("target"), *AS_KNOWN
        )

    def acts(self, type_: str) -> Frame:
        """Return the acts of one kind between posts that exist."""
        kind = next(k for k, t in ACTS.items() if t == type_)
        ids = self._posts.select(nw.col("post_id").alias("_post"))
        return (
            self._acts.filter(nw.col("kind") == kind)
            .join(ids, left_on="post_id", right_on="_post", how="semi")
            .join(ids, left_on="target_post_id", right_on="_post", how="semi")
            .group_by("post_id", "target_post_id")
            .agg(
                nw.col("created_ms").min(),
                nw.col("resolved_by").min(),
                nw.col("target_id").min(),
                nw.coalesce("weight", nw.lit(1.0)).sum().alias("weight"),
            )
            .rename({"post_id": "source", "target_post_id": "target"})
        )

    def addresses(self) -> Frame:
        """Return the acts of posts upon accounts whose post is unknown."""
        ids = self._posts.select(nw.col("post_id").alias("_post"))
        from_posts = self._acts.filter(
            nw.col("kind") != "mention", ~nw.col("target_id").is_null()
        ).join(ids, left_on="post_id", right_on="_post", how="semi")
        return (
            from_posts.join(ids, left_on="target_post_id", right_on="_post", how="anti")
            .group_by("post_id", "target_id", "kind")
            .agg(
                nw.col("created_ms").min(),
                nw.col("resolved_by").min(),
                nw.coalesce("weight", nw.lit(1.0)).sum().alias("weight"),
            )
            .rename({"post_id": "source", "target_id": "target"})
        )

    def mentions(self) -> Frame:
        """Return whom a post names, how often by origin."""
        ids = self._posts.select(nw.col("post_id").alias("_post"))
        counted = {
            "n_authored": ["authored"],
            "n_reply_prefix": ["reply_prefix", "thread_self"],
            "n_share_head": ["share_head"],
            "n_inherited": ["inherited_share", "inherited_quote"],
        }
        return (
            self._acts.filter(nw.col("kind") == "mention", ~nw.col("target_id").is_null())
            .join(ids, left_on="post_id", right_on="_post", how="semi")
            .with_columns(
                *[
                    nw.when(nw.col("origin").is_in(origins))
                    .then(nw.lit(1))
                    .otherwise(nw.lit(0))
                    .alias(name)
                    for name, origins in counted.items()
                ]
            )
            .group_by("post_id", "target_id")
            .agg(*[nw.col(name).sum() for name in counted])
            .rename({"post_id": "source", "target_id": "target"})
        )

    def _used(self, kind: str) -> Frame:
        """Return posts and the things of one kind that they carry."""
        return self._carried.filter(nw.col("kind") == kind)

    def objects(self, label: str) -> Frame:
        """Return the distinct things of one label."""
        kind = next(k for k, (_, made) in USES.items() if made == label)
        key = NODES[label].key
        return self._used(kind).select(nw.col("value").alias(key)).unique()

    def uses(self, type_: str) -> Frame:
        """Return which post carries what, how often by origin."""
        kind = next(k for k, (t, _) in USES.items() if t == type_)
        authored = nw.col("origin") == "authored"
        return (
            self._used(kind)
            .with_columns(
                nw.when(authored).then(nw.lit(1)).otherwise(nw.lit(0)).alias("n_authored"),
                nw.when(authored).then(nw.lit(0)).otherwise(nw.lit(1)).alias("n_inherited"),
            )
            .group_by("post_id", "value")
            .agg(nw.col("n_authored").sum(), nw.col("n_inherited").sum())
            .rename({"post_id": "source", "value": "target"})
        )

    def _url_domains(self) -> Frame:
        """Return the domain of each link: rows of domains name theirs."""
        links = self._used("url").select(nw.col("value").alias("source")).unique()
        return (
            self._used("domain")
            .select(nw.col("value_raw").alias("source"), nw.col("value").alias("target"))
            .filter(~nw.col("source").is_null())
            .group_by("source")
            .agg(nw.col("target").min())
            .join(links, on="source", how="semi")
        )

    def _astray(self) -> int:
        """Return how many domains of posts their links do not lead to, or lead to beside them."""
        told, found = (
            rows.with_columns((nw.col("origin") == "authored").cast(nw.Int64).alias("own"))
            .group_by("post_id", "domain")
            .agg(nw.col("own").max())
            for rows in (
                self._used("domain").select("post_id", "origin", nw.col("value").alias("domain")),
                self._used("url")
                .join(self._url_domains(), left_on="value", right_on="source", how="inner")
                .select("post_id", "origin", nw.col("target").alias("domain")),
            )
        )
        key = ["post_id", "domain", "own"]
        missing, beside = (told, found), (found, told)
        return sum(self._number(a.join(b, on=key, how="anti")) for a, b in (missing, beside))

    def domains(self) -> Frame:
        """Return the distinct domains of links."""
        return self._url_domains().select(nw.col("target").alias("domain")).unique()

    def on(self) -> Frame:
        """Return which link belongs to which domain."""
        return self._url_domains()

    def sums(self, type_: str) -> Frame:
        """Return the acts of one kind summed by pair of accounts."""
        kind = next(k for k, t in SUMS.items() if t == type_)
        both = self._acts.filter(
            nw.col("kind") == kind, ~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null()
        ).with_columns(nw.coalesce("weight", nw.lit(1.0)).alias("weight_all"))
        default = nw.col("origin") == "authored" if kind == "mention" else nw.lit(value=True)
        return (
            both.with_columns(
                nw.when(default).then(nw.col("weight_all")).otherwise(nw.lit(0.0)).alias("weight"),
                nw.when(default).then(nw.col("created_ms")).alias("_authored_ms"),
            )
            .group_by("actor_id", "target_id")
            .agg(
                nw.col("weight").sum(),
                nw.col("weight_all").sum(),
                nw.col("created_ms").min().alias("first_ms"),
                nw.col("created_ms").max().alias("last_ms"),
                nw.col("_authored_ms").min().alias("first_authored_ms"),
                nw.col("_authored_ms").max().alias("last_authored_ms"),
            )
            .rename({"actor_id": "source", "target_id": "target"})
        )


_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "time": pa.timestamp("us"),
}


def arrow_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of the rows of a label or type."""
    fields = [(key, _ARROW[kind]) for key, kind in properties_of(name).items()]
    ends = [] if name in NODES else [("source", pa.string()), ("target", pa.string())]
    return pa.schema([*ends, *fields])


def _conform(table: pa.Table, name: str, *, known: bool = False) -> pa.Table:
    schema = arrow_schema(name)
    for key, kind in AS_KNOWN.items() if known and name == "POSTED" else ():
        schema = schema.append(pa.field(key, _ARROW[kind]))
    return table.select(schema.names).cast(schema)
