from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.loaders.objects import _PLAIN, _canonical, _domain, canonical_url, domain_of, hashtag


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("#Élection", "élection"),
        ("ＢＲＥＸＩＴ", "brexit"),
        ("Straße", "strasse"),
        ("#КРЕМЛЬ", "кремль"),
    ],
)
def test_hashtags_of_every_script_have_one_form(text, value):
    assert hashtag(text) == value


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("HTTPS://Example.ORG:443/a/?utm_source=x&b=2&fbclid=y#top", "https://example.org/a?b=2"),
        ("https://user:secret@example.org/", "https://example.org"),
        ("https://example.org:8080/a", "https://example.org:8080/a"),
        ("https://example.org/?q=a%20b", "https://example.org?q=a+b"),
        ("mailto:someone@example.org", None),
        ("http://[::1", None),
        ("not a link", None),
        ("", None),
    ],
)
def test_links_have_one_spelling(text, link):
    assert canonical_url(text) == link


@given(st.text(max_size=30))
@example(":1")
@example("\\@")
@example("https://a.org/?q=%2B+%20&r")
def test_any_text_is_a_link_or_is_not(text):
    for whole in (text, f"https://example.org/{text}"):
        link = canonical_url(whole)
        assert link is None or canonical_url(link) == link
        assert domain_of(whole) is None or isinstance(domain_of(whole), str)


@pytest.mark.parametrize(
    ("link", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://News.Example.org/a", "example.org"),
        ("http://localhost/", None),
        ("http://[::1", None),
        ("https://a.b.test/x", "b.test"),
        ("http://10.0.0.1/", None),
    ],
)
def test_domains_are_registrable(link, domain):
    assert domain_of(link) == domain


@given(st.from_regex(_PLAIN, fullmatch=True))
@example("https://1.2.3.4/a")
@example("http://-.-/-")
def test_plain_links_need_no_parsing(link):
    """What the short way says of them is what the long way says."""
    assert canonical_url(link) == _canonical(link)
    assert domain_of(link) == _domain(link)
