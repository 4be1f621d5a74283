# Every developer action. `make` lists them; CI calls the same ones (.ci/run).
# Needs Python 3.11, 3.12 or 3.13, git and make; everything else is installed into .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
# --require-hashes: what is installed is byte for byte what the lock names.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
UV ?= uv
LOCK = $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --quiet pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup demo test schedules soak bench screenshots check format clean lock

help: ## list these actions
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: .venv/.dev .env ## make .venv with all pinned packages, and .env with new keys

demo: .venv/.runtime .env ## run everything on a sandbox of both systems; Ctrl-C ends it
	@$(BIN)/python manage.py demo

test: setup ## check, and the suites on SQLite and on a real PostgreSQL, which share the work
	@$(BIN)/python -m tests.suite

# CI plays them after the suite: 200 schedules of faults, always the same seeds, none of which `make
# test` plays; of 50 at a time each database has its own.
schedules: setup
	@$(BIN)/python -m tests.faults.soak --schedules 200 --kills 0 --receipts 0 \
		--first 2000 --figures var/schedules.jsonl

# How many of each, and from which seed on: make soak SOAK="--schedules 200 --kills 5 --receipts 2".
SOAK ?=
soak: setup ## schedules of faults by the thousand, and workers that die at each of their steps
	nice -n 10 $(BIN)/python -m tests.faults.soak $(SOAK)

bench: setup var/bench/.installed ## print figures of speed, limits and memory; NAMES="aliases bulk" for some
	nice -n 5 $(BIN)/python -m tests.benchmarks $(NAMES)

screenshots: setup ## keep a picture of every page in var/screenshots
	@mkdir -p var/screenshots
	SCREENSHOTS=var/screenshots $(BIN)/python -m pytest -m journey tests/journeys -n 1

check: setup ## style, types, import contracts, deployment settings, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "manage.py check --deploy, as for https://connector.example.com"
	@env $$($(BIN)/python -m connector.environment https://connector.example.com) \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

format: setup ## put the code into its one format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove .venv, caches and the demo's state; keeps .env and databases
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf static_collected var/demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Not an everyday action: raises the pins to the newest versions pyproject.toml allows.
lock:
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock
	printf '%s\n' dlt requests | $(subst pyproject.toml,-,$(LOCK)) --upgrade -o requirements-bench.lock

.venv/.runtime: requirements.lock
	$(if $(PYTHON),,$(error Python 3.11, 3.12 or 3.13 is needed; name it with make PYTHON=/path/to/python3))
	@echo "Installing the pinned packages into .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(INSTALL) requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@echo "Installing the pinned developer packages into .venv (once)"
	@$(INSTALL) requirements-dev.lock
	@touch $@

# What the product is held against has an environment of its own, and is never part of it.
var/bench/.installed: requirements-bench.lock | .venv/.runtime
	@echo "Installing what the benchmarks compare with into var/bench (once)"
	@$(PYTHON) -m venv var/bench
	@var/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.env: | .venv/.runtime
	@umask 077; $(BIN)/python -m connector.environment > .env.new && mv .env.new .env
	@echo "Wrote .env with new random keys; it stays on this machine"
