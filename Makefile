# Everything sets itself up; see README.md.
HOST ?= 127.0.0.1
PORT ?= 8000
SECURE_PORT ?= 8443
PYTHON = .venv/bin/python
export PYTHONWARNINGS ?= ignore

.PHONY: demo demo-reset hall dev test test-postgres bench bench-postgres kills check lint css messages lock screenshots setup setup-dev

# exec: what stops make stops the demo, which would go on without it.
demo: setup
	@exec env HOST=$(HOST) PORT=$(PORT) script/demo

demo-reset: setup
	@exec env HOST=$(HOST) PORT=$(PORT) RESET=1 script/demo

# On the network of a hall, with HTTPS of its own: HOST is this machine's address there.
hall: setup
	@exec env HOST=$(HOST) PORT=$(PORT) SECURE_PORT=$(SECURE_PORT) script/hall

dev: setup-dev
	@DEMO=1 DEBUG=1 $(PYTHON) manage.py runserver $(HOST):$(PORT)

test: setup-dev
	@$(PYTHON) -m pytest -n auto

test-postgres: setup-dev
	@script/postgres $(PYTHON) -m pytest -n auto

# Every budget with what was measured; FULL=1 for a million enrolments and a class of 300.
bench: setup-dev
	@$(PYTHON) -m bench

bench-postgres: setup-dev
	@script/postgres $(PYTHON) -m bench

# A batch of 500 certificates whose worker is killed again and again, on both databases (a quarter of an hour each).
kills: setup-dev
	@BATCH=500 $(PYTHON) -m pytest -n 0 -o timeout=3600 tests/certificates/test_killed_batches.py
	@BATCH=500 script/postgres $(PYTHON) -m pytest -n 0 -o timeout=3600 tests/certificates/test_killed_batches.py

check: setup-dev
	@script/check

lint: setup-dev
	@script/lint

css:
	@script/css

# Translations: adds new strings to locale/, compiles, and says which ones still have no English.
messages: setup-dev
	@script/messages

screenshots: setup-dev
	@$(PYTHON) script/screenshots.py

# Locks by hash without addresses: uv.lock is full of them, so it is not used.
lock: setup-dev
	@for name in base dev; do $(PYTHON) -m uv pip compile -q --upgrade --universal --python-version 3.12 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		requirements/$$name.in -o requirements/$$name.txt; done
	@! grep -n "://" requirements/*.txt

setup:
	@script/setup base

setup-dev:
	@script/setup dev
