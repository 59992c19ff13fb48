"""The third-party components of the program: versions, licences and their texts."""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

NOTICES = Path(__file__).parents[1] / "notices.json"  # built with the executable

# distribution, what it is for, licence (SPDX)
_PACKAGES = (
    ("PySide6_Essentials", "Qt for Python: the window", "LGPL-3.0-only"),
    ("onnxruntime", "runs the model", "MIT"),
    ("hnswlib", "nearest neighbours", "Apache-2.0"),
    ("numpy", "arrays", "BSD-3-Clause"),
    ("pillow", "decodes pictures", "MIT-CMU"),
    ("pi_heif", "decodes HEIC, with libheif and libde265", "BSD-3-Clause, LGPL-3.0-only"),
    ("protobuf", "reads the model file", "BSD-3-Clause"),
)
_LICENCE_FILE = re.compile(r"(^|/)(licen[cs]es?|copying|notice|thirdpartynotices)[^/]*$", re.I)
_LICENCE_FOLDER = re.compile(r"\.dist-info/licenses/", re.I)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the program that others made."""

    name: str
    version: str
    purpose: str
    licence: str
    text: str = ""


def components(qt_version: str, notices: Path = NOTICES) -> tuple[Component, ...]:
    """What the executable ships; when run from source, what is installed.

    Reads files: not for the GUI thread.
    """
    if notices.is_file():
        return tuple(
            Component(**notice) for notice in json.loads(notices.read_text(encoding="utf-8"))
        )
    return (
        Component("Python", platform.python_version(), "the language", "PSF-2.0"),
        Component("Qt", qt_version, "windows, menus, drawing", "LGPL-3.0-only"),
        *(_installed(name, purpose, licence) for name, purpose, licence in _PACKAGES),
    )


def licence_text(package: Distribution) -> str:
    """The licence files of a Python package, joined."""
    texts = []
    for file in package.files or ():
        name = file.as_posix()
        if _LICENCE_FOLDER.search(name) or _LICENCE_FILE.search(name):
            path = Path(str(file.locate()))
            if path.suffix in {"", ".txt", ".md", ".rst"} and path.is_file():
                texts.append(path.read_text(encoding="utf-8", errors="replace").strip())
    return "\n\n".join(texts)


def _installed(name: str, purpose: str, licence: str) -> Component:
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return Component(name, "?", purpose, licence)
    return Component(name, package.version, purpose, licence, licence_text(package))
