"""The frozen executable among the other programs of a system."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

# PyInstaller's boot loader and its hook for Qt point these to our own folder.
_LIBRARIES = "LD_LIBRARY_PATH"
_ORIGINAL = f"{_LIBRARIES}_ORIG"
_QT_PATHS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
# Makes the boot loader of a decode worker, which is this program again, set them anew.
_START_AFRESH = "PYINSTALLER_RESET_ENVIRONMENT"


def give_back_environment(environment: MutableMapping[str, str]) -> None:
    """Undo, for the programs we open, what the boot loader did for us.

    A picture viewer would load our libraries instead of the system's, and often crash. This process
    is not affected: the linker has read its paths, and Qt finds its plug-ins without them.
    """
    if not getattr(sys, "frozen", False):
        return
    original = environment.pop(_ORIGINAL, None)
    environment.pop(_LIBRARIES, None)
    if original:
        environment[_LIBRARIES] = original
    for name in _QT_PATHS:
        environment.pop(name, None)
    environment[_START_AFRESH] = "1"
