"""How large pictures can be drawn: pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize

GUTTER = 14  # between two cards
PADDING = 12  # inside a card
BROWSED_PICTURE = 128  # logical pixels wide at least: a dozen or more at a glance
SMALLEST_PICTURE = 96  # logical pixels; below that the grid scrolls
WIDEST = 1.3  # width to height of a cell's picture area
PORTRAIT = 0.8  # width to height of the usual product photo
TALLEST = 4 / 3  # height to width of a cell's picture area: photos of phones and catalogues


@dataclass(frozen=True, slots=True)
class GridShape:
    """The number of columns and the size of a cell."""

    columns: int
    cell: QSize
    scrolls: bool = False


def fit_grid(
    room: QSize,
    groups: Sequence[int],
    caption: int,
    *,
    words: int = 0,
    bar: int = 0,
    divider: int = 0,
) -> GridShape:
    """The columns that show upright pictures largest.

    Args:
        room: the size of the whole grid.
        groups: how many pictures stand before, between and after the dividers.
        caption: height that a cell adds below its picture.
        words: width of the words there; columns that would cut them off come second.
        bar: width of a scroll bar, should one be needed.
        divider: height of a divider.

    Rather than make the pictures too small to recognise, the grid scrolls; rather than make cells
    so tall that most of them is empty, it leaves room below.
    """
    frame = GUTTER + 2 * PADDING
    most = max(1, *groups)
    height = room.height() - divider * (len(groups) - 1)
    shapes: list[tuple[bool, float, GridShape]] = []
    for columns in range(1, most + 1):
        rows = max(1, sum(-(-group // columns) for group in groups))
        wide = (room.width() - 1) // columns
        high = height // rows
        picture = min(wide - frame, (high - frame - caption) * PORTRAIT)
        # A cell much wider or taller than its picture looks lost.
        wide = min(wide, max(1, round((high - frame - caption) * WIDEST) + frame))
        high = min(high, max(1, round((wide - frame) * TALLEST) + frame + caption))
        if picture >= SMALLEST_PICTURE * PORTRAIT:
            shape = GridShape(columns, QSize(wide, high))
            shapes.append((wide - frame >= words, picture, shape))
    if shapes:
        return max(shapes, key=lambda shape: shape[:2])[2]
    columns = min(most, max(1, (room.width() - bar) // (SMALLEST_PICTURE + frame + 40)))
    wide = max(1, (room.width() - bar - 1) // columns)
    return GridShape(columns, QSize(wide, SMALLEST_PICTURE + 60 + frame + caption), scrolls=True)


def browse_grid(width: int, caption: int) -> GridShape:
    """Tiles of one modest size for scrolling through all photos, in a grid of this width."""
    frame = GUTTER + 2 * PADDING
    columns = max(1, (width - 1) // (BROWSED_PICTURE + frame))
    wide = max(1, (width - 1) // columns)
    high = round(max(1, wide - frame) / PORTRAIT) + frame + caption
    return GridShape(columns, QSize(wide, high), scrolls=True)


def fitted(size: QSize, area: QRectF) -> QRectF:
    """The largest rectangle of the same shape as `size` centred in `area`."""
    scale = min(area.width() / max(1, size.width()), area.height() / max(1, size.height()))
    target = QRectF(0, 0, size.width() * scale, size.height() * scale)
    target.moveCenter(area.center())
    return target
