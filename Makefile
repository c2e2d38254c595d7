# Spilno's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test test-dynoxide mutants check format package bench load clean
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
VENV_AWS := .venv-aws
READY_AWS := $(VENV_AWS)/.ready
VENV_BENCH := .venv-bench
READY_BENCH := $(VENV_BENCH)/.ready
READY_WHEELS := build/.cache/.ready
DYNOXIDE := .dynoxide/dynoxide
ROUTERS := .routers/.ready
export PYTHONDONTWRITEBYTECODE :=

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(READY): requirements.txt requirements-dev.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(VENV) requirements-dev.txt
	@touch $(READY)

# Local AWS pins a botocore of its own, hence its own environment.
$(READY_AWS): localdev/requirements-aws.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(VENV_AWS) localdev/requirements-aws.txt
	@touch $(READY_AWS)

# What others would write the same with, and what drives the load: nothing of it is needed to develop.
$(READY_BENCH): requirements.txt bench/requirements-bench.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(VENV_BENCH) bench/requirements-bench.txt
	@touch $(READY_BENCH)

# What a package carries is fetched here, with the registry that the environments came from; no test needs a network.
$(READY_WHEELS): $(READY) infra/package/requirements.lock
	@$(VENV)/bin/python -m infra.package.fetch
	@touch $(READY_WHEELS)

run: $(READY) $(READY_AWS) ## start the whole local stack; Ctrl-C stops all of it, data stays in .local/
	@exec $(VENV)/bin/python -m localdev

$(ROUTERS): localdev/fetch-routers.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-routers.sh $(@D)

# Without npm the tests of the wall among other people's routers are skipped.
test: $(READY) $(READY_AWS) $(READY_WHEELS) $(if $(shell command -v npm),$(ROUTERS)) ## run every test
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile

# What depends on how an engine behaves: the store's contract, crashes, faults, many at once.
ON_EVERY_ENGINE := tests/contract tests/engines $(addprefix tests/bench/test_, budgets.py meter.py) $(addprefix tests/actions/test_, \
	booked_once.py money_back_at_once.py every_fault_point.py mail_and_sweep.py whose_gift.py limits.py sign_in.py start_checkout.py correct_at_once.py)

$(DYNOXIDE): localdev/fetch-dynoxide.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-dynoxide.sh $(@D)

test-dynoxide: $(READY) $(DYNOXIDE) ## contract, concurrency and crash tests on a second DynamoDB engine (npm fetches it)
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile --engine dynoxide $(ON_EVERY_ENGINE)

mutants: $(READY) $(READY_AWS) ## small mistakes in the rules of money and access: which of them no test notices
	@$(VENV)/bin/python -m tests.mutants run

check: $(READY) ## lint, format and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(READY) ## let the formatter rewrite what it can
	@$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format .

STAGE ?= prod
SECONDS ?= 30
USERS ?= 12
package: $(READY) ## the deployable artefact and template under build/: make package STAGE=prod (or dev)
	@$(VENV)/bin/python -m infra.package --stage $(STAGE)

bench: $(READY) $(READY_AWS) $(READY_BENCH) ## speed beside peers, table units and the cost model, as tables; also into docs/
	@$(VENV)/bin/python -m bench all

load: $(READY) $(READY_AWS) $(READY_BENCH) ## drive the local stack for 30 s, then check the books: make load [SECONDS=30] [USERS=12]
	@$(VENV)/bin/python -m bench load --seconds $(SECONDS) --users $(USERS)

clean: ## remove the environments and the build output, keep .local/
	rm -rf $(VENV) $(VENV_AWS) $(VENV_BENCH) $(dir $(DYNOXIDE)) $(dir $(ROUTERS)) build
