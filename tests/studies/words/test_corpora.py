"""A corpus in words, held to its description."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.words.reading import alike, strangers
from workbench.graphs import Description
from workbench.model import LoadReport
from workbench.studies.words import of_description, of_load_report

DAY = 86_400_000


def facts_of(found):
    counts = [*found.kinds.values(), *found.languages.values(), *found.accounts["posts"]]
    shares = {100 * n / found.posts for n in counts} if found.posts else set()
    known = {found.posts, found.authors, found.undated, *counts, *found.acts.values()}
    days = set(found.per_day["posts"]) if len(found.per_day) else set()
    return shares | known | days | {int(sum(found.gaps["days"]))}


counts = st.integers(0, 12_345)


def parted(names):
    return st.dictionaries(st.sampled_from(names), st.integers(1, 40), min_size=1)


@st.composite
def descriptions(draw):
    """Draw what a corpus of some days may hold."""
    kinds = draw(parted(["original", "share", "service"]))
    days = draw(st.lists(counts, max_size=4))
    gaps = draw(st.lists(st.integers(1, 9), max_size=2))
    when = [f"2017-05-0{i + 1}" for i in range(4)]
    return Description(
        sum(kinds.values()), draw(counts), draw(st.none() | counts), draw(st.none() | counts),
        kinds, draw(parted(["share", "reply", "mention"])), draw(parted(["fr", "xx"])),
        pd.DataFrame({"day": when[: len(days)], "posts": days}),
        pd.DataFrame({"account": ["x:1"], "posts": [draw(st.integers(1, 5))]}),
        pd.DataFrame(), pd.DataFrame(),
        pd.DataFrame({"since": when[: len(gaps)], "until": when[: len(gaps)], "days": gaps}),
        draw(st.sampled_from([0, 1, 2])),
    )  # fmt: skip


@given(descriptions(), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_description(found, language):
    assert strangers(of_description(found, language), language, facts_of(found)) == []
    assert alike(of_description(found, "en"), of_description(found, "fr"))


def described(**changes):
    days = pd.DataFrame({"day": ["2017-05-01", "2017-05-02", "2017-05-03"], "posts": [1, 0, 4]})
    plain = Description(
        6, 1, 17_287 * DAY, 17_289 * DAY, {"share": 4, "original": 2}, {"share": 3, "quote": 1},
        {"fr": 4, "und": 1, "xx": 1}, days,
        pd.DataFrame({"account": ["x:1", "x:2"], "posts": [5, 1]}), pd.DataFrame(), pd.DataFrame(),
        pd.DataFrame({"since": ["2017-05-02"], "until": ["2017-05-02"], "days": [1]}), 1,
    )  # fmt: skip
    return replace(plain, **changes)


def test_a_corpus_as_it_is_printed():
    assert of_description(described(), "en") == (
        "The corpus holds 6 posts by 1 account between 1\u00a0May 2017 and 3\u00a0May 2017. 1 of "
        "these posts has no time. By kind: shares 66.7% and original posts 33.3%. By language: "
        "French 66.7%, no known language 16.7% and xx 16.7%. It holds 3 shares and 1 quote. The "
        "busiest day is 3\u00a0May 2017, with 4 posts. There is no post on 1 day in between, the "
        "longest gap beginning on 2\u00a0May 2017; a gap may be silence, or a failure of the "
        "collection. The most active account wrote 5 posts (83.3% of all). These are posts that "
        "were collected, not all that were written: what was searched for, and when, decides what "
        "is here."
    )
    assert of_description(described(), "fr").startswith(
        "Le corpus réunit 6 messages de 1 compte entre le 1er\u00a0mai 2017 et le 3\u00a0mai 2017. "
        "1 de ces messages n’est pas daté. Par type\u202f: partages 66,7\u00a0% et messages "
        "originaux 33,3\u00a0%. Par langue\u202f: français 66,7\u00a0%, langue inconnue "
        "16,7\u00a0% et xx 16,7\u00a0%. Il comprend 3 partages et 1 citation. Le jour le plus "
        "actif est le 3\u00a0mai 2017, avec 4 messages. Dans l’intervalle, 1 jour est sans message"
    )


def test_nobody_and_no_day_is_first_alone_where_several_are():
    days = pd.DataFrame({"day": ["2017-05-01", "2017-05-03"], "posts": [3, 3]})
    accounts = pd.DataFrame({"account": ["x:1", "x:2"], "posts": [3, 3]})
    told = of_description(described(per_day=days, accounts=accounts), "en")
    assert "No day has more than 3 posts. There" in told
    assert "No account wrote more than 3 posts (50.0% of all)." in told
    assert "most active" not in told


def test_a_language_may_be_called_anything():
    assert "By language: {0}'s 100.0%." in of_description(described(languages={"{0}'s": 6}), "en")


def test_who_may_be_named_is_named():
    told = of_description(described(), "en", labels={"x:2": "The Ministry"}.get)
    assert "Among the most active: The Ministry (1 post)." in told
    assert "x:1" not in told


@pytest.mark.parametrize(
    ("changes", "english"),
    [
        ({"posts": 0, "acts": {}}, "The corpus is empty: none of its records could be read"),
        ({"posts": 0, "first_ms": None}, "The corpus holds no posts, only acts. It holds 3 shares"),
        ({"first_ms": None}, "by 1 account. 1 of these posts"),
        ({"last_ms": 17_287 * DAY + 7}, "by 1 account on 1\u00a0May 2017."),
    ],
)
def test_what_is_missing_is_said(changes, english):
    assert english in of_description(described(**changes), "en")


def test_a_load_says_what_became_of_its_records():
    refused = [{"graph": "retweet", "reason": "no retweeted author"}, {"graph": "?", "reason": ""}]
    report = LoadReport(1203, 1200, 2, 1, refused=refused)
    assert of_load_report(report, "en") == (
        "1,203 records were read: 1,200 could be used, 2 could not be read and 1 was there "
        "already. The data do not allow the retweet network, because they lack what its edges are "
        "made of."
    )
    assert of_load_report(report, "fr") == (
        "1\u202f203 enregistrements ont été lus\u202f: 1\u202f200 sont exploitables, 2 sont "
        "illisibles et 1 était déjà présent. Les données ne permettent pas d’établir le réseau de "
        "retweets, faute de ce qui en fait les liens."
    )
    assert of_load_report(LoadReport(), "en") == "No record was read."
