# For scripts to read in: npm_tarball NAME@VERSION SHA512 DIRECTORY fetches a package into DIRECTORY and says where its
# tarball is. Only the one that was reviewed counts: anything else is a sentence and an end. Wants $npm and $python.
npm_tarball() {
    # --silent would hide why it failed; its notices go to stderr anyway.
    "$npm" pack --loglevel=error --ignore-scripts --pack-destination "$3" "$1" >"$3/name" || return 1
    "$python" - "$3/$(tail -n 1 "$3/name")" "$2" <<'CHECK'
import base64, hashlib, pathlib, sys
tarball, wanted = sys.argv[1:]
found = base64.b64encode(hashlib.sha512(pathlib.Path(tarball).read_bytes()).digest()).decode()
if found != wanted:
    sys.exit(f"This is not the package that was reviewed: its sha512 is {found}, not {wanted}. Nothing was installed.")
print(tarball)
CHECK
}
