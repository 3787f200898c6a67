# make run [FOLDER=~/Music]   set up and run the main job without a window (a dry run: nothing is written)
# make window [FOLDER=...]    set up and open the window
# make test                   set up and run every check
# make bench [FOLDER=...]     end-to-end time against decoding alone and other ways; EARMARK_ESSENTIA=PYTHON adds Essentia
# make bench-models           cost and quality of the models to choose from, side by side, on FOLDER=...
# make bench-effort           cost and agreement of listening to places instead of all, on FOLDER=...
# make bench-scale            the whole job at 1,000 to 100,000 tracks, and an unchanged library against a bare walk
# make bench-memory           memory of all processes for tracks of three hours and for 100,000 tracks
# make bench-gui              speed and memory of the window against its targets; EARMARK_PICARD=PYTHON adds Picard
# make screenshots            the pictures of the README, made anew
# make translations           the window's texts collected for translators, and what they made compiled
# make bench-cluster          cluster workers against threads of one process, and an estimate for many nodes
# make bench-watch            what --watch costs while nothing happens
# make bench-write            cost of a verified write against a plain save
# make drive [FOLDER=...]     write, read back, kill and undo, on a copy of real music
# make foreign FOLDER=...     write and undo every file of a corpus, on a copy; refusals by reason

PYTHON ?= python3
FOLDER ?= tests/data/music
VENV := .venv
BIN := $(VENV)/bin

# What Qt wants of Debian: to draw at all, and for the tests to open real windows on a screen that is not there.
QT_LIBRARIES := libglib2.0-0 libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libbrotli1 \
  fonts-noto-core fonts-droid-fallback fonts-noto-color-emoji
SCREEN := xvfb xauth xdotool libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
  libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxkbcommon-x11-0

.PHONY: run window test lint bench bench-models bench-effort bench-cluster bench-scale bench-memory bench-gui bench-watch bench-write drive foreign screenshots translations screen clean

run: $(VENV)/installed
	$(BIN)/earmark --batch "$(FOLDER)"

window: $(VENV)/installed
	$(BIN)/earmark "$(FOLDER)"

test: lint screen
	EARMARK_LONG_TESTS=1 $(BIN)/python -m pytest

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")

bench-models: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.models $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")

bench-effort: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.effort $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")

bench-scale: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.scale

bench-memory: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.memory

bench-cluster: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.cluster $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")

bench-gui: $(VENV)/installed-for-tests screen
	$(BIN)/python -m tests.benchmarks.gui $(if $(filter-out tests/data/music,$(FOLDER)),"$(FOLDER)")
	$(BIN)/python -m tests.benchmarks.review_scale

screenshots: $(VENV)/installed-for-tests screen
	$(BIN)/python -m tests.screenshots

translations: $(VENV)/installed
	$(BIN)/python -m gui.translations

drive: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.drives.drive "$(FOLDER)" --kills $(or $(KILLS),10)

foreign: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.drives.foreign "$(FOLDER)"

bench-watch: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.watching

bench-write: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks.write_cost

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable ".[dev,training,corpus]"
	@touch $@ $(VENV)/installed

# Root on Debian gets what the tests of the window want; anybody else is told, and those tests skip with the reason.
screen:
	@missing=$$(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(QT_LIBRARIES) $(SCREEN) 2>&1 \
	  | grep -c -v '^installed ' || true); \
	if [ "$$missing" = 0 ] || ! command -v apt-get >/dev/null; then exit 0; \
	elif [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    $(QT_LIBRARIES) $(SCREEN) >/dev/null; \
	else echo "For all tests of the window: sudo apt install $(QT_LIBRARIES) $(SCREEN)"; fi

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
