"""Communities of a small planted world are described as counting by hand describes them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from scipy.stats import norm

from tests.corpora import corpus_of, crisis
from tests.plotting.figures import isolates
from workbench.communities import describe, leiden
from workbench.communities.description import _terms
from workbench.errors import CannotBuildError, InputError, UndefinedError, UsageError
from workbench.graphs import graph, windows
from workbench.model import InteractionGraph, Partition
from workbench.model.corpus import Corpus

CAMP = [f"x:a{i}" for i in range(20)]
OTHER = [f"x:b{i}" for i in range(16)]
DAY = 86_400_000


def post(author, number, text, *, lang="en", day=0, kind="original", **about):
    return {
        "platform": "x", "post_id": f"p:{author[2:]}/{number}", "author_id": author, "text": text,
        "version_id": f"p:{author[2:]}/{number}", "lang": lang, "created_ms": day * DAY + number,
        "kind": kind, "seen_as": "primary", "availability": "full", "source_id": "s",
        "record": number,
    } | about  # fmt: skip


def share(actor, target, number, *, day=0, of=1):
    return {
        "platform": "x", "kind": "share", "actor_id": actor, "target_id": target, "weight": 1.0,
        "post_id": f"s:{actor[2:]}{target[2:]}{number}{day}",
        "target_post_id": f"p:{target[2:]}/{of}",
        "created_ms": day * DAY + number, "origin": "authored", "resolved_by": "id_field",
        "source_id": "s", "record": number,
    }  # fmt: skip


def tag(author, number, value, kind="hashtag", *, day=0):
    return {
        "platform": "x", "post_id": f"p:{author[2:]}/{number}", "author_id": author, "kind": kind,
        "value": value, "origin": "authored", "seen_as": "primary", "source_id": "s",
        "record": number, "created_ms": day * DAY + number,
    }  # fmt: skip


def world(*, texts=True):
    """Return a corpus of two camps: sharing their first, saying the same words but for one."""
    posts, acts, carried = [], [], []
    for camp, word, sign in ((CAMP, "harbour", "open"), (OTHER, "mountain", "closed")):
        for n, author in enumerate(camp):
            text = f"the sea and the {word} @{author[2:]} https://{word}.example/x #{sign}"
            posts.append(post(author, 1, text if texts else None))
            carried += [tag(author, 1, sign), tag(author, 1, "sea"),
                        tag(author, 1, f"{word}.example", "domain")]  # fmt: skip
            if n:
                acts += [share(author, camp[0], 2), share(author, camp[n - 1], 3)]
            if n == 2:
                carried.append(tag(author, 1, "m1", "media"))
    acts += [share(CAMP[1], OTHER[0], 4), share(CAMP[2], OTHER[0], 4), share(OTHER[1], CAMP[0], 4)]
    acts.append(share(CAMP[0], CAMP[0], 5))
    # On another day one speaks of something else.
    posts.append(post(CAMP[0], 9, "yesterday" if texts else None, lang="fr", day=3))
    acts.append(share(CAMP[3], CAMP[4], 9, day=3))
    return corpus_of(posts=posts, interactions=acts, attachments=carried)


def camps(made):
    sides = dict.fromkeys(CAMP, "camp") | dict.fromkeys(OTHER, "other")
    return Partition.from_mapping(made, sides)


@pytest.fixture(scope="module")
def corpus():
    return world()


@pytest.fixture(scope="module")
def described(corpus):
    made = graph(corpus)
    return describe(corpus, made, camps(made), min_accounts=3, top=4)


def test_sizes_acts_and_posts(described):
    rows = described.communities.set_index("community")
    assert rows["accounts"].tolist() == [20, 16]
    assert rows["inside"].tolist() == [39, 30]
    assert rows["outgoing"].tolist() == [2, 1]
    assert rows["incoming"].tolist() == [1, 2]
    assert described.acts.to_numpy().tolist() == [[39, 2], [1, 30]]
    assert rows["posts"].tolist() == [21, 16]
    assert rows["authors"].tolist() == [20, 16]
    assert rows["with_media"].tolist() == pytest.approx([1 / 21, 1 / 16])
    assert rows.loc[0, "languages"] == {"en": 20, "fr": 1}


def test_the_same_again(corpus, described):
    made = graph(corpus)
    again = describe(corpus, made, camps(made), min_accounts=3, top=4)
    assert str(again.to_dict()) == str(described.to_dict())


def test_who_is_heard_inside(described):
    rows = described.accounts
    first = rows[rows["community"] == 0]
    assert first["account"].tolist()[:2] == ["x:a0", "x:a4"]
    assert len(first) == 4
    assert first.iloc[0][["inside", "incoming"]].tolist() == [20, 1], "not by oneself"
    other = rows[rows["community"] == 1].iloc[0]
    assert other[["account", "inside", "incoming"]].tolist() == ["x:b0", 16, 2]


def test_terms_name_and_evidence(described):
    terms = {(r.community, r.kind, r.term): r for r in described.terms.itertuples()}
    opened = terms[0, "hashtag", "open"]
    assert (opened.count, opened.others, bool(opened.clear)) == (20, 0, True)
    assert terms[0, "word", "harbour"].count == 20
    assert terms[1, "word", "mountain"].others == 0
    assert not any(term in {"the", "sea", "and"} and row.clear
                   for (_, _, term), row in terms.items())  # fmt: skip
    assert not any(term in {"a0", "open", "https"} for (_, kind, term) in terms if kind == "word")
    assert described.names[0].startswith(("#open", "harbour"))
    assert set(described.names[0].split(", ")) == {"#open", "harbour", "harbour.example"}
    posts = described.posts
    shared = posts[(posts["why"] == "acted upon") & (posts["community"] == 0)].iloc[0]
    assert (shared["post_id"], shared["accounts"]) == ("p:a0/1", 19)
    assert shared["author"] == "x:a0"
    assert shared["account_inside"]
    across = posts[(posts["why"] == "acted upon") & (posts["author"] == "x:b0")
                   & (posts["community"] == 0)].iloc[0]  # fmt: skip
    assert not across["account_inside"]
    assert across["accounts"] == 2
    carries = posts[(posts["why"] == "carries") & (posts["community"] == 1)].iloc[0]
    assert carries["author"].startswith("x:b")
    assert set(carries["term"].split(", ")) <= {"closed", "mountain", "mountain.example"}
    assert carries["created_at"].startswith("1970-01-01")


def test_the_filters_of_the_graph_choose_the_posts(corpus):
    made = graph(corpus, since="1970-01-03")
    found = describe(corpus, made, leiden(made, seed=1), min_accounts=1)
    assert found.communities["accounts"].tolist() == [2]
    assert found.communities["posts"].tolist() == [0], "who is heard wrote before"
    assert found.communities["with_media"].isna().all()
    assert set(found.skipped) == {"hashtag", "domain", "language", "word"}
    assert found.posts["post_id"].tolist() == ["p:a4/1"]
    spoken = graph(corpus, lang="xx")
    with pytest.raises(UndefinedError, match="no community"):
        describe(corpus, spoken, Partition.from_labels(spoken, [], method="given"))


def test_without_texts_words_are_refused_and_hashtags_work():
    corpus = world(texts=False)
    made = graph(corpus)
    found = describe(corpus, made, camps(made))
    assert found.skipped["word"] == (
        "no post of these accounts has its text here: a study may keep none"
    )
    assert set(found.terms["kind"]) == {"hashtag", "domain"}
    assert "#open" in found.names[0]


def test_the_language_of_a_community_is_not_its_subject():
    posts = [post(a, 1, "the sea is the harbour of peace", lang="en") for a in CAMP]
    posts += [post(a, 1, "la mer est le port de la paix", lang="fr") for a in OTHER]
    acts = [share(a, camp[0], 2) for camp in (CAMP, OTHER) for a in camp[1:]]
    corpus = corpus_of(posts=posts, interactions=acts)
    made = graph(corpus)
    found = describe(corpus, made, camps(made), kinds=("word", "language"))
    assert found.terms[found.terms["kind"] == "word"].empty
    assert found.terms[["community", "term"]].to_numpy().tolist() == [[0, "en"], [1, "fr"]]
    assert found.names == {0: "community 0", 1: "community 1"}


def test_a_backbone_counts_only_its_edges(corpus):
    heavy = graph(corpus, min_weight=2)
    found = describe(corpus, heavy, camps(heavy))
    assert found.communities["inside"].tolist() == [2, 2]
    posts = found.posts[found.posts["why"] == "acted upon"]
    assert posts["accounts"].tolist() == [1, 1]


def test_other_kinds_of_graph(corpus):
    tags = graph(corpus, "co_hashtag")
    found = describe(corpus, tags, camps(tags))
    pairs = [20 * 19 / 2 * 2, 16 * 15 / 2 * 2]
    assert found.communities["inside"].tolist() == pairs
    assert found.communities["outgoing"].tolist() == found.communities["incoming"].tolist()
    assert (found.posts["why"] == "acted upon").any()
    both = graph(corpus, "account_hashtag")
    found = leiden(both, seed=1)
    with pytest.raises(UsageError, match="not all accounts: account_hashtag"):
        describe(corpus, both, found)


def test_bad_requests(corpus):
    made = graph(corpus)
    sides = camps(made)
    for wrong, message in (
        ({"kinds": ("emoji",)}, "no such kind of term"),
        ({"kinds": ()}, "no such kind of term"),
        ({"top": 0}, "must be 1 or more: top 0, most 12, min_accounts 3"),
        ({"most": 0}, "must be 1 or more"),
        ({"prior": float("nan")}, "prior must be > 0"),
    ):
        with pytest.raises(UsageError, match=message):
            describe(corpus, made, sides, **wrong)
    with pytest.raises(InputError, match="another graph"):
        describe(corpus, graph(corpus, since="1970-01-03"), sides)
    with pytest.raises(CannotBuildError, match="no posts"):
        describe(Corpus.empty(), made, sides)
    foreign = InteractionGraph.from_edges(["x:a1", "x:a2"], ["x:a0", "x:zz"], [3, 1])
    with pytest.raises(CannotBuildError, match=r"not those of this corpus: '?2 of 4"):
        describe(corpus, foreign, camps(foreign))
    nobody = isolates(3)
    with pytest.raises(UndefinedError, match="no community"):
        describe(corpus, nobody, Partition.from_labels(nobody, [-1] * 3, method="given"))


def test_one_account_alone_and_only_self_loops():
    acts = [share("x:a0", "x:a0", 2)]
    corpus = corpus_of(posts=[post("x:a0", 1, "hello")], interactions=acts)
    made = graph(corpus)
    found = describe(corpus, made, Partition.from_labels(made, [0], method="given"))
    row = found.communities.iloc[0]
    assert row[["accounts", "inside", "outgoing", "incoming", "posts"]].tolist() == [1, 0, 0, 0, 1]
    assert found.accounts.empty


def test_the_largest_are_described_and_the_rest_counted():
    made = windows(crisis(), every="7d")["2031-03-10"]
    found = leiden(made, seed=1)
    few = describe(crisis(), made, found, most=3, kinds=("hashtag",), top=2)
    assert few.communities["community"].tolist() == [0, 1, 2]
    assert few.choices["not_described"] == found.k - 3
    assert few.acts.shape == (3, 3)
    counts = few.terms.groupby("community").size()
    assert counts.max() <= 2
    told = few.to_dict()
    assert len(told["communities"]) == 3
    assert told["posts"][0]["why"] == "acted upon"
    assert "<table" in few._repr_html_()
    assert few.to_pandas() is few.communities


def test_clear_counts_the_words_of_all_languages():
    """A word whose z is beyond chance among those of its language, and not among all."""
    rows = []
    for language in ("en", "fr"):
        for term in range(40):
            rows += [(side, f"{language}{term}", language) for side in (0, 1) for _ in range(10)]
    rows += [(side, "sea", "en") for side, uses in ((0, 26), (1, 5)) for _ in range(uses)]
    columns = dict(zip(("side", "term", "language"), zip(*rows, strict=True), strict=True))
    table = pa.table(columns)
    two = Partition.from_labels(
        InteractionGraph.from_edges(["a", "b"], ["b", "a"]), [0, 1], method="given"
    )
    asked = {"top": 5, "k": 2, "min_accounts": 3, "prior": 1.0}
    every = _terms({"word": table}, two, {}, **asked)
    one = _terms({"word": table.filter(pc.equal(table["language"], "en"))}, two, {}, **asked)
    z = every.loc[every["term"] == "sea", "z"].item()
    assert every.loc[every["term"] == "sea", "clear"].item() == (z > norm.isf(0.05 / (2 * 81)))
    assert one.loc[one["term"] == "sea", "clear"].item() == (z > norm.isf(0.05 / (2 * 41)))
    assert norm.isf(0.05 / (2 * 41)) < z < norm.isf(0.05 / (2 * 81))
