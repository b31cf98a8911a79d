from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workbench.synthetic.draft import Draft
from workbench.synthetic.live import Post, Urn
from workbench.synthetic.records import post_record


def post(identity: str = "1") -> Post:
    record = post_record(
        identity, "9", 2 * 10**12, text="", entities={}, language="fr", references=[]
    )
    return Post(Draft(3, 2 * 10**12), record, kind="original", camp=0, handle="a_sim")


def test_metrics_are_counted_in_every_version():
    edited = post()
    record = {**edited.record, "id": "2", "public_metrics": dict(edited.record["public_metrics"])}
    edited.versions.append(("2", record))
    edited.count("quote_count")
    assert [r["public_metrics"]["quote_count"] for _, r in edited.versions] == [1, 1]
    assert (edited.id, edited.record["id"]) == ("1", "2")


@given(st.lists(st.integers(1, 5), max_size=30), st.floats(0, 1, exclude_max=True))
def test_an_urn_holds_the_latest_tickets(tickets, uniform):
    urn, put = Urn(12), []
    assert urn.draw(uniform) is None
    for number, count in enumerate(tickets):
        added = post(str(number))
        urn.add(added, count)
        put += [added] * count
    kept = put[-12:]
    assert len(urn) == len(kept)
    if kept:
        assert urn.draw(0.0) is kept[-1]
        assert urn.draw(1 - 1e-16) is kept[0]
        assert urn.draw(uniform) is kept[-1 - int(uniform**2 * len(kept))]


def test_recent_tickets_are_preferred():
    urn, posts = Urn(100), [post(str(number)) for number in range(100)]
    for added in posts:
        urn.add(added)
    drawn = Counter(urn.draw((i + 0.5) / 10_000).id for i in range(10_000))
    assert drawn["99"] > 5 * drawn["0"]
    assert len(drawn) == 100
