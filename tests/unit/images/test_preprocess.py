from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from fashion_finder.domain import INPUT_SIDE, Region
from fashion_finder.images.preprocess import (
    fitted_size,
    prepare_region,
    prepare_square,
)
from tests.unit.images.pictures import BLUE, GREEN, RED, YELLOW, assert_near, quarters

sides = st.integers(1, 2000)


@settings(deadline=None, max_examples=40)
@given(width=sides, height=sides)
@example(width=1, height=10_000)
@example(width=10_000, height=1)
@example(width=1, height=1)
def test_whole_picture_stands_centred_on_white(width: int, height: int) -> None:
    """Any shape fills the longer side, is centred to the pixel, and white surrounds it."""
    square = prepare_square(Image.new("RGB", (width, height), (0, 80, 160)))
    assert square.shape == (INPUT_SIDE, INPUT_SIDE, 3)
    assert square.dtype == np.uint8
    rows, columns = np.nonzero((square != 255).any(axis=2))
    shown = columns.max() - columns.min() + 1, rows.max() - rows.min() + 1
    assert shown == fitted_size(width, height, INPUT_SIDE)
    assert max(shown) == INPUT_SIDE
    assert min(shown) >= 1
    for least, most in ((columns.min(), columns.max()), (rows.min(), rows.max())):
        assert 0 <= (INPUT_SIDE - 1 - most) - least <= 1
    inside = square[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert (inside == (0, 80, 160)).all()


@settings(deadline=None, max_examples=30)
@given(width=st.integers(16, 2000), height=st.integers(16, 2000))
def test_nothing_is_cropped(width: int, height: int) -> None:
    """All four corners of the picture are found in the corners of what is shown."""
    square = prepare_square(quarters(width, height))
    shown_width, shown_height = fitted_size(width, height, INPUT_SIDE)
    if min(shown_width, shown_height) < 16:
        return  # too thin for two clean quarters
    left, top = (INPUT_SIDE - shown_width) // 2, (INPUT_SIDE - shown_height) // 2
    right, bottom = left + shown_width - 1, top + shown_height - 1
    found = [square[y, x] for y in (top, bottom) for x in (left, right)]
    assert_near(found, [RED, GREEN, BLUE, YELLOW], 2)


def test_fine_pattern_is_averaged() -> None:
    """A pattern finer than the square's pixels turns into its mean instead of false stripes."""
    stripes = np.zeros((1200, 1200, 3), np.uint8)
    stripes[:, ::2] = 254
    square = prepare_square(Image.fromarray(stripes))
    assert_near(square[20:-20, 20:-20], 127, 3)


def test_other_size_on_request() -> None:
    """The square has the size that is asked for."""
    assert prepare_square(quarters(), 64).shape == (64, 64, 3)


@pytest.mark.parametrize(
    "region, colour",
    [
        (Region(0.0, 0.0, 0.5, 0.5), RED),
        (Region(0.5, 0.0, 1.0, 0.5), GREEN),
        (Region(0.0, 0.5, 0.5, 1.0), BLUE),
        (Region(0.5, 0.5, 1.0, 1.0), YELLOW),
    ],
)
def test_a_region_is_shown_alone(region: Region, colour: tuple[int, int, int]) -> None:
    """A quarter of the picture fills what the whole would fill, and shows no other quarter."""
    square = prepare_region(np.asarray(quarters(400, 400)), region)
    inside = square[2:-2, 2:-2]
    assert_near(inside, np.broadcast_to(colour, inside.shape), 2)


def test_a_region_keeps_the_pixels_it_cuts_through() -> None:
    """The whole is the whole, to the last row and column."""
    image = quarters(40, 30)
    whole = prepare_region(np.asarray(image), Region(0.0, 0.0, 1.0, 1.0))
    assert np.array_equal(whole, prepare_square(image))
    cut = prepare_region(np.asarray(image), Region(0.01, 0.01, 0.99, 0.99))
    assert np.array_equal(cut, whole)


@settings(deadline=None, max_examples=50)
@given(
    left=st.floats(-0.5, 1.5),
    top=st.floats(-0.5, 1.5),
    right=st.floats(-0.5, 1.5),
    bottom=st.floats(-0.5, 1.5),
)
def test_any_region_holds_a_pixel(left: float, top: float, right: float, bottom: float) -> None:
    """Empty, upside down or outside: there is always something to ask with."""
    square = prepare_region(np.asarray(quarters(40, 30)), Region(left, top, right, bottom))
    assert square.shape == (INPUT_SIDE, INPUT_SIDE, 3)
