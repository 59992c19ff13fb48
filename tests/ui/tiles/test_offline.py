"""Answers whose drive is not connected: seen as such, and hidden by one switch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.domain import Filters
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.match_delegate import paint_offline_badge
from tests.ui.fakes import FakeEngine, answer, folder_status, matches


def ask(qtbot: QtBot, window: MainWindow, engine: FakeEngine, *, offline: bool) -> QImage:
    """Ask, with the first answer in reach or not; how the grid looks then."""
    first, *others = matches()
    shown = (replace(first, offline=offline), *others)
    engine.answer_to = lambda question: answer(question, shown)
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(Path("/q.jpg"))
    return window.results.grid.viewport().grab().toImage()


def test_a_tile_says_that_it_is_offline(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """On its picture, in its tool tip, and to a screen reader; the others look as before."""
    online = ask(qtbot, window, engine, offline=False)
    offline = ask(qtbot, window, engine, offline=True)
    model, grid = window.results.model, window.results.grid
    tile, other = (model.index_of(match.content) for match in model.matches[:2])
    badged, plain = grid.visualRect(tile), grid.visualRect(other)
    assert online.copy(badged) != offline.copy(badged)
    assert online.copy(plain) == offline.copy(plain)
    assert tile.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", Offline")
    assert "this drive or share is not connected" in tile.data(Qt.ItemDataRole.ToolTipRole)
    assert "ffline" not in other.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "ffline" not in other.data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize("size, has_room", [((200, 150), True), ((30, 150), False)])
def test_the_badge_never_leaves_its_picture(
    qapp: QApplication, size: tuple[int, int], has_room: bool
) -> None:
    """On one that is too small it is left out; the tool tip says it, too."""
    canvas = QImage(300, 200, QImage.Format.Format_RGB32)
    canvas.fill(Qt.GlobalColor.white)
    plain = canvas.copy()
    painter = QPainter(canvas)
    paint_offline_badge(painter, qapp.palette(), qapp.font(), QRectF(0, 0, *size))
    painter.end()
    assert (canvas != plain) is has_room
    beyond = QRect(size[0], 0, 300 - size[0], 200)
    assert canvas.copy(beyond) == plain.copy(beyond)


@pytest.mark.usefixtures("gui_thread_is_free")
def test_one_switch_hides_them(qtbot: QtBot, engine: FakeEngine, window: MainWindow) -> None:
    """It is there when there is something to hide, says how much, and is cleared with the others."""
    chip = window.results.filters.offline
    ask(qtbot, window, engine, offline=True)
    assert not chip.isVisible()
    engine.counts = replace(engine.counts, offline=12)
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    qtbot.waitUntil(chip.isVisible)
    assert chip.text() == "Hide Offline"
    assert chip.accessibleDescription() == "12 photos on drives or shares that are not connected"
    with qtbot.waitSignal(window.search.answered):
        chip.click()
    assert engine.filtered[-1] == Filters(online_only=True)
    assert chip.text() == "Offline Hidden"
    assert chip.isChecked()
    engine.counts = replace(engine.counts, offline=0)
    with qtbot.waitSignal(window.catalogue_status.changed):
        window.catalogue_status.refresh()
    qtbot.waitUntil(lambda: chip.accessibleDescription().startswith("0 photos"))
    assert chip.isVisible()  # it can be taken back
    with qtbot.waitSignal(window.search.answered):
        window.results.filters.clear_button.click()
    assert engine.filtered[-1] == Filters()
    assert not chip.isVisible()


def test_a_drive_that_is_back_takes_the_badge_away(
    qtbot: QtBot, engine: FakeEngine, window: MainWindow
) -> None:
    """The answer is asked for again when a folder has come or gone, and only then."""
    ask(qtbot, window, engine, offline=True)
    engine.folders = (replace(folder_status(Path("/photos")), available=False),)
    for _ in range(2):
        with qtbot.waitSignal(window.catalogue_status.changed):
            window.catalogue_status.refresh()
    engine.folders = (folder_status(Path("/photos")),)
    with qtbot.waitSignal(window.search.answered):
        window.catalogue_status.refresh()
    qtbot.waitUntil(lambda: len(engine.asked) == 3)
