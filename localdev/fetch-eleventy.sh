#!/bin/sh
# Fetches Eleventy with what it needs: fetch-eleventy.sh DIRECTORY
# Each package as tests/sites/generators/sites/eleventy/package-lock.json pins it. Only a test runs it, on a site of its own.
set -eu
dir=$1 npm=${NPM:-npm}

if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: Eleventy comes in npm packages. 'make sites' works without it and skips its tests." >&2
    exit 1
fi
echo "Fetching Eleventy into $dir (once) ..."
mkdir -p "$dir"
cp tests/sites/generators/sites/eleventy/package.json tests/sites/generators/sites/eleventy/package-lock.json "$dir"
(cd "$dir" && "$npm" ci --loglevel=error --ignore-scripts --no-audit --no-fund)
touch "$dir/.ready" # last: a fetch that was cut off is done again
