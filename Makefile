# Everything a student, an instructor or a developer types. `make help` lists it.
# Without make, `python -m labkit …` does the same: see the README.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed
DEV    := $(VENV)/.installed-dev

.DEFAULT_GOAL := help

help:  ## list the targets
	@echo "labkit: practice labs for a course on neural networks"
	@echo
	@sed -n 's/^\([a-zA-Z%][a-zA-Z0-9%_-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | sed 's/%/N/' | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "labkit needs Python 3.10 to 3.13; $(PYTHON) is `$(PYTHON) --version`. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(DEV): setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(READY)

install: $(READY)  ## make the virtual environment and install the kit

demo: $(READY)  ## run lab 2's solution: train, grade, export
	@$(BIN)/labkit run lab2 --solution

lab%: $(READY)  ## run your lab N and get a grade: make lab2
	@$(BIN)/labkit run lab$*

solution%: $(READY)  ## run the reference solution of lab N: make solution2
	@$(BIN)/labkit run lab$* --solution

test: $(DEV)  ## run the tests (slow: those that grade a class, watch a lab, prove the labs)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"

test-long: $(DEV)  ## run the longest: Keras' own tests, clusters, hostile files, a browser (ten minutes)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m long

mutants: $(READY)  ## prove every lab by its wrong answers, those that train too (ten minutes)
	@$(BIN)/labkit dev verify

hostile: $(DEV)  ## grade every hostile submission of the corpus (twelve minutes)
	LABKIT_HOSTILE=all $(BIN)/python -m pytest -n 0 -q tests/submissions/test_hostile.py
	LABKIT_HOSTILE=escape,tampering LABKIT_WALLS=landlock \
	  $(BIN)/python -m pytest -n 0 -q tests/submissions/test_hostile.py

verify: $(READY)  ## prove every lab: starters, solutions on five seeds, mutants
	@$(BIN)/labkit dev verify --seeds 5

check: $(DEV)  ## ruff, mypy, import-linter, freshness of generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/labkit dev starters --check
	$(BIN)/labkit dev texts --check
	$(BIN)/labkit dev course --check

bench: $(DEV)  ## measure speed against peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/fit.py
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/data.py
	$(BIN)/python benchmarks/neuroevolution.py

bench-layers: $(DEV)  ## measure the layers against peers (Brian2 in an environment of its own)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench_layers]'
	$(BIN)/python benchmarks/layers_hodgkin_huxley.py
	$(BIN)/python benchmarks/layers_som.py
	$(BIN)/python benchmarks/layers_boltzmann.py
	$(BIN)/python benchmarks/layers_hopfield.py

bench-grade: $(READY)  ## grade a class against nbgrader (makes it an environment of its own)
	$(BIN)/python benchmarks/grade.py

bench-cluster: $(DEV)  ## grade on one and two Dask workers; coordinate ten thousand submissions
	$(BIN)/python benchmarks/cluster.py
	$(BIN)/python benchmarks/cluster.py --simulate 10000

clean:  ## remove the environment, runs and caches (your labs stay)
	rm -rf $(VENV) runs build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help install demo test test-long mutants hostile verify check bench bench-layers bench-grade bench-cluster clean
