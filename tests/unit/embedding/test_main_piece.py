"""Finding the main piece from cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fashion_finder.domain import Part, Region, Vectors
from fashion_finder.embedding import main_piece
from fashion_finder.embedding.main_piece import Look, best_box, find_main_piece, lay_windows

PARTS = (Part("style", 0, 3, 0.5), Part("colour", 3, 6, 0.5))
CELLS = 7
BUSY = np.array([[1, 0, 0.2, 1, 0.1, 0], [0.9, 0.3, 0, 0.8, 0, 0.3]])
PIECE = np.array([0, 0.2, 1, 0.1, 1, 0.2])


def looker(inside: Callable[[float, float], bool], seed: int = 0) -> Look:
    """A model's cells of a picture with a piece on a background of two kinds."""
    chance = np.random.default_rng(seed)

    def look(windows: Sequence[Region]) -> Vectors:
        cells = np.empty((len(windows), CELLS, CELLS, 6), np.float32)
        for at, window in enumerate(windows):
            for row, column in np.ndindex(CELLS, CELLS):
                kind = PIECE if inside(*middle(window, row, column)) else BUSY[chance.integers(2)]
                cells[at, row, column] = kind * chance.uniform(0.5, 3)
        return cells

    return look


def middle(window: Region, row: int, column: int) -> tuple[float, float]:
    """Where the middle of a window's cell is in the picture, x and y."""
    x = window.left + (column + 0.5) / CELLS * (window.right - window.left)
    y = window.top + (row + 0.5) / CELLS * (window.bottom - window.top)
    return x, y


def contains(region: Region, x: float, y: float) -> bool:
    """Whether a point is inside a region."""
    return region.left < x < region.right and region.top < y < region.bottom


def overlap(first: Region, second: Region) -> float:
    """Intersection over union."""
    across = max(0.0, min(first.right, second.right) - max(first.left, second.left))
    down = max(0.0, min(first.bottom, second.bottom) - max(first.top, second.top))
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (first, second)]
    return across * down / (sum(areas) - across * down)


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (500, 500), (900, 300)])
@pytest.mark.parametrize(
    "piece",
    [Region(0.1, 0.15, 0.4, 0.6), Region(0.55, 0.4, 0.9, 0.9), Region(0.3, 0.1, 0.6, 0.9)],
)
def test_the_box_lies_around_the_piece(size: tuple[int, int], piece: Region) -> None:
    """Wherever it is, in a picture of any shape."""
    found = find_main_piece(*size, looker(partial(contains, piece)), PARTS)
    assert found is not None
    assert overlap(found, piece) >= 0.6


def test_a_piece_between_all_kinds_of_its_background_stands_out() -> None:
    """It points where the background does on average, but no single cell of it does."""
    piece = Region(0.3, 0.25, 0.7, 0.75)
    kinds = np.eye(3)[[0, 1, 2]]
    chance = np.random.default_rng(0)

    def look(windows: Sequence[Region]) -> Vectors:
        cells = np.empty((len(windows), CELLS, CELLS, 6), np.float32)
        for at, window in enumerate(windows):
            for row, column in np.ndindex(CELLS, CELLS):
                inside = contains(piece, *middle(window, row, column))
                kind = kinds.mean(axis=0) if inside else kinds[chance.integers(3)]
                cells[at, row, column] = np.tile(kind, 2)
        return cells

    found = find_main_piece(500, 500, look, PARTS)
    assert found is not None
    assert overlap(found, piece) >= 0.6


def test_a_piece_need_not_fill_its_box() -> None:
    """A boot leaves one corner of its box empty."""
    shaft, foot = Region(0.25, 0.15, 0.45, 0.85), Region(0.25, 0.6, 0.8, 0.85)
    look = looker(lambda x, y: contains(shaft, x, y) or contains(foot, x, y))
    found = find_main_piece(500, 500, look, PARTS)
    assert found is not None
    assert overlap(found, Region(0.25, 0.15, 0.8, 0.85)) >= 0.7


def test_the_threshold_separates_the_few_that_stand_out() -> None:
    """Otsu's criterion weighs the distance of the means more than the sizes of the groups."""
    scores = np.concatenate([np.linspace(0, 1, 80), np.full(8, 3.0)])
    assert 1 < main_piece._threshold(scores) < 3


def test_nothing_stands_out_in_a_plain_picture() -> None:
    """A picture of one colour has no main piece."""

    def look(windows: Sequence[Region]) -> Vectors:
        return np.ones((len(windows), CELLS, CELLS, 6), np.float32)

    assert find_main_piece(400, 300, look, PARTS) is None


def test_a_model_without_cells_proposes_nothing() -> None:
    """The box is still there to be drawn by hand."""
    assert find_main_piece(400, 300, lambda _windows: None, PARTS) is None


@settings(max_examples=60)
@given(width=st.integers(1, 5000), height=st.integers(1, 5000))
def test_windows_cover_the_whole_picture(width: int, height: int) -> None:
    """From edge to edge; a long picture has more of them, but never too many."""
    windows = lay_windows(width, height)
    assert len(windows) <= 42
    for share in np.linspace(0.001, 0.999, 23):
        assert any(window.left <= share <= window.right for window in windows)
        assert any(window.top <= share <= window.bottom for window in windows)
    assert min(window.left for window in windows) == min(window.top for window in windows) == 0
    assert max(window.right for window in windows) == max(window.bottom for window in windows) == 1


@settings(max_examples=40)
@given(seed=st.integers(0, 1000))
def test_the_best_box_is_the_best_of_all(seed: int) -> None:
    """As trying every box finds."""
    gains = np.random.default_rng(seed).normal(size=(6, 6))
    box = best_box(gains)
    rows = slice(round(box.top * 6), round(box.bottom * 6))
    columns = slice(round(box.left * 6), round(box.right * 6))
    best = max(
        gains[a:b, c:d].sum()
        for a in range(6)
        for b in range(a + 1, 7)
        for c in range(6)
        for d in range(c + 1, 7)
    )
    assert gains[rows, columns].sum() == pytest.approx(best)
