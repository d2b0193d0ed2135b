# Two commands do everything on a fresh Debian machine: `make demo` and `make test`.
SHELL := /bin/bash
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

TARGET := $(or $(CARGO_TARGET_DIR),target)
SECONDS_EACH ?= 180
FUZZ = $(patsubst fuzz/fuzz_targets/%.rs,%,$(wildcard fuzz/fuzz_targets/*.rs))

.PHONY: help demo test soak bench fuzz lint kryoptic clean

help:
	@echo 'make demo    install what is missing, build, and play the whole scenario on a fresh token'
	@echo 'make test    install what is missing, build, and run every test on both tokens and both databases'
	@echo 'make soak    the long suites in full: half an hour and more'
	@echo 'make bench   throughput and latency as tables; TABLES="documents memory lists proofs" for those that take minutes'
	@echo 'make fuzz    every fuzz target for SECONDS_EACH seconds (180)'
	@echo 'make lint    format, lints, licences'
	@echo 'make clean   forget what was built'

demo:
	@tools/setup.sh demo
	cargo build --release --locked -p vault -p server
	$(TARGET)/release/tamga demo

# The second token of the tests, with a lock file of its own.
kryoptic:
	@tools/setup.sh test
	cd tests/kryoptic && CARGO_TARGET_DIR=$(abspath $(TARGET))/kryoptic cargo build --release --locked

# One feature set throughout, so that nothing is compiled twice; the harness starts the programs that `build` left.
test: kryoptic
	cargo build --workspace --locked
	cargo nextest run --workspace --locked
	TAMGA_TOKEN=kryoptic cargo nextest run --workspace --locked -E 'package(tests) - binary(house)'
	TAMGA_DATABASE=postgres cargo nextest run --workspace --locked -E 'package(tests) & binary(/^(activation|acts|altered|authority|backup|conformance|crash|issuing|lists|log|mismatch|operators|pins|rotation|shelf|standing|upkeep)$$/)'

soak: kryoptic
	cargo build --workspace --release --locked
	TAMGA_LONG=100 cargo nextest run --workspace --release --locked --profile soak --run-ignored all -E 'package(tests) & test(soak)'

# The tables of documents compare with programs that only the tests need.
bench:
	@tools/setup.sh $(if $(filter documents,$(TABLES)),test,demo)
	cargo build --workspace --release --locked
	$(TARGET)/release/bench $(TABLES)

# The fuzzer's instrumentation wants switches that stable Rust hides.
fuzz:
	@tools/setup.sh demo
	@tools/cargo-tool.sh cargo-fuzz 0.13.2
	for target in $(FUZZ); do \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz $$target -- -max_total_time=$(SECONDS_EACH) || exit 1; \
	done

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
	cargo deny --all-features check licenses bans sources

clean:
	cargo clean
