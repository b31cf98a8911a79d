"""What the tests ask of any figure: its words, its bytes, and graphs to draw."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pyarrow as pa
from matplotlib.text import Text

from workbench.model import InteractionGraph
from workbench.plotting import save


def words(axes):
    """Return all visible texts of the figure and its caption."""
    shown = [text.get_text() for text in axes.figure.findobj(Text) if text.get_visible()]
    return [text for text in shown if text] + [axes.get_gid() or ""]


def legend(axes):
    """Return the texts of the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def rendered(axes, kind="png", *, dpi=60):
    """Return the bytes of the figure."""
    buffer = BytesIO()
    save(axes.figure, buffer, kind=kind, dpi=dpi)
    return buffer.getvalue()


def untitled(axes):
    """Whether no title says what the caption has to say."""
    places = ("left", "center", "right")
    return not any(axes.get_title(loc=place) for place in places) and not (
        axes.figure.get_suptitle()
    )


def camps(each=30, *, seed=5, inside=0.3, across=0.01):
    """Return a graph of two planted camps, and the camp of each of its nodes."""
    rng = np.random.default_rng(seed)
    side = np.repeat([0, 1], each)
    chance = np.where(side[:, None] == side[None, :], inside, across)
    source, target = np.nonzero(rng.random(chance.shape) < chance)
    ids = [f"x:{'ab'[s]}{i:03}" for i, s in enumerate(side)]
    graph = InteractionGraph.from_edges([ids[i] for i in source], [ids[i] for i in target])
    return graph, np.array([account[2] == "b" for account in graph.accounts])


def isolates(n):
    """Return a graph of n accounts without an edge."""
    return InteractionGraph(
        pa.array([f"x:{i}" for i in range(n)], pa.string()),
        np.zeros(n + 1, dtype=np.int64),
        np.empty(0, dtype=np.int32),
        np.empty(0),
    )
