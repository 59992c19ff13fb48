"""A decode worker that fails on command: what no picture can be trusted to do.

A task's file is its script. Every attempt takes the first line off it and does what that says; without
a line the task succeeds.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from fashion_finder.indexing.decode_worker import Sign
from fashion_finder.ports import ReadOutcome, ReadTask

STARTS = "SCRIPTED_WORKER_STARTS"
"""Names the script of what happens while the process starts."""

DONE = b"done"
PACE = 0.2  # seconds between the signs of a slow disk
SLOWLY = 2.0  # seconds that it takes


def run(connection: Connection, memory: int, *, in_background: bool) -> None:
    """Stands in for `run_worker`."""
    del memory, in_background
    if STARTS in os.environ and _next_line(Path(os.environ[STARTS])):
        os.kill(os.getpid(), signal.SIGKILL)
    connection.send(Sign.READY)
    while True:
        task: ReadTask = connection.recv()
        assert isinstance(task.source, Path)
        stage, _, event = _next_line(task.source).partition(": ")
        if stage == "taking":
            _happen(event, connection)
        connection.send(Sign.READING)
        if stage == "reading":
            _happen(event, connection)
        connection.send(Sign.DECODING)
        if stage == "decoding":
            _happen(event, connection)
        outcome = ReadOutcome(task.key, same_as=DONE)
        if stage == "answering":
            message = pickle.dumps(outcome)
            os.write(connection.fileno(), struct.pack("!i", len(message)) + message[:5])
            _happen(event, connection)
        connection.send(outcome)


def _next_line(script: Path) -> str:
    line, _, rest = script.read_text().partition("\n")
    script.write_text(rest)
    return line


def _happen(event: str, connection: Connection) -> None:
    match event:
        case "spin":
            while True:
                pass
        case "slowly":
            for _ in range(round(SLOWLY / PACE)):
                threading.Event().wait(PACE)
                connection.send(Sign.READING)
        case "wait":
            threading.Event().wait(SLOWLY)
        case "exit":
            os._exit(1)
        case _:
            os.kill(os.getpid(), getattr(signal, event))
