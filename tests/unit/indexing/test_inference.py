"""Micro-batches go through the model side by side, in order, and never too many."""

from __future__ import annotations

import os
import sys
import threading

import numpy as np
import pytest

from fashion_finder.domain import FileStamp, ModelInfo, Pixels, PreparedPicture
from fashion_finder.indexing.inference import Inference, ReadFile
from fashion_finder.indexing.scan import FoundFile
from fashion_finder.ports import Embedded
from fashion_finder.settings import NICENESS

TIMEOUT = 10.0


class Model:
    """Returns the first pixel of each picture, once it may."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.inside = threading.Semaphore(0)
        self.failing = False
        self.niceness: list[int] = []

    @property
    def info(self) -> ModelInfo:
        """Not used."""
        raise NotImplementedError

    def get_ready(self) -> None:
        """Nothing to do."""

    def embed(self, squares: Pixels, *, urgent: bool = False) -> Embedded:
        """See Embedder."""
        assert not urgent
        if sys.platform == "linux":
            self.niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        self.inside.release()
        assert self.may_end.wait(TIMEOUT)
        if self.failing:
            raise ValueError("the model fails")
        count = len(squares)
        return Embedded(squares[:, 0, 0, :1].astype(np.float32), ((),) * count, (b"",) * count)


def taken(number: int) -> ReadFile:
    """A file whose first pixel is its number."""
    stamp = FileStamp(f"{number}.jpg", 1, 1)
    square = np.full((224, 224, 3), number, np.uint8)
    return FoundFile(stamp, "disk"), PreparedPicture(bytes([number]), 1, 1, 1, square, b"")


def test_as_many_run_at_once_as_there_are_threads() -> None:
    """One more may wait; then it is full."""
    model = Model()
    with Inference(model, 2) as inference:
        assert inference.next_done(wait=True) is None
        inference.begin([taken(1), taken(2)])
        inference.begin([taken(3)])
        full = [inference.is_full]
        inference.begin([taken(4)])
        full.append(inference.is_full)
        assert full == [False, True]
        assert inference.pictures == 4
        assert model.inside.acquire(timeout=TIMEOUT)
        assert model.inside.acquire(timeout=TIMEOUT)
        assert not model.inside.acquire(blocking=False)
        assert inference.next_done(wait=False) is None
        model.may_end.set()
        found = [inference.next_done(wait=True) for _ in range(3)]
    values = [done[1].vectors.ravel().tolist() for done in found if done is not None]
    assert values == [[1, 2], [3], [4]]
    assert [done[0][0][0].stamp.relative for done in found if done is not None] == [
        "1.jpg",
        "3.jpg",
        "4.jpg",
    ]
    assert inference.pictures == 0


def test_what_the_model_raises_comes_back() -> None:
    """And no thread is left behind at the end."""
    model = Model()
    model.failing = True
    model.may_end.set()
    with Inference(model, 1) as inference:
        inference.begin([taken(1)])
        inference.begin([taken(2)])
        with pytest.raises(ValueError, match="the model fails"):
            inference.next_done(wait=True)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("embed")]


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_only_its_threads_have_low_priority() -> None:
    """A question meanwhile gets the cores first."""
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    model = Model()
    model.may_end.set()
    with Inference(model, 1) as inference:
        inference.begin([taken(1)])
        inference.next_done(wait=True)
    assert model.niceness == [min(19, ours + NICENESS)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours
