"""Who takes part: institutions, journalists, citizens and the accounts of the campaign.

Every property is an array with one entry an account, so that a million accounts cost some tens of
megabytes; names and handles are made when they are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbench import rng
from workbench.synthetic.phrases import CAMPS, ENGLISH, FRENCH
from workbench.synthetic.snowflake import milliseconds, snowflake, stamp

if TYPE_CHECKING:
    from workbench.synthetic.config import Config

__all__ = ["ROLES", "TACTICS", "Population", "people"]

Array = npt.NDArray[Any]

#: Roles in the order of their codes.
ROLES = ("ministry", "embassy", "state_media", "journalist", "citizen")
MINISTRY, EMBASSY, STATE_MEDIA, JOURNALIST, CITIZEN = range(5)
#: What a cell of the campaign does; cells take them in turn.
TACTICS = ("fast_links", "copied_text", "retweet_ring", "slow_links")
CAMPAIGN_CAMP = 1
_CELL = 8  # accounts in a cell of the campaign

_NOUNS = (
    "heron", "tern", "gull", "finch", "wren", "robin", "crane", "stork", "swift", "lark", "egret",
    "elder", "alder", "birch", "cedar", "maple", "hazel", "aspen", "larch", "rowan", "olive",
    "basil", "thyme", "clove", "anise", "fjord", "delta", "cape", "reef", "dune", "atoll", "shoal",
    "flint", "slate", "opal", "agate", "beryl", "topaz", "onyx", "amber", "coral", "pearl",
)  # fmt: skip
_HANDLE_PRIME = 999_983  # beyond every account count, so that k -> k·m mod p repeats nothing

#: Institutions of each camp: handle, name, role. `_sim` marks every handle as invented.
_PLACES = ("North", "South", "East", "West", "Isles", "Cape", "Delta", "Fjord")
_FIXED = (
    (
        ("VelmoraMFA_sim", "Ministry of Foreign Affairs of Velmora", MINISTRY),
        ("VelmoraGov_sim", "Government of Velmora", MINISTRY),
        ("VelmoraTV_sim", "Velmora TV", STATE_MEDIA),
        ("CourrierV_sim", "Courrier de Velmora", STATE_MEDIA),
        ("RadioVel_sim", "Radio Velmora", STATE_MEDIA),
    ),
    (
        ("TarveniaMFA_sim", "Ministry of Foreign Affairs of Tarvenia", MINISTRY),
        ("TarveniaGov_sim", "Government of Tarvenia", MINISTRY),
        ("Tarvenia24_sim", "Tarvenia 24", STATE_MEDIA),
        ("TarvPost_sim", "Tarvenia Post", STATE_MEDIA),
        ("RadioTarv_sim", "Radio Tarvenia", STATE_MEDIA),
    ),
    (
        ("IslesLeague_sim", "League of Isles, secretariat", MINISTRY),
        ("IslesPress_sim", "Isles Courier", JOURNALIST),
        ("AgenceIles_sim", "Agence des Îles", JOURNALIST),
    ),
)
_SHORT = ("Vel", "Tar", "Isles")
_JOURNALISTS = 6  # of each camp; named by their medium and a number


@dataclass(frozen=True, eq=False)
class Population:
    """The accounts, as arrays of one length; institutions come first.

    Attributes
    ----------
    ids
        Account ids (int64 snowflakes of the creation time).
    role, camp, language
        Codes into ``ROLES``, ``CAMPS`` and French 0, English 1.
    cell
        Cell of the campaign, −1 for everybody else.
    followers, following, created_ms
        Profile figures; created in epoch milliseconds.
    activity
        Relative frequency of acting, summing to one.
    public
        Handle and name of the institutions and journalists, in order.
    """

    ids: Array
    role: Array
    camp: Array
    language: Array
    cell: Array
    followers: Array
    following: Array
    created_ms: Array
    activity: Array
    public: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """The number of accounts."""
        return len(self.ids)

    @property
    def cells(self) -> int:
        """The number of cells of the campaign."""
        return int(self.cell.max()) + 1

    def tactic(self, cell: int) -> str:
        """Return what a cell of the campaign does."""
        return TACTICS[cell % len(TACTICS)]

    def handle(self, account: int) -> str:
        """Return the handle of an account; the number in it says nothing about its role."""
        if account < len(self.public):
            return self.public[account][0]
        return _handle(account)

    def name(self, account: int) -> str:
        """Return the display name of an account."""
        if account < len(self.public):
            return self.public[account][1]
        return _handle(account).removesuffix("_sim").capitalize()

    def user(self, account: int, handle: str) -> dict[str, Any]:
        """Return the user object of an account, as the interface includes it."""
        public = account < len(self.public)
        government = public and self.role[account] < STATE_MEDIA
        return {
            "id": str(self.ids[account]),
            "username": handle,
            "name": self.name(account),
            "created_at": stamp(int(self.created_ms[account])),
            "description": f"Invented account ({ROLES[self.role[account]]})" if public else "",
            "protected": False,
            "verified": public,
            "verified_type": "government" if government else "blue" if public else "none",
            "public_metrics": {
                "followers_count": int(self.followers[account]),
                "following_count": int(self.following[account]),
                "tweet_count": int(self.followers[account]) % 997 + 40,
                "listed_count": int(self.followers[account]) // 900,
            },
        }


@lru_cache(maxsize=65_536)
def _handle(account: int) -> str:
    number = account * 736_879 % _HANDLE_PRIME
    return f"{_NOUNS[number % len(_NOUNS)]}{number:06}_sim"


def people(config: Config, posts: int, seed: int) -> Population:
    """Return the accounts of a crisis of `posts` posts: about 2.2·posts^0.8 of them.

    Activity and audience are heavy-tailed (Pareto, tail exponents 1.5 and 1.1). Accounts of the
    campaign are made in the three weeks before the first day; everybody else in the three years
    before that.
    """
    draw = rng.generator(seed, "population")
    fixed = [_institutions(camp) for camp in range(len(CAMPS))]
    rows = [(camp, *row) for camp, group in enumerate(fixed) for row in group]
    size = max(round(2.2 * posts**0.8), 3 * len(rows))
    institutions = len(rows)
    cells = max(4, round(0.015 * size / _CELL))
    members = cells * _CELL if size > 1_000 else cells * 4
    role = np.full(size, CITIZEN, np.int8)
    role[:institutions] = [row[3] for row in rows]
    camp = np.searchsorted([0.46, 0.90], draw.random(size), side="right").astype(np.int8)
    camp[:institutions] = [row[0] for row in rows]
    cell = np.full(size, -1, np.int32)
    cell[institutions : institutions + members] = np.arange(members) % cells
    camp[cell >= 0] = CAMPAIGN_CAMP
    created = _created(config, draw.random(size), campaign=cell >= 0, institutions=institutions)
    return Population(
        ids=_ids(created),
        role=role,
        camp=camp,
        language=np.where(draw.random(size) < config.french, FRENCH, ENGLISH).astype(np.int8),
        cell=cell,
        followers=_followers(draw.random(size), role, cell),
        following=(30 + 900 * draw.random(size)).astype(np.int64),
        created_ms=created,
        activity=_activity(draw.random(size), role, posts),
        public=tuple((row[1], row[2]) for row in rows),
    )


def _institutions(camp: int) -> list[tuple[str, str, int]]:
    rows = list(_FIXED[camp])
    short = _SHORT[camp]
    if camp < 2:
        state = CAMPS[camp].capitalize()
        rows += [
            (f"{short}Emb{place}_sim", f"Embassy of {state}, {place}", EMBASSY) for place in _PLACES
        ]
    rows += [
        (f"{short}Desk{number}_sim", f"{short} desk {number}", JOURNALIST)
        for number in range(1, _JOURNALISTS + 1)
    ]
    return rows


def _created(config: Config, draw: Array, *, campaign: Array, institutions: int) -> Array:
    """Return creation times: institutions old, citizens spread, the campaign three weeks young."""
    day = 86_400_000
    oldest = milliseconds("2028-01-01")
    youngest = config.start_ms - 30 * day
    created = oldest + (draw * (youngest - oldest)).astype(np.int64)
    created[:institutions] = oldest + (draw[:institutions] * 90 * day).astype(np.int64)
    fresh = config.start_ms - 1 - (draw * 21 * day).astype(np.int64)
    return np.where(campaign, fresh, created)


def _ids(created: Array) -> Array:
    """Return snowflake ids whose sequence is the account's index, so that all differ."""
    sequence = np.arange(len(created), dtype=np.int64)
    return np.asarray(snowflake(created, sequence))  # type: ignore[arg-type]


def _followers(draw: Array, role: Array, cell: Array) -> Array:
    """Return audiences: Pareto, from a base that depends on the role; the campaign has few."""
    tail = (1 - draw) ** (-1 / 1.1)
    base = np.array([300_000, 20_000, 500_000, 6_000, 25])[role]
    base = np.where(cell >= 0, 8, base)
    return np.minimum(base * tail, 4_000_000).astype(np.int64)


def _activity(draw: Array, role: Array, posts: int) -> Array:
    """Return activity shares: Pareto for citizens, by role for institutions.

    The institutions' part of all acts is 8 % and shrinks as the crisis draws in more citizens.
    """
    public = role != CITIZEN
    weight = np.minimum((1 - draw) ** (-1 / 1.5), 200.0)
    weight[public] = np.array([2.0, 0.7, 3.0, 1.0, 0.0])[role[public]] * (0.5 + draw[public])
    part = 0.08 * (5_000 / max(posts, 5_000)) ** 0.35
    weight[public] *= part / weight[public].sum()
    weight[~public] *= (1 - part) / weight[~public].sum()
    return weight
