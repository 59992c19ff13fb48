"""Nothing is shipped whose licence forbids it or is unknown, and everything shipped is told."""

from __future__ import annotations

import json
import re
import uuid
from importlib.metadata import distribution
from pathlib import Path

import pi_heif
import pytest
from PIL import features

from fashion_finder.support.components import Component, components
from shipping import collected, notices, sbom
from shipping.collected import Part, UnknownFiles, parts_of
from shipping.libraries import LIBRARIES, library_of
from shipping.policy import NotAllowed, require_allowed
from shipping.releases import DebianPackage

MODULES = ["fashion_finder.app", "json.decoder", "numpy._core", "platformdirs", "_pyi_rth_utils"]


pytestmark = pytest.mark.usefixtures("starter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What PyInstaller makes, by name: one file of each kind."""
    contents = tmp_path / "built" / notices.CONTENTS
    vendored = [
        file.as_posix()
        for name in ("pillow", "pi_heif", "numpy")
        for file in distribution(name).files or ()
        if ".libs/" in file.as_posix()
    ]
    assert len(vendored) > 10
    names = [
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/QtCore.abi3.so",
        "lib-dynload/_json.cpython-311-x86_64-linux-gnu.so",
        "fashion_finder/resnet50_embed.onnx",
        *vendored,
    ]
    for name in names:
        (contents / name).parent.mkdir(parents=True, exist_ok=True)
        (contents / name).touch()
    return contents.parent


def named(parts: list[Part]) -> dict[str, Part]:
    """The parts by name."""
    return {part.name: part for part in parts}


# ---------------------------------------------------------------- what may be shipped


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "BSD-3-Clause AND 0BSD AND MIT",
        "LGPL-3.0-only",
        "LGPL-3.0-only OR GPL-2.0-only",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "MIT AND (GPL-2.0-only OR BSD-3-Clause)",
    ],
)
def test_licences_that_leave_us_free_are_allowed(expression: str) -> None:
    """Of alternatives one is enough."""
    require_allowed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "GPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "AGPL-3.0-only",
        "(MIT OR Apache-2.0) AND GPL-2.0-only",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "BSD",
        "Some words about it",
        "MIT, BSD-3-Clause",
        "MIT AND",
        "(MIT",
        "",
    ],
)
def test_others_are_refused(expression: str) -> None:
    """The GPL alone, what is unknown, and what is no licence at all."""
    with pytest.raises(NotAllowed):
        require_allowed(expression)


def test_a_part_without_the_text_of_its_licence_is_refused() -> None:
    """Nearly every licence asks for its text to come along."""
    with pytest.raises(NotAllowed, match="silent: the text"):
        notices.require_shippable([Part("silent", "1", "MIT")])
    notices.require_shippable([Part("Qt", "6", "LGPL-3.0-only")])  # its text is kept with us


# ---------------------------------------------------------------- whose things are


def test_every_file_has_its_owner(folder: Path) -> None:
    """Libraries inside wheels count for themselves, extensions for their package."""
    parts = parts_of(folder / notices.CONTENTS, MODULES)
    notices.require_shippable(parts)
    found = named(parts)
    wanted = {
        "Python",
        "Qt",
        "ICU",
        "libheif",
        "libde265",
        "libavif",
        "OpenBLAS",
        "numpy",
        "platformdirs",
    }
    assert wanted <= found.keys()
    assert found["libheif"].licence.startswith("LGPL-3.0")
    assert found["Qt"].version == distribution("PySide6_Essentials").version
    assert "json" not in found
    assert "hypothesis" not in found


