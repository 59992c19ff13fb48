"""The built program as a stylist meets it: no Python, a screen, a mouse, another program to drag from.

FASHION_FINDER_EXECUTABLE names the program to try, else dist/fashion-finder is, where it was built.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageGrab

from tests.e2e.conftest import PATIENCE, ROOT, Mouse, Program, Start

pytestmark = pytest.mark.e2e

SOURCE = (80, 80)
TARGET = (750, 400)
# Far from each other and from all that the window itself is painted with.
CLOTHS = {
    "red": (200, 30, 30),
    "green": (20, 140, 60),
    "blue": (30, 60, 190),
    "yellow": (220, 190, 20),
    "cyan": (20, 170, 190),
}
QUESTION_WIDTH = 340  # the question stands left of that, in pixels
LEAST_PIXELS = 1500  # of one cloth: a thumbnail, and no speck


@pytest.fixture(scope="module")
def executable() -> Path:
    """The program; its folder holds all it needs."""
    chosen = os.environ.get("FASHION_FINDER_EXECUTABLE")
    path = Path(chosen) if chosen else ROOT / "dist" / "fashion-finder" / "fashion-finder"
    if not path.is_file():
        if chosen:
            pytest.fail(f"there is no {path}", pytrace=False)
        pytest.skip("not built: make executable")
    return path


@pytest.fixture
def installed(executable: Path, tmp_path: Path) -> Path:
    """The program in a folder whose name needs care, where nobody may write."""
    folder = tmp_path / "Schöne Dinge 春" / "Fashion Finder"
    shutil.copytree(executable.parent, folder, symlinks=True, copy_function=_link)
    folder.chmod(0o555)
    return folder / executable.name


def _link(source: str, target: str) -> None:
    """The same file under another name: 300 MB need not be copied."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Five shirts, each of another cloth."""
    folder = tmp_path / "Fotos für Zoë"
    folder.mkdir()
    for name, colour in CLOTHS.items():
        _shirt(colour).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def question(tmp_path: Path) -> Path:
    """A sixth shirt."""
    path = tmp_path / "question.png"
    _shirt((190, 60, 160)).save(path)
    return path


def _shirt(colour: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (420, 480), "white")
    outline = [
        *((120, 60), (170, 90), (250, 90), (300, 60), (400, 170), (340, 220), (310, 180)),
        *((310, 440), (110, 440), (110, 180), (80, 220), (20, 170)),
    ]
    ImageDraw.Draw(picture).polygon(outline, fill=colour)
    return picture


@pytest.fixture
def bare(environment: dict[str, str]) -> dict[str, str]:
    """A user's session without anything of ours."""
    return {name: environment[name] for name in ("HOME", "DISPLAY", "XDG_RUNTIME_DIR")} | {
        "PATH": "/nowhere",
        "QT_QPA_PLATFORM": "xcb",
    }


def run(
    program: Path, environment: dict[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """A command of the program, from a folder that is nobody's."""
    return subprocess.run(
        [str(program), *map(str, arguments)],
        env=environment,
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        timeout=3 * PATIENCE,
        check=False,
    )


@pytest.fixture
def shown(installed: Path, bare: dict[str, str]) -> Iterator[list[Program]]:
    """Windows of the program, ended with the test."""
    programs: list[Program] = []
    yield programs
    for program in programs:
        program.end()


def open_window(
    installed: Path, bare: dict[str, str], shown: list[Program], *arguments: str | Path
) -> Program:
    """Start the program and wait until the model is ready."""
    program = Program([str(installed), "--timing", *map(str, arguments)], bare)
    shown.append(program)
    program.lines.wait(lambda line: line.startswith("window painted"), "the window")
    program.lines.wait(lambda line: line.startswith("model ready"), "the model")
    return program


def wait_for_five_thumbnails(display: str) -> None:
    """Look at the screen until every cloth is seen right of the question."""
    end = time.monotonic() + PATIENCE
    missing: set[str] = set(CLOTHS)
    while missing:
        screen = np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB"), dtype=np.int16)
        answers = screen[:, QUESTION_WIDTH:]
        missing = {
            name for name, cloth in CLOTHS.items() if _pixels_of(answers, cloth) < LEAST_PIXELS
        }
        if time.monotonic() > end:
            pytest.fail(f"not on the screen: {sorted(missing)}")
        time.sleep(0.2)  # the screen tells nobody when it changes


def _pixels_of(screen: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((np.abs(screen - np.array(colour)).max(axis=2) < 30).sum())


def close(program: Program) -> None:
    """As a session's end closes it."""
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(PATIENCE) == 0


def test_the_executable_passes_its_own_smoke_test(installed: Path, bare: dict[str, str]) -> None:
    """Every part once, in a locale that knows no letters but the plainest, without a screen."""
    plain = {name: value for name, value in bare.items() if name != "DISPLAY"}
    done = run(installed, plain | {"LC_ALL": "C", "QT_QPA_PLATFORM": ""}, "--smoke")
    assert done.returncode == 0, done.stderr
    assert "?" not in done.stdout
    assert "hnswlib" in done.stdout


def test_a_drop_on_the_executable_shows_five_thumbnails_also_after_a_restart(
    installed: Path,
    bare: dict[str, str],
    shown: list[Program],
    photos: Path,
    question: Path,
    start: Start,
    mouse: Mouse,
    display: str,
) -> None:
    """Index, drop from another program, see, close, start again with a picture, see."""
    indexed = run(installed, bare, "index", photos, "--json")
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["added"] == len(CLOTHS)
    first = open_window(installed, bare, shown)
    source = start("drag_source.py", "url", question)
    source.lines.wait(lambda line: line == "ready", "the source's window")
    mouse.drag(source, SOURCE, TARGET)
    source.lines.wait(lambda line: line == "dropped CopyAction", "the end of the drag")
    wait_for_five_thumbnails(display)
    source.end()
    close(first)
    second = open_window(installed, bare, shown, question)
    wait_for_five_thumbnails(display)
    close(second)


def test_the_executable_carries_its_notices(executable: Path) -> None:
    """And the libraries under the LGPL lie open, to be replaced."""
    folder = executable.parent
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / "NOTICES.txt").read_text("utf-8")
    bill = json.loads((folder / "fashion-finder.cdx.json").read_text("utf-8"))
    assert len(bill["components"]) > 20
    names = {path.name for path in folder.rglob("*")}
    assert any(name.startswith("libQt6Core.so") for name in names)
    assert any(name.startswith("libheif") for name in names)
    assert not any(name.startswith(("libreadline", "libssl", "libcrypto")) for name in names)
    assert {"libqxcb.so"} <= names
    assert any("wayland" in name for name in names)
