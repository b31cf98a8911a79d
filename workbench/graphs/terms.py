"""By which terms the posts of some accounts differ from those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.graphs.selection import chosen_attachments, written_posts
from workbench.graphs.words import words
from workbench.model.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.engine import Session
    from workbench.model.partition import Partition

__all__ = ["COLUMNS", "Written", "distinctive", "log_odds", "term_uses"]

Frame = nw.LazyFrame[Any]

#: What platforms write where a post has no language of its own.
NO_LANGUAGE = ("und", "zxx", "qam", "qct", "qht", "qme", "qst", "art")
COLUMNS = ("term", "count", "others", "log_odds", "z")


def log_odds(
    side: NDArray[np.float64], others: NDArray[np.float64], *, prior: float = 1.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each term the log-odds ratio of two counts under the prior, and its z.

    δ = log (y + α)/(n + α₀ − y − α) of the side − the same of the others, z = δ / σ, with α the
    term's share of all uses times α₀ = `prior` times the number of terms: the informative Dirichlet
    prior, which draws a rare term to no difference and needs no list of stop words, for a term that
    all use alike has z ≈ 0.

    σ² = 1/(y + α) + 1/(n + α₀ − y − α) + the same of the others. The shorter 1/(y + α) + 1/(y' + α)
    to which [1] comes leaves out what is small when every term is rare among all; where few terms
    share the uses, as two languages do, it makes z too large by √2 and more.

    Parameters
    ----------
    side, others
        Uses of each term on the side and elsewhere, shape (V,), V ≥ 2; each is used somewhere.
    prior
        Uses a term on average that the prior is worth, dealt out by the terms' own shares.

    References
    ----------
    .. [1] Monroe, Colaresi & Quinn (2008) Fightin' words: lexical feature selection and
       evaluation for identifying the content of political conflict. Political Analysis 16(4),
       372–403. doi:10.1093/pan/mpn018
    """
    both = side + others
    alpha = prior * len(both) * both / both.sum()
    first, second = side + alpha, others + alpha
    whole = [counts.sum() for counts in (first, second)]
    rest = [total - counts for total, counts in zip(whole, (first, second), strict=True)]
    delta = np.log(first / rest[0]) - np.log(second / rest[1])
    return delta, delta / np.sqrt(1 / first + 1 / rest[0] + 1 / second + 1 / rest[1])


@dataclass(frozen=True)
class Written:
    """What authors wrote into their own primary posts, kept in the session for many questions.

    Attributes
    ----------
    posts
        ``post_id author_id created_ms lang`` and, if asked for, ``text``; shares are left out.
    carried
        ``post_id author_id kind value``.
    """

    posts: Frame
    carried: Frame

    @classmethod
    def of(cls, session: Session, *, kinds: Sequence[str], filters: Filters | None = None) -> Self:
        """Return what the filters choose; `kinds` are attachments, ``language`` and ``word``."""
        chosen = Filters.parse() if filters is None else filters
        columns = ["post_id", "author_id", "created_ms", "lang"]
        texts = ["text"] if "word" in kinds else []
        attached = [kind for kind in kinds if kind not in {"language", "word"}] or ["hashtag"]
        return cls(
            session.kept(written_posts(session, chosen).select(*columns, *texts)),
            session.kept(
                chosen_attachments(session, attached[0], chosen, *attached[1:]).select(
                    "post_id", "author_id", "kind", "value"
                )
            ),
        )


def term_uses(session: Session, kind: str, sides: Partition, *, written: Written) -> pa.Table:
    """Return each account with a side and each term of its own primary posts, once.

    Parameters
    ----------
    kind
        An attachment (``hashtag``, ``domain``, …), ``language``, or ``word`` (of texts).

    Returns
    -------
    Table
        ``account side term`` in the order of the three, and for words ``language`` ("" where it
        is unknown).
    """
    account = nw.col("author_id").alias("account")
    if kind == "word":
        rows = written.posts.filter(~nw.col("text").is_null()).select(account, "text", "lang")
    elif kind == "language":
        told = ~nw.col("lang").is_null() & ~nw.col("lang").is_in(list(NO_LANGUAGE))
        rows = written.posts.filter(told).select(account, nw.col("lang").alias("term"))
    else:
        rows = written.carried.filter(nw.col("kind") == kind)
        rows = rows.select(account, nw.col("value").alias("term"))
    sided = sides.labels >= 0
    named = session.frame(
        pa.table({"account": sides.ids.filter(pa.array(sided)), "side": sides.labels[sided]})
    )
    if kind == "word":
        return _word_uses(session.collect(rows.join(named, on="account", how="inner")))
    once = rows.unique(["account", "term"]).join(named, on="account", how="inner")
    used = session.collect(once).select(["account", "side", "term"])
    return used.sort_by([(name, "ascending") for name in used.column_names])


def _word_uses(posts: pa.Table) -> pa.Table:
    """Return the words of the posts, each once an account and language."""
    found = words(posts.column("text"))
    lines = found.column("line")
    spoken = pc.fill_null(posts.column("lang"), "").take(lines)
    unknown = pc.is_in(spoken, value_set=pa.array(NO_LANGUAGE, pa.string()))
    table = pa.table(
        {
            "account": posts.column("account").take(lines),
            "side": posts.column("side").take(lines),
            "term": found.column("word"),
            "language": pc.if_else(unknown, "", spoken),
        }
    )
    once = table.group_by(table.column_names).aggregate([])
    return once.sort_by([(name, "ascending") for name in once.column_names])


def distinctive(
    rows: pa.Table, names: Sequence[str | int], *, top: int, least: int, prior: float = 1.0
) -> pd.DataFrame | str:
    """Return the terms that tell each side from all others together, or why there are none.

    Parameters
    ----------
    rows
        ``side term``, one row a use, as of ``term_uses``; sides are positions in `names`.
    top
        Terms a side, of those with z > 0, by falling z; ties are in the order of the terms.
    least
        Fewest uses, all sides together, of a term that is compared.

    Returns
    -------
    DataFrame
        ``side term count others log_odds z``: uses of the side, and of the other sides.
    """
    import pandas as pd

    used = rows.select(["side", "term"]).to_pandas()
    codes, terms = pd.factorize(used["term"], sort=True)
    totals = np.bincount(codes, minlength=len(terms))
    kept = totals >= least
    if kept.sum() < 2:
        return f"{int(kept.sum())} used by {least} accounts or more: nothing to tell sides by"
    sides = used["side"].to_numpy()
    words_kept = np.asarray(terms, dtype=object)[kept]
    pieces = []
    for side, name in enumerate(names):
        own = np.bincount(codes[sides == side], minlength=len(terms))[kept].astype(np.float64)
        others = totals[kept] - own
        delta, z = log_odds(own, others, prior=prior)
        chosen = np.argsort(-z, kind="stable")
        chosen = chosen[z[chosen] > 1e-9][:top]
        values = (words_kept, own.astype(np.int64), others.astype(np.int64), delta, z)
        columns = {column: value[chosen] for column, value in zip(COLUMNS, values, strict=True)}
        pieces.append(pd.DataFrame({"side": name, **columns}))
    return pd.concat(pieces, ignore_index=True)
