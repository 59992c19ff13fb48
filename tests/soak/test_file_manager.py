"""Answers dragged into a real file manager: Debian's PCManFM."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import TIMEOUT, Mouse, Program
from tests.timeouts import until

DRAGS = 20
WINDOW = (0, 420, 280, 380)  # where the file manager stands: x, y, width, height
EMPTY_PLACE = (300, 720)  # in its list of files

pytestmark = pytest.mark.skipif(
    shutil.which("pcmanfm") is None, reason="pcmanfm is missing: scripts/setup/system.sh soak"
)


@pytest.fixture
def folder(environment: dict[str, str], window: Program, tmp_path: Path) -> Iterator[Path]:
    """An empty folder that a file manager shows, beside our window."""
    folder = tmp_path / "lookbook"
    folder.mkdir()
    with subprocess.Popen(
        ["pcmanfm", "--no-desktop", str(folder)], env=environment, stderr=subprocess.DEVNULL
    ) as manager:
        find = ["xdotool", "search", "--sync", "--onlyvisible", "--class", "pcmanfm"]
        place = ["windowmove", "--sync", *WINDOW[:2], "windowsize", "--sync", *WINDOW[2:]]
        subprocess.run([*find, *map(str, place)], env=environment, check=True, timeout=TIMEOUT)
        yield folder
        manager.terminate()


def test_every_drag_into_a_file_manager_copies_the_file(
    mouse: Mouse, window: Program, wardrobe: Path, folder: Path
) -> None:
    """However quick the hand is: PCManFM refuses a drag until it has fetched the list of files."""
    window.say(f"ask {wardrobe / 'dress-a-line-emerald.jpg'}")
    answered = window.wait_for("answered")
    answers = list(zip(answered["shown"], answered["places"], strict=True))
    for number in range(DRAGS):
        shown, place = answers[number % len(answers)]
        copy = folder / Path(shown).name
        mouse.pull(tuple(place), EMPTY_PLACE)
        mouse.let_go()
        until(copy.exists, otherwise=lambda: f"drag {number} copied nothing")  # noqa: B023 - called now
        copy.unlink()
    print(f"{DRAGS} drags, {DRAGS} copies")
