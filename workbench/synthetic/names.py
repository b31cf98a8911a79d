"""What accounts are called at the moment, and their profiles as pages include them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workbench.synthetic.population import JOURNALIST

if TYPE_CHECKING:
    from workbench.synthetic.population import Population

__all__ = ["Names"]

_CACHED_USERS = 50_000
_NEW_HANDLE = "IslesWatch_sim"


class Names:
    """Handles as they are at the moment; one journalist is renamed half-way.

    Attributes
    ----------
    renamed
        The account that gets another handle.
    old, new
        Its handles before and after.
    """

    def __init__(self, population: Population) -> None:
        journalists = (population.role == JOURNALIST) & (population.camp == 2)
        self.renamed = int(journalists.nonzero()[0][-1])
        self.old = population.handle(self.renamed)
        self.new = _NEW_HANDLE
        self._changed = False
        self._population = population
        self._users: dict[int, msgspec.Raw] = {}

    def handle(self, account: int) -> str:
        """Return the present handle of an account."""
        if account == self.renamed and self._changed:
            return self.new
        return self._population.handle(account)

    def user(self, account: int) -> msgspec.Raw:
        """Return the present user object of an account, encoded."""
        raw = self._users.get(account)
        if raw is None:
            if len(self._users) >= _CACHED_USERS:
                self._users.clear()
            user = self._population.user(account, self.handle(account))
            raw = self._users[account] = msgspec.Raw(msgspec.json.encode(user))
        return raw

    def rename(self) -> None:
        """Give the renamed account its new handle from now on."""
        self._changed = True
        self._users.pop(self.renamed, None)
