# Needs Python 3.11 and nothing else: every target sets the environment up first.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check bench lock fmt

PYTHON := $(shell command -v python3.11 || command -v python3)
DEV := .venv/bin/python -m infra.dev

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## the environment, made from requirements.lock when it is not current
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "jiumai: Python 3.11 is needed; install it so that python3.11 is found." >&2; exit 1; }
	@"$(PYTHON)" -m infra.dev.environment

demo: setup ## the whole product on this machine, with people and orders in it; stop it with Ctrl-C
	@exec $(DEV) demo

demo-reset: setup ## forget the demo's data and start it anew
	@exec $(DEV) demo --anew

test: setup check ## all checks, then all tests; ARGS="tests/rules -k money" runs only those
	@$(DEV) test $(ARGS)

check: setup ## lint, format, types, floors, templates, migrations, translations
	@$(DEV) check

bench: setup ## the benchmarks
	@$(DEV) bench

lock: setup ## requirements.lock made again from pyproject.toml
	@$(DEV) lock

fmt: setup ## the code put into form
	@.venv/bin/ruff check --quiet --fix . ; .venv/bin/ruff format --quiet .
