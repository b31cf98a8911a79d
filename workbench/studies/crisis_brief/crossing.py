"""What crosses between the camps: how much, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench import plotting
from workbench.graphs.mixing import mixed
from workbench.studies.claims import Amount, Claim, Condition, chosen
from workbench.studies.crisis_brief.common import (
    KIND_NAMES,
    behind_camps,
    behind_graph,
    column,
    command,
    kind_cell,
    records,
    share,
)
from workbench.studies.crisis_brief.division import compared, left_out
from workbench.studies.crisis_brief.world import CAMPS
from workbench.studies.curated import Drawing, Sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.studies.crisis_brief.world import World

__all__ = ["claims", "drawings", "sheets"]

SECTION = "crossing"


def claims(world: World) -> list[Claim]:
    """Return what is said of the acts across."""
    if "retweet" not in world.crossing:
        return []
    told = [_retweets(world)]
    if world.bridges is not None and world.bridges.found:
        told.append(_bridges(world))
    return told


def _retweets(world: World) -> Claim:
    """Return the share of retweets that cross, beside the most that any other kind crosses."""
    crossed = world.crossing["retweet"]
    others = {kind: world.crossing[kind].share for kind in compared(world)}
    numbers = {"across": Amount(round(crossed.across), "acts"),
               "total": Amount(round(crossed.total), "retweets"),
               "part": share(crossed.share)}  # fmt: skip
    english = "Of {total:counted} between accounts of the camps, {across} ({part}) cross"
    french = (
        "Sur {total:counted} entre comptes des camps, {across} ({part}) vont d’un camp à l’autre"
    )
    told: dict[str, Any] = {"value": crossed.share, "unit": "share", "finding": True}
    apart = abs(world.between["retweet"].known - crossed.total) / crossed.total
    sums = Condition("acts between the camps’ accounts apart from those counted one by one",
                     round(apart, 9), "=", 0)  # fmt: skip
    if not others:
        return Claim("crossing", SECTION, {"en": english + ".", "fr": french + "."}, numbers,
                     [sums], **told)  # fmt: skip
    kind = max(others, key=lambda name: others[name])
    least = min(others.values())
    numbers |= {"kind": Amount(KIND_NAMES[kind], "word"), "most": share(others[kind])}
    alternatives = [
        ("; every other kind of act compared crosses more, {kind} most ({most}).",
         (" ; toute autre sorte d’interaction comparée le fait davantage, surtout les {kind} "
          "({most})."),
         [sums, Condition("least share across in another kind", least, ">",
                                       crossed.share)]),
        ("; of the other kinds of act compared, {kind} cross most ({most}).",
         " ; des autres sortes d’interactions comparées, les {kind} le font le plus ({most}).",
         [sums, Condition("least share across in another kind", least, "≤",
                                               crossed.share)]),
    ]  # fmt: skip
    return chosen(*(
        Claim("crossing", SECTION, {"en": english + en, "fr": french + fr}, numbers, conditions,
              **told)
        for en, fr, conditions in alternatives
    ))  # fmt: skip


def _bridges(world: World) -> Claim:
    """Return how few accounts the retweets across rest on."""
    found, crossed = world.bridges, world.crossing["retweet"]
    assert found is not None  # noqa: S101  the caller looked
    first = found.rows.iloc[0]
    tied = int((found.rows["rank"] == 1).sum())
    part = float(found.rows["received"].sum()) / crossed.across
    english = "In the retweets across, {found:counted} took part, as source or target. "
    french = (
        "{found:counted} ont pris part aux retweets d’un camp à l’autre, comme source ou comme "
        "cible. "
    )
    numbers = {"found": Amount(found.found, "accounts"),
               "listed": Amount(len(found.rows), "accounts"), "part": share(part)}  # fmt: skip
    told: dict[str, Any] = {"value": found.found, "unit": "accounts"}
    return chosen(
        Claim(
            "bridges", SECTION,
            {"en": english + "The account with most of them is {first}, {made} made by it and "
                   "{received} received; the {listed} listed in the table received {part} of all.",
             "fr": french + "Celui qui en compte le plus est {first} ({made} de sa part, "
                   "{received} envers lui) ; les {listed} que donne le tableau en ont reçu "
                   "{part}."},
            {**numbers,
             "first": Amount(world.subject.label(str(first["account"])), "name"),
             "made": Amount(round(first["made"]), "acts"),
             "received": Amount(round(first["received"]), "acts")},
            [Condition("accounts with as many acts across", tied, "=", 1)], **told,
        ),
        Claim(
            "bridges", SECTION,
            {"en": english + "None has most of them alone; the {listed} listed in the table "
                   "received {part} of all.",
             "fr": french + "Aucun n’en compte le plus à lui seul ; les {listed} que donne le "
                   "tableau en ont reçu {part}."},
            numbers, [Condition("accounts with as many acts across", tied, ">", 1)],
            **told,
        ),
    )  # fmt: skip


def _shown(world: World) -> list[str]:
    """Return the kinds of act that the camps are shown in: retweets, and those compared."""
    return [kind for kind in world.crossing if kind in {"retweet", *compared(world)}]


def _between(world: World, kind: str) -> NDArray[np.float64]:
    """Return the acts from camp to camp, shape (2, 2), camp A first."""
    graph, sides = world.graphs[kind].without_self_loops(), world.carried[kind]
    order = np.array([CAMPS.index(name) for name in sides.names], dtype=np.int32)
    labels = np.where(sides.labels < 0, np.int32(len(CAMPS)), order[sides.labels])
    whole = mixed(graph.to_scipy(), labels.astype(np.int32), len(CAMPS) + 1)
    return np.asarray(whole[: len(CAMPS), : len(CAMPS)], dtype=float)


def sheets(world: World) -> list[Sheet]:
    """Return the acts from camp to camp, and the accounts with most acts across."""
    if not world.crossing:
        return []
    rows, shown = [], _shown(world)
    for kind in shown:
        table = _between(world, kind)
        rows.append([kind_cell(kind), *(round(float(acts)) for acts in table.ravel()),
                     float(table[0, 1] + table[1, 0]) / float(table.sum())])  # fmt: skip
    told = [Sheet(
        "between_camps",
        [column("kind", "name", "kind of act", "sorte"),
         column("a_upon_a", "acts", "A upon A", "A envers A"),
         column("a_upon_b", "acts", "A upon B", "A envers B"),
         column("b_upon_a", "acts", "B upon A", "B envers A"),
         column("b_upon_b", "acts", "B upon B", "B envers B"),
         column("share_across", "share", "share across", "part entre camps")],
        rows,
        {"en": "Acts of the accounts of one camp upon those of the other, and among themselves, by "
               "kind; acts upon oneself are left out." + left_out(world, "en"),
         "fr": "Interactions des comptes d’un camp envers ceux de l’autre et entre eux, par "
               "sorte ; celles envers soi-même sont laissées de côté." + left_out(world, "fr")},
        behind_camps(world, shown),
    )]  # fmt: skip
    if world.bridges is not None and len(world.bridges.rows):
        told.append(_bridge_sheet(world))
    return told


def _bridge_sheet(world: World) -> Sheet:
    assert world.bridges is not None  # noqa: S101  the caller looked
    rows: list[list[Any]] = [
        [int(row.rank), world.subject.label(str(row.account)), row.side, round(row.made),
         round(row.received), int(row.others), float(row.share)]
        for row in records(world.bridges.rows)
    ]  # fmt: skip
    return Sheet(
        "bridges",
        [column("rank", "rank", "rank", "rang"), column("account", "name", "account", "compte"),
         column("camp", "name", "camp", "camp"),
         column("made", "retweets", "made", "faits"),
         column("received", "retweets", "received", "reçus"),
         column("others", "accounts", "accounts across", "comptes en face"),
         column("share", "share", "share of own", "part des siens")],
        rows,
        {"en": "The accounts with the most retweets across. The last column is their share of all "
               "retweets of the account, made and received.",
         "fr": "Les comptes qui ont le plus de retweets d’un camp à l’autre. La dernière colonne "
               "est leur part de tous les retweets du compte, faits et reçus."},
        behind_graph(world, "retweet", command(world, "graph retweet")),
    )  # fmt: skip


def drawings(world: World) -> list[Drawing]:
    """Return the acts from camp to camp: of retweets, and of the kind with which they contest."""
    kinds = [kind for kind in ("retweet", "reply") if kind in _shown(world)]
    return [_matrix(world, kind) for kind in kinds]


def _matrix(world: World, kind: str) -> Drawing:
    table = _between(world, kind)
    behind = behind_camps(world, [kind])
    lead = {language: f"{name.capitalize()}." for language, name in KIND_NAMES[kind].items()}
    return Drawing(
        f"mixing_{kind}", lambda: plotting.mixing_matrix(table, CAMPS, of="camp"), behind,
        width=0.4, lead=lead,
    )  # fmt: skip
