"""Logs unhandled exceptions with their trace, and reports them to the window."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger("fashion_finder")
qt_log = logging.getLogger("fashion_finder.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class BugReports(QObject):
    """Replaces Python's exception hooks and Qt's message handler.

    An exception in a slot, or in work on one of Qt's threads, reaches `sys.excepthook` as well.
    """

    reported = Signal(str)  # the trace

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._give_back: Callable[[], None] | None = None
        # Called with the reason when Qt cannot start.
        self.no_window: Callable[[str], None] | None = None

    def install(self) -> None:
        """Begin; possible before there is an application, since that may be what fails."""
        if self._give_back is not None:
            return
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        qt_handler = qInstallMessageHandler(self._log_from_qt)

        def give_back() -> None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
            qInstallMessageHandler(qt_handler)

        self._give_back = give_back
        sys.excepthook = self.report
        threading.excepthook = self._report_from_thread
        sys.unraisablehook = _log_unraisable

    def uninstall(self) -> None:
        """Restore the earlier hooks."""
        if self._give_back is not None:
            self._give_back()
            self._give_back = None

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an unhandled exception, and emit it."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("unexpected error", exc_info=(kind, error, trace))
        self.reported.emit("".join(traceback.format_exception(kind, error, trace)))

    def _report_from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_type, args.exc_value, args.exc_traceback)

    def _log_from_qt(self, kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        category = getattr(context, "category", None) or "default"
        qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, text)
        if kind is QtMsgType.QtFatalMsg and self.no_window is not None:
            self.no_window(text or "")


def _log_unraisable(args: sys.UnraisableHookArgs) -> None:
    """An exception that Python cannot raise anywhere, as in a finaliser."""
    if args.exc_value is not None:
        trace = (args.exc_type, args.exc_value, args.exc_traceback)
        log.error("unexpected error that could not be raised", exc_info=trace)