def test_a_release_is_told_and_not_the_number_of_an_interface(folder: Path) -> None:
    """Its source must be found by it; where nobody knows the release, none is told."""
    found = named(parts_of(folder / notices.CONTENTS, MODULES))
    assert found["HarfBuzz"].version == features.version("harfbuzz")
    assert found["libjpeg-turbo"].version == features.version("libjpeg_turbo")
    assert found["libpng"].version.startswith("1.6.")
    assert found["ICU"].version == "73"
    assert found["libheif"].version == pi_heif.libheif_version()
    assert tuple(map(int, found["libde265"].version.split("."))) >= (1, 0, 15)
    assert re.match(r"0\.3\.\d", found["OpenBLAS"].version)
    assert found["libxcb"].version == "1.17.0"
    assert found["libXau"].version.startswith("1.0.9")
    assert found["GCC runtime"].version == ""
    assert found["libquadmath"].version == ""
    card = (notices.ROOT / "models" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert notices.model_part().version in card


def test_one_library_from_two_places_is_told_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt draws with the system's FreeType, Pillow with its own; two packages may have one version."""
    sources = {
        "libfreetype.so.6": DebianPackage("freetype", "2.12.1+dfsg-5", "its text"),
        "libxcb-util.so.1": DebianPackage("xcb-util", "0.4.0-1", "its text"),
        "libxcb-image.so.0": DebianPackage("xcb-util-image", "0.4.0-1", "its text"),
    }
    monkeypatch.setattr(collected, "debian_package", sources.get)
    for name in sources:
        (folder / notices.CONTENTS / name).touch()
    parts = parts_of(folder / notices.CONTENTS, MODULES)
    versions = {part.version for part in parts if part.name == "FreeType"}
    assert versions == {"2.12.1+dfsg-5", features.version("freetype2")}
    places = {part.purl for part in parts if part.name == "XCB utilities"}
    assert {place.partition("@")[0].rpartition("/")[2] for place in places} == {
        "xcb-util",
        "xcb-util-image",
    }
    assert any("2.12.1%2Bdfsg-5?arch=source" in part.purl for part in parts)


def test_a_text_that_no_package_brings_is_missed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt for Python brings no licence file: ICU's, which lies inside, is kept with us."""
    parts = parts_of(folder / notices.CONTENTS, MODULES)
    assert named(parts)["ICU"].text == ""
    assert "UNICODE, INC. LICENSE AGREEMENT" in notices.as_text(parts)
    monkeypatch.setattr(notices, "FULL_TEXTS", {"LGPL-3.0": ("LGPL-3.0",)})
    with pytest.raises(NotAllowed, match="ICU: the text"):
        notices.require_shippable(parts)


def test_gnu_readline_stops_the_build(folder: Path) -> None:
    """PyInstaller takes it along with Python when nobody forbids it."""
    (folder / notices.CONTENTS / "libreadline.so.8").touch()
    with pytest.raises(NotAllowed, match="GNU Readline"):
        notices.write(folder, MODULES)
    assert not (folder / "NOTICES.txt").exists()


@pytest.mark.parametrize("name", ["libmystery.so.1", "some/where/mystery.abi3.so"])
def test_a_library_that_nobody_has_looked_at_stops_the_build(folder: Path, name: str) -> None:
    """By its name, so that somebody can."""
    (folder / notices.CONTENTS / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / notices.CONTENTS / name).touch()
    with pytest.raises(UnknownFiles, match="mystery"):
        notices.write(folder, MODULES)


def test_a_module_that_nobody_has_looked_at_stops_the_build(folder: Path) -> None:
    """It has no package that is installed here."""
    with pytest.raises(UnknownFiles, match="module mystery"):
        notices.write(folder, [*MODULES, "mystery.inside"])


@pytest.mark.parametrize(
    "file, name",
    [
        ("libQt6Core.so.6", "Qt"),
        ("Qt6Core.dll", "Qt"),
        ("libpyside6.abi3.so.6.11", "Qt for Python"),
        ("libjpeg-6dc8d115.so.62.4.0", "libjpeg-turbo"),
        ("libgfortran-040039e1-0352e75f.so.5.0.0", "GCC runtime"),
        ("libz.so.1", "zlib"),
        ("libzstd.so.1", "Zstandard"),
        ("libxcb-icccm.so.4", "XCB utilities"),
        ("libxcb-render.so.0", "libxcb"),
        ("libglib-2.0.so.0", "GLib"),
        ("libpython3.11.so.1.0", "Python"),
        ("libhnsw.so", None),
    ],
)
def test_a_library_is_known_by_its_name(file: str, name: str | None) -> None:
    """Whatever wheels add to it."""
    library = library_of(file)
    assert (library.name if library else None) == name


def test_no_two_projects_claim_one_library() -> None:
    """The first one would win unseen."""
    names = [file for library in LIBRARIES for file in library.files]
    assert len(names) == len(set(names))


# ---------------------------------------------------------------- what is told


def test_the_notices_are_written_for_people_programs_and_the_window(folder: Path) -> None:
    """The same parts in all three; the LGPL with its full text and what it lets people do."""
    parts = notices.write(folder, MODULES)
    text = (folder / "NOTICES.txt").read_text(encoding="utf-8")
    assert "you may replace each of them" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text
    bill = json.loads((folder / notices.SBOM).read_text(encoding="utf-8"))
    shown = components("6", folder / notices.CONTENTS / "fashion_finder" / "notices.json")
    by_themselves = [part.name for part in parts if not part.within]
    assert [one["name"] for one in bill["components"]] == by_themselves
    assert [one.name for one in shown] == [part.title for part in parts]
    for one in shown:
        assert isinstance(one, Component)
        assert one.text.strip(), one.name
        assert one.version, one.name
        assert f"{one.name} {one.version}" in text
    assert "libquadmath (version not stated by its maker): LGPL-2.1-or-later" in text
    silent = {one["name"]: one for one in bill["components"] if "version" not in one}
    assert silent["libquadmath"]["properties"] == [
        {"name": "version", "value": "version not stated by its maker"}
    ]


def test_the_bill_of_materials_is_cyclonedx() -> None:
    """Identifiers, expressions, references that resolve; the same parts give the same document."""
    parts = [
        Part("a", "1", "MIT", purl="pkg:pypi/a@1"),
        Part("b", "", "MIT OR Apache-2.0", purl="pkg:generic/b"),
        Part("c", "2", "LicenseRef-Public-Domain", purl="pkg:generic/c@2"),
    ]
    bill = sbom.document(parts)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert uuid.UUID(bill["serialNumber"].removeprefix("urn:uuid:")).version == 4
    licences = [one["licenses"] for one in bill["components"]]
    assert licences[0] == [{"license": {"id": "MIT"}}]
    assert licences[1] == [{"expression": "MIT OR Apache-2.0"}]
    assert licences[2] == [{"expression": "LicenseRef-Public-Domain"}]
    assert "version" not in bill["components"][1]
    refs = [one["bom-ref"] for one in bill["components"]]
    assert len(set(refs)) == len(refs)
    assert bill["dependencies"][0]["dependsOn"] == refs
    assert bill == sbom.document(parts)
    assert bill["serialNumber"] != sbom.document(parts[:2])["serialNumber"]
