"""Which account of a study somebody means, by id, handle or pseudonym."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from workbench.errors import NotFoundError, UsageError
from workbench.model.revision import reader
from workbench.privacy.erasure import Subjects
from workbench.privacy.pseudonyms import PREFIX
from workbench.privacy.tombstones import read_tombstones

if TYPE_CHECKING:
    from workbench.model.revision import Read
    from workbench.studies.study import Study

__all__ = ["named_account", "unmasked"]


def named_account(study: Study, account: str) -> Subjects:
    """Return the account of a study that is called so.

    The ways to call one are tried in order: an id, with or without its platform; a handle; of a
    pseudonymous study the original of either. One that was forgotten before is known again, and a
    whole id is taken although the study does not have it.

    Raises
    ------
    NotFoundError
        No account is called so.
    UsageError
        Several are, or nothing was given.
    """
    given = account.strip()
    if not given:
        raise UsageError("name an account", value=account or "(empty)")
    ids, bearers = _known(reader(study.corpus()))
    platforms = {one.removeprefix("handle:").partition(":")[0] for one in ids if ":" in one}
    names = study.pseudonymiser() if study.privacy == "pseudonymous" else None
    wanted = {given, *(f"{platform}:{given}" for platform in platforms)}
    handles = {given.casefold().lstrip("@＠")}
    if names is not None:
        wanted |= {names.account(one) for one in list(wanted)}
        handles |= {names.handle(given)}
    found = sorted(wanted & ids)
    if not found:
        found = sorted({who for handle in handles for who in bearers.get(handle, ())})
    if not found:
        called = {f"handle:{platform}:{handle}" for platform in platforms for handle in handles}
        found = sorted(called & ids)
    if len(found) > 1:
        raise UsageError(
            "several accounts are called so",
            value=account,
            allowed=", ".join(found[:5]),
            remedy="give the id with its platform",
        )
    if found:
        return Subjects({found[0]})
    return _absent(study, given, names, called=(wanted, handles))


def unmasked(study: Study, name: str) -> str:
    """Return the id of the account that a report calls by a pseudonym; other names as they are.

    Reports cut pseudonyms after a few characters, so those of the account are compared up to there.
    A raw study makes the pseudonyms of all its accounts anew, with its key.

    Raises
    ------
    NotFoundError
        No account has this pseudonym, or another key made it.
    UsageError
        Several have one that begins so.
    """
    wanted = name.rpartition(":")[2]
    if not wanted.startswith(PREFIX):
        return name
    ids, _ = _known(reader(study.corpus()))
    names = None if study.privacy == "pseudonymous" else study.pseudonymiser()
    found = sorted(
        one
        for one in ids
        if (one if names is None else names.account(one)).rpartition(":")[2].startswith(wanted)
    )
    if not found:
        raise NotFoundError(
            "no account of the study has this pseudonym", value=name,
            remedy="pseudonyms are made with the key of a study, and differ with another",
        )  # fmt: skip
    if len(found) > 1:
        raise UsageError("several accounts have a pseudonym that begins so", value=name,
                         remedy="give more of it")  # fmt: skip
    return found[0]


def _absent(study: Study, given: str, names: Any, *, called: tuple[set[str], set[str]]) -> Subjects:
    """Return an account that the corpus does not have: one forgotten before, or a whole id."""
    key, found = study.key(), Subjects()
    for group in read_tombstones(study.corpus_folder).values():
        found.accounts |= {one for one in called[0] if group.has("accounts", one, key)}
        found.handles |= {one for one in called[1] if group.has("handles", one, key)}
    if found.accounts or found.handles:
        return found
    if given.partition(":")[2]:
        whole = names is None or given.partition(":")[2].startswith("p1_")
        return Subjects({given if whole else names.account(given)})
    raise NotFoundError(
        "no account of the study is called so",
        value=given,
        remedy="give its id with the platform (twitter:123) to keep it out of later loads as well",
    )


def _known(read: Read) -> tuple[set[str], dict[str, set[str]]]:
    """Return the account ids of a corpus, and handle → who bore it."""
    ids: set[str] = set()
    bearers: dict[str, set[str]] = {}
    for table, owner, handle in (
        ("accounts", "account_id", "handle"),
        ("aliases", "account_id", "handle"),
        ("posts", "author_id", "author_handle"),
    ):
        for rows in read(table, [owner, handle]):
            pairs = rows.group_by([owner, handle]).aggregate([])
            for who, name in zip(
                *(pairs.column(c).to_pylist() for c in (owner, handle)), strict=True
            ):
                if who is not None:
                    ids.add(who)
                    if name:
                        bearers.setdefault(name.casefold().lstrip("@"), set()).add(who)
    for rows in read("interactions", ["actor_id", "target_id"]):
        for column in ("actor_id", "target_id"):
            ids.update(one for one in pc.unique(rows.column(column)).to_pylist() if one)
    return ids, bearers
