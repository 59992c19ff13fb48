"""The real window on the real engine, reporting what it shows: run by the tests.

    python observed_window.py DATA_DIR MODEL

One line of JSON on stdout per event: `shown` (the window is on the screen, and where), `answered`
(the five pictures are painted, and where on the screen), `failed`, `message`, `status`,
`indexed`, `told` (a small success in the status bar). Lines on stdin are commands: `index FOLDER`,
`ask FILE`, `messages`, `go on`, `paste`, `copy files` (or `picture`, `paths`: the best answer), `quit`,
`press KEY` (the first button of that message), `press page` (that of the failure page), `erase`.

`shown` comes first: what happens before it is told after it, since a test that waits for it reads on
from there.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRect, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from fashion_finder.app import Session, WindowOptions
from fashion_finder.domain import Answer, Status, SyncProgress, SyncSummary
from fashion_finder.errors import FinderError
from fashion_finder.ui.kit import labels
from fashion_finder.ui.kit.message_bar import Message

WINDOW = (300, 60, 900, 620)  # x, y, width, height


_held_back: list[str] | None = []  # until the window is shown


def tell(event: str, **details: Any) -> None:
    """Write one event, once the window is shown."""
    line = json.dumps({"event": event, **details})
    if _held_back is None:
        print(line, flush=True)
    else:
        _held_back.append(line)


def tell_shown(x: int, y: int, width: int, height: int) -> None:
    """Write that the window is shown, and all that has happened before."""
    global _held_back
    earlier, _held_back = _held_back or [], None
    tell("shown", x=x, y=y, width=width, height=height)
    for line in earlier:
        print(line, flush=True)


class Observer(QObject):
    """Listens to the window's own signals, and passes commands on to it."""

    _commanded = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._window = session.window
        self._answer: Answer | None = None
        window = session.window
        window.search.answered.connect(self._take_answer)
        window.results.grid.pictures_painted.connect(self._tell_answer)
        window.search.failed.connect(self._tell_failure)
        window.files.notified.connect(self._tell_small)
        window.sync_queue.progressed.connect(self._tell_progress)
        window.sync_queue.finished.connect(self._tell_summary)
        window.sync_queue.failed.connect(self._tell_sync_failure)
        window.catalogue_status.changed.connect(self._tell_status)
        window.catalogue_status.failed.connect(self._tell_opening_failure)
        session._damage.found.connect(self._tell_damage)
        self._commanded.connect(self._obey)
        threading.Thread(target=self._listen, daemon=True).start()

    @Slot()
    def tell_shown(self) -> None:
        """The window is on the screen."""
        tell_shown(*WINDOW)

    def _listen(self) -> None:
        for line in sys.stdin:
            self._commanded.emit(line.rstrip("\n"))

    @Slot(str)
    def _obey(self, command: str) -> None:
        verb, _, rest = command.partition(" ")
        if verb == "index":
            self._window.indexing.index_one(Path(rest))
        elif verb == "ask":
            self._window.search.ask_file(Path(rest))
        elif verb == "messages":
            tell(
                "messages", shown=[_message(message) for message in self._window.messages.messages]
            )
        elif verb == "go":
            bar = self._window.messages.bar("unfinished")
            if bar is not None:
                bar.buttons[0].click()
        elif verb == "paste":
            self._window.menus.paste.trigger()
        elif verb == "copy":
            self._window.results.grid.go_to(self._window.results.model.matches[0])
            getattr(self._window.menus, f"copy_{rest}").trigger()
        elif verb == "press":
            self._press(rest)
        elif verb == "erase":
            self._window.menus.erase.trigger()
        elif verb == "quit":
            self._window.close()

    def _press(self, key: str) -> None:
        bar = self._window.messages.bar(key)
        if bar is not None:
            bar.buttons[0].click()
        elif key == "page" and self._window.failure.isVisible():
            self._window.failure.choices[0].click()

    @Slot(Answer)
    def _take_answer(self, answer: Answer) -> None:
        self._answer = answer

    @Slot()
    def _tell_answer(self) -> None:
        if self._answer is None:
            return
        # What is drawn, in reading order, rather than what was computed.
        model, grid = self._window.results.model, self._window.results.grid
        places = {match: grid.visualRect(model.index_of(match.content)) for match in model.matches}
        drawn = sorted(places, key=lambda match: (places[match].y(), places[match].x()))
        own = self._answer.itself
        tell(
            "answered",
            question=self._window.results.question.name.text(),
            shown=[str(match.path) for match in drawn],
            places=[self._place(places[match]) for match in drawn],
            words=[labels.closeness_label(match.closeness) for match in drawn],
            itself=str(own.path) if own else None,
        )

    def _place(self, tile: QRect) -> tuple[int, int]:
        """The middle of what can be seen of a tile, on the screen."""
        viewport = self._window.results.grid.viewport()
        point = viewport.mapToGlobal(tile.intersected(viewport.rect()).center())
        return point.x(), point.y()

    @Slot(str, FinderError)
    def _tell_failure(self, name: str, error: FinderError) -> None:
        tell("failed", name=name, title=error.title)

    @Slot(str)
    def _tell_small(self, text: str) -> None:
        tell("told", text=text)

    @Slot(object)
    def _tell_progress(self, progress: SyncProgress) -> None:
        tell("progress", done=progress.done, total=progress.total)

    @Slot(object, object)
    def _tell_summary(self, _job: object, summary: SyncSummary) -> None:
        tell("indexed", found=summary.found, added=summary.added, unchanged=summary.unchanged)

    @Slot(object, object)
    def _tell_sync_failure(self, _job: object, error: FinderError) -> None:
        tell("sync failed", title=error.title)

    @Slot(object)
    def _tell_status(self, status: Status) -> None:
        unfinished = [str(folder.path) for folder in status.folders if folder.unfinished]
        tell("status", photos=status.photos, unfinished=unfinished)

    @Slot(object)
    def _tell_damage(self, error: FinderError) -> None:
        tell("damaged", title=error.title)

    @Slot(object)
    def _tell_opening_failure(self, error: FinderError) -> None:
        tell("opening failed", title=error.title)


def _message(message: Message) -> dict[str, str]:
    return {"key": message.key, "title": message.title, "text": message.text}


def main() -> int:
    """Show the window until it is closed."""
    application = QApplication(sys.argv[:1])
    options = WindowOptions(Path(sys.argv[1]), Path(sys.argv[2]), None)
    session = Session(application, options)
    observer = Observer(session)
    session.window.setGeometry(*WINDOW)
    session.window.begin()
    QTimer.singleShot(0, observer, observer.tell_shown)
    return session.run()


if __name__ == "__main__":
    sys.exit(main())
