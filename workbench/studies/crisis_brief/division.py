"""How divided: indices of the camps beside random graphs, on retweets and on what contests them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench import plotting
from workbench.language import listed, percent, whole
from workbench.studies.claims import Amount, Claim, Condition, chosen
from workbench.studies.crisis_brief.common import (
    KIND_NAMES,
    behind_camps,
    behind_kinds,
    column,
    command,
    kind_cell,
    share,
)
from workbench.studies.curated import Drawing, Sheet

if TYPE_CHECKING:
    from workbench.model import IndexValue
    from workbench.studies.crisis_brief.world import Config, World

__all__ = ["claims", "compared", "drawings", "excess", "headline_of", "left_out", "sheets"]

SECTION = "division"
#: In English, in French, and with the French article.
INDEX_NAMES = {
    "random_walk_controversy": ("random-walk controversy", "controverse par marche aléatoire",
                                "la "),
    "dipole_polarisation": ("dipole polarisation", "polarisation dipolaire", "la "),
    "ei_index": ("E–I index", "indice E–I", "l’"),
    "modularity": ("modularity", "modularité", "la "),
    "exposure_diversity": ("exposure diversity", "diversité d’exposition", "la "),
}  # fmt: skip


def excess(index: IndexValue) -> float | None:
    """Return how many standard deviations an index is beyond its null towards divided."""
    if index.z is None:
        return None
    return index.z if index.divided_is == "high" else -index.z


def _different(index: IndexValue, config: Config, *, less: bool = False) -> list[Condition]:
    """Return the conditions under which an index differs from its null, towards divided or not."""
    beyond = excess(index)
    if less:
        return [Condition("standard deviations beyond chance", beyond, "≤", -config.z)]
    if index.p is not None:
        return [Condition("p of more divided than chance", index.p, "≤", config.alpha)]
    return [Condition("standard deviations beyond chance", beyond, "≥", config.z)]


def _alike(index: IndexValue, config: Config) -> list[Condition]:
    """Return the conditions under which an index cannot be told from its null."""
    beyond = excess(index)
    least = Condition("standard deviations beyond chance", beyond, ">", -config.z)
    if index.p is not None:
        return [least, Condition("p of more divided than chance", index.p, ">", config.alpha)]
    return [least, Condition("standard deviations beyond chance", beyond, "<", config.z)]


def claims(world: World) -> list[Claim]:
    """Return what is said of division."""
    index = world.headline()
    if index is None:
        return []
    return [_headline(world, index), _indices(world), *_crosstalk(world)]


def _headline(world: World, index: IndexValue) -> Claim:
    """Return whether the retweets are more divided than chance, by the index that leads."""
    config = world.config
    english_name, french_name, article = _names(index)
    numbers = {
        "index": Amount({"en": english_name, "fr": article + french_name}, "word"),
        "value": Amount(index.value, "index"),
        "null": Amount(index.null_mean, "index"),
        "runs": Amount(index.runs, "graphs"),
        "z": Amount(abs(excess(index) or 0.0), "standard deviations", 1),
    }
    english = (
        "{index} is {value}{interval} where {runs:counted} with the same degrees give {null} on "
        "average, {z} {deviations} towards {end} division{test}. "
    )
    french = (
        "{index} vaut {value}{interval}, quand {runs:counted} de mêmes degrés donnent {null} en "
        "moyenne, soit {z} {deviations} vers {end} de division{test}. "
    )
    numbers |= {"interval": _interval(index), "end": _end(index), "deviations": _deviations(index)}
    told: dict[str, Any] = {"value": index.value, "low": index.low, "high": index.high,
                            "finding": True,
            "unit": index.name}  # fmt: skip
    near, relation = (index.low, ">") if index.divided_is == "high" else (index.high, "<")
    more = _different(index, config)
    weak = [Condition("the near end of the interval, beside the null mean", near,
                      "≤" if relation == ">" else "≥", index.null_mean or 0.0)]  # fmt: skip
    clear = [Condition("the near end of the interval, beside the null mean", near, relation,
                       index.null_mean or 0.0)]  # fmt: skip
    verdicts = [
        ("The retweets fall into two camps that are more divided than chance: ",
         "Les retweets se partagent en deux camps plus divisés que ne le voudrait le hasard : ",
         "", "", [*more, *([] if near is None else clear)]),
        ("The retweets are more divided than chance, though not clearly: ",
         "Les retweets sont plus divisés que ne le voudrait le hasard, mais sans netteté : ",
         "The interval reaches what chance gives.",
         "L’intervalle atteint ce que donne le hasard.", [*more, *weak]),
        ("The retweets are no more divided than chance: ",
         "Les retweets ne sont pas plus divisés que ne le voudrait le hasard : ",
         "", "", _alike(index, config)),
        ("The retweets are less divided than chance: ",
         "Les retweets sont moins divisés que ne le voudrait le hasard : ",
         "", "", _different(index, config, less=True)),
    ]  # fmt: skip
    return chosen(*(
        Claim(
            "divided", SECTION,
            {"en": (en + english + en_after).strip(), "fr": (fr + french + fr_after).strip()},
            {**numbers, "test": _test(index, en)}, conditions, **told,
        )
        for en, fr, en_after, fr_after, conditions in verdicts
    ))  # fmt: skip


def _interval(index: IndexValue) -> Amount:
    """Return the interval in brackets, or nothing where there is none."""
    if index.low is None or index.high is None:
        return Amount({"en": "", "fr": ""}, "word")
    low, high = Amount(index.low, index.name), Amount(index.high, index.name)
    return Amount(
        {"en": f" (95% interval {low.written('en')} to {high.written('en')})",
         "fr": f" (intervalle à 95\u00a0% : {low.written('fr')} à {high.written('fr')})"}, "word",
    )  # fmt: skip


def _test(index: IndexValue, verdict: str) -> Amount:
    """Return the p-value after a comma, or nothing where there is none.

    The p is of more divided than chance: beside less divided it would mislead.
    """
    if index.p is None or "less divided" in verdict:
        return Amount({"en": "", "fr": ""}, "word")
    told = Amount(index.p, "p", 3)
    return Amount({language: f", p\u00a0=\u00a0{told.written(language)}" for language in
                   ("en", "fr")}, "word")  # fmt: skip


def _deviations(index: IndexValue) -> Amount:
    """Return the noun of a distance from chance: French has the singular below two."""
    single = round(abs(excess(index) or 0.0), 1) < 2
    return Amount({"en": "standard deviations", "fr": "écart type" if single else "écarts types"},
                  "word")  # fmt: skip


def _end(index: IndexValue) -> Amount:
    towards = (excess(index) or 0.0) >= 0
    return Amount({"en": "more" if towards else "less", "fr": "plus" if towards else "moins"},
                  "word")  # fmt: skip


def _indices(world: World) -> Claim:
    """Return on how many indices the retweets are more divided than chance."""
    assert world.report is not None  # noqa: S101  the caller looked
    known = [index for index in world.report.indices if index.z is not None]
    beyond = sum(all(c.holds for c in _different(index, world.config)) for index in known)
    numbers = {"beyond": Amount(beyond, "indices"), "all": Amount(len(known), "indices")}
    adjusted = world.nulls >= 199
    rule = (
        f"p ≤ {world.config.alpha}, adjusted for their number" if adjusted
        else f"{world.config.z:g} standard deviations or more beyond chance"
    )  # fmt: skip
    regle = (
        f"p ≤ {world.config.alpha}, ajusté pour leur nombre".replace("0.", "0,") if adjusted
        else f"au moins {world.config.z:g} écarts types au-delà du hasard".replace(".", ",")
    )  # fmt: skip
    verdicts = [
        ("On {beyond} of {all:counted} the retweets are", "Selon {beyond} des {all:counted},", ">"),
        ("On only {beyond} of {all:counted} are the retweets",
         "Selon seulement {beyond} des {all:counted},", "≤"),
    ]  # fmt: skip
    return chosen(*(
        Claim(
            "indices", SECTION,
            {"en": f"{en} more divided than random graphs of the same degrees ({rule}).",
             "fr": f"{fr} les retweets sont plus divisés que des graphes aléatoires de mêmes "
                   f"degrés ({regle})."},
            numbers, [Condition("indices beyond chance", beyond, relation, len(known) / 2)],
            value=beyond, unit="indices",
        )
        for en, fr, relation in verdicts
    ))  # fmt: skip


def compared(world: World) -> list[str]:
    """Return the other graphs of which enough accounts have a side."""
    if world.crosstalk is None:
        return []
    least = world.config.coverage
    return [
        kind for kind, told in world.crosstalk.coverage.items()
        if kind in world.crossing and (told["share"] or 0.0) >= least
    ]  # fmt: skip


def left_out(world: World, language: str) -> str:
    """Return the sentence that names the kinds not compared, after a space; empty without any."""
    known = set(compared(world))
    names = [KIND_NAMES[kind][language] for kind in world.crossing
             if kind != "retweet" and kind not in known]  # fmt: skip
    if not names:
        return ""
    least = percent(world.config.coverage, language, digits=0)
    told = listed(names, language)
    if language == "fr":
        return f" Sans comparaison, car moins de {least} de leurs comptes ont un camp : {told}."
    return f" Not compared, since less than {least} of their accounts have a camp: {told}."


def headline_of(world: World, kind: str) -> IndexValue | None:
    """Return on another graph the index that leads on the retweets, where it has a null there."""
    lead = world.headline()
    if lead is None or world.crosstalk is None:
        return None
    found = {index.name: index for index in world.crosstalk.indices[kind]}.get(lead.name)
    return found if found is not None and found.value is not None and found.z is not None else None


def _crosstalk(world: World) -> list[Claim]:
    """Return how the same camps deal with each other in replies, quotes and mentions."""
    told = []
    for kind in compared(world):
        index = headline_of(world, kind)
        if index is not None:
            told.append(_one_kind(world, kind, index))
    return told


def _one_kind(world: World, kind: str, index: IndexValue) -> Claim:
    config, crossing = world.config, world.crossing[kind]
    numbers = {
        "kind": Amount(KIND_NAMES[kind], "word"), "part": share(crossing.share),
        "value": Amount(index.value, "index"), "null": Amount(index.null_mean, "index"),
        "z": Amount(excess(index), "standard deviations", 1), "deviations": _deviations(index),
    }  # fmt: skip
    english = (
        "{part} of the {kind} between accounts of the camps cross from one to the other; there the "
        "same camps are {verdict} (index {value}, chance {null}, {z} {deviations}{test})."
    )
    french = (
        "{part} des {kind} entre comptes des camps vont de l’un à l’autre ; les mêmes camps "
        "{verdict} (indice {value}, hasard {null}, {z} {deviations}{test})."
    )
    verdicts = [
        ("more divided than chance", "y sont plus divisés que ne le voudrait le hasard",
         _different(index, config)),
        ("no more divided than chance", "n’y sont pas plus divisés que ne le voudrait le hasard",
         _alike(index, config)),
        ("less divided than chance, in closer touch than random graphs would have them",
         ("y sont moins divisés que ne le voudrait le hasard, plus en contact que dans des graphes "
          "aléatoires"),
         _different(index, config, less=True)),
    ]  # fmt: skip
    return chosen(*(
        Claim(
            f"divided_{kind}", "division_kinds",
            {"en": english.replace("{verdict}", en), "fr": french.replace("{verdict}", fr)},
            {**numbers, "test": _test(index, en)}, conditions, value=crossing.share, unit="share",
            finding=kind == "reply",
        )
        for en, fr, conditions in verdicts
    ))  # fmt: skip


def sheets(world: World) -> list[Sheet]:
    """Return the indices of the retweets, and the same camps on the other graphs."""
    if world.report is None:
        return []
    asked = command(world, "polarisation --split leiden", runs=world.nulls, seed=world.config.seed,
                    interval=_interval_kind(world))  # fmt: skip
    measures = " ".join(f"--measure {name}" for name in world.config.indices)
    told = [Sheet(
        "indices",
        [column("index", "name", "index", "indice"),
         column("value", "index", "value", "valeur"),
         column("low", "index", "95% low", "95 % bas"),
         column("high", "index", "95% high", "95 % haut"),
         column("null_mean", "index", "null mean", "moyenne du modèle nul"),
         column("null_sd", "index", "null sd", "écart type du modèle nul"),
         column("z", "standard deviations", "z", "z", digits=1),
         column("p", "p", "p", "p"),
         column("divided_is", "name", "divided is", "divisé si")],
        [[_named(i), i.value, i.low, i.high, i.null_mean, i.null_sd, i.z, i.p, _divided(i)]
         for i in world.report.indices],
        {"en": "Indices of the two camps in the retweets (undirected, unweighted, largest "
               f"component) beside {whole(world.nulls, 'en')} random graphs of the same degrees, "
               "in each of which camps were found again in the same way. z = (value − null mean) / "
               "null sd; p is one-sided towards divided and adjusted (Holm).",
         "fr": "Indices des deux camps dans les retweets (sans direction ni poids, plus grande "
               f"composante) à côté de {whole(world.nulls, 'fr')} graphes aléatoires de mêmes "
               "degrés, dans chacun desquels les camps ont été recherchés à nouveau de la même "
               "façon. z = (valeur − moyenne du modèle nul) / écart type du modèle nul ; "
               "p est unilatéral, vers la division, et ajusté (Holm)."},
        behind_camps(world, ["retweet"], f"{asked} {measures}"),
    )]  # fmt: skip
    return told + _crosstalk_sheet(world)


def _interval_kind(world: World) -> str:
    assert world.report is not None  # noqa: S101  the caller looked
    drawn = any(index.low is not None for index in world.report.indices)
    return "jackknife" if drawn else "none"


def _named(index: IndexValue) -> dict[str, str]:
    english, french, _ = _names(index)
    return {"en": english, "fr": french}


def _names(index: IndexValue) -> tuple[str, str, str]:
    plain = index.name.replace("_", " ")
    return INDEX_NAMES.get(index.name, (plain, plain, "l’indice "))


def _divided(index: IndexValue) -> dict[str, str]:
    return {"en": index.divided_is, "fr": "haut" if index.divided_is == "high" else "bas"}


def _crosstalk_sheet(world: World) -> list[Sheet]:
    if world.crosstalk is None or not world.crossing:
        return []
    rows, known = [], set(compared(world))
    for kind, crossed in world.crossing.items():
        if kind == "retweet":
            index, covered = world.headline(), _sided(world)
        else:
            index = headline_of(world, kind) if kind in known else None
            covered = world.crosstalk.coverage[kind]["share"]
        told = kind == "retweet" or kind in known
        rows.append([
            kind_cell(kind), covered, round(crossed.total),
            *((round(crossed.across), crossed.share) if told else (None, None)),
            *((index.value, index.null_mean, index.z, index.p) if index else (None,) * 4),
        ])  # fmt: skip
    lead = world.headline()
    name = _named(lead) if lead is not None else {"en": "index", "fr": "indice"}
    return [Sheet(
        "cross_talk",
        [column("kind", "name", "kind of act", "sorte"),
         column("covered", "share", "accounts with a camp", "comptes ayant un camp", digits=2),
         column("acts", "acts", "between camps’ accounts", "entre ces comptes"),
         column("across", "acts", "across", "d’un camp à l’autre"),
         column("share", "share", "share across", "part entre camps"),
         column("value", "index", "index", "indice"),
         column("null_mean", "index", "null mean", "moyenne du modèle nul"),
         column("z", "standard deviations", "z", "z", digits=1),
         column("p", "p", "p", "p")],
        rows,
        {"en": f"The same camps in every kind of act; the index is {name['en']}. In the retweets, "
               "where the camps were found, they are found again in each random graph; elsewhere "
               "they are kept." + left_out(world, "en"),
         "fr": f"Les mêmes camps dans chaque sorte d’interaction ; l’indice est : {name['fr']}. "
               "Dans les retweets, où les camps ont été trouvés, ils sont recherchés à nouveau "
               "dans chaque graphe aléatoire ; ailleurs ils sont gardés."
               + left_out(world, "fr")},
        behind_kinds(world, world.crossing),
    )]  # fmt: skip


def _sided(world: World) -> float | None:
    assert world.sides is not None  # noqa: S101  the caller looked
    return 1 - world.sides.unlabelled / len(world.sides.labels)


def drawings(world: World) -> list[Drawing]:
    """Return the index that leads among its random graphs."""
    index = world.headline()
    if index is None or world.report is None:
        return []
    samples = world.report.samples[index.name]
    asked = command(world, "polarisation --split leiden", measure=index.name, runs=world.nulls,
                    seed=world.config.seed, interval=_interval_kind(world))  # fmt: skip
    return [Drawing(
        "null_distribution", lambda: plotting.null_distribution(index, samples),
        behind_camps(world, ["retweet"], asked), width=0.5,
    )]  # fmt: skip
