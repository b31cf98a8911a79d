"""What a Bluesky post says, as rows: the same record in views, in the firehose and in quotes.

Its author, and those of what it answers and quotes, are the owners of the at-uris, so they are
always known. Offsets of facets count bytes of UTF-8; rows count characters.

- A quote is an embedded record of another account: of a post, with that post; of a list, a feed or
  a profile, with the account only. A starter pack that is embedded is a link to its page.
- Links are facets and cards, each once in a post. A moving picture from a picture service comes as
  a card and is media; the page of the quoted post, and the answers of a poll, are no links.
- Hashtags are facets, also of programs that name them otherwise, and ``tags`` of the record that
  no facet repeats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.loaders.bluesky_records import POST, Place, place
from workbench.loaders.objects import canonical_url, hashtag
from workbench.loaders.recorder import Act, PostFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.loaders.moments import Moment
    from workbench.loaders.recorder import Carrier, Recorder

__all__ = [
    "ADULT",
    "Content",
    "account_id",
    "content",
    "embedded",
    "write_acts",
    "write_carried",
    "write_post",
]

_STARTER_PACK = "app.bsky.graph.starterpack"
#: Hosts of moving pictures that the app offers; it embeds them as cards.
_PICTURES = ("media.tenor.com", "media.giphy.com", "static.klipy.com")
#: Labels of what not everybody should see.
ADULT = {"porn", "sexual", "nudity", "graphic-media", "gore"}
#: Embeds of third parties are looked into so deep for files.
_DEEP = 10


class Facet(NamedTuple):
    """A feature of a stretch of the text; offsets in characters, None where they are odd."""

    type: str
    feature: dict[str, Any]
    start: int | None
    end: int | None


class Content(NamedTuple):
    """What a record of a post holds."""

    text: str | None
    lang: str | None
    facets: list[Facet]
    embed: dict[str, Any]
    tags: list[str]
    parent: Place | None
    root: Place | None
    quoted: Place | None
    sensitive: bool | None

    @property
    def kind(self) -> str:
        """What the post is: a quote, else a reply, else original."""
        if self.quoted is not None and self.quoted.collection != _STARTER_PACK:
            return "quote"
        return "original" if self.parent is None else "reply"


def content(record: dict[str, Any]) -> Content:
    """Return what a record of a post holds; what is of no use there is left out."""
    text = record.get("text")
    text = text if isinstance(text, str) else None
    embed = _dict(record.get("embed"))
    reply = _dict(record.get("reply"))
    values = _dict(record.get("labels")).get("values")
    adult = isinstance(values, list) and any(_dict(v).get("val") in ADULT for v in values)
    return Content(
        text=text,
        lang=next(_texts(record.get("langs")), None),
        facets=list(_facets(record.get("facets"), text or "")),
        embed=embed,
        tags=list(_texts(record.get("tags"))),
        parent=place(_dict(reply.get("parent")).get("uri")),
        root=place(_dict(reply.get("root")).get("uri")),
        quoted=embedded(embed),
        sensitive=True if adult else None,
    )


def embedded(embed: dict[str, Any]) -> Place | None:
    """Return the record that an embed shows: with pictures or a card, it is one level deeper."""
    record = _dict(embed.get("record"))
    return place(record.get("uri")) or place(_dict(record.get("record")).get("uri"))


def account_id(recorder: Recorder, owner: str) -> str:
    """Return the account that owns a record; an at-uri may name a handle in place of the id."""
    return recorder.id(owner) if owner.startswith("did:") else recorder.handle(owner)


def write_post(
    recorder: Recorder, where: Place, made: Content, *, at: Moment, **more: Any
) -> Carrier:
    """Add an observation of a post, and return it."""
    root = where if made.root is None else made.root
    sensitive = more.pop("sensitive", None) or made.sensitive
    return recorder.post(
        PostFacts(
            post_id=recorder.id(where.uri), author_id=account_id(recorder, where.owner), at=at,
            kind=made.kind, text=made.text, lang=made.lang, conversation_id=recorder.id(root.uri),
            sensitive=sensitive, **more,
        )
    )  # fmt: skip


def write_acts(
    recorder: Recorder, carrier: Carrier, made: Content, *, shown: frozenset[str] = frozenset()
) -> None:
    """Add what a primary post does: answer, quote, mention; posts in `shown` need no stub."""
    if made.parent is not None:
        _act(recorder, carrier, "reply", made.parent, shown)
    if made.kind == "quote" and made.quoted is not None:
        _act(recorder, carrier, "quote", made.quoted, shown)
    expected = 0
    for facet in sorted(_mentions(made), key=lambda f: -1 if f.start is None else f.start):
        origin = "authored"
        if made.parent is not None and facet.start == expected and facet.end is not None:
            origin, expected = "reply_prefix", facet.end + 1
        target = recorder.id(facet.feature["did"])
        recorder.act(
            Act(
                kind="mention", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_id=target, start=facet.start, at=carrier.at, origin=origin,
                resolved_by="entity",
            )
        )  # fmt: skip


def write_carried(recorder: Recorder, carrier: Carrier, made: Content) -> None:
    """Add the tags, links and media of a post."""
    tagged = set()
    for name, start, end in _tags(made):
        recorder.tag(carrier, name, start=start, end=end)
        tagged.add(hashtag(name))
    for name in made.tags:
        if hashtag(name) not in tagged:
            tagged.add(hashtag(name))
            recorder.tag(carrier, name)
    seen = set()
    for url, start, end in _links(made):
        key = canonical_url(url)
        if key not in seen:
            seen.add(key)
            recorder.link(carrier, url, start=start, end=end)
    for key in dict.fromkeys(_media(made)):
        recorder.attach(carrier, "media", key)


def _act(
    recorder: Recorder, carrier: Carrier, kind: str, goal: Place, shown: frozenset[str]
) -> None:
    target = account_id(recorder, goal.owner)
    post = recorder.id(goal.uri) if goal.collection == POST else None
    recorder.act(
        Act(
            kind=kind, actor_id=carrier.author_id, post_id=carrier.post_id, target_id=target,
            target_post_id=post, at=carrier.at,
            resolved_by="expanded" if goal.uri in shown else "uri",
        )
    )  # fmt: skip
    if post is not None and goal.uri not in shown:
        recorder.stub(post, target)


def _facets(value: object, text: str) -> Iterator[Facet]:
    """Yield the features of the facets of a text."""
    if not isinstance(value, list) or not value:
        return
    data = None if text.isascii() else text.encode("utf-8", "replace")
    length = len(text) if data is None else len(data)
    for facet in value:
        index, features = _dict(_dict(facet).get("index")), _dict(facet).get("features")
        first, last = index.get("byteStart"), index.get("byteEnd")
        start = end = None
        if type(first) is int and type(last) is int and 0 <= first < last <= length:
            start, end = first, last
            if data is not None:
                start = len(data[:first].decode("utf-8", "ignore"))
                end = start + len(data[first:last].decode("utf-8", "ignore"))
        for feature in features if isinstance(features, list) else ():
            if isinstance(feature, dict):
                kind = feature.get("$type")
                yield Facet(kind if isinstance(kind, str) else "", feature, start, end)


def _mentions(made: Content) -> Iterator[Facet]:
    for facet in made.facets:
        did = facet.feature.get("did")
        if isinstance(did, str) and did.startswith("did:"):
            yield facet


def _tags(made: Content) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield the tags of facets, with their places."""
    for kind, feature, start, end in made.facets:
        name = feature.get("tag", feature.get("hashtag"))
        if isinstance(name, str):
            yield name, start, end
        elif kind.casefold().endswith(("tag", "#hashtag")) and name is None:
            words = feature.get("text")
            if not isinstance(words, str):
                words = made.text[start:end] if made.text and start is not None else ""
            for word in words.split():
                if word.startswith(("#", "＃")):
                    yield word, start, end


