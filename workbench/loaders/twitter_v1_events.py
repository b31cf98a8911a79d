"""Control lines of the v1.1 streams, as events: deletions, withholdings, limits, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.twitter_v1_records import exact

if TYPE_CHECKING:
    from workbench.loaders.recorder import Recorder

__all__ = ["CONTROLS", "control"]

#: Key of a control line → kind of the event, and what it is about.
_SUBJECTS = {
    "delete": ("delete", "post"), "scrub_geo": ("scrub_geo", "account"),
    "status_withheld": ("withhold", "post"), "user_withheld": ("withhold", "account"),
    "drop": ("delete", "post"), "undrop": ("undrop", "post"),
    "user_delete": ("delete", "account"), "user_undelete": ("undelete", "account"),
    "user_protect": ("protect", "account"), "user_unprotect": ("unprotect", "account"),
    "user_suspend": ("suspend", "account"), "user_unsuspend": ("unsuspend", "account"),
}  # fmt: skip
#: Lines about the stream itself.
_SERVICE = ("limit", "warning", "disconnect", "friends", "friends_str", "control", "errors")
#: Of a time in milliseconds before the year 5138.
_DIGITS = 14
#: All keys that make a line a control line.
CONTROLS = (*_SUBJECTS, *_SERVICE)


def control(line: dict[str, Any], recorder: Recorder) -> int:
    """Add the event that a control line tells; return how many posts the stream left out.

    Raises
    ------
    ValueError
        It is no control line, it names nothing, or it is a private message.
    """
    if "direct_message" in line:
        raise ValueError("private: a direct message")
    for name, (kind, about) in _SUBJECTS.items():
        if isinstance(line.get(name), dict):
            _subject(line, name, recorder, kind=kind, about=about)
            return 0
    for name in _SERVICE:
        if line.get(name) is not None:
            return _service(line[name], name, recorder)
    raise ValueError("no post, user, page or control line")


def _subject(line: dict[str, Any], name: str, recorder: Recorder, *, kind: str, about: str) -> None:
    """Add what became of a post or an account."""
    body = line[name]
    if "direct_message" in body:
        raise ValueError("private: a direct message")
    if isinstance(body.get("status"), dict):
        body = {**body, **body["status"]}
    field = "user_id" if name == "scrub_geo" else "id"
    subject = _id(body, field)
    if subject is None:
        raise ValueError("no id")
    detail = None
    if kind == "withhold":
        countries = body.get("withheld_in_countries")
        detail = ",".join(map(str, countries)) if isinstance(countries, list) else None
    elif name == "scrub_geo":
        last = _id(body, "up_to_status_id")
        detail = None if last is None else recorder.id(last)
    at = _at(line.get("timestamp_ms", body.get("timestamp_ms")))
    recorder.event(kind, about, recorder.id(subject), at=at, reason=name, detail=detail)


def _service(body: Any, name: str, recorder: Recorder) -> int:
    """Add what a stream says about itself, by its code: never its words, which may hold names."""
    body = body[0] if isinstance(body, list) and body else body
    fields = body if isinstance(body, dict) else {}
    code = fields.get("track" if name == "limit" else "code")
    known = isinstance(code, str | int) and not isinstance(code, bool)
    recorder.event(
        "control", "record", None, at=_at(fields.get("timestamp_ms")), reason=name,
        detail=str(code) if known else None,
    )  # fmt: skip
    return code if name == "limit" and isinstance(code, int) and known else 0


def _id(body: dict[str, Any], field: str) -> str | None:
    """Return an id that stands twice, as number and as text."""
    text, number = body.get(f"{field}_str"), body.get(field)
    whole = isinstance(number, str | int) and not isinstance(number, bool)
    return exact(text if isinstance(text, str) else None, number if whole else None)


def _at(milliseconds: object) -> Moment:
    """Return the time of an event; unknown if it is none."""
    text = str(milliseconds)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return UNKNOWN
    return Moment(int(text) * 1000, int(text), "ms", "record")
