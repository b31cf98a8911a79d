"""A table of indices in words: how divided a network is, and what that does not mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.groups import method_name, named_sizes
from workbench.studies.words.hedges import (
    ENOUGH_COVERED,
    SMALL_SIDE,
    STEADY,
    Verdict,
    against_null,
    null_fails,
    rests_on_few,
    steady,
)
from workbench.studies.words.indices import NETWORK, NULLS, about_index, name_of
from workbench.studies.words.names import MEMBER, MEMBERS
from workbench.studies.words.networks import filters_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.model.index import IndexValue
    from workbench.polarisation.report import Report

__all__ = ["HEADLINES", "of_report"]

#: Indices of a table that are told with their numbers; the others are grouped by their verdict.
HEADLINES = ("random_walk_controversy", "ei_index", "assortativity")
#: With so many indices, each is told with its numbers.
FEW = 3
#: Of so many sides that are missing for the larger part, each is told.
MISSING_TOLD = 3
_BASIS = Text(
    "The indices look at {nodes:# {one}|# {many}} and {edges:# edge|# edges}, with {share:%} "
    "of the acts of this network.",
    "Les indices portent sur {nodes:# {one}|# {many}} et {edges:# lien|# liens}, soit {share:%} "
    "des interactions de ce réseau.",
)
_ACCOUNT, _ACCOUNTS = Text("account", "compte"), Text("accounts", "comptes")
_UNCOVERED = Text(
    "The other {share:%} of its acts are not covered by what follows.",
    "Ce qui suit ne dit rien des {share:%} restants de ses interactions.",
)
_FILTERED = Text(
    "Only acts that passed the filters are in this network ({filters}): those that did not are not "
    "counted in the share, nor covered by what follows.",
    "Ce réseau ne contient que les interactions retenues par les filtres ({filters}) : les autres "
    "n'entrent pas dans ce pourcentage, et ce qui suit n'en dit rien.",
)
_SIDES_FOUND = Text(
    "The {k:only side was|# sides were} found in the network itself by {method}: {sides}.",
    "{k:Le seul camp a été recherché|Les # camps ont été recherchés} dans le réseau lui-même, par "
    "{method} : {sides}.",
)
_MAKING = Text(
    "Sides that were searched in the network fit it by their making, so the values alone do not "
    "show a division.",
    "Des camps recherchés dans le réseau lui sont ajustés par construction : les valeurs seules ne "
    "démontrent pas une division.",
)
_SIDES_ELSEWHERE = Text(
    "The {k:only side was|# sides were} found by {method} in other acts than these: {sides}.",
    "{k:Le seul camp a été recherché|Les # camps ont été recherchés}, par {method}, dans d'autres "
    "interactions : {sides}.",
)
_SIDES_GIVEN = Text(
    "The {k:only side is|# sides are} known from outside the network: {sides}.",
    "{k:Le seul camp est connu|Les # camps sont connus} indépendamment du réseau : {sides}.",
)
_SMALL = Text(
    "The smallest side has {n:# {one}|# {many}}, so single {many} move the values.",
    "Le plus petit camp compte {n:# {one}|# {many}} : un seul {one} peut déplacer les valeurs.",
)
_MISSING = Text(
    "{n} of {total} accounts of {side} {n:is|are} outside the largest connected part of the "
    "network: {n:its|their} acts do not enter, so what follows is of that part alone and does not "
    "say how far {n:this account keeps|these accounts keep} apart.",
    "{n} des {total} comptes {side} {n:est extérieur|sont extérieurs} à la plus grande partie "
    "connexe du réseau : {n:ses|leurs} interactions n'entrent pas en compte, et ce qui suit, qui "
    "ne porte que sur cette partie, ne dit pas à quel point {n:ce compte reste|ces comptes "
    "restent} à l'écart.",
)
_SIDE = {
    True: Text("the side “{name}”", "du camp « {name} »"),
    False: Text("one of the sides", "d'un des camps"),
}
_MISSING_TOO = Text(
    "Of {k:# more side|# more sides} the larger part is outside it as well.",
    "La plus grande part de {k:# autre camp|# autres camps} lui est également extérieure.",
)
_DROPPED = Text(
    "{k:# more side has|# more sides have} no account in this network, and nothing is said of "
    "{k:it|them}.",
    "{k:# autre camp n'a|# autres camps n'ont} aucun compte dans ce réseau, et rien n'en est dit.",
)
_STEADY = {
    True: Text(
        "Searches with other random seeds agree to {a} (1 would be always the same sides).",
        "Des recherches avec d'autres graines aléatoires concordent à {a} (1 : toujours les mêmes "
        "camps).",
    ),
    False: Text(
        "Searches with other random seeds agree to {a} only (1 would be always the same sides): "
        "who stands on which side depends on the seed, and all that follows is to be read with "
        "that reserve.",
        "Des recherches avec d'autres graines aléatoires ne concordent qu'à {a} (1 : toujours les "
        "mêmes camps) : l'appartenance des comptes aux camps dépend de la graine, et tout ce qui "
        "suit est à lire avec cette réserve.",
    ),
}
_FAILS = {
    "lenient": Text(
        "The null model keeps sides that were searched in this very network, which is too lenient: "
        "nothing is claimed beside it.",
        "Le modèle nul garde des camps recherchés dans ce même réseau, ce qui est trop indulgent : "
        "rien n'en est conclu.",
    ),
    "stuck": Text(
        "Hardly any edge of this network can be exchanged ({a:%} of attempts), so the null model "
        "stays close to it: nothing is claimed beside it.",
        "Presque aucun lien de ce réseau ne peut être échangé ({a:%} des tentatives), et le modèle "
        "nul en reste proche : rien n'en est conclu.",
    ),
}
_NULL = Text(
    "The comparison with chance rests on {null}.",
    "La comparaison avec le hasard repose sur {null}.",
)
_NO_NULL = Text(
    "No comparison with random networks was made, so whether these values are more than chance "
    "gives is not known.",
    "Aucune comparaison avec des réseaux aléatoires n'a été faite : rien ne dit si ces valeurs "
    "sont plus que ce que donne le hasard.",
)
_GROUPS = {
    Verdict.MORE: Text(
        "{network} is more divided than these by {n} of {total:# index|# indices}{names}.",
        "{network} est plus divisé que ceux-ci selon {n:# indice|# indices} sur {total}{names}.",
    ),
    Verdict.LESS: Text(
        "{network} is less divided than these by {n} of {total:# index|# indices}{names}.",
        "{network} est moins divisé que ceux-ci selon {n:# indice|# indices} sur {total}{names}.",
    ),
    Verdict.UNTOLD: Text(
        "{network} cannot be told from these by {n} of {total:# index|# indices}{names}.",
        "{network} ne peut être distingué de ceux-ci selon {n:# indice|# indices} sur "
        "{total}{names}.",
    ),
    Verdict.COVERED: Text(
        "No difference is claimed by {n} of {total:# index|# indices}, whose interval contains "
        "what these give{names}.",
        "Aucun écart n'est affirmé selon {n:# indice|# indices} sur {total}, dont l'intervalle "
        "contient ce que donnent ceux-ci{names}.",
    ),
    Verdict.TOO_FEW: Text(
        "Too few of these networks could be used to judge {n} of {total:# index|# indices}{names}.",
        "Trop peu de ces réseaux ont pu servir à juger {n:# indice|# indices} sur {total}{names}.",
    ),
    Verdict.UNVARIED: Text(
        "These networks all agree, so no distance from chance can be given, by {n} of {total:# "
        "index|# indices}{names}.",
        "Ces réseaux concordent tous, de sorte qu'aucun écart au hasard ne peut être donné, selon "
        "{n:# indice|# indices} sur {total}{names}.",
    ),
    Verdict.UNDEFINED: Text(
        "Without a value here {n:is|are} {n} of {total:# index|# indices}{names}.",
        "{n:Est|Sont} sans valeur ici {n:# indice|# indices} sur {total}{names}.",
    ),
}
#: The largest group is told without names from so many on: the others name what it lacks.
MANY = 7
_THEIR_NAMES = Text(": {names}", " : {names}")
_DISAGREE = Text(
    "The indices do not agree, so none of them should be quoted alone.",
    "Les indices ne concordent pas : aucun ne devrait être cité seul.",
)
_FEW_ACCOUNTS = Text(
    "Without the {n:{one}|# {many}} of most contacts {name} would be {without}, more than half "
    "of the way to what these networks give.",
    "Sans {n:le {one} qui a|les # {many} qui ont} le plus de contacts, {name} vaudrait "
    "{without}, plus qu'à mi-chemin de ce que donnent ces réseaux.",
)
_CAUTION = Text(
    "More divided than chance is not the same as polarised: most topics pass this test, "
    "uncontroversial ones too; nor does it say why.",
    "Être plus divisé que ne le voudrait le hasard n'est pas être polarisé : la plupart des sujets "
    "franchissent ce seuil, même ceux qui ne font pas débat ; et le résultat ne dit pas pourquoi.",
)


def of_report(report: Report, language: str = "en") -> str:
    """Return what a table of indices says together, in prose.

    What it looks at, the sides, how sure they are and whether most of one is missing, the null
    model, the indices by what may be claimed of them, the headline ones with their numbers, and
    what the result does not mean.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    fails = null_fails(report.null, found=report.sides["origin"] == "found")
    compared = bool(report.null.get("runs"))
    missing = _missing(report)
    said = [*_basis(report, voice), *_sides(report, voice), *_about_missing(report, missing, voice)]
    if compared:
        null = voice.say(NULLS[report.null["kind"]], runs=int(report.null["runs"]))
        said.append(voice.say(_NULL, null=null))
    else:
        said.append(voice.say(_NO_NULL))
    if fails:
        said.append(voice.say(_FAILS[fails], a=report.null.get("acceptance")))
    verdicts = {index.name: against_null(index, fit=not fails) for index in report.indices}
    if len(report.indices) > FEW:
        said += _grouped(report, verdicts, voice, whole=not missing)
    for index in _headlines(report):
        said += about_index(
            index, voice, null="these", fit=not fails, alone=False, whole=not missing
        )
        if verdicts[index.name] is Verdict.MORE:
            said += _without_top(report, index, voice)
    if Verdict.MORE in verdicts.values():
        said.append(voice.say(_CAUTION))
    return paragraph(said)


