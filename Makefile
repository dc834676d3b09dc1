# Two commands do everything: `make demo` shows it, `make test` proves it. Both start on a fresh machine.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.PHONY: help demo test chaos bench lint format docs clean

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "leadspiders needs Python 3.11 or newer: try make demo PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "python3 cannot make a virtual environment: install its venv package (Debian: python3-venv)" >&2; exit 2; }

# A stamp a set of requirements: it is installed again only when the list changes.
$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing leadspiders into $(VENV) (about a minute, once) ..."
	@$(PIP) -r requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the test tools ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed
	@echo "Installing the benchmarks' peers ..."
	@$(PIP) -r requirements-bench.txt
	@touch $@

demo: $(VENV)/.installed ## run a whole campaign against the sandbox: no key, no Docker, nothing real
	@$(BIN)/scrapy sprint performance_marketers --sandbox

# A file a worker, in the order of the folders: those with processes begin, the many short ones fill up the end.
test: $(VENV)/.installed-dev ## every test, against an embedded PostgreSQL and Valkey, without network; JOBS=4 at a time
	@$(BIN)/python -m pytest -n $(or $(JOBS),4) --dist loadfile --no-loadscope-reorder

chaos: $(VENV)/.installed-dev ## the long forms: strikes at random moments, ROUNDS=5 runs
	@$(BIN)/python -m pytest tests/faults tests/flow/guard tests/flow/test_enrich_command.py -s --chaos $(or $(ROUNDS),5)

bench: $(VENV)/.installed-bench ## the benchmarks in their short form, one JSON line each
	@for one in benchmarks/*.py; do $(BIN)/python $$one --quick | tail -1; done

lint: $(VENV)/.installed-dev ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.installed-dev ## put the code into the house form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.installed ## write the reference pages that follow from the code
	@$(BIN)/python docs/reference/generate.py
	@$(BIN)/python -m leadspiders.campaigns.reference > docs/reference/campaign-file.md

clean: ## stop the services and remove the environment and all local data
	@if [ -x $(BIN)/scrapy ]; then $(BIN)/scrapy services stop; fi
	@rm -rf $(VENV) .leadspiders .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
