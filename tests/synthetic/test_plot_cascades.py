from __future__ import annotations

from collections import defaultdict

from tests.synthetic.raw import reference
from workbench.synthetic.snowflake import time_ms


def trees(raw):
    found = defaultdict(list)
    for row in raw.truth["cascades"]:
        found[row["cascade"]].append(row)
    return found


def test_every_tree_is_a_tree(raw):
    for rows in trees(raw).values():
        root, *others = rows
        depth = {root["post_id"]: 0}
        assert (root["parent_post"], root["depth"]) == ("", "0")
        for row in others:
            assert row["root_post"] == root["post_id"]
            assert int(row["depth"]) == depth[row["parent_post"]] + 1  # the parent came before
            depth[row["post_id"]] = int(row["depth"])
        assert len({row["account_id"] for row in rows}) == len(rows)


def test_the_platform_shows_a_star(raw):
    for row in raw.truth["cascades"]:
        post = row["post_id"].removeprefix("twitter:")
        assert time_ms(int(post)) == int(row["at_ms"])
        if row["parent_post"]:
            shared = reference(raw.posts[post], "retweeted")
            assert shared == row["root_post"].removeprefix("twitter:")


def test_nobody_outside_the_tree_shares_its_root(raw):
    planted = defaultdict(set)
    for row in raw.truth["cascades"]:
        planted[row["root_post"].removeprefix("twitter:")].add(row["post_id"])
    for post, record in raw.posts.items():
        shared = reference(record, "retweeted")
        if shared in planted:
            assert f"twitter:{post}" in planted[shared]


def test_rumours_are_deeper_than_corrections_of_the_same_size(raw):
    found = trees(raw)
    deeper = pairs = 0
    for rows in found.values():
        first = rows[0]
        if first["veracity"] == "correction":
            rumour = found[first["corrects"]]
            assert rumour[0]["veracity"] == "rumour"
            assert int(first["at_ms"]) > int(rumour[0]["at_ms"]) + 2 * 3_600_000 - 1
            if len(rows) == len(rumour) >= 6:
                pairs += 1
                depths = [max(int(r["depth"]) for r in tree) for tree in (rumour, rows)]
                deeper += depths[0] > depths[1]
    assert pairs >= 3
    assert deeper > 0.6 * pairs


def test_share_of_posts_is_close_to_the_knob(raw):
    assert 0.04 < len(raw.truth["cascades"]) / 5_000 <= 0.06
