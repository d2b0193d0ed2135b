#!/usr/bin/env bash
# Installs one of cargo's tools at the given version unless it is there: tools/cargo-tool.sh NAME VERSION [OPTION…]
#
# Compiled without optimisation, which takes half the time; none of them works long enough here to win it back.
set -euo pipefail

name=$1 version=$2
shift 2
bin="${CARGO_HOME:-$HOME/.cargo}/bin"
export PATH="$bin:$PATH"
if cargo "${name#cargo-}" --version 2>/dev/null | grep -qw -- "$version"; then
  exit 0
fi
printf 'setup: compiling %s %s, once, into %s\n' "$name" "$version" "$bin"
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64
export CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=true
cargo install --locked --quiet --force "$name" --version "$version" "$@"
