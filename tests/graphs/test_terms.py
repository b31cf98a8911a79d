"""Log-odds against the sums of the paper; uses against counting posts one by one."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import PEOPLE, corpora
from workbench.engine import session as open_session
from workbench.graphs.terms import Written, distinctive, log_odds, term_uses
from workbench.graphs.words import words
from workbench.model import InteractionGraph, Partition
from workbench.model.filters import Filters

uses = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abcdef")), min_size=1, max_size=40)


@given(uses, st.integers(1, 3), st.floats(0.2, 5), st.integers(1, 4))
def test_equal_to_a_slow_count_of_the_paper(rows, least, prior, top):
    table = pa.table({"side": [side for side, _ in rows], "term": [term for _, term in rows]})
    found = distinctive(table, ["x", "y", "z"], top=top, least=least, prior=prior)
    totals = {t: n for t, n in sorted(Counter(term for _, term in rows).items()) if n >= least}
    if len(totals) < 2:
        assert found == f"{len(totals)} used by {least} accounts or more: nothing to tell sides by"
        return
    whole, expected = sum(totals.values()), []
    for side, name in enumerate("xyz"):
        own = Counter(term for s, term in rows if s == side)
        n = sum(own[term] for term in totals)
        scored = []
        for term, total in totals.items():
            alpha = prior * len(totals) * total / whole
            alpha_0 = prior * len(totals)
            y, other = own[term], total - own[term]
            delta = log((y + alpha) / (n + alpha_0 - y - alpha))
            delta -= log((other + alpha) / (whole - n + alpha_0 - other - alpha))
            rest = n + alpha_0 - y - alpha, whole - n + alpha_0 - other - alpha
            z = delta / sqrt(sum(1 / x for x in (y + alpha, other + alpha, *rest)))
            if z > 1e-9:
                scored.append((-round(z, 9), term, y, other, delta))
        expected += [(name, *row[1:]) for row in sorted(scored)[:top]]
    shown = list(found[["side", "term", "count", "others", "log_odds"]].itertuples(index=False))
    assert Counter(row[0] for row in shown) == Counter(row[0] for row in expected)
    for row in shown:
        (same,) = [e for e in expected if e[:2] == row[:2]] or [None]
        if same is not None:  # of equal z any of the last may be cut off by rounding
            assert row[2:4] == same[2:4]
            assert row[4] == pytest.approx(same[4], abs=1e-9)


def test_a_term_that_all_use_alike_needs_no_list_of_stop_words():
    delta, z = log_odds(np.array([90.0, 10]), np.array([900.0, 100]))
    assert abs(delta).max() < 1e-12
    assert abs(z).max() < 1e-12


@few(8)
@given(corpora(), st.sampled_from(["fr", None]), st.sampled_from([0, 3]))
def test_uses_are_those_of_the_posts_that_the_filters_choose(corpus, lang, since):
    graph = InteractionGraph.from_edges(PEOPLE[:-1], PEOPLE[1:])
    sides = Partition.from_mapping(
        graph, {a: "even" if int(a[-1]) % 2 == 0 else "odd" for a in PEOPLE[:-1]}
    )
    filters = Filters(since_ms=since * 1000, lang=lang)
    posts = [
        p for p in corpus.table("posts").to_pylist()
        if p["created_ms"] >= since * 1000 and lang in {None, p["lang"]}
        and p["author_id"] != PEOPLE[-1]
    ]  # fmt: skip
    with open_session(corpus) as session:
        written = Written.of(session, kinds=("word", "language"), filters=filters)
        found = {
            kind: term_uses(session, kind, sides, written=written) for kind in ("word", "language")
        }
    spoken = {(p["author_id"], p["lang"]) for p in posts}
    shown = found["language"].select(["account", "term"]).to_pylist()
    assert [tuple(row.values()) for row in shown] == sorted(spoken)
    said = {
        (p["author_id"], word, p["lang"])
        for p in posts
        for word in words(pa.array([p["text"]])).column("word").to_pylist()
    }
    shown = found["word"].select(["account", "term", "language"]).to_pylist()
    assert [tuple(row.values()) for row in shown] == sorted(said)
    place = dict(zip(sides.ids.to_pylist(), sides.labels.tolist(), strict=True))
    assert all(place[r["account"]] == r["side"] for t in found.values() for r in t.to_pylist())


def test_of_two_terms_z_is_that_of_the_odds_ratio_of_four_cells():
    _, z = log_odds(np.array([30.0, 70]), np.array([45.0, 55]), prior=1e-9)
    woolf = log(30 * 55 / (70 * 45)) / sqrt(1 / 30 + 1 / 70 + 1 / 45 + 1 / 55)
    assert z == pytest.approx([woolf, -woolf])


@pytest.mark.parametrize("shares", [(0.6, 0.4), (0.5, 0.2, 0.2, 0.1)])
def test_z_is_standard_normal_where_nothing_differs_also_of_few_terms(shares):
    rng = np.random.default_rng(4)
    drawn = [
        log_odds(rng.multinomial(80, shares) + 0.0, rng.multinomial(300, shares) + 0.0)[1]
        for _ in range(2000)
    ]
    assert 0.03 < (abs(np.concatenate(drawn)) > 1.96).mean() < 0.06
