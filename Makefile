# Everything below works on a fresh machine with Python >= 3.11 (with venv) and make.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo test snapshots lint bench bench-data bench-line bench-train clean

install: $(STAMP)  ## set up .venv/bin/burnish

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "burnish needs Python 3.11 or newer with its venv module (Debian: python3-venv)."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing burnish into .venv (log: .venv/install.log)"
	@$(BIN)/python -m pip install --quiet -e '.[train,web,dev]' >.venv/install.log 2>&1 || { tail -n 20 .venv/install.log; exit 1; }
	@touch $@

demo: install  ## train the bundled model, serve it beside its base, ask both: real, on any machine
	$(BIN)/burnish setup serve
	$(BIN)/burnish demo

test: lint  ## everything, real training and real servers included
	$(BIN)/burnish setup serve
	$(BIN)/python -m pytest

snapshots: install  ## write tests/tui/snapshots anew; look at what changed before it is committed
	BURNISH_WRITE_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/tui/whole/test_snapshots.py

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

bench: install  ## print the measured figures that docs/benchmarks.md keeps
	$(BIN)/burnish setup serve
	$(BIN)/python -m tests.bench

bench-data: install  ## the dataset pane on a file of 1,000,000 rows
	$(BIN)/python -m tests.bench.dataset

bench-line: install  ## bytes and times on a thin line, beside plain Textual
	$(BIN)/python -m tests.bench.line

bench-train: install  ## real tokens a second beside TRL, and LLaMA-Factory where BURNISH_BENCH_LLAMAFACTORY names its environment
	$(BIN)/python -m tests.bench.train

clean:
	rm -rf .venv burnish-demo
