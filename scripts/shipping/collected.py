"""What is inside a folder that PyInstaller made: every file has an owner, or the build stops."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution, distributions, packages_distributions
from pathlib import Path

from fashion_finder.ui.components import licence_text
from shipping.libraries import Library, library_of

_SHARED = re.compile(r"\.(so(\.[0-9.]+)?|dylib|dll|pyd)$")
_VENDORED = re.compile(r"(^|/)[^/]+\.libs/|(^|/)PySide6/(Qt/lib/|[^/]*\.dll$)|(^|/)\.dylibs/")
_OURS = {"fashion_finder"}
_STARTER = re.compile(r"_?pyi_|pyimod|_pyi|PyInstaller|struct$|zipimport$")

# Where a package's own words are no SPDX expression, or none.
_LICENCES = {
    "flatbuffers": "Apache-2.0",
    "hnswlib": "Apache-2.0",
    "onnxruntime": "MIT",
    "pi-heif": "BSD-3-Clause",
    "protobuf": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "typing-extensions": "PSF-2.0",
    "watchdog": "Apache-2.0",
}
_PURPOSES = {
    "Qt": "windows, menus, drawing",
    "hnswlib": "nearest neighbours",
    "numpy": "arrays",
    "onnxruntime": "runs the model",
    "pillow": "decodes pictures",
    "pi-heif": "decodes HEIC, with libheif and libde265",
    "pyside6-essentials": "Qt for Python: the window",
}


class UnknownFiles(Exception):
    """Files in the folder that nobody has looked at."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component as shipped."""

    name: str
    version: str
    licence: str  # SPDX
    text: str = ""
    purpose: str = ""
    purl: str = ""
    files: tuple[str, ...] = field(default=())


def parts_of(folder: Path, module_names: Iterable[str]) -> list[Part]:
    """The components of `folder`, PyInstaller's contents, sorted by name.

    `module_names` are the Python modules in its archive. Raises UnknownFiles.
    """
    shared = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if _SHARED.search(path.name) and path.is_file() and not path.is_symlink()
    )
    packages: dict[str, Distribution] = {}
    libraries: dict[Library, list[str]] = {}
    unknown: list[str] = []
    owners = _owners()
    for name in shared:
        library = library_of(Path(name).name)
        owner = owners.get(name)
        if library is not None and (owner is None or _VENDORED.search(name)):
            libraries.setdefault(library, []).append(name)
        elif owner is not None and not _VENDORED.search(name):
            packages[_normal(owner.name)] = owner
        elif not _is_pythons(name):
            unknown.append(name)
    by_import = packages_distributions()
    installed = {_normal(one.name): one for one in distributions() if one.name}
    for module in sorted({name.partition(".")[0] for name in module_names}):
        if module in sys.stdlib_module_names or module in _OURS or _STARTER.match(module):
            continue
        found = [_normal(name) for name in by_import.get(module, ())]
        packages.update({name: installed[name] for name in found[:1]})
        if not found and not module.startswith("_sysconfigdata"):
            unknown.append(f"module {module}")
    if unknown:
        raise UnknownFiles(", ".join(unknown))
    parts = [_python(), _starter(), *map(_package, packages.values())]
    parts += [_library(one, files, owners) for one, files in libraries.items()]
    return sorted(_without_doubles(parts), key=lambda part: part.name.lower())


def _owners() -> dict[str, Distribution]:
    """Which package brought a shared library, by its path in the packages' folder."""
    return {
        file.as_posix(): package
        for package in distributions()
        for file in package.files or ()
        if _SHARED.search(file.name)
    }


def _is_pythons(name: str) -> bool:
    """An extension of Python's own library."""
    stem = Path(name).name.partition(".")[0]
    return "lib-dynload/" in name or stem in sys.stdlib_module_names


def _python() -> Part:
    text = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    if not text.is_file():
        text = Path("/usr/share/doc") / f"python3.{sys.version_info.minor}" / "copyright"
    return Part(
        name="Python",
        version=platform.python_version(),
        licence="Python-2.0",
        text=text.read_text(encoding="utf-8", errors="replace"),
        purpose="the language",
        purl=f"pkg:generic/python@{platform.python_version()}",
    )


def _starter() -> Part:
    """The small program that starts Python; its exception is for exactly this use."""
    package = distribution("pyinstaller")
    return Part(
        name="PyInstaller bootloader",
        version=package.version,
        licence="GPL-2.0-or-later WITH Bootloader-exception",
        text=licence_text(package),
        purpose="starts the program",
        purl=f"pkg:pypi/pyinstaller@{package.version}",
    )


def _package(package: Distribution) -> Part:
    name = _normal(package.name)
    licence = _LICENCES.get(name) or str(package.metadata.json.get("license_expression", ""))
    return Part(
        name=package.name,
        version=package.version,
        licence=licence,
        text=licence_text(package),
        purpose=_PURPOSES.get(name, ""),
        purl=f"pkg:pypi/{name}@{package.version}",
    )


def _library(library: Library, files: list[str], owners: dict[str, Distribution]) -> Part:
    of_the_system = [name for name in files if name not in owners]
    if of_the_system:
        version, text = _of_the_system(Path(of_the_system[0]).name)
        purl = f"pkg:deb/{_slug(library.name)}@{version}" if version else ""
    else:
        owner = owners[files[0]]
        version = owner.version if library.name.startswith(("Qt", "ICU")) else _version_in(files)
        text = f"Shipped inside the package {owner.name} {owner.version}; see there as well.\n"
        purl = f"pkg:generic/{_slug(library.name)}@{version}"
    return Part(
        name=library.name,
        version=version,
        licence=library.licence,
        text=text,
        purpose=_PURPOSES.get(library.name, ""),
        purl=purl or f"pkg:generic/{_slug(library.name)}",
        files=tuple(files),
    )


def _version_in(files: list[str]) -> str:
    """The number in a library's file name, which is its interface's rather than its release's."""
    found = re.search(r"\.so\.([0-9.]+)$", files[0])
    return found[1] if found else ""


def _of_the_system(file_name: str) -> tuple[str, str]:
    """Version and copyright file of the Debian package a library was taken from."""
    if shutil.which("dpkg-query") is None:
        return "", ""
    package = _dpkg("--search", f"*/{file_name}").partition(": ")[0].partition(",")[0]
    if not package:
        return "", ""
    version = _dpkg("--show", "--showformat=${Version}", package)
    copyright_file = Path("/usr/share/doc", package.partition(":")[0], "copyright")
    if not copyright_file.is_file():
        return version, ""
    return version, copyright_file.read_text(encoding="utf-8", errors="replace")


def _dpkg(*arguments: str) -> str:
    asked = subprocess.run(["dpkg-query", *arguments], capture_output=True, text=True, check=False)
    return asked.stdout


def _without_doubles(parts: Iterable[Part]) -> list[Part]:
    """One part per name: a package and its own shared library are the same thing."""
    kept: dict[str, Part] = {}
    for part in parts:
        kept.setdefault(part.name.lower(), part)
    return list(kept.values())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.+-]+", "-", os.fspath(name).lower())
