"""Disks of many sizes, each of which fills up somewhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOMS = int(os.environ.get("SOAK_ROOMS", "150"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits or mounts")
@pytest.mark.parametrize("by", ["size", "file"])
def test_nothing_is_lost_on_full_disks(
    tmp_path: Path, record_property: Callable[[str, object], None], by: str
) -> None:
    """Catalogue, thumbnails and search graph: each of them finds no room in some of them."""
    if by == "size" and (sys.platform != "linux" or os.geteuid() != 0):
        pytest.skip("mounts file systems: needs Linux and root")
    command = [sys.executable, "-m", "tests.full_disk", str(tmp_path / "it")]
    ended = subprocess.run(
        [*command, "--rooms", str(ROOMS), "--by", by],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    for name, value in report.items():
        record_property(name, value)
    print(ended.stdout)
    assert report["losses"] == []
    assert report["rooms"] == ROOMS
    assert report["failed"] > ROOMS // 4
    if by == "size":
        assert {"thumbnails are not stored", "the search graph is not saved"} <= set(
            report["survived"]
        )
