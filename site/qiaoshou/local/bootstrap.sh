# Sourced by ./run and ./test: system packages, .venv from the hash-locked lists.
# Everything is skipped when it is already there.

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

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
  say "Installing Debian packages:$missing …"
  apt-get update -qq || say "apt-get update failed; trying with the lists that are here."
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
    >"$VAR/log/apt.log" 2>&1 || stop "apt-get could not install$missing; see $VAR/log/apt.log"
}

# environment LIST: .venv holds exactly what LIST locks, and the project itself.
environment() {
  list=$1
  mark=$(cat requirements-uv.txt "$list" pyproject.toml | sha256sum | cut -d' ' -f1)
  [ "$(cat .venv/installed-"$list".mark 2>/dev/null)" = "$mark" ] && return 0
  python=$(find_python)
  say "Installing the Python packages of $list into .venv …"
  if [ ! -x .venv/bin/python ]; then
    rm -rf .venv
    "$python" -m venv .venv ||
      stop "python3 -m venv failed; on Debian: apt-get install python3-venv"
  fi
  .venv/bin/python -m pip install -q --require-hashes -r requirements-uv.txt ||
    stop "The package installer could not be installed; is a package index reachable?"
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r "$list" ||
    stop "The packages of $list could not be installed."
  .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e . ||
    stop "The project could not be installed into .venv."
  printf '%s' "$mark" >.venv/installed-"$list".mark
}
