"""The parts of answers of the TikTok Research API that are read."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from workbench.loaders.drift import known_keys

__all__ = ["KNOWN", "Comment", "Page", "Tag", "Video"]

#: Ids are 64-bit numbers in JSON, beyond what a float holds.
Id = int | str
#: What a column of a table can hold.
Count = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class Tag(msgspec.Struct, gc=False):
    """A hashtag of a video, with more than its name."""

    hashtag_name: str | None = None


class Video(msgspec.Struct):
    """A video."""

    id: Id
    username: str | None = None
    create_time: Id | None = None
    region_code: str | None = None
    video_description: str | None = None
    music_id: Id | None = None
    like_count: Count | None = None
    comment_count: Count | None = None
    share_count: Count | None = None
    view_count: Count | None = None
    favorites_count: Count | None = None
    hashtag_names: list[str | None] | None = None
    hashtag_info_list: list[Tag | None] | None = None
    video_mention_list: list[str | None] | None = None


class Comment(msgspec.Struct, gc=False):
    """A comment; who wrote it is not told."""

    id: Id
    video_id: Id | None = None
    parent_comment_id: Id | None = None
    text: str | None = None
    create_time: Id | None = None
    like_count: Count | None = None
    reply_count: Count | None = None


class _Data(msgspec.Struct, gc=False):
    videos: list[msgspec.Raw] | None = None
    comments: list[msgspec.Raw] | None = None


class Page(msgspec.Struct):
    """An answer: videos or comments, in ``data`` or not."""

    data: _Data | None = None
    videos: list[msgspec.Raw] | None = None
    comments: list[msgspec.Raw] | None = None
    error: Any = None


_LEFT_OUT = """
    cursor has_more search_id code message log_id http_status_code
    effect_ids playlist_id voice_to_text is_stem_verified video_duration video_tag
    hashtag_id hashtag_description
"""
_OPAQUE = "effect_info_list sticker_info_list video_label"
#: The keys of answers, videos and comments.
KNOWN = known_keys([Page, _Data, Video, Comment, Tag], _LEFT_OUT, _OPAQUE)
