"""The one engine of a program with several threads: lent to them, and exchanged behind them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fashion_finder.engine.facade import Engine
from fashion_finder.errors import CatalogueEmpty


class EngineSlot:
    """Holds an engine once it is opened, or the reason why it is not. Any thread may call it."""

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self._open_engine = open_engine
        self._engine: Engine | None = None
        self._failure: Exception | None = None
        self._is_settled = False
        self._users = 0
        self._changed = threading.Condition()

    def open(self) -> None:
        """Open the engine; a failure is raised to everybody who wants to use it."""
        engine, failure = None, None
        try:
            engine = self._open_engine()
        except Exception as error:  # noqa: BLE001 - handed on, and raised by whoever asks
            failure = error
        self._settle(engine, failure)

    @contextmanager
    def lent(self) -> Iterator[Engine]:
        """The engine, which is not closed while the block runs; waits until there is one.

        Raises what opening it has raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_settled)
            if self._engine is None:
                raise self._failure or CatalogueEmpty
            engine = self._engine
            self._users += 1
        try:
            yield engine
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def glance(self) -> Engine | None:
        """The engine, if there is one by now; it may be closed at any moment."""
        with self._changed:
            return self._engine if self._is_settled else None

    @contextmanager
    def exchanged(self) -> Iterator[None]:
        """Close the engine when nobody uses it any more, run the block, and open one anew.

        Whoever wants to use it meanwhile waits. Not for a thread that has it lent.
        """
        self._take_out()
        try:
            yield
        finally:
            self.open()

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """Close the engine when nobody uses it any more, and run the block.

        When that fails, the engine is opened again. Otherwise there is none any more, and
        CatalogueEmpty for whoever asks.
        """
        self._take_out()
        try:
            yield
        except BaseException:
            self.open()
            raise
        self._settle(None, None)

    def close(self) -> None:
        """Close the engine, if it was ever opened, when nobody uses it any more."""
        with self._changed:
            if not self._is_settled:
                return
        self._take_out()
        self._settle(None, None)

    def _take_out(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_settled)
            self._is_settled = False
            self._changed.wait_for(lambda: self._users == 0)
            engine, self._engine, self._failure = self._engine, None, None
        if engine is not None:
            engine.close()

    def _settle(self, engine: Engine | None, failure: Exception | None) -> None:
        with self._changed:
            self._engine, self._failure, self._is_settled = engine, failure, True
            self._changed.notify_all()
