"""--timing tells when the window stands and when the model answers."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.start_times import StartTimes, seconds_since_start
from tests.ui.conftest import OpenWindow

TICK = 0.1  # seconds; the system counts starts in steps of a hundredth


def test_each_time_is_told_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    """Later paintings and later statuses do not count."""
    window = open_window(begin=False)
    told: list[str] = []
    StartTimes(window, window.catalogue_status.changed, told.append)
    window.repaint()
    qtbot.waitUntil(lambda: len(told) == 1)
    window.begin()
    qtbot.waitUntil(lambda: len(told) == 2)
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    window.repaint()
    qtbot.wait(0)
    assert re.fullmatch(r"window painted \d+\.\d\d s", told[0])
    assert re.fullmatch(r"model ready \d+\.\d\d s", told[1])
    assert len(told) == 2


def test_time_counts_from_the_process() -> None:
    """Not from some clock's zero: a program is no older than the time since it was started."""
    program = (
        "from fashion_finder.ui.shell.start_times import seconds_since_start;"
        "print(seconds_since_start())"
    )
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert 0 < float(run.stdout) < time.monotonic() - began + TICK
    first = seconds_since_start()
    assert seconds_since_start() >= first
