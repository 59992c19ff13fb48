#!/usr/bin/env bash
# Prints the first Python that can really be used: it runs (a shim on the PATH may not), is one of ours, makes
# virtual environments and has the headers that hnswlib is compiled against. PYTHON=... is asked alone.
set -euo pipefail

suits() {
    "$1" - <<'EOF' 2>/dev/null
import ensurepip, pathlib, sys, sysconfig, venv
headers = pathlib.Path(sysconfig.get_path("include"), "Python.h")
sys.exit(not ((3, 11) <= sys.version_info < (3, 14) and headers.is_file()))
EOF
}

if [[ -n "${PYTHON:-}" ]]; then
    suits "$PYTHON" && { printf '%s\n' "$PYTHON"; exit 0; }
    echo "PYTHON=$PYTHON does not suit: 3.11 to 3.13, with venv and the headers, is needed." >&2
    exit 1
fi

# 3.11 is the tested one. Every place on the PATH is tried, since an unusable shim may hide the system's own.
for name in python3.11 python3.12 python3.13 python3; do
    while IFS= read -r candidate; do
        if suits "$candidate"; then
            printf '%s\n' "$candidate"
            exit 0
        fi
    done < <(type -aP "$name")
done
exit 1
