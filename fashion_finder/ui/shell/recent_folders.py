"""The folders of the menu: those used last, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MOST = 10


def with_newest(recent: Iterable[str], folders: Iterable[Path]) -> tuple[str, ...]:
    """The list after `folders` were used."""
    newest = [str(folder) for folder in folders]
    return _unique([*newest, *recent])[:MOST]


def for_menu(recent: Iterable[str], indexed: Iterable[Path]) -> tuple[Path, ...]:
    """What to offer: the recent ones that are still indexed, then the other indexed ones."""
    known = [str(folder) for folder in indexed]
    ordered = [folder for folder in recent if folder in known] + known
    return tuple(Path(folder) for folder in _unique(ordered)[:MOST])


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
