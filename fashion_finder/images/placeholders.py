"""Files and folders that are only in the cloud: their names are here, reading them downloads them.

OneDrive, iCloud Drive, Dropbox and others leave a placeholder with a file's name, size and times. It
is known by what `stat` says, which downloads nothing. Linux has no such mark.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_RECALLED: Final = 0x400000 | 0x40000 | 0x1000
"""Windows: FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS (OneDrive), RECALL_ON_OPEN, OFFLINE (older ones)."""

_DATALESS: Final = 0x40000000
"""macOS: SF_DATALESS in `st_flags`; see Apple's TN3150."""

_STUB: Final = ".icloud"

SYSTEM_HAS_THEM: Final = sys.platform in ("win32", "darwin")


def is_only_in_cloud(status: os.stat_result) -> bool:
    """Whether reading a file would download it."""
    return bool(getattr(status, "st_file_attributes", 0) & _RECALLED) or is_dataless(status)


def is_dataless(status: os.stat_result) -> bool:
    """Whether listing a folder would download its list, which macOS does; Windows has it already."""
    return bool(getattr(status, "st_flags", 0) & _DATALESS)


def stub_for(name: str) -> str | None:
    """The file that a stub of older iCloud Drives stands for: ``.a.jpg.icloud`` for ``a.jpg``."""
    if name.startswith(".") and name.endswith(_STUB):
        return name[1 : -len(_STUB)]
    return None
