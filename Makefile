# Two commands matter: `make run` tries it, `make test` proves it.
PYTHON ?= python3
PORT ?= 8000
INTAKE_PORT ?= 8001
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
PYBABEL := $(BIN)/pybabel --quiet
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || echo /usr/bin/chromium)

.PHONY: run install dev-install test test-fast test-all check lock translations compile-translations assets fonts clean

run: install
	@$(BIN)/citizen-portal demo --port $(PORT) --intake-port $(INTAKE_PORT)

install: .venv/run.stamp compile-translations

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	$(PIP) --require-hashes --requirement requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

node_modules/stamp: package-lock.json
	npm ci --ignore-scripts --silent
	@touch $@

dev-install: install .venv/dev.stamp node_modules/stamp chromium java w3m

# What Debian has and the tests need. $(1): commands that must be there, $(2): the packages that bring them.
define needs
@for command in $(1); do command -v $$command >/dev/null 2>&1 || { \
  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    apt-get -qq update && apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $(2) >/dev/null; \
  else echo 'The tests need more of Debian. Type: sudo apt-get install -y $(2)' >&2; exit 1; fi; }; done
endef

.PHONY: chromium java engines w3m
# The browser of the tests; fonts are there so that screenshots show every script.
chromium:
	$(call needs,$(CHROMIUM),chromium fonts-noto-core)

# The Nu checker is a Java program.
java:
	$(call needs,java,default-jre-headless)

# The other two engines: WebKit has no mode without a screen, so it gets one that nobody sees.
engines:
	$(call needs,firefox-esr WebKitWebDriver Xvfb,firefox-esr webkit2gtk-driver xvfb)

# A browser of text, in which the whole journey has to work.
w3m:
	$(call needs,w3m,w3m)

compile-translations: .venv/run.stamp
	@for po in translations/*/LC_MESSAGES/*.po; do \
	  mo=$${po%.po}.mo; [ ! -e $$po ] || [ $$mo -nt $$po ] || $(PYBABEL) compile --input-file $$po --output-file $$mo; done

translations: .venv/run.stamp
	$(PYBABEL) extract --mapping-file translations/babel.cfg --keywords _html --keywords _both --keywords _c:1c,2 --keywords _n:1,2 --no-location --sort-output --omit-header --output-file translations/messages.pot .
	for po in translations/*/LC_MESSAGES/messages.po; do \
	  $(PYBABEL) update --no-fuzzy-matching --ignore-obsolete --input-file translations/messages.pot --output-file $$po --locale $$(echo $$po | cut -d/ -f2); done

# What comes from npm and is served is built here once and kept in static/: running the portal needs no Node.
assets: .venv/dev.stamp node_modules/stamp
	$(BIN)/python tools/build_assets.py

# The fonts of the PDF: cut from npm's, kept in fonts/.
fonts: .venv/dev.stamp node_modules/stamp
	$(BIN)/python tools/build_fonts.py

check: dev-install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check coverage
	$(BIN)/pytest --numprocesses auto --dist loadfile -m 'browser and not long'
	$(BIN)/pytest -m 'crash and not long'

test-fast: dev-install
	$(BIN)/pytest --numprocesses auto -m 'not browser and not crash and not long'

# The packages that hold what a resident was promised, each by itself: coverage's own limit counts all as one.
COVERED := $(addprefix citizen_portal/,journey registration intake progress storage)
.PHONY: coverage
coverage: dev-install
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto -m 'not browser and not crash and not long'
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage json --quiet -o - | $(BIN)/python tools/branch_coverage.py 95 $(COVERED)

# Beyond `test`: what takes long, and an installed wheel, not only the checkout.
test-all: test beyond-test
.PHONY: beyond-test
beyond-test: dev-install engines
	$(BIN)/pytest --numprocesses auto --dist loadfile -m 'long and (browser or engines)'
	$(BIN)/pytest -m 'long and not browser and not engines'
	$(BIN)/python tools/try_wheel.py

# Every page in every language at 375 px, for people to look at: build/gallery/index.html. WHICH="--few --lang ar".
.PHONY: gallery
gallery: dev-install
	$(BIN)/python tools/make_gallery.py $(WHICH)

# What the accessibility statement says: all states in every language and engine. Writes citizen_portal/web/accessibility.json.
.PHONY: accessibility-results
accessibility-results: dev-install
	-$(BIN)/pytest --junit-xml build/accessibility.xml tests/browser tests/engines tests/screenreader
	$(BIN)/python tools/accessibility_results.py build/accessibility.xml

# What it costs, as ratios within one run; WHAT="pages journey" runs these only. Writes docs/performance.md.
.PHONY: bench
bench: compile-translations .venv/dev.stamp
	$(BIN)/python -m bench $(WHAT)
	$(BIN)/python -m bench report

lock:
	cd requirements && for f in run dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links $$f.in -o $$f.txt; done

clean:
	rm -rf .venv node_modules dist build
