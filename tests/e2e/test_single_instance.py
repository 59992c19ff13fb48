"""Two starts of the real program, and one window."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.sample import EXAMPLE
from tests.e2e.conftest import ROOT, TIMEOUT, Program, Start
from tests.tiny_model import write_tiny_model

pytestmark = pytest.mark.e2e

Environment = dict[str, str]


@pytest.fixture
def offscreen(environment: Environment) -> Iterator[Environment]:
    """No window manager is needed to hand something over; a socket's path must be short."""
    environment["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="ff") as folder:
        environment["XDG_RUNTIME_DIR"] = folder
        yield environment


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A model that opens fast."""
    return write_tiny_model(tmp_path / "tiny.onnx")


@pytest.fixture
def first(offscreen: Environment, start: Start, tmp_path: Path, tiny: Path) -> Program:
    """A window that tells what it is asked."""
    return start("first_window.py", tmp_path / "data", tiny)


def start_again(
    environment: Environment, data_dir: Path, model: Path, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """The program once more."""
    command = [sys.executable, "-m", "fashion_finder", "--data-dir", data_dir, "--model", model]
    return subprocess.run(
        [*map(str, command), *map(str, arguments)],
        env=environment,
        cwd=data_dir.parent,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def test_a_second_start_hands_its_picture_to_the_first(
    first: Program, offscreen: Environment, tmp_path: Path, tiny: Path
) -> None:
    """It ends at once, the window comes to the front, and asks; relative names keep their meaning."""
    question = tmp_path / "Fragen für Zoë 写真" / EXAMPLE.name
    question.parent.mkdir()
    shutil.copy(EXAMPLE, question)
    first.wait_for("shown")
    relative = question.relative_to(tmp_path)
    done = start_again(offscreen, tmp_path / "data", tiny, relative)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert first.wait_for("raised") == {"event": "raised"}
    assert first.wait_for("asked")["path"] == str(question)
    done = start_again(offscreen, tmp_path / "data", tiny)
    assert done.returncode == 0, done.stderr
    first.wait_for("raised")


def test_a_killed_window_is_in_nobodys_way(
    first: Program, offscreen: Environment, start: Start, tmp_path: Path, tiny: Path
) -> None:
    """It leaves its lock and its socket behind."""
    first.wait_for("shown")
    first.process.kill()
    first.process.wait(TIMEOUT)
    left = {path.suffix for path in Path(offscreen["XDG_RUNTIME_DIR"]).iterdir()}
    assert left == {".lock", ".socket"}
    second = start("first_window.py", tmp_path / "data", tiny)
    second.wait_for("shown")
    assert start_again(offscreen, tmp_path / "data", tiny).returncode == 0
    second.wait_for("raised")


def test_windows_on_two_data_folders_know_nothing_of_each_other(
    first: Program, start: Start, tmp_path: Path, tiny: Path
) -> None:
    """Each is the first on its own."""
    first.wait_for("shown")
    start("first_window.py", tmp_path / "other data", tiny).wait_for("shown")


@pytest.mark.skipif(os.name != "posix", reason="stops a process by signal")
def test_a_first_window_that_does_not_answer_is_said(
    first: Program, offscreen: Environment, tmp_path: Path, tiny: Path
) -> None:
    """Rather than a second window on the same catalogue, or waiting for ever."""
    first.wait_for("shown")
    first.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    done = start_again(offscreen, tmp_path / "data", tiny)
    assert done.returncode == 1
    assert "already running, but does not answer" in done.stderr
    assert time.monotonic() - began < TIMEOUT / 2


def test_a_command_beside_the_window_is_served(
    first: Program, offscreen: Environment, tmp_path: Path, tiny: Path
) -> None:
    """Only windows are one; `index` and `status` work on the same catalogue meanwhile."""
    first.wait_for("shown")
    (tmp_path / "photos").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "photos")
    command = [sys.executable, "-m", "fashion_finder", "index", "photos", "--data-dir", "data"]
    done = subprocess.run(
        [*command, "--model", str(tiny)],
        env=offscreen,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout
