"""Zeeschuimer NDJSON of X: posts as the pages of X get them, captured in a browser.

A line is an envelope around one post; posts that 4CAT has unpacked of it are read as well. A record
is one line. Posts become posts of API v1.1, whose fields they hold, and those become posts of API
v2, so the rules of that format hold. A post that cannot be seen (a ``tombstone``) is an event; a
retweet of one is a share of an unknown post, by the account that its head names.

What the format cannot tell: why a page showed a post, so which posts are missing; who wrote a
quoted post that cannot be seen, unless the link to it says so. Only X is read: data of
Zeeschuimer's other platforms are rejected with the name of the platform.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.loaders.base import Loader
from workbench.loaders.drift import Known, known_keys
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.recorder import Recorder
from workbench.loaders.twitter_v1 import KNOWN as KNOWN_V1
from workbench.loaders.twitter_v1_records import exact
from workbench.loaders.twitter_v1_tweets import Gaps, iso_of_ms, page_of_status
from workbench.loaders.twitter_v2_rows import PLATFORM, Rows
from workbench.loaders.twitter_v2_time import milliseconds
from workbench.loaders.zeeschuimer_x_records import (
    STRUCTS,
    Aside,
    Envelope,
    Result,
    given,
    status_of,
)

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.twitter_v2_page import Page

__all__ = ["LOADER", "read", "sniff"]

_envelope, _result = decoder(Envelope), decoder(Result)
_PLATFORMS = {"twitter.com", "x.com"}
_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)
_BESIDE = known_keys(
    STRUCTS,
    "nav_index source_platform_url source_url user_agent last_updated promoted __typename id type "
    "is_translatable is_blue_verified has_graduated_access has_custom_timelines has_nft_avatar "
    "has_birdwatch_notes profile_image_shape profile_description_language pinned_tweet_ids_str "
    "want_retweets bookmarked conversation_id limited_actions grok_analysis_button is_expandable "
    "parody_commentary_fan_label editable_until_msecs is_edit_eligible edits_remaining timestamps",
    "affiliates_highlighted_label allow_download_status article avatar birdwatch_pivot card "
    "community community_results conversation_control dm_permissions "
    "ext_media_availability features grok_annotations grok_share_attachment highlights_info "
    "inline_media limitedActionResults media_permissions media_results original_info "
    "previous_counts professional profile_bio quick_promote_eligibility quotedRefResult "
    "relationship_perspectives richtext tipjar_settings tombstone unmention_data verification",
)
_KNOWN = Known(KNOWN_V1.keys | _BESIDE.keys, KNOWN_V1.opaque | _BESIDE.opaque)


def sniff(head: Head) -> float:
    """Return how surely the head is of this format."""
    for content in first_objects(head, 5):
        platform = content.get("source_platform")
        if isinstance(platform, str) and content.keys() & {"nav_index", "item_id"}:
            return 0.97 if platform in _PLATFORMS else 0.6
        if "rest_id" in content and isinstance(content.get("legacy"), dict):
            return 0.9
    return 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a source into a sink."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        records = JsonRecords(source, recorder, known=_KNOWN)
        reader = _Reader(records, recorder)
        records.each(reader.visit)
        reader.end()


class _Reader:
    """Reads one envelope after the other."""

    def __init__(self, records: JsonRecords, recorder: Recorder) -> None:
        self._records = records
        self._recorder = recorder
        self._sink = recorder.sink
        self._rows = Rows(recorder.sink)
        self._gaps = Gaps()
        self._unseen = 0

    def visit(self, piece: Piece) -> None:
        """Read a post, or note that it cannot be seen."""
        made = self._records.made(piece, self._page, piece.data)
        if isinstance(made, str):
            self._records.record(piece, self._tombstone, made)
        elif made is not None:
            page, handles = made
            self._rows.page(page)
            for key, handle in handles:
                at = milliseconds(page.retrieved_at)
                self._rows.alias(self._recorder.id(key), handle, how="url", at=at)

    def end(self) -> None:
        """Write what waits, and say what the records leave unsaid."""
        self._rows.flush_aliases(self._sink.read)
        self._gaps.tell(self._sink)
        if self._unseen:
            self._sink.note(
                f"records of posts that could not be seen: {self._unseen}; they are events"
            )

    def _page(self, data: bytes) -> tuple[Page, list[tuple[str, str]]] | str:
        """Return the page of a post and handles of accounts; its id if it cannot be seen.

        Raises
        ------
        ValueError
            It is no post of X.
        """
        envelope = _envelope(data)
        _check(envelope)
        result = _result(envelope.data if given(envelope.data) else data)
        aside = Aside()
        status = status_of(result, aside)
        if status is None:
            if not result.is_unavailable:
                raise ValueError("no post")
            key = exact(None, result.rest_id) or exact(None, envelope.item_id) or ""
            return key if key.isascii() and key.isdigit() else ""
        around = envelope if envelope.unpacked is None else envelope.unpacked
        stated = around.timestamp_collected
        retrieved = None if stated is None else iso_of_ms(str(stated).removesuffix(".0"))
        page = page_of_status(status, self._gaps, retrieved_at=retrieved)
        page.failures = aside.failures
        return page, aside.handles

    def _tombstone(self, key: str) -> None:
        self._unseen += 1
        subject = self._recorder.id(key) if key else None
        self._recorder.event("unavailable", "post", subject, reason="tombstone")


def _check(envelope: Envelope) -> None:
    """Raise ValueError if the envelope is not one around a post of X."""
    platform = envelope.source_platform
    if envelope.unpacked is not None:
        platform = platform or envelope.unpacked.source_platform
    if platform is not None and platform not in _PLATFORMS:
        name = platform if _NAME.fullmatch(platform) else "another platform"
        raise ValueError(f"Zeeschuimer data of {name}: of its platforms only X is read here")
    if not given(envelope.data) and not given(envelope.legacy):
        raise ValueError("no post")


LOADER = Loader(
    name="zeeschuimer_x",
    description="Zeeschuimer NDJSON of X (twitter.com, x.com), also as unpacked by 4CAT",
    sniff=sniff,
    read=read,
)
