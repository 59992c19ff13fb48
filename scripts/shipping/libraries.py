"""Whose the shared libraries are that come with Python packages or from the system: libraries.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Library:
    """A project and the files that it makes; libraries.toml explains."""

    name: str
    licence: str  # SPDX
    files: tuple[str, ...]
    same_numbers: bool = False
    pillow_feature: str = ""


def _library(entry: dict[str, Any]) -> Library:
    return Library(**{**entry, "files": tuple(entry["files"])})


_FACTS = tomllib.loads(Path(__file__).with_name("libraries.toml").read_text(encoding="utf-8"))
LIBRARIES = tuple(map(_library, _FACTS["libraries"]))

_FILE = re.compile(
    r"(?:lib)?(?P<stem>.+?)(?:-[0-9a-f]{8})*(?:[-.][0-9.]+)*\.(?:so|dylib|dll)(?:\.[0-9.]+)?$"
)


def library_of(file_name: str) -> Library | None:
    """Whose library a file is; None when nobody has looked at it."""
    found = _FILE.match(file_name)
    if found is None:
        return None
    stem = found["stem"]
    for library in LIBRARIES:
        for name in library.files:
            if stem == name or (name.endswith("*") and stem.startswith(name[:-1])):
                return library
    return None
