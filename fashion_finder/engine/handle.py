"""The engine that the threads of a program share: they borrow it, and it can be reopened."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fashion_finder.catalogue.rescue import Rebuilt, rebuild
from fashion_finder.engine.erase import erase_everything
from fashion_finder.engine.facade import Engine
from fashion_finder.engine.integrity_check import WhenDamaged
from fashion_finder.errors import CatalogueEmpty
from fashion_finder.logs import end_logging, end_watching_for_crashes


class EngineHandle:
    """Holds an engine once it is opened, or the reason why it is not. Any thread may call it.

    All methods but `peek` block: none of them is for the GUI thread.
    """

    def __init__(
        self, data_dir: Path, model: Path | None = None, when_damaged: WhenDamaged | None = None
    ) -> None:
        """Open nothing yet; what `Engine.open` will be called with."""
        self._data_dir = data_dir
        self._model = model
        self._when_damaged = when_damaged
        self._engine: Engine | None = None
        self._failure: Exception | None = None
        self._is_settled = False
        self._borrowers = 0
        self._changed = threading.Condition()

    def open(self) -> None:
        """Open the engine; a failure is raised to every borrower."""
        try:
            self._settle(self._open_engine(), None)
        except Exception as error:  # noqa: BLE001 - handed on, and raised by `borrow`
            self._settle(None, error)

    @contextmanager
    def borrow(self) -> Iterator[Engine]:
        """The engine, which is not closed while the block runs; waits until there is one.

        Raises what opening it has raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_settled)
            if self._engine is None:
                raise self._failure or CatalogueEmpty
            engine = self._engine
            self._borrowers += 1
        try:
            yield engine
        finally:
            with self._changed:
                self._borrowers -= 1
                self._changed.notify_all()

    def peek(self) -> Engine | None:
        """The engine, if there is one by now; it may be closed at any moment. Does not block."""
        with self._changed:
            return self._engine if self._is_settled else None

    @contextmanager
    def reopen(self) -> Iterator[None]:
        """Close the engine once nobody uses it, run the block, and open a new one.

        Borrowers wait until then. Not for a thread that has borrowed it.
        """
        self._take_out()
        try:
            yield
        finally:
            self.open()

    @contextmanager
    def retire(self) -> Iterator[None]:
        """Close the engine once nobody uses it, and run the block.

        When that fails, the engine is opened again. Otherwise there is none any more:
        borrowing raises CatalogueEmpty.
        """
        self._take_out()
        try:
            yield
        except BaseException:
            self.open()
            raise
        self._settle(None, None)

    def rebuild(self) -> Rebuilt | None:
        """Put a damaged catalogue aside and begin a new one; None when it is sound.

        The next sync without folders indexes them all again. Raises FinderError.
        """
        with self.reopen():
            return rebuild(self._data_dir)

    def erase(self) -> None:
        """Delete everything the program knows; afterwards there is no engine. Raises FinderError.

        The logs end here: they are deleted, too.
        """
        with self.retire():
            end_logging()
            end_watching_for_crashes()
            erase_everything(self._data_dir)

    def close(self) -> None:
        """Close the engine, if it was ever opened, once nobody uses it."""
        with self._changed:
            if not self._is_settled:
                return
        self._take_out()
        self._settle(None, None)

    def _open_engine(self) -> Engine:
        return Engine.open(self._data_dir, self._model, when_damaged=self._when_damaged)

    def _take_out(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_settled)
            self._is_settled = False
            self._changed.wait_for(lambda: self._borrowers == 0)
            engine, self._engine, self._failure = self._engine, None, None
        if engine is not None:
            engine.close()

    def _settle(self, engine: Engine | None, failure: Exception | None) -> None:
        with self._changed:
            self._engine, self._failure, self._is_settled = engine, failure, True
            self._changed.notify_all()
