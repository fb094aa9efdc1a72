# The commands of this repository. What each does, in full: scripts/ and benches/README.md.
.PHONY: help run test fmt clean bench-load bench-kill bench-pay bench-storm bench-list bench-oversight bench-learning bench-grants bench-search-grants leak fuzz

built = $(or $(CARGO_TARGET_DIR),target)/publishing
# DB=postgres has a server started for the purpose, one that waits for the disk as a real one does.
measure = $(if $(filter postgres,$(DB)),$(if $(COMMONWEAL_TEST_POSTGRES),,scripts/test-postgres measure))

help: ## says this
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: ## builds and starts Commonweal with the practice programme in ./data, at http://127.0.0.1:8360
	scripts/web
	cargo build -p server
	target/debug/commonweal serve --demo --data ./data --listen 127.0.0.1:8360

test: ## runs every check and test: lints, both databases, browser
	@scripts/test

fmt: ## formats the Rust code
	cargo fmt --all

bench-load: built-bench-load ## measures a large programme (DB=sqlite|postgres PLACES=1000 ENTRIES=1000000)
	@$(measure) $(built)/bench-load

bench-kill: built-bench-kill ## kills the server while it writes (DB=sqlite|postgres N=20)
	@$(measure) $(built)/bench-kill

bench-pay: built-bench-pay ## kills the server while it pays (DB=sqlite|postgres N=50)
	@$(measure) $(built)/bench-pay

bench-storm: built-bench-storm ## the last minutes before a deadline (DB=sqlite|postgres APPLICATIONS=300 WRITERS=12 RATE=350 DURATION=60)
	@$(measure) $(built)/bench-storm

bench-list: built-bench-list ## the list of a call's applications, and taking all answers along (DB=sqlite|postgres APPLICATIONS=10000)
	@$(measure) $(built)/bench-list

bench-oversight: built-bench-oversight ## a digest, a handover, a briefing, the map of needs and Today, opened by one person (DB=sqlite|postgres ENTRIES=10000 PLACES=1000 MATTERS=200)
	@$(measure) $(built)/bench-oversight

bench-learning: built-bench-learning ## the table of themes, an entry with many excerpts, and the library (DB=sqlite|postgres ENTRIES=1000000 EXCERPTS=200000 THEMES=500)
	@$(measure) $(built)/bench-learning

bench-search-grants: built-bench-search-grants ## published grants brought in and searched (DB=sqlite|postgres N=1000000)
	@$(measure) $(built)/bench-search-grants

bench-grants: ## grants checked and converted, beside the usual tools of Python (N=100000 MANY=1000000)
	cargo build --profile publishing -p threesixty --example bench-grants
	@$(built)/examples/bench-grants

leak: built-leak ## looks in programmes made by chance for words told to anybody who may not read them (N=200 SEED=1 DB=sqlite|postgres, PLANT=1 has to find some)
	@$(measure) $(built)/leak

fuzz: ## gives a reader input that nobody wrote (TARGET=expressions|grants-json|grants-csv|grants-xlsx SECONDS=60)
	scripts/fuzz "$(TARGET)" "$(or $(SECONDS),60)"

# What is measured and what measures it, and nothing else: to link a program as it is published takes minutes.
built-%:
	scripts/web
	cargo build --profile publishing -p server -p benches --bin commonweal --bin $*

clean: ## removes what was built, and the test server (not ./data)
	[ ! -x target/debug/test-postgres ] || target/debug/test-postgres stop
	cargo clean
	rm -rf web/dist web/node_modules stories/node_modules stories/shots stories/report stories/results
