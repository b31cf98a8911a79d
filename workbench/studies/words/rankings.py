"""A ranking in words: who is on top, how sure that is, and what it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.studies.words.grammar import Text, Voice, paragraph
from workbench.studies.words.hedges import contenders, holding
from workbench.studies.words.names import ACTS, ACTS_BY, INFLUENCE, NETWORKS, SCORES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from workbench.influence.ranking import Ranking
    from workbench.model.scores import NodeScores

    Labels = Callable[[str], str | None]

__all__ = ["of_ranking", "of_scores"]

#: So many accounts are named one by one.
NAMED = 5
#: Measures whose values add up to all acts, so that a share of the sum means something.
ADDITIVE = ("in_strength", "out_strength")
_RANKED = Text(
    "{where}{n:# account is|# accounts are} ranked by {measure}; {shown:# is|# are} shown.",
    "{where}{n:# compte est classé|# comptes sont classés} selon {measure} ; {shown:# est "
    "présenté|# sont présentés}.",
)
_NOBODY = Text(
    "No account has a value of {measure}, so there is no ranking.",
    "Aucun compte n'a de valeur pour ce critère ({measure}) : il n'y a pas de classement.",
)
_NOT_SHOWN = Text(
    "{n:# account has|# accounts have} a value of {measure}; none is shown.",
    "{n:# compte a|# comptes ont} une valeur pour ce critère ({measure}) ; aucun n'est présenté.",
)
_FIRST = Text("The first has {score}.", "Le premier atteint {score}.")
_TIED_FIRST = Text(
    "{n:# account shares|# accounts share} the first rank, with {score} each.",
    "{n:# compte occupe|# comptes se partagent} la première place, avec {score} chacun.",
)
_WHERE = Text("in {network}, ", "dans {network}, ")
_PLAIN = Text("a value of {x}", "une valeur de {x}")
_CALLED = Text("{name} (rank {rank}, {score})", "{name} (rang {rank}, {score})")
_NAMED = Text("Among them: {accounts}.", "Parmi eux : {accounts}.")
_TOGETHER = Text(
    "Those shown account for {share:%} of all acts counted here.",
    "Les comptes présentés totalisent {share:%} des interactions prises en compte.",
)
_TIED_AT_END = Text(
    "{n:# account|# accounts} not shown {n:has|have} the same value as the last one shown.",
    "{n:# compte non présenté a|# comptes non présentés ont} la même valeur que le dernier "
    "présenté.",
)
_NO_INTERVALS = Text(
    "No rank intervals were computed, so small differences between neighbours say nothing.",
    "Aucun intervalle de rang n'a été calculé : de faibles écarts entre voisins ne disent rien.",
)
_SURE = Text(
    "The first account shown has rank 1 throughout its 95% interval, and no other account shown "
    "has rank 1 within its own.",
    "Le premier compte présenté occupe le rang 1 sur tout son intervalle à 95 %, et aucun autre "
    "compte présenté n'a le rang 1 dans le sien.",
)
_ONE = Text(
    "Only one account shown has rank 1 within its 95% interval, which reaches down to rank {high}.",
    "Un seul compte présenté a le rang 1 dans son intervalle à 95 %, qui descend jusqu'au rang "
    "{high}.",
)
_SEVERAL = Text(
    "{m} of the accounts shown have rank 1 within their 95% intervals: the data do not say which "
    "of these is first.",
    "{m} des comptes présentés ont le rang 1 dans leur intervalle à 95 % : les données ne disent "
    "pas lequel est premier.",
)
_NONE_FIRST = Text(
    "No account shown has rank 1 within its 95% interval: who is first hangs on few acts.",
    "Aucun compte présenté n'a le rang 1 dans son intervalle à 95 % : la première place tient à "
    "peu d'interactions.",
)
_HOLD = Text(
    "{m} of the {n} shown {m:stays|stay} among the first {n} throughout the interval; one reaches "
    "down to rank {worst}.",
    "Sur les {n} présentés, {m} {m:reste|restent} parmi les {n} premiers sur tout l'intervalle ; "
    "l'un d'eux descend jusqu'au rang {worst}.",
)
_ALL_HOLD = Text(
    "All of the {n} shown stay among the first {n} throughout the interval.",
    "Les {n} présentés restent tous parmi les {n} premiers sur tout l'intervalle.",
)
_NONE_HOLDS = Text(
    "None of the {n} shown stays among the first {n} throughout the interval; one reaches down to "
    "rank {worst}.",
    "Aucun des {n} présentés ne reste parmi les {n} premiers sur tout l'intervalle ; l'un d'eux "
    "descend jusqu'au rang {worst}.",
)
_EACH = Text(
    "Each interval is for one account by itself, and holds the true rank less often where scores "
    "are nearly tied.",
    "Chaque intervalle vaut pour un compte pris isolément, et contient moins souvent le rang réel "
    "lorsque les valeurs sont presque égales.",
)
_JOINT = Text(
    "The intervals hold for all accounts shown together.",
    "Les intervalles valent pour tous les comptes présentés à la fois.",
)
_ALSO = Text(
    "By {measure}, {m} of the {n} shown {m:is|are} also among the first {n}.",
    "Selon {measure}, {m} des {n} présentés {m:figure|figurent} aussi parmi les {n} premiers.",
)
_LIMITS = {
    "amplified": Text(
        "To be amplified in these data is not to have persuaded anybody.",
        "Être relayé dans ces données n'est pas avoir convaincu.",
    ),
    "amplifiers": Text(
        "To be active in these data is not to have been heard.",
        "Être actif dans ces données n'est pas avoir été entendu.",
    ),
    "both": Text(
        "A position in these data is not by itself an effect on anybody.",
        "Une position dans ces données n'est pas en soi un effet sur qui que ce soit.",
    ),
}


def of_ranking(ranking: Ranking, language: str = "en", *, labels: Labels | None = None) -> str:
    """Return who is on top and how sure that is, in prose.

    Parameters
    ----------
    labels
        Account id → the name to print, or None for nobody. Without it nobody is named.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    scores, shown = ranking.scores[ranking.by], len(ranking.accounts)
    told = _Told(scores, voice, kind=ranking.graph["kind"])
    if not shown:
        return paragraph([told.unshown()])
    said = [told.opening(shown), *told.top(shown, labels), *told.sums(shown)]
    if ranking.rank_low is None or ranking.rank_high is None:
        said.append(voice.say(_NO_INTERVALS))
    else:
        every = len(scores.values)
        said += _intervals(ranking.rank_low, ranking.rank_high, voice, every=every)
        said.append(voice.say(_JOINT if ranking.interval == "simultaneous" else _EACH))
    said += _others(ranking, voice)
    said.append(voice.say(_LIMITS[_ranks(ranking.by)]))
    return paragraph(said)


