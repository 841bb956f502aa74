# Copyright: (c) 2026, workshop.lifecycle contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Everything below needs Python 3.11 or newer (with its venv module) and make; the rest is set up at the first call.
VENV ?= .venv
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
    $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
REQUIREMENTS := $(wildcard tests/requirements/*.txt)
RUN := $(VENV)/bin/python -m

.PHONY: help
help: ## this list
	@echo 'make <target>, with these targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo 'Settings: VENV (.venv), PYTHON, JOBS (tests side by side), and for the rehearsal'
	@echo '  TIME_SCALE=0.1 (real seconds per AWS second), LINGER=all (services whose tasks linger), STEP=4 (1 to 5),'
	@echo '  WORKSHOP=ssm (tenants, pipeline, copied, nested, cdk: others), SEED=7 (the order in which its stacks are made)'
	@echo '  WORKSHOP_SOURCE=<clone of the workshop> (its own templates),'
	@echo '  RELEASE=broken (good: a release that is switched back, or stays, instead of the teardown),'
	@echo '  LIFE=1 (from the deployment to the end, with a page that links all reports);'
	@echo '  for the soak MINUTES=20, KIND=holds (workshop: the others), SEED=7 (what a seed drew, once more)'

.PHONY: rehearsal
rehearsal: $(VENV)/.rehearsal ## put the whole workshop into an AWS look-alike and tear it down
	@$(RUN) tests.workshop.rehearsal $(if $(TIME_SCALE),--time-scale '$(TIME_SCALE)') $(if $(LINGER),--linger '$(LINGER)') \
	    $(if $(STEP),--step '$(STEP)') $(if $(WORKSHOP),--workshop '$(WORKSHOP)') $(if $(SEED),--seed '$(SEED)') \
	    $(if $(WORKSHOP_SOURCE),--source '$(WORKSHOP_SOURCE)') $(if $(RELEASE),--release '$(RELEASE)') \
	    $(if $(LIFE),--life '$(LIFE)')

.PHONY: soak
soak: $(VENV)/.rehearsal ## many teardowns with random faults, each verdict judged
	@$(RUN) tests.soak $(if $(KIND),--kind '$(KIND)') $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(SEED),--seed '$(SEED)')

.PHONY: bench
bench: $(VENV)/.bench ## the teardown beside the least possible time and other tools; takes an hour and more
	@$(RUN) tests.benchmarks
	@$(RUN) tests.benchmarks.bucket
	@$(RUN) tests.benchmarks.release

.PHONY: test
test: $(VENV)/.test ## everything that judges the collection
	@$(RUN) tests.judges sanity environments lint importer unit integration matrix

.PHONY: quick
quick: $(VENV)/.test ## a minute of it, for the loop of a developer: logic, a few modules, flake8, yamllint
	@$(RUN) tests.judges quick

.PHONY: unit
unit: $(VENV)/.test ## logic, modules, emulator, and what holds the house together
	@$(RUN) tests.judges unit

.PHONY: integration
integration: $(VENV)/.test ## modules, roles and playbooks against the emulator
	@$(RUN) tests.judges integration

.PHONY: lint
lint: $(VENV)/.test ## yamllint, ansible-lint, shellcheck, changelog and documentation
	@$(RUN) tests.judges lint

.PHONY: sanity
sanity: $(VENV)/.test ## ansible-test sanity
	@$(RUN) tests.judges sanity

.PHONY: matrix
matrix: $(VENV)/.test ## unit and smoke tests on every supported Python, ansible-core and amazon.aws
	@$(RUN) tests.judges matrix

.PHONY: build
build: $(VENV)/.test ## the tarball, in build/
	@$(RUN) tests.judges build

.PHONY: importer
importer: $(VENV)/.test ## the tarball, as Ansible Galaxy would take it
	@$(RUN) tests.judges importer

.PHONY: docs
docs: $(VENV)/.test ## the modules' documentation as web pages, in build/docs/html
	@$(RUN) tests.judges docs

.PHONY: clean
clean: ## remove everything made here
	test ! -e '$(VENV)/pyvenv.cfg' || rm -rf '$(VENV)'
	rm -rf build .matrix .pytest_cache .hypothesis .ansible tests/output .venv.lock
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.%: $(REQUIREMENTS)
	@test -n '$(PYTHON)' || { echo 'No Python 3.11 or newer with its venv module (Debian, Ubuntu: python3-venv)' >&2; exit 1; }
	@$(PYTHON) tests/judges/venv.py '$(VENV)' tests/requirements/$*.txt $@
