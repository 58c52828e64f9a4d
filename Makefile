# `make help` lists what can be done. Everything Python lives in .venv, made from locked requirements.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak demo-book lock vendor tools test-tools

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools $(VENV)/run.stamp ## Install what is missing and start Galley with everything it needs
	@$(VENV)/bin/galley run

test: test-tools $(VENV)/test.stamp ## Install what the tests need and run the whole suite
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/test.stamp ## Lint, formatting and types
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy

bench: test-tools $(VENV)/test.stamp ## Run the benchmarks; figures go to benchmarks/results/
	@for each in $(basename $(notdir $(wildcard benchmarks/bench_*.py))); do \
		echo "== $$each"; $(PYTHON) -m benchmarks.$$each || exit 1; done

soak: test-tools $(VENV)/test.stamp ## Search longer for a broken rule, then repeat the fault tests ROUNDS times (20)
	@HYPOTHESIS_PROFILE=soak $(PYTHON) -m pytest -q tests/proofing/test_machine.py
	@GALLEY_SOAK=1 $(PYTHON) -m pytest -q tests/exports/test_real_books.py tests/browser/test_ties_in_browser.py
	@for round in $$(seq $${ROUNDS:-20}); do \
		echo "== round $$round"; $(PYTHON) -m pytest -q tests/faults || exit 1; done

demo-book: test-tools $(VENV)/test.stamp ## Take a real book of 60 scans all the way over HTTP and time each step
	@$(PYTHON) -m benchmarks.demo_book $(ARGS)

lock: ## Choose versions anew for deploy/requirements*.txt (needs uv)
	@deploy/lock

vendor: $(VENV)/test.stamp ## Build static/vendor anew from its lock file
	@deploy/install node-packages
	@$(VENV)/bin/node static/vendor/build.js build/vendor static/vendor

tools:
	@deploy/install run-tools

test-tools: $(VENV)/test.stamp
	@deploy/install test-tools

$(VENV)/run.stamp: deploy/requirements.txt pyproject.toml deploy/install
	@deploy/install python deploy/requirements.txt $@

$(VENV)/test.stamp: deploy/requirements-test.txt pyproject.toml deploy/install
	@deploy/install python deploy/requirements-test.txt $@ $(VENV)/run.stamp