def of_scores(
    scores: NodeScores, language: str = "en", *, labels: Labels | None = None, shown: int = 10
) -> str:
    """Return who has the highest scores, in prose; nothing is known of how sure that is.

    Parameters
    ----------
    labels
        Account id → the name to print, or None for nobody. Without it nobody is named.
    shown
        Accounts that are looked at.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """
    voice = Voice(language)
    told, n = _Told(scores, voice), min(shown, len(scores.values))
    if not n:
        return paragraph([told.unshown()])
    said = [told.opening(n), *told.top(n, labels), *told.sums(n)]
    return paragraph([*said, voice.say(_NO_INTERVALS), voice.say(_LIMITS[_ranks(scores.name)])])


def _ranks(name: str) -> str:
    """Return who is on top by a measure: ``amplified``, ``amplifiers`` or ``both``."""
    from workbench.influence import MEASURES

    return (MEASURES[name].ranks if name in MEASURES else None) or "both"


def _measure(name: str, voice: Voice, *, kind: str = "") -> str:
    """Return what accounts are ranked by; acts by their kind where it is known."""
    if kind in ACTS_BY.get(name, {}):
        return voice.say(ACTS_BY[name][kind])
    return voice.name(INFLUENCE, name)


@dataclass(frozen=True)
class _Told:
    """Scores that are being told, of a graph of a kind that may be unknown."""

    scores: NodeScores
    voice: Voice
    kind: str = ""

    @cached_property
    def order(self) -> NDArray[np.int64]:
        return self.scores.order()

    @property
    def measure(self) -> str:
        return _measure(self.scores.name, self.voice, kind=self.kind)

    def unshown(self) -> str:
        n = len(self.scores.values)
        return self.voice.say(_NOT_SHOWN if n else _NOBODY, measure=self.measure, n=n)

    def opening(self, shown: int) -> str:
        where = (
            self.voice.say(_WHERE, network=self.voice.say(NETWORKS[self.kind]))
            if self.kind in NETWORKS
            else ""
        )
        n = len(self.scores.values)
        return self.voice.say(_RANKED, where=where, n=n, measure=self.measure, shown=shown)

    def score(self, at: int) -> str:
        """Return one score, with its unit where it counts something."""
        name, value = self.scores.name, float(self.scores.values[at])
        if name in ACTS_BY and self.kind in ACTS:
            return self.voice.say(ACTS[self.kind], n=value)
        if name in SCORES:
            return self.voice.say(SCORES[name], n=value)
        shown = int(value) if value.is_integer() else self.voice.figure(value)
        return self.voice.say(_PLAIN, x=shown)

    def top(self, shown: int, labels: Labels | None) -> list[str]:
        """Return the highest score, and the accounts that may be named."""
        first = self.score(int(self.order[0]))
        tied = int((self.scores.ranked_by == self.scores.ranked_by.max()).sum())
        said = [self.voice.say(_TIED_FIRST if tied > 1 else _FIRST, n=tied, score=first)]
        if labels is None:
            return said
        ranks, named = self.scores.ranks(), []
        for at in self.order[:shown].tolist():
            name = labels(str(self.scores.ids[at]))
            if name:
                called = {"name": name, "rank": int(ranks[at]), "score": self.score(at)}
                named.append(self.voice.say(_CALLED, **called))
        return [*said, self.voice.say(_NAMED, accounts=named[:NAMED])] if named else said

    def sums(self, shown: int) -> list[str]:
        """Return what those shown hold together, and who is as high as the last of them."""
        said, values = [], self.scores.values
        total = float(values.sum())
        if self.scores.name in ADDITIVE and total and shown < len(values):
            held = float(values[self.order[:shown]].sum())
            said.append(self.voice.say(_TOGETHER, share=held / total))
        ranked = self.scores.ranked_by[self.order]
        beyond = int((ranked[shown:] == ranked[shown - 1]).sum())
        if beyond:
            said.append(self.voice.say(_TIED_AT_END, n=beyond))
        return said


