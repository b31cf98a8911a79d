"""The tables of a corpus: columns, types and the one sentence that says what a row is.

Ids are text (``platform:id``, or as given where the input names no platform). Times are kept
twice: ``*_at`` is timestamp[us, UTC], ``*_ms`` the same instant in epoch milliseconds, because
integers are the only time that every engine and store compares alike. A row of any table but
``sources`` names its source (``source_id``: SHA-256 of the decompressed input) and the record.
"""

from __future__ import annotations

import pyarrow as pa

__all__ = ["SCHEMA_VERSION", "TABLES", "columns"]

SCHEMA_VERSION = 1

_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_TIME = pa.timestamp("us", tz="UTC")
_INT = pa.int64()
_FLOAT = pa.float64()
_BOOL = pa.bool_()

_ROW = [("source_id", _TEXT), ("record", _INT)]

#: One row an observation of a post; ``engine.views.posts`` collapses them to one row a post. Of
#: equal observations of a referenced post, or of an account, that follow each other in a source
#: the first stands for all.
_POSTS = [
    ("platform", _TEXT),
    ("post_id", _TEXT),  # of the first version, when edits are known
    ("version_id", _TEXT),  # the id this observation was seen under
    ("author_id", _TEXT),
    ("author_handle", _TEXT),
    ("created_at", _TIME),
    ("created_ms", _INT),
    ("created_precision", _TEXT),  # us ms s min day
    ("created_from", _TEXT),  # record snowflake indexed collector
    ("kind", _TEXT),  # original share quote reply service
    ("text", _TEXT),
    ("text_status", _TEXT),  # full truncated withheld removed absent
    ("lang", _TEXT),
    ("conversation_id", _TEXT),
    ("container_id", _TEXT),
    ("edit_ids", _TEXTS),
    ("source_app", _TEXT),
    ("url", _TEXT),
    ("sensitive", _BOOL),
    ("withheld", _TEXTS),
    ("availability", _TEXT),  # full stub deleted protected suspended withheld unknown
    ("seen_as", _TEXT),  # primary referenced context
    ("likes", _INT),
    ("shares", _INT),
    ("replies", _INT),
    ("quotes", _INT),
    ("views", _INT),
    ("bookmarks", _INT),
    ("retrieved_ms", _INT),  # of the first, or the latest, of equal observations
    *_ROW,
]
_INTERACTIONS = [
    ("platform", _TEXT),
    ("kind", _TEXT),  # share quote reply mention
    ("subtype", _TEXT),  # forward crosspost boost; null otherwise
    ("actor_id", _TEXT),
    ("post_id", _TEXT),  # the acting post; null where the input has none
    ("target_id", _TEXT),  # account acted upon; handle:<platform>:<name> when only that is known
    ("target_post_id", _TEXT),
    ("start", pa.int32()),  # offset of a mention in its text
    ("created_at", _TIME),
    ("created_ms", _INT),
    ("created_precision", _TEXT),
    ("origin", _TEXT),  # kinds.ORIGINS; "authored" for share, quote and reply
    ("resolved_by", _TEXT),  # kinds.RESOLVED_BY
    ("weight", _FLOAT),
    ("retracted_ms", _INT),
    *_ROW,
]
_ATTACHMENTS = [
    ("platform", _TEXT),
    ("post_id", _TEXT),
    ("author_id", _TEXT),
    ("created_at", _TIME),
    ("created_ms", _INT),
    ("kind", _TEXT),  # kinds.ATTACHMENTS
    ("value", _TEXT),  # normalised: NFKC-casefolded tag, canonical URL, registrable domain
    ("value_raw", _TEXT),  # as written; of a domain, the value of the link that it is of
    ("start", pa.int32()),
    ("end", pa.int32()),
    ("origin", _TEXT),
    ("seen_as", _TEXT),  # of the post that carries it
    *_ROW,
]
_ACCOUNTS = [
    ("platform", _TEXT),
    ("account_id", _TEXT),
    ("handle", _TEXT),
    ("name", _TEXT),
    ("created_at", _TIME),
    ("description", _TEXT),
    ("location", _TEXT),
    ("url", _TEXT),
    ("verified", _BOOL),
    ("verified_type", _TEXT),
    ("bot", _BOOL),
    ("protected", _BOOL),
    ("followers", _INT),
    ("following", _INT),
    ("posts", _INT),
    ("listed", _INT),
    ("state", _TEXT),  # active deleted protected suspended unknown
    ("seen_as", _TEXT),  # author included mentioned
    ("observed_ms", _INT),  # of the first, or the latest, of equal observations
    *_ROW,
]
_ALIASES = [
    ("platform", _TEXT),
    ("account_id", _TEXT),
    ("handle", _TEXT),  # casefolded
    ("first_seen_ms", _INT),
    ("last_seen_ms", _INT),  # every observation counts
    ("resolved_by", _TEXT),
    *_ROW,
]
_CONTAINERS = [
    ("platform", _TEXT),
    ("container_id", _TEXT),
    ("kind", _TEXT),
    ("name", _TEXT),
    ("parent_id", _TEXT),
    *_ROW,
]
_LABELS = [
    ("subject_type", _TEXT),
    ("subject", _TEXT),
    ("scheme", _TEXT),
    ("value", _TEXT),
    ("score", _FLOAT),
    ("valid_from", _TIME),
    ("valid_to", _TIME),
    ("licence", _TEXT),
    *_ROW,
]
_EVENTS = [
    ("platform", _TEXT),
    (
        "kind",
        _TEXT,
    ),  # delete protect suspend deactivate scrub_geo edit withhold unavailable control
    ("subject_type", _TEXT),  # post account record
    ("subject", _TEXT),
    ("at", _TIME),
    ("at_ms", _INT),
    ("reason", _TEXT),
    ("detail", _TEXT),
    *_ROW,
]
_REJECTS = [
    ("path", _TEXT),
    ("line", _INT),  # 1-based line (or row) of the file
    ("byte_offset", _INT),  # of the record in the decompressed file
    ("byte_length", _INT),
    ("reason", _TEXT),
    ("keys_seen", _TEXTS),
    ("sha1", _TEXT),
    *_ROW,
]
_SOURCES = [
    ("source_id", _TEXT),
    ("path", _TEXT),
    ("bytes", _INT),
    ("format", _TEXT),
    ("format_version", _TEXT),
    ("detected_by", _TEXT),
    ("loaded_at", _TIME),  # the one column that the corpus' own hash leaves out
    ("loader_version", _TEXT),
    ("options_json", _TEXT),
    ("privacy", _TEXT),
    ("records_read", _INT),
    ("records_ok", _INT),
    ("records_rejected", _INT),
    ("records_duplicate", _INT),
    ("unknown_keys_json", _TEXT),
    ("refused_json", _TEXT),
]

TABLES: dict[str, pa.Schema] = {
    "sources": pa.schema(_SOURCES),
    "posts": pa.schema(_POSTS),
    "interactions": pa.schema(_INTERACTIONS),
    "attachments": pa.schema(_ATTACHMENTS),
    "accounts": pa.schema(_ACCOUNTS),
    "aliases": pa.schema(_ALIASES),
    "containers": pa.schema(_CONTAINERS),
    "labels": pa.schema(_LABELS),
    "events": pa.schema(_EVENTS),
    "rejects": pa.schema(_REJECTS),
}


def columns(table: str) -> list[str]:
    """Return the column names of `table` in schema order."""
    return list(TABLES[table].names)
