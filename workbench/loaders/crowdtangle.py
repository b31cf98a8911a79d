"""CrowdTangle's CSV of posts: Facebook pages and groups, Instagram accounts.

A record is a row. A table with ``Facebook Id`` is of Facebook, one with ``Account`` of Instagram.
The author is the page or account; of a group's post it is the group, for who wrote it is not in
the table. A post is named by its page and the end of its ``URL``, on Instagram by its short code;
a row without is named by its place.

``Post Created`` has the zone of the dashboard as an abbreviation. One that stands for several
zones, or is not known here, leaves the time unknown. The shared link is ``Final Link``, else
``Link``; a link to the post itself is none. Links within a message are not read: the first is
the shared one. Hashtags are read from the message. Numbers have commas: ``1,234``.

What it cannot say: who shared, quoted, answered or mentioned whom. These graphs are refused.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from workbench.loaders.base import Loader
from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.recorder import AccountFacts, PostFacts, Recorder
from workbench.loaders.table_records import (
    TableRecords,
    count_in,
    has_columns,
    id_in,
    text_in,
)
from workbench.loaders.written import TAG_IN_PROSE

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.table_records import Cells

__all__ = ["LOADER", "read", "sniff"]

_KNOWN = {
    *("Page Name", "Group Name", "Account", "User Name", "Facebook Id", "Page Category"),
    *("Page Admin Top Country", "Page Description", "Page Created", "Likes at Posting"),
    *("Followers at Posting", "Post Created", "Post Created Date", "Post Created Time", "Type"),
    *("Total Interactions", "Likes", "Comments", "Shares", "Love", "Wow", "Haha", "Sad", "Angry"),
    *("Care", "Video Share Status", "Is Video Owner?", "Post Views", "Total Views", "Views"),
    *("Total Views For All Crossposts", "Video Length", "URL", "Message", "Link", "Final Link"),
    *("Image Text", "Link Text", "Description", "Sponsor Id", "Sponsor Name", "Sponsor Category"),
    *("Photo", "Title", "Size", "Overperforming Score"),
}
_FACEBOOK_BY = {"Facebook Id", "Post Created", "Message", "Final Link"}
_INSTAGRAM_BY = {"Account", "User Name", "Post Created", "URL", "Photo", "Description"}
#: Hours from UTC that abbreviations stand for; those of several zones (CST, IST, BST) are left out.
_ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "BRT": -3, "ART": -3, "JST": 9, "KST": 9, "SAST": 2, "WAT": 1, "EAT": 3, "NZST": 12,
    "NZDT": 13, "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8,
}  # fmt: skip
_CREATED = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\s+(\S+))?")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?")
_STORY = re.compile(r"[?&](?:story_fbid|fbid|v)=(\w+)")

_GROUPS = "the author of a group's post is the group: who wrote it is not in the file"
_ZONELESS = "times whose zone is missing, or is an abbreviation of several zones, are left out"
_NO_ACTS = "this file names no account that a post shares, quotes, answers or mentions"


def sniff(head: Head) -> float:
    """Return how surely the head is that of a table of CrowdTangle."""
    if has_columns(head, _FACEBOOK_BY):
        return 0.96
    return 0.93 if has_columns(head, _INSTAGRAM_BY) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read the posts of a table."""
    del options
    instagram = not has_columns(source.head(), {"Facebook Id"})
    with Recorder(sink, "instagram" if instagram else "facebook") as recorder:
        rows = TableRecords(source, recorder, known=_KNOWN)
        rows.each(_CrowdTangle(recorder, source.source_id[:12]).take)
    for name in list(sink.unknown_keys):
        if name.startswith("Overperforming"):  # the rest of its name says how it was weighted
            del sink.unknown_keys[name]
    for graph in ("retweet", "quote", "reply", "mention", "co_share"):
        sink.refuse(graph, _NO_ACTS)


