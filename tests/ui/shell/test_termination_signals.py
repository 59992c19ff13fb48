"""Ctrl+C and a polite kill close the window as its cross does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.termination_signals import closed_by_signal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

BOTH = (signal.SIGINT, signal.SIGTERM)
LONGEST_MS = 20_000
REST_MS = 200
FEW = 50  # times that an idle loop wakes in that time


class Window(QWidget):
    """Tells when it is asked to close."""

    def __init__(self, loop: QEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self.asked_to_close = 0

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay, as a window with unsaved work would."""
        self.asked_to_close += 1
        event.ignore()
        self._loop.quit()


@pytest.fixture
def received() -> Iterator[list[int]]:
    """The signals that nobody but the test hears, instead of ending the tests."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    earlier = {number: signal.signal(number, note) for number in BOTH}
    yield received
    for number, handler in earlier.items():
        signal.signal(number, handler)


def rest(loop: QEventLoop, milliseconds: int) -> bool:
    """Run a loop until it is left or the time is up; whether it was left before."""
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(milliseconds)
    loop.exec()
    return timer.isActive()


@pytest.mark.parametrize("number", BOTH, ids=["Ctrl+C", "polite kill"])
def test_a_signal_closes_a_window_at_rest(
    qtbot: QtBot, received: list[int], number: signal.Signals
) -> None:
    """At once, though no Python runs while Qt waits, and each time again."""
    loop = QEventLoop()
    window = Window(loop)
    qtbot.addWidget(window)
    window.show()
    with closed_by_signal(window):
        for times in (1, 2):
            begun = threading.Event()
            QTimer.singleShot(0, begun.set)

            def end(begun: threading.Event = begun) -> None:
                if begun.wait(LONGEST_MS / 1000):
                    os.kill(os.getpid(), number)

            threading.Thread(target=end).start()
            assert rest(loop, LONGEST_MS), "nothing woke the window"
            assert window.asked_to_close == times
    assert received == []


def test_a_window_rests_after_a_signal(qtbot: QtBot, received: list[int]) -> None:
    """It does not use up the processor over a signal that it has heard."""
    loop = QEventLoop()
    window = Window(loop)
    qtbot.addWidget(window)
    woken: list[None] = []
    dispatcher = QAbstractEventDispatcher.instance()
    with closed_by_signal(window):
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: window.asked_to_close == 1)
        dispatcher.awake.connect(lambda: woken.append(None))
        rest(loop, REST_MS)
    dispatcher.awake.disconnect()
    assert len(woken) < FEW
    assert received == []


def test_signals_go_back_to_their_earlier_owner(qtbot: QtBot, received: list[int]) -> None:
    """Once the window is closed, they mean what they meant before."""
    loop = QEventLoop()
    window = Window(loop)
    qtbot.addWidget(window)
    with closed_by_signal(window):
        pass
    for number in BOTH:
        os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: received == [*BOTH])
    assert window.asked_to_close == 0
    assert signal.set_wakeup_fd(-1) == -1
