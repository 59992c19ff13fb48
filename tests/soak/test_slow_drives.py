"""Drives that sleep, through real FUSE: waited for, never mistaken for bad pictures.

Needs Linux, root, FUSE and the system's fusepy.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine
from fashion_finder.errors import PictureUnanswered
from fashion_finder.indexing import workers
from fashion_finder.settings import decode_workers
from tests.pictures import draw_folder
from tests.summaries import counts
from tests.timeouts import until

SYSTEM_PYTHON = "/usr/bin/python3"
WAKING = 28.0  # seconds that a drive takes to spin up
HOUR = 3600 * 10**9
PROMPT = 3.0  # seconds within which Ctrl+C must end a command

pytestmark = pytest.mark.skipif(
    sys.platform != "linux"
    or os.geteuid() != 0
    or not Path("/dev/fuse").exists()
    or subprocess.run([SYSTEM_PYTHON, "-c", "import fusepy"], check=False).returncode != 0,
    reason="needs Linux, root, FUSE and python3-fusepy",
)


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """What is on the drive: a folder of twelve photos."""
    draw_folder(tmp_path / "real" / "photos", 12)
    return tmp_path / "real"


@contextmanager
def mounted(real: Path, seconds: float, kind: str = "read") -> Iterator[Path]:
    """The drive, asleep; its folder of photos."""
    point = real.parent / "drive"
    point.mkdir(exist_ok=True)
    drive = subprocess.Popen(
        [SYSTEM_PYTHON, Path(__file__).with_name("slow_drive.py"), real, point, str(seconds), kind]
    )
    try:
        until(lambda: os.path.ismount(point))
        yield point / "photos"
    finally:
        subprocess.run(["umount", "--lazy", point], check=True)
        drive.kill()  # what hangs gets an error now
        drive.wait()


def command(folder: Path, model: Path) -> subprocess.Popen[str]:
    """`fashion-finder index --json`, in a group of its own."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "fashion_finder", "index", folder, "--json"),
            *("--data-dir", folder.parents[1] / "data", "--model", model),
        ],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def waiting(real: Path, parent: int) -> list[int]:
    """The decode workers of a process, once each has a photo on the drive open; else none."""
    point = str(real.parent / "drive")
    found = [
        child.pid
        for child in psutil.Process(parent).children()
        if any(file.path.startswith(point) for file in child.open_files())
    ]
    return found if len(found) == decode_workers() else []


@pytest.mark.parametrize("kind", ["read", "list"])
def test_a_drive_that_wakes_up_is_waited_for(engine: Engine, real: Path, kind: str) -> None:
    """The first read or the first listing takes half a minute, and everything is there."""
    with mounted(real, WAKING, kind) as photos:
        assert counts(engine.sync([photos])) == {"found": 12, "added": 12}
        assert counts(engine.sync([photos])) == {"found": 12, "unchanged": 12}


def test_known_photos_stay_when_all_their_times_shift(engine: Engine, real: Path) -> None:
    """As on a FAT drive after a change of the clocks, asleep at that."""
    with mounted(real, 0) as photos:
        engine.sync([photos])
    for path in (real / "photos").iterdir():
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + HOUR))
    with mounted(real, WAKING) as photos:
        assert counts(engine.sync([photos])) == {"found": 12, "unchanged": 12}
    assert engine.status().skipped == ()


def test_a_question_on_a_sleeping_drive_is_answered(engine: Engine, real: Path) -> None:
    """It waits as indexing does."""
    engine.sync([real / "photos"])
    with mounted(real, WAKING) as photos:
        question = next(photos.iterdir())
        assert engine.find_similar(PictureFile(question)).matches[0].similarity > 0.99


def test_a_drive_that_never_wakes_costs_no_photo(
    engine: Engine, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reads are given up with a true reason; known photos stay, new ones are tried again."""
    monkeypatch.setattr(
        workers.DecodeProcess.__init__,
        "__kwdefaults__",
        {
            "read_seconds": 3.0,
            "in_background": False,
        },
    )
    with mounted(real, 0) as photos:
        engine.sync([photos])
    for path in (real / "photos").iterdir():
        os.utime(path, ns=(5, 5))
    draw_folder(real / "photos" / "new", 14)
    with mounted(real, 3600) as photos:
        summary = engine.sync([photos])
        assert summary.skipped == 26
        assert {file.reason.partition(" (")[0] for file in summary.skipped_files} == {
            PictureUnanswered.title
        }
    assert engine.status().photos == 12
    with mounted(real, 0) as photos:
        engine.sync([photos])
    assert engine.status().photos == 26
    assert engine.status().skipped == ()


def test_ctrl_c_ends_a_wait_for_the_disk(real: Path, tiny_model_path: Path) -> None:
    """Promptly, and once is enough, although the decode workers cannot even be killed."""
    with mounted(real, 3600) as photos:
        indexing = command(photos, tiny_model_path)
        with indexing:
            until(lambda: bool(waiting(real, indexing.pid)))
            started = time.monotonic()
            os.killpg(indexing.pid, signal.SIGINT)
            assert indexing.wait(60) == 130
            assert time.monotonic() - started < PROMPT


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_decoder_ended_from_outside_while_it_waits_for_the_disk_costs_nothing(
    real: Path, tiny_model_path: Path, number: int
) -> None:
    """By the out-of-memory killer, or stopped for 25 seconds."""
    with mounted(real, 12) as photos:
        indexing = command(photos, tiny_model_path)
        with indexing:
            assert indexing.stdout is not None
            until(lambda: bool(waiting(real, indexing.pid)))
            victims = waiting(real, indexing.pid)
            for worker in victims:
                os.kill(worker, number)
            if number == signal.SIGSTOP:
                time.sleep(25)
                for worker in victims:
                    os.kill(worker, signal.SIGCONT)
            told = json.loads(indexing.stdout.read())
        assert (told["added"], told["skipped"]) == (12, 0)
