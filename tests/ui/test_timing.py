"""--timing tells when the window stands and when the model answers."""

from __future__ import annotations

import re

from pytestqt.qtbot import QtBot

from fashion_finder.ui.timing import StartTimes, seconds_since_start
from tests.ui.conftest import OpenWindow


def test_each_time_is_told_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    """Painting again, or another status, is no start."""
    window = open_window(begin=False)
    told: list[str] = []
    StartTimes(window, window.holdings.changed, told.append)
    window.repaint()
    qtbot.waitUntil(lambda: len(told) == 1)
    window.begin()
    qtbot.waitUntil(lambda: len(told) == 2)
    with qtbot.waitSignal(window.holdings.changed):
        window.holdings.refresh()
    window.repaint()
    qtbot.wait(0)
    assert re.fullmatch(r"window painted \d+\.\d\d s", told[0])
    assert re.fullmatch(r"model ready \d+\.\d\d s", told[1])
    assert len(told) == 2


def test_time_counts_from_the_process() -> None:
    """Not from some clock's zero."""
    first = seconds_since_start()
    assert 0 < first < 3600
    assert seconds_since_start() >= first
