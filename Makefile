# Wirewatch's tasks. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Tests of a whole world, which run on SQLite with the others and then on PostgreSQL as well.
ON_BOTH := $(addprefix tests/workers/test_,queues.py ingest.py ingest_faults.py deliver.py)

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamps change only when a lock file does, so `make run` starts at once the second time.
$(VENV)/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

venv: $(VENV)/.run ## set up .venv with what the program needs

run: venv ## set up and start the daemon (Ctrl-C stops it)
	$(BIN)/wirewatch run

demo: venv ## the whole pipeline over a built-in news site, offline, in seconds
	$(BIN)/wirewatch demo

# More processes than cores: the longest tests wait for servers that come and go.
test: $(VENV)/.dev ## set up what the tests need and run them
	$(BIN)/python -m pytest -n 4 --dist loadfile
	$(BIN)/python -m pytest -q -n 4 --dist loadfile --database postgresql $(ON_BOTH)

check: $(VENV)/.dev ## lint, types, import rules, dead code, unused dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@echo "dead code (tests count as users, and are not reported):"
	@! $(BIN)/vulture | grep -E '^(pipeline|workers|docs|benchmarks)/'
	$(BIN)/deptry .

format: $(VENV)/.dev ## put the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## write docs/cli.md and docs/settings.md from the program
	$(BIN)/python -m docs.generate

bench: $(VENV)/.dev ## articles a second through the whole program (benchmarks/README.md)
	$(BIN)/python -m benchmarks.throughput

chaos: $(VENV)/.dev ## kill processes at random and check that nothing is lost (10 minutes)
	$(BIN)/python -m benchmarks.chaos --minutes 10

lock: $(VENV)/.dev ## renew the lock files from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group dev --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements-dev.lock -q -o requirements.lock

clean: ## remove what the tools left behind (never data/)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

.PHONY: help venv run demo test check format docs bench chaos lock clean
