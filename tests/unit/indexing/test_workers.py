"""A decoder that hangs or dies costs one picture; real processes throughout."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from fashion_finder.errors import PictureMissing, PictureTookTooLong
from fashion_finder.indexing import workers
from fashion_finder.indexing.workers import AHEAD, DecodePool, DecodeProcess, prepared
from fashion_finder.ports import ReadOutcome, ReadTask
from fashion_finder.settings import NICENESS
from tests.pictures import draw, draw_folder, jpeg

TIMEOUT = 30.0


def worker_pid() -> int:
    """The process id of the one worker that runs."""
    (worker,) = multiprocessing.active_children()
    assert worker.pid is not None
    return worker.pid


@pytest.fixture
def process() -> Iterator[DecodeProcess]:
    """A decode process of its own."""
    process = DecodeProcess()
    yield process
    process.close()


def test_a_picture_comes_back_prepared(process: DecodeProcess, tmp_path: Path) -> None:
    """From a file and from bytes alike."""
    data = jpeg(draw("dress", "red"))
    path = tmp_path / "dress.jpg"
    path.write_bytes(data)
    one = prepared(process.run(ReadTask(1, path, preview=100)))
    other = prepared(process.run(ReadTask(2, data)))
    assert one.digest == other.digest
    assert (one.width, one.height, one.square.shape) == (300, 400, (224, 224, 3))
    assert one.preview is not None
    assert max(one.preview.shape) == 100
    assert other.preview is None


def test_known_bytes_are_not_decoded(process: DecodeProcess) -> None:
    """Only the digest comes back."""
    data = jpeg(draw("dress", "red"))
    digest = prepared(process.run(ReadTask(1, data))).digest
    assert process.run(ReadTask(2, data, known=(digest,))).same_as == digest


def test_a_failure_costs_one_picture(process: DecodeProcess, tmp_path: Path) -> None:
    """The error carries its message and file; the process continues."""
    missing = tmp_path / "none.jpg"
    error = process.run(ReadTask(1, missing)).error
    assert isinstance(error, PictureMissing)
    assert error.subject == missing
    assert process.run(ReadTask(2, jpeg(draw("hat", "blue")))).picture is not None


def test_a_picture_that_takes_too_long_is_given_up(process: DecodeProcess) -> None:
    """The process is replaced, and the next picture is read."""
    hasty = DecodeProcess(seconds=0.0)
    try:
        error = hasty.run(ReadTask(1, jpeg(draw("dress", "red", size=(3000, 4000))))).error
        assert isinstance(error, PictureTookTooLong)
        assert not multiprocessing.active_children()
    finally:
        hasty.close()
    assert process.run(ReadTask(2, jpeg(draw("hat", "blue")))).picture is not None


def test_a_decoder_that_died_idle_is_replaced(process: DecodeProcess) -> None:
    """It costs nothing."""
    process.start()
    pid = worker_pid()
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert process.run(ReadTask(1, jpeg(draw("dress", "red")))).picture is not None


def test_an_interrupted_process_gets_no_further_task(
    process: DecodeProcess, tmp_path: Path
) -> None:
    """Just killed, it can still look alive; the next picture must not suffer for it."""
    (path,) = draw_folder(tmp_path, 1)
    for key in range(5):
        process.start()
        process.interrupt()
        assert process.run(ReadTask(key, path)).picture is not None


def test_a_pool_reads_everything_with_bounded_look_ahead(tmp_path: Path) -> None:
    """Each task has one outcome; a slow consumer is not outrun."""
    pool = DecodePool(2)
    paths = draw_folder(tmp_path, 60)
    taken = 0

    def tasks() -> Iterator[ReadTask]:
        nonlocal taken
        for key, path in enumerate(paths):
            taken += 1
            yield ReadTask(key, path)

    keys = []
    try:
        for outcome in filter(None, pool.read_all(tasks())):
            keys.append(outcome.key)
            assert taken - len(keys) < AHEAD * 2
    finally:
        pool.close()
    assert sorted(keys) == list(range(60))


def test_no_finished_picture_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all that was read ahead is done, as behind a slow consumer, the turns are kept."""
    monkeypatch.setattr(DecodeProcess, "run", lambda _process, task: ReadOutcome(task.key))
    monkeypatch.setattr(workers, "wait", lambda pending, seconds, return_when: wait(pending))
    pool = DecodePool(2)
    outcomes = pool.read_all(ReadTask(key, b"") for key in range(400))
    order = [outcome.key for outcome in outcomes if outcome is not None]
    assert max(turn - key for turn, key in enumerate(order)) <= 2 * AHEAD


