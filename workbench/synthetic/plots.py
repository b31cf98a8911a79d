"""What is planted: rumours with their corrections, a pile-on, a campaign, and a new name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.synthetic.plot_campaign import plan_campaign
from workbench.synthetic.plot_cascades import plan_cascades
from workbench.synthetic.plot_pile_on import plan_pile_on

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger
    from workbench.synthetic.names import Names

__all__ = ["plan"]


def plan(crisis: Crisis, names: Names, ledger: Ledger) -> None:
    """Put everything planted on the agenda of `crisis`; the truth goes to `ledger`."""
    plan_cascades(crisis, ledger)
    plan_pile_on(crisis, ledger)
    plan_campaign(crisis, ledger)
    crisis.agenda.plan(crisis.config.middle_ms, lambda _: names.rename(), posts=False)
