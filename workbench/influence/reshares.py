"""Influence by posts: h-index of reshares, and what a usual post of an account gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs.selection import chosen_posts
from workbench.influence.acts import acts_of, checked_corpus, filters_of, per_pair, places
from workbench.influence.measures import MEASURES
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.influence.acts import Acts
    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["PostTable", "h_index", "h_index_of", "per_post_mean", "per_post_median", "post_table"]

COUNTS = ("acts", "accounts", "platform")
POSTS = ("primary", "known")


@MEASURES(
    reference="Hirsch (2005) doi:10.1073/pnas.0507655102; DeVerna et al. (2024) "
    "doi:10.1371/journal.pone.0302201",
    bounds=(0.0, None),
    needs="posts",
)
def h_index(graph: InteractionGraph, corpus: Corpus, *, counts: str = "acts") -> NodeScores:
    """Return the largest h such that h posts of the account were shared at least h times each.

    One post that goes round the world gives 1; a high h needs many posts that spread. Shares are
    the acts of the graph: within its window, filters and accounts, of others than the author. In a
    quote or reply graph they are quotes or replies.

    Parameters
    ----------
    corpus
        The corpus that the graph was built from.
    counts
        ``acts``: shares in the data; ``accounts``: different accounts that shared the post;
        ``platform``: what the platform reported (the largest count over all observations), of the
        account's own posts in the window; also those by the author and by accounts that are not in
        the data.

    Returns
    -------
    NodeScores
        Whole numbers ≥ 0; accounts that nobody acts upon have 0. With ``acts`` and ``accounts``,
        acts upon unknown posts are counted in ``parameters["unknown_posts"]``: an account that has
        none but these is absent, and for one that has some the number is a lower bound. With
        ``platform``, accounts without a post whose count is known are absent, and posts without a
        count are counted in ``parameters["unknown_counts"]``.

    Raises
    ------
    UsageError
        No corpus was given, or `counts` is not one of the three.
    UndefinedError
        The graph is empty, or its edges are no acts upon posts.
    CannotBuildError
        The corpus has no posts, or does not say which were shared, or how often.
    InputError
        The acts of the corpus do not add up to the graph.

    References
    ----------
    .. [1] Hirsch (2005) An index to quantify an individual's scientific research output. PNAS
       102(46), 16569–16572. doi:10.1073/pnas.0507655102
    .. [2] DeVerna, Aiyappa, Pacheco, Bryden & Menczer (2024) Identifying and characterizing
       superspreaders of low-credibility content on Twitter. PLOS ONE 19(5), e0302201.
       doi:10.1371/journal.pone.0302201
    """
    corpus = checked_corpus(graph, corpus, name="h_index")
    if counts not in COUNTS:
        raise UsageError("no such count", value=counts, allowed=", ".join(COUNTS))
    parameters: dict[str, Any] = {"counts": counts}
    if counts == "platform":
        acts_of(graph, corpus)  # refuses another corpus than the graph's
        own = _own_posts(graph, corpus)
        known = own.reported >= 0
        if not known.any():
            raise CannotBuildError(
                "the platform reported no counts of these posts", remedy="use counts='acts'"
            )
        values = h_index_of(own.author[known], own.reported[known], nodes=graph.nodes)
        has = np.zeros(graph.nodes, dtype=bool)
        has[own.author[known]] = True
        parameters["unknown_counts"] = int((~known).sum())
    else:
        acts = _with_posts(graph, corpus)
        known = acts.post >= 0
        author, shares = _shares(acts, once=counts == "accounts")
        values = h_index_of(author, shares, nodes=graph.nodes)
        has = np.ones(graph.nodes, dtype=bool)
        has[acts.target[~known]] = False
        has[acts.target[known]] = True
        parameters["unknown_posts"] = acts.unknown
    places_known = np.flatnonzero(has)
    return NodeScores.from_known(
        graph, places_known, values[places_known], name="h_index", parameters=parameters
    )


def h_index_of(author: NDArray[Any], shares: NDArray[Any], *, nodes: int) -> NDArray[np.float64]:
    """Return the h-index of each of `nodes` authors from one row a post, shape (nodes,).

    Parameters
    ----------
    author
        Number of the author of each post, in [0, nodes).
    shares
        Shares of each post, ≥ 0.
    """
    order = np.lexsort((-np.asarray(shares), author))
    sorted_author = np.asarray(author)[order]
    starts = np.searchsorted(sorted_author, np.arange(nodes))
    place = np.arange(len(order)) - starts[sorted_author] + 1
    reached = np.asarray(shares)[order] >= place
    return np.bincount(sorted_author[reached], minlength=nodes).astype(np.float64)


@MEASURES(
    reference="Cha et al. (2010) doi:10.1609/icwsm.v4i1.14033", bounds=(0.0, None), needs="posts"
)
def per_post_median(
    graph: InteractionGraph, corpus: Corpus, *, posts: str = "primary"
) -> NodeScores:
    """Return how often a usual post of each account was shared by others: the median over posts.

    The posts are those in the account's own words (no shares) with a time in the window and with
    the language, hashtag and text that the graph asks for; a post that nobody shared counts 0.
    Shares are the acts of the graph. A post from the end of the window had less time to be shared.

    Parameters
    ----------
    corpus
        The corpus that the graph was built from.
    posts
        ``primary``: posts that were collected themselves; ``known``: also those that are in the
        data only because somebody shared, quoted or answered them, which raises the median.

    Returns
    -------
    NodeScores
        Acts a post, ≥ 0; accounts without such a post are absent, not 0.

    Raises
    ------
    UsageError
        No corpus was given, or `posts` is neither of the two.
    UndefinedError
        The graph is empty, or its edges are no acts upon posts.
    CannotBuildError
        The corpus has no posts, or does not say which were shared.
    InputError
        The acts of the corpus do not add up to the graph.

    References
    ----------
    .. [1] Cha, Haddadi, Benevenuto & Gummadi (2010) Measuring user influence in Twitter: the
       million follower fallacy. ICWSM 4, 10–17. doi:10.1609/icwsm.v4i1.14033
    """
    return _per_post(graph, corpus, posts=posts, name="per_post_median")


@MEASURES(
    reference="Cha et al. (2010) doi:10.1609/icwsm.v4i1.14033", bounds=(0.0, None), needs="posts"
)
def per_post_mean(graph: InteractionGraph, corpus: Corpus, *, posts: str = "primary") -> NodeScores:
    """Return how often the posts of each account were shared by others, on average over its posts.

    As ``per_post_median``; one post that spread far moves the mean and not the median.

    Parameters
    ----------
    corpus, posts
        As in ``per_post_median``.

    Returns
    -------
    NodeScores
        Acts a post, ≥ 0; accounts without such a post are absent, not 0.

    Raises
    ------
    UsageError, UndefinedError, CannotBuildError, InputError
        As ``per_post_median``.

    References
    ----------
    .. [1] Cha, Haddadi, Benevenuto & Gummadi (2010) Measuring user influence in Twitter: the
       million follower fallacy. ICWSM 4, 10–17. doi:10.1609/icwsm.v4i1.14033
    """
    return _per_post(graph, corpus, posts=posts, name="per_post_mean")


@dataclass(frozen=True, eq=False, repr=False)
class PostTable(Tabular):
    """What the posts of each account got.

    Attributes
    ----------
    rows
        ``account, posts, shared, acts, mean, median, most`` in account order: posts, how many of
        them others shared, the acts, and of the acts a post mean, median and maximum.
    summary
        ``posts``; ``referenced_only``: posts left out because they were not collected themselves;
        ``acts_elsewhere``: acts of the graph upon posts that are not among those counted.
    """

    rows: pd.DataFrame
    summary: dict[str, Any] = field(default_factory=dict)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows."""
        return self.rows


