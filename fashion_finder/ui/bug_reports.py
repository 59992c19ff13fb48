"""What must not happen, caught at the edge: logged with its trace, and told to the window."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
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
    """Takes the place of Python's exception hooks and of Qt's message handler."""

    reported = Signal(str)  # the trace

    def install(self) -> None:
        """Listen from now on."""
        sys.excepthook = self.take
        threading.excepthook = self._take_from_thread
        qInstallMessageHandler(_log_qt_message)

    def uninstall(self) -> None:
        """Give the hooks back to Python and Qt."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an exception nobody caught, and tell of it."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("unexpected error", exc_info=(kind, error, trace))
        self.reported.emit("".join(traceback.format_exception(kind, error, trace)))

    def _take_from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_type, args.exc_value, args.exc_traceback)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
    category = getattr(context, "category", None) or "default"
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, text)
