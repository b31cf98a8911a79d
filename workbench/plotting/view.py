"""The network as a page to explore: search, legend, filters, and the posts behind an edge."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError
from workbench.plotting import view_page
from workbench.plotting.captions import alt_text, in_strength_text, network_caption
from workbench.plotting.network import check_drawable, network
from workbench.plotting.positions import placed
from workbench.plotting.texts import in_language, named, spoken
from workbench.plotting.view_content import content, order_of_nodes
from workbench.plotting.view_edges import drawn_edges
from workbench.plotting.view_evidence import posts_of_edges
from workbench.plotting.view_words import left_out, page_words, posts_outside, title

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.graphs import Evidence
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores
    from workbench.plotting.layout import Layout
    from workbench.plotting.positions import Positions
    from workbench.plotting.view_edges import DrawnEdges

__all__ = ["View", "view"]


def view(
    graph: InteractionGraph,
    *,
    colour: Partition | None = None,
    size: NodeScores | None = None,
    labels: Callable[[str], str] | None = None,
    layout: Positions | None = None,
    evidence: pd.DataFrame | Evidence | None = None,
    raw: bool = False,
    language: str | None = None,
    seed: int | None = None,
) -> View:
    """Return a page in which a graph can be explored, without a network connection.

    Up to 100,000 edges and nodes are drawn; of a larger graph the disparity backbone or, where that
    keeps too many or too few, the 50,000 heaviest edges, beside a picture of the whole, and the
    page says what is left out.
    Nodes are numbered from the highest score down; no id is in the page. `View.to_pandas` says
    whose numbers they are.

    Parameters
    ----------
    colour
        Communities or sides of this graph; those beyond the seventh are grey ("other").
    size
        Scores of this graph; the area of a dot grows with them. None uses in-strength.
    labels
        Account id → label, such as ``Pseudonymiser.label``; without it nobody is named.
    layout
        A ``Layout``; or positions as networkx makes them, account → (x, y), or a table with the
        columns ``account x y``. None computes them with `seed`.
    evidence
        The posts behind the edges: ``corpus.evidence(…)``, or a table with the columns
        ``account target post_id created_at kind`` and perhaps ``text``.
    raw
        Show ids and texts of posts as they are in `evidence`. Otherwise a post is the number of
        its row, counted from 1.
    language
        Of the page: ``en`` or ``fr``; None is that of ``plotting.in_language``, else English.

    Raises
    ------
    UndefinedError
        The graph is empty.
    InputError
        A partition, scores or a layout belong to another graph, a node has no score, or the
        evidence lacks a column.
    UsageError
        The page does not speak this language.
    """
    check_drawable(graph, colour=colour, size=size)
    spoken_here = spoken() if language is None else language
    with in_language(spoken_here):
        places, drawn = placed(graph, layout, seed=seed), drawn_edges(graph)
        words = page_words(graph)
        data = content(
            graph,
            drawn,
            layout=places,
            colour=colour,
            scores=_scores(graph, size),
            measure=in_strength_text(graph) if size is None else named("measure", size.name),
            labels=labels,
            text=words,
        )
        measure = "in_strength" if size is None else size.name
        said = [network_caption(graph, places, colour=colour, size=measure)]
        said += left_out(graph, drawn)
        if evidence is not None:
            data["evidence"], outside = posts_of_edges(graph, drawn, _table(evidence), raw=raw)
            said += posts_outside(outside)
    data |= {"language": spoken_here, "words": words}
    return View(graph, places, colour, size, labels, drawn, data, tuple(said), spoken_here)


def _scores(graph: InteractionGraph, size: NodeScores | None) -> NDArray[np.float64]:
    return graph.without_self_loops().in_strength() if size is None else size.values


def _table(evidence: pd.DataFrame | Evidence) -> pd.DataFrame:
    import pandas as pd

    return evidence if isinstance(evidence, pd.DataFrame) else evidence.to_pandas()


@dataclass(frozen=True, eq=False)
class View:
    """A graph to explore: a page in a notebook, a file for others, a picture elsewhere.

    Attributes
    ----------
    graph, layout, colour, size, labels
        What is seen.
    drawn
        The edges and nodes that the page holds.
    data
        What the page's script reads.
    caption
        What is seen, and what is left out, a sentence or more each.
    language
        Of the page.
    """

    graph: InteractionGraph
    layout: Layout
    colour: Partition | None
    size: NodeScores | None
    labels: Callable[[str], str] | None
    drawn: DrawnEdges
    data: Mapping[str, Any]
    caption: tuple[str, ...]
    language: str = "en"

    @property
    def title(self) -> str:
        """What the network is, and its size."""
        with in_language(self.language):
            return title(self.graph)

    @cached_property
    def png(self) -> bytes:
        """The picture, for where pages do not run."""
        from io import BytesIO

        import matplotlib.pyplot as plt

        from workbench.plotting.style import save

        with in_language(self.language):
            axes = network(
                self.graph,
                colour=self.colour,
                size=self.size,
                labels=self.labels,
                layout=self.layout,
            )
        figure = axes.figure.figure  # of a subfigure, the whole one
        buffer = BytesIO()
        save(figure, buffer, dpi=150)
        plt.close(figure)
        return buffer.getvalue()

    def html(self, *, picture: bool = True) -> str:
        """Return the page; with `picture` it shows one where scripts do not run."""
        return view_page.render(
            self.data,
            {
                "language": self.language,
                "title": self.title,
                "alt": self.alt,
                **self.data["words"],
            },
            caption="".join(f"<p>{html.escape(part)}</p>" for part in self.caption),
            picture=view_page.picture(self.png, self.alt) if picture else "",
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file and return its path.

        Raises
        ------
        InputError
            The file cannot be written.
        """
        from pathlib import Path

        from workbench.provenance import whole_file

        target = Path(path)
        try:
            with whole_file(target) as fresh:
                fresh.write_bytes(self.html().encode("utf-8", "replace"))
        except OSError as error:
            raise InputError(
                "the view cannot be written",
                value=str(target),
                where=error.strerror,
                remedy="name a file in a folder that exists and can be written to",
            ) from error
        return target

    def to_pandas(self) -> pd.DataFrame:
        """Return whose numbers the page shows.

        A row a node: ``number, account, community, score, x, y``; ``label`` too where there are
        labels.
        """
        import pandas as pd

        scores = _scores(self.graph, self.size)
        order = order_of_nodes(self.drawn, scores)
        nodes = self.data["nodes"]
        names = [*self.data["names"], None]
        table = pd.DataFrame(
            {
                "number": np.arange(1, len(order) + 1),
                "account": self.graph.accounts[order],
                "community": None
                if self.colour is None
                else [names[c] for c in self.colour.labels[order].tolist()],
                "score": scores[order],
                "x": self.layout.positions[order, 0],
                "y": self.layout.positions[order, 1],
            }
        )
        if nodes["name"] is not None:
            table.insert(2, "label", nodes["name"])
        return table

    @property
    def alt(self) -> str:
        """One sentence for a reader who cannot see the network."""
        with in_language(self.language):
            return alt_text(self.graph, colour=self.colour)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the page, the picture and the sentence, for a notebook."""
        import base64

        return {
            "text/html": view_page.embedded(
                self.html(picture=self.drawn.rule != "all"),
                title=self.title,
                png=self.png,
                alt=self.alt,
            ),
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": self.alt,
        }

    def __repr__(self) -> str:
        """Return one sentence."""
        return self.alt
