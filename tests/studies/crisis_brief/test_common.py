"""The posts behind several graphs, and the commands that open them."""

from __future__ import annotations

from tests.studies.crisis_brief.test_acts import rows_of
from workbench.studies.crisis_brief import common


def test_a_post_behind_several_graphs_is_counted_once(world):
    kinds = ["reply", "mention"]
    acts = [act for kind in kinds for act in rows_of(world.subject.corpus, kind)]
    made = {act["post_id"] for act in acts if act["actor_id"] and act["target_id"]}
    assert common.behind_kinds(world, kinds).posts == len(made)
    assert len(made) < sum(world.acts[kind].posts for kind in kinds)


def test_the_commands_open_each_graph(world):
    behind = common.behind_kinds(world, ["retweet", "reply"])
    assert behind.command.splitlines() == [
        "workbench graph retweet --study 'my study'", "workbench graph reply --study 'my study'",
    ]  # fmt: skip
