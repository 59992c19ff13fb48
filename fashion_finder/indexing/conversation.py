"""Talks to a decode process in a thread of its own, so that no wait for it is without a limit.

Neither sending into a pipe nor receiving from one has a time limit on every system. A process that is
stopped in the middle of a message would keep its parent waiting for ever, and one that hangs on a
dead share cannot even be killed. The thread owns the pipe; it ends with the process.
"""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Final

from fashion_finder.indexing.decode_worker import END_SECONDS, Sign, WorkerProcess
from fashion_finder.ports import ReadOutcome, ReadTask

Message = Sign | ReadOutcome | str
"""A sign, or what ends a task: its outcome, or the trace of a bug."""

_LOOK_SECONDS: Final = 0.25


class Conversation:
    """One process, from its first message to its end."""

    def __init__(self, process: WorkerProcess, connection: Connection) -> None:
        self.process = process
        self._tasks: SimpleQueue[ReadTask | None] = SimpleQueue()
        self._messages: SimpleQueue[Message | BaseException] = SimpleQueue()
        threading.Thread(
            target=self._talk, args=(connection,), name="worker-pipe", daemon=True
        ).start()

    def send(self, task: ReadTask) -> None:
        """Give the process a task, when it has finished the last one."""
        self._tasks.put(task)

    def next(self, seconds: float) -> Message:
        """The next message. Raises TimeoutError after `seconds`, EOFError when no more will come.

        They are counted in short waits: no time passes while the computer sleeps or this program
        is stopped. In short ones also because Ctrl+C interrupts none on Windows.
        """
        waited = 0.0
        while True:
            wait = max(0.0, min(_LOOK_SECONDS, seconds - waited))
            try:
                message = self._messages.get(timeout=wait)
            except Empty:
                waited += wait
                if waited >= seconds:
                    raise TimeoutError from None
                continue
            if isinstance(message, BaseException):
                raise message
            return message

    def dismiss(self) -> None:
        """Let the process end by itself once it has nothing to do."""
        self._tasks.put(None)

    def kill(self) -> None:
        """Kill the process; what waits for a message gets EOFError, whether it ends or not."""
        self.process.kill()
        self._messages.put(EOFError())
        self._tasks.put(None)

    def end(self) -> None:
        """Kill the process, and wait a moment for its end."""
        self.kill()
        self.process.join(END_SECONDS)
        self.process.is_left_behind = self.process.is_alive()

    def _talk(self, connection: Connection) -> None:
        with connection:
            try:
                self._messages.put(connection.recv())
                while (task := self._tasks.get()) is not None:
                    connection.send(task)
                    message: Message = Sign.READING
                    while isinstance(message, Sign):
                        message = connection.recv()
                        self._messages.put(message)
            except (EOFError, OSError):
                self._messages.put(EOFError())
            except BaseException as error:  # noqa: BLE001 - raised again in `next`
                self._messages.put(error)
