"""Logging: a small rotating file in the data folder, and stderr when asked for.

Log lines name no file or folder of the user's: they carry an error's ``reason``, not its subject.
With ``--verbose`` they may.
"""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

LOG_NAME = "fashion-finder.log"
_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def set_up_logging(data_dir: Path, *, verbose: bool) -> None:
    """Log to the data folder, which must exist; a folder that cannot be written gets no log."""
    root = logging.getLogger("fashion_finder")
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    handlers: list[logging.Handler] = []
    try:
        (data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                data_dir / "logs" / LOG_NAME, maxBytes=_BYTES, backupCount=2, encoding="utf-8"
            )
        )
    except OSError as error:
        logging.getLogger(__name__).warning("no log can be written: %s", error.strerror)
    if verbose:
        handlers.append(logging.StreamHandler())
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
