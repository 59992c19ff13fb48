"""Opening the page with all photos."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.browse_grid import BrowseGrid

MANY = 42_386


QUESTION = Path("/elsewhere/dress.jpg")


def open_all(qtbot: QtBot, window: MainWindow) -> BrowseGrid:
    """Browse, and wait until the tiles are there."""
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: not window.browsing.is_waiting)
    grid = window.browse.grid
    qtbot.waitUntil(lambda: grid.all_painted)
    return grid


def shown_page(window: MainWindow) -> QWidget:
    """The page that is seen."""
    page = window.pages.currentWidget()
    assert page is not None
    return page
