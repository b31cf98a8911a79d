"""Store → corpus: what a store holds comes back; what it never held is counted, not invented."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.model.parts import PartWriter
from workbench.model.schema import TABLES
from workbench.provenance import package_version
from workbench.store.schema import ACTS, SUMS, USES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from workbench.model.corpus import Corpus
    from workbench.store.protocol import GraphStore

__all__ = ["pull"]

#: Counter of mentions → the origins it adds up.
_ORIGINS = {
    "n_authored": ("authored",),
    "n_reply_prefix": ("reply_prefix", "thread_self"),
    "n_share_head": ("share_head",),
    "n_inherited": ("inherited_share", "inherited_quote"),
}
#: Graphs that a corpus without the objects of share tables, or all shared posts, cannot give.
_OBJECTS = "the store it was pulled from does not hold every object that was shared"
_DOMAINS = "the store it was pulled from cannot tell which domain each link is of"


def pull(store: GraphStore, corpus: Corpus) -> tuple[Corpus, dict[str, int]]:
    """Return `corpus` with what a store holds as one more source, and what could not be restored.

    Accounts, posts and acts between posts come back as they were written; mentions and attachments
    as so many rows as were counted of each origin, with an order (-1, -2, …) in place of their
    offset; acts that only the sums hold as one row a pair, with their weight. Sources, rejects,
    aliases, offsets and raw values live in the corpus only.

    Returns
    -------
    tuple
        The corpus, and counts: ``sums`` rows that stand for several acts or one without its post,
        ``undated_sums`` those of them without a time, ``without_actor`` acts whose post is not the
        actor's, ``mixed_origins`` mentions and attachments whose origin is one of two.

    Raises
    ------
    StoreError
        The store is empty, or holds values that may be those of another study.
    """
    told = store.held()
    tables = dict(store.tables())
    facts = told["facts"]
    made = _Restored(tables, facts)
    interactions, lost = made.interactions()
    whole = {
        "accounts": _accounts(tables["Account"]),
        "posts": made.posts(),
        "interactions": interactions,
        "attachments": made.attachments(),
    }
    lost["mixed_origins"] = made.mixed
    refused = [dict(entry) for entry in told["refused"]]
    if facts["objects"] or facts["unknown_shared"]:
        refused.append({"graph": "co_share", "reason": _OBJECTS})
    if facts.get("domains_astray", 1):
        refused += [{"graph": name, "reason": _DOMAINS} for name in ("account_domain", "co_domain")]
    key = f"{store.uri}\0{told['corpus']}\0{json.dumps(facts, sort_keys=True)}"
    identity = hashlib.sha256(f"pulled\0{key}".encode()).hexdigest()
    rows = whole["posts"].num_rows + lost["sums"]
    whole["sources"] = pa.table(
        {
            "path": [store.uri], "format": ["store"], "detected_by": ["pull"],
            "loader_version": [package_version()], "records_read": [rows], "records_ok": [rows],
            "records_rejected": [0], "records_duplicate": [0],
            "refused_json": [json.dumps(refused)],
        }
    )  # fmt: skip
    actor, target = interactions.column("actor_id"), interactions.column("target_id")
    stats = {
        "duplicate_posts": 0, "promoted_posts": 0, "edits": 0, "retracted": 0, "handles": 0,
        "unresolved": target.null_count,
        "handle_targets": int(pc.sum(pc.starts_with(target, "handle:")).as_py() or 0),
        "handle_authors": int(pc.sum(pc.starts_with(actor, "handle:")).as_py() or 0),
        "acts_without_post": interactions.column("post_id").null_count,
        "acts_by_target": 0,  # acts upon posts are between posts
    }  # fmt: skip
    with PartWriter(corpus, identity) as writer:
        for name, table in whole.items():
            writer.write(name, _sourced(table, identity, name))
        return writer.commit(stats), lost


def _sourced(table: pa.Table, identity: str, name: str) -> pa.Table:
    table = table.append_column("source_id", pa.array([identity] * table.num_rows, pa.string()))
    if "record" in TABLES[name].names:
        table = table.append_column("record", pa.array(range(1, table.num_rows + 1), pa.int64()))
    return table


def _accounts(rows: pa.Table) -> pa.Table:
    """Return accounts that were described; those that only acts name come back with the acts."""
    described = rows.filter(pc.is_valid(rows.column("seen_as")))
    return described.set_column(
        described.column_names.index("created_at"), "created_at", _utc(described)
    )


def _utc(rows: pa.Table) -> pa.ChunkedArray:
    return pc.assume_timezone(rows.column("created_at"), "UTC")


class _Restored:
    """The tables of a store on their way back into those of a corpus."""

    def __init__(self, tables: Mapping[str, pa.Table], facts: Mapping[str, Any]) -> None:
        self._tables = tables
        self._facts = facts
        self.mixed = 0
        posted = tables["POSTED"]
        at = pc.index_in(tables["Post"].column("post_id"), posted.column("target"))
        post = tables["Post"].append_column("author_id", posted.column("source").take(at))
        self._posts = post
        self._ids = post.column("post_id").combine_chunks()

    def _of_post(self, posts: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
        """Return a column of the posts that are named."""
        at = pc.index_in(posts, self._ids)
        return self._posts.column(column).take(at)

    def posts(self) -> pa.Table:
        """Return the rows of posts; the author of a stub only where no act leaves it open.

        An act whose target account was unknown would else find an author it did not have.
        """
        rows = self._posts
        unknown = [
            acts.column("target").filter(pc.is_null(acts.column("target_id")))
            for acts in (self._tables[name] for name in ACTS.values())
        ]
        left_open = pc.and_(
            pc.equal(rows.column("availability"), "stub"),
            pc.is_in(rows.column("post_id"), value_set=pa.chunked_array(
                [chunk for part in unknown for chunk in part.chunks], pa.string()
            ).combine_chunks()),
        )  # fmt: skip
        author = pc.if_else(pc.fill_null(left_open, False), None, rows.column("author_id"))  # noqa: FBT003
        rows = rows.set_column(rows.column_names.index("author_id"), "author_id", author)
        rows = rows.set_column(rows.column_names.index("created_at"), "created_at", _utc(rows))
        return rows.append_column("version_id", rows.column("post_id"))

    def interactions(self) -> tuple[pa.Table, dict[str, int]]:
        """Return the rows of acts: with their posts, then what only the sums hold."""
        lost = {"sums": 0, "undated_sums": 0, "without_actor": 0}
        parts = []
        for kind, sums in SUMS.items():
            acts = self._mentions() if kind == "mention" else self._acts(kind)
            acts, rest = self._against(acts, self._tables[sums], kind)
            lost["without_actor"] += acts.column("actor_id").null_count
            lost["sums"] += rest.num_rows
            lost["undated_sums"] += rest.column("created_ms").null_count
            parts += [acts, rest]
        schema = pa.schema([f for f in TABLES["interactions"] if f.name in parts[0].column_names])
        whole = pa.concat_tables([part.select(schema.names).cast(schema) for part in parts])
        platform = self._of_post(whole.column("post_id"), "platform")
        return whole.append_column("platform", platform), lost

    def _acts(self, kind: str) -> pa.Table:
        between = self._tables[ACTS[kind]]
        upon = self._tables["ADDRESSES"]
        upon = upon.filter(pc.equal(upon.column("kind"), kind))
        parts = []
        for rows, target, post in (
            (between, between.column("target_id"), between.column("target")),
            (upon, upon.column("target"), pa.nulls(upon.num_rows, pa.string())),
        ):
            parts.append(
                pa.table({
                    "kind": pa.array([kind] * rows.num_rows, pa.string()),
                    "actor_id": self._of_post(rows.column("source"), "author_id"),
                    "post_id": rows.column("source"),
                    "target_id": target,
                    "target_post_id": post,
                    "start": pa.nulls(rows.num_rows, pa.int32()),
                    "created_ms": rows.column("created_ms"),
                    "origin": pa.array(["authored"] * rows.num_rows, pa.string()),
                    "resolved_by": rows.column("resolved_by"),
                    "weight": rows.column("weight"),
                })
            )  # fmt: skip
        return pa.concat_tables(parts)

    def _mentions(self) -> pa.Table:
        rows = self._tables["MENTIONS"]
        parts = []
        for counter, origins in _ORIGINS.items():
            times = _counts(rows, counter)
            taken = rows.take(pa.array(np.repeat(np.arange(rows.num_rows), times)))
            origin = [self._origin(origins, len(taken))] * len(taken)
            parts.append(taken.select(["source", "target"]).append_column(
                "origin", pa.array(origin, pa.string())
            ))  # fmt: skip
        every = pa.concat_tables(parts).rename_columns(["post_id", "target_id", "origin"])
        none = pa.nulls(every.num_rows, pa.string())
        return pa.table({
            "kind": pa.array(["mention"] * every.num_rows, pa.string()),
            "actor_id": self._of_post(every.column("post_id"), "author_id"),
            "post_id": every.column("post_id"),
            "target_id": every.column("target_id"),
            "target_post_id": none,
            "start": pa.array(_places(every.column("post_id"))),
            "created_ms": self._of_post(every.column("post_id"), "created_ms"),
            "origin": every.column("origin"),
            "resolved_by": none,
            "weight": pa.array(np.ones(every.num_rows)),
        })  # fmt: skip

    def _origin(self, origins: tuple[str, ...], rows: int) -> str:
        """Return the origin that a counter stands for; the first where it may be either."""
        present = [origin for origin in origins if origin in self._facts["origins"]]
        if len(present) > 1:
            self.mixed += rows
        return (present or list(origins))[0]

    def _against(self, acts: pa.Table, sums: pa.Table, kind: str) -> tuple[pa.Table, pa.Table]:
        """Return acts, and what the sums hold beyond them.

        Where a pair has more acts than its sum, their posts are somebody else's: then nobody is
        their actor, and the sum stands for itself.
        """
        pairs = acts.select(["actor_id", "target_id", "origin", "weight"])
        pairs = pairs.filter(pc.and_(pc.is_valid(pairs[0]), pc.is_valid(pairs[1])))
        authored = pc.equal(pairs.column("origin"), "authored")
        own = pc.if_else(authored, pairs.column("weight"), 0.0)
        counted = (
            pairs.append_column("own", own)
            .group_by(["actor_id", "target_id"])
            .aggregate([("weight", "sum"), ("own", "sum")])
        )
        both = sums.join(
            counted, ["source", "target"], ["actor_id", "target_id"], join_type="full outer",
            coalesce_keys=True,
        )  # fmt: skip
        every, default = (_filled(both, name) for name in ("weight_all", "weight"))
        known, own_known = (_filled(both, name) for name in ("weight_sum", "own_sum"))
        more = (known > every) | (own_known > default)
        if more.any():
            acts = _without_actor(acts, both.filter(pa.array(more)))
            known[more], own_known[more] = 0.0, 0.0
        single = (known == 0) & (_filled(both, "first_ms") == _filled(both, "last_ms"))
        both = both.append_column("at", pc.if_else(pa.array(single), both.column("first_ms"), None))
        rest = [(default - own_known, "authored")]
        if kind == "mention":
            rest.append(((every - default) - (known - own_known), self._other_origin()))
        else:
            rest = [(every - known, "authored")]
        return acts, pa.concat_tables([_remaining(both, *each, kind) for each in rest])

    def _other_origin(self) -> str:
        others: list[str] = [o for o in self._facts["origins"] if o != "authored"]
        return (others or ["reply_prefix"])[0]

    def attachments(self) -> pa.Table:
        """Return what posts carry, links with their domains beside them."""
        domains = self._tables["ON"]
        rows = pa.concat_tables(list(self._carried()))
        rows = rows.append_column("start", pa.array(_places(rows.column("post_id"))))
        links = rows.filter(pc.equal(rows.column("kind"), "url"))
        at = pc.index_in(links.column("value"), domains.column("source"))
        links = links.append_column("value_raw", links.column("value"))
        named = links.set_column(
            links.column_names.index("value"), "value", domains.column("target").take(at)
        ).set_column(
            links.column_names.index("kind"), "kind",
            pa.array(["domain"] * links.num_rows, pa.string()),
        )  # fmt: skip
        named = named.filter(pc.is_valid(named.column("value")))
        whole = pa.concat_tables([rows, named], promote_options="default")
        post = whole.column("post_id")
        for name in ("author_id", "created_ms", "seen_as", "platform"):
            whole = whole.append_column(name, self._of_post(post, name))
        return whole

    def _carried(self) -> Iterator[pa.Table]:
        for kind, (type_, _) in USES.items():
            rows = self._tables[type_]
            for counter, origin in (("n_authored", "authored"), ("n_inherited", "inherited_share")):
                times = _counts(rows, counter)
                taken = rows.take(pa.array(np.repeat(np.arange(rows.num_rows), times)))
                yield pa.table({
                    "post_id": taken.column("source"),
                    "kind": pa.array([kind] * taken.num_rows, pa.string()),
                    "value": taken.column("target"),
                    "origin": pa.array([origin] * taken.num_rows, pa.string()),
                })  # fmt: skip


def _counts(rows: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(rows.column(name).fill_null(0), np.int64)


def _places(posts: pa.ChunkedArray) -> NDArray[np.int32]:
    """Return -1, -2, … within each post: an order, which no offset can be taken for."""
    codes = posts.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else ordered
    lengths = np.diff(np.r_[first, len(ordered)])
    places = np.empty(len(ordered), np.int32)
    places[order] = -1 - (np.arange(len(ordered)) - np.repeat(first, lengths))
    return places


def _filled(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column as floats, 0 where there is none; a copy that may be changed."""
    return np.asarray(table.column(name).cast(pa.float64()).fill_null(0.0), np.float64).copy()


