# The commands of this project. `make` lists them.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8550
# One more than cores: what waits for a process or a timer leaves its core to the others.
WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

app: .venv/app ## start everything and print the address (PORT=8550)
	@PORT=$(PORT) $(BIN)/python -m app web

desktop: .venv/desktop ## open the desktop window against the same gateway
	@PORT=$(PORT) $(BIN)/python -m app desktop

gateway: .venv/app ## run the reference gateway and its sandbox identity provider alone (PORT=8560)
	@$(BIN)/python -m gateway serve --port $(if $(filter 8550,$(PORT)),8560,$(PORT))

replay: .venv/app ## replay a support bundle on this machine (FILE=bundle.zip PORT=8570); CHECK=1 prints what differs
	@test -n "$(FILE)" || { echo "Name the bundle: make replay FILE=bundle.zip"; exit 2; }
	@$(BIN)/python -m app.replay "$(FILE)" $(if $(CHECK),--check) --port $(if $(filter 8550,$(PORT)),8570,$(PORT))

test: .venv/dev ## the whole suite; browser journeys run where a Chromium is found
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not browser"
	@$(BIN)/python -m pytest -q -m browser

check: .venv/dev ## format, lint, types, import contracts, words, tests on both databases
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.support.locale --check
	IHANOI_TEST_POSTGRES=1 $(BIN)/python -m pytest -q -n $(WORKERS) -m "not browser"
	$(BIN)/python -m pytest -q -m browser

format: .venv/dev ## put the code in its form
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

locale: .venv/dev ## build the message catalogue that ships
	@$(BIN)/python -m tests.support.locale

slow: .venv/dev ## the files and tests that take most CPU time (T=tests/gateway)
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not browser" -p tests.support.slow $(T)

journeys: .venv/dev ## the long browser journey: a report from a cut network to its second opening, two browsers
	@$(BIN)/python -m pytest -q -m "browser and long"

pictures: .venv/dev ## take the pictures of docs/journeys anew (needs a Chromium)
	@$(BIN)/python -m tests.browser.pictures

bench: .venv/dev ## figures of docs/performance.md: drawing, checking, reading and uploading card codes
	@$(BIN)/python -m tests.bench.card_code
	@$(BIN)/python -m tests.bench.card_camera
	@$(BIN)/python -m tests.bench.card_taps
	@$(BIN)/python -m tests.bench.reports --reports 50000
	@$(BIN)/python -m tests.bench.report_load --requests 800
	@$(BIN)/python -m tests.bench.certificates --cost 20 --drain 100
	@$(BIN)/python -m tests.bench.health --rounds 2 --most 1000
	@$(BIN)/python -m tests.bench.web_sessions 60
	@$(BIN)/python -m tests.bench.proofs

bench-health: .venv/dev ## a health record of 1.8 MB drawn, growth to 10,000 resources, memory (a minute)
	@$(BIN)/python -m tests.bench.health

bench-reports: .venv/dev ## reading reports and taking them in, a million of them, on both databases (many minutes)
	@$(BIN)/python -m tests.bench.reports --reports 1000000 --postgres
	@$(BIN)/python -m tests.bench.report_load --requests 4000

bench-import: .venv/dev ## importing health records of a million resources: pace and memory (an hour; N="100000 1000000")
	@$(BIN)/python -m tests.bench.health_import --resources $(or $(N),100000 1000000)

fuzz: .venv/dev ## Schemathesis over the whole API: no server error, no break of its contract (S=600 seconds)
	@$(BIN)/python -m tests.campaigns.fuzz_api $(or $(S),600)

fuzz-card: .venv/dev ## a million mutations of valid card codes: none may be accepted (some minutes)
	@$(BIN)/python -m tests.campaigns.fuzz_card 1000000

fuzz-health: .venv/dev ## mutations of valid health records, every screen drawn of each (N=2000, some minutes)
	@$(BIN)/python -m tests.campaigns.health_mutations $(or $(N),2000)

faults: .venv/dev ## the fault campaign: 20,000 reports, a breaking network, kill -9; figures of docs/performance.md (N=20000)
	@$(BIN)/python -m tests.campaigns.faults $(or $(N),20000)

residents: .venv/dev ## fifty residents at once on one web host: nobody is sent a word of another (N=50, two minutes)
	@$(BIN)/python -m tests.campaigns.web_residents $(or $(N),50)

canaries: .venv/dev ## 10,000 personal values through every operation and failure: none in a log, an error or an address (N=10000)
	@$(BIN)/python -m tests.campaigns.canaries $(or $(N),10000)

support-faults: .venv/dev ## 200 seeded faults in every feature, each sent as a support bundle and replayed (N=200 SEED=0 KEEP=folder)
	@$(BIN)/python -m tests.campaigns.support_faults $(or $(N),200) --seed $(or $(SEED),0) $(if $(KEEP),--keep $(KEEP))

certificates: .venv/dev ## 200 certificates for pdfsig, pyHanko, qpdf and sd-jwt; 1,000 mutants for /verify (N=200 M=1000)
	@$(BIN)/python -m tests.campaigns.certificates $(or $(N),200) $(or $(M),1000)

requirements: .venv/dev ## pin every dependency anew, with hashes
	@sh requirements/compile

clean: ## remove the environment and caches; the app's data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/%: requirements/%.txt
	@$(PYTHON) requirements/check_python.py
	@test -x $(BIN)/python || { echo "Making the environment in .venv …"; $(PYTHON) -m venv .venv; }
	@echo "Installing what $* needs (a minute or two the first time) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

.PHONY: help app desktop gateway test check format locale journeys pictures bench bench-health bench-import bench-reports canaries fuzz fuzz-card fuzz-health faults residents certificates requirements clean
.PHONY: replay slow support-faults
