# Needs Python 3.11 or newer and make; everything else goes into $(VENV).
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin

.PHONY: quickstart test lint docs clean mutation figures lock audit

quickstart: $(VENV)/.installed ## solve the small scenario: a run folder with a report
	$(BIN)/ssa-psro run scenarios/quickstart.toml

test: $(VENV)/.installed-dev ## run all tests
	$(BIN)/pytest -n auto --dist worksteal

lint: $(VENV)/.installed-dev ## style, types and layers
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

docs: $(VENV)/.installed-dev ## the site, into build/docs; a warning is an error
	$(BIN)/sphinx-build -W --keep-going docs build/docs

mutation: $(VENV)/.installed-dev ## change the code bit by bit; each change must fail a test: some hours
	$(BIN)/python -m evidence.mutation

figures: $(VENV)/.installed ## the figures of the documents, of one model: half an hour
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m evidence.figures

lock: $(VENV)/.installed ## what a new installation gets now, with hashes: build/supply/requirements.lock
	$(BIN)/python -m evidence.supply lock

audit: lock ## known weaknesses of what is locked, and what could not be looked up; needs pip-audit
	$(BIN)/python -m evidence.supply audit

clean: ## remove what the targets above made; run folders stay
	rm -rf $(VENV) build dist docs/reference/api .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	$(BIN)/pip install --editable . && touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.created
	$(BIN)/pip install --editable . --group dev && touch $@ $(VENV)/.installed

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "ssa-psro needs Python 3.11 or newer, and '$(PYTHON)' is not." \
	       "Name one that is: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1' && touch $@ # the first with --group
