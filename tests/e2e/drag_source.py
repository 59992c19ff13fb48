"""A second program with something to drag: run by the tests, in a process of its own.

    python drag_source.py url FILE...      offers links to files, as a file manager does
    python drag_source.py image FILE       offers the picture itself, as a browser does
    python drag_source.py link ADDRESS     offers a web link only
    python drag_source.py dying            offers a picture, and ends when it is asked for it

Prints `ready` when its window can be grabbed, `accepted ACTION` whenever what lies under the mouse
welcomes the drag or no longer does, and `dropped ACTION` when a drag has ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl, Slot
from PySide6.QtGui import QDrag, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

SIDE = 160  # pixels, at the top left of the screen


class Dying(QMimeData):
    """Promises a picture with its address."""

    # Qt overrides

    def formats(self) -> list[str]:
        """What browsers offer."""
        return ["text/uri-list", "image/png"]

    def hasFormat(self, kind: str) -> bool:
        """Whether it is among them."""
        return kind in self.formats()

    def retrieveData(self, _kind: str, _type: object) -> object:
        """End in the midst of it."""
        print("asked", flush=True)
        os._exit(0)


class Source(QLabel):
    """Drags its load wherever the mouse pulls it."""

    def __init__(self, kind: str, loads: list[str]) -> None:
        super().__init__("drag me")
        self._kind = kind
        self._loads = loads
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setGeometry(0, 0, SIDE, SIDE)

    def load(self) -> QMimeData:
        """What is offered."""
        if self._kind == "dying":
            return Dying()
        mime = QMimeData()
        if self._kind == "url":
            mime.setUrls([QUrl.fromLocalFile(load) for load in self._loads])
        elif self._kind == "link":
            mime.setUrls([QUrl(load) for load in self._loads])
        else:
            # As browsers do: the address, a piece of HTML, and the picture in several formats.
            path = Path(self._loads[0])
            mime.setUrls([QUrl("https://shop.example/" + path.name)])
            mime.setHtml(f'<img src="https://shop.example/{path.name}">')
            mime.setData("image/jpeg", QByteArray(path.read_bytes()))
            mime.setImageData(QImage(str(path)))
        return mime

    @Slot(Qt.DropAction)
    def tell_accepted(self, action: Qt.DropAction) -> None:
        """The target has answered."""
        print(f"accepted {action.name}", flush=True)

    # Qt overrides

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(self.load())
            drag.actionChanged.connect(self.tell_accepted)
            action = drag.exec(Qt.DropAction.CopyAction)
            print(f"dropped {action.name}", flush=True)


def main() -> int:
    """Show the window until the process is ended."""
    application = QApplication(sys.argv[:1])
    source = Source(sys.argv[1], sys.argv[2:])
    source.show()
    source.raise_()
    print("ready", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
