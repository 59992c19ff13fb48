"""Pictures drawn for the exporter: no photo is needed to test it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw


@pytest.fixture(scope="session")
def drawn_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twenty shapes in many colours on a light, uneven wall."""
    folder = tmp_path_factory.mktemp("drawn")
    draw = np.random.default_rng(3)
    for number in range(20):
        wall = draw.integers(200, 256, size=(75, 56, 3), dtype=np.uint8)
        image = Image.fromarray(wall).resize((225, 300), Image.Resampling.BICUBIC)
        pen = ImageDraw.Draw(image)
        for _ in range(6):
            left, top = (int(v) for v in draw.integers(10, 150, size=2))
            box = (left, top, left + int(draw.integers(20, 70)), top + int(draw.integers(20, 140)))
            colour = tuple(int(v) for v in draw.integers(0, 256, size=3))
            (pen.ellipse if draw.random() < 0.5 else pen.rectangle)(box, fill=colour)
        image.save(folder / f"{number:02d}.jpg", quality=92)
    return folder
