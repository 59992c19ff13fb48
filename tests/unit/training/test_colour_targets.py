"""Which colour names count as alike, measured on drawn photos."""

import numpy as np
import pytest

from fashion_training.colour_targets import lab_of, soft_colours, typical_lab


def photo(colour: tuple[int, int, int], seed: int) -> np.ndarray:
    """Draw a noisy square of a colour on white, uint8 [64, 64, 3]."""
    draw = np.random.default_rng(seed)
    picture = np.full((64, 64, 3), 255, dtype=np.uint8)
    body = np.array(colour) + draw.normal(0, 4, (40, 40, 3))
    picture[12:52, 12:52] = np.clip(body, 0, 255)
    return picture


def test_lab_of_known_colours() -> None:
    """White, black and the sRGB primaries have their published coordinates."""
    known = {
        (255, 255, 255): (100.0, 0.0, 0.0),
        (0, 0, 0): (0.0, 0.0, 0.0),
        (255, 0, 0): (53.24, 80.09, 67.20),
        (0, 255, 0): (87.73, -86.18, 83.18),
        (0, 0, 255): (32.30, 79.19, -107.86),
    }
    for pixel, lab in known.items():
        assert lab_of(np.array(pixel, dtype=np.uint8)) == pytest.approx(lab, abs=0.05)


def test_the_backdrop_does_not_colour_the_median() -> None:
    """Two thirds of white leave a navy piece navy; a white sheet has no colour of its own."""
    found = typical_lab(photo((20, 30, 80), 0))
    assert found is not None
    assert found == pytest.approx(lab_of(np.array((20, 30, 80), dtype=np.uint8)), abs=4)
    assert typical_lab(np.full((64, 64, 3), 255, dtype=np.uint8)) is None


def test_mass_goes_to_names_that_look_alike() -> None:
    """Navy leans on blue far more than on red, every row sums to 1 and keeps most for its name."""
    colours = {"navy": (20, 30, 80), "blue": (30, 45, 100), "red": (200, 30, 30), "unseen": None}
    pictures, labels = [], []
    for word, colour in enumerate(colours.values()):
        for seed in range(5 if colour else 0):
            assert colour is not None
            pictures.append(photo(colour, seed))
            labels.append(word)
    rows = soft_colours(np.stack(pictures), np.array(labels, dtype=np.int64), len(colours), seed=0)
    assert rows.sum(axis=1) == pytest.approx(np.ones(4))
    assert (rows.diagonal() >= 0.8).all()
    assert rows[0, 1] > 5 * rows[0, 2]
    assert rows[3].argmax() == 3
    assert np.isfinite(rows).all()
