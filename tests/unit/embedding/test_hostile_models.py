"""Model files made to do harm, or to look like models: accepted or refused in words, nothing else."""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import helper

from fashion_finder import cli, paths
from fashion_finder.embedding import model_check
from fashion_finder.embedding.model_check import OWN_STAMP, open_model, verdict
from fashion_finder.embedding.model_info import ModelFile, describe, read_file
from fashion_finder.embedding.onnx_message import NotAcceptable, inspect
from fashion_finder.errors import ModelRefused
from tests.hostile_models import (
    NEVER_OPENED,
    REFUSED_WHEN_TRIED,
    TINY,
    changed,
    dropped_rows,
    field,
    foreign_name,
    slow_model,
    zeros,
)
from tests.tiny_model import tiny_model


@pytest.mark.parametrize("make, reason", NEVER_OPENED.values(), ids=list(NEVER_OPENED))
def test_a_dangerous_file_is_refused_before_it_is_opened(
    make: Callable[[], bytes], reason: str
) -> None:
    """In words that can be shown on a terminal and in a window, and do not fill either."""
    with pytest.raises(ModelRefused, match=reason) as refused:
        describe(ModelFile(Path("model.onnx"), make()))
    assert refused.value.detail.isprintable()
    assert len(refused.value.detail) < 250


def test_onnxruntime_gets_what_was_inspected() -> None:
    """What the table does not know is not in it, however it was written; the rest is equal."""
    model = tiny_model()
    model.doc_string = "unknown to the table"
    model.producer_name = "ORTM"
    model.graph.quantization_annotation.add().tensor_name = "x"
    more = model.SerializeToString() + field(99, b"unknown to all") + field(2, b"x", tag_bytes=4)
    given_to, _ = inspect(more)
    assert given_to == inspect(TINY)[0]
    read = onnx.load_model_from_string(given_to)
    expected = tiny_model()
    del expected.metadata_props[:]
    expected.ClearField("producer_name")
    assert read.graph == expected.graph
    assert verdict(more) == ""


@pytest.mark.parametrize("make, reason", REFUSED_WHEN_TRIED.values(), ids=list(REFUSED_WHEN_TRIED))
def test_a_model_that_breaks_its_promises_is_refused_when_it_is_tried(
    make: Callable[[], bytes], reason: str
) -> None:
    """Whatever it does wrong; that it is not grey that it does it for changes nothing."""
    assert verdict(make())
    with pytest.raises(ModelRefused, match=reason):
        raise ModelRefused(None, verdict(make()))


@pytest.mark.parametrize("cells", [False, True])
def test_a_model_that_keeps_its_promises_passes(*, cells: bool) -> None:
    """The tiny one, with and without cells; producers and unused operator sets do not matter."""
    model = tiny_model(cells=cells)
    model.producer_name, model.domain = "ORTM", "com.example"
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    assert verdict(model.SerializeToString()) == ""


def test_the_shipped_model_passes_and_is_known() -> None:
    """It is not tried at each start: when this fails, the stamp of the new model must be set."""
    file = read_file(paths.model_path())
    assert verdict(file.data) == ""
    assert file.stamp == OWN_STAMP


# ---------------------------------------------------------------- damaged ones


