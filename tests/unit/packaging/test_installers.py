"""What is wrapped around the executable for each system, as far as this one can check it."""

from __future__ import annotations

import ast
import configparser
import io
import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from fashion_finder import __version__
from fashion_finder.images.formats import PICTURE_SUFFIXES
from shipping import icons
from shipping.debian import CannotPackage, make_package
from shipping.installer import command_for
from shipping.windows import version_resource

ROOT = Path(__file__).parents[3]
PACKAGING = ROOT / "packaging"
# A suffix that only doubles another one of the same format.
SAME = {
    ".jpe",
    ".jfif",
    ".heif",
    ".hif",
    ".mpo",
    ".dib",
    ".apng",
    ".heics",
    ".heifs",
    ".avifs",
    ".tif",
}

on_debian = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dpkg-deb") is None,
    reason="makes a Debian package",
)


def formats() -> set[str]:
    """Every picture format, by one suffix of it."""
    return {suffix for suffix in PICTURE_SUFFIXES if suffix not in SAME}


# ---------------------------------------------------------------- Linux


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of a stand-in: a real program file, and what lies beside the real one."""
    folder = tmp_path_factory.mktemp("dist") / "fashion-finder"
    (folder / "_internal").mkdir(parents=True)
    program = shutil.which("true")
    assert program is not None
    shutil.copy(program, folder / "fashion-finder")
    (folder / "NOTICES.txt").write_text("notices")
    (folder / "_internal" / "data with blanks").write_text("x")
    return make_package(folder, folder.parent)


def unpacked(package: Path, into: Path) -> Path:
    """What the package would put on a system."""
    subprocess.run(["dpkg-deb", "--extract", package, into], check=True)
    return into


@on_debian
def test_the_package_says_what_it_is_and_needs(package: Path) -> None:
    """Its dependencies are read off the program: here, only the C library; and there must be a font."""
    fields = ["Package", "Version", "Depends", "Installed-Size", "Architecture"]
    asked = ["dpkg-deb", "--field", str(package), *fields]
    told = dict(
        line.split(": ", 1)
        for line in subprocess.run(
            asked, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    )
    assert told["Package"] == "fashion-finder"
    assert told["Version"] == __version__
    assert re.fullmatch(r"libc6 \(>= 2\.\d+\), fontconfig-config", told["Depends"])
    assert int(told["Installed-Size"]) > 10


@on_debian
def test_the_package_puts_everything_in_its_place(package: Path, tmp_path: Path) -> None:
    """The program on the path, the entry, its icon in every size; owned by root, changed by nobody."""
    root = unpacked(package, tmp_path / "root")
    link = root / "usr/bin/fashion-finder"
    assert link.is_symlink()
    assert link.resolve() == (root / "usr/lib/fashion-finder/fashion-finder").resolve()
    assert (root / "usr/share/doc/fashion-finder/copyright").read_text() == "notices"
    entry = root / "usr/share/applications/fashion-finder.desktop"
    assert entry.read_bytes() == (PACKAGING / "linux/fashion-finder.desktop").read_bytes()
    theme = root / "usr/share/icons/hicolor"
    for size in (16, 22, 24, 32, 48, 64, 96, 128, 256, 512):
        with Image.open(theme / f"{size}x{size}/apps/fashion-finder.png") as picture:
            assert picture.size == (size, size)
    drawing = ET.parse(theme / "scalable/apps/fashion-finder.svg")  # noqa: S314 - ours
    assert drawing.getroot().get("viewBox") == "0 0 256 256"
    listed = subprocess.run(
        ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True
    ).stdout
    lines = listed.splitlines()
    assert all(" root/root " in line for line in lines)
    assert not any(re.match(r".{8}w", line) for line in lines if not line.startswith("l"))


@on_debian
def test_the_checksums_are_those_of_the_files(package: Path, tmp_path: Path) -> None:
    """`debsums` would complain otherwise."""
    root = unpacked(package, tmp_path / "root")
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    sums = tmp_path / "control" / "md5sums"
    done = subprocess.run(
        ["md5sum", "--check", "--quiet", sums], cwd=root, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


@on_debian
def test_an_empty_folder_is_not_packaged(tmp_path: Path) -> None:
    """The message says what to do first."""
    with pytest.raises(CannotPackage, match="make executable"):
        make_package(tmp_path, tmp_path)


def test_the_desktop_entry_opens_every_picture_format() -> None:
    """Its window is matched with its icon by the name that Qt gives it."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys have capitals
    parser.read(PACKAGING / "linux/fashion-finder.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "fashion-finder %f"
    assert entry["Icon"] == entry["StartupWMClass"] == "fashion-finder"
    types = {one.removeprefix("image/") for one in entry["MimeType"].split(";") if one}
    kinds = {".jpg": "jpeg", ".tif": "tiff"}
    assert {kinds.get(suffix, suffix[1:]) for suffix in formats()} <= types | {"jpg"}


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None,
    reason="desktop-file-validate is missing: Debian's package desktop-file-utils",
)
def test_the_desktop_entry_has_no_fault_that_debian_knows() -> None:
    """Also of a standard that desktops of today know."""
    entry = PACKAGING / "linux/fashion-finder.desktop"
    done = subprocess.run(
        ["desktop-file-validate", entry], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_store_entry_is_well_formed() -> None:
    """It launches the desktop entry that is installed."""
    root = ET.parse(PACKAGING / "linux/fashion-finder.metainfo.xml").getroot()  # noqa: S314 - ours
    assert root.findtext("launchable") == "fashion-finder.desktop"
    assert root.findtext("project_license") == "Apache-2.0"


# ---------------------------------------------------------------- icons


def test_the_icon_is_drawn_for_every_size() -> None:
    """Not one picture scaled: a small one is not a shrunken large one."""
    with (
        Image.open(io.BytesIO(icons.png(16))) as drawn,
        Image.open(io.BytesIO(icons.png(256))) as large,
    ):
        assert drawn.size == (16, 16)
        assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)
        assert drawn.tobytes() != large.resize((16, 16)).tobytes()


