# Every target sets up .venv by itself; all it needs is python3 (3.11 or newer, with venv) and make.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
UV     := uv==0.13.9
ATHERIS := atheris==3.0.0
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input

export FUZZ_SECONDS ?= 600

.DEFAULT_GOAL := help
.PHONY: help run chat test check bench eval faults fuzz audit lock clean

help:  ## this list
	@sed -n 's/^\([a-z][a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: .venv/.run  ## serve pages, interface and desk on one port (make run ARGS="--port 8001")
	@$(BIN)/yiwentong serve $(ARGS)

chat: .venv/.run  ## talk to it in the terminal
	@$(BIN)/yiwentong chat $(ARGS)

test: .venv/.dev  ## run the tests (make test ARGS="-k dialysis")
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: .venv/.dev  ## lint, format, types, knowledge packs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict bot intents knowledge
	$(BIN)/yiwentong check

bench: .venv/.run  ## latency, cold start and memory of a turn (make bench ARGS=--json)
	@$(BIN)/yiwentong bench turn $(ARGS)

eval: .venv/.run  ## judge the question files (make eval ARGS=path)
	@$(BIN)/yiwentong eval $(or $(ARGS),tests/questions)

faults: .venv/.dev  ## do faults to real servers, a line each (make faults ARGS="--quick disk", ARGS=--list)
	@PYTHONPATH=tests $(BIN)/python -m faults $(ARGS)

fuzz: .venv/.dev  ## give any bytes to what reads them (make fuzz ARGS=redaction FUZZ_SECONDS=60)
	@$(PIP) install --quiet --only-binary=:all: $(ATHERIS) || echo "no $(ATHERIS) here: generated inputs instead" >&2
	@PYTHONPATH=tests $(BIN)/python -m fuzzing $(ARGS)

audit: build/audit/.made  ## bill of materials and known advisories of the locks (OFFLINE=1: without the service)
	@.ci/audit build/audit/bin

lock: .venv/.made  ## write the locks anew (make lock ARGS=--upgrade takes newer releases)
	$(PIP) install --quiet $(UV)
	$(BIN)/uv pip compile $(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) $(ARGS) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

LOCK := --quiet --extra telegram --extra mcp --extra otel --no-config --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header

clean:  ## remove the environment, caches and build leftovers
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot intents knowledge tests -type d -name __pycache__ -prune -exec rm -rf {} +

# Each stamp is written last, so a set-up that was broken off is done again.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "yiwentong needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) has no venv module: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

# Programs of their own, so that what they need is never mixed with what is audited.
AUDITORS := pip-audit==2.10.1 cyclonedx-bom==7.5.0

build/audit/.made: Makefile
	$(PYTHON) -m venv --clear build/audit
	build/audit/bin/python -m pip --disable-pip-version-check --no-input install --quiet $(AUDITORS)
	@touch $@

.venv/.run: .venv/.made requirements.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(PIP) install --quiet --use-pep517 --require-hashes -r requirements-dev.lock
	@touch $@