def _intervals(low: Any, high: Any, voice: Voice, *, every: int) -> list[str]:
    """Return what the rank intervals leave open: who is first, and who belongs on top."""
    first = contenders(low)
    if first > 1:
        said = [voice.say(_SEVERAL, m=first)]
    elif not first:
        said = [voice.say(_NONE_FIRST)]
    else:
        end = int(np.asarray(high)[np.asarray(low) <= 1][0])
        said = [voice.say(_SURE) if end == 1 and low[0] <= 1 else voice.say(_ONE, high=end)]
    n, m = len(high), holding(high)
    if 1 < n < every:  # where every account is shown, all stay among those shown
        template = _ALL_HOLD if m == n else _HOLD if m else _NONE_HOLDS
        said.append(voice.say(template, m=m, n=n, worst=int(np.max(high))))
    return said


def _others(ranking: Ranking, voice: Voice) -> list[str]:
    """Return how many of those shown are as high by each further measure."""
    n = len(ranking.accounts)
    if n == len(ranking.scores[ranking.by].values):
        return []
    said = []
    for name, scores in list(ranking.scores.items())[1:]:
        high = scores.ids.to_numpy(zero_copy_only=False)[scores.ranks() <= n].tolist()
        both = len(set(ranking.accounts) & set(high))
        said.append(voice.say(_ALSO, measure=_measure(name, voice), m=both, n=n))
    return said
