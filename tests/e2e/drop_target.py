"""A second program that takes whatever is dropped on it: run by the tests, in its own process.

    python drop_target.py             takes it as soon as it is over the window
    python drop_target.py hesitant    refuses it as long as the mouse is pressed

Prints `ready` when its window stands, `accepted ACTION` or `refused` while something is held over it,
and one line of JSON per drop: the addresses, the actions that were offered, and the formats.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

SIDE = 160  # pixels, at the top left of the screen
ACTIONS = (Qt.DropAction.CopyAction, Qt.DropAction.MoveAction, Qt.DropAction.LinkAction)


class Target(QLabel):
    """Takes every drop as what it is proposed to be."""

    def __init__(self, *, is_hesitant: bool) -> None:
        super().__init__("drop here")
        self._is_hesitant = is_hesitant
        self.setAcceptDrops(True)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setGeometry(0, 0, SIDE, SIDE)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome it."""
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on to, or not yet."""
        if self._is_hesitant and event.buttons() & Qt.MouseButton.LeftButton:
            event.ignore()
            print("refused", flush=True)
            return
        event.acceptProposedAction()
        print(f"accepted {event.dropAction().name}", flush=True)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what came."""
        event.acceptProposedAction()
        told = {
            "event": "dropped",
            "urls": [url.toString() for url in event.mimeData().urls()],
            "offered": [action.name for action in ACTIONS if action in event.possibleActions()],
            "formats": event.mimeData().formats(),
        }
        print(json.dumps(told), flush=True)


def main() -> int:
    """Show the window until the process is ended."""
    application = QApplication(sys.argv[:1])
    target = Target(is_hesitant="hesitant" in sys.argv)
    target.show()
    target.raise_()
    print("ready", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
