"""Which camps: communities and sides of the retweets, and how far they hang on the seed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench import plotting
from workbench.language import listed
from workbench.plotting.layout import layout
from workbench.studies.claims import Amount, Claim, Condition, chosen
from workbench.studies.crisis_brief.common import (
    behind_graph,
    column,
    command,
    records,
    share,
)
from workbench.studies.crisis_brief.world import CAMPS
from workbench.studies.curated import Behind, Drawing, Sheet
from workbench.studies.network_evidence import posts_behind_edges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.model import Partition
    from workbench.studies.crisis_brief.world import World

__all__ = ["claims", "drawings", "sheets"]

SECTION = "camps"
#: Public actors that a camp or community is told by.
TOLD = 3


def claims(world: World) -> list[Claim]:
    """Return what is said of communities and sides."""
    told = []
    if world.communities is not None:
        told.append(_communities(world))
    if world.sides is not None:
        told.append(_sides(world))
        told += [claim for camp in range(len(CAMPS)) if (claim := _who(world, camp)) is not None]
    return told


def _communities(world: World) -> Claim:
    found, config = world.communities, world.config
    assert found is not None  # noqa: S101  the caller looked
    sizes = np.array(found.partition.sizes)
    counted = sizes[sizes >= config.smallest]
    numbers = {
        "runs": Amount(found.runs, "runs"),
        "count": Amount(len(counted), "communities"),
        "smallest": Amount(config.smallest, "accounts"),
        "part": share(float(counted.sum() / sizes.sum())),
        "ami": Amount(found.ami_mean, "ami"),
    }
    told: dict[str, Any] = {"value": len(counted), "unit": "communities"}
    french = (
        "{runs:counted} de communautés dans les retweets s’accordent sur {count:counted} d’au "
        "moins {smallest:counted}, soit {part} des comptes. "
    )
    english = (
        "{runs:counted} for communities in the retweets agree on {count:counted} of at least "
        "{smallest:counted}, with {part} of the accounts. "
    )
    fewest, most = int(found.communities.min()), int(found.communities.max())
    if fewest == most:
        numbers["high"] = Amount(most, "communities")
        english += "Each search finds {high:counted}, small ones included; they agree "
        french += "Chaque recherche en trouve {high}, petites comprises ; elles concordent "
    else:
        numbers |= {"low": Amount(fewest, "communities"), "high": Amount(most, "communities")}
        english += "Single searches find {low} to {high:counted}, small ones included, and agree "
        french += (
            "Chaque recherche en trouve de {low} à {high}, petites comprises, et elles concordent "
        )
    agreed, least = found.ami_mean, config.agreement
    return chosen(
        Claim(
            "communities", SECTION,
            {"en": english + "closely (adjusted mutual information {ami} of 1).",
             "fr": french + "étroitement (information mutuelle ajustée {ami} sur 1)."},
            numbers, [Condition("agreement of the searches", agreed, "≥", least)], **told,
        ),
        Claim(
            "communities", SECTION,
            {"en": english + "only in part (adjusted mutual information {ami} of 1): which "
                   "accounts go together at the edges depends on the seed.",
             "fr": french + "en partie seulement (information mutuelle ajustée {ami} sur 1) : "
                   "l’appartenance des comptes de la marge dépend de la graine."},
            numbers, [Condition("agreement of the searches", agreed, "<", least)], **told,
        ),
    )  # fmt: skip


def _sides(world: World) -> Claim:
    sides, agreement = world.sides, float(world.sides.parameters["agreement"])  # type: ignore[union-attr]
    assert sides is not None  # noqa: S101  the caller looked
    least = world.config.agreement
    numbers = {
        "a": Amount(sides.sizes[0], "accounts"), "b": Amount(sides.sizes[1], "accounts"),
        "agreement": Amount(agreement, "ami"), "splits": Amount(sides.parameters["splits"], "runs"),
    }  # fmt: skip
    english = (
        "Merged until two remain, the communities make camp A ({a:counted}) and camp B "
        "({b:counted}). "
    )
    french = (
        "Fusionnées jusqu’à n’en laisser que deux, les communautés forment le camp A ({a:counted}) "
        "et le camp B ({b:counted}). "
    )
    told: dict[str, Any] = {"value": agreement, "unit": "adjusted mutual information"}
    return chosen(
        Claim(
            "sides", SECTION,
            {"en": english + "{splits:counted} from different seeds find nearly the same two "
                   "(agreement {agreement} of 1).",
             "fr": french + "{splits:counted} à partir de graines différentes trouvent presque "
                   "les deux mêmes (concordance {agreement} sur 1)."},
            numbers, [Condition("agreement of the splits", agreement, "≥", least)], **told,
        ),
        Claim(
            "sides", SECTION,
            {"en": english + "{splits:counted} from different seeds agree to {agreement} of 1 "
                   "only: who stands between the camps depends on the seed.",
             "fr": french + "{splits:counted} à partir de graines différentes ne concordent qu’à "
                   "{agreement} sur 1 : la place des comptes situés entre les camps dépend de "
                   "la graine."},
            numbers, [Condition("agreement of the splits", agreement, "<", least)], **told,
        ),
    )  # fmt: skip


def _who(world: World, camp: int) -> Claim | None:
    """Return a camp's public actors that are retweeted most; None where it has none."""
    assert world.sides is not None  # noqa: S101  the caller looked
    names, acts = _public_in(world, world.sides, camp)
    if not names:
        return None
    told = {language: listed(names, language) for language in ("en", "fr")}
    several = {
        "en": "In {camp} the public actors retweeted most are {names}, with {acts:counted} "
              "altogether.",
        "fr": "Dans le {camp}, les acteurs publics les plus retweetés sont {names}, avec "
              "{acts:counted} au total.",
    }  # fmt: skip
    single = {
        "en": "In {camp} only one public actor is retweeted, {names}, with {acts:counted}.",
        "fr": "Dans le {camp}, un seul acteur public est retweeté, {names}, avec {acts:counted}.",
    }
    numbers = {"camp": Amount(CAMPS[camp], "name"), "names": Amount(told, "names"),
               "acts": Amount(acts, "retweets")}  # fmt: skip
    return chosen(*(
        Claim(f"who_{'ab'[camp]}", "camps_who", sentence, numbers,
              [Condition("public actors retweeted", len(names), relation, 1)],
              value=acts, unit="retweets")
        for sentence, relation in ((single, "="), (several, ">"))
    ))  # fmt: skip


