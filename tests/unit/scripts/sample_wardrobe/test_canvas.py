from __future__ import annotations

import numpy as np
import pytest

from sample_wardrobe.canvas import Canvas, Shading
from tests.unit.images.pictures import assert_near, pixels_of

WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (200, 30, 40)
SQUARE = [(20.0, 20.0), (80.0, 20.0), (80.0, 80.0), (20.0, 80.0)]
HOLE = [(40.0, 40.0), (60.0, 40.0), (60.0, 60.0), (40.0, 60.0)]


@pytest.fixture
def canvas() -> Canvas:
    """A white picture, 100 x 100."""
    return Canvas(100, 100, WHITE)


def test_filled_shape(canvas: Canvas) -> None:
    """Paint fills the outline, spares the hole and stays inside."""
    canvas.fill(canvas.stencil([SQUARE], [HOLE]), RED)
    pixels = canvas.pixels()
    assert_near(pixels[30, 30], RED, 0)
    assert_near(pixels[50, 50], WHITE, 0)
    assert_near(pixels[10, 50], WHITE, 0)


def test_edges_are_soft(canvas: Canvas) -> None:
    """A slanting edge has shades between the paint and the ground."""
    canvas.fill(canvas.stencil([[(10, 10), (90, 20), (50, 90)]]), BLACK)
    shades = np.unique(canvas.pixels())
    assert len(shades) > 8


def test_texture_shows_through(canvas: Canvas) -> None:
    """A texture keeps its place in the picture."""
    texture = np.zeros((100, 100, 3), np.uint8)
    texture[:, 50:] = RED
    canvas.fill(canvas.stencil([SQUARE]), texture)
    assert_near(canvas.pixels()[50, 45], BLACK, 0)
    assert_near(canvas.pixels()[50, 55], RED, 0)


def test_paint_within_another_shape(canvas: Canvas) -> None:
    """Paint can be kept inside a second stencil."""
    inner = canvas.stencil([HOLE])
    canvas.fill(canvas.strokes([[(0, 50), (100, 50)]], 6), RED, within=inner)
    assert_near(canvas.pixels()[50, 50], RED, 0)
    assert_near(canvas.pixels()[50, 30], WHITE, 0)


def test_half_opaque_paint(canvas: Canvas) -> None:
    """Opacity mixes paint with what is there."""
    canvas.fill(canvas.stencil([SQUARE]), BLACK, opacity=0.5)
    assert_near(canvas.pixels()[50, 50], (127, 127, 127), 1)


def test_dashes(canvas: Canvas) -> None:
    """A dashed line alternates paint and gap, round corners too."""
    line = [(10.0, 10.0), (90.0, 10.0), (90.0, 90.0)]
    canvas.fill(canvas.strokes([line], 2, dash=(10, 10)), BLACK)
    pixels = canvas.pixels()[..., 0]
    assert pixels[10, 15] < 30
    assert pixels[10, 25] > 225
    assert pixels[10, 35] < 30
    assert pixels[15, 90] < 30
    assert pixels[25, 90] > 225


def test_shading_is_darker_at_the_rim_and_away_from_the_light(canvas: Canvas) -> None:
    """A shaded shape keeps its colour inside; light comes from the upper left."""
    stencil = canvas.stencil([SQUARE])
    canvas.fill(stencil, (120, 120, 120))
    canvas.shade(stencil, Shading(reach=10))
    pixels = canvas.pixels()[..., 0].astype(int)
    assert abs(pixels[50, 50] - 120) <= 2
    assert pixels[50, 78] < pixels[50, 21]
    assert pixels[50, 78] < 110


def test_folds_and_shines(canvas: Canvas) -> None:
    """A fold darkens, a shine brightens."""
    stencil = canvas.stencil([SQUARE])
    canvas.fill(stencil, (120, 120, 120))
    fold, shine = (
        [(40.0, 30.0), (40.0, 50.0), (40.0, 70.0)],
        [(65.0, 30.0), (65.0, 50.0), (65.0, 70.0)],
    )
    canvas.shade(stencil, Shading(reach=6, fold_width=6, folds=(fold,), shines=(shine,)))
    assert canvas.pixels()[50, 42, 0] < 116
    assert canvas.pixels()[50, 65, 0] > 135


def test_shadow_falls_beside(canvas: Canvas) -> None:
    """A cast shadow is shifted, soft, and of the strength asked for."""
    canvas.cast(canvas.stencil([HOLE]), (20, 20), 3, 0.5, BLACK)
    pixels = canvas.pixels()[..., 0]
    assert_near(pixels[70, 70], 127, 6)
    assert pixels[42, 42] > 240
    assert len(np.unique(pixels)) > 10


def test_shapes_beyond_the_border(canvas: Canvas) -> None:
    """What lies outside the picture is left out without complaint."""
    canvas.fill(canvas.stencil([[(-50, -50), (50, -50), (50, 50), (-50, 50)]]), RED)
    canvas.fill(canvas.discs([(300, 300)], 5), RED)
    assert_near(canvas.pixels()[20, 20], RED, 0)
    assert_near(canvas.pixels()[70, 70], WHITE, 0)


def test_turning(canvas: Canvas) -> None:
    """A quarter turn clockwise takes the top to the right."""
    canvas.fill(canvas.stencil([[(40, 0), (60, 0), (60, 20), (40, 20)]]), RED)
    assert_near(canvas.turned(90, WHITE)[50, 90], RED, 2)


def test_saved_as_jpeg(canvas: Canvas) -> None:
    """The JPEG shows what was drawn."""
    canvas.fill(canvas.stencil([SQUARE]), RED)
    assert_near(pixels_of(canvas.jpeg(90))[50, 50], RED, 4)
