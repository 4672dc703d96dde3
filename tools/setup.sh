#!/bin/sh
# Installs the Debian packages of tools/packages.txt that are missing. Usage: tools/setup.sh [GROUP...]; build, test and sample by default.
# Asks dpkg each time: that takes a few hundredths of a second, and a stamp would not notice a package that went away.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C

if [ $# -eq 0 ]; then
    set -- build test sample
fi
wanted=
for group in "$@"; do
    found=$(awk -v group="$group" '$1 == group { print $2 }' tools/packages.txt)
    if [ -z "$found" ]; then
        echo "setup: tools/packages.txt has no group '$group'" >&2
        exit 2
    fi
    # An npm that did not come from Debian (with its own node) conflicts with Debian's: use whatever is on PATH.
    if command -v npm > /dev/null; then
        found=$(echo "$found" | grep -vx npm || true)
    fi
    wanted="$wanted $found"
done

if ! command -v dpkg-query > /dev/null; then
    echo "setup: not a Debian system; install the equivalents of:" $wanted >&2
    exit 2
fi
# dpkg-query fails when it does not know one of them: that one is then missing from its answer.
installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2> /dev/null | awk '$1 == "installed" { print $2 }' || true)
missing=
for package in $wanted; do
    case "
$installed
" in
        *"
$package
"*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "setup: missing packages, and neither root nor sudo to install them with. As root:" >&2
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    as_root="sudo"
fi
echo "setup: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A first try without update: lists that are there are usually good enough, and asking for them costs seconds.
install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing > "$log" 2>&1; }
if ! install; then
    if ! { $as_root apt-get update -q > "$log" 2>&1 && install; }; then
        tail -n 15 "$log" >&2
        echo "setup: could not install:$missing" >&2
        echo "setup: is there a network, and does apt know a Debian 12 archive? By hand:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
fi
