"""Pictures and folders chosen in a dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    PictureFile,
)
from fashion_finder.ui.shell.preferences import Preferences
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine


def test_a_picture_can_be_opened(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, tmp_path: Path
) -> None:
    """The dialog begins where the last picture lay, and that is remembered."""
    window = open_window(Preferences(last_folder=str(tmp_path)))
    window.menus.open_picture.trigger()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    with qtbot.waitSignal(window.search.answered):
        dialog.fileSelected.emit("/elsewhere/a.jpg")
    dialog.reject()
    assert engine.asked == [PictureFile(Path("/elsewhere/a.jpg"))]
    assert window.preferences.last_folder == "/elsewhere"


def test_a_folder_can_be_chosen(
    qtbot: QtBot, engine: FakeEngine, open_window: OpenWindow, tmp_path: Path
) -> None:
    """The dialog begins where the last folder was chosen, to find its neighbours at once."""
    window = open_window(Preferences(last_place=str(tmp_path), last_folder="/elsewhere"))
    window.menus.index_folder.trigger()
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    assert Path(dialog.directory().absolutePath()) == tmp_path
    with qtbot.waitSignal(window.sync_queue.finished):
        dialog.fileSelected.emit("/photos/winter")
    dialog.reject()
    assert engine.synced == [(Path("/photos/winter"),)]
    assert window.preferences.last_place == "/photos"


def test_a_place_that_is_gone_is_no_hindrance(open_window: OpenWindow, tmp_path: Path) -> None:
    """The drive of last time is not plugged in: the dialogs begin somewhere else."""
    gone = str(tmp_path / "gone")
    window = open_window(Preferences(last_place=gone, last_folder=gone))
    for action in (window.menus.index_folder, window.menus.open_picture):
        action.trigger()
        dialog = window.findChildren(QFileDialog)[-1]
        assert Path(dialog.directory().absolutePath()).is_dir()
        dialog.reject()
