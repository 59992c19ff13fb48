"""What others wrote and Qt's makers compiled into its libraries is told like all that is shipped."""

from __future__ import annotations

import json
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from fashion_finder.support.components import components
from shipping import inside_qt, notices, sbom
from shipping.collected import Part, UnknownFiles
from shipping.inside_qt import CONSIDERED, MADE_FOR, WORKS, Work, module_of
from shipping.policy import NotAllowed, named_in, require_allowed

MODULES = ["fashion_finder.app", "shiboken6"]
SHIPPED = [
    "PySide6/Qt/lib/libQt6Core.so.6",
    "PySide6/Qt/lib/libQt6Gui.so.6",
    "PySide6/Qt/lib/libQt6WaylandClient.so.6",
    "PySide6/Qt/plugins/imageformats/libqjpeg.so",
    "PySide6/QtCore.abi3.so",
    "shiboken6/libshiboken6.abi3.so.6.11",
]


pytestmark = pytest.mark.usefixtures("starter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What PyInstaller makes, by name: some of Qt's libraries, plug-ins and bindings."""
    contents = tmp_path / "built" / notices.CONTENTS
    for name in (*SHIPPED, "fashion_finder/resnet50_embed.onnx"):
        (contents / name).parent.mkdir(parents=True, exist_ok=True)
        (contents / name).touch()
    return contents.parent


def ship(folder: Path, name: str) -> None:
    """Put another file into the folder."""
    path = folder / notices.CONTENTS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def installed_files() -> dict[str, Path]:
    """Qt's libraries and plug-ins as the installed wheels brought them, by the module's name."""
    return {
        module: Path(str(file.locate()))
        for package in ("PySide6_Essentials", "shiboken6")
        for file in distribution(package).files or ()
        if (module := module_of(file.as_posix())) is not None
    }


# ---------------------------------------------------------------- what was looked at


@pytest.mark.parametrize(
    "file, name",
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", "Qt6Core"),
        ("PySide6/Qt6Core.dll", "Qt6Core"),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "platforms/qxcb"),
        ("PySide6/plugins/platforms/qwindows.dll", "platforms/qwindows"),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", "platforms/qcocoa"),
        ("shiboken6/libshiboken6.abi3.so.6.11", "shiboken6"),
        ("PySide6/QtCore.abi3.so", None),
        ("libicudata.so.73", None),
    ],
)
def test_a_module_is_known_by_its_file(file: str, name: str | None) -> None:
    """Whatever the system calls its libraries."""
    assert module_of(file) == name


@pytest.mark.parametrize(
    "file, module",
    [
        ("PySide6/Qt/plugins/imageformats/libqwebp.so", "imageformats/qwebp"),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "Qt6Quick"),
    ],
)
def test_a_module_that_nobody_has_looked_into_stops_the_build(
    folder: Path, file: str, module: str
) -> None:
    """It may hold what must be told, or must not be shipped."""
    ship(folder, file)
    with pytest.raises(UnknownFiles, match=f"what is inside {module}"):
        notices.write(folder, MODULES)
    assert not (folder / "NOTICES.txt").exists()


