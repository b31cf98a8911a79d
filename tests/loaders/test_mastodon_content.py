from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders import mastodon_content
from workbench.loaders.mastodon_content import content


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain ", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<br />two<br>three</p>", "one\ntwo\nthree"),
        ("<p> one </p>", "one"),
        ("<p>a &amp; b &lt;c&gt; &#39;d&#39;</p>", "a & b <c> 'd'"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ('<p>Привіт <span class="invisible">https://</span>світ</p>', "Привіт https://світ"),
        ('<p class="quote-inline">RE: <a href="https://a.example">a</a></p><p>own</p>', "own"),
        ('<span class="quote-inline"><br/>RE: <img src="x">y</span>own', "own"),
        ("<p>open <b>and <i>never closed", "open and never closed"),
        ("3 < 4", "3 < 4"),
    ],
)
def test_text(html, text):
    assert content(html).text == text


def test_anchors_say_what_they_are_and_where():
    html = (
        '<p>so <a href="https://a.example/@ann" class="u-url mention">@<span>ann</span></a> '
        '<a class="mention hashtag" href="https://a.example/tags/x">#<span>X</span></a><br/>'
        '<a href="https://b.example/y"><span>b.example/y</span></a><a href="empty"></a></p>'
    )
    text, anchors = content(html)
    assert [(a.kind, a.href, text[a.start : a.end]) for a in anchors] == [
        ("mention", "https://a.example/@ann", "@ann"),
        ("hashtag", "https://a.example/tags/x", "#X"),
        ("link", "https://b.example/y", "b.example/y"),
    ]


PIECES = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<br />", '<a class="mention" href="y&amp;z">', "<p/>", "&lt;", "<br>",
            "<a href='x'>", "</a>", "<", "&amp", "&#0;", "<!--", "<a", "-->", "é", "👋", " ", "\n",
            "<span class='quote-inline'>", '<p class="quote-inline">', "</span>", "<li>",
            "<![CDATA[",
        ]
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES.map("".join))
def test_clean_html_is_read_as_any_html(html):
    made = mastodon_content._clean(html)
    assert made is None or made == mastodon_content._any(html)


def test_what_servers_write_is_clean():
    html = (
        '<p>so <span class="h-card" translate="no"><a href="https://a.example/@ann?x=1&amp;y=2" '
        'class="u-url mention">@<span>ann</span></a></span> &gt;<br />'
        '<a href="https://b.example/y" target="_blank" rel="nofollow noopener">'
        '<span class="invisible">https://</span><span class="">b.example/y</span></a></p>'
    )
    made = mastodon_content._clean(html)
    assert made is not None
    assert made == mastodon_content._any(html)
    assert [a.href for a in made.anchors] == [
        "https://a.example/@ann?x=1&y=2",
        "https://b.example/y",
    ]
    assert mastodon_content._clean("<p>1 < 2</p>") is None
    assert mastodon_content._clean("<script>x</script>") is None


@given(PIECES.map("".join))
def test_any_html_has_a_text_and_anchors_inside_it(html):
    text, anchors = content(html)
    assert text == text.strip() or "\xa0" in text
    assert all(0 <= anchor.start < anchor.end <= len(text) for anchor in anchors)


@given(st.text(alphabet=st.characters(exclude_characters="<>&", exclude_categories=["Cs", "Cc"])))
def test_plain_text_is_itself(text):
    assert content(text).text == text.strip()
