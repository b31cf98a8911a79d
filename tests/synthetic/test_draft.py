from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.synthetic.draft import SHARE_LIMIT, Draft, share_text

WORDS = st.text("abcé⚓ŷ ", min_size=1, max_size=90).map(str.strip).filter(bool)


def build(parts) -> Draft:
    draft = Draft(1, 0)
    for number, (kind, words) in enumerate(parts):
        if kind == "words":
            draft.words(words)
        elif kind == "tag":
            draft.tag(words.replace(" ", ""))
        elif kind == "link":
            draft.link(f"https://short.example/{number}", f"https://a.example/{number}")
        else:
            draft.mention(number, f"acc{number}_sim", None, origin="authored")
    return draft


drafts = st.lists(
    st.tuples(st.sampled_from(["words", "tag", "link", "mention"]), WORDS), max_size=8
).map(build)


@given(drafts)
def test_entities_point_at_their_words(draft):
    for tag in draft.entities.get("hashtags", []):
        assert draft.text[tag["start"] : tag["end"]] == "#" + tag["tag"]
    for url in draft.entities.get("urls", []):
        assert draft.text[url["start"] : url["end"]] == url["url"]
    found = [m["username"] for m in draft.entities.get("mentions", [])]
    assert found == [f"acc{account}_sim" for account in draft.mentioned]


@given(drafts, st.booleans())
def test_a_retweet_keeps_what_is_left_of_the_text(draft, tagged):
    record = {"text": draft.text, "entities": draft.entities}
    text, entities = share_text("a_sim", "5" if tagged else None, record)
    full = "RT @a_sim: " + draft.text
    assert len(text) <= SHARE_LIMIT
    assert text == full or (text.endswith("…") and full.startswith(text[:-1]))
    for kind, key in (("hashtags", "tag"), ("mentions", "username"), ("urls", "url")):
        sign = {"hashtags": "#", "mentions": "@", "urls": ""}[kind]
        for entity in entities.get(kind, []):
            assert text[entity["start"] : entity["end"]] == sign + entity[key]
    whole = [m for m in draft.entities.get("mentions", []) if m["end"] + 11 < SHARE_LIMIT]
    assert len(entities.get("mentions", [])) >= len(whole) + tagged
    assert ("5" in [m.get("id") for m in entities.get("mentions", [])]) == tagged


def test_an_unwound_link_says_where_the_shortener_leads():
    draft = Draft(1, 0)
    draft.link("https://short.example/x", "https://kurz.test/7", "https://paper.example/seven")
    (url,) = draft.entities["urls"]
    assert url["display_url"] == "kurz.test/7"
    assert url["unwound_url"] == "https://paper.example/seven"
