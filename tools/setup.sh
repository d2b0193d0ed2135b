#!/usr/bin/env bash
# Finds what Tamga needs on this machine, installs what is missing, and says so. Fast when nothing is missing.
set -euo pipefail

NEXTEST=0.9.143
PACKAGES=(build-essential pkg-config libssl-dev libclang-dev openssl softhsm2)

say() { printf 'setup: %s\n' "$*"; }

missing=()
installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

if command -v dpkg-query >/dev/null; then
  for package in "${PACKAGES[@]}"; do
    installed "$package" || missing+=("$package")
  done
else
  for program in cc pkg-config openssl softhsm2-util; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
fi

if ((${#missing[@]})); then
  if ! command -v apt-get >/dev/null; then
    say 'this machine has no apt-get. Please install, by its own means, and run this again:'
    say '  a C compiler, pkg-config, OpenSSL 3 with headers, libclang, and SoftHSM 2.6 (softhsm2-util)'
    say "  not found: ${missing[*]}"
    exit 1
  fi
  as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || { say "please run as root: apt-get install ${missing[*]}"; exit 1; }
    as_root=(sudo)
  fi
  say "installing Debian packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v cargo >/dev/null; then
  if command -v rustup >/dev/null; then
    say 'installing the Rust toolchain that rust-toolchain.toml names'
    rustup show active-toolchain >/dev/null 2>&1 || rustup toolchain install
  else
    say 'no Rust toolchain found. Install rustup (https://rustup.rs), then run this again.'
    exit 1
  fi
fi

if ! cargo nextest --version 2>/dev/null | grep -q .; then
  say "installing cargo-nextest $NEXTEST (some minutes, once)"
  cargo install --locked --quiet cargo-nextest --version "$NEXTEST"
fi