def _links(made: Content) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield the links of facets, with their places, and those of cards."""
    answers = {
        (facet.start, facet.end) for facet in made.facets if facet.type.endswith("facet#option")
    }
    quoted = made.quoted
    address = None if quoted is None else f"/post/{quoted.rkey}"
    for kind, feature, start, end in made.facets:
        url = feature.get("uri")
        if not isinstance(url, str) or kind.endswith("#image") or (start, end) in answers:
            continue
        if address is not None and "bsky.app/profile/" in url and url.endswith(address):
            continue
        yield url.replace("\\/", "/"), start, end
    for url in (*_cards(made.embed), *_texts(made.embed.get("links"))):
        if not _is_picture(url):
            yield url.replace("\\/", "/"), None, None
    if quoted is not None and quoted.collection == _STARTER_PACK:
        yield f"https://bsky.app/starter-pack/{quoted.owner}/{quoted.rkey}", None, None


def _cards(embed: dict[str, Any]) -> Iterator[str]:
    for holder in (embed, _dict(embed.get("media"))):
        url = _dict(holder.get("external")).get("uri")
        if isinstance(url, str):
            yield url


def _is_picture(url: str) -> bool:
    return url.partition("://")[2].partition("/")[0] in _PICTURES


def _media(made: Content) -> Iterator[str]:
    """Yield the keys of pictures, films and files; of moving pictures the address."""
    yield from _files(made.embed, _DEEP)
    for url in _cards(made.embed):
        if _is_picture(url):
            yield url.partition("?")[0]


def _files(value: object, depth: int) -> Iterator[str]:
    """Yield the content ids of the files in an embed, but not of previews and embedded records."""
    if not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _files(item, depth - 1)
    elif isinstance(value, dict):
        key = _dict(value.get("ref")).get("$link", _dict(value.get("ref")).get("link"))
        key = value.get("cid") if key is None and "mimeType" in value else key
        if isinstance(key, str) and key:
            yield key
            return
        for name, item in value.items():
            if name not in {"thumb", "thumbnail", "record", "external"}:
                yield from _files(item, depth - 1)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a list that are not blank."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, str) and item.strip():
            yield item.strip()
