# Fashion Finder. `make` alone lists the targets.
#
# Set-up writes to stderr: the last line that `make run` prints on stdout is for programs to read.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PYTEST_ARGS ?=
PHOTOS ?=

# Keeps onnxruntime from reporting its use; the program sets this itself, too.
export ORT_DISABLE_TELEMETRY := 1

LOCKED := requirements/build.txt requirements/hnswlib.txt pyproject.toml scripts/setup/venv.sh

# A checkout that was moved needs new environments.
$(shell for venv in .venv .venv-export .venv-train; do \
    test "$$(cat $$venv/made-in 2>/dev/null)" = "$$PWD" || rm -f $$venv/ready-*; done)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- setting up

.PHONY: system-run system-test system-package system-soak
system-run system-test system-package system-soak: system-%:
	@scripts/setup/system.sh $*

$(VENV)/ready-run: requirements/run.txt $(LOCKED) | system-run
$(VENV)/ready-test: requirements/test.txt $(LOCKED) | system-test
$(VENV)/ready-package: requirements/package.txt $(VENV)/ready-test | system-package
.venv-export/ready-export: requirements/export.txt $(LOCKED) | system-test
.venv-train/ready-train: requirements/train.txt $(LOCKED) | system-test

$(VENV)/ready-% .venv-export/ready-% .venv-train/ready-%:
	@scripts/setup/venv.sh $(@D) $<
	@touch $@

.PHONY: setup
setup: $(VENV)/ready-test ## everything needed to work on the program

# ---------------------------------------------------------------- using it

.PHONY: run
run: $(VENV)/ready-run ## the window on the sample wardrobe, with one example answered
	@$(VENV)/bin/fashion-finder --demo --data-dir "$${FASHION_FINDER_DATA_DIR:-out/demo}"

# ---------------------------------------------------------------- checking it

.PHONY: test
test: $(VENV)/ready-test ## all tests but those of the exporter and the trainer; PYTEST_ARGS="-k name" for some
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest $(PYTEST_ARGS)

.PHONY: soak
soak: $(VENV)/ready-test ## the hour-long tests: damaged files, kills, full disks, drives, older processors (as root)
	@mkdir -p out
	@scripts/setup/system.sh soak || echo "Tests that need it are skipped."
	QT_QPA_PLATFORM=offscreen $(PY) -m pytest -s tests/soak --junitxml=out/soak.xml \
	    -o junit_family=xunit1 -o faulthandler_timeout=3600 $(PYTEST_ARGS)

.PHONY: test-export
test-export: .venv-export/ready-export ## the model exporter's tests, with TensorFlow
	@# without the configuration in pyproject.toml, half of which is about Qt
	PYTHONPATH=.:scripts:training .venv-export/bin/python -m pytest -c /dev/null --rootdir=. \
	    -o "markers=export: needs TensorFlow and tf2onnx" --import-mode=importlib -ra tests/export $(PYTEST_ARGS)

.PHONY: test-training
test-training: .venv-train/ready-train ## the model trainer's tests, with PyTorch
	PYTHONPATH=.:training .venv-train/bin/python -m pytest -c /dev/null --rootdir=. \
	    --import-mode=importlib -ra tests/training $(PYTEST_ARGS)

.PHONY: check
check: $(VENV)/ready-test ## formatting, lint, types, import contracts
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

.PHONY: format
format: $(VENV)/ready-test ## fix the formatting
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

.PHONY: bench
bench: $(VENV)/ready-test ## the main figures; PHOTOS= a zip or folder of real photos
	$(PY) benchmarks/bench_index.py $(if $(PHOTOS),--photos "$(PHOTOS)")
	$(PY) benchmarks/bench_question.py

# ---------------------------------------------------------------- making things

.PHONY: executable
executable: $(VENV)/ready-package ## dist/fashion-finder/, which needs no Python
	$(PY) -m PyInstaller --noconfirm --log-level WARN pyinstaller.spec
	@du -sh dist/fashion-finder

.PHONY: installer
installer: executable ## wrap it into a package for this system, in dist/
	@PYTHONPATH=scripts QT_QPA_PLATFORM=offscreen $(PY) -m shipping.installer dist

.PHONY: screenshots
screenshots: $(VENV)/ready-test ## the pictures of the documentation, from the real window
	QT_QPA_PLATFORM=offscreen $(PY) scripts/take_screenshots.py --output docs/screenshots $(if $(PHOTOS),--photos "$(PHOTOS)")

.PHONY: model model-photos
model: model-photos .venv-train/ready-train .venv-export/ready-export ## train and export the shipped model: LARGE=, ORDINARY=, SMALL= zips of photos, WORK= a folder (hours)
	.venv-train/bin/python training/reproduce_model.py --large "$(LARGE)" --ordinary "$(ORDINARY)" --small "$(SMALL)" \
	    --work-dir "$(WORK)" --trainer .venv-train/bin/python --exporter .venv-export/bin/python
model-photos:
	@$(foreach name,LARGE ORDINARY SMALL WORK,$(if $($(name)),,$(error $(name)= is missing: make model LARGE=ZIP \
	    ORDINARY=ZIP SMALL=ZIP WORK=DIR)))

.PHONY: sample
sample: $(VENV)/ready-test ## the sample wardrobe's pictures, drawn anew
	PYTHONPATH=scripts $(PY) -m sample_wardrobe fashion_finder/sample

.PHONY: locks
locks: $(VENV)/ready-test ## resolve the requirements again (UPGRADE=1 for newer ones)
	@scripts/setup/locks.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove everything that was made
	rm -rf .venv .venv-export .venv-train build dist out .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
