"""Answers of the TikTok Research API: pages of videos or comments, or videos alone.

A record is one video or comment; pages stand one a line or in a document, videos and comments may
also stand alone. Ids are exact, as numbers or as text.

The API tells usernames and no numeric ids: an account is ``handle:tiktok:<username>``, and who
changes the username becomes another account. Hashtags and mentions come from the lists of a video,
without offsets; a mention that is no username (2 to 24 of ``A-Z a-z 0-9 _ .``), but a name as it is
displayed, stays unresolved. The
music of a video is its medium, ``music:<id>``. The region is that of the account. Favourites are
bookmarks. Duets, stitches and reposts do not say whose video they use, so no graph of shares is
possible.

Comments have no author, by the rules of the API: they are posts without one, replies to a comment
or to the video, and never edges between accounts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.loaders.base import Loader
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.moments import moment_of
from workbench.loaders.objects import hashtag
from workbench.loaders.recorder import AccountFacts, Act, PostFacts, Recorder
from workbench.loaders.tiktok_records import KNOWN, Comment, Page, Video

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.recorder import Carrier

__all__ = ["LOADER", "read", "sniff"]

PLATFORM = "tiktok"
_PAGE = re.compile(rb'"(?:videos|comments)"\s*:\s*\[')
_PAGES = [("videos",), ("comments",), ("data", "videos"), ("data", "comments")]
_VIDEO = re.compile(
    rb'"(?:video_description|hashtag_names|hashtag_info_list|video_mention_list|region_code'
    rb'|voice_to_text|video_duration|is_stem_verified)"\s*:'
)
_COMMENT = re.compile(rb'"(?:parent_comment_id|video_id)"\s*:')
_USERNAME = re.compile(r"[A-Za-z0-9_.]{2,24}")
_DISPLAYED = "mentions by a display name, which is no username, have no target account (unresolved)"
_REFUSED = {
    ("retweet", "co_share"): "the API does not tell whose video is duetted, stitched or reposted",
    ("quote",): "the API does not tell whose video is duetted or stitched",
    ("reply",): "the API does not tell who wrote a comment",
    ("account_url", "account_domain", "co_url", "co_domain"): "the API does not tell links",
}
_video, _comment, _page = decoder(Video), decoder(Comment), decoder(Page)
_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def sniff(head: Head) -> float:
    """Return how surely the head is that of answers of the API."""
    if head.data.lstrip()[:1] not in {b"{", b"["}:
        return 0.0
    if _PAGE.search(head.data):
        video, comment = _VIDEO.search(head.data), _COMMENT.search(head.data)
        if video or (comment and b'"create_time"' in head.data):
            return 0.95
        return 0.6 if b'"search_id"' in head.data else 0.0
    found = first_objects(head)
    fitting = sum(map(_fits, found))
    return 0.95 if fitting and fitting * 2 >= len(found) else 0.0


def _fits(content: dict[str, Any]) -> bool:
    keys = content.keys()
    video = bool(keys & {"video_description", "hashtag_names", "video_mention_list"})
    return "id" in keys and (
        (video and bool(keys & {"username", "create_time", "region_code"}))
        or {"video_id", "parent_comment_id", "create_time"} <= keys
    )


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read answers: one record a video or comment."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        records = JsonRecords(source, recorder, known=KNOWN, pages=_PAGES)
        records.each(_Reader(recorder, records).visit)
    for graphs, reason in _REFUSED.items():
        for graph in graphs:
            sink.refuse(graph, reason)


class _Reader:
    """Turns videos and comments into rows."""

    def __init__(self, recorder: Recorder, records: JsonRecords) -> None:
        self._recorder = recorder
        self._records = records

    def visit(self, piece: Piece) -> None:
        """Read a page, or a video or comment alone."""
        page = _page(piece.data)
        videos, comments = page.videos, page.comments
        if page.data is not None:
            videos, comments = page.data.videos or videos, page.data.comments or comments
        for item in videos or ():
            self._records.record(piece, self._take_video, item)
        for item in comments or ():
            self._records.record(piece, self._take_comment, item)
        if videos or comments:
            return
        if page.data is page.error is videos is comments is None:
            keys = _keys(piece.data).keys()
            is_comment = not keys.isdisjoint({"video_id", "parent_comment_id"})
            take = self._take_comment if is_comment else self._take_video
            self._records.record(piece, take, piece.data)
        else:
            self._records.record(piece, self._empty, piece.data)

    def _empty(self, data: bytes) -> None:
        del data
        self._recorder.event("control", "record", None, reason="a page without videos or comments")

    def _take_video(self, data: bytes | msgspec.Raw) -> None:
        video = _video(data)
        username = (video.username or "").strip().removeprefix("@")
        author = self._recorder.handle(username) if username else None
        at = moment_of(video.create_time)
        carrier = self._recorder.post(
            PostFacts(
                post_id=self._id(video.id), author_id=author, author_handle=username or None,
                at=at, text=video.video_description, likes=video.like_count,
                shares=video.share_count, replies=video.comment_count, views=video.view_count,
                bookmarks=video.favorites_count,
            )
        )  # fmt: skip
        if author is not None:
            self._recorder.account(
                AccountFacts(account_id=author, handle=username, location=video.region_code)
            )
        tags = [*(video.hashtag_names or ())]
        tags += [tag.hashtag_name for tag in video.hashtag_info_list or () if tag is not None]
        for tag in dict.fromkeys(hashtag(tag) for tag in tags if tag):
            self._recorder.tag(carrier, tag)
        for name in dict.fromkeys(map(_bare, video.video_mention_list or ())):
            if name:
                self._mention(carrier, name, video.video_description or "")
        if video.music_id:
            self._recorder.attach(carrier, "media", f"music:{video.music_id}")

    def _mention(self, carrier: Carrier, name: str, text: str) -> None:
        """Add who is mentioned; a name that is no username may be that of several accounts."""
        known = _USERNAME.fullmatch(name) is not None
        place = -1 if known else text.find(f"@{name}")
        if not known:
            self._recorder.sink.note(_DISPLAYED)
        self._recorder.act(
            Act(
                kind="mention", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_id=self._recorder.handle(name) if known else None,
                start=place if place >= 0 else None, at=carrier.at,
                resolved_by="entity" if known else "none",
            )
        )  # fmt: skip

    def _take_comment(self, data: bytes | msgspec.Raw) -> None:
        comment = _comment(data)
        post_id, at = self._id(comment.id), moment_of(comment.create_time)
        video = _told(comment.video_id)
        answered = _told(comment.parent_comment_id) or video
        target = self._id(answered) if answered else None
        self._recorder.post(
            PostFacts(
                post_id=post_id, at=at, kind="reply", text=comment.text,
                conversation_id=self._id(video) if video else None,
                likes=comment.like_count, replies=comment.reply_count,
            )
        )  # fmt: skip
        self._recorder.act(
            Act(kind="reply", actor_id=None, post_id=post_id, target_post_id=target, at=at)
        )
        if target is not None:
            self._recorder.stub(target)

    def _id(self, value: int | str) -> str:
        text = str(value).strip()
        if not text:
            raise ValueError("no id")
        return self._recorder.id(text)


def _told(value: int | str | None) -> str:
    """Return the id of what is answered; empty if there is none, which may be told as 0."""
    text = "" if value is None else str(value).strip()
    return "" if text == "0" else text


def _bare(name: str | None) -> str:
    told = (name or "").strip().removeprefix("@")
    return told.casefold() if _USERNAME.fullmatch(told) else told


LOADER = Loader(
    name="tiktok_research",
    description="TikTok Research API JSON: pages of videos or comments",
    sniff=sniff,
    read=read,
)
