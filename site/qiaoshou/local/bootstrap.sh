# Sourced by ./run and ./test: system packages, .venv from the hash-locked lists.
# Everything is skipped when it is already there.

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# long TITLE COMMAND...: runs a long step, shows every few seconds that it lives, and
# ends it on Ctrl-C. What the command prints goes to var/log/setup.log.
long() {
  say "$1 …"
  shift
  printf '\n$ %s\n' "$*" >>"$VAR/log/setup.log"
  "$@" >>"$VAR/log/setup.log" 2>&1 &
  child=$!
  trap 'kill "$child" 2>/dev/null; exit 130' INT TERM HUP
  begun=$SECONDS shown=$SECONDS every=10
  [ ! -t 1 ] || every=1
  while kill -0 "$child" 2>/dev/null; do
    sleep 0.5
    [ $((SECONDS - shown)) -ge $every ] || continue
    shown=$SECONDS
    last=$(tail -c 400 "$VAR/log/setup.log" | tr '\r' '\n' | tail -n 1 | cut -c 1-64)
    if [ -t 1 ]; then
      printf '\r\033[K    %4s s  %s' $((SECONDS - begun)) "$last"
    else
      say "    $((SECONDS - begun)) s  $last"
    fi
  done
  [ ! -t 1 ] || printf '\r\033[K'
  trap - INT TERM HUP
  wait "$child" || { tail -n 15 "$VAR/log/setup.log" >&2; return 1; }
  say "    done in $((SECONDS - begun)) s"
}

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  stop "Python 3.11 or newer is needed; on Debian: apt-get install python3 python3-venv"
}

# system_packages NAME...: each Debian package is installed.
system_packages() {
  command -v dpkg-query >/dev/null 2>&1 || {
    say "This is not Debian: please make sure that you have what these hold: $*"
    return
  }
  missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    stop "Debian packages are missing; as root: apt-get install --no-install-recommends$missing"
  fi
  long "Reading the lists of Debian packages" apt-get update ||
    say "apt-get update failed; trying with the lists that are here."
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive long "Installing Debian packages:$missing" \
    apt-get install -y --no-install-recommends $missing ||
    stop "apt-get could not install$missing; see $VAR/log/setup.log"
}

# as_pip_does: uv asks the index and trusts the certificates that pip is set up for.
as_pip_does() {
  if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX=$index
  fi
  [ ! -f /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}
}

# environment LIST: .venv holds exactly what LIST locks, and the project itself.
environment() {
  list=$1
  mark=$(cat requirements-uv.txt "$list" pyproject.toml | sha256sum | cut -d' ' -f1)
  [ "$(cat .venv/installed-"$list".mark 2>/dev/null)" = "$mark" ] && return 0
  python=$(find_python)
  if [ ! -x .venv/bin/python ]; then
    rm -rf .venv
    long "Making .venv" "$python" -m venv .venv ||
      stop "python3 -m venv failed; on Debian: apt-get install python3-venv"
  fi
  long "Installing the package installer" \
    .venv/bin/python -m pip install --require-hashes -r requirements-uv.txt ||
    stop "The package installer could not be installed; is a package index reachable?"
  as_pip_does
  long "Installing the Python packages of $list (a minute or two the first time)" \
    .venv/bin/uv pip install --python .venv/bin/python --require-hashes -r "$list" ||
    stop "The packages of $list could not be installed."
  long "Installing the project itself" \
    .venv/bin/uv pip install --python .venv/bin/python --no-deps -e . ||
    stop "The project could not be installed into .venv."
  printf '%s' "$mark" >.venv/installed-"$list".mark
}
