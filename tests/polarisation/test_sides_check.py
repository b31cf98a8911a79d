"""Found sides against labels by loops over accounts; names of sides against counting by hand."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import PEOPLE, corpora, corpus_of
from tests.polarisation.cases import graph_of
from workbench.errors import CannotBuildError, UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information, adjusted_rand
from workbench.model import Partition
from workbench.model.corpus import Corpus
from workbench.polarisation import confusion, name_sides
from workbench.polarisation.sides_check import log_odds

NAMES = [f"n{i}" for i in range(8)]


def partition_of(labels, **about):
    """Return the partition account → label over a path of all of them; None is no label."""
    made = graph_of(list(zip(list(labels), list(labels)[1:], strict=False)))
    return Partition.from_labels(
        made, [labels[a] for a in made.accounts], method=about.get("method", "given")
    )


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["x", "y", "z", None]), min_size=8, max_size=8),
    st.lists(st.sampled_from(["p", "q", None]), min_size=8, max_size=8),
)
def test_equal_to_counting_accounts(first, second):
    ours, theirs = (dict(zip(NAMES, labels, strict=True)) for labels in (first, second))
    both = [a for a in NAMES if ours[a] and theirs[a]]
    sides = partition_of(ours)
    given_labels = {a: s for a, s in theirs.items() if s}
    if not both:
        with pytest.raises(UndefinedError, match="both a side and a label"):
            confusion(sides, given_labels)
        return
    found = confusion(sides, given_labels)
    cells = Counter((ours[a], theirs[a]) for a in both)
    for side in found.matrix.index:
        for label in found.matrix.columns:
            assert found.matrix.loc[side, label] == cells[side, label]
    assert found.matrix.to_numpy().sum() == len(both)
    labels = ["p", "q", None, None]
    best = max(
        sum(cells[side, label] for side, label in zip("xyz", order, strict=False))
        for order in permutations(labels)
    )
    assert found.accuracy == pytest.approx(best / len(both))
    matched = sum(cells[pair] for pair in found.matching.items())
    assert matched == best
    codes = [["xyzpq".index(d[a]) for a in both] for d in (ours, theirs)]
    assert found.adjusted_rand == pytest.approx(adjusted_rand(*map(np.array, codes)))
    information = adjusted_mutual_information(*map(np.array, codes))
    assert found.adjusted_mutual_information == pytest.approx(information)
    assert found.coverage == len(both) / sum(s is not None for s in first)
    assert found.majority == max(Counter(theirs[a] for a in both).values()) / len(both)
    assert found.without_label == [a for a in NAMES if ours[a] and not theirs[a]]
    assert found.without_side == [a for a in NAMES if theirs[a] and not ours[a]]
    as_partition = confusion(sides, partition_of(theirs, method="other"))
    assert as_partition.to_dict() == found.to_dict()


def test_labels_of_other_accounts_are_listed_not_wrong():
    sides = partition_of({"x:1": "a", "x:2": "a", "x:3": "b", "x:4": "b", "x:5": None})
    found = confusion(sides, {"1": "left", "x:2": "left", "x:3": "left", "x:9": "right", "5": "r"})
    assert found.accuracy == 2 / 3
    assert found.matching == {"a": "left"}
    assert found.coverage == 3 / 4
    assert (found.without_label, found.without_side) == (["x:4"], ["x:5", "x:9"])
    assert found.majority == 1.0  # calling all of them left is better than the sides
    assert found.to_dict()["without_side"] == 2
    assert found.to_dict()["matrix"] == {"a": {"left": 2}, "b": {"left": 1}}
    assert "<table" in found._repr_html_()
    assert found.to_pandas() is found.matrix


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(any), min_size=2, max_size=6),
    st.floats(0.1, 10),
)
def test_log_odds_are_those_of_the_paper(pairs, prior):
    first, second = (np.array(x, dtype=float) for x in zip(*pairs, strict=True))
    delta, z = log_odds(first, second, prior=prior)
    total = first.sum() + second.sum()
    alpha0 = prior * len(pairs)
    for w, (y, other) in enumerate(pairs):
        alpha = alpha0 * (y + other) / total
        one = (y + alpha) / (first.sum() + alpha0 - y - alpha)
        two = (other + alpha) / (second.sum() + alpha0 - other - alpha)
        assert delta[w] == pytest.approx(log(one) - log(two), abs=1e-9)
        rest = first.sum() + alpha0 - y - alpha, second.sum() + alpha0 - other - alpha
        spread = sqrt(1 / (y + alpha) + 1 / (other + alpha) + 1 / rest[0] + 1 / rest[1])
        assert z[w] == pytest.approx(delta[w] / spread, abs=1e-9)


def test_a_rare_term_is_drawn_to_no_difference():
    _, z = log_odds(np.array([1.0, 40, 59]), np.array([0.0, 20, 80]))
    assert 0 < z[0] < z[1]
    _, strong = log_odds(np.array([1.0, 40, 59]), np.array([0.0, 20, 80]), prior=1000)
    assert abs(strong).max() < abs(z).max() / 5


def carried(account, value, kind="hashtag", **about):
    return {
        "platform": "x", "post_id": f"p{account}{value}", "author_id": account, "kind": kind,
        "value": value, "origin": "authored", "seen_as": "primary", "source_id": "s", "record": 0,
    } | about  # fmt: skip


def wrote(account, lang, kind="original", **about):
    return {
        "platform": "x", "post_id": f"w{account}{lang}{kind}", "author_id": account, "kind": kind,
        "lang": lang, "seen_as": "primary", "availability": "full", "source_id": "s", "record": 0,
        "text": "a secret sentence", "version_id": f"w{account}{lang}{kind}",
    } | about  # fmt: skip


def two_camps():
    people = [f"x:{i}" for i in range(10)]
    tags = [carried(a, "peace") for a in people]
    tags += [carried(a, "left") for a in people[:5]] + [carried(a, "right") for a in people[4:9]]
    tags += [carried("x:9", "rare"), carried("x:9", "right", origin="inherited_share")]
    # One busy account is one user of its hashtag.
    tags += [carried("x:0", "right", post_id=f"again{i}") for i in range(50)]
    sites = [carried(a, "one.example", "domain") for a in people]
    posts = [wrote(a, "fr" if a < "x:4" else "en") for a in people]
    posts += [wrote(a, "und") for a in people] + [wrote(a, "de", "share") for a in people]
    sides = partition_of(
        {a: "left" if a < "x:5" else "right" for a in people[:9]} | {"x:z": "left"}
    )
    return corpus_of(posts=posts, attachments=tags + sites), sides


def test_sides_are_named_by_what_tells_them_apart():
    corpus, sides = two_camps()
    found = name_sides(corpus, sides)
    rows = {(r["side"], r["kind"], r["term"]): r for r in found.table.to_dict("records")}
    assert set(rows) == {
        ("left", "hashtag", "left"), ("left", "language", "fr"), ("right", "hashtag", "right"),
        ("right", "hashtag", "peace"), ("right", "language", "en"),
    }  # fmt: skip
    left = rows["left", "hashtag", "left"]
    assert (left["count"], left["others"]) == (5, 0)
    right = rows["right", "hashtag", "right"]
    assert (right["count"], right["others"]) == (4, 2)
    delta, z = log_odds(np.array([5.0, 5, 2]), np.array([0.0, 4, 4]))
    assert (left["log_odds"], left["z"]) == pytest.approx((delta[0], z[0]))
    assert found.skipped == {"domain": "1 used by 3 accounts or more: nothing to tell sides by"}
    assert found.accounts.to_dict("records") == [
        {"side": "left", "accounts": 6, "with_terms": 5},
        {"side": "right", "accounts": 4, "with_terms": 4},
    ]
    shown = str(found.to_dict()) + found._repr_html_()
    assert "secret" not in shown
    assert "x:" not in shown
    assert found.to_pandas() is found.table


def test_choices_of_naming():
    corpus, sides = two_camps()
    rare = name_sides(corpus, sides, min_accounts=1, kinds=("hashtag",), top=1).table
    assert rare["term"].tolist() == ["left", "right"]
    nobody = name_sides(corpus, sides, min_accounts=20)
    assert nobody.table.empty
    assert set(nobody.skipped) == {"hashtag", "domain", "language"}
    assert list(nobody.table) == ["side", "kind", "term", "count", "others", "log_odds", "z"]
    for wrong, message in (
        ({"kinds": ("text",)}, r"no such kind of term.*hashtag, domain, language"),
        ({"kinds": ()}, "no such kind of term"),
        ({"top": 0}, "must be ≥ 1"),
        ({"min_accounts": 0}, "must be ≥ 1"),
        ({"prior": 0}, "prior must be > 0"),
    ):
        with pytest.raises(UsageError, match=message):
            name_sides(corpus, sides, **wrong)
    with pytest.raises(UndefinedError, match="one side only"):
        name_sides(corpus, partition_of({"x:1": "a", "x:2": "a"}))
    with pytest.raises(CannotBuildError, match="no posts that could name"):
        name_sides(Corpus.empty(), sides)


@few(6)
@given(corpora())
def test_counts_are_accounts_and_terms_each_once(corpus):
    sides = partition_of({a: "even" if int(a[-1]) % 2 == 0 else "odd" for a in PEOPLE})
    found = name_sides(corpus, sides, min_accounts=1, top=9, kinds=("hashtag", "language"))
    tags = {
        (r["author_id"], r["value"])
        for r in corpus.table("attachments").to_pylist()
        if r["origin"] == "authored"
    }
    spoken = {(r["author_id"], r["lang"]) for r in corpus.table("posts").to_pylist()}
    for row in found.table.itertuples(index=False):
        uses = tags if row.kind == "hashtag" else spoken
        users = [int(a[-1]) % 2 == 0 for a, term in uses if term == row.term]
        own = sum(users) if row.side == "even" else len(users) - sum(users)
        assert (row.count, row.others) == (own, len(users) - own)
        assert row.z > 0