class _CrowdTangle:
    """Makes records of rows."""

    def __init__(self, recorder: Recorder, source: str) -> None:
        self._recorder = recorder
        self._source = source
        self._instagram = recorder.platform == "instagram"

    def take(self, cells: Cells) -> None:
        """Add the post of a row, its author, its link and its tags."""
        recorder = self._recorder
        at = self._time(text_in(cells, "Post Created"))
        author = self._author(cells, at)
        if author is None:
            raise ValueError("no author")
        url = text_in(cells, "URL")
        text = text_in(cells, "Description" if self._instagram else "Message")
        recorder.account(author)
        carrier = recorder.post(
            PostFacts(
                post_id=self._post_id(cells, url),
                author_id=author.account_id,
                author_handle=author.handle,
                at=at,
                text=text,
                url=url,
                likes=count_in(cells, "Likes"),
                shares=count_in(cells, "Shares"),
                replies=count_in(cells, "Comments"),
                views=count_in(cells, "Views" if self._instagram else "Post Views"),
            )
        )
        for found in TAG_IN_PROSE.finditer(text or ""):
            recorder.tag(carrier, found[1], start=found.start(), end=found.end())
        link = text_in(cells, "Final Link") or text_in(cells, "Link")
        if link is not None and not _is_own(link, url, cells):
            recorder.link(carrier, link)

    def _author(self, cells: Cells, at: Moment) -> AccountFacts | None:
        """Return what a row says about the page, group or account that posted."""
        recorder = self._recorder
        handle, account_id = text_in(cells, "User Name"), id_in(cells, "Facebook Id")
        if account_id is None and handle is None:
            return None
        if "Group Name" in cells:
            recorder.sink.note(_GROUPS)
        names = ("Page Name", "Group Name", "Account")
        return AccountFacts(
            account_id=recorder.id(account_id) if account_id else recorder.handle(handle or ""),
            handle=handle,
            name=next((found for name in names if (found := text_in(cells, name))), None),
            description=text_in(cells, "Page Description"),
            followers=count_in(cells, "Followers at Posting"),
            observed_ms=at.ms,
        )

    def _post_id(self, cells: Cells, url: str | None) -> str:
        """Return the id of a post: of Facebook, page and post, as its own API writes it."""
        recorder = self._recorder
        end = _end_of(url) if url is not None else None
        if end is None:
            return f"row:{self._source}:{recorder.sink.read + 1}"
        page = id_in(cells, "Facebook Id")
        named = page is None or end.startswith(f"{page}_")
        return recorder.id(end if named else f"{page}_{end}")

    def _time(self, text: str | None) -> Moment:
        """Return the time in UTC; one whose zone is not certain is unknown."""
        if text is None:
            return UNKNOWN
        found = _CREATED.fullmatch(text)
        if found is None:
            raise ValueError("the time is not as CrowdTangle writes it")
        hours = _hours(found[2])
        if hours is None:
            self._recorder.sink.note(_ZONELESS)
            return UNKNOWN
        return moment_of(found[1], zone=timezone(timedelta(hours=hours)))


def _hours(zone: str | None) -> float | None:
    """Return how many hours a zone is from UTC; None if that is not certain."""
    offset = _OFFSET.fullmatch(zone or "")
    if offset is None:
        return _ZONES.get((zone or "").upper())
    hours = int(offset[2]) + int(offset[3] or 0) / 60
    if hours >= 24:
        return None
    return -hours if offset[1] == "-" else hours


def _end_of(url: str) -> str | None:
    """Return what names the post in its address."""
    story = _STORY.search(url)
    if story is not None:
        return story[1]
    parts = [part for part in url.partition("?")[0].split("/")[3:] if part]
    return parts[-1] if len(parts) > 1 else None


def _is_own(link: str, url: str | None, cells: Cells) -> bool:
    """Return whether a link leads to the post itself: its own picture, video or text."""
    if link == url:
        return True
    parts = link.partition("?")[0].casefold().split("/")[2:]
    if not parts or not parts[0].endswith(("facebook.com", "instagram.com")):
        return False
    names = {text_in(cells, name) for name in ("User Name", "Facebook Id")}
    return bool({name.casefold() for name in names if name} & set(parts[1:]))


LOADER = Loader(
    name="crowdtangle",
    description="CrowdTangle's posts of Facebook pages and groups, or Instagram: CSV",
    sniff=sniff,
    read=read,
)
