"""Killed at any moment, the program loses nothing and repeats one batch at most."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interruptions import BATCH

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(sys.platform == "win32", reason="the harness forks")
def test_nothing_is_lost_in_a_few_kills(tmp_path: Path) -> None:
    """Two of them at moments drawn by chance; the soak kills hundreds of times."""
    command = [sys.executable, "-m", "tests.interruptions", str(tmp_path / "it"), "--kills", "6"]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    assert report["losses"] == []
    assert report["kills"] == 6
    assert report["most_redone"] <= BATCH
    assert report["looked_at"] > 20
    assert ended.returncode == 0
