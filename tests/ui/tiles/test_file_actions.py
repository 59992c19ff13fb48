"""What can be done with the files of answers: open, show, copy, drag out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.errors import PictureMissing
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.tiles.file_actions import COPIED_SIDE, ClipboardTaken, FileActions, NoProgram
from fashion_finder.ui.tiles.results_grid import ResultsGrid
from fashion_finder.ui.work.tasks import Tasks
from tests.ui.fakes import FakeEngine, answer, encoded, matches
from tests.ui.window_page import drag_into

QUESTION = Path("/elsewhere/dress.jpg")


@pytest.fixture
def tasks(executor: ThreadPoolExecutor) -> Tasks:
    """Work that needs no engine."""
    return Tasks(executor)


@pytest.fixture
def grid(qtbot: QtBot, window: MainWindow) -> ResultsGrid:
    """The grid of a window that shows five answers."""
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    window.results.grid.setFocus()
    return window.results.grid


def choose(grid: ResultsGrid, *rows: int) -> None:
    """Click the first tile, and the others with Ctrl held."""
    for row in rows:
        middle = grid.visualRect(grid.model().index(row, 0)).center()
        keys = Qt.KeyboardModifier.NoModifier if row == rows[0] else CONTROL
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, keys, middle)


CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# ---------------------------------------------------------------- opening


def test_files_are_opened_by_the_desktop(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, tasks: Tasks
) -> None:
    """After a worker has seen that they are there."""
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    path = tmp_path / "a b.jpg"
    path.write_bytes(encoded())
    files = FileActions(tasks, window._queries, open_url=open_url)
    files.open(replace(matches()[0], path=path))
    qtbot.waitUntil(lambda: opened == [QUrl.fromLocalFile(str(path))])


@pytest.mark.parametrize("way", ["open", "show_in_folder"])
def test_a_copy_is_opened_when_the_drive_has_gone(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, tasks: Tasks, way: str
) -> None:
    """Since the answer came: first exact copies, then near ones."""
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    copy, near = tmp_path / "copy.jpg", tmp_path / "near.jpg"
    near.write_bytes(encoded())
    files = FileActions(tasks, window._queries, open_url=open_url, reveal=lambda path: path)
    other = replace(matches()[1], path=near)
    act = getattr(files, way)
    act(replace(matches()[0], path=tmp_path / "gone.jpg", copies=(copy,), near=(other,)))
    qtbot.waitUntil(lambda: opened == [QUrl.fromLocalFile(str(near))])
    copy.write_bytes(encoded())
    act(replace(matches()[0], path=tmp_path / "gone.jpg", copies=(copy,), near=(other,)))
    qtbot.waitUntil(lambda: opened[1:] == [QUrl.fromLocalFile(str(copy))])


@pytest.mark.parametrize("exists", [True, False], ids=["no program", "no file"])
def test_a_file_that_cannot_be_opened_is_told(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, tasks: Tasks, exists: bool
) -> None:
    """The window says so without a dialog box."""
    path = tmp_path / "a.jpg"
    if exists:
        path.write_bytes(encoded())
    files = FileActions(tasks, window._queries, open_url=lambda url: not exists)
    with qtbot.waitSignal(files.failed) as told:
        files.open(replace(matches()[0], path=path))
    assert told.args is not None
    assert isinstance(told.args[0], NoProgram if exists else PictureMissing)
    assert told.args[0].subject == path


def test_a_file_is_shown_in_its_folder(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, tasks: Tasks
) -> None:
    """Where no file manager can choose it, its folder is opened."""
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    path = tmp_path / "a.jpg"
    path.write_bytes(encoded())
    files = FileActions(tasks, window._queries, open_url=open_url, reveal=lambda path: path.parent)
    files.show_in_folder(replace(matches()[0], path=path))
    qtbot.waitUntil(lambda: opened == [QUrl.fromLocalFile(str(tmp_path))])


def test_a_file_that_the_file_manager_shows_needs_no_folder(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, tasks: Tasks
) -> None:
    """The file manager is open already."""
    shown: list[Path] = []
    opened: list[QUrl] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    path = tmp_path / "a.jpg"
    path.write_bytes(encoded())
    files = FileActions(tasks, window._queries, open_url=open_url, reveal=shown.append)
    files.show_in_folder(replace(matches()[0], path=path))
    qtbot.waitUntil(lambda: shown == [path])
    files.open(replace(matches()[0], path=Path(__file__)))  # comes after it
    qtbot.waitUntil(lambda: opened != [])
    assert opened == [QUrl.fromLocalFile(__file__)]


# ---------------------------------------------------------------- copying


def clipboard() -> QMimeData:
    """What is on the clipboard."""
    mime = QGuiApplication.clipboard().mimeData()
    assert mime is not None
    return mime


def test_files_are_copied_as_links_and_as_text(
    qtbot: QtBot, window: MainWindow, grid: ResultsGrid
) -> None:
    """For a file manager as for an editor; with Ctrl several are chosen."""
    choose(grid, 3, 1)
    with qtbot.waitSignal(window.files.notified):
        window.menus.copy_files.trigger()
    paths = ["/photos/piece 2.jpg", "/photos/piece 4.jpg"]
    assert clipboard().urls() == [QUrl.fromLocalFile(path) for path in paths]
    assert clipboard().text() == "\n".join(paths)
    assert window.statusBar().currentMessage() == "2 files copied"


def test_paths_are_copied_as_text_alone(
    qtbot: QtBot, window: MainWindow, grid: ResultsGrid
) -> None:
    """A chat must get the words, not attach the files; with Shift a row of tiles is chosen."""
    choose(grid, 0)
    middle = grid.visualRect(grid.model().index(2, 0)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, SHIFT, middle)
    with qtbot.waitSignal(window.files.notified):
        window.menus.copy_paths.trigger()
    assert clipboard().text() == "\n".join(f"/photos/piece {i}.jpg" for i in (1, 2, 3))
    assert not clipboard().hasUrls()
    assert window.statusBar().currentMessage() == "3 paths copied"


def test_what_another_program_took_is_not_said_to_be_copied(
    qtbot: QtBot, window: MainWindow, grid: ResultsGrid
) -> None:
    """The clipboard is looked at before anything is told."""
    choose(grid, 0)
    with qtbot.waitSignal(window.files.failed) as failed:
        window.menus.copy_paths.trigger()
        QGuiApplication.clipboard().setText("theirs")
    assert failed.args is not None
    assert isinstance(failed.args[0], ClipboardTaken)
    assert window.statusBar().currentMessage() == ""


def test_names_that_are_no_text_are_copied_all_the_same(
    qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """The link is exact; in the text a sign stands for the byte that is none."""
    odd = replace(matches()[0], path=Path("/photos/caf\udce9.jpg"))
    engine.answer_to = lambda question: answer(question, (odd,))
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    choose(window.results.grid, 0)
    window.menus.copy_files.trigger()
    assert bytes(clipboard().urls()[0].toEncoded().data()) == b"file:///photos/caf%E9.jpg"
    window.menus.copy_paths.trigger()
    assert clipboard().text() == "/photos/caf?.jpg"


@pytest.mark.usefixtures("gui_thread_is_free")
def test_the_picture_itself_is_copied(
    qtbot: QtBot, window: MainWindow, grid: ResultsGrid, engine: FakeEngine
) -> None:
    """Decoded in a worker, large."""
    choose(grid, 1)
    with qtbot.waitSignal(window.files.notified):
        window.menus.copy_picture.trigger()
    assert QGuiApplication.clipboard().image().height() == COPIED_SIDE
    assert not engine.is_on_gui_thread


def test_nothing_is_copied_while_no_answer_is_seen(window: MainWindow) -> None:
    """The start page has nothing to copy, and the clipboard keeps what it has."""
    QGuiApplication.clipboard().setText("mine")
    for action in (window.menus.copy_files, window.menus.copy_paths, window.menus.copy_picture):
        action.trigger()
    assert clipboard().text() == "mine"


# ---------------------------------------------------------------- dragging out


def dragged(
    monkeypatch: pytest.MonkeyPatch, grid: ResultsGrid, row: int
) -> list[tuple[QDrag, Qt.DropAction]]:
    """Drag from a tile with the mouse; the drags that begin."""
    begun: list[tuple[QDrag, Qt.DropAction]] = []

    def note(drag: QDrag, action: Qt.DropAction) -> Qt.DropAction:
        begun.append((drag, action))
        return action

    monkeypatch.setattr(QDrag, "exec", note)
    start = grid.visualRect(grid.model().index(row, 0)).center()
    viewport = grid.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    far = start + QPoint(QApplication.startDragDistance() * 2, 0)
    for where in (far, far + QPoint(4, 0)):
        QTest.mouseMove(viewport, where)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=far)
    return begun


def test_a_tile_is_dragged_out_as_its_own_file(
    monkeypatch: pytest.MonkeyPatch, grid: ResultsGrid
) -> None:
    """The very file of the tile, chosen before or not, to be copied and never moved."""
    ((drag, action),) = dragged(monkeypatch, grid, 2)
    assert drag.mimeData().urls() == [QUrl.fromLocalFile("/photos/piece 3.jpg")]
    assert action == Qt.DropAction.CopyAction
    assert not drag.pixmap().isNull()


def test_chosen_tiles_are_dragged_together(
    monkeypatch: pytest.MonkeyPatch, grid: ResultsGrid
) -> None:
    """Exactly the chosen ones, best first."""
    choose(grid, 4, 0)
    ((drag, _),) = dragged(monkeypatch, grid, 4)
    wanted = [QUrl.fromLocalFile(f"/photos/piece {i}.jpg") for i in (1, 5)]
    assert drag.mimeData().urls() == wanted


def test_a_name_that_is_no_text_is_dragged_unharmed(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, window: MainWindow, engine: FakeEngine
) -> None:
    """Bytes that are not UTF-8 reach the other program as they are."""
    odd = replace(matches()[0], path=Path("/photos/caf\udce9 50%.jpg"))
    engine.answer_to = lambda question: answer(question, (odd,))
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    ((drag, _),) = dragged(monkeypatch, window.results.grid, 0)
    link = bytes(drag.mimeData().data("text/uri-list").data()).strip()
    assert link == b"file:///photos/caf%E9%2050%25.jpg"


def test_a_tile_dragged_over_its_own_window_asks_nothing(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, grid: ResultsGrid
) -> None:
    """A drag on its way out passes over the window, which must not offer to take it."""
    ((drag, _),) = dragged(monkeypatch, grid, 0)
    assert drag_into(window, drag.mimeData())  # from another program it would be a question

    class OwnDrag(QDragEnterEvent):
        def source(self) -> QObject:
            return grid

    copy, mouse = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    event = OwnDrag(QPoint(300, 300), copy, drag.mimeData(), mouse, keys)
    event.ignore()
    window.dragEnterEvent(event)
    assert not event.isAccepted()
