"""Every entry of every menu, in a real session: none of them fails, whatever page is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from fashion_finder import app
from fashion_finder.app import Session, WindowOptions
from fashion_finder.engine import Engine
from fashion_finder.ui.shell.bug_reports import BugReports
from tests.pictures import draw_folder
from tests.tiny_model import write_tiny_model

PHOTOS = 6


class Desktop(QObject):
    """In place of the desktop's programs."""

    @Slot(QUrl)
    def open(self, _url: QUrl) -> None:
        """Nothing is started."""


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Drawn ones."""
    return draw_folder(tmp_path / "photos", PHOTOS)


@pytest.fixture
def session(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Session]:
    """The program as it runs, over an indexed folder."""
    data, model = tmp_path / "data", write_tiny_model(tmp_path / "tiny.onnx")
    with Engine.open(data, model) as engine:
        engine.sync([photos[0].parent])
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "open")  # type: ignore[arg-type]  # so PySide wants it
    # The hooks for exceptions and crashes stay pytest's: any of them fails the test.
    monkeypatch.setattr(app, "watch_for_crashes", lambda _data: None)
    monkeypatch.setattr(app, "end_watching_for_crashes", lambda: None)
    session = Session(qapp, WindowOptions(data, model, None), BugReports())
    with qtbot.waitExposed(session.window):
        session.window.show()
    session.window.begin()
    qtbot.waitUntil(lambda: session.window.is_settled)
    yield session
    session.close()
    session.window.deleteLater()
    QDesktopServices.unsetUrlHandler("file")
    qtbot.waitUntil(lambda: True)


def entries(menu: QMenu) -> Iterator[QAction]:
    """Those of a menu and of the menus in it."""
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from entries(inner)
        elif not action.isSeparator():
            yield action


def trigger_all(qtbot: QtBot, session: Session, menu: QMenu) -> list[str]:
    """Choose every entry but the one that quits; dialogs that open are closed again."""
    window = session.window
    chosen = [window.menus.quit.text()]

    def next_entry() -> QAction | None:
        """Looked up anew: an entry may change what a menu holds."""
        left = (entry for entry in entries(menu) if entry.text() not in chosen)
        return next(filter(QAction.isEnabled, left), None)

    while (entry := next_entry()) is not None:
        chosen.append(entry.text())
        entry.trigger()
        QApplication.processEvents()
        for dialog in window.findChildren(QDialog):
            dialog.reject()
        qtbot.waitUntil(lambda: not (window.search.is_waiting or window.browsing.is_waiting))
        qtbot.waitUntil(lambda: window.sync_queue.running is None)
    return chosen[1:]


def test_no_entry_of_a_menu_fails_on_any_page(
    qtbot: QtBot, session: Session, photos: list[Path]
) -> None:
    """On the start page, on an answer with one and with several chosen, among all photos."""
    window, grid = session.window, session.window.results.grid
    bar = [action.menu() for action in window.menuBar().actions()]
    menus = [menu for menu in bar if isinstance(menu, QMenu)]
    help_menu = menus.pop()
    assert trigger_all(qtbot, session, help_menu)

    with qtbot.waitSignal(grid.pictures_painted):
        window.search.ask_file(photos[0])
    answers = window.results.model.matches
    assert len(answers) > 1
    for matches in (answers[:1], answers):
        assert trigger_all(qtbot, session, grid.menu_for(matches))
    window.search.ask_file(photos[1])
    qtbot.waitUntil(lambda: not window.search.is_waiting)
    for menu in menus[1:]:
        assert trigger_all(qtbot, session, menu)

    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: window.browse.model.count == PHOTOS)
    assert trigger_all(qtbot, session, window.browse.grid.menu_for(answers[:1]))
    for menu in reversed(menus):  # the folders are removed last
        assert trigger_all(qtbot, session, menu)
