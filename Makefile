PYTHON ?= python3
BIN := .venv/bin
# Checks that only read the code must not start servers.
NO_SERVERS := DEBUG=true ENV_FILE=/dev/null DATABASE_URL=postgresql://127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1

.DEFAULT_GOAL := help
.PHONY: help lint format types imports docs check test

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

format:  ## Format the code
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lint:  ## Check style
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:  ## Check types
	$(NO_SERVERS) $(BIN)/mypy .

imports:  ## Check the directions of imports
	$(BIN)/lint-imports

docs:  ## Write the documents that are made from the code
	$(NO_SERVERS) $(BIN)/python -m config.reference

check: lint types  ## Check everything that needs no running server

test:  ## Run the whole test suite
	$(BIN)/python -m pytest
