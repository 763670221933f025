# Everything that the project does, as one word each. `make` alone says what there is.
PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled once, whatever the surroundings say: without that every start of a server takes twice as long.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test test-faults test-image chromium redis lint audit sbom check-bank bench screenshots lock messages clean

help: ## say what there is
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# The stamp is newer than the locks exactly when the environment holds what they name.
.venv: .venv/.stamp ## create the environment from the locked, hashed dependencies

.venv/.stamp: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Crossdrill needs Python 3.11 or newer; this is %d.%d. Name another one: make PYTHON=python3.12 …" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

run: .venv ## migrate and serve on http://127.0.0.1:8000
	@$(BIN)/crossdrill migrate
	@$(BIN)/crossdrill serve

ifeq ($(BROWSER),no)
WITHOUT := --ignore=tests/browser
endif

test: .venv chromium redis lint ## lint, types, layers and all tests; BROWSER=no leaves out those that need Chromium
	$(BIN)/pytest -n 2 --dist loadgroup $(WITHOUT)
	$(if $(WITHOUT),@echo "The pages were NOT tested in a browser: BROWSER=no.")

chromium: .venv
ifneq ($(BROWSER),no)
	@$(BIN)/python -m tests.browser.chromium
endif

redis: .venv
	@$(BIN)/python -m tests.redis_server

lint: .venv ## lint, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test-image: .venv ## build the container's image without an engine, and try what it does; needs root and Debian's tools
	$(BIN)/pytest tests/image/check_contents.py tests/image/check_running.py

audit: .venv ## ask whether anything that the locks name is known to be vulnerable
	$(BIN)/python -m tests.supply.audit

sbom: .venv ## write the bill of materials to dist/crossdrill.cdx.json
	$(BIN)/python -m tests.supply.sbom dist/crossdrill.cdx.json

check-bank: .venv ## prove every family of the bank over 1,000 seeds
	$(BIN)/crossdrill bank check

test-faults: .venv ## kill, cut and fill what the service stands on, many times, and print what was lost; FAULTS="--only disk-full" tries one
	$(BIN)/python -m tests.faults $(FAULTS)

bench: .venv ## measure speed, as ratios within one run
	$(BIN)/python -m bench

screenshots: .venv chromium ## take pictures of the pages into screenshots/
	$(BIN)/python -m tests.browser.screenshots screenshots

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock: .venv ## resolve the dependencies anew: versions and hashes, no addresses
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra otel -c requirements-dev.lock -o requirements-otel.lock
	$(COMPILE) --group build -c requirements-dev.lock -o requirements-build.lock

WORDS := app/web/translations

messages: .venv ## extract the pages' words, and compile their translations
	$(BIN)/pybabel -q extract -F babel.cfg -k say:2 --no-location --sort-output --omit-header -o $(WORDS)/crossdrill.pot .
	$(BIN)/pybabel -q update -D crossdrill -i $(WORDS)/crossdrill.pot -d $(WORDS) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -D crossdrill -d $(WORDS)

clean: ## remove what the targets made, your database excepted
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
