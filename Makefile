# Spilno's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check format clean
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
VENV_AWS := .venv-aws
READY_AWS := $(VENV_AWS)/.ready
export PYTHONDONTWRITEBYTECODE :=

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt requirements-dev.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(VENV) requirements-dev.txt
	@touch $(READY)

# Local AWS pins a botocore of its own, hence its own environment.
$(READY_AWS): localdev/requirements-aws.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(VENV_AWS) localdev/requirements-aws.txt
	@touch $(READY_AWS)

run: $(READY) $(READY_AWS) ## start the whole local stack; Ctrl-C stops all of it, data stays in .local/
	@exec $(VENV)/bin/python -m localdev

test: $(READY) $(READY_AWS) ## run every test
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile

check: $(READY) ## lint, format and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(READY) ## let the formatter rewrite what it can
	@$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format .

clean: ## remove the environments and the build output, keep .local/
	rm -rf $(VENV) $(VENV_AWS) build
