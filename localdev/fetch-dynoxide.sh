#!/bin/sh
# Fetches the second DynamoDB engine for tests: fetch-dynoxide.sh DIRECTORY
# Dynoxide (MIT or Apache-2.0, Rust on SQLite) is one static binary inside an npm package; npm is needed here only,
# with whatever registry it is set up for, and nothing of Node runs afterwards.
set -eu
dir=$1 version=1.2.1 python=${PYTHON:-python3} npm=${NPM:-npm}
. "$(dirname "$0")/npm-tarball.sh"

# One line a platform: its package, and the sha512 of that version's tarball as npm writes it.
platform="$(uname -s)-$(uname -m)"
case $platform in
Linux-x86_64 | Linux-amd64)
    package=@dynoxide/linux-x64
    integrity=sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==
    ;;
*)
    echo "The second engine, dynoxide $version, is pinned for Linux on x86-64 only, and this machine is $platform." >&2
    echo "Everything but that part of 'make prove' works without it." >&2
    exit 1
    ;;
esac
if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: the second engine, dynoxide, comes in an npm package. 'make prove' leaves its part out without it." >&2
    echo "Install npm (Debian, Ubuntu: apt-get install --no-install-recommends npm), or name yours: make NPM=/path/to/npm prove" >&2
    exit 1
fi

echo "Fetching dynoxide $version into $dir (once) ..."
mkdir -p "$dir"
scratch=$(mktemp -d "$dir/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
tarball=$(npm_tarball "$package@$version" "$integrity" "$scratch")
tar -xzf "$tarball" -C "$scratch" package/dynoxide
"$scratch/package/dynoxide" --version
touch "$scratch/package/dynoxide" # npm packages hold a date of 1985, which make would take for out of date
mv "$scratch/package/dynoxide" "$dir/dynoxide" # last, and as one: a fetch that was cut off leaves nothing behind
