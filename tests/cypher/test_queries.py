"""The rows of every query of the library against pandas, on every store."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement

import hypothesis
import networkx as nx
import pandas as pd
import pytest

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from tests.cypher.conftest import indices
from tests.cypher.test_form import listed
from workbench import polarisation
from workbench.communities import leiden
from workbench.engine import session, views
from workbench.errors import UndefinedError
from workbench.graphs import graph
from workbench.influence import gateway, h_index, unique_amplifiers
from workbench.model.partition import Partition
from workbench.polarisation import ei_index
from workbench.polarisation.preparation import prepare
from workbench.store import EmbeddedStore

DAY = 86_400_000


@cache
def frame(view):
    with session(crisis()) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pandas()


def edges(kind, corpus=None):
    found = graph(corpus or crisis(), kind).to_pandas()
    return found[found["source"] != found["target"]]


def same(store, name, expected, **parameters):
    assert listed(store.query(name, limit=100_000, **parameters)) == expected
    assert expected


def shortlex(text):
    return (len(text), text)


def amplified(kind, corpus=None):
    """Return account, weight and number of other accounts that act upon it."""
    grouped = edges(kind, corpus).groupby("target")["weight"].agg(["sum", "count"])
    rows = [(a, w, n) for a, w, n in grouped.itertuples(name=None)]
    return sorted(rows, key=lambda r: (-r[1], shortlex(r[0])))


INFLUENCE = {
    "retweet": "influence/most_amplified_accounts",
    "mention": "influence/most_mentioned_accounts",
    "quote": "influence/most_quoted_accounts",
    "reply": "influence/most_answered_accounts",
}


@pytest.mark.parametrize("kind", INFLUENCE)
def test_who_is_retweeted_mentioned_quoted_and_answered_most(store, kind):
    same(store, INFLUENCE[kind], amplified(kind))


@hypothesis.given(corpora())
@few(10)
def test_acts_upon_oneself_do_not_count(tmp_path_factory, corpus):
    alone = EmbeddedStore(tmp_path_factory.mktemp("drawn") / "graph")
    alone.write(corpus, progress=False)
    for kind, name in INFLUENCE.items():
        expected = amplified(kind, corpus) if len(edges(kind, corpus)) else []
        assert listed(alone.query(name)) == expected
    alone.close()


def test_amplifiers_of_an_account(store):
    acts = frame("interactions")
    acts = acts[(acts["kind"] == "share") & (acts["actor_id"] != acts["target_id"])]
    for place in (0, 5):
        star = amplified("retweet")[place][0]
        given = {"account": star} if place else {}
        times = acts[acts["target_id"] == star].groupby("actor_id")["created_ms"]
        rows = [(a, star, float(len(t)), t.min(), t.max()) for a, t in times]
        rows.sort(key=lambda r: (-r[2], shortlex(r[0])))
        same(store, "accounts/amplifiers_of_account", rows, **given)


def test_posts_of_an_edge(store):
    heaviest = sorted(
        edges("retweet").itertuples(index=False, name=None),
        key=lambda e: (-e[2], shortlex(e[0]), shortlex(e[1])),
    )
    acts = frame("interactions")
    for (source, target, weight), given in ((heaviest[0], False), (heaviest[3], True)):
        behind = acts[
            (acts["kind"] == "share") & (acts["actor_id"] == source) & (acts["target_id"] == target)
        ]
        rows = [
            (source, target, p, q, ms)
            for p, q, ms in behind[["post_id", "target_post_id", "created_ms"]].itertuples(
                index=False, name=None
            )
        ]
        assert len(rows) == weight
        rows.sort(key=lambda r: (r[4], r[2]))
        named = {"source": source, "target": target} if given else {}
        same(store, "evidence/posts_of_edge", rows, **named)


def test_most_shared_posts(store):
    acts = frame("interactions")
    shares = acts[(acts["kind"] == "share") & acts["target_post_id"].notna()]
    grouped = shares.groupby("target_post_id")["created_ms"].agg(["count", "min", "max"])
    rows = sorted(grouped.itertuples(name=None), key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "posts/most_shared_posts", rows)


def authored(kind):
    """Return what authors put into their own primary posts: author, post, value."""
    carried = frame("attachments")
    own = carried[
        (carried["kind"] == kind)
        & (carried["origin"] == "authored")
        & (carried["seen_as"] == "primary")
    ]
    return own[["author_id", "post_id", "value"]].drop_duplicates()


def test_most_used_hashtags_and_most_linked_domains(store):
    for kind, name in (
        ("hashtag", "hashtags/most_used_hashtags"),
        ("domain", "urls/most_linked_domains"),
    ):
        grouped = (
            authored(kind).groupby("value").agg({"post_id": "nunique", "author_id": "nunique"})
        )
        rows = sorted(grouped.itertuples(name=None), key=lambda r: (-r[1], shortlex(r[0])))
        same(store, name, rows)


def test_hashtags_used_together(store):
    together = Counter()
    for _, tags in authored("hashtag").groupby("post_id")["value"]:
        together.update((a, b) for a in tags for b in tags if a < b)
    rows = sorted(((a, b, n) for (a, b), n in together.items()), key=lambda r: (-r[2], r[0], r[1]))
    same(store, "hashtags/hashtag_pairs", rows)


def primary():
    posts = frame("posts")
    return posts[posts["seen_as"] == "primary"]


def test_posts_per_day(store):
    posts = primary()
    posts = posts[posts["created_ms"].notna()]
    for since, until in ((0, 10**15), (1_930_500_000_000, 1_931_000_000_000)):
        chosen = posts[(posts["created_ms"] >= since) & (posts["created_ms"] < until)]
        day = chosen["created_ms"].astype("int64") // DAY * DAY
        rows = [(int(d), k, n) for (d, k), n in chosen.groupby([day, "kind"]).size().items()]
        same(store, "timelines/posts_per_day", sorted(rows), since=since, until=until)


def depths_above(above, most=10):
    """Return first post → post → least number of steps to it, for acts post → posts acted upon."""
    made = defaultdict(dict)
    for post in above:
        seen, layer = {post}, {post}
        for depth in range(1, most + 1):
            layer = {q for p in layer for q in above.get(p, ())} - seen
            seen |= layer
            for root in layer - above.keys():
                made[root].setdefault(post, depth)
    return made


def above(*kinds):
    acts = frame("interactions")
    known = set(frame("posts")["post_id"])
    chosen = acts[acts["kind"].isin(kinds) & acts["target_post_id"].isin(known)]
    made = defaultdict(set)
    for post, target in chosen[["post_id", "target_post_id"]].itertuples(index=False, name=None):
        made[post].add(target)
    return made


def test_replies_and_shares_by_depth(store):
    for name, kinds in (("replies", ["reply"]), ("shares", ["share", "quote"])):
        counted, roots = Counter(), defaultdict(set)
        for root, below in depths_above(above(*kinds)).items():
            for depth in below.values():
                counted[depth] += 1
                roots[depth].add(root)
        rows = [(d, counted[d], len(roots[d])) for d in sorted(counted)]
        same(store, f"cascades/{name}_by_depth", rows)


def test_largest_conversations(store):
    posts = frame("posts").set_index("post_id")
    rows = []
    for root, below in depths_above(above("reply")).items():
        under = posts.loc[list(below)]
        last, authors = int(under["created_ms"].max()), under["author_id"].nunique()
        rows.append((root, len(below), max(below.values()), last, authors))
    rows.sort(key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "cascades/largest_conversations", rows)


def test_most_active_accounts_and_posts_by_language(store):
    posts = primary()
    kinds = pd.crosstab(posts["author_id"], posts["kind"])
    rows = [
        (a, int(k.sum()), *(int(k[name]) for name in ("original", "share", "quote", "reply")))
        for a, k in kinds.iterrows()
    ]
    rows.sort(key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "accounts/most_active_accounts", rows)
    rows = []
    for language, own in posts.groupby("lang"):
        originals, shares = (int((own["kind"] == k).sum()) for k in ("original", "share"))
        rows.append((language, len(own), originals, shares, own["author_id"].nunique()))
    same(store, "languages/posts_by_language", sorted(rows, key=lambda r: (-r[1], r[0])))


def test_verified_accounts_and_others(store):
    accounts = frame("accounts").set_index("account_id")
    inward = edges("retweet").groupby("target")["weight"].sum()
    rows = []
    for verified, own in accounts.groupby("verified"):
        upon = inward[inward.index.isin(own.index)]
        known = own["followers"].dropna()
        rows.append((verified, len(own), len(upon), upon.sum(), len(known), int(known.sum())))
    same(store, "accounts/verified_and_others", sorted(rows))


def test_most_contested_posts(store):
    acts = frame("interactions")
    author = frame("posts").set_index("post_id")["author_id"].dropna()
    answers = acts[
        acts["kind"].isin(["reply", "quote"]) & acts["target_post_id"].isin(author.index)
    ]
    shares = acts[acts["kind"] == "share"].groupby("target_post_id")["post_id"].nunique()
    for least in (3, 1):
        rows = []
        for post, own in answers.groupby("target_post_id"):
            others = own[own["actor_id"] != author[post]]
            n, retweets = others["post_id"].nunique(), int(shares.get(post, 0))
            if n >= least and n > retweets:
                rows.append((post, author[post], n, others["actor_id"].nunique(), retweets))
        rows.sort(key=lambda r: (-r[2], shortlex(r[0])))
        same(store, "posts/most_contested_posts", rows, least=least)


def test_most_linked_pages_and_most_shown_pictures(store):
    when = frame("posts").set_index("post_id")["created_ms"]
    for kind, name in (("url", "urls/most_linked_urls"), ("media", "media/most_shown_media")):
        rows = []
        for value, own in authored(kind).groupby("value"):
            times = when[own["post_id"].unique()]
            n, accounts = own["post_id"].nunique(), own["author_id"].nunique()
            rows.append((value, n, int(times.min()), int(times.max()), accounts))
        rows.sort(key=lambda r: (-r[1], -r[4], r[0]))
        same(store, name, rows)


def shares_of_others():
    acts = frame("interactions")
    return acts[(acts["kind"] == "share") & (acts["actor_id"] != acts["target_id"])]


def test_retweets_of_an_account_by_day(store):
    acts = shares_of_others()
    for place in (0, 3):
        star = amplified("retweet")[place][0]
        own = acts[acts["target_id"] == star]
        rows = [
            (star, int(day), len(on), on["actor_id"].nunique())
            for day, on in own.groupby(own["created_ms"] // DAY * DAY)
        ]
        given = {"account": star} if place else {}
        same(store, "timelines/retweets_of_account_by_day", rows, **given)
        middle = rows[len(rows) // 2][1]
        given = {"account": star, "since": middle, "until": middle + 2 * DAY}
        within = [row for row in rows if middle <= row[1] < middle + 2 * DAY]
        same(store, "timelines/retweets_of_account_by_day", within, **given)


def test_posts_of_a_mention_edge(store):
    heaviest = sorted(
        edges("mention").itertuples(index=False, name=None),
        key=lambda e: (-e[2], shortlex(e[0]), shortlex(e[1])),
    )
    acts = frame("interactions")
    acts = acts[(acts["kind"] == "mention") & (acts["origin"] == "authored")]
    for (source, target, weight), given in ((heaviest[0], False), (heaviest[2], True)):
        own = acts[(acts["actor_id"] == source) & (acts["target_id"] == target)]
        rows = [
            (source, target, post, len(on), int(on["created_ms"].iloc[0]))
            for post, on in own.groupby("post_id")
        ]
        assert sum(row[3] for row in rows) == weight
        rows.sort(key=lambda r: (r[4], r[2]))
        named = {"source": source, "target": target} if given else {}
        same(store, "evidence/posts_of_mention_edge", rows, **named)


def test_posts_of_an_account(store):
    posts, acts = frame("posts"), frame("interactions")
    upon = acts.groupby(["kind", "target_post_id"])["post_id"].nunique().to_dict()
    quiet = sorted(set(posts["author_id"].dropna()) - {row[0] for row in amplified("retweet")})
    busy = posts[posts["author_id"].isin(quiet)]["author_id"].mode()[0]
    for account, given in ((amplified("retweet")[0][0], {}), (busy, {"account": busy})):
        own = posts[posts["author_id"] == account]
        rows = [
            (account, post, int(ms), kind, lang,
             *(upon.get((k, post), 0) for k in ("share", "quote", "reply")))
            for post, ms, kind, lang in own[
                ["post_id", "created_ms", "kind", "lang"]
            ].itertuples(index=False, name=None)
        ]  # fmt: skip
        rows.sort(key=lambda r: (r[2], shortlex(r[1])))
        same(store, "evidence/posts_of_account", rows, **given)


def weights(kind="retweet"):
    return {(a, b): w for a, b, w in edges(kind).itertuples(index=False, name=None)}


def test_pairs_that_retweet_each_other(store):
    one = weights()
    rows = [
        (a, b, min(w, one[b, a]), w, one[b, a])
        for (a, b), w in one.items()
        if shortlex(a) < shortlex(b) and (b, a) in one
    ]
    rows.sort(key=lambda r: (-r[2], shortlex(r[0]), shortlex(r[1])))
    same(store, "influence/reciprocal_pairs", rows)


def test_pairs_are_in_account_order(tmp_path):
    pairs = [("x:9", "x:10"), ("x:9", "x:8"), ("x:10", "x:8")]
    acts = [
        {"platform": "x", "kind": "share", "actor_id": a, "target_id": b, "weight": 1.0,
         "origin": "authored", "resolved_by": "id_field", "source_id": "s", "record": i}
        for i, (a, b) in enumerate([*pairs, *(pair[::-1] for pair in pairs)])
    ]  # fmt: skip
    alone = EmbeddedStore(tmp_path / "graph")
    alone.write(corpus_of(interactions=acts), progress=False)
    found = alone.query("influence/reciprocal_pairs")
    alone.close()
    in_order = [("x:8", "x:9"), ("x:8", "x:10"), ("x:9", "x:10")]
    assert list(zip(found["first"], found["second"], strict=True)) == in_order


def test_amplifiers_that_two_accounts_share(store):
    one = weights()
    stars = [row[0] for row in amplified("retweet")]
    for pair, given in ((stars[:2], False), (stars[4:0:-3], True)):
        first, second = sorted(pair)
        rows = [
            (a, first, second, one[a, first] + one[a, second], one[a, first], one[a, second])
            for a in {source for source, _ in one}
            if (a, first) in one and (a, second) in one and a not in pair
        ]
        rows.sort(key=lambda r: (-r[3], shortlex(r[0])))
        named = {"first": pair[0], "second": pair[1]} if given else {}
        same(store, "influence/amplifiers_of_both", rows, **named)
    assert store.query("influence/amplifiers_of_both", first=stars[0]).empty


def test_shortest_chains_of_retweets(store):
    made = nx.DiGraph(list(weights()))
    star = amplified("retweet")[0][0]
    steps = nx.single_source_shortest_path_length(made.reverse(), star, cutoff=6)
    far = min(steps, key=lambda a: (-steps[a], shortlex(a)))
    middle = min((a for a in steps if steps[a] == 3), key=shortlex)
    for source, given in ((far, {}), (middle, {"source": middle, "target": star})):
        ways = [" > ".join(way) for way in nx.all_shortest_paths(made, source, star)]
        rows = [(source, star, steps[source], way) for way in sorted(ways)]
        same(store, "influence/shortest_retweet_chains", rows, **given)
    nobody = store.query("influence/shortest_retweet_chains", source=star, target=star)
    assert nobody.empty


def communities(seed):
    retweets = graph(crisis(), "retweet", largest_component=True)
    return dict(zip(retweets.accounts, leiden(retweets, seed=seed).labels, strict=True))


def test_bridges_between_communities(store):
    runs = store.runs().set_index("name")["run_id"]
    for seed, given in ((5, {}), (1, {"run": runs["older"]})):
        labels = communities(seed)
        own, others, who = Counter(), Counter(), defaultdict(set)
        for (a, b), w in weights().items():
            if a not in labels or b not in labels:
                continue
            if labels[a] == labels[b]:
                own[b] += w
            else:
                others[b] += w
                who[b].add(labels[a])
        rows = [
            (b, int(labels[b]), w, float(own[b]), len(who[b])) for b, w in others.items() if w > 0
        ]
        rows.sort(key=lambda r: (-r[2], shortlex(r[0])))
        same(store, "communities/bridges_between_communities", rows, **given)


def test_unique_amplifiers_are_those_of_the_package(store):
    retweets = graph(crisis(), "retweet")
    scores = unique_amplifiers(retweets)
    inward = edges("retweet").groupby("target")["weight"].agg(["count", "sum", "max"])
    rows = [(a, n, w, most) for a, n, w, most in inward.itertuples(name=None)]
    rows.sort(key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "influence/unique_amplifiers", rows)
    known = dict(zip(scores.ids.to_pylist(), scores.values, strict=True))
    assert {row[0]: row[1] for row in rows} == {a: n for a, n in known.items() if n}


def test_h_index_is_that_of_the_package(store):
    """And its parts are those of pandas."""
    scores = h_index(graph(crisis(), "retweet"), crisis())
    by_post = shares_of_others().groupby(["target_id", "target_post_id"])["post_id"].nunique()
    parts = by_post.groupby("target_id").agg(["count", "sum", "max"])
    known = dict(zip(scores.ids.to_pylist(), scores.values, strict=True))
    rows = [(a, int(known[a]), n, int(s), int(m)) for a, n, s, m in parts.itertuples(name=None)]
    rows.sort(key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "influence/h_index", rows)
    assert {row[0] for row in rows} == {a for a, h in known.items() if h}


def test_gateways_are_those_of_the_package(store):
    retweets = graph(crisis(), "retweet", largest_component=True)
    runs = store.runs().set_index("name")["run_id"]
    for seed, least, given in ((5, 1.0, {}), (1, 5.0, {"run": runs["older"], "least": 5.0})):
        camps = leiden(retweets, seed=seed)
        scores = gateway(retweets, camps, least=least)
        known = dict(zip(scores.ids.to_pylist(), scores.values, strict=True))
        found = store.query("influence/gateways", limit=100_000, **given)
        found = found.set_index("account")
        assert set(found.index) == {a for a, value in known.items() if value}
        assert found["gateway"].to_dict() == pytest.approx(
            {a: v for a, v in known.items() if v}, abs=1e-8
        )
        labels = dict(zip(retweets.accounts, camps.labels.tolist(), strict=True))
        assert found["community"].to_dict() == {a: labels[a] for a in found.index}
        values = found["gateway"].tolist()
        assert values == sorted(values, reverse=True)
        if not given:
            bridges = store.query("communities/bridges_between_communities", limit=100_000)
            bridges = bridges.set_index("account")
            assert found["retweets"].to_dict() == bridges["from_others"].to_dict()
            assert found["communities"].to_dict() == bridges["communities"].to_dict()


def test_flow_between_communities_of_the_newest_run_or_of_one(store):
    runs = store.runs().set_index("name")["run_id"]
    for seed, given in ((5, {}), (1, {"run": runs["older"]})):
        labels = communities(seed)
        within = edges("retweet")
        within = within[within["source"].isin(labels) & within["target"].isin(labels)]
        sides = [within["source"].map(labels), within["target"].map(labels)]
        grouped = within["weight"].groupby(sides).agg(["sum", "count"])
        rows = [(int(a), int(b), w, n) for (a, b), w, n in grouped.itertuples(name=None)]
        same(store, "communities/cross_community_flow", sorted(rows), **given)


def test_mixing_and_ei_index_of_sides_are_those_of_the_package(store):
    """On the whole graph, of whose accounts those outside the largest component have no side."""
    runs = store.runs().set_index("name")["run_id"]
    retweets = graph(crisis(), "retweet")
    for seed, run, given in ((5, "camps", {}), (1, "older", {"run": runs["older"]})):
        labels = {account: str(side) for account, side in communities(seed).items()}
        sides = Partition.from_mapping(retweets, labels)
        counts = prepare(retweets, sides, component="all")
        acts = prepare(retweets, sides, component="all", weights="weighted")
        cells = {}
        for one, other in combinations_with_replacement(range(sides.k), 2):
            cell = tuple(sorted(int(sides.names[side]) for side in (one, other)))
            # The diagonal counts both ways.
            pairs, weight = (p.mixing()[one, other] / (1 + (one == other)) for p in (counts, acts))
            if pairs:
                cells[cell] = int(pairs), float(weight)
        rows = [(*cell, *values) for cell, values in sorted(cells.items())]
        same(store, "polarisation/mixing_of_sides", rows, **given)
        inside = [values for (one, other), values in cells.items() if one == other]
        across = [values for (one, other), values in cells.items() if one != other]
        (row,) = listed(store.query("polarisation/ei_index_of_sides", **given))
        (pairs_in, acts_in), (pairs_out, acts_out) = (
            map(sum, zip(*values, strict=True)) for values in (inside, across)
        )
        assert row[:3] == (runs[run], pairs_in, pairs_out)
        assert row[4:6] == (acts_in, acts_out)
        plain, weighted = (
            ei_index(retweets, sides, component="all", weights=weights).value
            for weights in ("unweighted", "weighted")
        )
        assert (row[3], row[6]) == (pytest.approx(plain), pytest.approx(weighted))
        assert plain != weighted


def test_mixing_indices_of_sides_are_those_of_the_package(store):
    runs = store.runs().set_index("name")["run_id"]
    retweets = graph(crisis(), "retweet")
    for seed, run, given in ((5, "camps", {}), (1, "older", {"run": runs["older"]})):
        labels = {account: str(side) for account, side in communities(seed).items()}
        sides = Partition.from_mapping(retweets, labels)
        prepared = prepare(retweets, sides, component="all")
        frame = store.query("polarisation/mixing_family_of_sides", **given)
        (row,) = listed(frame)
        found = dict(zip(frame.columns, row, strict=True))
        assert found["run"] == runs[run]
        assert (found["sides"], found["accounts"]) == (sides.k, prepared.nodes)
        assert found["pairs"] == prepared.edges
        names = list(found)[4:]
        assert len(names) == 8
        for name in names:
            index = getattr(polarisation, name)
            try:
                value = index(retweets, sides, component="all").value
            except UndefinedError:
                assert found[name] is None, name
            else:
                assert found[name] == pytest.approx(value, abs=1e-9), name
                assert abs(value) > 1e-3


def test_runs_of_other_graphs_are_not_measured_on_all_retweets(store):
    """The command line says of which graph communities are; of others nothing is known."""
    queries = ("ei_index_of_sides", "mixing_of_sides", "mixing_family_of_sides")
    retweets = graph(crisis(), "retweet")
    sides = Partition.from_mapping(retweets, {a: str(c) for a, c in communities(1).items()})
    before = [store.query(f"polarisation/{name}") for name in queries]
    for kind, known in (("reply", False), ("retweet, since", False), ("retweet", True)):
        run = store.annotate(replace(sides, parameters={"graph": kind}), name=kind)
        try:
            for name, newest in zip(queries, before, strict=True):
                found = store.query(f"polarisation/{name}", run=run)
                assert (len(found) > 0) == known
                if not known:
                    assert store.query(f"polarisation/{name}").equals(newest)
        finally:
            store.drop_run(run)


def test_runs_and_what_they_wrote(store):
    retweets = graph(crisis(), "retweet", largest_component=True)
    rows = store.query("runs/results_of_runs")
    assert rows["name"].tolist() == ["older", "camps", "indices"]
    assert rows["results"].tolist() == [retweets.nodes, 2 * retweets.nodes, 0]
    assert rows["seed"].tolist() == [1, 5, 3]
    assert set(rows["input"]) == {retweets.fingerprint}
    assert pd.Series(rows["written_ms"]).is_monotonic_increasing


def test_index_values_of_runs(store):
    run = store.runs().set_index("name").loc["indices"]
    rows = [
        (run["run_id"], run["written_ms"], i.name, i.value, i.null_mean, i.null_sd, i.z, i.p,
         i.low, i.high, json.dumps(dict(i.choices)))
        for i in indices("")
    ]  # fmt: skip
    same(store, "runs/index_values", rows)
