"""The truth tables that are known once the crisis is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS, events
from workbench.synthetic.phrases import CAMPS
from workbench.synthetic.population import ROLES
from workbench.synthetic.snowflake import stamp

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.names import Names

__all__ = ["write_tables"]


def write_tables(crisis: Crisis, ledger: Ledger, names: Names) -> None:
    """Write ``accounts sides public_actors aliases events`` into the truth folder."""
    population, publisher = crisis.population, crisis.publisher
    accounts, sides, public = [], [], []
    for account in range(population.size):
        identity = publisher.account_id(account)
        camp = CAMPS[population.camp[account]]
        role = ROLES[population.role[account]]
        cell = int(population.cell[account])
        accounts.append(
            (
                identity,
                names.handle(account),
                camp,
                role,
                "" if cell < 0 else f"harbour-{cell}",
                stamp(int(population.created_ms[account])),
                int(population.followers[account]),
                publisher.by_account[account],
            )
        )
        if camp != "neutral":
            sides.append((identity, camp))
        if account < len(population.public):
            public.append((identity, names.handle(account), population.name(account), role, camp))
    columns = (
        "account_id",
        "handle",
        "camp",
        "role",
        "campaign",
        "created_at",
        "followers",
        "posts",
    )
    ledger.write("accounts", columns, accounts)
    ledger.write("sides", ("node", "side"), sides)
    ledger.write("public_actors", ("account_id", "handle", "name", "role", "camp"), public)
    _write_aliases(crisis, ledger, names)
    _write_events(crisis, ledger)


def _write_aliases(crisis: Crisis, ledger: Ledger, names: Names) -> None:
    half = stamp(crisis.config.middle_ms)
    identity = crisis.publisher.account_id(names.renamed)
    ledger.write(
        "aliases",
        ("account_id", "handle", "since", "until"),
        [(identity, names.old, "", half), (identity, names.new, half, "")],
    )


def _write_events(crisis: Crisis, ledger: Ledger) -> None:
    rows: list[tuple[object, ...]] = []
    for event in events(crisis.config):
        since, until = event.window(crisis.config)
        at = crisis.config.start_ms + event.hour * HOUR_MS
        rows.append((event.name, event.kind, stamp(at), stamp(since), stamp(until), event.factor))
    ledger.write("events", ("name", "kind", "at", "since", "until", "factor"), rows)