def _without_actor(acts: pa.Table, pairs: pa.Table) -> pa.Table:
    """Take the actor off the acts of some pairs."""
    named = pc.binary_join_element_wise(
        pc.fill_null(acts.column("actor_id"), ""), pc.fill_null(acts.column("target_id"), ""), "\0"
    )
    listed = pc.binary_join_element_wise(pairs.column("source"), pairs.column("target"), "\0")
    theirs = pc.is_in(named, value_set=listed.combine_chunks())
    actor = pc.if_else(theirs, None, acts.column("actor_id"))
    return acts.set_column(acts.column_names.index("actor_id"), "actor_id", actor)


def _remaining(pairs: pa.Table, weight: NDArray[Any], origin: str, kind: str) -> pa.Table:
    """Return one row a pair for the weight that no act with a post accounts for."""
    kept = pairs.append_column("rest", pa.array(weight)).filter(pa.array(weight > 0))
    none = pa.nulls(kept.num_rows, pa.string())
    return pa.table({
        "kind": pa.array([kind] * kept.num_rows, pa.string()),
        "actor_id": kept.column("source"),
        "post_id": none,
        "target_id": kept.column("target"),
        "target_post_id": none,
        "start": pa.nulls(kept.num_rows, pa.int32()),
        "created_ms": kept.column("at"),
        "origin": pa.array([origin] * kept.num_rows, pa.string()),
        "resolved_by": none,
        "weight": kept.column("rest"),
    })  # fmt: skip
