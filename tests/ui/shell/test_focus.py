"""Who has the keyboard can be seen, and nothing moves by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import SyncPhase, SyncProgress
from fashion_finder.ui.kit.theme import Theme
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine
from tests.ui.kit.test_theme import contrast
from tests.ui.shell.test_manners import show_an_answer

LEAST_CONTRAST = 3.0  # of a focus against what was there before: WCAG 2.2, 2.4.13 and 1.4.11
LEAST_PIXELS = 24  # an outline of a small control has more
STEPS = 60  # Tab comes round before
ALL_BUT_CLOSED = 350  # ms: a moving bar would have moved


def image_of(window: MainWindow) -> QImage:
    """What the window shows."""
    return window.grab().toImage()


def changed_pixels(before: QImage, after: QImage, area: QRect) -> int:
    """How many pixels of an area differ so much that it can be seen."""
    seen: dict[tuple[int, int], bool] = {}
    count = 0
    for y in range(max(0, area.top()), min(before.height(), area.bottom() + 1)):
        for x in range(max(0, area.left()), min(before.width(), area.right() + 1)):
            pair = before.pixel(x, y), after.pixel(x, y)
            if pair[0] == pair[1]:
                continue
            if pair not in seen:
                seen[pair] = contrast(QColor(pair[0]), QColor(pair[1])) >= LEAST_CONTRAST
            count += seen[pair]
    return count


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_the_focus_can_be_seen_everywhere(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, theme: Theme, scheme: Qt.ColorScheme
) -> None:
    """Tab passes through the page of answers; whatever it reaches changes clearly."""
    theme.force(scheme)
    try:
        window = open_window()
        show_an_answer(qtbot, window, engine)
        window.activateWindow()
        window.results.grid.setFocus(Qt.FocusReason.TabFocusReason)
        start, hidden = QApplication.focusWidget(), []
        assert start is not None
        before, reached = image_of(window), 0
        for _ in range(STEPS):
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
            assert focused is not None
            after = image_of(window)
            if changed_pixels(before, after, place_of(focused, window)) < LEAST_PIXELS:
                hidden.append(described(focused))
            before, reached = after, reached + 1
            if focused is start:
                break
        assert focused is start, "Tab came round"
        assert reached > 8
        assert hidden == []
    finally:
        theme.force(Qt.ColorScheme.Light)


def place_of(widget: QWidget, window: MainWindow) -> QRect:
    """Where a widget lies in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def described(widget: QWidget) -> str:
    """A widget's kind and name."""
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"


def test_nothing_moves_by_itself(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> None:
    """Some people get sick of moving bars, and ask their system for less: here there are none."""
    looking = SyncProgress(SyncPhase.SCANNING, Path("/photos/spring"), 321, 0, 0, 0, 0.0, None)
    show_an_answer(qtbot, window, engine)
    engine.reports = (looking,)
    engine.syncing.clear()
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(Path("/photos/spring"))
    engine.finding.clear()
    window.search.ask_file(Path("/q/other.jpg"))
    qtbot.waitUntil(window.results.busy.isVisible)
    assert window.progress.bar.isVisible()
    window.progress.setFocus()  # no blinking text cursor
    before = image_of(window)
    qtbot.wait(ALL_BUT_CLOSED)
    assert image_of(window) == before
    engine.syncing.set()
    engine.finding.set()
