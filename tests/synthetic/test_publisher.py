from __future__ import annotations

import csv

import pytest

from tests.synthetic.raw import read
from workbench.synthetic import Config
from workbench.synthetic.draft import Draft
from workbench.synthetic.draws import uniforms
from workbench.synthetic.ledger import Ledger
from workbench.synthetic.names import Names
from workbench.synthetic.pages import PageWriter
from workbench.synthetic.population import people
from workbench.synthetic.publisher import Publisher

CONFIG = Config()
POPULATION = people(CONFIG, 1_000, 7)
NOW = CONFIG.start_ms


class Desk:
    """A publisher whose next uniform numbers a test can choose."""

    def __init__(self, folder):
        for name in ("posts", "truth"):
            (folder / name).mkdir()
        self.folder = folder
        self.names = Names(POPULATION)
        self.ledger = Ledger(folder / "truth")
        self.pages = PageWriter(folder / "posts", CONFIG, user=self.names.user)
        self.chosen: list[float] = []
        stream = uniforms(7, "test")
        self.publisher = Publisher(
            POPULATION,
            self.names,
            ledger=self.ledger,
            pages=self.pages,
            uniform=lambda: self.chosen.pop(0) if self.chosen else stream(),
        )
        self.now = NOW

    def draft(self, author: int, words: str = "words", **mentions: int) -> Draft:
        self.now += 1_000
        draft = Draft(author, self.now)
        for origin, account in mentions.items():
            draft.mention(account, self.names.handle(account), None, origin=origin)
        draft.words(words)
        return draft

    def finish(self):
        self.pages.close()
        self.counts = self.ledger.finish()
        self.ledger.__exit__(None, None, None)
        return read(self.folder)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    with made.ledger, made.pages:
        yield made


def test_a_retweet_refers_to_the_original_and_counts(desk):
    post = desk.publisher.original(desk.draft(100, authored=5))
    desk.chosen = [0.9, 0.9, 0.9]  # the present handle, a tagged head, expanded
    desk.publisher.share(101, desk.now + 5, post)
    raw = desk.finish()
    share, original = raw.records
    assert share["referenced_tweets"] == [{"type": "retweeted", "id": post.id}]
    assert share["text"].startswith(f"RT @{POPULATION.handle(100)}: @{POPULATION.handle(5)} words")
    assert original["public_metrics"]["retweet_count"] == 1
    assert share["public_metrics"]["retweet_count"] == 1
    assert raw.included == [original]
    assert desk.counts["retweet"]["edges"] == 1
    assert desk.ledger.origins == {"authored": 1, "share_head": 1, "inherited_share": 1}


def test_a_plain_head_is_no_entity_but_always_expanded(desk):
    post = desk.publisher.original(desk.draft(100))
    desk.chosen = [0.9, 0.0]
    desk.publisher.share(101, desk.now + 5, post)
    raw = desk.finish()
    assert "entities" not in raw.records[0]
    assert [r["id"] for r in raw.included] == [post.id]
    assert desk.ledger.origins == {}


def test_a_lost_post_is_told_of_each_time_and_declared_once(desk):
    post = desk.publisher.original(desk.draft(100), status="lost")
    for account in (101, 102):
        desk.publisher.share(account, desk.now + 5, post)
    raw = desk.finish()
    assert len(raw.records) == 2
    assert [e["value"] for e in raw.pages[0]["errors"]] == [post.id, post.id]
    (row,) = raw.truth["missing"]
    assert row == {
        "post_id": f"twitter:{post.id}",
        "author_id": desk.publisher.account_id(100),
        "reason": "protected",
    }
    assert desk.counts["retweet"] == {
        "nodes": 3,
        "sources": 2,
        "targets": 1,
        "edges": 2,
        "weight": 2,
        "self_loops": 0,
        "self_loop_weight": 0,
        "unresolved": 0,
    }


def test_an_included_post_is_no_record(desk):
    post = desk.publisher.original(desk.draft(100, authored=5), status="included")
    desk.publisher.comment(desk.draft(101), quoted=(post, post.versions[0]))
    raw = desk.finish()
    assert [r["author_id"] for r in raw.records] == [str(POPULATION.ids[101])]
    assert [r["id"] for r in raw.included] == [post.id]
    assert desk.publisher.posts == 1
    assert desk.counts["mention"]["weight"] == 0


def test_a_post_can_answer_and_quote(desk):
    first = desk.publisher.original(desk.draft(100))
    second = desk.publisher.original(desk.draft(101))
    both = desk.publisher.comment(
        desk.draft(102, reply_prefix=100), answered=first, quoted=(second, second.versions[0])
    )
    assert both.kind == "quote"
    assert [r["type"] for r in both.record["referenced_tweets"]] == ["replied_to", "quoted"]
    assert both.record["conversation_id"] == first.id
    assert first.record["public_metrics"]["reply_count"] == 1
    assert second.record["public_metrics"]["quote_count"] == 1
    raw = desk.finish()
    assert desk.counts["reply"]["edges"] == desk.counts["quote"]["edges"] == 1
    assert len(raw.posts) == 3


def test_an_edit_is_a_later_version_of_the_same_post(desk):
    post = desk.publisher.original(desk.draft(100))
    desk.publisher.edit(post, desk.now + 60_000)
    desk.chosen = [0.1]
    assert desk.publisher.version(post) == post.versions[0]
    desk.chosen = [0.9]
    assert desk.publisher.version(post) == post.versions[1]
    raw = desk.finish()
    later, first = raw.records
    assert later["edit_history_tweet_ids"] == [post.id, later["id"]]
    assert first["edit_history_tweet_ids"] == [post.id]
    assert later["text"] == "words (edit)"
    assert (desk.publisher.posts, desk.publisher.edits) == (1, 1)


def test_an_orphan_reply_says_neither_whom_nor_what_it_answers(desk):
    desk.publisher.orphan_reply(desk.draft(100))
    raw = desk.finish()
    (record,) = raw.records
    assert "in_reply_to_user_id" not in record
    assert record["referenced_tweets"][0]["id"] not in raw.author
    assert desk.counts["reply"]["unresolved"] == 1


def test_a_withheld_post_has_no_entities(desk):
    desk.publisher.withheld(Draft(100, NOW))
    (record,) = desk.finish().records
    assert record["withheld"]["country_codes"] == ["XV", "XT"]
    assert "entities" not in record


def test_after_a_change_of_name_retweets_name_either(desk):
    post = desk.publisher.original(desk.draft(desk.names.renamed))
    desk.names.rename()
    for number, uniform in enumerate((0.1, 0.9)):
        desk.chosen = [uniform, 0.9, 0.9]
        desk.publisher.share(200 + number, desk.now + 5, post)
    raw = desk.finish()
    heads = {record["text"].split(":")[0] for record in raw.records[:2]}
    assert heads == {f"RT @{desk.names.old}", f"RT @{desk.names.new}"}
    ids = {record["entities"]["mentions"][0]["id"] for record in raw.records[:2]}
    assert ids == {str(POPULATION.ids[desk.names.renamed])}


def test_hashtags_are_counted_by_meaning(desk):
    draft = desk.draft(100)
    draft.tag("YSMAR")
    other = desk.draft(100)
    other.tag("ysmar")
    desk.publisher.original(draft)
    desk.publisher.original(other)
    desk.finish()
    assert desk.counts["account_hashtag"]["edges"] == 1
    assert desk.counts["account_hashtag"]["weight"] == 2
    with (desk.folder / "truth" / "graphs.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 6
