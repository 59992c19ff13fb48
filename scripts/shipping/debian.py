"""Makes a Debian package of a built folder: the program, a desktop entry, picture types, icons.

What the package depends on is read off the files: libraries that they ask for and do not bring. No
file asks for a font, so that is said here.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fashion_finder import __version__
from shipping import icons

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"
NAME = "fashion-finder"
_ELF = b"\x7fELF"
_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
# Says where fonts lie, and brings one where there is none: without it every letter is an empty box.
FONTS = "fontconfig-config"

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: Fashion Finder contributors <fashion-finder@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Section: graphics
Priority: optional
Description: find the pieces in your folders that look most like a picture
 Drop a picture of a garment or an accessory on the window and see the five
 most similar pieces of your own folders. Everything happens on this computer:
 the program opens no network connection, and photos are never changed.
"""


class CannotPackage(Exception):
    """The folder or the system lacks something a package needs."""


def make_package(folder: Path, into: Path, compression: str = "xz") -> Path:
    """The .deb's path; `compression` is a word of dpkg-deb. Raises CannotPackage."""
    if not (folder / NAME).is_file():
        raise CannotPackage(f"{folder} holds no built program: make executable")
    into.mkdir(parents=True, exist_ok=True)
    architecture = _output("dpkg", "--print-architecture").strip()
    package = into / f"{NAME}_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        tree = Path(scratch) / "tree"
        lay_out(folder, tree)
        control = CONTROL.format(
            name=NAME,
            version=__version__,
            architecture=architecture,
            kilobytes=sum(one.stat().st_size for one in _files(tree)) // 1024,
            depends=", ".join(dependencies(folder)),
        )
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        (tree / "DEBIAN" / "md5sums").write_text(_md5sums(tree), encoding="utf-8")
        options = ("--root-owner-group", f"-Z{compression}")
        _output("dpkg-deb", *options, "--build", str(tree), str(package))
    return package


def lay_out(folder: Path, tree: Path) -> None:
    """Everything where Debian wants it."""
    share = tree / "usr" / "share"
    shutil.copytree(folder, tree / "usr" / "lib" / NAME, symlinks=True)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.name == NAME else 0o644)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    for source, target in (
        (LINUX / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop"),
        (LINUX / f"{NAME}.metainfo.xml", share / "metainfo" / f"{NAME}.metainfo.xml"),
        (folder / "NOTICES.txt", share / "doc" / NAME / "copyright"),
        (ROOT / "CHANGELOG.md", share / "doc" / NAME / "changelog.md"),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    icons.write_linux(share)


def dependencies(folder: Path) -> list[str]:
    """The Debian packages that the program needs, the C library with its least version."""
    programs = [path for path in _files(folder) if _is_elf(path)]
    brought = {path.name for path in folder.rglob("*")}
    wanted: set[str] = set()
    glibc = (0, 0)
    for path in programs:
        listing = _output("objdump", "-p", str(path))
        wanted.update(_NEEDED.findall(listing))
        for major, minor in _GLIBC.findall(listing):
            glibc = max(glibc, (int(major), int(minor)))
    packages = {FONTS} | {_package_of(name) for name in sorted(wanted - brought)}
    packages.discard("libc6")
    return [f"libc6 (>= {glibc[0]}.{glibc[1]})", *sorted(packages)]


def _package_of(library: str) -> str:
    found = _output("dpkg-query", "--search", f"*/{library}").partition(":")[0].partition(",")[0]
    if not found:
        raise CannotPackage(f"no package here holds {library}")
    return found


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def _md5sums(tree: Path) -> str:
    lines = []
    for path in _files(tree / "usr"):
        digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        lines.append(f"{digest}  {path.relative_to(tree)}\n")
    return "".join(lines)


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and command[0] != "dpkg-query":
        raise CannotPackage(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout
