# Two commands do everything on a fresh Debian machine: `make demo` and `make test`.
SHELL := /bin/bash
SECONDS_EACH ?= 180

.PHONY: help demo test soak bench fuzz lint kryoptic setup clean

help:
	@echo 'make demo    install what is missing, build, and play the whole scenario on a fresh token'
	@echo 'make test    install what is missing, build, and run every test on both tokens'
	@echo 'make soak    the long suites in full (half an hour and more)'
	@echo 'make bench   throughput and latency as a table'
	@echo 'make fuzz    each fuzz target for SECONDS_EACH seconds (180)'
	@echo 'make lint    format, lints, licences'

setup:
	@tools/setup.sh

demo: setup
	cargo build --release --locked -p vault -p server
	target/release/tamga demo

kryoptic: setup
	cd tests/kryoptic && CARGO_TARGET_DIR=../../target/kryoptic cargo build --release --locked

test: setup kryoptic
	cargo build --workspace --locked
	cargo nextest run --workspace --locked
	TAMGA_TOKEN=kryoptic cargo nextest run --locked -p tests

soak: setup kryoptic
	cargo build --workspace --release --locked
	TAMGA_LONG=100 cargo nextest run --release --locked -p tests --profile soak -E 'test(soak)'

bench: setup
	cargo build --release --locked --workspace
	target/release/bench

fuzz: setup
	@command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz --version 0.13.2
	for target in tbs_cms tbs_xml sad; do \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz $$target -- -max_total_time=$(SECONDS_EACH) || exit 1; \
	done

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
	cargo deny check licenses bans sources

clean:
	cargo clean
