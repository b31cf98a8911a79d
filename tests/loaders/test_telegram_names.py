from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.telegram_names import Link, chat_key, named_by, peer_key

IDS = st.integers(1, (1 << 31) - 1)


@given(st.sampled_from(["user", "chat", "channel"]), st.integers(1, 1 << 40))
def test_ids_of_new_exports_stay(kind, number):
    assert peer_key(f"{kind}{number}") == f"{kind}{number}"


@given(IDS)
def test_ids_of_old_exports_are_the_same_as_those_of_new_ones(number):
    assert peer_key((1 << 32) + number) == peer_key(str((1 << 32) + number)) == f"user{number}"
    assert peer_key((1 << 33) + number) == f"channel{number}"
    assert peer_key(number) == f"user{number}"
    old = chat_key((1 << 33) + number, "public_channel", old=True)
    assert old == chat_key(number, "public_channel", old=False) == f"channel{number}"


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("-1001700000009", "channel1700000009"), ("-1700000009", "chat1700000009"),
        ("-100", "chat100"), (None, None), ("", None), ("someone", None), ("user", None),
        ("user12x", None), ("٣", None), (7, "user7"),
    ],
)  # fmt: skip
def test_other_ids(value, key):
    assert peer_key(value) == key


@pytest.mark.parametrize(
    ("value", "kind", "key"),
    [
        (12, "public_supergroup", "channel12"), (12, "private_group", "chat12"),
        (12, "personal_chat", "user12"), ("12", "public_channel", "channel12"),
        ("channel12", "public_channel", "channel12"), (None, "public_channel", None),
        (True, "public_channel", None), (1.5, "public_channel", None), ([], "x", None),
        (1 << 34, "public_channel", f"channel{1 << 34}"),
    ],
)  # fmt: skip
def test_chats(value, kind, key):
    assert chat_key(value, kind, old=False) == key


@pytest.mark.parametrize(
    ("link", "peer", "name"),
    [
        ("https://t.me/qorvexnews/55", None, "qorvexnews"), ("t.me/Qorvexnews", None, "Qorvexnews"),
        ("http://telegram.me/qorvexnews?start=1", None, "qorvexnews"),
        ("https://www.t.me/qorvexnews", None, "qorvexnews"),
        ("https://t.me/@qorvexnews", None, "qorvexnews"),
        ("https://t.me/s/qorvexnews?before=7", None, "qorvexnews"),
        ("https://qorvexnews.t.me/9", None, "qorvexnews"), ("qorvexnews.t.me", None, "qorvexnews"),
        ("tg://resolve?domain=qorvexnews&post=7", None, "qorvexnews"),
        ("tg:resolve?post=7&domain=qorvexnews", None, "qorvexnews"),
        ("https://t.me/c/1700000009/5", "channel1700000009", None),
        ("tg://user?id=5550001", "user5550001", None),
        ("https://t.me/c/1700000009/3/5", "channel1700000009", None),
    ],
)  # fmt: skip
def test_links_that_name_somebody(link, peer, name):
    assert named_by(link) == Link(peer, name)


@pytest.mark.parametrize(
    "link",
    [
        "https://t.me/joinchat/AAAAAEabc", "https://t.me/+AAAAAEabc", "https://t.me/share/url?url=x",
        "https://t.me/addstickers/x", "https://t.me/proxy?server=x", "https://t.me/c/x/5",
        "https://t.me/c", "https://t.me/s", "https://t.me/", "t.me", "https://t.me/$abcd",
        "https://t.me.example.org/qorvexnews", "https://example.org/t.me/qorvexnews",
        "https://nott.me/qorvexnews", "https://example.org", "tg://join?invite=x", "tg://user?id=x",
        "https://t.me/a-b-c", "", "https://t.me/ab",
    ],
)  # fmt: skip
def test_links_that_name_nobody(link):
    assert named_by(link) is None


@given(st.text(max_size=40))
def test_any_text_is_no_crash(text):
    named_by(text)
    named_by(f"https://t.me/{text}")
    peer_key(text)
