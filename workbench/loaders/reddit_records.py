"""The parts of Reddit submissions and comments that are read."""

from __future__ import annotations

import msgspec

from workbench.loaders.drift import known_keys

__all__ = ["KNOWN", "Meta", "Page", "Thing"]

Id = str | int
Number = int | float | str


class Meta(msgspec.Struct, gc=False):
    """What Arctic Shift found when it looked at a post again after 36 hours."""

    was_deleted_later: bool | None = None
    removal_type: str | None = None
    retrieved_2nd_on: Number | None = None


class Thing(msgspec.Struct):
    """A submission (``t3_``) or a comment (``t1_``)."""

    id: Id | None = None
    name: str | None = None
    author: str | None = None
    author_fullname: str | None = None
    subreddit: str | None = None
    subreddit_type: str | None = None
    created_utc: Number | None = None
    retrieved_on: Number | None = None
    retrieved_utc: Number | None = None
    title: str | None = None
    selftext: str | None = None
    body: str | None = None
    url: str | None = None
    domain: str | None = None
    permalink: str | None = None
    is_self: bool | None = None
    link_id: Id | None = None
    parent_id: Id | None = None
    score: Number | None = None
    score_hidden: bool | None = None
    hide_score: bool | None = None
    num_comments: Number | None = None
    num_crossposts: Number | None = None
    over_18: bool | None = None
    edited: bool | Number | None = None
    removed_by_category: str | None = None
    crosspost_parent: str | None = None
    crosspost_parent_list: list[Thing] | None = None
    meta: Meta | None = msgspec.field(default=None, name="_meta")


class Page(msgspec.Struct, gc=False):
    """An answer of an archive: posts in ``data``."""

    data: list[msgspec.Raw] | None = None


#: Left out: flair, awards, moderation, previews, what the page looked like.
_LEFT_OUT = """
    subreddit_id subreddit_name_prefixed subreddit_subscribers created author_id author_created_utc
    author_cakeday author_flair_background_color author_flair_css_class author_flair_richtext
    author_flair_template_id author_flair_text author_flair_text_color author_flair_type
    author_is_blocked author_patreon_flair author_premium
    is_edited note was_initially_deleted corrupted_body
    all_awardings allow_live_comments approved approved_at_utc approved_by archived
    associated_award awarders banned_at_utc banned_by ban_note body_html brand_safe can_gild
    can_mod_post category clicked collapsed collapsed_because_crowd_control collapsed_reason
    collapsed_reason_code comment_type content_categories contest_mode controversiality
    discussion_type distinguished downs editable from from_id from_kind gilded gildings hidden
    ignore_reports is_crosspostable is_created_from_ads_ui is_gallery is_meta is_original_content
    is_reddit_media_domain is_robot_indexable is_submitter is_video likes locked media_only mod_note
    mod_reason_by mod_reason_title mod_reports no_follow num_reports parent_whitelist_status
    permalink_url pinned post_categories post_hint previous_visits promo_layout promoted pwls
    quarantine quarantined removal_reason removed removed_by replies report_reasons rte_mode saved
    selftext_html send_replies spam spoiler steward_reports stickied suggested_sort thumbnail
    thumbnail_height thumbnail_width top_awarded_type total_awards_received treatment_tags
    unrepliable_reason ups upvote_ratio url_overridden_by_dest user_reports view_count visited
    whitelist_status wls link_flair_background_color link_flair_css_class link_flair_richtext
    link_flair_template_id link_flair_text link_flair_text_color link_flair_type updated_on
    updated_utc utc_datetime_str retrieved_at approved_by_name nest_level
"""
_OPAQUE = """
    media media_embed media_metadata secure_media secure_media_embed preview gallery_data
    collections sr_detail poll_data tournament_data
    expression_asset_data rtjson ad_promoted_user_posts all_awardings gildings
    author_flair_richtext link_flair_richtext associated_award mod_reports user_reports
"""
#: The keys of submissions and comments.
KNOWN = known_keys([Thing, Meta, Page], _LEFT_OUT, _OPAQUE)
