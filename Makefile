# Two commands: `make demo` sets up and runs the main job offline; `make test` sets up and checks everything.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp
ORACLES := .oracles
export MPLBACKEND := Agg
export PYTHONHASHSEED := 0

.PHONY: help setup demo test lint types unit check-slow oracles neo4j docs bench bench-communities bench-influence bench-neo4j bench-polarisation lab clean
help:            ## what each target does
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 20

setup: $(STAMP)  ## build .venv with the pinned versions
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "workbench needs Python 3.11 or newer: make PYTHON=python3.11 setup")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,report]'
	touch $@

demo: setup      ## offline: synthetic crisis -> store -> analyses -> brief, in ./demo
	$(BIN)/workbench demo --out demo

test: setup lint types unit  ## lint, types, tests, notebooks and Cypher

lint: setup      ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup     ## mypy, strict
	$(BIN)/mypy

unit: setup      ## every test that is not slow; notebooks and Cypher included
	$(BIN)/python -m tests.neo4j_server --fetch
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not slow and not bench' -q

check-slow: setup oracles ## the long tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,report,spark]'
	$(BIN)/python -m pytest -m 'slow and not bench' -q
	WORKBENCH_EXAMPLES=20 $(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not slow and not bench' -q tests/graphs tests/store

oracles: $(ORACLES)/.stamp ## build .oracles: other tools whose numbers the long tests compare with
$(ORACLES)/.stamp: tests/oracles.txt tests/oracles_alone.txt
	$(PYTHON) -m venv --clear $(ORACLES)
	$(ORACLES)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	$(ORACLES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r tests/oracles_alone.txt
	touch $@

neo4j: setup     ## a Neo4j server for trials, without Docker, until Ctrl-C
	$(BIN)/python -m tests.neo4j_server

docs: setup      ## render the pages of docs/ that come from code and reference data
	$(BIN)/python -m workbench.cli.manual docs
	$(BIN)/python -m tests.validation docs

bench: setup     ## ratios against named peers, in one run
	$(BIN)/python -m tests.benchmarks

bench-communities: setup ## Leiden against python-louvain, a consensus of a hundred runs
	$(BIN)/python -m tests.benchmarks communities

bench-influence: setup ## influence measures against networkx and igraph, in one run
	$(BIN)/python -m tests.benchmarks influence maximisation

bench-neo4j: setup ## ratios of a Neo4j server, in one run
	$(BIN)/python -m tests.benchmarks neo4j

bench-polarisation: setup oracles ## AUCs of nine indices over 102 networks, ratios of walks
	$(BIN)/python -m tests.benchmarks polarisation

lab: setup       ## JupyterLab in ./notebooks
	$(BIN)/workbench lab

clean:           ## remove what the targets above made
	rm -rf $(VENV) $(ORACLES) demo build dist .mypy_cache .ruff_cache
