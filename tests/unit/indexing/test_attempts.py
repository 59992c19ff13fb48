"""What ends the reading of a picture is told apart: the disk, the outside, or the picture itself."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fashion_finder.errors import (
    DecoderUnavailable,
    PictureError,
    PicturePostponed,
    PictureTookTooLong,
    PictureUnanswered,
)
from fashion_finder.indexing import workers
from fashion_finder.indexing.decode_worker import WorkerProcess
from fashion_finder.indexing.processor_time import processor_seconds
from fashion_finder.indexing.workers import START_ATTEMPTS, DecodePool, DecodeProcess
from fashion_finder.ports import ReadTask
from tests import scripted_worker
from tests.timeouts import until

SHORT = 0.8  # seconds
LONG = 600.0
PROMPT = 2.0  # seconds within which Ctrl+C must be obeyed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="stops processes by signals")


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes do what a task's file says."""
    monkeypatch.setattr(workers, "run_worker", scripted_worker.run)


@pytest.fixture
def process() -> Iterator[DecodeProcess]:
    """An impatient decode process."""
    process = DecodeProcess(SHORT, read_seconds=SHORT)
    yield process
    process.close()


def script(folder: Path, *lines: str) -> Path:
    """A file whose reading goes like this."""
    path = folder / "scripted.jpg"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.mark.parametrize(
    "event",
    [
        *("taking: SIGKILL", "reading: SIGKILL", "decoding: SIGKILL", "answering: SIGKILL"),
        *("taking: SIGSTOP", "decoding: SIGSTOP", "answering: SIGSTOP"),
        *("decoding: SIGTERM", "decoding: exit", "decoding: SIGSEGV", "reading: SIGSEGV"),
    ],
)
def test_what_may_not_be_the_pictures_fault_is_tried_again_at_once(
    process: DecodeProcess, tmp_path: Path, event: str
) -> None:
    """By a fresh process, which reads it: one killed, stopped, or broken by an earlier picture."""
    outcome = process.run(ReadTask(7, script(tmp_path, event)))
    assert (outcome.key, outcome.same_as) == (7, scripted_worker.DONE)


@pytest.mark.parametrize(
    "event, kind",
    [
        ("reading: SIGKILL", PicturePostponed),
        ("decoding: SIGKILL", PicturePostponed),
        ("decoding: SIGSTOP", PicturePostponed),
        ("answering: SIGSTOP", PicturePostponed),
        ("reading: SIGSEGV", PicturePostponed),
        ("decoding: SIGSEGV", PictureTookTooLong),
        ("decoding: SIGABRT", PictureTookTooLong),
    ],
)
def test_only_a_decoder_that_crashes_again_condemns_the_picture(
    process: DecodeProcess, tmp_path: Path, event: str, kind: type[PictureError]
) -> None:
    """What comes from outside is passing, however often; and there is no third attempt."""
    path = script(tmp_path, event, event, "untouched")
    error = process.run(ReadTask(1, path)).error
    assert type(error) is kind
    assert error.subject == path
    assert error.passing is (kind is PicturePostponed)
    assert path.read_text() == "untouched\n"
    path.write_text("")
    assert process.run(ReadTask(2, path)).same_as == scripted_worker.DONE


