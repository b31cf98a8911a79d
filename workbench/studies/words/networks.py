"""A graph in words: what it holds, what an edge is, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.language import day, moment
from workbench.model.kinds import GRAPHS
from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.names import ACTS, FILTERS, LANGUAGE_NAMES, NETWORKS, NODES, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.model.graph import InteractionGraph

__all__ = ["filters_of", "of_graph"]

DAY_MS = 86_400_000
_NETWORK = Text("the network", "le réseau")
_ACTS = Text("{n:# act|# acts}", "{n:# interaction|# interactions}")
_HOLDS = Text(
    "{network} holds {parts}, which {edges:stands|stand} for {acts}{when}.",
    "{network} compte {parts}, soit {acts}{when}.",
)
_HOLDS_WITHOUT_ACTS = Text("{network} holds {parts}{when}.", "{network} compte {parts}{when}.")
_LINKS = Text("{edges:# edge|# edges}", "{edges:# lien|# liens}")
_EMPTY = Text(
    "{network} is empty: no act in the data meets the choices made{when}, so nothing can be said "
    "about it.",
    "{network} est vide : aucune interaction des données ne répond aux choix faits{when}, et rien "
    "ne peut donc en être dit.",
)
_WINDOW = {
    "both": Text(" from {since} until {until} (end excluded)", " du {since} au {until} (exclu)"),
    "since": Text(" from {since} on", " à partir du {since}"),
    "until": Text(" until {until} (end excluded)", " jusqu'au {until} (exclu)"),
    "acts": Text(" between {since} and {until}", " entre le {since} et le {until}"),
    "day": Text(" on {since}", " le {since}"),
}
_EDGES = {
    "retweet": Text(
        "An edge leads from the account that retweets to the account retweeted (reposts, boosts "
        "and forwards count as retweets).",
        "Un lien va du compte qui retweete vers le compte retweeté (republications, boosts et "
        "transferts comptent comme retweets).",
    ),
    "quote": Text(
        "An edge leads from the account that quotes to the account quoted.",
        "Un lien va du compte qui cite vers le compte cité.",
    ),
    "reply": Text(
        "An edge leads from the account that replies to the account it replies to.",
        "Un lien va du compte qui répond vers celui auquel il répond.",
    ),
    "mention": Text(
        "An edge leads from the account that mentions to the account mentioned.",
        "Un lien va du compte qui mentionne vers le compte mentionné.",
    ),
    "bipartite": Text(
        "An edge leads from an account to what it used.", "Un lien va d'un compte vers ce qu'il "
        "a utilisé.",
    ),
    "projection": Text(
        "An edge joins two accounts that used the same things, and weighs how many of them.",
        "Un lien unit deux comptes qui ont utilisé les mêmes éléments ; son poids en est le "
        "nombre.",
    ),
    "cooccurrence": Text(
        "An edge joins two hashtags, and weighs how many posts carry both.",
        "Un lien unit deux hashtags ; son poids est le nombre de messages portant les deux.",
    ),
}  # fmt: skip
_LOOPS = Text(
    "{n:# account acts upon itself|# accounts act upon themselves} ({acts}).",
    "{n:# compte interagit avec lui-même|# comptes interagissent avec eux-mêmes} ({acts}).",
)
_PART = Text(
    "The largest connected part of the network holds {share:%} of its {nodes}.",
    "La plus grande partie connexe du réseau réunit {share:%} de ses {nodes}.",
)
_ONE_PART = Text("The network is of one piece.", "Le réseau est d'un seul tenant.")
_MEMBERS = (Text("accounts", "comptes"), Text("nodes", "nœuds"))
_ONLY = Text("The network was limited to: {filters}.", "Le réseau a été restreint à : {filters}.")
_ORIGINS = Text("Mentions count that are {origins}.", "Sont comptées les mentions {origins}.")
_UNRESOLVED = Text(
    "{n:# act is|# acts are} left out because the data do not say whom {n:it was|they were} upon "
    "or by.",
    "{n:# interaction est écartée|# interactions sont écartées}, faute de savoir de qui "
    "{n:elle vient|elles viennent} ou vers qui {n:elle va|elles vont}.",
)
_OUTSIDE = Text(
    "{n:# account|# accounts} outside the largest connected part {n:was|were} left out.",
    "{n:# compte extérieur|# comptes extérieurs} à la plus grande partie connexe {n:a été "
    "écarté|ont été écartés}.",
)
_OBJECTS = Text(
    "{n:# object|# objects} used by too many accounts {n:was|were} left out.",
    "{n:# objet utilisé|# objets utilisés} par trop de comptes {n:a été écarté|ont été écartés}.",
)
_UNDATED = Text("The data do not date it.", "Les données ne permettent pas de le dater.")
_LIMITS = {
    "interaction": Text(
        "Edges are public acts in the data collected: they do not show who read a post, or who "
        "agreed with it.",
        "Les liens sont des interactions publiques, présentes dans les données recueillies : ils "
        "ne disent ni qui a lu un message, ni qui l'approuve.",
    ),
    "bipartite": Text(
        "Edges show what was used, not why.",
        "Les liens disent ce qui a été utilisé, non pourquoi.",
    ),
    "projection": Text(
        "To have used the same things is not by itself a sign of agreement, or of coordination.",
        "Avoir utilisé les mêmes éléments n'est en soi un signe ni d'accord ni de coordination.",
    ),
    "cooccurrence": Text(
        "Hashtags that stand together need not mean the same to those who used them.",
        "Des hashtags employés ensemble n'ont pas nécessairement le même sens pour tous.",
    ),
}
#: Filters in the order in which they are told.
_TOLD = (
    "lang", "hashtag", "text", "accounts", "max_accounts", "min_weight",
    "largest_component", "backbone",
)  # fmt: skip


def of_graph(graph: InteractionGraph, language: str = "en") -> str:
    """Return what a graph holds, in prose.

    Accounts, edges and acts with their time, what an edge is, acts upon oneself, the share of the
    largest connected part, filters, what was left out, and what edges do not show.

    Parameters
    ----------
    language
        ``en`` or ``fr``.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    network = voice.say(NETWORKS.get(graph.kind, _NETWORK))
    when = _when(graph, voice)
    if not graph.nodes:
        return paragraph([voice.say(_EMPTY, network=network, when=when)])
    family = GRAPHS[graph.kind].family if graph.kind in GRAPHS else "interaction"
    said = [
        _size(graph, voice, network=network, when=when, family=family),
        voice.say(_EDGES[graph.kind if graph.kind in _EDGES else family])
        if graph.kind in GRAPHS
        else "",
    ]
    if graph.self_loops:
        acts = _acts(graph.kind, graph.self_loop_weight, voice)
        said.append(voice.say(_LOOPS, n=graph.self_loops, acts=acts))
    said.append(_connected(graph, voice))
    said += _left_out(graph.choices, voice)
    if not when:
        said.append(voice.say(_UNDATED))
    said.append(voice.say(_LIMITS[family]))
    return paragraph(said)


