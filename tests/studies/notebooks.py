"""Small notebooks, made for a test."""

from __future__ import annotations

import base64

import nbformat
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
)

from tests.studies.reports import picture

FRONT = """---
title: A small notebook
author: [A. Analyst, {name: B. Chercheuse}]
date: 2026-11-27
abstract: In English.
resume: En français.
findings:
  - "**43.1%** of the accounts."
provenance: seed 7
---
"""


def book(*cells):
    """Return a notebook of cells; a text is a Markdown cell."""
    made = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=made, metadata={"kernelspec": kernel})


def code(source, *outputs, tags=()):
    """Return a code cell with its outputs."""
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shown(data=None, **more):
    """Return an output: types of data, or text of standard output."""
    return new_output("display_data", data={**(data or {}), **more})


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def drawn(**more):
    """Return the output of a figure."""
    png = base64.b64encode(picture()).decode()
    return shown({"image/png": png, "text/plain": "<Figure>"}, **more)


def saved(made, path):
    nbformat.write(made, path)
    return path
