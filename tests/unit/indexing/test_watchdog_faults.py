"""What watchdog prints names the user's folders: none of it reaches the terminal."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fashion_finder.indexing.watchdog_faults import keep_quiet
from tests.timeouts import TIMEOUT

PROGRAM = """
import sys
from pathlib import Path
from fashion_finder.indexing.watch import Pace, Watcher

library = Path(sys.argv[1])


def report(folders):
    print(len(list(library.glob("*.jpg"))), flush=True)


pace = Pace(quiet=0.02, most=0.2, rescan=1000.0, look=0.05)
watcher = Watcher(report, on_battery=bool, paces=(pace, pace))
watcher.follow([library])
watcher.suspect([library])
watcher.start()
sys.stdin.read()
watcher.stop()
"""


Settle = Callable[[], object]


def move_away_and_back(library: Path, settle: Settle) -> None:
    """The folders in it are watched twice then, which watchdog warns of."""
    for _ in range(2):
        (library / "private").rename(library.parent / "away")
        settle()
        (library.parent / "away").rename(library / "private")
        settle()


def move_away_and_delete(library: Path, settle: Settle) -> None:
    """A folder whose place was taken and is free again: one of watchdog's threads fails."""
    (library / "private").rename(library.parent / "away")
    settle()
    (library / "private").mkdir()
    settle()
    (library / "private").rmdir()
    settle()
    for folder in (*(library.parent / "away").iterdir(), library.parent / "away"):
        folder.rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="events differ between systems")
@pytest.mark.parametrize("move", [move_away_and_back, move_away_and_delete])
def test_moving_a_folder_away_prints_nothing(
    tmp_path: Path, move: Callable[[Path, Settle], None]
) -> None:
    """And what changes afterwards is still noticed."""
    library = tmp_path / "library"
    for name in ("one", "other"):
        (library / "private" / name).mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, library],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    reports = iter(process.stdout)
    next(reports)
    move(library, lambda: next(reports))
    for number in (1, 2):
        (library / f"{number}.jpg").write_bytes(b"")
        assert f"{number}\n" in reports
    _, said = process.communicate(timeout=TIMEOUT)
    assert said == ""


def test_faults_of_other_threads_are_heard_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it ends, and afterwards."""
    heard: list[str] = []
    monkeypatch.setattr(
        threading, "excepthook", lambda fault: heard.append(fault.exc_type.__name__)
    )
    before = threading.excepthook
    end = keep_quiet()

    def fail() -> None:
        raise KeyError

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert heard == ["KeyError"]
    end()
    assert threading.excepthook is before
