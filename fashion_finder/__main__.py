"""The entry point of the installed command, of ``python -m fashion_finder`` and of the executable."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import MutableMapping


def main() -> int:
    """Run the command line; the value is the exit code."""
    # First of all: in the executable, a decode worker is this same program started again, and must
    # become a worker here instead of opening another window.
    multiprocessing.freeze_support()
    give_back_environment(os.environ)
    from fashion_finder.cli import main as command_line

    return command_line()


def give_back_environment(environment: MutableMapping[str, str]) -> None:
    """Undo, for the programs we open, what PyInstaller's boot loader and its hook for Qt did for us.

    A picture viewer would load our libraries instead of the system's, and often crash. This process
    is not affected: the linker has read its paths, and Qt finds its plug-ins without them.
    """
    if not getattr(sys, "frozen", False):
        return
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    for name in ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        environment.pop(name, None)
    if original:
        environment["LD_LIBRARY_PATH"] = original
    # Makes the boot loader of a decode worker, which is this program again, set them anew.
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


if __name__ == "__main__":
    sys.exit(main())
