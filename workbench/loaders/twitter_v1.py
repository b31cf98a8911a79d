"""Twitter API v1.1 JSON: posts of streams, searches and lookups, users, control lines.

Shapes: one object a line, an array, a document; posts in their three forms (``text`` alone;
``full_text`` of ``tweet_mode=extended``; ``extended_tweet`` of streams); pages (``statuses``,
``users``). A record is one post, one user that stands alone, one control line, or one piece that
cannot be read. Posts become posts of API v2 (twitter_v1_tweets), so all rules of that format hold:
who is meant, where a mention comes from, whose tags a retweet carries.

What the format cannot tell: the post answered where only ``in_reply_to_user_id`` stands (no reply
then, but a mention), the text behind the cut of a ``truncated`` post without ``extended_tweet``,
and, but for streams, when a post was collected. A text that begins with "RT @" is a retweet only if
the platform says so (``retweeted_status``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbench.loaders.base import Loader
from workbench.loaders.drift import known_keys
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.recorder import Recorder
from workbench.loaders.twitter_v1_events import CONTROLS, control
from workbench.loaders.twitter_v1_records import STRUCTS, Line, Person, Status
from workbench.loaders.twitter_v1_tweets import Gaps, iso_of_ms, page_of_person, page_of_status
from workbench.loaders.twitter_v2_rows import PLATFORM, Rows

if TYPE_CHECKING:
    import msgspec

    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.twitter_v2_page import Page
    from workbench.loaders.twitter_v2_records import User

__all__ = ["KNOWN", "LOADER", "read", "sniff"]

_line, _status, _person = decoder(Line), decoder(Status), decoder(Person)
_untyped = decoder(dict[str, Any])
#: Beginning of a page or post that is longer than what is looked at.
_MARKS = re.compile(
    rb'"(?:favourites_count|retweeted_status|in_reply_to_status_id_str|user_mentions)"\s*:'
)
#: Of other formats with the same fields somewhere inside.
_OTHERS = re.compile(rb'"(?:rest_id|source_platform|__typename|edit_history_tweet_ids)"\s*:')
KNOWN = known_keys(
    STRUCTS,
    "timestamp_ms collection_source contained_within display_url favorited retweeted filter_level "
    "follow_request_sent following notifications muting blocking blocked_by geo_enabled lang "
    "favourites_count fast_followers_count normal_followers_count media_count profile_text_color "
    "profile_image_url profile_image_url_https profile_banner_url profile_link_color "
    "profile_background_color profile_background_image_url profile_background_image_url_https "
    "profile_background_tile profile_use_background_image profile_sidebar_border_color "
    "profile_sidebar_fill_color profile_location default_profile default_profile_image "
    "contributors_enabled is_translator is_translation_enabled has_extended_profile utc_offset "
    "time_zone translator_type translator_type_enum profile_interstitial_type polls title "
    "in_reply_to_screen_name possibly_sensitive_appealable possibly_sensitive_editable "
    "withheld_in_countries withheld_scope sizes source_status_id source_status_id_str "
    "source_user_id source_user_id_str ext_alt_text ext_media_color ext_media_availability "
    "profile_banner_extensions_alt_text profile_image_extensions_alt_text display editable "
    "current_user_retweet supplemental_language require_some_consent live_following "
    "advertiser_account_type business_profile_state can_dm can_media_tag needs_phone_verification "
    "suspended state trends next_cursor next_cursor_str previous_cursor previous_cursor_str "
    "total_count",
    "coordinates geo place contributors metadata search_metadata scopes video_info "
    "additional_media_info sizes ext card edit_controls enrichments derived self_thread "
    f"profile_interstitial matching_rules {' '.join(CONTROLS)}",
)  # fmt: skip


def sniff(head: Head) -> float:
    """Return how surely the head is of this format."""
    found = first_objects(head)
    if found:
        return max(map(_likeness, found))
    whole = head.data.lstrip()[:1] in {b"{", b"["} and not _OTHERS.search(head.data)
    return 0.9 if whole and _MARKS.search(head.data) and b'"screen_name"' in head.data else 0.0


def _likeness(content: dict[str, Any]) -> float:
    """Return how surely an object is one of this format."""
    if "__typename" in content or "rest_id" in content:
        return 0.0
    for page in ("statuses", "users"):
        items = content.get(page)
        if isinstance(items, list):
            first = items[0] if items else None
            if isinstance(first, dict):
                return _likeness(first)
            return 0.9 if "search_metadata" in content or "next_cursor" in content else 0.0
    named = bool(content.keys() & {"id", "id_str"})
    user = content.get("user")
    if named and isinstance(user, dict) and content.keys() & {"text", "full_text"}:
        return 0.95 if user.keys() & {"screen_name", "id_str"} else 0.0  # or trimmed to its id
    if (
        named
        and "screen_name" in content
        and content.keys() & {"followers_count", "statuses_count"}
    ):
        return 0.95
    alone = len(content) <= 2 and isinstance(next(iter(content.values()), None), dict)
    return 0.9 if alone and next(iter(content)) in CONTROLS else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a source into a sink."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        records = JsonRecords(source, recorder, known=KNOWN, pages=[("statuses",), ("users",)])
        reader = _Reader(records, recorder)
        records.each(reader.visit)
        reader.end()


class _Reader:
    """Reads one object after the other."""

    def __init__(self, records: JsonRecords, recorder: Recorder) -> None:
        self._records = records
        self._recorder = recorder
        self._sink = recorder.sink
        self._rows = Rows(recorder.sink)
        self._gaps = Gaps()
        self._left_out = 0

    def visit(self, piece: Piece) -> None:
        """Read an object: a post, a page, a user or a control line."""
        line = _line(piece.data)
        if line.is_private:
            raise ValueError("private: a direct message")
        if line.is_of_v2:
            raise ValueError("a post of API v2 among posts of API v1.1")
        if line.user is not None or line.text is not None or line.full_text is not None:
            self._write(self._records.made(piece, self._page, line))
        elif line.screen_name is not None:
            self._write_user(self._records.made(piece, _user, piece.data))
        elif line.statuses is not None or line.users is not None:
            self._items(piece, line)
        else:
            self._records.record(piece, self._control, piece.data)

    def end(self) -> None:
        """Write what waits, and say what the records leave unsaid."""
        self._rows.flush_aliases(self._sink.read)
        self._gaps.tell(self._sink)
        if self._left_out:
            self._sink.note(
                f"posts that the stream left out, as its limit messages say: {self._left_out} or "
                "more"
            )

    def _items(self, piece: Piece, line: Line) -> None:
        """Read a page item by item; one that cannot be read loses only itself."""
        for item in line.statuses or ():
            self._write(self._records.made(piece, self._item, item))
        for item in line.users or ():
            self._write_user(self._records.made(piece, _user, item))
        if not line.statuses and not line.users:
            self._records.record(piece, self._empty, None)

    def _item(self, data: msgspec.Raw) -> Page:
        return self._page(_status(data))

    def _page(self, status: Status) -> Page:
        # A stream delivers a post when it is made; then its user was what the record says.
        return page_of_status(status, self._gaps, retrieved_at=iso_of_ms(status.timestamp_ms))

    def _write(self, page: Page | None) -> None:
        if page is not None:
            self._rows.page(page)

    def _write_user(self, found: tuple[User, Page] | None) -> None:
        if found is not None:
            user, page = found
            self._rows.account(user, "included", record=self._sink.record(), retrieved=None)
            self._rows.page(page)

    def _empty(self, _: None) -> None:
        self._recorder.event("control", "record", None, reason="a page without posts")

    def _control(self, data: bytes) -> None:
        # Streams count what they left out from the beginning of a connection.
        self._left_out = max(self._left_out, control(_untyped(data), self._recorder))


def _user(data: bytes | msgspec.Raw) -> tuple[User, Page]:
    return page_of_person(_person(data))


LOADER = Loader(
    name="twitter_v1",
    description="Twitter API v1.1 JSON: tweets of streams, searches and lookups, users",
    sniff=sniff,
    read=read,
)
