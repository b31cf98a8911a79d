"""Forgetting in a study: its corpus and its stores lose an account; what became stale is listed."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.compute as pc

from workbench.errors import InputError, NotFoundError
from workbench.model.corpus import Corpus
from workbench.model.parts import corpus_lock
from workbench.model.revision import reader, rehearse, revise
from workbench.privacy.erasure import Subjects, erasure, widened
from workbench.privacy.tombstones import Tombstones, read_tombstones, write_tombstones
from workbench.studies.naming import named_account
from workbench.studies.study import forgotten_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from workbench.model.revision import Read
    from workbench.store.bolt import Ask
    from workbench.store.protocol import GraphStore
    from workbench.studies.study import Study

__all__ = ["Erased", "carry_over", "comply", "forget"]

#: Events after which a platform wants posts, or all that an account posted, to be gone.
_POST_EVENTS = {"delete"}
_ACCOUNT_EVENTS = {"delete", "protect", "suspend", "deactivate", "takedown"}
#: Events that take such an event back when they came later.
_TAKEN_BACK = {
    "undrop": {"delete"}, "undelete": {"delete"}, "unprotect": {"protect"},
    "unsuspend": {"suspend"}, "activate": {"deactivate", "suspend", "takedown"},
}  # fmt: skip
#: Folders of a study whose files were computed from the corpus.
_RESULTS = ("results", "report")


@dataclass(frozen=True)
class Erased:
    """What was forgotten, or would be.

    Attributes
    ----------
    accounts, posts
        How many the corpus had of those to be forgotten.
    removed, changed
        Table → rows.
    stores
        One entry a store: ``uri``, ``accounts`` and ``posts`` removed, ``pushed`` (whether it was
        made to hold the corpus as it is now, which is done where it held it as it was before),
        ``also_in`` (other studies of a server that lose it too; a push of theirs brings it back).
    stale_files, stale_runs
        Files of the study, and results in stores, computed from what is no longer there.
    events
        Of ``comply``: kind of event → how many lines.
    dry_run
        Whether nothing was done.
    """

    accounts: int
    posts: int
    removed: dict[str, int]
    changed: dict[str, int]
    stores: list[dict[str, Any]] = field(default_factory=list)
    stale_files: list[str] = field(default_factory=list)
    stale_runs: list[dict[str, Any]] = field(default_factory=list)
    events: dict[str, int] = field(default_factory=dict)
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench privacy forget`` and ``comply``."""
        return {
            "ok": True,
            "dry_run": self.dry_run,
            "accounts": self.accounts,
            "posts": self.posts,
            "removed": self.removed,
            "changed": self.changed,
            "rows": [
                {"table": t, "removed": self.removed.get(t, 0), "changed": self.changed.get(t, 0)}
                for t in sorted({*self.removed, *self.changed})
            ],
            "stores": self.stores,
            "stale": {"files": self.stale_files, "runs": self.stale_runs},
            "events": self.events,
        }


def forget(
    study: Study,
    account: str,
    *,
    stores: Sequence[str] = (),
    dry_run: bool = False,
    secret: Ask | None = None,
) -> Erased:
    """Take an account out of a study, and keep later loads from bringing it back.

    Parameters
    ----------
    account
        Its id, with or without the platform, or its handle; in a pseudonymous study the original
        or the pseudonym. A whole id that the study does not have is remembered all the same.
    stores
        URIs of stores beside the study's own folder.
    dry_run
        Whether to count only.
    secret
        Asks for the password of a server, as in ``workbench.store.connect``.

    Raises
    ------
    NotFoundError
        No account of the study is called so, and it is no whole id.
    UsageError
        Several accounts are called so.
    """
    subjects = named_account(study, account)
    return _erase(study, subjects, reason="forget", stores=stores, dry_run=dry_run, secret=secret)


