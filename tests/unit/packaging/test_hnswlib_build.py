"""hnswlib as it was compiled here."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys

import pytest

WIDE_REGISTER = re.compile(r"%?\b[yz]mm\d")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="disassembles an ELF library")
def test_hnswlib_runs_on_any_processor_of_this_family() -> None:
    """No AVX register is touched: the executable must start on a laptop older than this machine."""
    spec = importlib.util.find_spec("hnswlib")
    assert spec is not None and spec.origin is not None
    objdump = shutil.which("objdump")
    assert objdump, "objdump is missing: scripts/setup/system.sh test"
    listing = subprocess.run(
        [objdump, "--disassemble", "--no-show-raw-insn", spec.origin],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert listing.count("\n") > 10_000, "objdump saw no code"
    wide = [line for line in listing.splitlines() if WIDE_REGISTER.search(line)]
    assert not wide, f"{len(wide)} instructions, the first: {wide[0].strip()}"
