# Everything starts here. Each target sets up first what it needs; a second run finds that done.
PYTHON ?= python3

# nbgrader looks for its helpers on PATH.
VENV := .venv
IN_VENV := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"

# Programs of the system, installed where the user may.
PROGRAMS := bwrap
test newest: PROGRAMS := bwrap chromium postgres

.DEFAULT_GOAL := help
.PHONY: help setup demo build site lint quick test soak oldest newest lock clean

help:  ## this list
	@echo "make demo and make test do all the set-up that they need: Python 3.11 or newer, make PYTHON=... names another."
	@sed -n 's/^\([a-z]*\):.*  ## /  make \1\t/p' $(MAKEFILE_LIST)

setup:  ## make .venv and install everything into it
	@$(PYTHON) tools/bootstrap.py $(PROGRAMS)

demo: setup  ## grade a class of invented students, and show what they got wrong
	@$(IN_VENV) autograder demo

build: setup  ## make the notebooks and the public observations from the lessons' text
	@$(IN_VENV) autograder build

site: setup  ## the course as web pages, in build/site
	@$(IN_VENV) python tools/build_site.py

lint: setup  ## style, types, and which room imports from which
	@echo "== ruff" && $(IN_VENV) ruff check . && $(IN_VENV) ruff format --check .
	@echo "== mypy" && echo pyproject.toml tests/mypy.ini | $(IN_VENV) xargs -n 1 -P 2 mypy --config-file
	@echo "== rooms" && $(IN_VENV) python tools/house.py --check

# Tests without kernels, browsers and gradebooks; one among them that is not quick fails by its time.
QUICK := course/test_types.py feedback judging/test_unequal.py probing project/test_house.py project/test_lock.py \
	sandbox/test_diagnosis.py source student/test_memory.py submission texts/test_edits.py texts/test_prose.py

quick: lint  ## style, types, and the tests that run in about a minute
	@echo "== pytest" && $(IN_VENV) pytest -q -n 2 --timeout 20 -m "not slow and not browser" $(addprefix tests/,$(QUICK))

test: lint  ## style, types, and every test
	@echo "== pytest" && $(IN_VENV) pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 20

# What is run longer, with more chance in it, and under more seeds, where SOAK is set.
SOAKING := classroom/test_killed.py running/test_leaks.py judging/test_golden.py course/test_lessons.py \
	student/test_selfstudy.py

soak: setup  ## before a release: hundreds of submissions, dozens of killed runs, all answers under three seeds; half an hour
	@SOAK=1 $(IN_VENV) pytest -s --timeout 1800 $(addprefix tests/,$(SOAKING))

oldest: setup  ## every lesson with the oldest torch that pyproject.toml allows: another download of 3 GB
	@$(IN_VENV) python tools/versions.py oldest

newest: setup  ## make test with the newest versions of everything: another download of 3 GB
	@$(IN_VENV) python tools/versions.py newest
	@$(MAKE) --no-print-directory test VENV=.venv-newest

lock: setup  ## resolve anew what all of this installs: the newest versions that go together
	@$(IN_VENV) python tools/lock.py

clean:  ## remove what demo, tests and builds left; the environments .venv, .venv-oldest and .venv-newest stay
	rm -rf demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name ".venv*" -prune -o -name __pycache__ -prune -exec rm -rf {} +
