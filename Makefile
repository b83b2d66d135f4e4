# Two commands: make run, make test. They need a Python from 3.12 on, and nothing else (see scripts/find-python).
# Written for GNU make 3.81 too, which is what macOS has.
SHELL = /bin/sh
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help run test check messages format requirements clean

help:
	@echo "make run        start everything on this machine: http://127.0.0.1:8000/ (PORT, HOST, CONCITOYEN_HOME)"
	@echo "make test       make check, then every test"
	@echo "make check      types, lint, templates, migrations, import contracts, translations, deploy check"
	@echo "make messages   add new strings to the French catalogues and compile them"
	@echo "make format     put code and templates in shape"
	@echo "make clean      remove .venv and what was built, never your data"

run:
	@sh scripts/install requirements/local.txt
	@exec .venv/bin/python -m conference.local run

test: check
	@exec .venv/bin/python -m pytest -n 2 --dist loadfile

check:
	@sh scripts/install requirements/dev.txt
	@sh scripts/check

messages:
	@sh scripts/install requirements/dev.txt
	@.venv/bin/python -m conference.local.messages --update

format:
	@sh scripts/install requirements/dev.txt
	@.venv/bin/ruff check --fix --quiet || true
	@.venv/bin/ruff format
	@.venv/bin/djade --target-version 6.1 $$(find templates -name '*.html')

# After a change of dependencies in pyproject.toml; needs uv. No address of an index is written.
requirements:
	@sh scripts/compile-requirements

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles
	find conference panels experts tests locale -name '__pycache__' -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -type f -exec rm -f {} +