@pytest.mark.skipif(processor_seconds(multiprocessing.current_process()) is None, reason="unknown")
def test_a_decoder_that_computes_for_ever_condemns_the_picture_at_once(
    process: DecodeProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second attempt would only cost the same time again."""
    monkeypatch.setattr(workers, "_BUSY_SHARE", 0.02)  # the tests' machine may be busy
    path = script(tmp_path, "decoding: spin", "untouched")
    error = process.run(ReadTask(1, path)).error
    assert type(error) is PictureTookTooLong
    assert not error.passing
    assert path.read_text() == "untouched\n"


@pytest.mark.parametrize("share, is_read", [(0.3, True), (0.01, False), (1.0, False)])
def test_a_decoder_that_shares_the_processor_gets_its_time(
    process: DecodeProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    is_read: bool,
) -> None:
    """One that gets a third of it is waited for; not one that stands still, nor one that had it all."""
    monkeypatch.setattr(workers, "processor_seconds", lambda _: share * time.monotonic())
    outcome = process.run(ReadTask(1, script(tmp_path, "decoding: wait", "decoding: wait")))
    assert (outcome.same_as == scripted_worker.DONE) is is_read


def test_a_decoder_that_hangs_twice_condemns_the_picture_where_no_times_are_known(
    process: DecodeProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS; one that was stopped once is read."""
    monkeypatch.setattr(workers, "processor_seconds", lambda _process: None)
    path = script(tmp_path, "decoding: SIGSTOP")
    assert process.run(ReadTask(1, path)).same_as == scripted_worker.DONE
    path = script(tmp_path, "decoding: SIGSTOP", "decoding: SIGSTOP")
    assert type(process.run(ReadTask(1, path)).error) is PictureTookTooLong


def test_a_silent_disk_is_given_up_and_not_asked_twice(
    process: DecodeProcess, tmp_path: Path
) -> None:
    """The file is to be tried at the next sync; the reason names the disk."""
    path = script(tmp_path, "reading: SIGSTOP", "untouched")
    error = process.run(ReadTask(1, path)).error
    assert isinstance(error, PictureUnanswered)
    assert error.passing
    assert "drive or share" in error.reason
    assert path.read_text() == "untouched\n"


def test_a_disk_that_gives_bytes_is_waited_for(tmp_path: Path) -> None:
    """However long the whole file takes: each sign that bytes arrive begins the time anew."""
    process = DecodeProcess(read_seconds=scripted_worker.SLOWLY / 2)
    started = time.monotonic()
    outcome = process.run(ReadTask(1, script(tmp_path, "reading: slowly")))
    assert outcome.same_as == scripted_worker.DONE
    assert time.monotonic() - started > scripted_worker.SLOWLY
    process.close()


@pytest.mark.parametrize("stage", ["taking", "reading", "decoding", "answering"])
def test_a_pool_is_left_at_once_whatever_its_decoders_do(tmp_path: Path, stage: str) -> None:
    """While they do nothing the caller is asked again and again, so that Ctrl+C is noticed."""
    pool = DecodePool(1, seconds=LONG)
    path = script(tmp_path, f"{stage}: SIGSTOP", f"{stage}: SIGSTOP")
    try:
        reading = pool.read_all(iter([ReadTask(1, path)]))
        until(lambda: path.read_text().count("\n") == 1 or next(reading) is not None)
        assert next(reading) is None
        started = time.monotonic()
        reading.close()
        pool.close()
        assert time.monotonic() - started < PROMPT
        assert path.read_text().count("\n") == 1  # no second attempt
    finally:
        pool.close()


def test_a_question_is_given_up_when_the_program_ends(tmp_path: Path) -> None:
    """Its reader fails at once."""
    pool = DecodePool(1, seconds=LONG)
    path = script(tmp_path, "answering: SIGSTOP")
    raised: list[Exception] = []

    def ask() -> None:
        try:
            pool.read(ReadTask(1, path))
        except PictureError as error:
            raised.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    until(lambda: not path.read_text())
    pool.interrupt()
    thread.join(PROMPT)
    assert not thread.is_alive()
    assert [type(error) for error in raised] == [PicturePostponed]
    pool.close()


def test_a_decoder_that_cannot_be_killed_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a dead share nothing can: neither Ctrl+C nor the end of the program waits for it."""
    pool = DecodePool(1, seconds=LONG)
    path = script(tmp_path, "decoding: SIGSTOP")
    reading = pool.read_all(iter([ReadTask(1, path)]))
    until(lambda: not path.read_text() or next(reading) is not None)
    (worker,) = multiprocessing.active_children()
    with monkeypatch.context() as patch:
        patch.setattr(WorkerProcess, "kill", lambda _process: None)
        started = time.monotonic()
        reading.close()
        pool.close()
        assert time.monotonic() - started < PROMPT
    assert worker.is_alive()
    started = time.monotonic()
    worker.join()  # as multiprocessing does when the program ends
    assert time.monotonic() - started < PROMPT / 4
    worker.kill()
    worker.join(LONG)
    assert not worker.is_alive()


@pytest.mark.parametrize("deaths", range(START_ATTEMPTS + 1))
def test_a_decoder_that_dies_while_it_starts_costs_another_start(
    process: DecodeProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int
) -> None:
    """Only when several die in a row are pictures unreadable for now."""
    starts = tmp_path / "starts"
    starts.write_text("die\n" * deaths)
    monkeypatch.setenv(scripted_worker.STARTS, str(starts))
    task = ReadTask(1, script(tmp_path))
    if deaths == START_ATTEMPTS:
        with pytest.raises(DecoderUnavailable):
            process.run(task)
    assert process.run(task).same_as == scripted_worker.DONE


def test_no_time_passes_while_the_program_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+Z, or a lid that is closed: the clock runs on, but it is nobody's fault."""
    process = DecodeProcess(read_seconds=2 * scripted_worker.SLOWLY)
    path = script(tmp_path, "reading: slowly")
    clock = time.monotonic
    leaps = iter(range(0, 10**6, 1000))
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: clock() + next(leaps))
        assert process.run(ReadTask(1, path)).same_as == scripted_worker.DONE
    process.close()


@pytest.mark.skipif(processor_seconds(multiprocessing.current_process()) is None, reason="unknown")
def test_processor_time_is_that_of_the_process() -> None:
    """As it knows itself."""
    before = time.process_time()
    seconds = processor_seconds(multiprocessing.current_process())
    assert seconds is not None
    assert before - 0.1 <= seconds <= time.process_time() + 0.1
