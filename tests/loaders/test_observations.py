"""Of many equal observations the first and the latest are written; the newest of all wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.test_recorder import recorded, rows
from workbench.engine import session, views
from workbench.loaders import observations
from workbench.loaders.recorder import AccountFacts, PostFacts

OBSERVED = st.lists(
    st.tuples(st.sampled_from("ab"), st.none() | st.integers(1, 6)), min_size=1, max_size=6
)


@pytest.mark.parametrize("remembered", [0, 1 << 17])
@few(20)
@given(OBSERVED)
def test_what_was_seen_last_does_not_depend_on_the_order(remembered, observed):
    def account(name, at):
        return lambda recorder: recorder.account(
            AccountFacts(account_id="p:a", handle="h", name=name, observed_ms=at)
        )

    def post(text, at):
        return lambda recorder: recorder.post(
            PostFacts(post_id="p:1", text=text, seen_as="referenced", retrieved_ms=at)
        )

    latest = max(at or 0 for _, at in observed)
    names = {name for name, at in observed if (at or 0) == latest}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observations, "_REMEMBERED", remembered)
        corpus, _ = recorded(*(make(*each) for each in observed for make in (account, post)))
    for table, column, time in (
        ("accounts", "name", "observed_ms"),
        ("posts", "text", "retrieved_ms"),
    ):
        found = rows(corpus, table)
        assert {row[column] for row in found if (row[time] or 0) == latest} == names
        assert max(row[time] or 0 for row in found) == latest


def test_the_latest_of_equal_observations_is_written_with_the_record_of_the_first():
    def seen(name, at):
        return lambda recorder: recorder.account(
            AccountFacts(account_id="p:a", name=name, observed_ms=at)
        )

    corpus, _ = recorded(seen("A", 1), seen("A", 9), seen("A", 3), seen("B", 5), seen("B", None))
    found = [(row["name"], row["observed_ms"], row["record"]) for row in rows(corpus, "accounts")]
    assert found == [("A", 1, 1), ("A", 9, 1), ("B", 5, 4)]
    with session(corpus) as engine:
        (account,) = engine.collect(views.accounts(engine)).to_pylist()
    assert account["name"] == "A"
