"""Hundreds of kills, at random moments and at every checkpoint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interruptions import BATCH, CHECKPOINTS

KILLS = int(os.environ.get("SOAK_KILLS", "210"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="the harness forks")
def test_nothing_is_lost_in_hundreds_of_kills(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Whatever was committed is there, once, and found; at most one batch is made again."""
    command = [
        *(sys.executable, "-m", "tests.interruptions", str(tmp_path / "it")),
        *("--kills", str(KILLS), "--seed", os.environ.get("SOAK_SEED", "0")),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    for name, value in report.items():
        record_property(name, value)
    print(ended.stdout)
    assert report["losses"] == []
    assert report["kills"] >= KILLS
    assert report["most_redone"] <= BATCH
    if KILLS >= 200:
        assert set(report["by_checkpoint"]) == {*CHECKPOINTS, "a random moment"}
