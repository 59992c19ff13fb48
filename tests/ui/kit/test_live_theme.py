"""The theme changes under an open window: what is on the screen then is what a new window would show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from fashion_finder.domain import (
    Answer,
    Closeness,
    Question,
    Recognised,
    Region,
    SkippedFile,
    SyncPhase,
    SyncProgress,
)
from fashion_finder.errors import PictureUnreadable
from fashion_finder.ui.kit.message_bar import Message, Tone
from fashion_finder.ui.kit.theme import Theme
from fashion_finder.ui.shell.main_window import MainWindow
from tests.ui.conftest import OpenWindow
from tests.ui.fakes import FakeEngine, answer, matches
from tests.ui.preview.test_copies_sheet import with_copies

QUESTION = Path("/elsewhere/question.jpg")
Surface = Callable[[QtBot, MainWindow, FakeEngine], QWidget]


def first_start(_qtbot: QtBot, window: MainWindow, _engine: FakeEngine) -> QWidget:
    """Nothing was asked yet."""
    return window


def results(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """An answer with everything that can stand beside it: copies, an offline one, a banner."""
    found = with_copies()
    near, *_ = found
    far = replace(near, closeness=Closeness.DISSIMILAR, offline=True)
    words = (Recognised("type", "Dresses", 0.9),)

    def told(question: Question) -> Answer:
        return replace(answer(question, (far, *found[1:])), itself=near, recognised=words)

    engine.answer_to = told
    with qtbot.waitSignal(window.results.grid.pictures_painted):
        window.search.ask_file(QUESTION)
    qtbot.waitUntil(window.results.filters.types.isEnabled)
    window.results.far_banner.show()
    return window


def refined(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """A box, a colour by name, marks both ways, and a question to go back to."""
    results(qtbot, window, engine)
    window.search.refine(region=Region(0.2, 0.2, 0.8, 0.8))
    window.search.refine(colour="Red")
    window.search.add_example(matches()[0], is_more=True)
    window.search.add_example(matches()[2], is_more=False)
    qtbot.waitUntil(window.results.question.examples.isVisible)
    settle(qtbot, window)
    return window


def colours(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """The swatches that are offered."""
    results(qtbot, window, engine)
    window.results.question.tools.colour.open_popup()
    popup = window.results.question.tools.colour.popup
    assert popup is not None
    return popup


def copies(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """The files of one photo."""
    results(qtbot, window, engine)
    window.results.copies.show_group(with_copies()[1])
    qtbot.waitUntil(lambda: window.results.copies.model.is_described)
    return window


def preview(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """An answer large, with its details."""
    results(qtbot, window, engine)
    sheet = window.results.preview
    sheet.show_match(window.results.model.matches[1])
    qtbot.waitUntil(lambda: len(sheet.sheet.facts) > 3)
    return window


def why(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """The same with the reasons."""
    preview(qtbot, window, engine)
    QTest.keyClick(window.results.preview, Qt.Key.Key_W)
    qtbot.waitUntil(window.results.preview.sheet.reasons.isVisible)
    return window


def all_photos(qtbot: QtBot, window: MainWindow, _engine: FakeEngine) -> QWidget:
    """Everything as a grid."""
    window.menus.browse.trigger()
    qtbot.waitUntil(lambda: window.browse.model.count > 0 and window.browse.grid.all_painted)
    qtbot.waitUntil(window.browse.filters.types.isEnabled)
    return window


def failure(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """A picture that cannot be read."""

    def fail(question: Question) -> Answer:
        raise PictureUnreadable(QUESTION, "it is damaged")

    engine.answer_to = fail
    with qtbot.waitSignal(window.search.failed):
        window.search.ask_file(QUESTION)
    return window


def messages(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """Every tone of a message, and indexing under way."""
    engine.reports = (SyncProgress(SyncPhase.READING, QUESTION, 98, 12, 98, 3, 67.3, 128.0),)
    engine.syncing.clear()
    with qtbot.waitSignal(window.sync_queue.progressed):
        window.indexing.index_one(Path("/photos/spring"))
    for tone in Tone:
        window.messages.show_message(Message(tone.value, "A title", "And a text.", tone))
    return window


def skipped(qtbot: QtBot, window: MainWindow, engine: FakeEngine) -> QWidget:
    """The list of what could not be read."""
    engine.skipped = (SkippedFile(QUESTION, "it is damaged"),)
    window.show_skipped()
    return dialog_of(qtbot, window)


def shortcuts(qtbot: QtBot, window: MainWindow, _engine: FakeEngine) -> QWidget:
    """The sheet of keys."""
    window.menus.shortcuts.trigger()
    return dialog_of(qtbot, window)


def guide(qtbot: QtBot, window: MainWindow, _engine: FakeEngine) -> QWidget:
    """The user guide."""
    window.menus.guide.trigger()
    return dialog_of(qtbot, window)


def drop(_qtbot: QtBot, window: MainWindow, _engine: FakeEngine) -> QWidget:
    """What lies over the window while something is dragged across it."""
    window.overlay.lift()
    return window


SURFACES: tuple[Surface, ...] = (
    *(first_start, results, refined, colours, copies, preview, why, all_photos),
    *(failure, messages, skipped, shortcuts, guide, drop),
)


def dialog_of(qtbot: QtBot, window: MainWindow) -> QWidget:
    """The dialog that has come up."""
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog)))
    return next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Nothing is under way any more."""
    qtbot.waitUntil(lambda: not window.search.is_waiting)
    qtbot.waitUntil(lambda: not window.loader.is_loading)
    QApplication.processEvents()


def seen(qtbot: QtBot, window: MainWindow, surface: QWidget) -> QImage:
    """What is on the screen, once every picture is there."""
    window.statusBar().clearMessage()
    for _ in range(2):  # painting may ask for a sharper picture
        surface.grab()
        qtbot.waitUntil(lambda: not window.loader.is_loading)
        QApplication.processEvents()
    return surface.grab().toImage()


def differing(first: QImage, second: QImage) -> list[tuple[int, int]]:
    """The places where two pictures differ."""
    assert first.size() == second.size()
    if first == second:  # a million pixels need not be asked for one by one
        return []
    return [
        (x, y)
        for y in range(first.height())
        for x in range(first.width())
        if first.pixel(x, y) != second.pixel(x, y)
    ]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
def test_every_surface_follows_at_once(
    qtbot: QtBot, open_window: OpenWindow, engine: FakeEngine, theme: Theme, surface: Surface
) -> None:
    """To dark and back, each pixel as if it had been so from the start."""
    light, dark = Qt.ColorScheme.Light, Qt.ColorScheme.Dark
    try:
        theme.force(dark)
        window = open_window()
        shown = surface(qtbot, window, engine)
        from_dark = {dark: seen(qtbot, window, shown)}
        theme.force(light)
        from_dark[light] = seen(qtbot, window, shown)
        engine.syncing.set()
        window.close()

        fresh = open_window()
        shown = surface(qtbot, fresh, engine)
        from_light = {light: seen(qtbot, fresh, shown)}
        theme.force(dark)
        from_light[dark] = seen(qtbot, fresh, shown)
        for scheme in (light, dark):
            places = differing(from_dark[scheme], from_light[scheme])
            assert not places, f"{len(places)} pixels of {scheme} at {places[:4]} ... {places[-1]}"
    finally:
        engine.syncing.set()
        theme.force(light)
