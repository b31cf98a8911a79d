"""What is planted: the campaign, the pile-on, rumours with their corrections, and a new name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.synthetic.calendar import HOUR_MS
from workbench.synthetic.plot_campaign import plan_campaign
from workbench.synthetic.plot_cascades import plan_cascades
from workbench.synthetic.plot_pile_on import plan_pile_on

if TYPE_CHECKING:
    from workbench.synthetic.crisis import Crisis
    from workbench.synthetic.ledger import Ledger

__all__ = ["plan"]


def plan(crisis: Crisis, ledger: Ledger) -> None:
    """Put everything planted on the agenda of `crisis`; the truth goes to `ledger`."""
    plan_cascades(crisis, ledger)
    plan_pile_on(crisis, ledger)
    plan_campaign(crisis, ledger)
    half = crisis.config.start_ms + crisis.config.hours // 2 * HOUR_MS
    crisis.agenda.plan(half, lambda _: crisis.publisher.rename(), posts=False)
