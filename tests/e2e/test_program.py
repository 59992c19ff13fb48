"""The command as it is installed, without a display."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import ROOT, TIMEOUT

pytestmark = pytest.mark.e2e


def run(tmp_path: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a user without a screen, somewhere else than in the checkout."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment.update(HOME=str(tmp_path), PYTHONPATH=str(ROOT))
    return subprocess.run(
        [sys.executable, "-m", "fashion_finder", *map(str, arguments)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=2 * TIMEOUT,
        check=False,
    )


def test_the_demo_without_a_display_saves_its_picture(tmp_path: Path, model: Path) -> None:
    """One line of JSON: the picture of the window, the question, five matches."""
    data = tmp_path / "data"
    done = run(tmp_path, "--demo", "--data-dir", data, "--model", model)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert Path(told["query"]).name == "example-dress.jpg"
    assert [match["rank"] for match in told["matches"]] == [1, 2, 3, 4, 5]
    assert all(Path(match["path"]).parent == data / "sample-wardrobe" for match in told["matches"])
    words = {"rank", "path", "similarity", "closeness", "copies", "near_copies"}
    assert set(told["matches"][0]) == words
    with Image.open(told["picture"]) as picture:
        assert picture.width >= 900
        colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None
    assert len(colours) > 1000  # five garments and a question, not an empty window


def test_smoke_tries_every_part(tmp_path: Path, model: Path) -> None:
    """And prints the versions of everything."""
    done = run(tmp_path, "--smoke", "--model", model)
    assert done.returncode == 0, done.stderr
    versions = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    wanted = {"python", "Qt", "PySide6_Essentials", "onnxruntime", "numpy", "hnswlib", "sqlite"}
    assert wanted <= set(versions)
    assert "?" not in versions.values()


def test_without_a_screen_the_window_says_so(tmp_path: Path, model: Path) -> None:
    """Qt itself would abort."""
    done = run(tmp_path, "--model", model)
    assert done.returncode == 1
    assert "no screen" in done.stderr


def test_a_missing_model_is_said_in_words(tmp_path: Path) -> None:
    """No traceback; exit code 1."""
    done = run(tmp_path, "--smoke", "--model", tmp_path / "gone.onnx")
    assert done.returncode == 1
    assert "The model file is missing" in done.stderr
    assert "Traceback" not in done.stderr