def comply(
    study: Study,
    events: Corpus,
    *,
    stores: Sequence[str] = (),
    dry_run: bool = False,
    secret: Ask | None = None,
) -> Erased:
    """Apply what a platform says is gone: posts deleted, accounts deleted, suspended, protected.

    Parameters
    ----------
    events
        The loaded compliance lines, raw: of the table ``events`` those that mean an erasure count,
        unless a later one takes it back. Removed coordinates need nothing: the corpus has none.

    Raises
    ------
    InputError
        There is no such event.
    """
    subjects, counts = _gone(events)
    if not counts:
        raise InputError(
            "no line says that a post or an account is gone",
            allowed="delete, protect, suspend, deactivate, takedown",
            remedy="see what is in it: workbench inspect FILE",
        )
    subjects = _stored(study, subjects)
    done = _erase(study, subjects, reason="comply", stores=stores, dry_run=dry_run, secret=secret)
    return Erased(**{**done.__dict__, "events": counts})


def carry_over(corpora: Iterable[Path], into: Path) -> None:
    """Give a corpus what was forgotten in others, and take it out of what it holds.

    Hold the lock of the corpus.
    """
    groups = read_tombstones(into)
    for folder in corpora:
        for name, group in read_tombstones(folder).items():
            kept = groups.setdefault(name, Tombstones(name, group.check))
            for kind, marks in group.marks.items():
                kept.marks[kind] = marks | kept.marks[kind]
    if not groups:
        return
    write_tombstones(into, groups)
    plan = forgotten_in(into)
    if plan is not None:
        corpus = Corpus.open(into)
        revise(corpus, plan(reader(corpus)))


def _erase(
    study: Study,
    subjects: Subjects,
    *,
    reason: str,
    stores: Sequence[str],
    dry_run: bool,
    secret: Ask | None,
) -> Erased:
    folder = study.corpus_folder
    with ExitStack() as stack:
        stack.enter_context(corpus_lock(folder))
        corpus = study.corpus()
        # A store that cannot be opened is no reason to forget by halves.
        opened = [stack.enter_context(_opened(study, uri, secret)) for uri in _uris(study, stores)]
        before = [_state(store, corpus) for store in opened]
        read = reader(corpus)
        whole = widened(read, subjects)
        accounts, posts = _present(read, whole)
        changes = erasure(whole)
        others = [_others(store, whole.accounts, study.id) for store in opened]
        if dry_run:
            done = rehearse(corpus, changes)
            entries = [_entry(store, pushed=False) for store in opened]
        else:
            _remember(study, whole, reason)
            corpus, done = revise(corpus, changes)
            entries = [
                _in_store(store, whole.accounts, corpus if state.current else None)
                for store, state in zip(opened, before, strict=True)
            ]
        entries = [entry | {"also_in": names} for entry, names in zip(entries, others, strict=True)]
    touched = bool(done.total()) or any(entry["accounts"] for entry in entries)
    return Erased(
        accounts=accounts,
        posts=posts,
        removed=done.of("removed"),
        changed=done.of("changed"),
        stores=entries,
        stale_files=_files(study) if touched else [],
        stale_runs=[run for state in before for run in state.runs] if touched else [],
        dry_run=dry_run,
    )


def _remember(study: Study, subjects: Subjects, reason: str) -> None:
    """Write the tombstones, before anything is erased."""
    key = study.key()
    groups = read_tombstones(study.corpus_folder)
    group = groups.setdefault(study.id, Tombstones.of(study.id, key))
    group.erase(key)  # refuses another key
    group.add(subjects, key, reason=reason)
    write_tombstones(study.corpus_folder, groups)


class _State(NamedTuple):
    """What a store is before: whether it holds the corpus as it is, and the runs in it."""

    current: bool
    runs: list[dict[str, Any]]


def _uris(study: Study, stores: Sequence[str]) -> list[Any]:
    own = [study.graph_folder] if study.graph_folder.exists() else []
    return [*own, *stores]


@contextmanager
def _opened(study: Study, uri: Any, secret: Ask | None) -> Iterator[GraphStore]:
    from workbench.store import connect

    store = connect(uri, study=study.id, shared=True, secret=secret)
    try:
        yield store
    finally:
        store.close()


def _state(store: GraphStore, corpus: Corpus) -> _State:
    runs = [
        {"store": store.uri, "run": row["run_id"], "name": row["name"], "method": row["method"]}
        for row in store.runs().to_dict("records")
    ]
    return _State(store.held()["corpus"] == corpus.content_key, runs)


