# Two commands do everything: `make demo` runs the main job, `make test` passes the tests.
# Each makes the environment in .venv by itself; nothing but Python 3.11+ and make is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH := .venv-bench
WORKERS ?= 2

.PHONY: setup demo test test-bounds test-plain lint pictures validate reproduce reproduce-smoke book bench clean lock

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/enforcement-sim run scenarios/tianjin/shift_without_staff.yaml --replications 4 --workers $(WORKERS) --out out/demo --apart

test: setup
	$(BIN)/python -m pytest -n $(WORKERS)

# The compiled engine with every index checked, and without its compiler.
test-bounds: setup
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest -n $(WORKERS) tests/compiled tests/stories -k "compiled or twin or identity"

test-plain: setup
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n $(WORKERS) tests/compiled/test_parts.py tests/compiled/test_twin.py

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pictures of the documentation: of the base sweep's report and of the application; a few minutes.
pictures: setup
	ENFORCEMENT_SIM_PICTURES=$(CURDIR)/docs/pictures $(BIN)/python -m pytest -k pictures tests/pages tests/dashboard

validate: setup
	$(BIN)/python -m pytest -m long -n $(WORKERS)

# Every published number again, bit for bit; with -smoke the first log of every point only.
reproduce: setup
	$(BIN)/enforcement-sim reproduce --all --workers $(WORKERS)

reproduce-smoke: setup
	$(BIN)/enforcement-sim reproduce --all --smoke

# The validation book anew: every case at length, every scenario by both engines but for the levers; about half an hour.
book: setup
	$(BIN)/enforcement-sim validate --effort long --keep results/validation --workers $(WORKERS)
	$(BIN)/enforcement-sim book --runs --workers $(WORKERS)

# Ratios against the reference, other libraries and C, with their spread; about twenty minutes on a quiet machine.
bench: setup $(BENCH)/.installed
	cd bench && for file in speed.py reference.py peers.py simpy_city.py c_program.py growth.py nation.py; do \
		echo "== $$file"; ../$(BENCH)/bin/python $$file || exit 1; done

$(BENCH)/.installed: requirements.lock bench/requirements.txt $(STAMP)
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Needs uv; the lock names versions and hashes, never a place to fetch them from.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) $(BENCH) out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
