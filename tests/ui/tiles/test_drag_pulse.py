"""A drop waits a moment for a program that has not made up its mind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fashion_finder.ui.tiles.drag_pulse import DragPulse

Kind = QEvent.Type
NO_KEYS = Qt.KeyboardModifier.NoModifier
PLACE = QPointF(40, 30)


class Drag(QObject):
    """In place of Qt's drag: sees the events of the whole program, and shows by the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[QPointF] = []  # it was told of
        self.has_ended = False

    # Qt overrides

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            self.has_ended |= event.type() == Kind.MouseButtonRelease
            if event.type() == Kind.MouseMove:
                self.places.append(event.globalPosition())
            return True
        return False


@pytest.fixture
def drag(qapp: QApplication) -> Iterator[Drag]:
    """One under way, over a program that has not answered."""
    drag = Drag()
    qapp.installEventFilter(drag)
    QGuiApplication.setOverrideCursor(Qt.CursorShape.ForbiddenCursor)
    with DragPulse():
        yield drag
    QGuiApplication.restoreOverrideCursor()
    qapp.removeEventFilter(drag)


def let_go(window: QObject) -> None:
    """Release the mouse."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    release = QMouseEvent(Kind.MouseButtonRelease, PLACE, PLACE, left, none, NO_KEYS)
    QApplication.sendEvent(window, release)


def test_the_place_of_a_mouse_at_rest_is_told_again(qtbot: QtBot, drag: Drag) -> None:
    """A program that fetches data first accepts at its second chance."""
    qtbot.waitUntil(lambda: len(drag.places) > 2)
    assert len({place.toTuple() for place in drag.places}) == 1
    assert not drag.has_ended


def test_a_drop_waits_until_it_is_welcome(qtbot: QtBot, drag: Drag) -> None:
    """It is told of the place beside, too: one that was refused is asked for only once."""
    qtbot.waitUntil(lambda: drag.places != [])
    drag.places.clear()
    window = QObject()
    let_go(window)
    assert not drag.has_ended
    qtbot.waitUntil(lambda: {place.toTuple() for place in drag.places} == {(40, 30), (41, 30)})
    QGuiApplication.changeOverrideCursor(Qt.CursorShape.DragCopyCursor)
    qtbot.waitUntil(lambda: drag.has_ended)


def test_a_drop_that_is_never_welcome_ends_the_drag(qtbot: QtBot, drag: Drag) -> None:
    """Soon: a hand that lets go over nothing has given up."""
    qtbot.waitUntil(lambda: drag.places != [])
    window = QObject()
    let_go(window)
    qtbot.waitUntil(lambda: drag.has_ended)


def test_a_welcome_drop_waits_for_nothing(qtbot: QtBot, drag: Drag) -> None:
    """As without a pulse."""
    qtbot.waitUntil(lambda: drag.places != [])
    QGuiApplication.changeOverrideCursor(Qt.CursorShape.DragCopyCursor)
    let_go(QObject())
    assert drag.has_ended
