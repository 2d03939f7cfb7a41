# Every target does its own set-up first and may be run twice. What each does is in ops/ (see docs/operations.md).
#   make demo PORT=8080 VAR_DIR=/path HOST=0.0.0.0      make test ARGS="tests/unit -k geotag"
SHELL := /bin/bash
BASE := ops/bootstrap.sh base
DEV := ops/bootstrap.sh dev
PORT ?=
VAR_DIR ?=
HOST ?=
ARGS ?=
export PORT VAR_DIR HOST

.DEFAULT_GOAL := help
.PHONY: bench-application bench-cases chaos help setup demo demo-up demo-down run test check train bench bench-detection bench-registers messages screenshots clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

demo: ## start the demo here; Ctrl-C stops it (PORT=, VAR_DIR=, HOST=)
	@$(BASE) demo

demo-up: ## start the same in the background
	@$(BASE) demo-up

demo-down: ## stop it
	@$(BASE) demo-down

run: ## like demo, with Django's reloading server, for developers
	@$(BASE) run

setup: ## install everything for developers (tests, training)
	@$(DEV) setup

test: ## all tests, or ARGS="tests/unit/geo"
	@$(DEV) test $(ARGS)

check: ## style, layout, imports between rooms, types, the map application
	@$(DEV) check

bench: ## the measurements
	@$(DEV) bench $(ARGS)

bench-cases: ## lists, deadlines, joining, routes and a lived sample of a generated year (ARGS="--only routes")
	@$(DEV) bench-cases $(ARGS)

chaos: ## kill web, workers, broker and database at random while reports arrive, and count (ARGS="--reports 1000 --kills 100")
	@$(DEV) chaos $(ARGS)

bench-detection: ## images per second against ultralytics predict (PHOTOGRAPHS=folder of JPEGs)
	@$(DEV) bench-detection --photos $(or $(PHOTOGRAPHS),../shared/data/images/coco/images) $(ARGS)

train: ## the shipped fine-tuned weights again, from their photographs (PHOTOGRAPHS=folder of the sets)
	@$(DEV) train --photographs $(or $(PHOTOGRAPHS),../shared/data/images) $(ARGS)

bench-registers: ## registers, look-up and tiles on generated cities of 1M and 2M parcels (ARGS="--only load")
	@$(DEV) bench-registers $(ARGS)

bench-application: ## the map application in a slowed browser on a generated city of 1M parcels (ARGS="--part paint")
	@$(DEV) bench-application $(ARGS)

messages: ## compile the translations and list what is untranslated
	@$(BASE) messages

screenshots: ## pictures of the pages
	@$(DEV) screenshots $(ARGS)

clean: ## stop the demo and remove the private database, uploads and caches of this copy
	@$(BASE) clean
