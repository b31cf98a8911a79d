"""Who matters, and how sure that is."""

from __future__ import annotations

from workbench.influence.actors import actor_kinds
from workbench.influence.audience import Audience, audience
from workbench.influence.collective import collective_influence
from workbench.influence.concentration import Concentration, concentration, gini, top_share
from workbench.influence.constraint import constraint
from workbench.influence.dismantling import Dismantling, dismantle
from workbench.influence.hits import authority, hub
from workbench.influence.katz import katz
from workbench.influence.leaderrank import leaderrank
from workbench.influence.leaving_out import Without, without
from workbench.influence.maximisation import Maximised, maximise
from workbench.influence.measures import (
    MEASURES,
    core_number,
    in_strength,
    out_strength,
    pagerank,
    unique_amplified,
    unique_amplifiers,
)
from workbench.influence.newcomers import NewAmplifiers, new_amplifiers, share_of_new_amplifiers
from workbench.influence.overlap import (
    Agreement,
    TopOverlap,
    agreement,
    rank_biased_overlap,
    top_overlap,
)
from workbench.influence.participation import bridge_share, gateway, participation, within_module_z
from workbench.influence.partitions import OverPartitions, over_partitions
from workbench.influence.paths import betweenness, closeness
from workbench.influence.ranking import Ranking, rank
from workbench.influence.reshares import (
    PostTable,
    h_index,
    per_post_mean,
    per_post_median,
    post_table,
)
from workbench.influence.roles import ROLES, Roles, roles
from workbench.influence.spread import Spread, spread
from workbench.influence.top_set import TopSet, top_k
from workbench.influence.turnover import Turnover, turnover
from workbench.influence.voterank import voterank

__all__ = [
    "MEASURES",
    "ROLES",
    "Agreement",
    "Audience",
    "Concentration",
    "Dismantling",
    "Maximised",
    "NewAmplifiers",
    "OverPartitions",
    "PostTable",
    "Ranking",
    "Roles",
    "Spread",
    "TopOverlap",
    "TopSet",
    "Turnover",
    "Without",
    "actor_kinds",
    "agreement",
    "audience",
    "authority",
    "betweenness",
    "bridge_share",
    "closeness",
    "collective_influence",
    "concentration",
    "constraint",
    "core_number",
    "dismantle",
    "gateway",
    "gini",
    "h_index",
    "hub",
    "in_strength",
    "katz",
    "leaderrank",
    "maximise",
    "new_amplifiers",
    "out_strength",
    "over_partitions",
    "pagerank",
    "participation",
    "per_post_mean",
    "per_post_median",
    "post_table",
    "rank",
    "rank_biased_overlap",
    "roles",
    "share_of_new_amplifiers",
    "spread",
    "top_k",
    "top_overlap",
    "top_share",
    "turnover",
    "unique_amplified",
    "unique_amplifiers",
    "voterank",
    "within_module_z",
    "without",
]
