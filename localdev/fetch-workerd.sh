#!/bin/sh
# Fetches the server that Cloudflare's Workers run in: fetch-workerd.sh DIRECTORY
# Workerd (Apache-2.0) is one binary inside an npm package; npm is needed here only, and nothing of Node runs
# afterwards. Only tests run it: the gate at the edge as a Worker.
set -eu
dir=$1 version=1.20261117.1 python=${PYTHON:-python3} npm=${NPM:-npm}
. "$(dirname "$0")/npm-tarball.sh"

# One line a platform: its package, and the sha512 of that version's tarball as npm writes it.
platform="$(uname -s)-$(uname -m)"
case $platform in
Linux-x86_64 | Linux-amd64)
    package=@cloudflare/workerd-linux-64
    integrity=gZLA8X11m/luZwn+YA3+mDu61vdxNJzpksP/QZqjydKTQ+VUCulsK5gtn9Bqst1p3KJu2kafQpJ1nDQv4B23jA==
    ;;
*)
    echo "Workerd $version is pinned for Linux on x86-64 only, and this machine is $platform: its tests are skipped." >&2
    exit 1
    ;;
esac
if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: workerd comes in an npm package. 'make sites' works without it and skips its tests." >&2
    exit 1
fi

echo "Fetching workerd $version into $dir (once, 47 MB) ..."
mkdir -p "$dir"
scratch=$(mktemp -d "$dir/fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
tarball=$(npm_tarball "$package@$version" "$integrity" "$scratch")
tar -xzf "$tarball" -C "$scratch" package/bin/workerd
"$scratch/package/bin/workerd" --version
touch "$scratch/package/bin/workerd" # npm packages hold a date of 1985, which make would take for out of date
mv "$scratch/package/bin/workerd" "$dir/workerd" # last, and as one: a fetch that was cut off leaves nothing behind
