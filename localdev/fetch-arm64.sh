#!/bin/sh
# Fetches Debian's Python for arm64, the processor that the functions run on: fetch-arm64.sh DIRECTORY
# qemu-aarch64 (Debian: qemu-user) runs it on another processor, for the proof that the package of arm64 works.
# Nothing is installed: the packages are unpacked below DIRECTORY, and this machine's own apt keeps its lists.
set -eu
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
    echo "This is no Debian, from where a Python for arm64 would come: its proof is skipped." >&2
    exit 1
fi

echo "Fetching Python for arm64 into $1 (once, some 20 MB) ..."
mkdir -p "$1"
dir=$(cd "$1" && pwd) # apt takes whole paths only
scratch=$(mktemp -d "$dir/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/state/lists/partial" "$scratch/cache/archives/partial" "$scratch/root"
: >"$scratch/status"
apt() {
    apt-get -qq -o Dir::State="$scratch/state" -o Dir::State::status="$scratch/status" -o Dir::Cache="$scratch/cache" \
        -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User= "$@"
}
apt update
apt install --yes --no-install-recommends --download-only python3 >/dev/null
for package in "$scratch"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$scratch/root"
done
rm -rf "$dir/root"
mv "$scratch/root" "$dir/root"
touch "$dir/.ready" # last: a fetch that was cut off leaves nothing behind
