"""Keys of Twitter records that nothing reads: the sign that the platform has changed its format."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.loaders.drift import Known
from workbench.loaders.twitter_v2_records import KNOWN_KEYS

__all__ = ["unknown_keys"]

#: What stands below these keys is left out as a whole.
_OPAQUE = {
    "annotations", "context_annotations", "geo", "places", "polls", "media", "__twarc", "meta",
    "errors", "matching_rules", "edit_controls", "note_tweet", "affiliation",
    "public_metrics", "withheld", "article", "media_metadata", "urls",
}  # fmt: skip
_searched = Known(frozenset(KNOWN_KEYS), frozenset(_OPAQUE))

_SCALAR = str | int | float | bool | None


def _many(scalars: str, opaque: str = "", **nested: Any) -> Any:
    return list[_shape(scalars, opaque, **nested)]  # type: ignore[misc]


def _shape(scalars: str, opaque: str = "", **nested: Any) -> Any:
    """Return objects that have these keys only; what stands below `opaque` ones is skipped."""
    kinds: dict[str, Any] = dict.fromkeys(scalars.split(), _SCALAR)
    kinds |= dict.fromkeys(opaque.split(), msgspec.Raw)
    kinds |= {key: kind | None for key, kind in nested.items()}
    names = {f"field{number}": key for number, key in enumerate(kinds)}
    return msgspec.defstruct(
        "Shape",
        [(name, kinds[key], None) for name, key in names.items()],
        forbid_unknown_fields=True,
        rename=names,
        gc=False,
    )


_TAGS = _many("tag start end")
_MENTIONS = _many("id username start end")
_ENTITIES = _shape(
    "", "urls annotations", hashtags=_TAGS, cashtags=_TAGS, mentions=_MENTIONS
)  # fmt: skip
_TWEETS = _many(
    "id text author_id created_at conversation_id in_reply_to_user_id lang source "
    "possibly_sensitive reply_settings community_id card_uri",
    "geo context_annotations public_metrics withheld edit_controls note_tweet article",
    entities=_ENTITIES,
    attachments=_shape("", media_keys=list[str], poll_ids=list[str]),
    referenced_tweets=_many("type id"),
    edit_history_tweet_ids=list[str],
    display_text_range=list[int],
)
_USERS = _many(
    "id username name created_at description location url protected verified verified_type "
    "profile_image_url profile_banner_url pinned_tweet_id most_recent_tweet_id",
    "public_metrics withheld affiliation",
    entities=_shape("", url=_shape("", "urls"), description=_ENTITIES),
)
#: A usual page without unknown keys; anything else fails to decode and is searched.
_Known = _shape(
    "",
    "errors meta __twarc",
    data=_TWEETS,
    includes=_shape("", "media places polls", tweets=_TWEETS, users=_USERS),
)
_known = msgspec.json.Decoder(_Known).decode


def unknown_keys(data: bytes) -> set[str]:
    """Return the keys in a line that are neither read nor left out on purpose."""
    try:
        _known(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _searched.unknown(data)
    return set()
