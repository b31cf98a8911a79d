"""How divided: indices with their null models, every choice on record."""

from __future__ import annotations

from workbench.polarisation.boundary import boundary_polarisation
from workbench.polarisation.change import Difference, difference
from workbench.polarisation.crossing import Crossing, bridges, crossing_edges, crossing_posts
from workbench.polarisation.crosstalk import CrossTalk, by_kind
from workbench.polarisation.decomposition import Decomposition, decompose
from workbench.polarisation.dipole import dipole_polarisation, k_pole_dipole
from workbench.polarisation.distribution import (
    bimodality,
    bimodality_coefficient,
    dip,
    dip_statistic,
    dip_test,
)
from workbench.polarisation.echo import EchoChamber, echo_chamber
from workbench.polarisation.exposure import Bubbles, bubbles, exposure_diversity
from workbench.polarisation.ideology import Ideology, latent_ideology
from workbench.polarisation.leans import hold_out
from workbench.polarisation.measures import INDICES
from workbench.polarisation.mixing import (
    adaptive_ei_index,
    assortativity,
    conductance,
    ei_index,
    modularity,
)
from workbench.polarisation.opinions import (
    ExpressedOpinions,
    expressed_opinions,
    friedkin_johnsen,
    generalised_euclidean,
    opinion_distance,
)
from workbench.polarisation.over_time import OverTime, over_time
from workbench.polarisation.profiles import account_leans, bubble_radius, k_profile
from workbench.polarisation.random_walk import (
    adaptive_random_walk_controversy,
    random_walk_controversy,
)
from workbench.polarisation.report import Report, report
from workbench.polarisation.restart import random_walk_restart_controversy
from workbench.polarisation.segregation import (
    coleman_homophily,
    freeman_segregation,
    odds_ratio_within,
    segregation_matrix_index,
)
from workbench.polarisation.sensitivity import sensitivity
from workbench.polarisation.sides import find_sides
from workbench.polarisation.sides_check import Confusion, SideNames, confusion, name_sides
from workbench.polarisation.spectral import spectral_segregation
from workbench.polarisation.split_half import halves, split_half

__all__ = [
    "INDICES",
    "Bubbles",
    "Confusion",
    "CrossTalk",
    "Crossing",
    "Decomposition",
    "Difference",
    "EchoChamber",
    "ExpressedOpinions",
    "Ideology",
    "OverTime",
    "Report",
    "SideNames",
    "account_leans",
    "adaptive_ei_index",
    "adaptive_random_walk_controversy",
    "assortativity",
    "bimodality",
    "bimodality_coefficient",
    "boundary_polarisation",
    "bridges",
    "bubble_radius",
    "bubbles",
    "by_kind",
    "coleman_homophily",
    "conductance",
    "confusion",
    "crossing_edges",
    "crossing_posts",
    "decompose",
    "difference",
    "dip",
    "dip_statistic",
    "dip_test",
    "dipole_polarisation",
    "echo_chamber",
    "ei_index",
    "exposure_diversity",
    "expressed_opinions",
    "find_sides",
    "freeman_segregation",
    "friedkin_johnsen",
    "generalised_euclidean",
    "halves",
    "hold_out",
    "k_pole_dipole",
    "k_profile",
    "latent_ideology",
    "modularity",
    "name_sides",
    "odds_ratio_within",
    "opinion_distance",
    "over_time",
    "random_walk_controversy",
    "random_walk_restart_controversy",
    "report",
    "segregation_matrix_index",
    "sensitivity",
    "spectral_segregation",
    "split_half",
]
