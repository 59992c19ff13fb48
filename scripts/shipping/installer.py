"""Wraps a built folder for the system at hand: make installer.

    python -m shipping.installer dist

Linux: a Debian package. Windows: a setup program for one user, by Inno Setup. macOS: a disk image.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from fashion_finder import __version__
from shipping.debian import CannotPackage, make_package

ROOT = Path(__file__).parents[2]


def command_for(system: str, dist: Path) -> list[str]:
    """The foreign program that makes the package there, and its arguments."""
    if system == "win32":
        script = ROOT / "packaging" / "windows" / "installer.iss"
        definitions = [f"/DVersion={__version__}", f"/DFolder={dist / 'fashion-finder'}"]
        return ["iscc", *definitions, f"/O{dist}", str(script)]
    image = dist / f"fashion-finder-{__version__}.dmg"
    bundle = dist / "Fashion Finder.app"
    options = ["-volname", "Fashion Finder", "-srcfolder", str(bundle), "-ov", "-format", "UDZO"]
    return ["hdiutil", "create", *options, str(image)]


def make(system: str, dist: Path) -> int:
    """Package what lies in a folder; the exit code. Raises CannotPackage."""
    if system == "linux":
        print(make_package(dist / "fashion-finder", dist))
        return 0
    command = command_for(system, dist)
    if shutil.which(command[0]) is None:
        raise CannotPackage(f"{command[0]} is missing")
    return subprocess.run(command, check=False).returncode


def main() -> int:
    """Package what lies in the folder named on the command line."""
    try:
        return make(sys.platform, Path(sys.argv[1]).absolute())
    except CannotPackage as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
