from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import fill, source_of
from workbench.loaders import bluesky_post as posts
from workbench.loaders.bluesky_records import place
from workbench.loaders.moments import UNKNOWN
from workbench.loaders.recorder import Recorder

ANN, BEN, CAT = ("did:plc:annz", "did:plc:benz", "did:plc:catz")
FACET = "app.bsky.richtext.facet#"


def uri(owner, key="3k", collection="app.bsky.feed.post"):
    return f"at://{owner}/{collection}/{key}"


def facet(whole, part, kind="link", **feature):
    data = whole.encode()
    start = data.index(part.encode())
    index = {"byteStart": start, "byteEnd": start + len(part.encode())}
    return {"index": index, "features": [{"$type": FACET + kind, **feature}]}


def written(record, shown=()):
    """Return the rows of a post by Ann."""

    def read(sink):
        with Recorder(sink, "bluesky") as recorder, recorder.record():
            made = posts.content(record)
            carrier = posts.write_post(recorder, place(uri(ANN)), made, at=UNKNOWN)
            posts.write_acts(recorder, carrier, made, shown=frozenset(shown))
            posts.write_carried(recorder, carrier, made)

    return fill(source_of(b"x"), read)[0]


def carried(record, kind):
    rows = written(record).table("attachments").to_pylist()
    return [(row["value"], row["start"], row["end"]) for row in rows if row["kind"] == kind]


def acts(record, **options):
    return written(record, **options).table("interactions").to_pylist()


def mentions(record):
    return [
        (act["target_id"].rpartition(":")[2], act["start"], act["origin"])
        for act in acts(record)
        if act["kind"] == "mention"
    ]


@given(st.text(), st.text(min_size=1), st.text())
def test_offsets_count_characters(before, tag, after):
    text = f"{before}#{tag}{after}"
    start = len(before.encode())
    index = {"byteStart": start, "byteEnd": start + len(f"#{tag}".encode())}
    record = {"text": text, "facets": [{"index": index, "features": [{"tag": "x"}]}]}
    (found,) = posts.content(record).facets
    assert text[found.start : found.end] == f"#{tag}"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5)
        | st.sampled_from([uri(BEN), "https://example.org/x", BEN, "app.bsky.embed.record"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(
                ["text", "facets", "features", "index", "byteStart", "byteEnd", "embed", "record",
                 "uri", "external", "media", "images", "ref", "$link", "mimeType", "cid", "tags",
                 "tag", "did", "reply", "parent", "root", "langs", "labels", "values", "val"]
            ), inner, max_size=5,
        ),
        max_leaves=25,
    ).filter(lambda value: isinstance(value, dict))
)  # fmt: skip
def test_whatever_programs_write_is_read(record):
    assert written(record).rows("posts") >= 1


def test_a_repost_has_no_place_here_and_a_reply_names_its_account_by_the_address():
    parent = {"parent": {"uri": uri(BEN)}, "root": {"uri": uri(CAT)}}
    (act,) = acts({"text": "no", "reply": parent})
    assert (act["kind"], act["target_id"], act["resolved_by"]) == ("reply", f"bluesky:{BEN}", "uri")
    (act,) = acts({"text": "no", "reply": parent}, shown=[uri(BEN)])
    assert act["resolved_by"] == "expanded"
    post = written({"text": "no", "reply": parent}).table("posts").to_pylist()[0]
    assert (post["kind"], post["conversation_id"]) == ("reply", f"bluesky:{uri(CAT)}")


def test_an_address_with_a_handle_is_a_handle():
    (act,) = acts({"reply": {"parent": {"uri": uri("Benno.Example")}}})
    assert act["target_id"] == "handle:bluesky:benno.example"


@pytest.mark.parametrize("deep", [False, True])
def test_a_quote_is_an_embedded_record(deep):
    record = {"uri": uri(BEN), "cid": "c"}
    (act,) = acts({"embed": {"record": {"record": record} if deep else record}})
    assert (act["kind"], act["target_post_id"]) == ("quote", f"bluesky:{uri(BEN)}")


@pytest.mark.parametrize("collection", ["app.bsky.graph.list", "app.bsky.feed.generator"])
def test_an_embedded_list_or_feed_is_a_quote_of_its_account_only(collection):
    corpus = written({"embed": {"record": {"uri": uri(BEN, collection=collection)}}})
    (act,) = corpus.table("interactions").to_pylist()
    assert (act["target_id"], act["target_post_id"]) == (f"bluesky:{BEN}", None)
    assert corpus.rows("posts") == 1


def test_an_embedded_starter_pack_is_a_link_to_its_page():
    record = {"embed": {"record": {"uri": uri(BEN, "3p", "app.bsky.graph.starterpack")}}}
    assert acts(record) == []
    assert carried(record, "url") == [(f"https://bsky.app/starter-pack/{BEN}/3p", None, None)]
    assert posts.content(record).kind == "original"


