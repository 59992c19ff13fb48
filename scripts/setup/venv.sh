#!/usr/bin/env bash
# Makes or refreshes a virtual environment from locks, every file checked by its hash.
#
#     scripts/setup/venv.sh .venv requirements/test.txt
#
# Nothing goes to stdout.
set -euo pipefail
exec >&2

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
venv="$1"
lock="$2"

if [[ -L "$venv" ]]; then
    echo "$venv is a link, and what it leads to belongs to another copy of the project. Remove the link first."
    exit 1
fi

# A virtual environment knows where it lies: one that was moved or whose Python is gone is made anew.
if [[ "$(cat "$venv/made-in" 2>/dev/null)" != "$PWD" ]] || ! "$venv/bin/python" -c '' 2>/dev/null; then
    python="$("$here/python.sh")" || { echo "No usable Python: see scripts/setup/system.sh"; exit 1; }
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
    printf '%s\n' "$PWD" >"$venv/made-in"
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
install=("$venv/bin/python" -m pip install --quiet --require-hashes --no-deps)

echo "Installing $lock into $venv"
"${install[@]}" --only-binary :all: -r requirements/build.txt

# hnswlib is compiled here, for any processor of this family. pip would take one that it compiled earlier, for this
# very processor, from its cache; an installed one is trusted only if it was made by these lines.
made="$venv/made-hnswlib"
if grep -q '^hnswlib==' "$lock" && ! cmp -s requirements/hnswlib.txt "$made"; then
    CFLAGS=-g0 CXXFLAGS=-g0 HNSWLIB_NO_NATIVE=1 "${install[@]}" --force-reinstall --no-cache-dir --no-build-isolation \
        --no-binary hnswlib -r requirements/hnswlib.txt
    cp requirements/hnswlib.txt "$made"
fi

"${install[@]}" --only-binary :all: --no-binary hnswlib -r "$lock"
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
