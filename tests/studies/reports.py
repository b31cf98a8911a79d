"""Documents that have one of everything, for the tests of the writers."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import matplotlib.pyplot as plt

from workbench.plotting import save
from workbench.plotting.style import house_style
from workbench.studies.document import Box, Code, Document, Heading, Picture, Prose, Table

BIBTEX = r"""
@article{conover2011, title = {Political polarization on {T}witter}, year = {2011},
  author = {Conover, Michael and Ratkiewicz, Jacob and Francisco, Matthew}, journal = {ICWSM}}
@comment{none, of this}
@book{newman2010, title = "Networks", author = "Newman, Mark", year = 2010,
  publisher = {Oxford University Press}}
"""


@cache
def picture(kind="png", *, wide=4.0, high=2.0):
    """Return a line that falls, as PNG or SVG."""
    with house_style():
        figure, axes = plt.subplots(figsize=(wide, high))
        axes.plot([1, 2], [2, 1])
        axes.set_title("seen in the picture")
    buffer = io.BytesIO()
    save(figure, buffer, kind=kind, dpi=100)
    plt.close(figure)
    return buffer.getvalue()


def document(language="en", *extra, **changes):
    """Return a document with one of everything, `extra` blocks after them."""
    fr = language == "fr"
    blocks = (
        Heading("Constats" if fr else "Findings"),
        Prose("Voir @fig-line et [@tbl-camps] ; [@conover2011, p. 90; @newman2010]. Vrai ?[^n]\n\n"
              "[^n]: Une note." if fr else
              "See @fig-line and [@tbl-camps]; [@conover2011, p. 90; @newman2010].[^n]\n\n"
              "[^n]: A note."),
        Picture("fig-line", "Une ligne : elle descend." if fr else "A line that falls.",
                "De haut en bas." if fr else "From top to bottom.", picture()),
        Table("tbl-camps", "Les camps." if fr else "The camps.", ("camp", "n", "share"),
              (("A", 12345, 0.25), ("<B> & #$*_", None, 0.5))),
        Heading("Méthode" if fr else "Method", 2),
        Prose("$Q = \\frac{1}{2m}$ et $$\\sum_i x_i$$" if fr else
              "$Q = \\frac{1}{2m}$ and $$\\sum_i x_i$$"),
        Box("Méthodes" if fr else "Methods", "Leiden, **seed 7**.\n\n- first\n- second"),
        Code("workbench graph retweet --study s", "bash"),
        Heading("Annexe" if fr else "Appendix", numbered=False),
        *extra,
    )  # fmt: skip
    made = Document(
        "L’étude : un essai" if fr else "The study: an essay",
        language,
        blocks,
        subtitle="Sous-titre" if fr else "Subtitle",
        authors=("A. Analyst", "B. Chercheuse"),
        date="27 novembre 2026" if fr else "27 November 2026",
        findings=("**43,1 %** des comptes." if fr else "**43.1%** of the accounts.",),
        abstract="Ce qui est dit." if fr else "What is said.",
        other_abstract="What is said." if fr else "Ce qui est dit.",
        bibtex=BIBTEX,
        provenance="workbench 0, seed 7",
    )
    return replace(made, **changes)