def _headlines(report: Report) -> list[IndexValue]:
    """Return the indices that are told with their numbers."""
    if len(report.indices) <= FEW:
        return list(report.indices)
    return [i for i in report.indices if i.name in HEADLINES and i.value is not None]


def _basis(report: Report, voice: Voice) -> list[str]:
    """Return what the indices look at, and what they leave out."""
    graph, share = report.graph, report.graph.get("share_of_weight")
    nodes = {"nodes": graph["nodes"], **_members(report, voice)}
    said = [voice.say(_BASIS, **nodes, edges=graph["edges"], share=share)]
    if share is not None and share < ENOUGH_COVERED:
        said.append(voice.say(_UNCOVERED, share=1 - share))
    filters = filters_of(graph.get("choices", {}), voice)
    if filters:
        said.append(voice.say(_FILTERED, filters=filters))
    return said


def _missing(report: Report) -> list[tuple[str, int, int]]:
    """Return name, accounts outside and all accounts of sides that are outside for the most."""
    sides = report.sides
    rows = [
        *zip(sides["names"], sides["sizes"], sides.get("outside", ()), strict=False),
        *((name, 0, outside) for name, outside in _dropped(report)),
    ]
    missing = [(name, outside, size + outside) for name, size, outside in rows if outside > size]
    return sorted(missing, key=lambda row: -row[1])


