from __future__ import annotations

import pyarrow as pa

from workbench.loaders.counts import report_counts
from workbench.model import Corpus
from workbench.model.kinds import KINDS, ORIGINS, RESOLVED_BY


def test_an_empty_corpus_has_every_key_and_no_number_is_missing():
    counts = report_counts(Corpus.empty())
    assert (counts["posts"], counts["accounts"], counts["authors"]) == (0, 0, 0)
    assert counts["interactions"] == dict.fromkeys(KINDS, 0)
    assert counts["origins"] == dict.fromkeys(ORIGINS, 0)
    assert counts["resolved_by"] == dict.fromkeys(RESOLVED_BY, 0)
    assert counts["unresolved"] == dict.fromkeys(KINDS, 0)


def test_each_number_counts_what_it_says():
    posts = {
        "post_id": ["p1", "p1", "p2", "p3", "p4"],
        "author_id": ["a", "a", "b", "c", None],
        "seen_as": ["primary", "primary", "primary", "referenced", "primary"],
        "availability": ["full"] * 5,
        "source_id": ["s"] * 5,
        "record": [1, 2, 3, 4, 5],
    }
    acts = {
        "kind": ["share", "mention", "mention", "reply", "mention"],
        "actor_id": ["a", "a", "b", None, "b"],
        "target_id": ["c", "b", None, "a", "c"],
        "origin": ["authored", "share_head", "authored", "authored", "authored"],
        "resolved_by": ["expanded", "entity", "none", "id_field", "entity"],
        "source_id": ["s"] * 5,
        "record": [1, 2, 3, 4, 5],
    }
    accounts = {"account_id": ["a", "a", "b"], "source_id": ["s"] * 3, "record": [1, 2, 3]}
    tables = {"posts": posts, "interactions": acts, "accounts": accounts}
    corpus = Corpus.from_tables({name: pa.table(table) for name, table in tables.items()})
    counts = report_counts(corpus)
    assert (counts["posts"], counts["accounts"], counts["authors"]) == (3, 2, 2)
    assert counts["interactions"] == {"share": 1, "quote": 0, "reply": 1, "mention": 3}
    known = {name: n for name, n in counts["origins"].items() if n}
    assert known == {"authored": 2, "share_head": 1}
    assert counts["resolved_by"]["entity"] == 2
    assert counts["unresolved"] == {"share": 0, "quote": 0, "reply": 1, "mention": 1}
