"""Who is amplified: ranks with their intervals, and how few receive how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench import plotting
from workbench.language import whole
from workbench.studies.claims import Amount, Claim, Condition, chosen
from workbench.studies.crisis_brief.common import (
    KIND_NAMES,
    column,
    command,
    records,
    share,
)
from workbench.studies.curated import Behind, Drawing, Sheet

if TYPE_CHECKING:
    from workbench.studies.crisis_brief.world import World

__all__ = ["claims", "drawings", "sheets"]

SECTION = "amplified"
WITHHELD = {"en": "(withheld: it would name somebody)", "fr": "(retenu : il nommerait quelqu’un)"}


def claims(world: World) -> list[Claim]:
    """Return what is said of attention."""
    told = []
    if world.ranking is not None and world.ranking.accounts:
        told += [_first(world), _single(world)]
    if world.concentration is not None:
        told += _concentration(world)
    if world.ranking is not None and world.subject.public.ids:
        told.append(_public(world))
    return told


def _kind(world: World) -> Amount:
    return Amount(KIND_NAMES[world.ranked or "retweet"], "word")


def _first(world: World) -> Claim:
    """Return who is acted upon most, and how sure that is; whoever shares the place is counted."""
    row = world.ranking.to_pandas().iloc[0]  # type: ignore[union-attr]
    low, high = int(row["rank_low"]), int(row["rank_high"])
    received = world.graphs[world.ranked or "retweet"].without_self_loops().in_strength()
    tied = int((received == received.max()).sum())
    numbers = {
        "kind": _kind(world), "name": Amount(world.subject.label(str(row["account"])), "name"),
        "acts": Amount(round(row["in_strength"]), "acts"),
        "amplifiers": Amount(round(row["unique_amplifiers"]), "accounts"),
        "resamples": Amount(world.config.bootstrap, "resamples"),
    }  # fmt: skip
    english = "The account that receives most {kind} is {name}: {acts}, from {amplifiers:counted}; "
    french = (
        "Le compte qui reçoit le plus de {kind} est {name} : {acts}, venant de "
        "{amplifiers:counted} ; "
    )
    told: dict[str, Any] = {"value": int(row["rank"]), "low": low, "high": high, "finding": True,
                            "unit": "rank"}  # fmt: skip
    alone = Condition("accounts that receive as many", tied, "=", 1)
    return chosen(
        Claim(
            "first", SECTION,
            {"en": english + "the 95% interval of its rank, from {resamples:counted} of the "
                   "amplifiers, is rank 1 alone.",
             "fr": french + "l’intervalle à 95\u00a0% de son rang, d’après {resamples:counted} des "
                   "amplificateurs, se réduit au rang 1."},
            numbers, [alone, Condition("high end of its rank", high, "=", 1)], **told,
        ),
        Claim(
            "first", SECTION,
            {"en": english + "the 95% interval of its rank, from {resamples:counted} of the "
                   "amplifiers, is {low} to {high}.",
             "fr": french + "l’intervalle à 95\u00a0% de son rang, d’après {resamples:counted} des "
                   "amplificateurs, va de {low} à {high}."},
            {**numbers, "low": Amount(low, "rank"), "high": Amount(high, "rank")},
            [alone, Condition("high end of its rank", high, ">", 1)], **told,
        ),
        Claim(
            "first", SECTION,
            {"en": "No account receives most {kind} alone: {tied} receive {acts} each.",
             "fr": "Aucun compte ne reçoit à lui seul le plus de {kind} : {tied} en reçoivent "
                   "{acts} chacun."},
            {"kind": numbers["kind"], "acts": numbers["acts"], "tied": Amount(tied, "accounts")},
            [Condition("accounts that receive as many", tied, ">", 1)], **told,
        ),
    )  # fmt: skip


def _single(world: World) -> Claim:
    """Return how many of the ranks that are shown have an interval of one rank."""
    rows = world.ranking.to_pandas()  # type: ignore[union-attr]
    single = int((rows["rank_low"] == rows["rank_high"]).sum())
    numbers = {"single": Amount(single, "accounts"), "shown": Amount(len(rows), "accounts")}
    return chosen(
        Claim(
            "ranks", SECTION,
            {"en": "The 95% interval of the rank is a single rank for {single} of the {shown} "
                   "accounts shown; the others could stand elsewhere, so their order is no "
                   "finding.",
             "fr": "L’intervalle à 95 % du rang se réduit à un seul rang pour {single} des {shown} "
                   "comptes présentés ; les autres pourraient être classés ailleurs : leur ordre "
                   "n’est pas un résultat."},
            numbers, [Condition("ranks with an interval of one rank", single, "<", len(rows))],
            value=single, unit="accounts",
        ),
        Claim(
            "ranks", SECTION,
            {"en": "The 95% interval of the rank is a single rank for each of the accounts shown "
                   "({single} of {shown}).",
             "fr": "L’intervalle à 95 % du rang se réduit à un seul rang pour chacun des comptes "
                   "présentés ({single} sur {shown})."},
            numbers, [Condition("ranks with an interval of one rank", single, "=", len(rows))],
            value=single, unit="accounts",
        ),
    )  # fmt: skip


def _concentration(world: World) -> list[Claim]:
    """Return the share of the first accounts; nothing where no others receive any."""
    graph = world.graphs[world.ranked or "retweet"].without_self_loops()
    others = int(np.count_nonzero(graph.in_strength())) - world.config.top
    if others <= 0:
        return []
    rows = world.concentration.rows  # type: ignore[union-attr]
    row = rows[(rows["quantity"] == f"top_{world.config.top}")].iloc[0]
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    return [Claim(
        "concentration", SECTION,
        {"en": "The {top} accounts acted upon most receive {part} of all {kind} (95% interval "
               "{low} to {high}).",
         "fr": "Les {top} comptes les plus visés reçoivent {part} des {kind} (intervalle à "
               "95\u00a0% : {low} à {high})."},
        {"top": Amount(int(row["k"]), "accounts"), "part": share(value), "low": share(low),
         "high": share(high), "kind": _kind(world)},
        [Condition("other accounts acted upon", others, ">", 0),
         Condition("low end of the interval, beside the value", low, "≤", value),
         Condition("high end of the interval, beside the value", high, "≥", value)],
        value=value, low=low, high=high, unit="share",
    )]  # fmt: skip


def _public(world: World) -> Claim:
    """Return what accounts on the list of public actors receive."""
    graph = world.graphs[world.ranked or "retweet"].without_self_loops()
    received = graph.in_strength()
    public = np.isin(graph.accounts.astype(str), sorted(world.subject.public.ids))
    part, even = float(received[public].sum() / received.sum()), float(public.mean())
    english = "The public actors of the list ({public:counted} in this graph) receive {part} of "
    french = "Les acteurs publics de la liste ({public:counted} dans ce graphe) reçoivent {part} "
    numbers = {"public": Amount(int(public.sum()), "accounts"), "part": share(part),
               "kind": _kind(world), "even": share(even)}  # fmt: skip
    beside = "share received by the public actors, beside their share of the accounts"
    return chosen(*(
        Claim(
            "public_actors", SECTION,
            {"en": f"{english}its {{kind}}, {en} their share of the accounts ({{even}}).",
             "fr": f"{french}de ses {{kind}}, {fr} leur part des comptes ({{even}})."},
            numbers, [Condition(beside, part, relation, even)], value=part, unit="share",
        )
        for en, fr, relation in (("more than", "plus que", ">"), ("no more than", "pas plus que",
                                                                   "≤"))
    ))  # fmt: skip


def sheets(world: World) -> list[Sheet]:
    """Return the ranking, and the public actors’ posts that were retweeted most."""
    told = []
    if world.ranking is not None and world.ranking.accounts:
        told.append(_ranking(world))
    if world.quoted is not None and len(world.quoted):
        told.append(_posts(world))
    return told


def _behind_ranking(world: World, by: str) -> Behind:
    found, kind = world.upon_ranked, world.ranked or "retweet"
    assert world.ranking is not None and found is not None  # noqa: PT018, S101  the callers looked
    typed = command(world, "influence", kind=kind, by=by, top=len(world.ranking.accounts),
                    bootstrap=world.config.bootstrap, seed=world.config.seed)  # fmt: skip
    return Behind(found.posts or None, found.first_ms, found.last_ms, typed)


def _ranking(world: World) -> Sheet:
    public = world.subject.public.ids
    rows: list[list[Any]] = [
        [int(row.rank), int(row.rank_low), int(row.rank_high), world.subject.label(row.account),
         row.account in public, round(row.in_strength), round(row.unique_amplifiers),
         float(row.pagerank)]
        for row in records(world.ranking.to_pandas())  # type: ignore[union-attr]
    ]  # fmt: skip
    kinds, bootstrap = KIND_NAMES[world.ranked or "retweet"], world.config.bootstrap
    return Sheet(
        "amplified",
        [column("rank", "rank", "rank", "rang"), column("rank_low", "rank", "low", "bas"),
         column("rank_high", "rank", "high", "haut"),
         column("account", "name", "account", "compte"),
         column("public_actor", "boolean", "public actor", "acteur public"),
         column("received", "acts", "received", "reçus"),
         column("amplifiers", "accounts", "by accounts", "amplificateurs"),
         column("pagerank", "pagerank", "PageRank", "PageRank", digits=4)],
        rows,
        {"en": f"The accounts that receive most {kinds['en']}, acts upon oneself left out. Low and "
               f"high are the 95% interval of the rank over {whole(bootstrap, 'en')} resamples of "
               "the accounts that act; between nearly equal scores they hold less often.",
         "fr": f"Les comptes qui reçoivent le plus de {kinds['fr']}, hors interactions envers "
               "soi-même. Bas et haut bornent le rang dans 95 % des "
               f"{whole(bootstrap, 'fr')} rééchantillonnages des comptes qui agissent ; entre "
               "scores presque égaux, ils valent moins souvent."},
        _behind_ranking(world, "in_strength,unique_amplifiers,pagerank"),
    )  # fmt: skip


def _posts(world: World) -> Sheet:
    """Return posts of public actors with their text: nobody else's is shown."""
    assert world.quoted is not None and world.subject.text is not None  # noqa: PT018, S101
    rows: list[list[Any]] = []
    for row in records(world.quoted):
        text = world.subject.text(str(row.text or ""), row.platform)
        shown = " ".join(text.split()) if world.subject.guard.quotable(text) else WITHHELD
        rows.append([world.subject.label(row.author_id), shown, int(row.accounts)])
    dated = world.quoted["created_ms"].dropna()
    first, last = (int(dated.min()), int(dated.max())) if len(dated) else (None, None)
    typed = "\n".join(command(world, "evidence", kind="retweet", account=author)
                      for author in world.quoted["author_id"].unique())  # fmt: skip
    return Sheet(
        "posts",
        [column("account", "name", "public actor", "acteur public"),
         column("text", "text", "post", "message"),
         column("accounts", "accounts", "retweeted by accounts", "comptes qui l’ont retweeté")],
        rows,
        {"en": "The posts of public actors that most accounts retweeted. Texts of nobody else are "
               "shown; whom a text mentions is a pseudonym.",
         "fr": "Les messages d’acteurs publics que le plus de comptes ont retweetés. Aucun autre "
               "texte n’est montré ; qui est mentionné dans un texte porte un pseudonyme."},
        Behind(len(rows), first, last, typed),
    )  # fmt: skip


def drawings(world: World) -> list[Drawing]:
    """Return the ranks with their intervals."""
    ranking, label = world.ranking, world.subject.label
    if ranking is None or not ranking.accounts:
        return []
    return [Drawing(
        "rank_intervals", lambda: plotting.rank_intervals(ranking, labels=label),
        _behind_ranking(world, "in_strength"), width=0.7,
    )]  # fmt: skip