def _others(store: GraphStore, accounts: Iterable[str], study: str) -> list[str]:
    """Return the other studies of a server that have one of the accounts; a folder has one."""
    from workbench.store.neo4j import Neo4jStore

    if not isinstance(store, Neo4jStore):
        return []
    return sorted({name for each in accounts for name in store.holding(each)} - {study})


def _entry(store: GraphStore, *, pushed: bool) -> dict[str, Any]:
    return {"uri": store.uri, "accounts": 0, "posts": 0, "pushed": pushed}


def _in_store(store: GraphStore, accounts: Iterable[str], corpus: Corpus | None) -> dict[str, Any]:
    """Take accounts out of a store, and push the corpus where the store held it as it was.

    What others wrote has changed too, and posts may be gone whose author is not.
    """
    entry = _entry(store, pushed=corpus is not None)
    for account in sorted(accounts):
        try:
            removed = store.forget(account)
        except NotFoundError:
            continue
        entry["accounts"] += removed["accounts"]
        entry["posts"] += removed["posts"]
    if corpus is not None:
        store.write(corpus, progress=False)
    return entry


def _present(read: Read, subjects: Subjects) -> tuple[int, int]:
    """Return how many of the accounts and posts to be forgotten the corpus has."""
    accounts: set[str] = set()
    for table, columns in (
        ("accounts", ["account_id"]), ("posts", ["author_id"]), ("aliases", ["account_id"]),
        ("interactions", ["actor_id", "target_id"]),
    ):  # fmt: skip
        for rows in read(table, columns):
            for column in columns:
                accounts.update(pc.unique(rows.column(column)).to_pylist())
    posts: set[str] = set()
    for rows in read("posts", ["post_id"]):
        posts.update(subjects.posts.intersection(pc.unique(rows.column("post_id")).to_pylist()))
    return len(accounts & subjects.accounts), len(posts)


def _files(study: Study) -> list[str]:
    """Return the files that were computed from the corpus, relative to the study."""
    return sorted(
        str(file.relative_to(study.folder))
        for name in _RESULTS
        for file in (study.folder / name).rglob("*")
        if file.is_file()
    )


def _gone(events: Corpus) -> tuple[Subjects, dict[str, int]]:
    """Return posts and accounts that are gone, and how many lines say so."""
    last: dict[tuple[str, str], tuple[int, str]] = {}
    counts: dict[str, int] = {}
    rows = events.table("events").to_pylist()
    rows.sort(key=lambda row: (row["at_ms"] is not None, row["at_ms"] or 0, row["record"] or 0))
    for row in rows:
        of, subject, kind = row["subject_type"], row["subject"], row["kind"]
        wanted = {"post": _POST_EVENTS, "account": _ACCOUNT_EVENTS}.get(of, set())
        if subject is None:
            continue
        if kind in wanted:
            last[of, subject] = (0, kind)
            counts[f"{of} {kind}"] = counts.get(f"{of} {kind}", 0) + 1
        elif last.get((of, subject), (0, ""))[1] in _TAKEN_BACK.get(kind, set()):
            del last[of, subject]
            counts[f"{of} {kind}"] = counts.get(f"{of} {kind}", 0) + 1
    found = Subjects()
    for of, subject in last:
        (found.posts if of == "post" else found.accounts).add(subject)
    return found, counts


def _stored(study: Study, subjects: Subjects) -> Subjects:
    """Return original ids as the study has them.

    A line of Twitter's that does not say when its object was made may be of a post or an account:
    the corpus tells.
    """
    accounts, posts = subjects.accounts, subjects.posts
    if study.privacy == "pseudonymous":
        names = study.pseudonymiser()
        doubtful = {names.post(one): names.account(one) for one in accounts}
        accounts = {names.account(one) for one in accounts}
        posts = {names.post(one) for one in posts}
    else:
        doubtful = {one: one for one in accounts}
    read = reader(study.corpus())
    for rows in read("posts", ["post_id"]):
        posts |= doubtful.keys() & set(pc.unique(rows.column("post_id")).to_pylist())
    return Subjects(accounts - {doubtful[post] for post in posts & doubtful.keys()}, posts)