def test_windows_and_mac_icons_hold_their_sizes(tmp_path: Path) -> None:
    """Each drawn for itself; the desktops choose."""
    icons.write_windows(tmp_path / "a.ico")
    with Image.open(tmp_path / "a.ico") as picture:
        assert picture.info["sizes"] == {(size, size) for size in icons.WINDOWS_SIZES}
    icons.write_mac(tmp_path / "a.icns")
    with Image.open(tmp_path / "a.icns") as picture:
        widths = {width * scale for width, _, scale in picture.info["sizes"]}
    assert set(icons.MAC_SIZES) <= widths


# ---------------------------------------------------------------- Windows


def test_the_version_resource_names_the_version() -> None:
    """In four numbers and in words, and it is the notation of Python calls that PyInstaller reads."""
    text = version_resource("1.2.0rc3")
    ast.parse(text)
    assert "filevers=(1, 2, 0, 3)" in text
    assert "StringStruct('FileVersion', '1.2.0rc3')" in text


def test_the_manifest_asks_for_no_rights() -> None:
    """And for sharp screens, long paths and names in any language."""
    root = ET.parse(PACKAGING / "windows/fashion-finder.manifest").getroot()  # noqa: S314 - ours
    told = {element.tag.rpartition("}")[2]: element for element in root.iter()}
    assert told["requestedExecutionLevel"].get("level") == "asInvoker"
    assert told["dpiAwareness"].text == "PerMonitorV2"
    assert told["longPathAware"].text == "true"
    assert told["activeCodePage"].text == "UTF-8"


def test_the_setup_program_is_for_one_user() -> None:
    """No administrator, nothing outside the user's own places, every format offered, data kept."""
    script = (PACKAGING / "windows/installer.iss").read_text(encoding="utf-8")
    assert "PrivilegesRequired=lowest" in script
    assert "HKLM" not in script
    assert "{userappdata}" not in script
    assert "[UninstallDelete]" not in script
    offered = set(re.findall(r"Classes\\(\.\w+)\\OpenWithProgids", script))
    assert formats() <= offered | {".tif"}
    command = command_for("win32", Path("dist"))
    assert command[0] == "iscc"
    for name in re.findall(r"\{#(\w+)\}", script):
        defined = f"#define {name} " in script or any(f"/D{name}=" in one for one in command)
        assert defined, name


# ---------------------------------------------------------------- macOS


def test_the_bundle_opens_pictures_and_says_why_it_reads_folders() -> None:
    """Without a word of why, macOS denies the folder without asking."""
    plist = plistlib.loads((PACKAGING / "macos/Info.plist").read_bytes())
    (documents,) = plist["CFBundleDocumentTypes"]
    assert documents["LSHandlerRank"] == "Alternate"
    kinds = " ".join(documents["LSItemContentTypes"])
    for suffix in formats() - {".jpg", ".tif"}:
        assert suffix[1:] in kinds, suffix
    for place in ("Desktop", "Documents", "Downloads"):
        assert plist[f"NS{place}FolderUsageDescription"]
    assert plist["NSHighResolutionCapable"] is True


def test_the_entitlements_are_the_few_that_are_needed() -> None:
    """No network, no camera; libraries may be replaced, as the LGPL wants it."""
    told = plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
    assert told == {
        "com.apple.security.cs.disable-library-validation": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }
    assert command_for("darwin", Path("dist"))[0] == "hdiutil"
