"""The composition root of the window: makes the parts, connects them, and closes them in order."""

from __future__ import annotations

import json
import logging
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import QLocale, QSettings, qVersion
from PySide6.QtWidgets import QApplication

from fashion_finder import __version__, report, settings
from fashion_finder.data_folder import DataFolder
from fashion_finder.domain import Answer
from fashion_finder.engine import Engine
from fashion_finder.engine.handle import EngineHandle
from fashion_finder.errors import CatalogueUnwritable, FinderError
from fashion_finder.indexing.watch import Watcher
from fashion_finder.logs import (
    end_watching_for_crashes,
    set_up_logging,
    take_crash,
    watch_for_crashes,
)
from fashion_finder.paths import prepare_data_dir
from fashion_finder.sample import EXAMPLE, copy_wardrobe, pictures
from fashion_finder.support.diagnostics import Facts, gather
from fashion_finder.ui.folders.catalogue_controller import DamageBell
from fashion_finder.ui.folders.watch_controller import WatchController
from fashion_finder.ui.kit.icons import app_icon
from fashion_finder.ui.kit.theme import Theme
from fashion_finder.ui.shell.bug_reports import BugReports
from fashion_finder.ui.shell.demonstration import Demonstration
from fashion_finder.ui.shell.diagnostics_controller import DiagnosticsController
from fashion_finder.ui.shell.garbage_collection import GarbageCollection
from fashion_finder.ui.shell.main_window import MainWindow
from fashion_finder.ui.shell.preferences import load_preferences, save_preferences
from fashion_finder.ui.shell.single_instance import (
    Handed,
    LaterStarts,
    SingleInstance,
    startup_token,
)
from fashion_finder.ui.shell.start_times import StartTimes
from fashion_finder.ui.shell.termination_signals import closed_by_signal
from fashion_finder.ui.work.tasks import Tasks

log = logging.getLogger(__name__)

SMOKE_PIECES = 8  # enough for five answers
DEMO_PICTURE = Path("out") / "demo.png"  # below the current folder


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """The window's options from the command line."""

    data_dir: Path
    model: Path | None
    picture: Path | None
    demo: bool = False
    screenshot: Path | None = None
    verbose: bool = False
    timing: bool = False


class Session:
    """One window with its engine and executors."""

    def __init__(
        self, application: QApplication, options: WindowOptions, bugs: BugReports | None = None
    ) -> None:
        self._options = options
        if sys.platform == "linux":
            # Qt's own file dialog remembers folders: in the data folder, not in the home folder.
            user, kind = QSettings.Scope.UserScope, QSettings.Format.NativeFormat
            QSettings.setPath(kind, user, str(options.data_dir))
        self.application = application
        self._garbage = GarbageCollection(application)
        self.theme = Theme(application)
        if QLocale().language() is QLocale.Language.C:
            # Numbers for people, where no language is set: 9,850 rather than 9850.
            QLocale.setDefault(QLocale(QLocale.Language.English))
        application.setApplicationName("Fashion Finder")
        application.setApplicationVersion(__version__)
        application.setDesktopFileName("fashion-finder")
        application.setWindowIcon(app_icon())
        # Diagnostics have an executor of their own: they are wanted most when the others hang.
        names = ("sync", "queries", "diagnostics")
        self._executors = [ThreadPoolExecutor(1, thread_name_prefix=name) for name in names]
        self._tasks = syncs, queries, diagnostics = [Tasks(pool) for pool in self._executors]
        self._damage = DamageBell()
        self.handle = EngineHandle(options.data_dir, options.model, self._damage.found.emit)
        self._executors[1].submit(self.handle.open)
        preferences = load_preferences(options.data_dir)
        copy = partial(copy_sample, options.data_dir)
        self.window = MainWindow(self.handle, queries, syncs, preferences, copy)
        logs = DataFolder(options.data_dir).logs
        self.diagnostics = DiagnosticsController(
            self._gather_diagnostics, logs, diagnostics, self.window.messages, self.window
        )
        self.window.menus.diagnostics.triggered.connect(self.diagnostics.show)
        self.window.menus.log_folder.triggered.connect(self.diagnostics.open_log_folder)
        self.watching = WatchController(
            Watcher,
            self.window.sync_queue,
            self.window.catalogue_status,
            self.window.menus.watch_folders,
            self.window.statusBar(),
            is_on=preferences.watches_folders,
        )
        self._damage.found.connect(self.window.catalogue.report_damage)
        self.later_starts = LaterStarts(self.window, self.window.search.ask_file)
        application.installEventFilter(self.later_starts)
        self.bugs = bugs or _start_logging(options)
        self.bugs.no_window = None  # Qt has started
        self.bugs.reported.connect(self.diagnostics.report_bug)
        log.info("window of version %s", __version__)
        end_watching_for_crashes()
        if take_crash(options.data_dir):  # moves the traces aside, so that it is reported once
            self.diagnostics.report_crash()
        watch_for_crashes(options.data_dir)

    def run(self) -> int:
        """Show the window until it is closed; returns the exit code."""
        self.bugs.install()
        try:
            with closed_by_signal(self.window):
                self.window.show()
                return self.application.exec()
        finally:
            self.close()
            self.bugs.uninstall()

    def close(self) -> None:
        """Close everything, in the order that loses nothing."""
        self.window.close()
        self.watching.stop()
        self.window.loader.close()
        for tasks in self._tasks:
            tasks.close()
        engine = self.handle.peek()
        if engine is not None:
            engine.stop_reading()
        for executor in self._executors:
            executor.shutdown(wait=True, cancel_futures=True)
        self.handle.close()
        if not self.window.catalogue.is_erased:
            preferences = replace(self.window.preferences, watches_folders=self.watching.is_on)
            save_preferences(self._options.data_dir, preferences)
        self._garbage.stop()
        end_watching_for_crashes()

    def _gather_diagnostics(self, facts: Facts, trace: str) -> str:
        """The text for a bug report; works without an engine as well."""
        engine = self.handle.peek()
        if engine is not None:
            model = engine.info
            facts = (*facts, ("model", f"{model.name} {model.version} {model.stamp}"))
        return gather(self._options.data_dir, _versions(), facts, trace)


