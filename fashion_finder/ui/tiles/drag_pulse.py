"""Lets a program make up its mind about a drag whose mouse has come to rest.

Some programs refuse at first what is dragged over them: file managers of GTK desktops until they have
fetched the list of files. On X11, Qt asks them again only when the mouse moves, and takes letting go
over a program that has not answered for giving up. Whoever is quick would copy nothing.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QObject,
    QPointF,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent

BEAT_MS = 50
PATIENCE_MS = 300  # how long a drop waits until it is welcome

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
ASIDE = QPointF(1, 0)


class DragPulse(QObject):
    """Repeats where the mouse is while a drag is under way, and holds back a drop that is too early.

    A context manager, around `QDrag.exec`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._application = cast("QCoreApplication", QCoreApplication.instance())
        self._held: tuple[QObject, QMouseEvent] | None = None  # the drop, and whose it is
        self._waited = QElapsedTimer()
        self._is_aside = False
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> None:
        """The first beat comes when the drag has begun."""
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        """The drag has ended."""
        self._timer.stop()
        self._application.removeEventFilter(self)

    @Slot()
    def _beat(self) -> None:
        # After the drag has installed its own: the last one sees events first.
        self._application.installEventFilter(self)
        if self._held is None:
            self._tell(QPointF(QCursor.pos()))
            return
        window, release = self._held
        if is_welcome() or self._waited.hasExpired(PATIENCE_MS):
            self.__exit__()
            QCoreApplication.sendEvent(window, release)
        else:
            # A program that has refused one point is asked about it only once.
            self._is_aside = not self._is_aside
            self._tell(release.globalPosition() + (ASIDE if self._is_aside else QPointF()))

    def _tell(self, place: QPointF) -> None:
        """Let the drag hear of a movement. Its event filter takes it from any object."""
        keys = QGuiApplication.keyboardModifiers()
        move = QMouseEvent(QEvent.Type.MouseMove, QPointF(), place, NONE, LEFT, keys)
        QCoreApplication.sendEvent(self, move)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back a drop that is not welcome yet, and whatever the mouse does after it."""
        if watched is self or not isinstance(event, QMouseEvent):
            return False
        if self._held is None:
            if event.type() is not QEvent.Type.MouseButtonRelease or is_welcome():
                return False
            self._held = watched, event.clone()
            self._waited.start()
        return True


def is_welcome() -> bool:
    """Whether the program under the mouse takes the drag: Qt tells it by the cursor alone."""
    cursor = QGuiApplication.overrideCursor()
    return cursor is not None and cursor.shape() is not Qt.CursorShape.ForbiddenCursor
