"""A disk that fills up at any write: it is said, nothing committed is lost, and it goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits or mounts")


def test_no_photo_is_lost_when_the_disk_is_full(tmp_path: Path) -> None:
    """In rooms from much too small to almost large enough; the soak tries many more of them."""
    by = "size" if _may_mount(tmp_path) else "file"
    command = [sys.executable, "-m", "tests.full_disk", str(tmp_path / "it")]
    ended = subprocess.run(
        [*command, "--rooms", "7", "--by", by],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout, ended.stderr
    report = json.loads(ended.stdout)
    assert report["losses"] == []
    assert report["refused"]
    assert report["failed"]
    assert report["looked_at"]


def _may_mount(tmp_path: Path) -> bool:
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    probe = tmp_path / "probe"
    probe.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", probe], check=False).returncode:
        return False
    subprocess.run(["umount", probe], check=True)
    return True
