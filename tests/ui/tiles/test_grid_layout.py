"""The shape of the grid of answers: every tile is seen, none is mostly empty, no word is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from fashion_finder.domain import Closeness
from fashion_finder.ui.tiles.grid_layout import (
    BROWSED_PICTURE,
    GUTTER,
    PADDING,
    browse_grid,
    fit_grid,
)
from fashion_finder.ui.tiles.match_delegate import closeness_line

CAPTION, DIVIDER = 50, 44


@given(
    width=st.integers(40, 4000),
    height=st.integers(40, 2200),
    groups=st.lists(st.integers(0, 60), min_size=1, max_size=3),
)
def test_the_tiles_always_fit(width: int, height: int, groups: list[int]) -> None:
    """Nothing is ever cut off at the right, nor at the foot unless the grid scrolls."""
    shape = fit_grid(QSize(width, height), groups, CAPTION, bar=14, divider=DIVIDER)
    assert 1 <= shape.columns <= max(1, *groups)
    assert shape.columns * shape.cell.width() < width or shape.columns == 1
    if not shape.scrolls:
        rows = sum(-(-group // shape.columns) for group in groups)
        assert rows * shape.cell.height() + DIVIDER * (len(groups) - 1) <= height


@given(width=st.integers(300, 4000), height=st.integers(200, 2200), count=st.integers(1, 30))
def test_no_tile_is_mostly_empty(width: int, height: int, count: int) -> None:
    """Room that upright photos cannot fill is left below the tiles, not in them."""
    shape = fit_grid(QSize(width, height), (count,), CAPTION)
    wide = shape.cell.width() - GUTTER - 2 * PADDING
    high = shape.cell.height() - GUTTER - 2 * PADDING - CAPTION
    assert shape.scrolls or high <= wide * 4 / 3 + 1


@given(width=st.integers(60, 8000))
def test_browsed_tiles_fill_their_width_and_stay_large_enough(width: int) -> None:
    """As many columns as leave each picture its size, none cut off at the right."""
    shape = browse_grid(width, CAPTION)
    wide = shape.cell.width() - GUTTER - 2 * PADDING
    assert shape.columns * shape.cell.width() <= max(1, width - 1)
    assert wide >= BROWSED_PICTURE or shape.columns == 1
    assert width - shape.columns * shape.cell.width() <= shape.columns
    assert wide < 2 * BROWSED_PICTURE + GUTTER + 2 * PADDING


@pytest.mark.parametrize("height", [270, 320, 370])
def test_words_are_worth_smaller_pictures(height: int) -> None:
    """Where one row would have larger pictures but cut the words below them, there are two."""
    room = QSize(610, height)
    assert fit_grid(room, (5,), CAPTION).columns == 5
    shape = fit_grid(room, (5,), CAPTION, words=95)
    enough = height > 320  # otherwise they would be too small
    assert shape.columns == (3 if enough else 5)
    assert not shape.scrolls


@pytest.mark.parametrize(
    "size, columns",
    [((640, 430), 3), ((840, 680), 3), ((2600, 700), 5), ((500, 1600), 2), ((2800, 2000), 3)],
)
def test_five_tiles_use_the_room(size: tuple[int, int], columns: int) -> None:
    """From 900 x 600 to 4K, wide or tall, without scrolling."""
    shape = fit_grid(QSize(*size), (5,), CAPTION)
    assert shape.columns == columns
    assert not shape.scrolls


@pytest.mark.parametrize(
    "more, has_meter, is_whole", [(29, True, True), (0, False, True), (-1, False, False)]
)
def test_the_word_is_worth_more_than_the_meter(
    qapp: QApplication, more: int, has_meter: bool, is_whole: bool
) -> None:
    """Where both have no room, the word is written in full and the bars are left out."""
    font = qapp.font()
    needed = QFontMetrics(font).horizontalAdvance("Very similar")
    said, shown = closeness_line(Closeness.VERY_SIMILAR, needed + more, font)
    assert (said == "Very similar", shown) == (is_whole, has_meter)
