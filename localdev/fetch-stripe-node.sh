#!/bin/sh
# Fetches Stripe's Node package and the TypeScript compiler: fetch-stripe-node.sh DIRECTORY
# The package has the pinned Python package's API version (localdev/stripe/config.py). It drives the Stripe stand-in as
# a second official client, and its types say what the stand-in may answer; TypeScript reads them. Only tests run these.
set -eu
dir=$1 python=${PYTHON:-python3} npm=${NPM:-npm}
. "$(dirname "$0")/npm-tarball.sh"

if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: Stripe's Node package comes from there. 'make test' works without it." >&2
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# fetch NAME@VERSION SHA512-OF-THE-TARBALL PART…: these files and folders of the package, as DIRECTORY/NAME/….
fetch() {
    package=$1 integrity=$2 into=$scratch/packages/${1%@*}
    shift 2
    tarball=$(npm_tarball "$package" "$integrity" "$scratch")
    mkdir -p "$into"
    (cd "$into" && for part in "$@"; do tar -xzf "$tarball" --strip-components=1 "package/$part"; done)
}

echo "Fetching Stripe's Node package and TypeScript into $dir (once) ..."
fetch stripe@23.1.0 fVUfMSfTPoukfoV//MUKAx2+YxyKmYaYtnAL9VkfnHfaPNQylFdWZMD+zgUFerI8rjbaiER8Vzj2XEUQ2AhAsQ== LICENSE package.json esm
fetch typescript@6.0.3 y2TvuxSZPDyQakkFRPZHKFm+KKVqIisdg9/CZwm9ftvKXLP8NRWj38/ODjNbr43SsoXqNuAisEf1GdCxqWcdBw== LICENSE.txt package.json bin lib

mkdir -p "$dir"
for name in stripe typescript; do
    rm -rf "${dir:?}/$name"
    mv "$scratch/packages/$name" "$dir"
done
touch "$dir/.ready" # last: a fetch that was cut off is done again
