"""The v2 loader against twarc-network and twitwi: equal edges, or a listed difference.

Both read every file in an environment of their own (``make oracles``, ``oracle_edges.py``), and
where one tweet stops a file or page, tweet by tweet. Edges of the tweets that they can read are
compared as multisets; every difference stands in a table here with its count on either side and its
reason, so that a change of either side fails. The tables have no handle, id or text.

- twarc-network: (post, account, account) of retweet, reply, quote and mention. It leaves the head
  of a retweet out of the mentions, so the mentions here are those of any origin but ``share_head``.
- twitwi: (post, account, post, account) of retweet, reply and quote; (post, account, account) of
  mentions of any origin, once a post; (post, account, value) of hashtags and links, once a post,
  those of retweets apart.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from ural import normalize_url

from tests.reference import ROOT, reference_data
from workbench.engine import session, views
from workbench.loaders import load
from workbench.loaders.objects import hashtag

pytestmark = [pytest.mark.slow, pytest.mark.reference]

PYTHON = ROOT / ".oracles" / "bin" / "python"
SCRIPT = Path(__file__).with_name("oracle_edges.py")
KINDS = {"retweet": "share", "reply": "reply", "quote": "quote", "mention": "mention"}
REFERENCES = {
    "retweet": ("retweeted_id", "retweeted_user_id"),
    "reply": ("to_tweetid", "to_userid"),
    "quote": ("quoted_id", "quoted_user_id"),
}
#: Links as twitwi writes them.
as_twitwi = partial(
    normalize_url,
    strip_authentication=False,
    strip_trailing_slash=False,
    strip_protocol=False,
    strip_irrelevant_subdomains=False,
    strip_fragment=False,
    normalize_amp=False,
    fix_common_mistakes=False,
    infer_redirection=False,
    quoted=True,
)

RENAMED = "an edited post goes by the id of its first version here, of the version shown there"
NO_AUTHOR = "the page lacks the post answered; its author is known by in_reply_to_user_id"
CUT = "a retweet's text is cut: twitwi keeps what is left of it, here it has its original's"
UNWOUND = f"{CUT}; three links were followed to their end in the retweet only, not in its original"
REPLACED = f"{CUT}; a notice of the platform stands for the text, and its link counts in twitwi"
MEDIA = "twitwi counts the link that stands for attached media"
CUT_MEDIA = f"{CUT}; {MEDIA}"
UNWOUND_MEDIA = f"{UNWOUND}; {MEDIA}"

TAGS, LINKS = "hashtag of a retweet", "url of a retweet"

#: (file, package, kind) → edges only here, edges only there, why.
DIFFERENCES = {
    ("twarc-csv_2sets", "twitwi", TAGS): (286, 0, CUT),
    ("twarc-csv_2sets", "twitwi", "url"): (0, 14, MEDIA),
    ("twarc-csv_2sets", "twitwi", LINKS): (66, 13, UNWOUND_MEDIA),
    ("twarc-csv_brexit", "twitwi", TAGS): (131, 0, CUT),
    ("twarc-csv_brexit", "twitwi", "url"): (0, 4, MEDIA),
    ("twarc-csv_brexit", "twitwi", LINKS): (24, 2, CUT_MEDIA),
    ("twarc-csv_cashtags", "twitwi", "url"): (0, 1, MEDIA),
    ("twarc-csv_edited", "twitwi", "url"): (1, 1, RENAMED),
    ("twarc-csv_edited_after", "twitwi", "url"): (1, 1, RENAMED),
    ("twarc-csv_edited_before", "twitwi", "url"): (0, 1, MEDIA),
    ("twarc-csv_entities_test", "twarc-network", "reply"): (6, 0, NO_AUTHOR),
    ("twarc-csv_media_policy_violation_off", "twitwi", TAGS): (17, 0, CUT),
    ("twarc-csv_media_policy_violation_off", "twitwi", "url"): (0, 15, MEDIA),
    ("twarc-csv_media_policy_violation_off", "twitwi", LINKS): (20, 1, CUT_MEDIA),
    ("twarc-csv_media_policy_violation_on", "twitwi", TAGS): (22, 0, CUT),
    ("twarc-csv_media_policy_violation_on", "twitwi", LINKS): (14, 36, REPLACED),
    ("twarc-csv_media_tweet", "twitwi", "url"): (0, 1, MEDIA),
    ("twarc-csv_mentions_tweet", "twitwi", TAGS): (3, 0, CUT),
    ("twarc-csv_mentions_tweet", "twitwi", LINKS): (1, 0, CUT),
    ("twarc-csv_noflat", "twitwi", TAGS): (8, 0, CUT),
    ("twarc-csv_noflat", "twitwi", "url"): (0, 6, MEDIA),
    ("twarc-csv_noflat", "twitwi", LINKS): (13, 0, CUT),
    ("twarc-csv_quoted_edit", "twitwi", "reply"): (1, 1, RENAMED),
    ("twarc-csv_streaming_output_with_error", "twitwi", "url"): (0, 2, MEDIA),
    ("twarc-network_tweets", "twitwi", TAGS): (876, 0, CUT),
    ("twarc-network_tweets", "twitwi", "url"): (0, 47, MEDIA),
    ("twarc-network_tweets", "twitwi", LINKS): (54, 40, UNWOUND_MEDIA),
    ("twitwi_payload-v2", "twitwi", TAGS): (9, 0, CUT),
    ("twitwi_payload-v2", "twitwi", "url"): (0, 1, MEDIA),
    ("twitwi_payload-v2", "twitwi", LINKS): (1, 0, CUT),
    ("twitwi_payload-v2-geo", "twitwi", TAGS): (4, 0, CUT),
    ("twitwi_payload-v2-geo", "twitwi", LINKS): (1, 0, CUT),
    ("twitwi_payload-v2-video", "twitwi", "url"): (0, 1, MEDIA),
}

NO_ID = "a mention of an account that is not on the page, and mentions have no id in this export"
NO_PAGE = "an account that the post, or the one it retweets, mentions is not on the page"
NO_METRICS = "the accounts have no metrics, which twitwi needs"
FLAT = "one tweet a line, which twitwi does not take for a page"
BROKEN = "a line is no JSON, which is one reject here"
NO_TWEETS = "accounts, or what became of posts and accounts, and no tweets; a blank line"

INCOMPLETE = "TwitterPayloadV2IncompleteIncludesError"
NOT_JSON = {"JSONDecodeError": 1}
COMPLIANCE = {"KeyError author": 2, **NOT_JSON}

#: (file, package, kind) → tweets or lines lost by error, why. Of twitwi the kind is always "all".
LOST = {
    ("twarc-csv_entities_test", "twitwi", "all"): ({"KeyError public_metrics": 474}, NO_METRICS),
    ("twarc-csv_flat", "twarc-network", "mention"): ({"KeyError id": 1}, NO_ID),
    ("twarc-csv_flat", "twitwi", "all"): ({"TypeError": 100}, FLAT),
    ("twarc-csv_media_policy_violation_off", "twitwi", "all"): ({INCOMPLETE: 1}, NO_PAGE),
    ("twarc-csv_media_policy_violation_on", "twitwi", "all"): ({INCOMPLETE: 6}, NO_PAGE),
    ("twarc-csv_noflat", "twarc-network", "mention"): ({"KeyError id": 1}, NO_ID),
    ("twarc-csv_noflat", "twitwi", "all"): ({INCOMPLETE: 2}, NO_PAGE),
    ("twarc-csv_streaming_output_with_error", "twarc-network", "all"): (NOT_JSON, BROKEN),
    ("twarc-csv_streaming_output_with_error", "twitwi", "all"): (NOT_JSON, BROKEN),
    ("twarc-csv_tweets_compliance", "twarc-network", "all"): (COMPLIANCE, NO_TWEETS),
    ("twarc-csv_tweets_compliance", "twitwi", "all"): ({"TypeError": 2, **NOT_JSON}, NO_TWEETS),
    ("twarc-csv_users", "twarc-network", "all"): ({"KeyError author": 96}, NO_TWEETS),
    ("twarc-csv_users", "twitwi", "all"): ({"KeyError author_id": 96}, NO_TWEETS),
    ("twarc-csv_users_compliance", "twarc-network", "all"): (COMPLIANCE, NO_TWEETS),
    ("twarc-csv_users_compliance", "twitwi", "all"): ({"TypeError": 2, **NOT_JSON}, NO_TWEETS),
}

#: (package, kind) → edges that are equal here and there, over all files.
AGREED = {
    ("twarc-network", "retweet"): 1084,
    ("twarc-network", "reply"): 219,
    ("twarc-network", "quote"): 98,
    ("twarc-network", "mention"): 774,
    ("twitwi", "retweet"): 715,
    ("twitwi", "reply"): 109,
    ("twitwi", "quote"): 78,
    ("twitwi", "mention"): 1185,
    ("twitwi", "hashtag"): 1065,
    ("twitwi", "url"): 199,
    ("twitwi", TAGS): 1262,
    ("twitwi", LINKS): 46,
}


def bare(value):
    return value and value.removeprefix("twitter:")


def tables(path):
    """Return the acts of a file, and what its primary posts carry."""
    corpus = load(path)
    with session(corpus) as opened:
        acts = opened.collect(views.interactions(opened)).to_pylist()
        carried = opened.collect(views.attachments(opened)).to_pylist()
    for row in (*acts, *carried):
        for name in ("post_id", "actor_id", "author_id", "target_post_id", "target_id"):
            row[name] = bare(row.get(name))
    return acts, [row for row in carried if row["seen_as"] == "primary"]


def of_twarc_network(answer, acts):
    """Yield for each kind our edges and theirs, of the tweets that twarc-network can read."""
    for kind, name in KINDS.items():
        lost = {number for _, number in answer[kind]["lost"]}
        ours, theirs = Counter(), Counter()
        for act in acts:
            if act["kind"] == name and act["origin"] != "share_head" and act["target_id"]:
                ours[act["post_id"], act["actor_id"], act["target_id"]] += (
                    act["post_id"] not in lost
                )
        for post, source, target, weight in answer[kind]["edges"]:
            theirs[post, source, target] += weight
        yield kind, +ours, theirs


def of_twitwi(answer, acts, carried):
    """Yield for each kind our edges and theirs, of the tweets that twitwi can read."""
    lost = {number for _, number in answer["lost"]}
    rows = [(row["id"], row["user_id"], row) for row in answer["rows"]]
    acts = [act for act in acts if act["post_id"] not in lost]
    carried = [row for row in carried if row["post_id"] not in lost]
    for kind, (of_post, of_account) in REFERENCES.items():
        ours = Counter(
            (act["post_id"], act["actor_id"], act["target_post_id"], act["target_id"])
            for act in acts
            if act["kind"] == KINDS[kind]
        )
        yield (
            kind,
            ours,
            Counter(
                (post, account, row[of_post] or None, row[of_account] or None)
                for post, account, row in rows
                if row[of_post] is not None
            ),
        )
    mentions = [act for act in acts if act["kind"] == "mention"]
    ours = {(act["post_id"], act["actor_id"], act["target_id"]) for act in mentions}
    theirs = {
        (post, account, other) for post, account, row in rows for other in row["mentioned_ids"]
    }
    yield "mention", Counter(ours), Counter(theirs)
    shares = {post for post, _, row in rows if row["retweeted_id"] is not None}
    for origin, suffix in (("authored", ""), ("inherited_share", " of a retweet")):
        mine = [row for row in carried if row["origin"] == origin]
        other = [row for row in rows if (row[0] in shares) == (origin == "inherited_share")]
        for kind, column, name, here, there in (
            ("hashtag", "value", "hashtags", str, hashtag),
            ("url", "value_raw", "links", as_twitwi, str),
        ):
            of_kind = [row for row in mine if row["kind"] == kind]
            ours = {(row["post_id"], row["author_id"], here(row[column])) for row in of_kind}
            theirs = {
                (post, account, there(value)) for post, account, row in other for value in row[name]
            }
            yield kind + suffix, Counter(ours), Counter(theirs)


@pytest.fixture(scope="module")
def answers():
    """Return what the oracles make of every file: file → package → answer."""
    if not PYTHON.exists():
        reason = f"{PYTHON.relative_to(ROOT)} not found: run `make oracles`"
        pytest.fail(reason) if os.environ.get("CI", "").lower() == "true" else pytest.skip(reason)
    folder = reference_data("loaders/twitter_v2")
    files = sorted([*folder.glob("*.jsonl"), *folder.glob("twitwi_payload-v2*.json")])
    assert len(files) == 29
    done = subprocess.run(
        [PYTHON, "-I", SCRIPT, *files], stdout=subprocess.PIPE, check=True, timeout=600
    )
    return {folder / name: answer for name, answer in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def compared(answers):
    """Return (file, package, kind) → edges only ours, only theirs, of both."""
    found = {}
    for path, answer in answers.items():
        acts, carried = tables(path)
        for package, kinds in (
            ("twarc-network", of_twarc_network(answer["twarc_network"], acts)),
            ("twitwi", of_twitwi(answer["twitwi"], acts, carried)),
        ):
            for kind, ours, theirs in kinds:
                counts = ((ours - theirs).total(), (theirs - ours).total(), (ours & theirs).total())
                found[path.stem, package, kind] = counts
    return found


def test_edges_are_equal_or_the_difference_is_listed(compared):
    found = {key: counts[:2] for key, counts in compared.items() if any(counts[:2])}
    assert found == {key: (ours, theirs) for key, (ours, theirs, _) in DIFFERENCES.items()}


def test_what_they_cannot_read_is_listed(answers):
    found = {}
    for path, answer in answers.items():
        kinds = answer["twarc_network"]
        lost = {kind: Counter(error for error, _ in kinds[kind]["lost"]) for kind in KINDS}
        same = [of_kind for of_kind in lost.values() if of_kind == lost["retweet"]]
        lost = {"all": lost["retweet"]} if len(same) == len(KINDS) else lost
        found |= {(path.stem, "twarc-network", kind): errors for kind, errors in lost.items()}
        found[path.stem, "twitwi", "all"] = Counter(error for error, _ in answer["twitwi"]["lost"])
    listed = {key: errors for key, (errors, _) in LOST.items()}
    assert {key: errors for key, errors in found.items() if errors} == listed


def test_one_tweet_stops_a_whole_file_or_page(answers):
    for answer in answers.values():
        for of_kind in answer["twarc_network"].values():
            assert bool(of_kind["error"]) == bool(of_kind["lost"])
        assert bool(answer["twitwi"]["errors"]) == bool(answer["twitwi"]["lost"])


def test_they_agree_on_so_many_edges(compared):
    agreed = Counter()
    for (_, package, kind), counts in compared.items():
        agreed[package, kind] += counts[2]
    assert agreed == AGREED


def test_a_file_is_the_sum_of_its_tweets(answers):
    for answer in answers.values():
        for kind in KINDS:
            of_kind = answer["twarc_network"][kind]
            if of_kind["whole"]:
                whole, single = Counter(), Counter()
                for source, target, weight in of_kind["whole"]["edges"]:
                    whole[source, target] += weight
                for _, source, target, weight in of_kind["edges"]:
                    single[source, target] += weight
                assert whole == single


def test_all_edges_of_their_own_file(answers):
    path = reference_data("loaders/twitter_v2/twarc-network_tweets.jsonl")
    kinds = answers[path]["twarc_network"].values()
    theirs = Counter()
    for source, target, weight in (edge for kind in kinds for edge in kind["whole"]["edges"]):
        theirs[source, target] += weight
    ours = Counter(
        (act["actor_id"], act["target_id"])
        for act in tables(path)[0]
        if act["origin"] != "share_head"
    )
    assert ours == theirs
    assert (len({end for edge in ours for end in edge}), len(ours), ours.total()) == (656, 618, 699)
