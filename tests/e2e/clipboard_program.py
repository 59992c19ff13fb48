"""A second program that copies and pastes: run by the tests, in a process of its own.

    python clipboard_program.py files FILE...    copies files, offering what PCManFM 1.3.2 offers
    python clipboard_program.py image FILE       copies a picture, as an image editor does
    python clipboard_program.py                  copies nothing

Prints `ready` when it has copied. For every line on stdin it tells what is on the clipboard now,
in one line of JSON: formats, links, text, what file managers look for, and the picture's size.
"""

from __future__ import annotations

import json
import sys
import threading

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel

MARK = "x-special/gnome-copied-files"


class Reader(QObject):
    """Looks at the clipboard whenever it is asked to."""

    _asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked.connect(self._tell)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self._asked.emit()

    @Slot()
    def _tell(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        image = QGuiApplication.clipboard().image()
        told = {
            "event": "clipboard",
            "formats": mime.formats(),
            "urls": [url.toString() for url in mime.urls()],
            "text": mime.text(),
            "mark": bytes(mime.data(MARK).data()).decode(),
            "image": [image.width(), image.height()],
        }
        print(json.dumps(told), flush=True)


def copied(kind: str, files: list[str]) -> QMimeData:
    """What is put on the clipboard."""
    mime = QMimeData()
    if kind == "image":
        mime.setImageData(QImage(files[0]))
        return mime
    links = "\n".join(f"file://{name}" for name in files).encode()
    mime.setData("text/uri-list", QByteArray(links))
    mime.setData(MARK, QByteArray(b"copy\n" + links + b"\0"))
    mime.setData("application/x-kde-cutselection", QByteArray(b""))
    return mime


def main() -> int:
    """Own the clipboard until the process is ended."""
    application = QApplication(sys.argv[:1])
    label = QLabel("clipboard")
    label.setGeometry(0, 0, 160, 40)
    label.show()
    if len(sys.argv) > 1:
        QGuiApplication.clipboard().setMimeData(copied(sys.argv[1], sys.argv[2:]))
    Reader(application)
    QTimer.singleShot(0, lambda: print("ready", flush=True))  # it answers others from now on
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
