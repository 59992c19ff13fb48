"""A folder of ten thousand photos under another name: nothing is embedded, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fashion_finder.domain import PictureFile
from fashion_finder.engine import Engine

PHOTOS = 10_000
ASKED = 50


def draw(folder: Path) -> list[Path]:
    """Very small pictures, all different."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    paths = []
    for number in range(PHOTOS):
        path = folder / f"{number // 500:02}" / f"{number:05}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8)).save(path)
        paths.append(path)
    return paths


def test_ten_thousand_photos_move(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one rename of their folder; each is then found at its new place by its own picture."""
    photos = tmp_path / "photos"
    draw(photos / "spring")
    assert engine.sync([photos]).added == PHOTOS

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the model was used")

    (photos / "spring").rename(photos / "Spring")
    with monkeypatch.context() as patch:
        patch.setattr(type(engine._embedder), "embed", refuse)
        summary = engine.sync([photos])
    assert (summary.found, summary.moved, summary.added) == (PHOTOS, PHOTOS, 0)
    assert (summary.forgotten, summary.skipped, engine.status().photos) == (0, 0, PHOTOS)
    moved = sorted((photos / "Spring").rglob("*.png"))
    for path in moved[:: PHOTOS // ASKED]:
        assert engine.find_similar(PictureFile(path)).matches[0].path == path
    print(f"{PHOTOS} photos moved by one rename: 0 embedded, 0 lost, {ASKED} asked for and found")
