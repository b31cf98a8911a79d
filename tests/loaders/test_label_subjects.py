from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.label_subjects import account, day, page, score_in, site
from workbench.loaders.objects import canonical_url, domain_of

DAY = 1704067200000  # 2024-01-01


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("example.com", ("domain", "example.com")),
        (" WWW.Example.com/ ", ("domain", "example.com")),
        ("http://www.example.co.uk", ("domain", "example.co.uk")),
        ("новини.укр", ("domain", "новини.укр")),
        ("blog.example.com", ("host", "blog.example.com")),
        ("name.wordpress.com", ("host", "name.wordpress.com")),
        ("192.0.2.7", ("host", "192.0.2.7")),
        ("example.com/blog/", ("url", "https://example.com/blog")),
        ("https://example.com/?p=1", ("url", "https://example.com?p=1")),
    ],
)
def test_a_site_is_a_domain_a_host_or_a_page(text, subject):
    assert site(text) == subject


@pytest.mark.parametrize("text", ["", "localhost", "two words.com", "mailto:a@example.com", "–"])
def test_what_is_no_web_address_is_no_site(text):
    with pytest.raises(ValueError, match="no web address"):
        site(text)


@given(st.sampled_from(["a.example.com", "example.com", "example.co.uk", "x.y.example.org"]))
def test_a_rated_domain_is_what_links_to_it_carry(host):
    kind, subject = site(host)
    link = canonical_url(f"http://www.{host}/a/b?c=d")
    assert (domain_of(link) == subject) == (kind == "domain")


@given(st.text(max_size=30))
def test_any_text_is_a_subject_or_a_reason(text):
    for make in (site, page, day, lambda t: account({"account_id": "", "handle": t})):
        with suppress(ValueError):
            assert make(text)


@pytest.mark.parametrize(
    ("row", "subject"),
    [
        ({"account_id": "twitter:1"}, "twitter:1"),
        ({"account_id": "1", "platform": "X"}, "twitter:1"),
        ({"account_id": "1"}, "1"),
        (
            {"account_id": "", "platform": "twitter", "handle": "@Some_Gov"},
            "handle:twitter:some_gov",
        ),
        ({"platform": "mastodon", "handle": "a@b.example"}, "handle:mastodon:a@b.example"),
    ],
)
def test_accounts(row, subject):
    assert account(row) == subject


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"platform": "twitter"}, "no account"),
        ({"platform": "twitter", "handle": "two words"}, "no account"),
        ({"handle": "some_gov"}, "no platform"),
    ],
)
def test_what_names_no_account_says_why(row, reason):
    with pytest.raises(ValueError, match=reason):
        account(row)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2024-01-01", DAY), ("01.01.2024", DAY), ("1.1.2024", DAY), ("20240101", DAY),
        ("2024-01-01T00:00:00Z", DAY), ("1704067200", DAY), ("", None), ("  ", None),
    ],
)  # fmt: skip
def test_days(text, ms):
    assert day(text).ms == ms


@pytest.mark.parametrize(
    "text", ["2024", "99.99.2024", "2024.5", "soon", "20204-08-02", "19991399"]
)
def test_what_is_no_day_is_not_guessed(text):
    with pytest.raises(ValueError, match="the time is neither"):
        day(text)


@pytest.mark.parametrize(
    ("text", "score"), [("0", 0.0), (" 1 ", 1.0), ("", None), ("NA", None), ("nan", None)]
)
def test_scores(text, score):
    assert score_in(text, 0, 1) == score


@pytest.mark.parametrize("text", ["1.01", "-0.1", "inf", "high", "1,5"])
def test_scores_outside_their_bounds_say_why(text):
    with pytest.raises(ValueError, match="the score is"):
        score_in(text, 0, 1)
