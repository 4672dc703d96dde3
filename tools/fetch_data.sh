#!/bin/sh
# Fetches public tables of addresses, so that a scan of a capture can say to whom addresses belong. Usage: tools/fetch_data.sh [FOLDER]
# by default klikspaan in $XDG_DATA_HOME or ~/.local/share, where `klikspaan scan` looks for them. Without them everything else works,
# and the report says which were absent. Their licences: docs/data-licences.md. Versions from npm are pinned, so that two people
# get the same votes; Debian's is the archive's. It is unpacked and not installed: it would bring a Tor daemon with it.
set -eu
case ${1:-} in
    -*) echo "usage: tools/fetch_data.sh [FOLDER]" >&2; exit 2 ;;
esac
folder=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/klikspaan}
npm_version=2.3.2026061719
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=

# A package of npm: only its tables, its licences and its package.json are kept.
from_npm() {
    name=$1
    if grep -qs "\"version\": \"$npm_version\"" "$folder/$name/package.json"; then return 0; fi
    if ! command -v npm > /dev/null; then return 1; fi
    mkdir -p "$work/$name"
    (cd "$work/$name" && npm pack --silent "@ip-location-db/$name@$npm_version" > /dev/null && tar xzf ./*.tgz) || return 1
    # The smaller of the two spellings of each.
    (cd "$work/$name/package" && rm -f -- *-ipv4.csv *-ipv6-num.csv README.md)
    rm -rf "${folder:?}/$name"
    mv "$work/$name/package" "$folder/$name"
}

from_debian() {
    if [ -f "$folder/tor-geoipdb/geoip6" ]; then return 0; fi
    if ! command -v apt-get > /dev/null || ! command -v dpkg-deb > /dev/null; then return 1; fi
    mkdir -p "$work/deb"
    # _apt, as whom apt fetches, must be able to write there; it does with a warning otherwise.
    (cd "$work/deb" && apt-get download -q tor-geoipdb > /dev/null 2>&1 && dpkg-deb -x ./tor-geoipdb_*.deb .) || return 1
    mkdir -p "$folder/tor-geoipdb"
    mv "$work/deb/usr/share/tor/geoip" "$work/deb/usr/share/tor/geoip6" "$folder/tor-geoipdb/"
    cp "$work/deb/usr/share/doc/tor-geoipdb/copyright" "$folder/tor-geoipdb/"
}

from_debian || missed="$missed tor-geoipdb"
from_npm asn || missed="$missed asn"
from_npm geo-whois-asn-country || missed="$missed geo-whois-asn-country"
if [ -n "$missed" ]; then
    echo "fetch_data: could not be fetched, the rest works without:$missed" >&2
    exit 1
fi
echo "fetch_data: tables of addresses are in $folder"
