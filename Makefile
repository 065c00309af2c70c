# make run   sets up and opens the bundled register (POPMAP_REGISTER=folder for your own)
# make test  sets up and runs every check and test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# Browser tests wait more than they work, so one worker more than a small machine has cores.
WORKERS ?= $(shell $(PYTHON) -c "import os; print(max(3, os.cpu_count() or 3))")

.PHONY: run test lint bench screenshot clean
.DEFAULT_GOAL := run

run: $(VENV)/run.stamp
	$(BIN)/popmap serve --port $(PORT) --open

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope -q --durations=25

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ty check

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.benchmarks.all --write

screenshot: $(VENV)/dev.stamp
	$(BIN)/python -m tests.browser.screenshot docs/data-map.png

clean:
	rm -rf $(VENV)

# uv where it is installed (seconds), pip where it is not (a minute); both read the same pinned requirements.
$(VENV)/bin/python:
	@if command -v uv >/dev/null 2>&1; then uv venv -q --python '>=3.11' $(VENV); \
	else $(PYTHON) -c 'import sys; sys.exit("popmap needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None' \
	&& $(PYTHON) -m venv $(VENV); fi

$(VENV)/run.stamp: $(VENV)/bin/python requirements.txt pyproject.toml
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -e .; fi
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python -r requirements-dev.txt; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt; fi
	@touch $@
