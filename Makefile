# The one door. Every target sets up what it needs; a bare machine with Python >= 3.11 and make is enough.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
INSTALLED := $(VENV)/.installed
EXPLORER := gateway/explorer/assets/.ready
CONSOLE := gateway/console/assets/.ready
BUNDLE := gateway/browser_assets/install.py

.PHONY: help
help: ## What can be asked of this Makefile
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(READY) $(EXPLORER) $(CONSOLE) ## Make .venv from the hashed lock, and bundle GraphiQL and the console where npm is there

$(READY): requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("SageGraph needs Python 3.11 or newer; say PYTHON=python3.11 make …") if sys.version_info < (3, 11) else None'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)"; rm -rf $(VENV); exit 1; }
	@echo "Installing the locked requirements into $(VENV) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

$(EXPLORER): $(BUNDLE) $(addprefix gateway/explorer/,.npmrc package.json package-lock.json build.mjs) $(wildcard gateway/explorer/browser/*)
	@$(PYTHON) $(BUNDLE) explorer

$(CONSOLE): $(BUNDLE) $(addprefix console/,.npmrc package.json package-lock.json vite.config.ts) $(shell find console/src -type f)
	@$(PYTHON) $(BUNDLE) console

# Nothing but what serving needs: the lock's run half, in the same environment, to which `make setup` adds the rest.
.PHONY: install
install: $(INSTALLED) $(EXPLORER) $(CONSOLE) ## Make .venv with what serving needs, from the run lock alone, and GraphiQL and the console where npm is there

$(INSTALLED): requirements/run.lock
	@$(PYTHON) -c 'import sys; sys.exit("SageGraph needs Python 3.11 or newer; say PYTHON=python3.11 make …") if sys.version_info < (3, 11) else None'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)"; rm -rf $(VENV); exit 1; }
	@echo "Installing what serving needs into $(VENV) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@touch $@

.PHONY: wheel
wheel: setup ## Build the wheel into dist/, with GraphiQL and the console inside
	@$(VENV)/bin/uv build --quiet --wheel --no-build-isolation --python $(PY) --out-dir dist
	@ls dist/*.whl

.PHONY: explorer
explorer: ## Fetch GraphiQL's assets again, once npm or a network is there
	@rm -f $(EXPLORER)
	@$(MAKE) --no-print-directory $(EXPLORER)

.PHONY: console
console: ## Bundle the console again, once npm or a network is there
	@rm -f $(CONSOLE)
	@$(MAKE) --no-print-directory $(CONSOLE)

.PHONY: demo
demo: setup ## Start an AWS on this laptop, fill it, start the gateway on it, ask a question
	@$(PY) -m gateway demo $(ARGS)

# Compiled tests are kept, as each worker would compile all of them.
# Three workers for two cores: one of them mostly waits, for the processes that it kills and pauses.
TESTS = $(or $(ARGS),-n 3)

.PHONY: test
test: setup ## The whole test suite, or what ARGS names (ARGS='-m "not crash" -n 2': without processes that are killed)
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest $(TESTS) $(if $(filter -n%,$(TESTS)),--dist worksteal)

.PHONY: slow
slow: setup ## Foreign and generated clients, the console and the docs in Chromium, the chart, nginx, alerts, the wheel: what takes programs or environments of its own
	@$(PY) -m pytest tests/foreign tests/packaging tests/deploy tests/console tests/website tests/docs -m slow --durations=0

.PHONY: drill
drill: setup ## Ten faults of a fleet, and the sign of each: some minutes, by itself
	@$(PY) -m pytest tests/drill -m slow --durations=0

.PHONY: pictures
pictures: setup ## Take the README's pictures of the console anew, in Chromium, from a demo
	@$(PY) -m tests.console.demo_script pictures

.PHONY: docs
docs: setup ## Build the documentation's site, with a reference of the schema, into build/website/site; a broken link fails it
	@$(PY) -m website $(ARGS)

.PHONY: check
check: setup ## Lint, types, import rules, dependencies, and the printed schema against the committed one and the last release
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/deptry .
	@if [ -x $(VENV)/bin/hadolint ]; then $(VENV)/bin/hadolint Dockerfile; else echo "No hadolint for this machine: the Dockerfile is not linted"; fi
	@$(PY) -m gateway schema | diff -u schema/schema.graphql - || { echo "schema/schema.graphql is behind; run: make schema"; exit 1; }
	@$(PY) -m tests.contract.changes

.PHONY: schema
schema: setup ## Print the schema, permissions into docs/permissions.md, the settings' schema into deploy/, and the error texts
	@$(PY) -m gateway schema > schema/.printed && mv schema/.printed schema/schema.graphql
	@$(PY) -m gateway schema --permissions > docs/.printed && mv docs/.printed docs/permissions.md
	@$(PY) -m gateway settings-schema > deploy/.printed && mv deploy/.printed deploy/settings.schema.json
	@$(PY) -m tests.contract.messages

.PHONY: clients
clients: setup ## Generate the typed clients again from the schema (their generators have environments of their own)
	@$(PY) -m clients.generate

.PHONY: bench
bench: setup ## Measure what queries cost (results are kept in benchmarks/)
	@$(PY) -m benchmarks $(ARGS)

FOREIGN = $(basename $(wildcard tests/foreign/requirements/*.in tests/deploy/requirements/*.in clients/python/*.in))

.PHONY: lock
lock: $(READY) ## Resolve the requirements again and write all locks; ARGS=-U takes the newest within bounds
	@$(VENV)/bin/uv pip compile $(ARGS) pyproject.toml --extra mcp --extra traces --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/run.lock
	@$(VENV)/bin/uv pip compile $(ARGS) pyproject.toml --extra demo --extra mcp --extra traces --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/demo.lock -c requirements/run.lock
	@$(VENV)/bin/uv pip compile $(ARGS) pyproject.toml --extra demo --extra mcp --extra traces --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/dev.lock -c requirements/demo.lock
	@$(VENV)/bin/uv pip compile $(ARGS) --group docs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/docs.lock
	@for client in $(FOREIGN); do $(VENV)/bin/uv pip compile $(ARGS) $$client.in $$(test ! -f $$client.excludes || echo --excludes $$client.excludes) --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o $$client.lock; done
