PYTHON ?= python3
BIN := .venv/bin
# Checks that only read the code must not start servers.
NO_SERVERS := DEBUG=true ENV_FILE=/dev/null DATABASE_URL=postgresql://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1
# What `check --deploy` looks at: the settings of production.
PRODUCTION := DEBUG=false ENV_FILE=/dev/null ALLOWED_HOSTS=example.org \
	DATABASE_URL=postgresql://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1 \
	SECRET_KEY=r9jK2-for-a-check-only-0vQmX7zLpT4sWb8eYhNcUd3Ga6Fi1Ro PSEUDONYM_KEY=for-a-check-only
TESTS ?=
# Where tests with a browser or with broken servers live; the others need not be read for them.
PRODUCT_TESTS := tests/browser tests/chaos tests/operations

.DEFAULT_GOAL := help
.PHONY: help setup tools run format docs check lint types imports migrations deploy openapi audit monitoring docs-check test chaos bench

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## Create .venv, install what running needs, write a first .env
	@$(PYTHON) scripts/install.py requirements-local.txt

tools:  ## Install what tests and checks need as well
	@$(PYTHON) scripts/install.py requirements-dev.txt

run: setup  ## Run everything: servers, web, two workers, tick; Ctrl-C stops it
	@exec $(BIN)/python -m config.run

format: tools  ## Format the code
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

docs: tools  ## Write the documents that are made from the code
	$(NO_SERVERS) $(BIN)/python -m config.reference

check: tools lint types imports migrations deploy openapi audit monitoring docs-check  ## Check everything that needs no running server

lint: tools  ## Check style
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: tools  ## Check types
	$(NO_SERVERS) $(BIN)/mypy .

imports: tools  ## Check the directions of imports
	$(BIN)/lint-imports

migrations: tools  ## Check that no migration is missing
	$(NO_SERVERS) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

deploy: tools  ## Check the settings of production
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

openapi: tools  ## Check the OpenAPI document
	$(NO_SERVERS) $(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

audit: tools  ## Look for known weaknesses, secrets and broken requirements
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml config featureflags analytics sessions_builder scripts
	$(BIN)/python -m pip check

monitoring:  ## Check alert rules and dashboard with promtool
	@$(PYTHON) scripts/monitoring.py

docs-check: tools  ## Check the commands and links of the documentation
	@$(BIN)/python scripts/docs_check.py

test: tools  ## Run the whole test suite, or TESTS=tests/config only that part
	@$(PYTHON) scripts/browser.py
# Three at once, for much of it is waiting. Apart from the others: a driven browser leaves an event loop in its process, which Django's database calls refuse.
	$(BIN)/python -m pytest -q -n 2 -m "not browser and not chaos" $(TESTS) || [ $$? -eq 5 ]
	$(BIN)/python -m pytest -q -n 3 --dist loadfile -m "browser or chaos" $(or $(TESTS),$(PRODUCT_TESTS)) || [ $$? -eq 5 ]

chaos: tools  ## Break real servers and workers on purpose, for longer than the test suite does
	$(BIN)/python -m pytest tests/chaos -m chaos

bench: tools  ## Measure against the fake provider and print the table of docs/benchmarks.md
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-warn-conflicts --upgrade --target var/bench-packages -r requirements-bench.txt
	$(BIN)/python -m benchmarks
