"""The wheel: the program with its model and its pictures, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODEL = "fashion_finder/resnet50_embed.onnx"
PICTURES = ("fashion_finder/sample", "fashion_finder/ui/kit/icons")
STYLE = "fashion_finder/ui/kit/stylesheet.qss"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as building needs, with a stand-in for the model."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    package = copy / "fashion_finder"
    package.mkdir()
    shutil.copy(ROOT / "fashion_finder" / "__init__.py", package)
    for folder in PICTURES:
        shutil.copytree(ROOT / folder, copy / folder)
    shutil.copy(ROOT / STYLE, copy / STYLE)
    (copy / "models").mkdir()
    (copy / "models" / "resnet50_embed.onnx").write_bytes(b"stands in for the model")
    (copy / "tests").mkdir()
    (copy / "tests" / "test_nothing.py").touch()
    shutil.copytree(ROOT / "docs", copy / "docs")
    return copy


def build(checkout: Path, function: str) -> subprocess.CompletedProcess[str]:
    """Call the build backend as pip does."""
    call = f"import hatchling.build as b; print(b.{function}('out'))"
    return subprocess.run(
        [sys.executable, "-c", call], cwd=checkout, capture_output=True, text=True, check=False
    )


def test_the_wheel_carries_the_model(checkout: Path) -> None:
    """What is installed from a wheel works without the checkout."""
    built = build(checkout, "build_wheel")
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(checkout / "out" / built.stdout.split()[-1]) as wheel:
        names = set(wheel.namelist())
        assert wheel.read(MODEL) == b"stands in for the model"
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert b"fashion-finder = fashion_finder.__main__:main" in wheel.read(entry_points)
    assert not any(name.startswith(("tests/", "models/")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_carries_the_pictures(checkout: Path) -> None:
    """The sample wardrobe, icons and style sheet are there wherever the program is installed."""
    built = build(checkout, "build_wheel")
    with zipfile.ZipFile(checkout / "out" / built.stdout.split()[-1]) as wheel:
        names = set(wheel.namelist())
    drawn = [
        path for path in (ROOT / "fashion_finder").rglob("*") if path.suffix in (".jpg", ".svg")
    ]
    assert len(drawn) > 120
    assert {STYLE, *(path.relative_to(ROOT).as_posix() for path in drawn)} <= names


def test_the_wheel_carries_the_guide(checkout: Path) -> None:
    """With the pictures that it shows, and no other; they are no burden."""
    folder = "fashion_finder/guide"
    built = build(checkout, "build_wheel")
    with zipfile.ZipFile(checkout / "out" / built.stdout.split()[-1]) as wheel:
        carried = {file.filename for file in wheel.infolist() if file.filename.startswith(folder)}
        size = sum(wheel.getinfo(name).file_size for name in carried)
        text = wheel.read(f"{folder}/user-guide.md").decode()
    assert text == (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    shown = re.findall(r"\((screenshots/[\w-]+\.png)\)", text)
    assert len(shown) > 5
    assert carried == {f"{folder}/{name}" for name in ("user-guide.md", *shown)}
    assert size <= 1_500_000


def test_a_wheel_without_its_model_is_refused(checkout: Path) -> None:
    """It would install well and then not start; the message says which program makes the model."""
    (checkout / "models" / "resnet50_embed.onnx").unlink()
    built = build(checkout, "build_wheel")
    assert built.returncode != 0
    assert "scripts/export_onnx.py" in built.stderr


def test_an_editable_install_reads_model_and_guide_in_place(checkout: Path) -> None:
    """No copy that would go stale, and no failure before there is a model."""
    (checkout / "models" / "resnet50_embed.onnx").unlink()
    built = build(checkout, "build_editable")
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(checkout / "out" / built.stdout.split()[-1]) as wheel:
        names = wheel.namelist()
    assert MODEL not in names
    assert not any(name.startswith("fashion_finder/guide") for name in names)
