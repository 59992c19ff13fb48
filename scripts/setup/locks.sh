#!/usr/bin/env bash
# Writes requirements/*.txt anew from pyproject.toml and requirements/*.in. Options go to uv, such as --upgrade.
#
# One resolution for all systems and Pythons. The locks name packages, versions and hashes, never where to fetch them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

compile() {
    local lock="$1"
    shift
    echo "requirements/$lock.txt"
    # uv writes its options into the lock's head; a fixed sentence there keeps the file the same for everybody
    .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --no-emit-index-url --no-annotate --custom-compile-command "make locks" \
        "$@" -o "requirements/$lock.txt"
}

compile run pyproject.toml "$@"
compile test pyproject.toml --extra dev -c requirements/run.txt "$@"
compile package pyproject.toml --extra package -c requirements/test.txt "$@"
compile build requirements/build.in -c requirements/test.txt "$@"
compile hnswlib requirements/hnswlib.in --no-deps -c requirements/run.txt "$@"
for framework in export train; do
    if [[ -f requirements/$framework.in ]]; then
        compile "$framework" "requirements/$framework.in" "$@"
    fi
done