@given(data=st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    """No bytes raise anything else."""
    with suppress(NotAcceptable):
        inspect(data)


@given(
    position=st.integers(0, len(TINY) - 1),
    value=st.integers(0, 255),
    end=st.integers(len(TINY) - 200, len(TINY)),
)
def test_a_damaged_model_is_refused_or_described(position: int, value: int, end: int) -> None:
    """Changed bytes and missing ends raise ModelRefused and nothing else."""
    data = bytearray(TINY)
    data[position] = value
    with suppress(ModelRefused):
        describe(ModelFile(Path("model.onnx"), bytes(data[:end])))


def try_damaged(count: int) -> None:
    """Try models with a few bytes changed, the same ones every time."""
    chance = random.Random(0)
    for _ in range(count):
        data = bytearray(TINY)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert isinstance(verdict(bytes(data)), str)


def test_a_damaged_model_is_refused_or_works() -> None:
    """In a process of its own, as the program tries them."""
    code = f"from {__name__} import try_damaged; try_damaged(150)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# ---------------------------------------------------------------- files that are none


def refused_by_the_command(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says of a model."""
    arguments = ["--data-dir", str(tmp_path / "data"), "--model", str(path), "status"]
    assert cli.main(arguments) == cli.FAILED
    said = capsys.readouterr().err
    assert "bug" not in said and said.strip().isprintable()
    return said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a FIFO")
def test_what_is_no_file_is_not_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A FIFO would block for ever, and a device never ends."""
    fifo = tmp_path / "fifo.onnx"
    os.mkfifo(fifo)
    for path in (fifo, Path("/dev/zero"), tmp_path):
        assert "it is not a file" in refused_by_the_command(path, tmp_path, capsys)


def test_a_huge_file_is_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """100 GB of nothing, which take no space on the disk."""
    path = tmp_path / "model.onnx"
    with path.open("wb") as file:
        file.truncate(100_000_000_000)
    assert "100000 MB" in refused_by_the_command(path, tmp_path, capsys)


def test_escapes_in_a_model_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither those of its words nor those of its operators."""
    path = tmp_path / "model.onnx"
    for data in (changed(name="\x1b[2J"), foreign_name("\x1b[2J\u202e")):
        path.write_bytes(data)
        refused_by_the_command(path, tmp_path, capsys)


def test_a_disk_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share can hold a reader for minutes."""
    released = threading.Event()
    monkeypatch.setattr("fashion_finder.embedding.model_info.READ_SECONDS", 0.1)
    monkeypatch.setattr(
        "fashion_finder.embedding.model_info._read", lambda path: released.wait(60) and b""
    )
    with pytest.raises(ModelRefused, match="does not answer"):
        read_file(tmp_path / "model.onnx")
    released.set()


# ---------------------------------------------------------------- in a process of its own


def test_a_model_that_takes_for_ever_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program itself has not opened it."""
    path = tmp_path / "model.onnx"
    path.write_bytes(slow_model())
    monkeypatch.setattr(model_check, "SECONDS", 2.0)
    began = time.monotonic()
    with pytest.raises(ModelRefused, match="stopped after 2 seconds"):
        open_model(path, 1)
    assert time.monotonic() - began < 20


def test_a_model_from_elsewhere_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own; when it is opened again, its stamp is known."""
    monkeypatch.setattr(model_check, "_known", set())
    path = tmp_path / "model.onnx"
    path.write_bytes(changed(version="from elsewhere"))
    assert open_model(path, 1).info.version == "from elsewhere"
    monkeypatch.setattr(model_check, "SECONDS", 0.0)
    open_model(path, 1)
    path.write_bytes(dropped_rows())
    with pytest.raises(ModelRefused, match="stopped"):
        open_model(path, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="where the address space can be limited")
def test_a_model_that_takes_all_memory_is_refused(tmp_path: Path) -> None:
    """Four gigabytes, which many computers would give it: its process may not have that much."""
    path = tmp_path / "model.onnx"
    path.write_bytes(zeros(1 << 30))
    with pytest.raises(ModelRefused, match=r"cannot load|does not take|memory|crashed"):
        open_model(path, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="where the address space can be limited")
def test_a_trial_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the model's fault."""
    monkeypatch.setattr(model_check, "MEMORY", 64 << 20)  # less than it takes to begin
    path = tmp_path / "model.onnx"
    path.write_bytes(changed(version="untried"))
    with pytest.raises(ModelRefused, match="does not start"):
        open_model(path, 1)


def stop_before_reading(connection: Connection, memory: int) -> None:
    """A trial that is stopped before it takes the model, which does not fit into the pipe."""
    del memory
    connection.send_bytes(b"ready for the model")
    os.kill(os.getpid(), signal.SIGSTOP)


def stop_in_the_answer(connection: Connection, memory: int) -> None:
    """A trial that is stopped after the first bytes of its answer."""
    del memory
    connection.send_bytes(b"ready for the model")
    connection.recv_bytes()
    os.write(connection.fileno(), struct.pack("!i", 100) + b"half")
    os.kill(os.getpid(), signal.SIGSTOP)


@pytest.mark.skipif(os.name != "posix", reason="stops the process by a signal")
@pytest.mark.parametrize("stop", [stop_before_reading, stop_in_the_answer])
def test_a_trial_that_is_stopped_holds_nobody_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stop: Callable[[Connection, int], None],
) -> None:
    """Neither handing the model over nor hearing the answer waits longer than the trial may take."""
    monkeypatch.setattr(model_check, "_run", stop)
    monkeypatch.setattr(model_check, "SECONDS", 2.0)
    path = tmp_path / "model.onnx"
    path.write_bytes(changed(version="stopped", training_data="x" * 300_000))
    with pytest.raises(ModelRefused, match="stopped after 2 seconds"):
        open_model(path, 1)
