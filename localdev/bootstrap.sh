#!/bin/sh
# Makes a virtual environment and fills it: bootstrap.sh DIRECTORY REQUIREMENTS
# Run by make before anything else exists, so it is plain sh and says in words what is missing.
set -eu
dir=$1 requirements=$2 python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Spilno needs Python 3.11 or newer, and '$python' is not on this machine." >&2
    echo "Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name yours: make PYTHON=/path/to/python3" >&2
    exit 1
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Spilno needs Python 3.11 or newer; '$python' is $version. Name another: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    echo "Python's venv module is missing. Install it and call make again:" >&2
    echo "    Debian, Ubuntu: apt-get install python$version-venv    (or python3-venv)" >&2
    exit 1
fi
echo "Setting up $dir with Python $version (once, a minute or two) ..."
[ -x "$dir/bin/python" ] || "$python" -m venv "$dir"
PIP_DISABLE_PIP_VERSION_CHECK=1 "$dir/bin/python" -m pip install --quiet --requirement "$requirements"
