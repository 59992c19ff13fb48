"""The built program in the hands of a test: where it is, what is shown to it, what the screen shows.

FASHION_FINDER_EXECUTABLE names the program to try, else dist/fashion-finder is, where it was built.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageGrab

from tests.e2e.conftest import ROOT, TIMEOUT, Program, tool
from tests.timeouts import until

SOURCE = (80, 80)  # in the middle of the window of drag_source.py
TARGET = (750, 400)  # within the program's window, wherever that stands
# Far from each other and from all that the window itself is painted with.
CLOTHS = {
    "red": (200, 30, 30),
    "green": (20, 140, 60),
    "blue": (30, 60, 190),
    "yellow": (220, 190, 20),
    "cyan": (20, 170, 190),
}
QUESTION_WIDTH = 340  # the question stands left of that, in pixels
MAY_FAIL = {"search", "getwindowname"}  # no window is found, or it is gone by now
LEAST_PIXELS = 1500  # of one cloth: a thumbnail, and no speck


def built_program() -> Path:
    """The program; its folder holds all it needs. Skips the test where nothing was built."""
    chosen = os.environ.get("FASHION_FINDER_EXECUTABLE")
    path = Path(chosen) if chosen else ROOT / "dist" / "fashion-finder" / "fashion-finder"
    if not path.is_file():
        if chosen:
            pytest.fail(f"there is no {path}", pytrace=False)
        pytest.skip("not built: make executable")
    return path


def copy_program(executable: Path, folder: Path) -> Path:
    """Its whole folder under another name, where nobody may write; the program there."""
    shutil.copytree(executable.parent, folder, symlinks=True, copy_function=_link)
    folder.chmod(0o555)
    return folder / executable.name


def _link(source: str, target: str) -> None:
    """The same file under another name: 300 MB need not be copied."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def draw_shirts(folder: Path, question: Path) -> None:
    """Five shirts, each of another cloth, and a sixth to ask with."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, colour in CLOTHS.items():
        _shirt(colour).save(folder / f"{name}.png")
    _shirt((190, 60, 160)).save(question)


def _shirt(colour: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (420, 480), "white")
    outline = [
        *((120, 60), (170, 90), (250, 90), (300, 60), (400, 170), (340, 220), (310, 180)),
        *((310, 440), (110, 440), (110, 180), (80, 220), (20, 170)),
    ]
    ImageDraw.Draw(picture).polygon(outline, fill=colour)
    return picture


def wait_until_ready(program: Program) -> None:
    """The program was started with --timing: wait for its window and its model, in either order."""
    told = ("window painted", "model ready")
    first = program.lines.wait(lambda line: line.startswith(told), "the window or the model")
    (other,) = [line for line in told if not first.startswith(line)]
    program.lines.wait(lambda line: line.startswith(other), f"the other: {other}")


def wait_for_five_thumbnails(display: str, keep_as: Path | None = None) -> None:
    """Look at an X screen until every cloth is seen right of the question, and keep what was seen."""
    wait_until_seen(lambda: ImageGrab.grab(xdisplay=display), keep_as)


def wait_until_seen(look: Callable[[], Image.Image], keep_as: Path | None = None) -> None:
    """The same, with any way to look at a screen."""
    missing: set[str] = set(CLOTHS)

    def all_are_seen() -> bool:
        grabbed = look().convert("RGB")
        answers = np.asarray(grabbed, dtype=np.int16)[:, QUESTION_WIDTH:]
        missing.clear()
        missing.update(
            name for name, cloth in CLOTHS.items() if _pixels_of(answers, cloth) < LEAST_PIXELS
        )
        if keep_as is not None:
            keep_as.parent.mkdir(parents=True, exist_ok=True)
            grabbed.save(keep_as)
        return not missing

    until(all_are_seen, TIMEOUT, lambda: f"not on the screen: {sorted(missing)}")


def _pixels_of(screen: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((np.abs(screen - np.array(colour)).max(axis=2) < 30).sum())


def close(program: Program) -> None:
    """As a session's end closes it."""
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(TIMEOUT) == 0


Frame = tuple[int, int, int, int]  # x, y, width, height


class Desk:
    """The keyboard of a screen, and the windows on it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._xdotool = tool("xdotool", "xdotool")
        # It reads the words to be typed as the locale says; where none is set, as plain ASCII.
        self._environment = environment | {"LC_ALL": "C.UTF-8"}

    def windows_of(self, program: Program, count: int = 1) -> list[str]:
        """The numbers of a program's windows, waited for until there are so many."""
        found: list[str] = []

        def are_there() -> bool:
            found[:] = self._windows(program)
            return len(found) == count

        until(are_there, TIMEOUT, lambda: f"{len(found)} windows rather than {count}")
        return found

    def wait_for_title(self, program: Program, title: str) -> None:
        """Wait until one of a program's windows is called so."""
        titles: list[str] = []

        def is_there() -> bool:
            windows = self._windows(program)
            titles[:] = [self._run("getwindowname", window).strip() for window in windows]
            return title in titles

        until(is_there, TIMEOUT, lambda: f"{titles} rather than {title}")

    def _windows(self, program: Program) -> list[str]:
        """The numbers of those that can be seen now."""
        pid = program.process.pid
        return self._run("search", "--onlyvisible", "--all", "--pid", pid).split()

    def press(self, window: str, *keys: str) -> None:
        """Press keys in a window."""
        self._run("windowfocus", "--sync", window, "key", *keys)

    def type(self, window: str, words: str) -> None:
        """Type into a window, and press Return."""
        self._run("windowfocus", "--sync", window, "type", "--delay", 30, words)
        self._run("key", "Return")

    def place(self, window: str, frame: Frame) -> None:
        """Put a window somewhere."""
        self._run("windowmove", "--sync", window, *frame[:2])
        self._run("windowsize", "--sync", window, *frame[2:])

    def frame(self, window: str) -> Frame:
        """Where a window is."""
        lines = self._run("getwindowgeometry", "--shell", window).splitlines()
        told = {name: int(value) for name, value in (line.split("=") for line in lines)}
        return told["X"], told["Y"], told["WIDTH"], told["HEIGHT"]

    def _run(self, *words: object) -> str:
        command = [self._xdotool, *map(str, words)]
        done = subprocess.run(
            command,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode and words[0] not in MAY_FAIL:
            pytest.fail(f"{words}: {done.stderr}")
        return done.stdout
