"""What a scan passed over: as the catalogue counts it, and as people are told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fashion_finder.domain import LeftOut, NotRead, SkippedFile
from fashion_finder.errors import PictureInCloud
from fashion_finder.indexing.scan import Scan
from fashion_finder.indexing.system_folders import reason

UNLISTED: Final = "It can't be opened right now. Its photos stay in the library"
DATALESS: Final = "It is only in the cloud. Its photos stay in the library"
UNMOUNTED: Final = "What was mounted here is not connected. Its photos stay in the library"
IN_CLOUD: Final = PictureInCloud.title

_SYSTEM_KIND = "system folder"
_UNLISTED_KINDS: Final = {"unlisted": UNLISTED, "dataless": DATALESS, "unmounted": UNMOUNTED}


def counts_of(scan: Scan, unmounted: Iterable[str] = ()) -> dict[tuple[str, str], int]:
    """What one scan passed over: folder and kind -> how many; see `LeftOutTable`.

    `unmounted` are parts of the folder whose mount is away.
    """
    counts = dict(scan.not_read)
    counts.update(((folder, _SYSTEM_KIND), 1) for folder in scan.system)
    for folder in scan.unlisted:
        counts[folder, "dataless" if folder in scan.dataless else "unlisted"] = 1
    counts.update(((folder, "unmounted"), 1) for folder in unmounted)
    return counts


def describe(
    counts: Iterable[tuple[Path, str, int]],
) -> tuple[LeftOut, tuple[SkippedFile, ...]]:
    """What was left out, and what could not be opened."""
    not_read, system, unlisted = [], [], []
    for folder, kind, count in counts:
        if kind == _SYSTEM_KIND:
            system.append(SkippedFile(folder, reason(folder.name)))
        elif kind in _UNLISTED_KINDS:
            unlisted.append(SkippedFile(folder, _UNLISTED_KINDS[kind]))
        else:
            not_read.append(NotRead(folder, kind, count))
    return LeftOut(tuple(not_read), tuple(system)), tuple(unlisted)
