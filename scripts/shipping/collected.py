"""What is inside a folder that PyInstaller made: every file has an owner, or the build stops."""

from __future__ import annotations

import os
import platform
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution, distributions, packages_distributions
from pathlib import Path
from urllib.parse import quote

from fashion_finder.support.components import licence_text
from shipping import inside_qt
from shipping.inside_qt import Work
from shipping.libraries import Library, library_of
from shipping.policy import named_in
from shipping.releases import DebianPackage, debian_package, release_inside

_SHARED = re.compile(r"\.(so(\.[0-9.]+)?|dylib|dll|pyd)$")
_VENDORED = re.compile(r"(^|/)[^/]+\.libs/|(^|/)PySide6/(Qt/lib/|[^/]*\.dll$)|(^|/)\.dylibs/")
_OURS = {"fashion_finder"}
_STARTER = re.compile(r"_?pyi_|pyimod|_pyi|PyInstaller|struct$|zipimport$")

_FACTS = tomllib.loads(Path(__file__).with_name("packages.toml").read_text(encoding="utf-8"))
_LICENCES: dict[str, str] = _FACTS["licences"]
_PURPOSES: dict[str, str] = _FACTS["purposes"]


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
    unstated: str = "version not stated by its maker"  # what is told where there is no version
    within: str = ""  # the name of the part that it is compiled into
    copyright: str = ""
    texts: tuple[str, ...] = field(default=())  # licences whose texts are kept with us, by SPDX

    @property
    def title(self) -> str:
        """The name among all parts."""
        return f"{self.within}: {self.name}" if self.within else self.name

    @property
    def told_version(self) -> str:
        """The version, or why there is none."""
        return self.version or f"({self.unstated})"


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
    modules = inside_qt.modules_in(shared)
    unknown += inside_qt.not_looked_at(modules, distribution("PySide6_Essentials").version)
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
    parts += [part for one, files in libraries.items() for part in _library(one, files, owners)]
    parts = _without_doubles(parts)
    parts += [_embedded(work, modules) for work in inside_qt.embedded_in(modules)]
    return sorted(parts, key=_place)


def _place(part: Part) -> tuple[str, str, str]:
    """What is compiled into a part comes right after it."""
    return ((part.within or part.name).lower(), part.within and part.name.lower(), part.version)


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


def _library(library: Library, files: list[str], owners: dict[str, Distribution]) -> list[Part]:
    """One part for each place that a library's files came from: they are different releases."""
    by_package: dict[str, list[str]] = {}
    by_source: dict[DebianPackage | None, list[str]] = {}
    for name in files:
        if name in owners:
            by_package.setdefault(_normal(owners[name].name), []).append(name)
        else:
            by_source.setdefault(debian_package(Path(name).name), []).append(name)
    parts = [_vendored(library, theirs, owners[theirs[0]]) for theirs in by_package.values()]
    for source, theirs in by_source.items():
        parts.append(
            Part(
                name=library.name,
                version=source.version if source else "",
                licence=library.licence,
                text=source.copyright_text if source else "",
                purpose=_PURPOSES.get(library.name, ""),
                purl=source.purl if source else f"pkg:generic/{_slug(library.name)}",
                files=tuple(theirs),
            )
        )
    return parts


def _vendored(library: Library, files: list[str], owner: Distribution) -> Part:
    """A library inside a Python package, whose licence file names it when there is one."""
    if library.name.startswith("Qt"):
        version = owner.version
    else:
        version = release_inside(_normal(owner.name), library, Path(files[0]).name)
    brought = f"Shipped inside the package {owner.name} {owner.version}; see there as well.\n"
    return Part(
        name=library.name,
        version=version,
        licence=library.licence,
        text=brought if licence_text(owner).strip() else "",
        purpose=_PURPOSES.get(library.name, ""),
        purl=f"pkg:generic/{_slug(library.name)}" + (f"@{version}" if version else ""),
        files=tuple(files),
    )


def _embedded(work: Work, modules: dict[str, str]) -> Part:
    holders = [name for name in work.modules if name in modules]
    release = f"{work.host} {inside_qt.MADE_FOR}"
    inside = f"Compiled into {' and '.join(holders)} of {release}."
    unstated = f"version not shown by {release}"
    licence = f"Licence: {work.licence}; the full text is further below."
    return Part(
        name=work.name,
        version=work.version,
        licence=work.licence,
        text="\n\n".join(filter(None, (work.copyright, work.note, inside, licence))),
        purl=f"pkg:generic/{_slug(work.name)}"
        + (f"@{quote(work.version)}" if work.version else ""),
        files=tuple(modules[name] for name in holders),
        unstated=f"{unstated}; {work.earlier}" if work.earlier else unstated,
        within=work.host,
        copyright=work.copyright,
        texts=named_in(work.licence),
    )


def _without_doubles(parts: Iterable[Part]) -> list[Part]:
    """A package and its own shared library are the same thing, told by the package."""
    kept: dict[tuple[str, str], Part] = {}
    told: set[str] = set()
    for part in parts:
        name = part.name.lower()
        if not part.files:
            told.add(name)
        elif name in told:
            continue
        kept.setdefault((name, part.purl), part)
    return list(kept.values())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.+-]+", "-", os.fspath(name).lower())
