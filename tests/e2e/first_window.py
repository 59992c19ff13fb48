"""The program's own window, telling when a later start wakes it: run by the tests.

    python first_window.py DATA_DIR MODEL

One line of JSON per event: `shown`, `raised`, `asked`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fashion_finder import app
from fashion_finder.app import WindowOptions
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.shell.single_instance import LaterStarts


def tell(event: str, **details: Any) -> None:
    """Write one event."""
    print(json.dumps({"event": event, **details}), flush=True)


class TellingStarts(LaterStarts):
    """Tells what the window does, and does it."""

    def __init__(self, window: MainWindow, ask_file: Any) -> None:
        super().__init__(window, self._ask_and_tell)
        self._really_ask = ask_file

    def _come_to_the_front(self) -> None:
        super()._come_to_the_front()
        tell("raised")

    def _ask_and_tell(self, path: Path) -> None:
        self._really_ask(path)
        tell("asked", path=str(path))


class TellingWindow(MainWindow):
    """Tells that it stands."""

    def begin(self, picture: Path | None = None) -> None:
        """The last thing before the event loop."""
        super().begin(picture)
        tell("shown")


if __name__ == "__main__":
    vars(app).update(LaterStarts=TellingStarts, MainWindow=TellingWindow)
    sys.exit(app.run(WindowOptions(Path(sys.argv[1]), Path(sys.argv[2]), None)))