def _dropped(report: Report) -> list[tuple[str, int]]:
    """Return the sides that do not enter at all, and how many accounts each has outside."""
    sides = report.sides
    return list(zip(sides.get("dropped", ()), sides.get("dropped_outside", ()), strict=False))


def _about_missing(
    report: Report, missing: list[tuple[str, int, int]], voice: Voice
) -> Iterator[str]:
    """Yield what is said of sides that do not enter, or for the lesser part only."""
    given = report.sides["origin"] == "given" and "found_in" not in report.sides
    for name, n, total in missing[:MISSING_TOLD]:
        side = voice.say(_SIDE[given], name=name)
        yield voice.say(_MISSING, n=n, total=total, side=side)
    if missing[MISSING_TOLD:]:
        yield voice.say(_MISSING_TOO, k=len(missing) - MISSING_TOLD)
    absent = [name for name, outside in _dropped(report) if not outside]
    if absent:
        yield voice.say(_DROPPED, k=len(absent))


def _members(report: Report, voice: Voice) -> dict[str, str]:
    """Return what the nodes of the graph are, one and many."""
    kind = report.graph.get("kind", "")
    one, many = MEMBER.get(kind, _ACCOUNT), MEMBERS.get(kind, _ACCOUNTS)
    return {"one": voice.say(one), "many": voice.say(many)}


