"""Which release of a library lies inside a Python package, and in which Debian package one came.

A file's name carries the number of its interface. That is rarely a release that anybody could look up,
so the package itself is asked; where it does not know either, no number is told rather than a wrong one.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import quote

from shipping.libraries import Library


def release_inside(package: str, library: Library, file_name: str) -> str:
    """The release of a library that a Python package brings; "" when nobody knows."""
    number = re.search(r"\.so\.([0-9.]+)$", file_name)
    if library.same_numbers:
        return number[1] if number else ""
    if library.name == "libpng":  # libpng16.so.16.58.0 is 1.6.58
        return f"1.6.{number[1].split('.')[1]}" if number and "." in number[1] else ""
    ask = {"pillow": _pillow, "pi-heif": _pi_heif, "numpy": _numpy}.get(package)
    return (ask(library) if ask is not None else "") or _in_bill_of(package, library.name)


def _in_bill_of(package: str, library: str) -> str:
    """As the bills of materials say that lie in the package's own metadata (PEP 770)."""
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError:
        return ""
    for file in files:
        if file.parent.name == "sboms" and file.name.endswith(".cdx.json"):
            for part in json.loads(file.read_text(encoding="utf-8")).get("components", ()):
                if part["name"].lower() == library.lower() and "version" in part:
                    return str(part["version"])
    return ""


def _pillow(library: Library) -> str:
    from PIL import features

    return (features.version(library.pillow_feature) or "") if library.pillow_feature else ""


def _pi_heif(library: Library) -> str:
    import pi_heif

    told = pi_heif.libheif_info()
    if library.name == "libheif":
        return str(told["libheif"])
    found = re.search(r"version ([0-9.]+)", str(told["decoders"].get(library.name, "")))
    return found[1] if found else ""


def _numpy(library: Library) -> str:
    import numpy as np

    if library.name != "OpenBLAS":
        return ""
    return str(np.show_config(mode="dicts")["Build Dependencies"]["blas"]["version"])


@dataclass(frozen=True, slots=True)
class DebianPackage:
    """Where a library of the system comes from."""

    source: str
    version: str
    copyright_text: str

    @property
    def purl(self) -> str:
        """The package URL of its source package."""
        system = platform.freedesktop_os_release().get("ID", "debian")
        return f"pkg:deb/{system}/{self.source}@{quote(self.version, safe='~')}?arch=source"


def debian_package(file_name: str) -> DebianPackage | None:
    """The package that a library of the system is in; None where there is no such thing."""
    if shutil.which("dpkg-query") is None:
        return None
    package = _dpkg("--search", f"*/{file_name}").partition(": ")[0].partition(",")[0]
    if not package:
        return None
    form = "${source:Package}\t${source:Version}"
    source, _, version = _dpkg("--show", f"--showformat={form}", package).partition("\t")
    text = Path("/usr/share/doc", package.partition(":")[0], "copyright")
    return DebianPackage(
        source, version, text.read_text("utf-8", "replace") if text.is_file() else ""
    )


def _dpkg(*arguments: str) -> str:
    asked = subprocess.run(["dpkg-query", *arguments], capture_output=True, text=True, check=False)
    return asked.stdout
