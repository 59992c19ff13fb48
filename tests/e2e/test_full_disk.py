"""The real window where nothing can be written, not even a temporary file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.engine import Engine
from tests.e2e.conftest import HERE, ROOT, TIMEOUT, Program
from tests.pictures import draw_folder
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.e2e

_FULL = """
set -e
mkdir "$2.kept"
mount --bind "$3" "$2.kept"
for folder in /tmp /var/tmp "$1"; do mount -t tmpfs -o size=800k tmpfs "$folder"; done
test -e "$3/pyproject.toml" || { mkdir -p "$3"; mount --bind "$2.kept" "$3"; }
cp -r "$2" "$1/data"
mkdir "$1/home"
for folder in /tmp /var/tmp "$1"; do head -c 1M /dev/zero > "$folder/filler" 2>/dev/null || true; done
cd "$1"
shift 3
exec "$@"
"""
"""Mounts small file systems for this process alone, and fills them; the checkout stays in sight."""


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that is not below /tmp, which the test hides."""
    if not Path("/dev/shm").is_dir():
        pytest.skip("needs Linux")
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="ff") as folder:
        yield Path(folder)


@pytest.mark.parametrize("session", ["in memory", "none", "nowhere"])
def test_the_window_opens_searches_and_says_what_cannot_be_written(
    environment: dict[str, str], outside: Path, session: str
) -> None:
    """Data folder, home, working folder and all places for temporary files are full."""
    may = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(outside)]
    if shutil.which("unshare") is None or subprocess.run(may, check=False).returncode:
        pytest.skip("mounts file systems: needs Linux and root")
    model = write_tiny_model(outside / "tiny.onnx")
    photos = draw_folder(outside / "photos", 8)
    for name in ("full", "session"):
        (outside / name).mkdir(mode=0o700)
    with Engine.open(outside / "ready", model) as engine:
        engine.sync([photos[0].parent])
    environment["HOME"] = str(outside / "full" / "home")
    environment["TMPDIR"] = "/nowhere"
    environment["XDG_RUNTIME_DIR"] = str(outside / "session")
    if session == "none":
        del environment["XDG_RUNTIME_DIR"]
    elif session == "nowhere":
        environment["XDG_RUNTIME_DIR"] = "/nowhere"
    window = [sys.executable, str(HERE / "observed_window.py"), str(outside / "full" / "data")]
    command = ["unshare", "-m", "sh", "-c", _FULL, "sh", str(outside / "full")]
    program = Program(
        [*command, str(outside / "ready"), str(ROOT), *window, str(model)], environment
    )
    try:
        program.wait_for("shown")
        assert program.wait_for("status")["photos"] == 8
        assert program.wait_for("sync failed")["title"] == "The disk of the catalogue is full"
        program.say(f"ask {photos[2]}")
        assert program.wait_for("answered")["itself"] == str(photos[2])
        program.say("messages")
        (message,) = program.wait_for("messages")["shown"]
        assert "Free up disk space" in message["text"]
        program.say("quit")
        assert program.process.wait(TIMEOUT) == 0
    finally:
        program.end()
    assert os.listdir(outside / "session") == []  # noqa: PTH208 - names are enough


@pytest.mark.parametrize("session", ["in memory", "none"])
def test_the_program_itself_opens_and_hands_over_there(
    environment: dict[str, str], outside: Path, session: str
) -> None:
    """With its lock, its socket and its logs: a second start brings the window to the front."""
    may = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(outside)]
    if shutil.which("unshare") is None or subprocess.run(may, check=False).returncode:
        pytest.skip("mounts file systems: needs Linux and root")
    model = write_tiny_model(outside / "tiny.onnx")
    for name in ("full", "session", "ready"):
        (outside / name).mkdir(mode=0o700)
    environment["HOME"] = str(outside / "full" / "home")
    environment["XDG_RUNTIME_DIR"] = str(outside / "session")
    if session == "none":
        del environment["XDG_RUNTIME_DIR"]
    data = str(outside / "full" / "data")
    twice = (
        f'"$0" "$1" {data} {model} & first=$!; read -r _; "$0" -m fashion_finder --data-dir {data}'
    )
    twice += "; kill $first; wait $first"
    command = ["unshare", "-m", "sh", "-c", _FULL, "sh", str(outside / "full")]
    both = ["sh", "-c", twice, sys.executable, str(HERE / "first_window.py")]
    program = Program([*command, str(outside / "ready"), str(ROOT), *both], environment)
    try:
        program.wait_for("shown")
        program.say("now the second")
        program.wait_for("raised")
        assert program.process.wait(TIMEOUT) in {0, 143}
    finally:
        program.end()
