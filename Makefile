# make run [FOLDER=~/Music]   set up and run the main job (a dry run: nothing is written)
# make test                   set up and run every check
# make bench [FOLDER=...]     end-to-end time against the plain way, on the same files
# make bench-write            cost of a verified write against a plain save
# make drive [FOLDER=...]     write, read back, kill and undo, on a copy of real music
# make foreign FOLDER=...     write and undo every file of a corpus, on a copy; refusals by reason

PYTHON ?= python3
FOLDER ?= tests/data/music
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench drive foreign bench-write clean

run: $(VENV)/installed
	$(BIN)/earmark --batch "$(FOLDER)"

test: lint
	EARMARK_LONG_TESTS=1 $(BIN)/python -m pytest

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")

drive: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.drives.drive "$(FOLDER)" --kills $(or $(KILLS),10)

foreign: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.drives.foreign "$(FOLDER)"

bench-write: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.write_cost

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[dev,training]"
	@touch $@ $(VENV)/installed

# Everything native comes inside the wheels; only Python itself can be missing.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "$(PYTHON) is missing. Install it: sudo apt install python3 python3-venv"; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Earmark needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) -V). Install one" \
	         "(sudo apt install python3.11 python3.11-venv) and say: make PYTHON=python3.11"; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq python3-venv; \
	  else echo "Python's venv module is missing. Install it: sudo apt install python3-venv"; exit 3; fi
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
