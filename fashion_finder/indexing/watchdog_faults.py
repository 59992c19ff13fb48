"""Keeps watchdog's own faults off the terminal: what it prints then names the user's folders.

When a folder is moved away and back, it warns with every path it watches; some orders of moving and
deleting end one of its threads with an error. The watcher notices that, and watches anew.
"""

from __future__ import annotations

import logging
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


def keep_quiet() -> Callable[[], None]:
    """From now on, log where one of watchdog's threads failed, and drop its warnings and messages.

    Returns what ends that. Faults of other threads go where they went before.
    """
    warnings.filterwarnings("ignore", module=r"watchdog\.")
    logging.getLogger("watchdog").propagate = False
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    before = threading.excepthook

    def hear(fault: threading.ExceptHookArgs) -> None:
        if not type(fault.thread).__module__.startswith("watchdog."):
            before(fault)
            return
        where = "".join(traceback.format_tb(fault.exc_traceback))
        log.info("watchdog has failed:\n%s%s", where, fault.exc_type.__name__)

    def end() -> None:
        if threading.excepthook is hear:
            threading.excepthook = before

    threading.excepthook = hear
    return end


def is_working(observer: Any) -> bool:
    """Whether all threads of an observer are still running."""
    threads = [*observer.emitters, getattr(observer, "_inotify_fd", None)]
    return all(thread.is_alive() for thread in threads if thread is not None)
