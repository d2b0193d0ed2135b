#!/usr/bin/env bash
# Finds what Tamga needs on this machine, installs what is missing, and says so. Under a second when nothing is missing.
#
#   tools/setup.sh demo   what building and the demonstration need
#   tools/setup.sh test   also what the tests and their second token need
set -euo pipefail
cd "$(dirname "$0")/.."

NEXTEST=0.9.143
PYTHON=$([[ -x /usr/bin/python3 ]] && echo /usr/bin/python3 || echo python3)
JUDGES=${TAMGA_JUDGES:-${CARGO_TARGET_DIR:-target}/python}
RUST=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
PURPOSE=${1:-test}
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

say() { printf 'setup: %s\n' "$*"; }

stop() {
  say "$@" >&2
  exit 1
}

missing=()
packages=()
wants() { # what it is, the Debian package that has it, how to tell that it is there
  local what=$1 package=$2
  shift 2
  if ! "$@" >/dev/null 2>&1; then
    missing+=("$what")
    packages+=("$package")
  fi
}

has() {
  local program
  for program; do command -v "$program" >/dev/null || return; done
}

# The places where the tests and the demonstration look for the module.
softhsm() { compgen -G '/usr/lib/softhsm/libsofthsm2.so' || compgen -G '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'; }

# The server's programs, which Debian keeps out of the way.
postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || has initdb; }

# The library, and the headers that a compiler brings along.
libclang() {
  { compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' || compgen -G '/usr/lib*/libclang*.so*'; } &&
    { compgen -G '/usr/lib/llvm-*/lib/clang/*/include/stddef.h' || compgen -G '/usr/lib*/clang/*/include/stddef.h'; }
}

# Python with what makes virtual environments; Debian packs that apart.
python_venv() { "$PYTHON" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'; }

as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

apt_install() {
  [[ $(id -u) -eq 0 ]] || has sudo ||
    stop "this needs root, and there is no sudo. Please run as root, and then this again: apt-get install $*"
  say "installing the Debian packages $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_packages() {
  if ! command -v apt-get >/dev/null; then
    say 'this machine has no apt-get. Please install by its own means, and run this again:' >&2
    rust || missing+=("Rust $RUST or later, for example through https://rustup.rs")
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
  fi
  local what
  for what in "${missing[@]}"; do say "not found: $what"; done
  apt_install "${packages[@]}"
}

# Whether the compiler that works in this folder is the pinned one or, without rustup, at least as new.
rust() {
  local found
  has cargo rustc && found=$(rustc --version) || return
  found=${found#rustc }
  [[ $(printf '%s\n' "$RUST" "${found%% *}" | sort -V | tail -n 1) == "${found%% *}" ]]
}

install_rust() {
  if ! command -v rustup >/dev/null; then
    # Debian has it from release 13 on.
    if [[ $(apt-cache policy rustup 2>/dev/null) == *'Candidate: '[0-9]* ]]; then
      say 'no Rust'
      apt_install rustup
    else
      install_rustup
    fi
  fi
  say "installing Rust $RUST through rustup"
  rustup toolchain install "$RUST" --profile minimal --component clippy --component rustfmt >/dev/null ||
    stop "rustup could not install Rust $RUST. Please do it by hand: rustup toolchain install $RUST"
}

install_rustup() {
  local installer
  say 'no Rust and no rustup: running the installer of https://rustup.rs for this user'
  installer=$(mktemp)
  if ! curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location https://sh.rustup.rs --output "$installer"; then
    rm -f "$installer"
    stop "the installer cannot be reached. Please install rustup from https://rustup.rs or Rust $RUST by other means, and run this again"
  fi
  sh "$installer" -y --quiet --no-modify-path --profile minimal --default-toolchain none
  rm -f "$installer"
  say "cargo and rustc are in ${CARGO_HOME:-$HOME/.cargo}/bin"
}

# The Python programs of the tests, each at its pinned version; the list is copied in last, so that what was cut off is done again.
judges() {
  cmp --silent tests/judges.txt "$JUDGES/judges.txt" && [[ -x $JUDGES/bin/python ]]
}

install_judges() {
  say "installing the Python programs of tests/judges.txt into $JUDGES"
  "$PYTHON" -m venv "$JUDGES"
  "$JUDGES/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: --no-deps \
    --requirement tests/judges.txt ||
    stop 'pip could not install the Python programs of tests/judges.txt; its words stand above'
  cp tests/judges.txt "$JUDGES/judges.txt"
}

wants 'the certificates of public authorities, to fetch crates' ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
wants 'a C and C++ compiler with make' build-essential has cc c++ make
wants 'the openssl program, which judges signatures' openssl has openssl
wants 'SoftHSM 2.6, the token of the demonstration and the tests' softhsm2 softhsm
if [[ $PURPOSE == test ]]; then
  wants 'curl, which fetches what is published' curl has curl
elif ! has cargo && ! has rustup; then
  wants 'curl, to fetch the installer of Rust' curl has curl
fi
if [[ $PURPOSE == test ]]; then
  wants 'pkg-config, to find libraries' pkg-config has pkg-config
  wants 'OpenSSL 3 with headers, for the second token' libssl-dev pkg-config --atleast-version=3.0 openssl
  wants 'SQLite 3 with headers, for the second token' libsqlite3-dev pkg-config --exists sqlite3
  wants 'certtool and ocsptool of GnuTLS, which judge certificates and answers' gnutls-bin has certtool ocsptool
  wants 'ghostscript, which makes PDFs to be signed' ghostscript has ps2pdf
  wants 'mutool, which makes PDFs to be signed' mupdf-tools has mutool
  wants 'pdfsig, which judges signatures of PDFs' poppler-utils has pdfsig
  wants 'zbarimg, which reads the squares of marks' zbar-tools has zbarimg
  wants 'xmllint, which judges canonical XML' libxml2-utils has xmllint
  wants 'xmlsec1, which judges XML signatures' xmlsec1 has xmlsec1
  wants 'Python 3.11 or later with venv, for further judges' python3-venv python_venv
  wants 'PostgreSQL, the second database' postgresql postgresql
  wants 'qpdf, which judges PDFs' qpdf has qpdf
  wants 'rsvg-convert, which makes PDFs to be signed' librsvg2-bin has rsvg-convert
  wants "libclang with clang's headers, for the second token's bindings" libclang-dev libclang
fi
((${#packages[@]} == 0)) || install_packages
rust || install_rust
[[ $PURPOSE != test ]] || judges || install_judges
[[ $PURPOSE != test ]] || cargo nextest --version >/dev/null 2>&1 ||
  tools/cargo-tool.sh cargo-nextest "$NEXTEST" --no-default-features --features default-no-update
