#!/bin/sh
# Fetches the routers that the wall is tried with: fetch-routers.sh DIRECTORY
# Websites that swap pages in place (Turbo, htmx, pjax …) copy what stands on them; that no gated text stays in such a
# copy is tested with the real libraries. Only tests read these files, and a browser runs them: nothing of Node does.
set -eu
dir=$1 python=${PYTHON:-python3} npm=${NPM:-npm}
. "$(dirname "$0")/npm-tarball.sh"

if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: the routers come in npm packages. 'make sites' works without them and skips their tests." >&2
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/files"

# fetch NAME@VERSION SHA512-OF-THE-TARBALL FILE…: each file goes to FILES under its own name, version first if given.
fetch() {
    package=$1 integrity=$2
    shift 2
    tarball=$(npm_tarball "$package" "$integrity" "$scratch")
    for pair in "$@"; do # path inside the package = name here
        tar -xzf "$tarball" -C "$scratch" "package/${pair%=*}"
        mv "$scratch/package/${pair%=*}" "$scratch/files/${pair#*=}"
    done
}

echo "Fetching the routers of the wall's tests into $dir (once) ..."
fetch @hotwired/turbo@8.0.23 GZ7cijxEZ6Ig71u7rD6LHaRv/wcE/hNsc+nEfiWOkLNqUgLOwo5MNGWOy5ZV9ZUDSiQx1no7YxjTNnT4O6//cQ== dist/turbo.es2017-umd.js=turbo.js
fetch turbolinks@5.2.0 pMiez3tyBo6uRHFNNZoYMmrES/IaGgMhQQM+VFF36keryjb5ms0XkVpmKHkfW/4Vy96qiGW3K9bz0tF5sK9bBw== dist/turbolinks.js=turbolinks.js
fetch htmx.org@1.9.12 VZAohXyF7xPGS52IM8d1T1283y+X4D+Owf3qY1NZ9RuBypyu9l8cGsxUMAG5fEAb/DhT7rDoJ9Hpu5/HxFD3cw== dist/htmx.min.js=htmx1.js
fetch htmx.org@2.0.11 Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA== dist/htmx.min.js=htmx2.js
fetch htmx.org@4.0.1 oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg== dist/htmx.min.js=htmx4.js dist/ext/hx-history-cache.min.js=htmx4-history.js
fetch jquery@3.7.1 m4avr8yL8kmFN8psrbFFFmB/If14iN5o9nw/NgnnM+kybDJpRsAynV2BsfpTYrTRysYUdADVD7CkUUizgkpLfg== dist/jquery.min.js=jquery.js
fetch jquery-pjax@2.0.1 xMSUMh5p0f0O2XMh13YbkS94NWuWkV9k+3ouECvVWb9Li6OCF7BVinotGwbUYDKYWA0PCoTq64dTYiJwmN6H6Q== jquery.pjax.js=pjax.js
fetch swup@4.10.0 bzl5u94ovy5YDc+6No28De2TgMWK47Ym0uuMpN9kmzu+NWm3/mhQrmRPjArsFpfVTWO1nMFUZrKRwpRjS6eNJg== dist/Swup.umd.js=swup.js
fetch @barba/core@2.10.3 ovVeT1wUcdMg8Lu6Iel6yEBW2+s6iA7qfRLCVKTSIfJU9csiawU0UOmVJdcoy3WNOsF2Ur9UfoTUC9aDcm4c0w== dist/barba.umd.js=barba.js
fetch unpoly@3.14.3 xCUlX7lJ17ktcJteWUKijFVprbwPoFcvg5utlZKHkORqfnyyTwidyC9s5yO0qAR7lWgx8MydBkhWlH/jy/xnkQ== unpoly.min.js=unpoly.js

mkdir -p "$dir"
mv "$scratch"/files/* "$dir"
touch "$dir/.ready" # last: a fetch that was cut off is done again
