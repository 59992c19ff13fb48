"""The logs: what they keep of crashes, of executors, and how many."""

from __future__ import annotations

import faulthandler
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from fashion_finder.data_folder import DataFolder
from fashion_finder.logs import (
    end_logging,
    end_watching_for_crashes,
    set_up_logging,
    take_crash,
    watch_for_crashes,
)
from fashion_finder.support.diagnostics import gather
from tests.odd_files import ELSEWHERE, KINDS, put_in_the_way

CRASHING = """
import ctypes, sys
from pathlib import Path
from fashion_finder.logs import set_up_logging, watch_for_crashes
data_dir = Path(sys.argv[1])
set_up_logging(data_dir, verbose=False)
watch_for_crashes(data_dir)
def read_what_is_not_ours():
    ctypes.string_at(8)
read_what_is_not_ours()
"""


@pytest.fixture(autouse=True)
def no_handlers_left() -> Iterator[None]:
    """The loggers belong to all tests."""
    yield
    for name in ("fashion_finder", "concurrent.futures"):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()


def crash(data_dir: Path) -> int:
    """Run a program that reads a forbidden address; its exit status."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONFAULTHANDLER"}
    command = [sys.executable, "-c", CRASHING, str(data_dir)]
    return subprocess.run(command, env=environment, check=False, stderr=subprocess.PIPE).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="ends otherwise there")
def test_a_crash_leaves_its_frames_and_is_taken_once(tmp_path: Path) -> None:
    """A segmentation fault, which no exception handler sees; three of them are kept."""
    assert crash(tmp_path) < 0
    told = take_crash(tmp_path)
    assert "Segmentation fault" in told
    assert "read_what_is_not_ours" in told
    assert take_crash(tmp_path) == ""
    for number in range(2, 6):
        DataFolder(tmp_path).crash_log.write_text(f"crash {number}")
        assert take_crash(tmp_path) == f"crash {number}"
    kept = {path.name: path.read_text() for path in DataFolder(tmp_path).logs.glob("crash*")}
    assert kept == {"crash.1.log": "crash 5", "crash.2.log": "crash 4", "crash.3.log": "crash 3"}


@pytest.mark.skipif(sys.platform == "win32", reason="ends otherwise there")
def test_an_endless_series_of_crashes_fills_no_disk(tmp_path: Path) -> None:
    """Commands on the terminal crash without a window that would take the file away."""
    DataFolder(tmp_path).logs.mkdir()
    file = DataFolder(tmp_path).crash_log
    file.write_bytes(b"x" * 1_000_001)
    assert crash(tmp_path) < 0
    assert file.stat().st_size < 100_000
    assert "Segmentation fault" in file.read_text()


def test_what_a_callback_of_an_executor_raises_is_logged(tmp_path: Path) -> None:
    """concurrent.futures keeps such an error to itself, but for its own logger."""
    set_up_logging(tmp_path, verbose=False)
    work: Future[int] = Future()
    work.add_done_callback(lambda done: 1 // done.result())
    work.set_result(0)
    written = DataFolder(tmp_path).log_file.read_text()
    assert "ZeroDivisionError" in written
    assert "test_logs.py" in written


def test_what_stands_in_the_way_of_the_logs_is_kept_aside(tmp_path: Path) -> None:
    """It may be somebody's; and the next start has its log."""
    DataFolder(tmp_path).logs.write_text("in the way")
    set_up_logging(tmp_path, verbose=False)
    watch_for_crashes(tmp_path)
    assert DataFolder(tmp_path).log_file.is_file()
    assert (tmp_path / "set-aside-logs").read_text() == "in the way"


def test_where_no_folder_can_be_made_there_is_no_log(tmp_path: Path) -> None:
    """And nothing fails for it."""
    (tmp_path / "data").write_text("no folder")
    set_up_logging(tmp_path / "data", verbose=False)
    watch_for_crashes(tmp_path / "data")
    assert (tmp_path / "data").read_text() == "no folder"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_lies_in_place_of_a_log_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A pipe would hold the start up, and a link lead it elsewhere."""
    monkeypatch.setattr(faulthandler, "is_enabled", lambda: False)
    monkeypatch.setattr(faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)
    data = tmp_path / "data"
    folder = DataFolder(data)
    folder.logs.mkdir(parents=True)
    older = [folder.log_file.with_name(f"{folder.log_file.name}.{number}") for number in (1, 2)]
    crashes = [folder.crash_log, *(folder.crash_log.with_suffix(f".{n}.log") for n in (1, 2, 3))]
    for path in (folder.log_file, *older, *crashes):
        put_in_the_way(path, kind)
    gather(data, [])
    take_crash(data)
    set_up_logging(data, verbose=False)
    watch_for_crashes(data)
    logging.getLogger("fashion_finder").warning("written")
    end_logging()
    end_watching_for_crashes()
    take_crash(data)
    with folder.log_file.open("rb") as file:
        file.seek(max(0, folder.log_file.stat().st_size - 100))
        assert b"written" in file.read()
    assert folder.crash_log.is_file() or kind in {"noise", "sparse"}  # a trace to be taken
    assert (data / "elsewhere").read_bytes() == ELSEWHERE