class NoDisplay(FinderError):
    """There is no display for the window."""

    title = "There is no screen to open a window on"
    advice = "Start it in a desktop session. 'fashion-finder search IMAGE' works without one."


def run(options: WindowOptions) -> int:
    """Open the window, with a question when one is given.

    A window of this user on the same data folder gets the question instead. Raises NoDisplay,
    AlreadyRunning.
    """
    if not has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        raise NoDisplay
    picture = options.picture.absolute() if options.picture else None
    bugs = _start_logging(options)
    application = _application()
    instance = SingleInstance(options.data_dir)
    if not instance.become_first_or_hand_over(Handed(picture, startup_token())):
        bugs.uninstall()
        return 0
    try:
        session = Session(application, options, bugs)
        instance.handed_over.connect(session.later_starts.accept)
        if options.timing:
            report_line = partial(print, flush=True)
            StartTimes(session.window, session.window.catalogue_status.changed, report_line)
        session.window.begin(picture)
        if options.demo:
            session.window.indexing.try_sample()
        return session.run()
    finally:
        instance.close()


def run_demo(options: WindowOptions) -> int:
    """Index the sample wardrobe and ask its example question.

    With a display the window stays open. Without one, or when a screenshot is wanted, the window
    is saved as a picture and described by one line of JSON. Raises FinderError.
    """
    if options.screenshot is None and has_display():
        return run(options)
    picture = (options.screenshot or DEMO_PICTURE).absolute()
    answer = _demonstrate(options, *copy_sample(options.data_dir), picture)
    answer = replace(answer, matches=answer.matches[: settings.ANSWERS])  # those in the picture
    line = {"picture": str(picture), **report.answer_object(answer)}
    sys.stdout.write(json.dumps(line) + "\n")
    return 0


def run_smoke(options: WindowOptions) -> int:
    """Try every part once in a throw-away data folder, and print the versions of everything.

    Raises FinderError when a part fails.
    """
    with tempfile.TemporaryDirectory(prefix="fashion-finder-smoke-") as folder:
        scratch = replace(options, data_dir=Path(folder) / "data")
        wardrobe = Path(folder) / "wardrobe"
        wardrobe.mkdir()
        for picture in pictures()[:SMOKE_PIECES]:
            shutil.copy(picture, wardrobe)
        _demonstrate(scratch, wardrobe, EXAMPLE, Path(folder) / "window.png")
        with Engine.open(scratch.data_dir, options.model) as engine:
            info = engine.info
    lines = [*_versions(), ("model", f"{info.name} {info.version} {info.stamp}")]
    sys.stdout.write("".join(f"{name} {value}\n" for name, value in lines))
    return 0


def copy_sample(data_dir: Path) -> tuple[Path, Path]:
    """Copy missing sample pictures. Returns their folder and the example question.

    Raises FolderError, CatalogueUnwritable.
    """
    wardrobe = DataFolder(prepare_data_dir(data_dir)).sample_wardrobe
    copy_wardrobe(wardrobe)
    return wardrobe, EXAMPLE


def has_display() -> bool:
    """Whether there is a display to show a window on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _demonstrate(options: WindowOptions, folder: Path, question: Path, picture: Path) -> Answer:
    """Run the demonstration without a display; returns what it showed. Raises FinderError."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    bugs = _start_logging(options)
    session = Session(_application(), options, bugs)
    demonstration = Demonstration(session.window, folder, question, picture)
    session.run()
    if isinstance(demonstration.outcome, FinderError):
        raise demonstration.outcome
    return demonstration.outcome


def _start_logging(options: WindowOptions) -> BugReports:
    """Open the logs before Qt starts: when that fails, only they can say why."""
    with suppress(CatalogueUnwritable):  # the window reports it
        data_dir = prepare_data_dir(options.data_dir)
        set_up_logging(data_dir, verbose=options.verbose)
        watch_for_crashes(data_dir)
    bugs = BugReports()
    bugs.no_window = _end_without_window
    bugs.install()
    return bugs


def _end_without_window(reason: str) -> None:
    """Qt is about to abort: the display that the environment names cannot be opened."""
    error = NoDisplay(detail=reason.partition("\n")[0].rstrip("."))
    sys.stderr.write(f"fashion-finder: {report.plain(error)}\n")
    sys.stderr.flush()
    os._exit(1)


def _application() -> QApplication:
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])


def _versions() -> Iterator[tuple[str, str]]:
    yield "fashion-finder", __version__
    yield "python", platform.python_version()
    yield "Qt", qVersion()
    names = ("PySide6_Essentials", "onnxruntime", "numpy", "hnswlib", "pillow", "pi_heif")
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "?"
    # Only the catalogue may import it, and has done so by now.
    yield "sqlite", str(sys.modules["sqlite3"].sqlite_version)
