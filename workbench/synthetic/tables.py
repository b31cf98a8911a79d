"""The truth tables that are known once the crisis is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS, events
from workbench.synthetic.crisis import NEUTRAL
from workbench.synthetic.phrases import CAMPS
from workbench.synthetic.population import ROLES
from workbench.synthetic.snowflake import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.names import Names

__all__ = ["write_tables"]

_ACCOUNTS = (
    "account_id", "handle", "camp", "role", "campaign", "created_at", "followers", "posts",
)  # fmt: skip
_PUBLIC_ACTORS = ("account_id", "handle", "name", "role", "camp")


def write_tables(crisis: Crisis, ledger: Ledger, names: Names) -> None:
    """Write ``accounts sides public_actors aliases events`` into the truth folder."""
    ledger.write("accounts", _ACCOUNTS, _accounts(crisis, names))
    ledger.write("sides", ("node", "side"), _sides(crisis))
    ledger.write("public_actors", _PUBLIC_ACTORS, _public_actors(crisis, names))
    _write_aliases(crisis, ledger, names)
    _write_events(crisis, ledger)


def _accounts(crisis: Crisis, names: Names) -> Iterator[tuple[object, ...]]:
    population, publisher = crisis.population, crisis.publisher
    for account in range(population.size):
        cell = int(population.cell[account])
        yield (
            publisher.account_id(account),
            names.handle(account),
            CAMPS[population.camp[account]],
            ROLES[population.role[account]],
            "" if cell < 0 else f"harbour-{cell}",
            stamp(int(population.created_ms[account])),
            int(population.followers[account]),
            publisher.by_account[account],
        )


def _sides(crisis: Crisis) -> Iterator[tuple[object, ...]]:
    for account, camp in enumerate(crisis.population.camp.tolist()):
        if camp != NEUTRAL:
            yield crisis.publisher.account_id(account), CAMPS[camp]


def _public_actors(crisis: Crisis, names: Names) -> Iterator[tuple[object, ...]]:
    population = crisis.population
    for account in range(len(population.public)):
        yield (
            crisis.publisher.account_id(account),
            names.handle(account),
            population.name(account),
            ROLES[population.role[account]],
            CAMPS[population.camp[account]],
        )


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