def _sides(report: Report, voice: Voice) -> list[str]:
    """Return what the sides are, how sure they are, and whether one is small."""
    sides = report.sides
    found = sides["origin"] == "found"
    sizes, elsewhere = list(sides["sizes"]), "found_in" in sides
    told: list[Any] = sizes
    template = _SIDES_ELSEWHERE if elsewhere else _SIDES_FOUND
    if not found and not elsewhere:
        told, template = named_sizes(sides["names"], sizes, voice), _SIDES_GIVEN
    method = method_name(sides["method"], voice)
    said = [voice.say(template, k=len(sizes), method=method, sides=told)]
    stability = report.stability or {}
    agreement = stability.get("agreement", sides.get("agreement"))
    sure = steady(agreement)
    if sure is not None:
        said.append(voice.say(_STEADY[sure], a=voice.figure(agreement, STEADY, 1)))
    if found:
        said.append(voice.say(_MAKING))
    if sizes and min(sizes) < SMALL_SIDE:
        said.append(voice.say(_SMALL, n=int(min(sizes)), **_members(report, voice)))
    return said


def _grouped(
    report: Report, verdicts: dict[str, Verdict], voice: Voice, *, whole: bool
) -> list[str]:
    """Return the indices by what may be claimed of each, and whether they agree."""
    said, total = [], len(report.indices)
    network = voice.say(NETWORK[whole])
    groups = {v: [i for i in report.indices if verdicts[i.name] is v] for v in _GROUPS}
    largest = max(groups, key=lambda verdict: len(groups[verdict]))
    for verdict, members in groups.items():
        names = voice.say(_THEIR_NAMES, names=[name_of(index, voice) for index in members])
        if verdict is largest and len(members) >= MANY:
            names = ""
        if members:
            said.append(
                voice.say(
                    _GROUPS[verdict], n=len(members), total=total, names=names, network=network
                )
            )
    others = {Verdict.LESS, Verdict.UNTOLD, Verdict.COVERED} & set(verdicts.values())
    if Verdict.MORE in verdicts.values() and others:
        said.append(voice.say(_DISAGREE))
    return said


def _without_top(report: Report, index: IndexValue, voice: Voice) -> list[str]:
    """Return whether what is claimed of an index rests on its most connected accounts."""
    rows = {row["name"]: row for row in report.sensitivity.get("indices", ())}
    without = rows.get(index.name, {}).get("without")
    if not rests_on_few(index, without):
        return []
    return [
        voice.say(
            _FEW_ACCOUNTS,
            n=int(report.sensitivity["left_out"]),
            name=name_of(index, voice),
            without=voice.figure(without, index.value, index.null_mean),
            **_members(report, voice),
        )
    ]
