#!/usr/bin/env bash
# Finds or starts the PostgreSQL server of the tests, and prints where its programs and its socket are.
#
#   tools/postgres.sh STATE   STATE is a folder for this checkout's locks; the caller holds a shared lock on STATE/users
#
# One server for a whole run, on a socket in a folder of its own, reachable by nobody else. A keeper beside it ends it
# ten seconds after the last lock on STATE/users is gone, however its holders ended. A server without its keeper is
# replaced.
set -euo pipefail
STATE=$1
IDLE=10

stop() {
  printf 'postgres: %s\n' "$*" >&2
  exit 1
}

# initdb and the server refuse to be root.
demoted() {
  if [[ $(id -u) -eq 0 ]]; then
    setpriv --reuid="$OWNER" --regid="$(id -g "$OWNER")" --clear-groups -- "$@"
  else
    "$@"
  fi
}

# What a killed run left behind; the folder's name is ours, so nobody else's server is ended.
remove() {
  local folder=$1 server
  [[ $(basename "$folder") == tamga-postgres.* && -d $folder ]] || return 0
  server=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null || true)
  if [[ -n $server && $(readlink "/proc/$server/cwd" 2>/dev/null) == "$folder/data" ]]; then
    kill -QUIT "$server" 2>/dev/null || true
    while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
  fi
  rm -rf "$folder"
}

keep() {
  local folder=$1 server=$2 idle=0
  exec 7>>"$STATE/users"
  while kill -0 "$server" 2>/dev/null; do
    sleep 1
    if flock --nonblock 7; then
      idle=$((idle + 1))
      # Nobody can come while this lock is held, so nobody finds a server that is about to end.
      ((idle <= IDLE)) || break
      flock --unlock 7
    else
      idle=0
    fi
  done
  remove "$folder"
}

start() {
  local folder server
  folder=$(mktemp -d "${TMPDIR:-/tmp}/tamga-postgres.XXXXXX")
  printf '%s\n' "$folder" >"$STATE/folder"
  if [[ $(id -u) -eq 0 ]]; then chown "$OWNER:" "$folder"; fi
  cd "$folder"
  demoted "$BIN/initdb" --pgdata="$folder/data" --username=tamga --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$STATE/log" 2>&1 || stop "initdb failed: $(cat "$STATE/log")"
  # A process group of its own: what ends the test that came first must not end the server of all.
  set -m
  (
    exec 8>>"$STATE/keeper" 9>&- </dev/null >>"$STATE/log" 2>&1
    flock 8
    trap '' INT HUP
    demoted "$BIN/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=200 8>&- &
    server=$!
    keep "$folder" "$server"
  ) &
  disown
  set +m
  for _ in {1..300}; do
    if answers "$folder"; then return; fi
    sleep 0.1
  done
  stop "the server does not answer: $(cat "$STATE/log")"
}

answers() { "$BIN/pg_isready" --quiet --host="$1"; }

kept() { ! flock --nonblock "$STATE/keeper" true; }

BIN=$(compgen -G '/usr/lib/postgresql/*/bin' | sort --version-sort | tail -n 1 || true)
if [[ -z $BIN ]]; then
  BIN=$(command -v initdb) || stop 'PostgreSQL is not installed: apt-get install postgresql'
  BIN=$(dirname "$BIN")
fi
OWNER=postgres
id -u "$OWNER" >/dev/null 2>&1 || OWNER=nobody

exec 9>>"$STATE/start"
flock 9
touch "$STATE/keeper"
found=$(cat "$STATE/folder" 2>/dev/null || true)
if [[ -z $found ]] || ! kept || ! answers "$found"; then
  [[ -z $found ]] || remove "$found"
  start
fi
printf '%s\n%s\n' "$BIN" "$(cat "$STATE/folder")"
