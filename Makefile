# The developer's verbs. `make run` and `make test` need python3 (3.11 or newer) and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
unexport PYTHONDONTWRITEBYTECODE # where it is set, each run compiles every test anew: seconds a process

.PHONY: run test test-unit test-system coverage lint format bench docs pictures wheel clean

run: $(VENV)/.installed
	$(BIN)/digest demo

test: $(READY)
	$(BIN)/pytest -m "not system" -n auto --dist worksteal

# The quick part of it: all but the journeys.
test-unit: $(READY)
	$(BIN)/pytest -m "not system and not journey" -n auto --dist worksteal

# Needs Chromium, Postfix and Dovecot from the system, and root to start these two.
test-system: $(READY)
	$(BIN)/pytest -m system

# The lines of the package that no test of `make test` reaches, processes of their own left out.
coverage: $(READY)
	$(BIN)/pytest -m "not system" -n auto --dist worksteal --cov=digest --cov-report=term-missing:skip-covered

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m tests.bench

# The reference is written anew from the program, then site/ is built; a broken link fails it.
docs: $(READY)
	$(BIN)/python -m tests.docs.reference
	$(BIN)/mkdocs build --quiet

# The pictures in docs/: needs Chromium from the system.
pictures: $(READY)
	$(BIN)/python -m tests.docs.pictures

wheel: $(READY)
	$(BIN)/pip --quiet wheel --no-deps --wheel-dir dist .

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip --quiet --disable-pip-version-check install --constraint constraints.txt --editable .
	touch $@

$(READY): $(VENV)/.installed
	$(BIN)/pip --quiet --disable-pip-version-check install --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist site *.egg-info
