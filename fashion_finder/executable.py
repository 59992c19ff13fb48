"""The executable among the other programs of a system."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping

# What PyInstaller's starter and its hook for Qt set so that ours are found: our own folder.
_LIBRARIES = "LD_LIBRARY_PATH"
_ORIGINAL = f"{_LIBRARIES}_ORIG"
_QT_PLACES = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
# Asks the starter of a decode worker, which is this program again, to set them anew.
_START_AFRESH = "PYINSTALLER_RESET_ENVIRONMENT"


def give_back_environment(environment: MutableMapping[str, str]) -> None:
    """Undo for the programs that we open what the starter of the executable did for us.

    A picture viewer would load our libraries in place of the system's, and often end at once. This
    process is not affected: the linker has read its paths, and Qt finds its plug-ins without.
    """
    if not getattr(sys, "frozen", False):
        return
    original = environment.pop(_ORIGINAL, None)
    environment.pop(_LIBRARIES, None)
    if original:
        environment[_LIBRARIES] = original
    for name in _QT_PLACES:
        environment.pop(name, None)
    environment[_START_AFRESH] = "1"
