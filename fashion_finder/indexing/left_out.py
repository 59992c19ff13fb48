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
IN_CLOUD: Final = PictureInCloud.title

_SYSTEM_KIND, _UNLISTED_KIND, _DATALESS_KIND = "system folder", "unlisted", "dataless"


def counts_of(scan: Scan) -> dict[tuple[str, str], int]:
    """What one scan passed over: folder and kind -> how many; see `LeftOutTable`."""
    counts = dict(scan.not_read)
    counts.update(((folder, _SYSTEM_KIND), 1) for folder in scan.system)
    for folder in scan.unlisted:
        counts[folder, _DATALESS_KIND if folder in scan.dataless else _UNLISTED_KIND] = 1
    return counts


def describe(
    counts: Iterable[tuple[Path, str, int]],
) -> tuple[LeftOut, tuple[SkippedFile, ...]]:
    """What was left out, and what could not be opened."""
    not_read, system, unlisted = [], [], []
    for folder, kind, count in counts:
        if kind == _SYSTEM_KIND:
            system.append(SkippedFile(folder, reason(folder.name)))
        elif kind == _UNLISTED_KIND:
            unlisted.append(SkippedFile(folder, UNLISTED))
        elif kind == _DATALESS_KIND:
            unlisted.append(SkippedFile(folder, DATALESS))
        else:
            not_read.append(NotRead(folder, kind, count))
    return LeftOut(tuple(not_read), tuple(system)), tuple(unlisted)