def test_another_release_of_qt_stops_the_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has other works inside, or other versions of them."""
    monkeypatch.setattr(inside_qt, "MADE_FOR", "6.0.1")
    with pytest.raises(UnknownFiles, match=rf"what is inside Qt {MADE_FOR} .*6\.0\.1"):
        notices.write(folder, MODULES)


def test_the_table_was_made_for_what_is_installed() -> None:
    """Whoever moves to another Qt looks again before an executable is asked for."""
    assert distribution("PySide6_Essentials").version == MADE_FOR


@pytest.mark.skipif(sys.platform != "linux", reason="the table is for the wheels for Linux")
@pytest.mark.parametrize("work", [work for work in WORKS if work.mark], ids=lambda work: work.name)
def test_a_work_is_in_the_libraries_that_are_said_to_hold_it(work: Work) -> None:
    """In its version, where that can be read there."""
    files = installed_files()
    for module in work.modules:
        held = files[module].read_bytes()
        assert work.mark.encode() in held or work.mark.encode("utf-16-be") in held, module


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_a_work_may_be_shipped_and_has_its_text(work: Work) -> None:
    """And lies in a module that was looked at."""
    require_allowed(work.licence)
    for name in named_in(work.licence):
        assert notices.text_file(name).read_text(encoding="utf-8").strip(), name
    assert work.copyright.strip()
    assert set(work.modules) <= CONSIDERED
    assert not (work.version and work.earlier)
    assert "GPL" not in work.licence.replace("LGPL", "")


def test_a_work_is_listed_once() -> None:
    """Whatever holds it."""
    names = [work.name for work in WORKS]
    assert len(names) == len(set(names))


def test_a_work_without_the_text_of_its_licence_stops_the_build(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its copyright line is not enough."""
    kept = tmp_path / "texts"
    kept.mkdir()
    for file in notices.TEXTS.iterdir():
        if file.name != "PCRE2-exception.txt":
            (kept / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(notices, "TEXTS", kept)
    with pytest.raises(NotAllowed, match=r"^PCRE2: the text .*PCRE2-exception"):
        notices.write(folder, MODULES)


# ---------------------------------------------------------------- what is told


def test_the_works_are_told_with_their_texts(folder: Path) -> None:
    """To people, and in the window; those of modules that are not shipped are not."""
    notices.write(folder, MODULES)
    text = (folder / "NOTICES.txt").read_text(encoding="utf-8")
    assert "\nQt: PCRE2 10.49: BSD-3-Clause WITH PCRE2-exception\n" in text
    assert "\nQt: Anti-aliasing rasterizer from FreeType 2 (version not shown by Qt" in text
    assert "Compiled into imageformats/qjpeg of Qt" in text
    assert "based in part on the work of the Independent JPEG Group" in text
    for start in (
        "EXEMPTION FOR BINARY LIBRARY",
        "The FreeType Project LICENSE",
        "UNICODE LICENSE V3",
    ):
        assert start in text
    assert "Public Suffix List" not in text  # in Qt's network library, which is not in this folder
    shown = components("6", folder / notices.CONTENTS / "fashion_finder" / "notices.json")
    names = [one.name for one in shown]
    first = names.index("Qt")
    assert all(name.startswith("Qt: ") for name in names[first + 1 : first + 40])
    harfbuzz = shown[names.index("Qt: HarfBuzz")]
    assert "Behdad Esfahbod" in harfbuzz.text
    assert "IN NO EVENT SHALL THE COPYRIGHT HOLDER" in harfbuzz.text


def test_the_bill_of_materials_nests_the_works_in_what_holds_them(folder: Path) -> None:
    """With the files that hold them, and references of their own."""
    parts = notices.write(folder, MODULES)
    bill = json.loads((folder / notices.SBOM).read_text(encoding="utf-8"))
    assert bill == sbom.document(parts)
    top = {one["name"]: one for one in bill["components"]}
    assert "PCRE2" not in top
    inside = {one["name"]: one for one in top["Qt"]["components"]}
    assert inside["libjpeg-turbo"]["version"] == "3.2.0"
    assert inside["libjpeg-turbo"]["evidence"] == {
        "occurrences": [{"location": "PySide6/Qt/plugins/imageformats/libqjpeg.so"}]
    }
    assert "Peter Hutterer" not in json.dumps(bill)
    assert inside["libpng"]["copyright"].startswith("Copyright (c) 1995")
    assert "version" not in inside["TinyCBOR"]
    assert "7.0 in Qt 6.11.1" in inside["TinyCBOR"]["properties"][0]["value"]
    assert [one["name"] for one in top["shiboken6"]["components"]] == [
        "Python (buffer protocol and signatures)"
    ]
    works = [one for host in bill["components"] for one in host.get("components", ())]
    assert len(works) == len([part for part in parts if part.within])
    refs = [one["bom-ref"] for one in (*bill["components"], *works)]
    assert len(refs) == len(set(refs))
    told = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert sorted(ref for wanted in told.values() for ref in wanted) == sorted(refs)
    assert set(told[top["Qt"]["bom-ref"]]) == {one["bom-ref"] for one in inside.values()}


def test_a_library_beside_qt_and_the_same_inside_it_are_told_apart() -> None:
    """Pillow's libjpeg-turbo is of the release that Qt has, too."""
    purl = "pkg:generic/libjpeg-turbo@3.2.0"
    parts = [
        Part("libjpeg-turbo", "3.2.0", "IJG", purl=purl),
        Part("Qt", "6", "LGPL-3.0-only", purl="pkg:generic/qt@6"),
        Part("libjpeg-turbo", "3.2.0", "IJG", purl=purl, within="Qt"),
    ]
    beside, qt = sbom.document(parts)["components"]
    (inside,) = qt["components"]
    assert inside["purl"] == beside["purl"]
    assert inside["bom-ref"] != beside["bom-ref"]