def post_table(graph: InteractionGraph, corpus: Corpus, *, posts: str = "primary") -> PostTable:
    """Return posts, shares and shares a post of each account of the graph that wrote any.

    Parameters
    ----------
    corpus, posts
        As in ``per_post_median``, which also says what counts as a post and as a share.

    Raises
    ------
    UsageError, UndefinedError, CannotBuildError, InputError
        As ``per_post_median``.
    """
    import pandas as pd

    corpus = checked_corpus(graph, corpus, name="a table of posts")
    if posts not in POSTS:
        raise UsageError("no such posts", value=posts, allowed=", ".join(POSTS))
    own, acts = _own_posts(graph, corpus), _with_posts(graph, corpus)
    kept = own.primary if posts == "primary" else np.ones(len(own.author), dtype=bool)
    author = own.author[kept]
    shares = _shares_of(acts, own.posts.filter(pa.array(kept)))
    count = np.bincount(author, minlength=graph.nodes)
    writers = np.flatnonzero(count)
    order = np.lexsort((shares, author))
    ends = np.cumsum(count[writers])
    first, ranked = ends - count[writers], shares[order]
    middle = [ranked[(first + (count[writers] - back) // 2)] for back in (1, 0)]
    total = np.bincount(author, weights=shares, minlength=graph.nodes)[writers]
    rows = pd.DataFrame(
        {
            "account": graph.accounts[writers],
            "posts": count[writers],
            "shared": np.bincount(author[shares > 0], minlength=graph.nodes)[writers],
            "acts": total,
            "mean": total / count[writers],
            "median": (middle[0] + middle[1]) / 2,
            "most": ranked[ends - 1],
        }
    )
    summary = {
        "posts": int(kept.sum()),
        "referenced_only": int((~kept).sum()),
        "acts_elsewhere": float(acts.weight.sum() - shares.sum()),
    }
    return PostTable(rows, summary)


def _per_post(graph: InteractionGraph, corpus: Corpus, *, posts: str, name: str) -> NodeScores:
    table = post_table(graph, checked_corpus(graph, corpus, name=name), posts=posts)
    column = name.removeprefix("per_post_")
    return NodeScores.from_known(
        graph,
        graph.positions(table.rows["account"]),
        table.rows[column].to_numpy(),
        name=name,
        parameters={"posts": posts} | table.summary,
    )


@dataclass(frozen=True, eq=False)
class _OwnPosts:
    """Posts of accounts of a graph, one a row; `reported` is −1 where the platform says nothing."""

    author: NDArray[np.int64]
    posts: pa.Array
    primary: NDArray[np.bool_]
    reported: NDArray[np.int64]


def _own_posts(graph: InteractionGraph, corpus: Corpus) -> _OwnPosts:
    with open_session(corpus) as session:
        rows = session.collect(
            chosen_posts(session, filters_of(graph)).select(
                "author_id", "post_id", "seen_as", "shares"
            )
        )
    author = places(graph, rows.column("author_id"))
    here = author >= 0
    rows = rows.filter(pa.array(here))
    primary = pc.fill_null(pc.equal(rows.column("seen_as"), "primary"), fill_value=False)
    return _OwnPosts(
        author[here],
        rows.column("post_id").combine_chunks(),
        np.asarray(primary.to_numpy(), dtype=bool),
        pc.fill_null(rows.column("shares"), -1).to_numpy(),
    )


def _with_posts(graph: InteractionGraph, corpus: Corpus) -> Acts:
    acts = acts_of(graph, corpus)
    if len(acts.post) and not (acts.post >= 0).any():
        raise CannotBuildError(
            "this data does not say which posts were acted upon",
            value=f"{len(acts.post)} acts",
            remedy="use in_strength or unique_amplifiers",
        )
    return acts


def _shares(acts: Acts, *, once: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return author and shares of each post that has any; `once` counts an account once."""
    known = acts.post >= 0
    actor, target, post = acts.actor[known], acts.target[known], acts.post[known]
    weight = acts.weight[known]
    place, (author, number) = per_pair(target, post)
    if once:
        _, (place, _) = per_pair(place, actor)
        weight = np.ones(len(place))
    return author, np.bincount(place, weights=weight, minlength=len(number)).astype(np.float64)


def _shares_of(acts: Acts, posts: pa.Array) -> NDArray[np.float64]:
    """Return the shares of each of the posts, 0 where nobody shared it."""
    known = acts.post >= 0
    sums = np.bincount(acts.post[known], weights=acts.weight[known], minlength=len(acts.posts))
    place = np.asarray(pc.fill_null(pc.index_in(posts, value_set=acts.posts), -1), dtype=np.int64)
    return np.where(place >= 0, np.append(sums, 0.0)[place], 0.0)
