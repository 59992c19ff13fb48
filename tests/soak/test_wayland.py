"""The built program in a Wayland session: Debian's weston, whose screen is in memory."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from fashion_finder.data_folder import DataFolder
from tests.e2e.built_program import (
    built_program,
    close,
    draw_shirts,
    wait_until_ready,
    wait_until_seen,
)
from tests.e2e.conftest import ROOT, TIMEOUT, Program
from tests.timeouts import until

SEEN = ROOT / "out" / "wayland"
SOCKET = "wayland-7"
WESTON = shutil.which("weston")
SCREENSHOOTER = shutil.which("weston-screenshooter")

pytestmark = pytest.mark.skipif(
    WESTON is None or SCREENSHOOTER is None,
    reason="weston is missing: scripts/setup/system.sh soak",
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A user's session, without any X server; a socket's path must be short."""
    home = tmp_path / "home"
    home.mkdir()
    with tempfile.TemporaryDirectory(prefix="ff") as folder:
        user = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": folder,
            "LC_ALL": "C.UTF-8",
            "PATH": "/nowhere",
        }
        command = [str(WESTON), "--backend=headless-backend.so", "--use-pixman"]
        options = ["--width=1280", "--height=800", f"--socket={SOCKET}", "--idle-time=0"]
        with (tmp_path / "weston.log").open("wb") as told:
            # --debug, or nobody may take a picture of the screen
            server = subprocess.Popen(
                [*command, *options, "--debug"], env=user, stdout=told, stderr=told
            )
        try:
            log = tmp_path / "weston.log"
            until(
                lambda: (Path(folder) / SOCKET).exists() or server.poll() is not None,
                TIMEOUT,
                lambda: log.read_text("utf-8", "replace"),
            )
            assert server.poll() is None, log.read_text("utf-8", "replace")
            yield user | {"WAYLAND_DISPLAY": SOCKET}
        finally:
            server.terminate()
            server.wait(TIMEOUT)


def take_picture(session: dict[str, str], folder: Path) -> Image.Image:
    """The screen, as the compositor saves it in a folder."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    subprocess.run(
        [str(SCREENSHOOTER)],
        env=session,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        timeout=TIMEOUT,
        check=True,
    )
    (saved,) = folder.iterdir()
    with Image.open(saved) as picture:
        return picture.copy()


def test_the_executable_answers_on_wayland(session: dict[str, str], tmp_path: Path) -> None:
    """It finds the session by itself, paints, answers, takes a second question, and has no complaint."""
    photos, question = tmp_path / "photos", tmp_path / "question.png"
    draw_shirts(photos, question)
    program = str(built_program())
    indexed = subprocess.run(
        [program, "index", str(photos)], env=session, capture_output=True, text=True, check=False
    )
    assert indexed.returncode == 0, indexed.stderr
    window = Program([program, "--timing", str(question)], session)
    try:
        wait_until_ready(window)
        wait_until_seen(lambda: take_picture(session, tmp_path / "screen"), SEEN / "answered.png")
        again = subprocess.run(
            [program, str(photos / "red.png")],
            env=session,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        assert (again.returncode, again.stderr) == (0, "")
        close(window)
    finally:
        window.end()
    data = DataFolder(Path(session["HOME"]) / ".local/share/fashion-finder")
    log = data.log_file.read_text("utf-8")
    assert " WARNING " not in log, log
    assert " ERROR " not in log, log
