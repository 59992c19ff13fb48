"""Tries a model that is not the program's own, in a process of its own, before the program opens it.

To open a model can take for ever or all memory, and what is promised of its numbers only shows when
it has run. The program's own model is known by its stamp and has been through the same in a test.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from fashion_finder.child_process import settle_in, why_not_started, without_ctrl_c
from fashion_finder.domain import INPUT_SIDE, Pixels
from fashion_finder.embedding.model_info import LONGEST_REASON, ModelFile, read_file
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.errors import ModelRefused

log = logging.getLogger(__name__)

OWN_STAMP = "93cfb44734fed0bf8f7a2f2fd3d34c62"
"""Of the model that is shipped. Another one only starts more slowly."""

SECONDS = 20.0
"""For the whole trial; a ResNet50 takes 3."""

MEMORY = 3 << 30
"""Address space of the trial, bytes: a model of 200 MB three times over, and the libraries."""

END_SECONDS = 5.0
"""A killed process that has not ended by then is left behind."""

BATCH_TOLERANCE = 0.1
"""How far an embedding may be from that of the same picture alone. Two pictures' are further apart
than that, and a model that chooses its int8 scales as it runs chooses them for the whole batch."""

_SPAWN = multiprocessing.get_context("spawn")
_known = {OWN_STAMP}


def open_model(path: Path, threads: int) -> OnnxEmbedder:
    """Open a model from anywhere. Raises ModelMissing, ModelRefused."""
    file = read_file(path)
    if file.stamp not in _known:
        if reason := _reason_against(file.data):
            raise ModelRefused(path, reason)
        _known.add(file.stamp)
    return OnnxEmbedder(path, threads, file)


def _reason_against(data: bytes) -> str:
    """What the process of the trial says; empty for a sound model."""
    # The trial runs on one thread: a BLAS thread pool would only take memory.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(
        target=_run, args=(theirs, MEMORY), name="fashion-finder-model", daemon=True
    )
    has_begun = False
    is_late = threading.Event()

    def end() -> None:
        """Ends every wait for it, too, also in the middle of what it says."""
        is_late.set()
        process.kill()

    limit = threading.Timer(SECONDS, end)
    try:
        with without_ctrl_c():
            process.start()
        limit.start()
        theirs.close()
        _said(ours)
        has_begun = True
        ours.send_bytes(data)
        return _said(ours)
    except (EOFError, OSError) as error:
        if is_late.is_set():
            return f"it was stopped after {SECONDS:.0f} seconds"
        log.info("the trial of a model ended early: %r", error)
        return "it crashed when it was tried" if has_begun else _not_tried()
    finally:
        limit.cancel()
        theirs.close()
        ours.close()
        if process.pid is not None:
            process.kill()
            process.join(END_SECONDS)


def _said(connection: Connection) -> str:
    """What the other end says. Raises EOFError, OSError."""
    # Bytes, not objects: what comes from there may be the model's own.
    return connection.recv_bytes(LONGEST_REASON).decode("utf-8", "replace")


def _not_tried() -> str:
    return f"the process that tries it does not start{why_not_started()}"


# ---------------------------------------------------------------- in the process of the trial


def _run(connection: Connection, memory: int) -> None:
    settle_in(memory)
    connection.send_bytes(b"ready for the model")
    connection.send_bytes(verdict(connection.recv_bytes()).encode("utf-8", "replace"))


def verdict(data: bytes) -> str:
    """The reason against a model in these bytes; empty for a sound one."""
    path = Path()  # the file is not read again
    try:
        try_out(OnnxEmbedder(path, 1, ModelFile(path, data)))
    except ModelRefused as error:
        return error.detail
    except MemoryError:
        return "it takes too much memory"
    return ""


def try_out(embedder: OnnxEmbedder) -> None:
    """Embed varied pictures alone and in batches; all must keep the contract.

    Raises ModelRefused, from `embed` where an output of its own is wrong.
    """
    pictures = varied_pictures()
    alone = np.concatenate(
        [embedder.embed_with_cells(picture[np.newaxis])[0].vectors for picture in pictures]
    )
    for size in (2, 3):
        for first in range(0, len(pictures) - size + 1, size):
            batch = slice(first, first + size)
            together = embedder.embed(pictures[batch], urgent=True).vectors
            if np.linalg.norm(together - alone[batch], axis=1).max() > BATCH_TOLERANCE:
                raise ModelRefused(detail="a picture's embedding depends on others in its batch")


def varied_pictures() -> Pixels:
    """Black, white and grey, one of each primary colour, a ramp, stripes, and noise."""
    side = INPUT_SIDE
    flat = [(0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255)]
    plain = [np.full((side, side, 3), colour, np.uint8) for colour in flat]
    ramp = np.linspace(0, 255, side).astype(np.uint8)
    across = np.broadcast_to(ramp[:, np.newaxis], (side, side))
    stripes = np.where(np.arange(side) // 16 % 2, 255, 0).astype(np.uint8)
    drawn = [
        np.stack([across, across.T, across[::-1]], axis=2),
        np.ascontiguousarray(np.broadcast_to(stripes[:, np.newaxis], (side, side, 3))),
    ]
    noise = np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
    pictures: Pixels = np.concatenate([np.stack(plain + drawn), noise])
    return pictures
