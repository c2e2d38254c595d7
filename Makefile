# Spilno's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test prove sites mutants pictures check format elements wordpress package bench load clean
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
STRIPE_NODE := .stripe-node/.ready
WORKERD := .workerd/workerd
PELICAN := .pelican/.ready
ELEVENTY := .eleventy/.ready
EDGE_SIGNER := .edge-signer/.ready
ARM64 := .arm64/.ready
WORDPRESS := .wordpress/.ready
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

# Static generators, each as a newsroom would have it.
$(PELICAN): tests/sites/generators/requirements-pelican.txt localdev/bootstrap.sh
	@PYTHON=$(PYTHON) sh localdev/bootstrap.sh $(@D) $<
	@touch $@

$(ELEVENTY): localdev/fetch-eleventy.sh tests/sites/generators/sites/eleventy/package-lock.json
	@NPM=$(NPM) sh localdev/fetch-eleventy.sh $(@D)

# The script's pins and the Python package's API version belong together: tests/sites holds that.
$(STRIPE_NODE): localdev/fetch-stripe-node.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-stripe-node.sh $(@D)

# What signs the edge's keys stands apart, as botocore signs everything by it where it finds it.
$(EDGE_SIGNER): $(READY) ops/requirements-edge.txt
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --upgrade --target $(@D) -r ops/requirements-edge.txt
	@touch $@

$(WORKERD): localdev/fetch-workerd.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-workerd.sh $(@D)

$(WORDPRESS): localdev/fetch-wordpress.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-wordpress.sh $(@D)

# Which test belongs where, and why: docs/testing.md. Without npm, what comes in its packages is skipped, see there.
PYTEST := $(VENV)/bin/python -m pytest -n 2 --dist loadfile
EVERYDAY := $(filter-out tests/proofs/ tests/deployed/ tests/sites/ tests/stories/ %__pycache__/,$(wildcard tests/*/))
# Pages and elements looked at in every state in Chromium: with the whole stacks, not after every change.
LOOKED_AT := tests/pages/browser tests/widget/on_sites
NPM := $(shell command -v npm)

test: $(READY) $(READY_AWS) $(READY_WHEELS) ## the everyday tests: rules, actions, pages, the elements in Chromium
	@$(PYTEST) $(EVERYDAY) $(addprefix --ignore=,$(LOOKED_AT))

prove: $(READY) $(READY_AWS) $(READY_WHEELS) $(EDGE_SIGNER) $(if $(NPM),$(DYNOXIDE)) $(if $(shell command -v qemu-aarch64),$(ARM64)) ## the long proofs: orders, faults, attacks, a deployed stage; crowds and crashes on both engines
	@$(PYTEST) -m "not engine" tests/proofs tests/deployed
	@$(PYTEST) -m engine --engine ministack tests
ifneq ($(NPM)$(wildcard $(DYNOXIDE)),)
	@$(PYTEST) -m engine --engine dynoxide tests
endif

# In the order of the folders: each ends its own stack or site before the next begins.
sites: $(READY) $(READY_AWS) $(PELICAN) $(if $(NPM),$(ROUTERS) $(STRIPE_NODE) $(WORKERD) $(ELEVENTY) $(WORDPRESS)) ## readers on whole stacks: Chromium, Firefox, WebKit, real web servers and CMSs, Stripe's Node package
	@$(PYTEST) --no-loadscope-reorder tests/sites tests/stories $(LOOKED_AT)

# Runs the package of the functions' own processor on this one.
$(ARM64): localdev/fetch-arm64.sh
	@sh localdev/fetch-arm64.sh $(@D)

$(DYNOXIDE): localdev/fetch-dynoxide.sh localdev/npm-tarball.sh
	@PYTHON=$(PYTHON) sh localdev/fetch-dynoxide.sh $(@D)

mutants: $(READY) $(READY_AWS) ## small mistakes in the rules of money and access: which of them no test notices
	@$(VENV)/bin/python -m tests.mutants run

pictures: $(READY) $(READY_AWS) ## make the pictures in docs/pictures/ anew, in Chromium
	@$(VENV)/bin/python -m tests.stories.pictures

check: $(READY) ## lint, format and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(READY) ## let the formatter rewrite what it can
	@$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format .

elements: $(READY) ## build widget.js and its parts from elements/ into chalicelib/static/elements/
	@$(VENV)/bin/python -m elements

wordpress: $(READY) ## the WordPress plugin as a zip to upload, build/spilno-wordpress.zip
	@$(VENV)/bin/python -m integrations.wordpress

STAGE ?= prod
SECONDS ?= 30
USERS ?= 12
package: $(READY) ## the deployable artefact and template under build/: make package STAGE=prod (or dev)
	@$(VENV)/bin/python -m infra.package --stage $(STAGE)

bench: $(READY) $(READY_AWS) $(READY_BENCH) $(if $(shell command -v npm),$(DYNOXIDE)) ## speed beside peers, pages on a slow phone, table units and the cost model, as tables; also into docs/
	@$(VENV)/bin/python -m bench all

load: $(READY) $(READY_AWS) $(READY_BENCH) ## drive the local stack for 30 s, then check the books: make load [SECONDS=30] [USERS=12]
	@$(VENV)/bin/python -m bench load --seconds $(SECONDS) --users $(USERS)

clean: ## remove the environments and the build output, keep .local/
	rm -rf $(VENV) $(VENV_AWS) $(VENV_BENCH) $(dir $(DYNOXIDE)) $(dir $(ROUTERS)) $(dir $(STRIPE_NODE)) $(dir $(WORKERD)) $(dir $(EDGE_SIGNER)) $(dir $(ARM64)) $(dir $(PELICAN)) $(dir $(ELEVENTY)) $(dir $(WORDPRESS)) build
