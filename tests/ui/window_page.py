"""The window as a person meets it: what can be done with it, and what it shows.

Tests speak to this; it alone knows where in the window a thing is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Filters, Match, SyncProgress
from fashion_finder.ui.folders.progress_panel import ProgressPanel
from fashion_finder.ui.kit.message_bar import MessageBar
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.results_grid import ResultsGrid

BUTTON, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drag_into(target: QWidget, mime: QMimeData) -> bool:
    """Drag `mime` over a window; whether it is welcome."""
    middle = QPoint(target.width() // 2, target.height() // 2)
    with warnings.catch_warnings():
        # PySide 6.12 wants a QPointF here, and those before it cannot take one.
        warnings.simplefilter("ignore", DeprecationWarning)
        event = QDragEnterEvent(middle, Qt.DropAction.CopyAction, mime, BUTTON, NO_KEYS)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target: QWidget, mime: QMimeData) -> bool:
    """Drag `mime` into a window and let go; whether it was taken."""
    if not drag_into(target, mime):
        return False
    middle = QPointF(target.width() / 2, target.height() / 2)
    event = QDropEvent(middle, Qt.DropAction.CopyAction, mime, BUTTON, NO_KEYS)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


class WindowPage:
    """One window. What begins something can be waited for: ``with page.answered(): ...``."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot = qtbot
        self.window = window
        self.menus = window.menus
        self.progress: ProgressPanel = window.progress
        self.start, self.failure = window.start, window.failure
        self.results, self.browse = window.results, window.browse
        self.search, self.panel = window.search, window.results.question

    # ------------------------------------------------------------ waiting

    def answered(self) -> Any:
        """Until the next answer is shown."""
        return self._qtbot.waitSignal(self.window.search.answered)

    def question_failed(self) -> Any:
        """Until the next question turns out to have no answer."""
        return self._qtbot.waitSignal(self.window.search.failed)

    def painted(self) -> Any:
        """Until all pictures of the next answer are on the screen."""
        return self._qtbot.waitSignal(self.grid.pictures_painted)

    def progressed(self) -> Any:
        """Until a sync tells how far it has come."""
        return self._qtbot.waitSignal(self.window.sync_queue.progressed)

    def indexed(self) -> Any:
        """Until a sync has run to its end."""
        return self._qtbot.waitSignal(self.window.sync_queue.finished)

    def cancelled(self) -> Any:
        """Until a sync has stopped halfway."""
        return self._qtbot.waitSignal(self.window.sync_queue.cancelled)

    def indexing_failed(self) -> Any:
        """Until a sync has failed."""
        return self._qtbot.waitSignal(self.window.sync_queue.failed)

    def indexing_ended(self) -> Any:
        """Until a sync that may have changed something is over, and the window knows of it."""
        ended = [self.window.indexing.ended, self.window.catalogue_status.changed]
        return self._qtbot.waitSignals(ended)

    def status_changed(self) -> Any:
        """Until the window has heard again what is indexed."""
        return self._qtbot.waitSignal(self.window.catalogue_status.changed)

    def rebuilt(self) -> Any:
        """Until the catalogue has been built anew, or turned out to be sound."""
        return self._qtbot.waitSignal(self.window.catalogue.rebuilt)

    def until(self, holds: Callable[[], bool]) -> None:
        """Until a condition holds."""
        self._qtbot.waitUntil(holds)

    def until_settled(self) -> None:
        """Until no answer to the question on the page is waited for."""
        self.until(lambda: not self.search.is_waiting)

    def until_listed(self) -> None:
        """Until no list of photos is waited for."""
        self.until(lambda: not self.window.browsing.is_waiting)

    def until_idle(self) -> None:
        """Until nothing is being indexed."""
        self.until(lambda: not self.is_indexing)

    # ------------------------------------------------------------ doing

    def ask(self, path: Path = Path("/q.jpg")) -> None:
        """Ask with a file, and wait for the answer."""
        with self.answered():
            self.begin_question(path)

    def begin_question(self, path: Path = Path("/q.jpg")) -> None:
        """Ask with a file."""
        self.window.search.ask_file(path)

    def drop(self, mime: QMimeData) -> bool:
        """Drag something in and let go; whether it was welcome."""
        return drop(self.window, mime)

    def filter_by(self, filters: Filters) -> None:
        """Let only some pictures answer, and wait for the answer."""
        with self.answered():
            self.results.filters.set_filters(filters)

    def begin_indexing(self, folder: Path) -> None:
        """Index a folder, as if it was chosen in the menu."""
        self.window.indexing.index_one(folder)

    def offer_folders(self, *folders: Path) -> None:
        """What happens when folders are dropped."""
        self.window.indexing.offer(folders)

    def report_progress(self, progress: SyncProgress) -> None:
        """As if the sync under way had come so far."""
        self.window.sync_queue.progressed.emit(progress)

    def refresh_status(self) -> None:
        """Let the window hear again what is indexed."""
        with self.status_changed():
            self.window.catalogue_status.refresh()

    def press(self, key: str) -> None:
        """The first button of a message."""
        self.message_bar(key).buttons[0].click()

    # ------------------------------------------------------------ seeing

    @property
    def shown(self) -> str:
        """Which page is seen: start, results, browse or failure."""
        pages = ("start", "results", "browse", "failure")
        current = self.window.pages.currentWidget()
        return next(name for name in pages if getattr(self.window, name) is current)

    @property
    def grid(self) -> ResultsGrid:
        """The tiles of the answer."""
        return self.results.grid

    @property
    def answers(self) -> tuple[Match, ...]:
        """What is shown of the answer, best first."""
        return self.results.model.matches

    @property
    def has_answer(self) -> bool:
        """Whether the results page shows tiles, not a failure."""
        return self.results.contents.currentWidget() is self.grid

    @property
    def question_name(self) -> str:
        """What is asked with."""
        return self.results.question.name.text()

    @property
    def contents(self) -> str:
        """What the status bar says is indexed."""
        return self.window.catalogue_label.text()

    @property
    def status_line(self) -> str:
        """The latest short message of the status bar."""
        return self.window.statusBar().currentMessage()

    @property
    def is_indexing(self) -> bool:
        """Whether a sync is under way."""
        return self.window.sync_queue.running is not None

    @property
    def messages(self) -> tuple[str, ...]:
        """The keys of the messages above the page."""
        return tuple(message.key for message in self.window.messages.messages)

    def message(self, key: str) -> tuple[str, str]:
        """Title and text of a message."""
        message = self.message_bar(key).message
        return message.title, message.text

    def message_bar(self, key: str) -> MessageBar:
        """The bar of a message, which must be there."""
        bar = self.window.messages.bar(key)
        assert bar is not None, f"{key} is not among {self.messages}"
        return bar
