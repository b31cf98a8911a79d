from __future__ import annotations

from collections import Counter

import pytest

from workbench.synthetic import Config
from workbench.synthetic.draft import Draft
from workbench.synthetic.draws import uniforms
from workbench.synthetic.live import Post
from workbench.synthetic.names import Names
from workbench.synthetic.phrases import TAGS, grammar
from workbench.synthetic.population import people
from workbench.synthetic.records import post_record
from workbench.synthetic.writer import Writer

CONFIG = Config()
POPULATION = people(CONFIG, 1_000, 7)
NOW = CONFIG.start_ms + 3 * 86_400_000 + 11 * 3_600_000 + 5 * 60_000


@pytest.fixture
def writer():
    return Writer(POPULATION, Names(POPULATION), config=CONFIG, uniform=uniforms(7, "test"))


def post(author: int, kind: str, mentioned: list[int]) -> Post:
    draft = Draft(author, NOW)
    draft.mentioned = mentioned
    record = post_record("8", "1", NOW, text="", entities={}, language="fr", references=[])
    handle = POPULATION.handle(author)
    return Post(draft, record, kind=kind, camp=0, handle=handle)


def test_a_body_is_of_the_writers_camp_and_language(writer):
    for account in range(60):
        camp, language = int(POPULATION.camp[account]), int(POPULATION.language[account])
        voice = grammar(camp, language)
        clock = ("11h05 –", "11:05 –")[language]
        for _ in range(5):
            body = writer.body(account, NOW)
            assert body.startswith((clock, *voice.openings))
            assert any(clause in body for clause in voice.clauses)


def test_originals_carry_tags_links_and_mentions_at_the_stated_rates(writer):
    drafts = [writer.original(account % POPULATION.size, NOW) for account in range(4_000)]
    share = Counter(key for draft in drafts for key in draft.entities)
    assert share["hashtags"] / 4_000 == pytest.approx(0.5, abs=0.03)
    assert share["urls"] / 4_000 == pytest.approx(0.3, abs=0.03)
    assert share["mentions"] / 4_000 == pytest.approx(0.18, abs=0.03)
    assert sum(bool(draft.media) for draft in drafts) / 4_000 == pytest.approx(0.07, abs=0.015)
    for draft in drafts:
        own = TAGS[POPULATION.camp[draft.author]]
        assert {tag["tag"] for tag in draft.entities.get("hashtags", [])} <= set(own)
        assert set(draft.origins) <= {"authored"}
        assert draft.author not in draft.mentioned


def test_mentions_cross_the_line_as_stated(writer):
    sides: Counter = Counter()
    for number in range(20_000):
        draft = writer.original(number % POPULATION.size, NOW)
        for target in draft.mentioned:
            pair = (int(POPULATION.camp[draft.author]), int(POPULATION.camp[target]))
            if 2 not in pair:
                sides[pair[0] != pair[1]] += 1
    assert sides[True] / sides.total() == pytest.approx(CONFIG.cross_mention, abs=0.03)


def test_an_answer_starts_with_the_names_it_goes_to(writer):
    draft = writer.reply(200, NOW, post(3, "reply", [4, 5]))
    assert draft.text.startswith(f"@{POPULATION.handle(3)} @{POPULATION.handle(4)} ")
    assert draft.origins[:2] == ["reply_prefix", "reply_prefix"]
    original = writer.answer(200, NOW, post(3, "original", [4, 5]))
    assert original.mentioned == [3]


def test_nobody_is_made_to_name_himself(writer):
    assert writer.answer(3, NOW, post(3, "original", [])).mentioned == []
    assert writer.answer(4, NOW, post(3, "reply", [4])).mentioned == [3]


def test_a_quote_ends_with_the_address_of_the_post(writer):
    handles = set()
    for _ in range(100):
        draft = writer.quote(200, NOW, None)
        writer.status_link(draft, post(3, "original", []), "77")
        link = draft.entities["urls"][-1]
        assert draft.text.endswith(link["url"])
        assert link["expanded_url"].endswith("/status/77")
        handles.add(link["expanded_url"].split("/")[3])
    assert handles == {POPULATION.handle(3), POPULATION.handle(3).lower()}


def test_articles_are_shared_tracked_shortened_and_unwound(writer):
    links = []
    for _ in range(2_000):
        draft = Draft(0, NOW)
        address = writer.article(draft, 0)
        (link,) = draft.entities["urls"]
        links.append(link)
        assert address in {link["expanded_url"], link.get("unwound_url", address)}
    expanded = Counter(link["expanded_url"] for link in links)
    assert expanded.most_common(1)[0][1] > 50
    assert any("utm_source" in address for address in expanded)
    short = [link for link in links if "kurz.test" in link["expanded_url"]]
    assert {"unwound_url" in link for link in short} == {True, False}
    assert len({link["url"] for link in links}) == len(links)
