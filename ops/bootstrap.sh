#!/usr/bin/env bash
# From a bare Debian 12 to a virtual environment in which a command of ops/ runs; then runs it.
#   ops/bootstrap.sh base|dev COMMAND [ARGUMENTS]
# "base" is enough for the demo (no torch); "dev" adds training and test tools, and Chromium for the browser tests.
# Nothing is done twice: what is installed is seen in milliseconds. Root or sudo is used for apt alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

level=$1
shift
venv=${VIAHE_VENV:-$PWD/.venv}
lock_file=requirements/$level.txt
as_root=()

stop() {
    echo "STOP: $*"
    exit 1
}

# step TITLE COMMAND...: run it quietly, say every ten seconds that it still runs, show its last words when it fails.
step() {
    local title=$1 began=$SECONDS waited=0 child log
    shift
    log=$(mktemp -t viahe-set-up.XXXXXX)
    echo "  $title ..."
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    trap 'kill "$child" 2>/dev/null; exit 130' INT TERM HUP
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if ((waited % 50 == 0)); then
            echo "  $title ... $((SECONDS - began)) s, $(progress "$log")"
        fi
    done
    trap - INT TERM HUP
    if ! wait "$child"; then
        tail -n 15 "$log"
        stop "'$title' failed; the last lines are above. $(hint "$log")"
    fi
    rm -f "$log"
    echo "  $title: done in $((SECONDS - began)) s"
}

progress() {
    local log=$1 found
    found=$(grep -c '^Collecting' "$log" || true)
    if grep -q '^Installing collected' "$log"; then
        echo "all fetched, now unpacked"
    elif ((found > 0)); then
        echo "$found of $(grep -cE '^[A-Za-z0-9]' "$lock_file") packages"
    else
        tail -n 1 "$log" | cut -c1-70
    fi
}

hint() {
    local log=$1
    if grep -qi 'no space left' "$log"; then
        echo "The disk is full: free some space and start again."
    elif grep -qiE 'could not resolve|temporary failure|connection|timed out|unable to fetch' "$log"; then
        echo "The network or the package registry does not answer: try again."
    fi
}

usable_python() {
    "$1" -c 'import ctypes, ensurepip, ssl, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null
}

find_python() {
    local name
    for name in python3.11 python3.12 python3; do
        if command -v "$name" >/dev/null && usable_python "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

has_postgis() {
    compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null
}

missing_servers() {
    if [[ -z ${DATABASE_URL:-} ]] && ! has_postgis; then
        echo postgresql-15
        echo postgresql-15-postgis-3
    fi
    if ! compgen -G '/usr/lib/*/libpangoft2-1.0.so.0' >/dev/null; then
        # weasyprint lays out the printed answers and records with it.
        echo libpango-1.0-0
        echo libpangoft2-1.0-0
    fi
    if [[ $level == dev ]] && ! command -v chromium >/dev/null; then
        echo chromium
    fi
}

missing_python() {
    if [[ ! -x $venv/bin/python ]] && ! find_python >/dev/null; then
        echo python3.11-venv
    fi
}

# Say what is missing when nobody may install it; else ask for the password now, while somebody looks.
become_root() {
    command -v apt-get >/dev/null || stop "Missing: $*. This machine has no apt-get; install them your way."
    ((EUID == 0)) && return
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; }; }; then
        stop "Missing: $*. Run as root: apt-get update && apt-get install -y --no-install-recommends $*"
    fi
    as_root=(sudo)
}

install_servers() {
    if [[ " $* " == *" postgresql-15 "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        # Ours is a private cluster: keep Debian from making and starting one for the whole machine.
        apt_install postgresql-common
        "${as_root[@]}" sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
    fi
    apt_install "$@"
}

apt_install() {
    step "apt-get install $*" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

# Where the stamp of an installed lock file lies; "dev" holds all of "base".
is_installed() {
    [[ -f $venv/.installed-$1 && $(<"$venv/.installed-$1") == "$(sha256sum "requirements/$1.txt")" ]]
}

make_environment() {
    if [[ -e $venv ]] && ! "$venv/bin/python" -c '' 2>/dev/null; then
        echo "  $venv does not run any more (its Python moved); it is made anew"
        rm -rf "$venv"
    fi
    if [[ ! -e $venv ]]; then
        mkdir -p "$(dirname "$venv")"
        step "virtual environment" "$(find_python)" -m venv "$venv"
    fi
    if is_installed "$level" || { [[ $level == base ]] && is_installed dev; }; then
        return
    fi
    # The lists are complete (every dependency, pinned), so nothing is to be resolved; files are compiled when first used.
    local free_mb needed_mb=3000
    [[ $level == dev ]] && needed_mb=9000
    free_mb=$(df -Pm "$venv" | awk 'NR == 2 {print $4}')
    if ((free_mb < needed_mb)) && [[ ! -f $venv/.installed-$level ]]; then
        stop "The disk of $venv has $free_mb MB free; the packages need $needed_mb MB. VIAHE_VENV=/path puts them elsewhere."
    fi
    step "Python packages ($lock_file)" "$venv/bin/python" -m pip install --disable-pip-version-check \
        --no-input --no-deps --no-compile --progress-bar off -r "$lock_file"
    sha256sum "$lock_file" >"$venv/.installed-$level"
}

[[ -f $lock_file ]] || stop "There is no $lock_file."
if [[ $1 =~ ^(demo-down|clean)$ && ! -x $venv/bin/python && ! -e ${VAR_DIR:-var}/running.lock ]]; then
    echo "Nothing was installed, so nothing runs and nothing is to be removed."
    exit 0
fi
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
if ! flock -n 9; then
    echo "Another set-up is at work on $venv; waiting for it ..."
    flock 9
fi
mapfile -t python < <(missing_python)
mapfile -t servers < <(missing_servers)
if ((${#python[@]} + ${#servers[@]})); then
    become_root "${python[@]}" "${servers[@]}"
    echo "Installing ${python[*]} ${servers[*]} (once)"
    step "package lists" "${as_root[@]}" apt-get update -q
fi
if ((${#python[@]})); then
    apt_install "${python[@]}"
fi
if ((${#servers[@]})); then
    # apt and pip wait for the network and for different locks: side by side they take the time of the longer one.
    install_servers "${servers[@]}" &
    installing=$!
    trap 'kill "$installing" 2>/dev/null' EXIT
    make_environment
    wait "$installing" || exit 1
    trap - EXIT
else
    make_environment
fi
exec 9>&-
exec "$venv/bin/python" -m ops "$@"
