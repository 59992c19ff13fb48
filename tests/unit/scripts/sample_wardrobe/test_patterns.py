from __future__ import annotations

import numpy as np
import pytest

from sample_wardrobe.palette import CLOTHS
from sample_wardrobe.patterns import PATTERNS, texture


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_every_pattern_covers_the_drawing(name: str) -> None:
    """A texture is large enough for any region, turned or not, and shows the cloth's colour."""
    cloth = CLOTHS["emerald"]
    for angle in (0.0, 24.0):
        pixels = texture(name, cloth, seed=3, angle=angle)
        assert pixels.shape == (1000, 1000, 3)
        near = np.abs(pixels.astype(int) - cloth.main).max(axis=2) < 40
        assert near.mean() > 0.15


@pytest.mark.parametrize("name", sorted(set(PATTERNS) - {"plain", "ribs"}))
def test_patterns_show_the_accent(name: str) -> None:
    """Whatever is not plain or knitted has the second colour in it."""
    cloth = CLOTHS["emerald"]
    pixels = texture(name, cloth, seed=3)
    assert (np.abs(pixels.astype(int) - cloth.accent).max(axis=2) < 60).mean() > 0.03


def test_tiles_meet_without_a_seam() -> None:
    """A pattern goes on where its repeat begins."""
    pattern = PATTERNS["floral"]
    pixels = texture("floral", CLOTHS["ruby"], seed=5).astype(int)
    edge = np.abs(pixels[:, pattern.width] - pixels[:, pattern.width - 1]).mean()
    inside = np.abs(pixels[:, 1 : pattern.width] - pixels[:, : pattern.width - 1]).mean()
    assert edge < 2 * inside


def test_seed_decides_the_blossoms() -> None:
    """The same seed scatters the same blossoms, another seed others."""
    cloth = CLOTHS["ruby"]
    assert (texture("floral", cloth, 1) == texture("floral", cloth, 1)).all()
    assert (texture("floral", cloth, 1) != texture("floral", cloth, 2)).any()
