"""The closed lists of the model: interaction kinds, attachment kinds, origins, graph names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from workbench.errors import UsageError

__all__ = [
    "ATTACHMENTS",
    "GRAPHS",
    "KINDS",
    "ORIGINS",
    "RESOLVED_BY",
    "GraphKind",
    "graph_kind",
    "hashtag",
    "is_bipartite",
    "node_word",
]

KINDS = ("share", "quote", "reply", "mention")
ATTACHMENTS = ("hashtag", "url", "domain", "media", "text", "cashtag", "object")
ORIGINS = (
    "authored",
    "share_head",
    "reply_prefix",
    "inherited_share",
    "inherited_quote",
    "thread_self",
)
RESOLVED_BY = (
    "expanded",
    "id_field",
    "entity",
    "url",
    "text",
    "in_file_join",
    "uri",
    "none",
)


@dataclass(frozen=True)
class GraphKind:
    """What a graph's nodes and edges are.

    Attributes
    ----------
    name
        Canonical name, as in fingerprints and JSON.
    family
        ``interaction`` (account → account), ``bipartite`` (account → object),
        ``projection`` (account — account over shared objects) or
        ``cooccurrence`` (object — object over shared posts).
    base
        The interaction kind, or the attachment kind, it is built from.
    """

    name: str
    family: str
    base: str

    @property
    def directed(self) -> bool:
        """Whether an edge has a direction (interactions and bipartite graphs do)."""
        return self.family in {"interaction", "bipartite"}

    @property
    def node(self) -> str:
        """What the nodes are, in the plural."""
        if self.family == "bipartite":
            return f"accounts and {_plural(self.base)}"
        return _plural(self.base) if self.family == "cooccurrence" else "accounts"

    @property
    def edge(self) -> str:
        """What an edge is, in few words: ``retweeter → author``."""
        if self.family == "interaction":
            actor, target = _ENDS[self.base]
            return f"{actor} → {target}"
        if self.family == "bipartite":
            return f"account → {self.base} it used"
        if self.family == "projection":
            thing = "post" if self.base == "share" else self.base
            return f"two accounts that used the same {_plural(thing)}"
        return f"two {_plural(self.base)} in the same posts"

    @property
    def unit(self) -> str:
        """What the weights of the edges add up to."""
        return "weight" if self.family in {"projection", "cooccurrence"} else "acts"

    @property
    def meaning(self) -> str:
        """One sentence: what a node and an edge are."""
        if self.family == "interaction":
            act = {
                "share": "retweets (reposts, boosts, forwards)",
                "quote": "quotes",
                "reply": "replies to",
                "mention": "mentions",
            }[self.base]
            return f"nodes are accounts; an edge points from the account that {act} to the other"
        if self.family == "bipartite":
            return f"an edge points from an account to a {self.base} it used"
        thing = "post" if self.base == "share" else self.base
        if self.family == "projection":
            return f"accounts joined by the number of distinct {thing}s both used"
        return f"{self.base}s joined by the number of posts that carry both"


#: Who acts and who is acted upon.
_ENDS = {
    "share": ("retweeter", "author"),
    "quote": ("quoter", "quoted author"),
    "reply": ("replier", "author replied to"),
    "mention": ("author", "account mentioned"),
}


def _plural(name: str) -> str:
    return f"{name.upper()}s" if name == "url" else f"{name}s"


def _kinds() -> dict[str, GraphKind]:
    graphs = [
        GraphKind("retweet", "interaction", "share"),
        GraphKind("quote", "interaction", "quote"),
        GraphKind("reply", "interaction", "reply"),
        GraphKind("mention", "interaction", "mention"),
        GraphKind("account_hashtag", "bipartite", "hashtag"),
        GraphKind("account_url", "bipartite", "url"),
        GraphKind("account_domain", "bipartite", "domain"),
        GraphKind("co_hashtag", "projection", "hashtag"),
        GraphKind("co_url", "projection", "url"),
        GraphKind("co_domain", "projection", "domain"),
        GraphKind("co_share", "projection", "share"),
        GraphKind("hashtag_network", "cooccurrence", "hashtag"),
    ]
    return {graph.name: graph for graph in graphs}


GRAPHS = _kinds()
_SYNONYMS = {
    "share": "retweet",
    "repost": "retweet",
    "boost": "retweet",
    "forward": "retweet",
    "co_retweet": "co_share",
}


def graph_kind(name: str) -> GraphKind:
    """Return the graph kind called `name`; ``share``, ``repost`` and ``boost`` mean ``retweet``.

    Raises
    ------
    UsageError
        No graph has that name.
    """
    key = name.strip().casefold().replace("-", "_")
    key = _SYNONYMS.get(key, key)
    if key not in GRAPHS:
        raise UsageError("no graph of that kind", value=name, allowed=", ".join(GRAPHS))
    return GRAPHS[key]


def is_bipartite(kind: str) -> bool:
    """Return whether a graph of this kind joins accounts to what they used."""
    return kind in GRAPHS and GRAPHS[kind].family == "bipartite"


def node_word(kind: str) -> str:
    """Return what the nodes of a graph are, in the plural: ``nodes`` where the kind is unknown."""
    return GRAPHS[kind].node if kind in GRAPHS else "nodes"


def hashtag(text: str) -> str:
    """Return a hashtag without its sign, in NFKC and case-folded, for every script."""
    return unicodedata.normalize("NFKC", text.strip().lstrip("#＃")).casefold()