def test_a_pool_can_be_left_early_and_used_again(tmp_path: Path) -> None:
    """A cancelled sync does not wait for its look-ahead, and leaves no thread behind."""
    pool = DecodePool(2)
    paths = draw_folder(tmp_path, 40)
    try:
        reading = pool.read_all(ReadTask(key, path) for key, path in enumerate(paths))
        next(reading)
        reading.close()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("decode")]
        again = pool.read_all(ReadTask(key, path) for key, path in enumerate(paths[:5]))
        assert all(outcome.picture is not None for outcome in filter(None, again))
    finally:
        pool.close()


@pytest.mark.skipif(os.name != "posix", reason="stops a process")
def test_leaving_a_pool_early_waits_for_no_picture(tmp_path: Path) -> None:
    """Not even for one whose decoder hangs."""
    pool = DecodePool(2, seconds=10 * TIMEOUT)
    paths = draw_folder(tmp_path, 40)
    try:
        reading = pool.read_all(ReadTask(key, path) for key, path in enumerate(paths))
        next(reading)
        for worker in multiprocessing.active_children():
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGSTOP)
        started = time.monotonic()
        reading.close()
        assert time.monotonic() - started < TIMEOUT
    finally:
        pool.close()


_CHATTY = """
import io, sys
from PIL import Image
from fashion_finder.indexing.workers import DecodeProcess
from fashion_finder.ports import ReadOutcome, ReadTask
if __name__ == "__main__":
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64)).save(buffer, "TIFF", compression="tiff_lzw")
    data = bytearray(buffer.getvalue())
    data[8:12] = b"\\xff" * 4
    process = DecodeProcess()
    outcome = process.run(ReadTask(1, bytes(data)))
    process.close()
    print(type(outcome.error).__name__)
"""


def test_decoders_do_not_write_on_the_terminal(tmp_path: Path) -> None:
    """libtiff prints complaints about a damaged file; only our reason counts."""
    script = tmp_path / "chatty.py"
    script.write_text(_CHATTY)
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=True,
    )
    assert done.stdout.strip() == "PictureUnreadable"
    assert done.stderr == ""


_PARENT = """
import multiprocessing, sys
from fashion_finder.indexing.workers import DecodeProcess
if __name__ == "__main__":
    process = DecodeProcess()
    process.start()
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is no child")
def test_workers_die_with_their_parent(tmp_path: Path) -> None:
    """A killed program leaves no decoder behind."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    parent = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout:
        worker = int(parent.stdout.readline())
        handle = os.pidfd_open(worker)
        os.kill(worker, signal.SIGSTOP)  # as if deep in a picture: it cannot see the pipe close
        os.kill(worker, signal.SIGCONT)
        parent.kill()
        parent.wait()
    import select

    readable, _, _ = select.select([handle], [], [], TIMEOUT)
    os.close(handle)
    assert readable


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_even_the_first_process_is_deaf_to_ctrl_c_from_its_first_moment() -> None:
    """Its signal mask is inherited, although starting it starts multiprocessing's tracker too."""
    program = """
import multiprocessing
from pathlib import Path
from fashion_finder.indexing.workers import DecodeProcess
process = DecodeProcess()
process.start()
status = Path(f"/proc/{multiprocessing.active_children()[0].pid}/status").read_text()
blocked = next(line for line in status.splitlines() if line.startswith("SigBlk"))
print(int(blocked.split()[1], 16) >> (2 - 1) & 1)
process.close()
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout == "1\n"


@pytest.mark.skipif(os.name != "posix", reason="niceness")
def test_only_the_syncs_processes_have_low_priority() -> None:
    """Its processes are nicer than this one; the one that reads questions is not."""
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    for in_background, further in ((True, min(NICENESS, 19 - ours)), (False, 0)):
        process = DecodeProcess(in_background=in_background)
        try:
            process.start()
            assert os.getpriority(os.PRIO_PROCESS, worker_pid()) == ours + further
        finally:
            process.close()