def test_mentions_at_the_head_of_a_reply_are_its_prefix():
    text = "@benzz.example @catzz.example yes @benzz.example"
    facets = [
        facet(text, "@benzz.example", "mention", did=BEN),
        facet(text, "@catzz.example", "mention", did=CAT),
        {"index": {"byteStart": 34, "byteEnd": 48}, "features": [{"did": BEN}]},
        {"index": {"byteStart": 480, "byteEnd": 500}, "features": [{"did": CAT}]},
    ]
    rest = [("benz", 34, "authored"), ("catz", None, "authored")]
    heads = [("benz", 0), ("catz", 15)]
    reply = {"parent": {"uri": uri(BEN)}}
    found = mentions({"text": text, "facets": facets, "reply": reply})
    assert sorted(found, key=str) == sorted(
        [*((*head, "reply_prefix") for head in heads), *rest], key=str
    )
    found = mentions({"text": text, "facets": facets})
    assert sorted(found, key=str) == sorted(
        [*((*head, "authored") for head in heads), *rest], key=str
    )


def test_a_gap_ends_the_prefix():
    text = "so @benzz.example"
    record = {"text": text, "facets": [facet(text, "@benzz.example", "mention", did=BEN)]}
    assert mentions({**record, "reply": {"parent": {"uri": uri(BEN)}}}) == [("benz", 3, "authored")]


def test_tags_are_facets_and_what_the_record_adds():
    text = "👋 #Вибори #two #x"
    record = {
        "text": text,
        "facets": [
            facet(text, "#Вибори", "tag", tag="Вибори"),
            facet(text, "#two", "hashtag", hashtag="two"),
            facet(text, "#x", "tag"),
        ],
        "tags": ["ВИБОРИ", "more", "more", 5, " "],
    }
    assert carried(record, "hashtag") == [
        ("вибори", 2, 9), ("two", 10, 14), ("x", 15, 17), ("more", None, None),
    ]  # fmt: skip


def test_a_tag_may_be_written_as_text():
    text = "#one #two"
    record = {"text": text, "facets": [facet(text, text, "tag", text="#one #two rest")]}
    assert [value for value, *_ in carried(record, "hashtag")] == ["one", "two"]


def test_a_link_counts_once_in_a_post():
    text = "see https://example.org/a and https://example.org/b"
    record = {
        "text": text,
        "facets": [
            facet(text, "https://example.org/a", uri="https://example.org/a?utm_source=x"),
            facet(text, "https://example.org/b", uri="https://example.org/b"),
            facet(text, "see", uri="not a link"),
        ],
        "embed": {"external": {"uri": "https:\\/\\/example.org\\/a"}},
    }
    assert carried(record, "url") == [
        ("https://example.org/a", 4, 25), ("https://example.org/b", 30, 51),
    ]  # fmt: skip


def test_the_page_of_the_quoted_post_and_answers_of_a_poll_are_no_links():
    text = "1 2 https://bsky.app/profile/benzz.example/post/3k"
    address = "https://bsky.app/profile/benzz.example/post/3k"
    option = facet(text, "1", "option", number=1)
    option["features"][0]["$type"] = "blue.poll.post.facet#option"
    record = {
        "text": text,
        "facets": [
            facet(text, "1", uri="https://poll.example/1"),
            option,
            facet(text, address, uri=address),
        ],
    }
    assert [value for value, *_ in carried(record, "url")] == [address]
    record["embed"] = {"record": {"uri": uri(BEN)}}
    assert carried(record, "url") == []


def test_moving_pictures_are_media_and_so_are_files_of_any_embed():
    address = "https://media.tenor.com/a/b.gif"
    gif = {
        "external": {
            "uri": "https://media.tenor.com/a/b.gif?hh=1",
            "thumb": {"ref": {"$link": "t"}},
        }
    }
    assert carried({"embed": gif}, "media") == [(address, None, None)]
    assert carried({"embed": gif}, "url") == []

    def blob(key):
        return {"$type": "blob", "ref": {"$link": key}, "mimeType": "image/png", "size": 1}

    embed = {
        "media": {"images": [{"image": blob("k1")}, {"image": {"cid": "k2", "mimeType": "x"}}]},
        "record": {"record": {"uri": uri(BEN)}},
        "video": {**blob("k3"), "ref": {"link": "k3"}},
        "other": [{"deep": [blob("k1")]}],
    }
    assert [key for key, *_ in carried({"embed": embed}, "media")] == ["k1", "k2", "k3"]


def test_labels_of_the_author_and_languages():
    made = posts.content({"langs": ["", "uk", "en"], "labels": {"values": [{"val": "porn"}]}})
    assert (made.lang, made.sensitive, made.kind, made.text) == ("uk", True, "original", None)
    assert posts.content({"labels": [], "langs": "en"}).sensitive is None