def _size(graph: InteractionGraph, voice: Voice, *, network: str, when: str, family: str) -> str:
    """Return the sentence of nodes, edges and acts; shared things are no acts."""
    template = _HOLDS if family == "interaction" else _HOLDS_WITHOUT_ACTS
    return voice.say(
        template,
        network=network,
        parts=[*_nodes(graph, voice), voice.say(_LINKS, edges=graph.edges)],
        edges=graph.edges,
        acts=_acts(graph.kind, graph.total_weight, voice),
        when=when,
    )


def _nodes(graph: InteractionGraph, voice: Voice) -> list[str]:
    """Return how many nodes of each sort there are."""
    if graph.parts is not None:
        objects = int((graph.parts == 1).sum())
        counts = {"account": graph.nodes - objects, GRAPHS[graph.kind].base: objects}
    else:
        about = GRAPHS.get(graph.kind)
        sort = about.base if about is not None and about.family == "cooccurrence" else "account"
        counts = {sort: graph.nodes}
    return [voice.say(NODES[sort], n=n) for sort, n in counts.items()]


def _acts(kind: str, weight: float, voice: Voice) -> str:
    return voice.say(ACTS.get(kind, _ACTS), n=weight)


def _connected(graph: InteractionGraph, voice: Voice) -> str:
    """Return how much of the network hangs together."""
    largest = int(np.bincount(graph.components())[0])
    if largest == graph.nodes:
        return voice.say(_ONE_PART) if graph.nodes > 1 else ""
    of_accounts = graph.parts is None and graph.kind != "hashtag_network"
    members = voice.say(_MEMBERS[0 if of_accounts else 1])
    return voice.say(_PART, share=largest / graph.nodes, nodes=members)


def _when(graph: InteractionGraph, voice: Voice) -> str:
    """Return the window of a graph, else the days of its first and last act."""
    since, until = graph.window
    if since is not None or until is not None:
        bounds = "both" if None not in {since, until} else "since" if until is None else "until"
        return voice.say(
            _WINDOW[bounds], since=_instant(since, voice), until=_instant(until, voice)
        )
    if graph.first_ms is None or graph.last_ms is None:
        return ""
    days = [_day(ms, voice) for ms in (graph.first_ms, graph.last_ms)]
    if days[0] == days[1]:
        return voice.say(_WINDOW["day"], since=days[0])
    return voice.say(_WINDOW["acts"], since=days[0], until=days[1])


def _instant(ms: int | None, voice: Voice) -> str:
    """Return an instant as a day where it is midnight (UTC)."""
    if ms is None:
        return ""
    return _day(ms, voice) if ms % DAY_MS == 0 else moment(ms, voice.language)


def _day(ms: int, voice: Voice) -> str:
    from datetime import UTC, datetime

    return day(datetime.fromtimestamp(ms // 1000, tz=UTC).date(), voice.language)


def _left_out(choices: Mapping[str, Any], voice: Voice) -> Iterator[str]:
    """Yield what the graph was limited to, and what was left out and counted."""
    if choices.get("origin"):
        origins = [o for o in str(choices["origin"]).split(",") if o in ORIGINS]
        yield voice.say(_ORIGINS, origins=[voice.say(ORIGINS[o]) for o in origins])
    filters = filters_of(choices, voice)
    if filters:
        yield voice.say(_ONLY, filters=filters)
    for name, text in (
        ("unresolved", _UNRESOLVED),
        ("outside_component", _OUTSIDE),
        ("objects_left_out", _OBJECTS),
    ):
        if choices.get(name):
            yield voice.say(text, n=int(choices[name]))


def filters_of(choices: Mapping[str, Any], voice: Voice) -> list[str]:
    """Return what the choices behind a graph limited it to, a phrase each."""
    return [
        voice.say(FILTERS[name], v=_filter_value(name, choices[name], voice))
        for name in _TOLD
        if choices.get(name) not in {None, False}
    ]


def _filter_value(name: str, value: Any, voice: Voice) -> Any:
    """Return the value of a filter as it is read."""
    if name == "lang" and value in LANGUAGE_NAMES:
        return voice.say(LANGUAGE_NAMES[value])
    return value
