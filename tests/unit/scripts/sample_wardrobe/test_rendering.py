from __future__ import annotations

import numpy as np

from sample_wardrobe.dresses import A_LINE
from sample_wardrobe.palette import CLOTHS
from sample_wardrobe.rendering import Setting, render
from sample_wardrobe.tops import HOODIE, SHIRT, T_SHIRT, TANK

BACKDROP = Setting().backdrop


def test_piece_lies_in_the_middle() -> None:
    """What is drawn is centred, within its shadow's reach, and fills the picture."""
    pixels = render(T_SHIRT, CLOTHS["black"], "plain", Setting()).pixels()
    rows, columns = np.nonzero((pixels < 120).all(axis=2))
    assert abs((columns.min() + columns.max()) / 2 - 300) < 4
    assert abs((rows.min() + rows.max()) / 2 - 400) < 8
    assert columns.max() - columns.min() > 440


def test_symmetric_piece_is_symmetric() -> None:
    """The right half's outline mirrors the left half's."""
    pixels = render(A_LINE, CLOTHS["black"], "plain", Setting()).pixels()
    dark = pixels.max(axis=2) < 120
    assert (dark != dark[:, ::-1]).mean() < 0.01


def test_colour_of_the_cloth_shows() -> None:
    """The middle of a plain piece has its cloth's colour, but for soft shading."""
    for name in ("ruby", "emerald", "sky"):
        pixels = render(T_SHIRT, CLOTHS[name], "plain", Setting()).pixels()
        middle = pixels[380:420, 200:400].reshape(-1, 3).mean(axis=0)
        assert np.abs(middle - CLOTHS[name].main).max() < 14


def test_turned_piece_turns_with_its_pattern() -> None:
    """Turning the piece by a quarter turns stripes from lying to standing."""

    def changes(turn: float) -> tuple[float, float]:
        setting = Setting(turn=turn, scale=0.8)
        middle = render(T_SHIRT, CLOTHS["navy"], "stripes", setting).pixels()[340:460, 240:360]
        levels = middle.astype(int)
        return np.abs(np.diff(levels, axis=0)).mean(), np.abs(np.diff(levels, axis=1)).mean()

    lying, standing = changes(0), changes(90)
    assert lying[0] > 4 * lying[1]
    assert standing[1] > 4 * standing[0]


def test_backdrop_stays() -> None:
    """Around the piece is the backdrop that was asked for."""
    for shape in (T_SHIRT, TANK, SHIRT, HOODIE, A_LINE):
        pixels = render(shape, CLOTHS["olive"], "plain", Setting(scale=0.9)).pixels()
        assert (pixels[:4] == BACKDROP).all()
