"""A screen of our own, and the programs on it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from fashion_finder.engine import Engine
from fashion_finder.sample import copy_wardrobe
from tests.tiny_model import write_tiny_model

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TIMEOUT = 90  # seconds; machines under load are slow, and nothing waits longer than it must
LONGEST = 360  # seconds for a program that goes on telling what it does
SCREEN = "1280x800x24"
STEPS = 12  # of a drag


def tool(name: str, package: str) -> str:
    """The path of a program these tests need."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is missing: install Debian's package {package}", pytrace=False)
    return path


class Lines:
    """What a process prints, line by line, waited for without polling."""

    def __init__(self, stream: IO[str]) -> None:
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._stream = stream
        self._seen: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait(self, wanted: Callable[[str], bool], what: str) -> str:
        """The first line from now on that is wanted; fails the test when none comes.

        A program that goes on printing other lines is slow rather than stuck, and gets longer.
        """
        line = self._next(wanted, TIMEOUT, LONGEST)
        if line is None:
            pytest.fail(f"waited in vain for {what}; seen: {self._seen[-20:]}")
        return line

    def look_for(self, wanted: Callable[[str], bool], seconds: float) -> str | None:
        """The same, or None when none comes in time."""
        return self._next(wanted, seconds, seconds)

    def _next(self, wanted: Callable[[str], bool], silence: float, most: float) -> str | None:
        end = time.monotonic() + most
        while True:
            left = min(silence, end - time.monotonic())
            try:
                line = self._queue.get(timeout=max(0.01, left))
            except queue.Empty:
                return None
            if line is None:
                pytest.fail(f"the program has ended; seen: {self._seen[-20:]}")
            self._seen.append(line)
            if wanted(line):
                return line


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """An X server without a screen; its display number is its own choice."""
    program = tool("Xvfb", "xvfb")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as reader:
        number = reader.readline().strip()
    if not number:
        pytest.fail("Xvfb did not start")
    yield f":{number}"
    server.terminate()
    server.wait(TIMEOUT)


@pytest.fixture
def environment(display: str, tmp_path: Path) -> dict[str, str]:
    """A user with an empty home on that screen."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(ROOT),
    }


class Program:
    """A process with lines to read."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            arguments,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.lines = Lines(self.process.stdout)

    def say(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, event: str, **wanted: Any) -> dict[str, Any]:
        """The next event of this name whose values are those wanted."""
        return self.wait_until(event, lambda found: wanted.items() <= found.items())

    def wait_until(self, event: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event of this name of which something holds."""
        start = f'{{"event": "{event}"'
        line = self.lines.wait(
            lambda line: line.startswith(start) and holds(json.loads(line)),
            f"the event {event!r}",
        )
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(TIMEOUT)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


Start = Callable[..., Program]


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts programs on the screen, and ends them."""
    programs: list[Program] = []

    def start_one(script: str, *arguments: str | Path) -> Program:
        command = [sys.executable, str(HERE / script), *map(str, arguments)]
        programs.append(Program(command, environment))
        return programs[-1]

    yield start_one
    for program in programs:
        program.end()


@pytest.fixture(scope="session")
def wardrobe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample wardrobe."""
    folder = tmp_path_factory.mktemp("photos") / "wardrobe"
    copy_wardrobe(folder)
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the program where it is there, else a tiny one that knows shape and colour."""
    shipped = ROOT / "models" / "resnet50_embed.onnx"
    if shipped.is_file():
        return shipped
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, model: Path, wardrobe: Path) -> Path:
    """A data folder with the sample wardrobe indexed, to be copied: that takes a while."""
    data = tmp_path_factory.mktemp("indexed") / "data"
    with Engine.open(data, model) as engine:
        summary = engine.sync([wardrobe])
    assert summary.added == summary.found == len(list(wardrobe.iterdir()))
    return data


@pytest.fixture
def window(start: Start, tmp_path: Path, model: Path, indexed: Path, wardrobe: Path) -> Program:
    """The program, showing a window, with the sample wardrobe indexed and nothing left to do."""
    shutil.copytree(indexed, tmp_path / "data")
    program = start("observed_window.py", tmp_path / "data", model)
    program.wait_for("shown")
    program.wait_for("indexed", added=0, unchanged=len(list(wardrobe.iterdir())))
    return program


class Mouse:
    """Moves the pointer of the screen, as a hand does."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._xdotool = tool("xdotool", "xdotool")
        self._environment = environment

    def _do(self, *words: object) -> None:
        subprocess.run(
            [self._xdotool, *map(str, words)], env=self._environment, check=True, timeout=TIMEOUT
        )

    def click(self, place: tuple[int, int], key: str | None = None) -> None:
        """Press and let go, perhaps with a key held down."""
        self._do("mousemove", "--sync", *place)
        if key is not None:
            self._do("keydown", key)
        self._do("click", 1)
        if key is not None:
            self._do("keyup", key)

    def pull(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        """Press at one place, and move to another in small steps."""
        self._do("mousemove", "--sync", *begin, "mousedown", 1)
        for step in range(1, STEPS + 1):
            x = begin[0] + (end[0] - begin[0]) * step // STEPS
            y = begin[1] + (end[1] - begin[1]) * step // STEPS
            self._do("mousemove", "--sync", x, y)

    def let_go(self) -> None:
        """Release the button."""
        self._do("mouseup", 1)

    def drag(
        self,
        teller: Program,
        begin: tuple[int, int],
        end: tuple[int, int],
        told: str = "accepted CopyAction",
    ) -> None:
        """Press at one place, move in small steps, and let go at another once it is noticed there.

        The target answers while the mouse stands over it, so it is nudged until ``teller`` (either
        of the two programs) has said ``told``: letting go before that would drop into nothing.
        """
        self.pull(begin, end)
        last = time.monotonic() + TIMEOUT
        nudge = 0
        while teller.lines.look_for(lambda line: line == told, 0.5) is None:
            nudge += 1
            self._do("mousemove", "--sync", end[0] + nudge % 2, end[1])
            if time.monotonic() > last:
                pytest.fail("the window did not notice the drag")
        self.let_go()


@pytest.fixture
def mouse(environment: dict[str, str]) -> Mouse:
    """The mouse of the screen."""
    return Mouse(environment)
