#!/usr/bin/env bash
# Installs a program of the crate registry at the given version unless it is there:
#
#   tools/cargo-tool.sh CRATE VERSION [OPTION…]
#
# Compiled without optimisation, which takes a third of the time; none of them works long enough to win it back.
set -euo pipefail

crate=$1 version=$2
shift 2
home=${CARGO_HOME:-$HOME/.cargo}
program=${crate%-cli}
if [[ $("$program" --version 2>/dev/null) == *"$version"* ]]; then
  exit 0
fi
printf 'setup: compiling %s %s, once, into %s/bin\n' "$crate" "$version" "$home"
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64
export CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=true
cargo install --locked --quiet "$crate" --version "$version" "$@"
