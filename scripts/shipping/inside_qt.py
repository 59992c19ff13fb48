"""What others wrote and Qt compiled into the libraries and plug-ins that are shipped: qt_works.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Work:
    """A work of other people inside a library, where no file shows it; qt_works.toml explains."""

    name: str
    licence: str  # SPDX
    modules: tuple[str, ...]
    copyright: str
    version: str = ""
    mark: str = ""
    earlier: str = ""
    host: str = "Qt"
    note: str = ""


def _work(entry: dict[str, Any]) -> Work:
    return Work(**{**entry, "modules": tuple(entry["modules"])})


_FACTS = tomllib.loads(Path(__file__).with_name("qt_works.toml").read_text(encoding="utf-8"))
MADE_FOR: str = _FACTS["release"]
CONSIDERED = frozenset(_FACTS["modules"])
WORKS = tuple(map(_work, _FACTS["works"]))

_ENDING = r"\.(?:so|dylib|dll)(?:\.[0-9.]+)?$"
_MODULE = re.compile(
    r"PySide6/(?:.*/)?plugins/(?P<folder>.+)/(?:lib)?(?P<plugin>[^/]+?)"
    + _ENDING
    + r"|(?:^|/)(?:lib)?(?P<library>Qt6[A-Za-z0-9]+?)"
    + _ENDING
    + r"|(?:^|/)(?:lib)?(?P<binding>shiboken6)\.abi3"
    + _ENDING
)


def module_of(file: str) -> str | None:
    """What CONSIDERED calls a shipped file; None when it is no library or plug-in of Qt."""
    found = _MODULE.search(file)
    if found is None:
        return None
    if found["plugin"]:
        return f"{found['folder']}/{found['plugin']}"
    return found["library"] or found["binding"]


def modules_in(files: Iterable[str]) -> dict[str, str]:
    """The files of Qt among those shipped, by the name of their module."""
    named = ((module_of(file), file) for file in files)
    return {module: file for module, file in named if module is not None}


def not_looked_at(modules: Iterable[str], release: str) -> list[str]:
    """What nobody has looked at: modules, or all of a release of Qt that is not the one looked at."""
    modules = sorted(modules)
    unknown = [f"what is inside {module}" for module in modules if module not in CONSIDERED]
    if modules and release != MADE_FOR:
        unknown.append(f"what is inside Qt {release} (it was looked up for {MADE_FOR})")
    return unknown


def embedded_in(modules: Iterable[str]) -> list[Work]:
    """The works of others that are compiled into some of these modules."""
    shipped = set(modules)
    return [work for work in WORKS if shipped & set(work.modules)]