def _public_in(world: World, parts: Partition, label: int) -> tuple[list[str], int]:
    """Return the public actors of a part that are retweeted most, and how often they are."""
    graph = world.graphs["retweet"]
    received = graph.without_self_loops().in_strength()
    public = np.isin(graph.accounts.astype(str), sorted(world.subject.public.ids))
    inside = np.flatnonzero(public & (parts.labels == label) & (received > 0))
    first = inside[np.argsort(-received[inside], kind="stable")][:TOLD]
    names = [world.subject.label(str(graph.accounts[i])) for i in first.tolist()]
    return names, round(float(received[first].sum()))


def sheets(world: World) -> list[Sheet]:
    """Return the largest communities."""
    if world.about is None or world.communities is None:
        return []
    rows = []
    for row in records(world.about.communities):
        if row.accounts < world.config.smallest:
            continue
        names, _ = _public_in(world, world.communities.partition, int(row.community))
        rows.append([
            int(row.community) + 1, int(row.accounts), round(row.inside), round(row.outgoing),
            round(row.incoming), _terms(world, int(row.community)), ", ".join(names) or None,
        ])  # fmt: skip
    return [Sheet(
        "communities",
        [column("community", "rank", "no.", "n°"),
         column("accounts", "accounts", "accounts", "comptes"),
         column("inside", "retweets", "inside", "internes"),
         column("outgoing", "retweets", "of others", "des autres"),
         column("incoming", "retweets", "by others", "par d’autres"),
         column("terms", "name", "clear terms", "termes distinctifs"),
         column("public_actors", "name", "public actors", "acteurs publics")],
        rows,
        {"en": "The largest communities of the retweets: retweets inside them, of other accounts, "
               "and by other accounts. Terms are hashtags and domains that tell a community from "
               "the others beyond chance; a dash where none does.",
         "fr": "Les plus grandes communautés des retweets : retweets internes, de comptes "
               "extérieurs et par des comptes extérieurs. Les termes sont les hashtags et les "
               "domaines qui distinguent une communauté des autres au-delà du hasard ; un tiret "
               "quand il n’y en a pas."},
        behind_graph(world, "retweet",
                     command(world, "communities --consensus --describe",
                             runs=world.config.searches, seed=world.config.seed)),
    )] if rows else []  # fmt: skip


def _terms(world: World, community: int) -> str | None:
    """Return the clear hashtags and domains of a community that name nobody."""
    assert world.about is not None  # noqa: S101  the caller looked
    terms = world.about.terms
    mine = terms[(terms["community"] == community) & terms["clear"].astype(bool)]
    shown: Sequence[str] = [
        ("#" if row.kind == "hashtag" else "") + str(row.term)
        for row in records(mine.sort_values("z", ascending=False, kind="stable"))
        if row.kind != "language" and world.subject.guard.shows_nobody(str(row.term))
    ]
    return ", ".join(shown[:TOLD]) or None


def drawings(world: World) -> list[Drawing]:
    """Return the network of the retweets, coloured by camp."""
    if world.sides is None or world.retweets is None:
        return []
    graph = world.retweets.largest_component()
    found = world.sides.restricted(graph)
    seed, label = world.config.seed, world.subject.label
    behind = _behind_drawn(world)
    placed = cache(lambda: layout(graph, seed=seed))
    posts = cache(lambda: posts_behind_edges(world.subject.corpus, graph))
    return [Drawing(
        "network",
        lambda: plotting.network(graph, colour=found, labels=label, layout=placed()), behind,
        lead={"en": "The camps of the retweets.", "fr": "Les camps des retweets."},
        html=lambda language: plotting.view(
            graph, colour=found, labels=label, layout=placed(), evidence=posts(),
            language=language,
        ).html(picture=False),
    )]  # fmt: skip


def _behind_drawn(world: World) -> Behind:
    """Return the posts behind the acts that are drawn: those of the largest component."""
    assert world.inside is not None  # noqa: S101  there are sides
    acts = world.inside
    return Behind(acts.posts or None, acts.first_ms, acts.last_ms,
                  command(world, "graph retweet --largest-component"))  # fmt: skip
