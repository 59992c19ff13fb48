"""A crop box stays inside its picture, whatever is done to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Region
from fashion_finder.ui.question.crop_geometry import (
    HANDLES,
    SHORTEST,
    WHOLE,
    Drag,
    Grip,
    dragged,
    moved,
    rounded,
    spanned,
)

MIDDLE = Region(0.3, 0.4, 0.6, 0.8)

shares = st.floats(0, 1)
anywhere = st.floats(-3, 3)
boxes = st.builds(spanned, shares, shares, shares, shares)


def sides(region: Region) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    return (region.left, region.top, region.right, region.bottom)


def is_inside(region: Region) -> bool:
    """Whether a box lies in the picture and can be taken hold of."""
    wide, tall = region.right - region.left, region.bottom - region.top
    return (
        all(-1e-9 <= side <= 1 + 1e-9 for side in sides(region))
        and min(wide, tall) >= SHORTEST - 1e-9
    )


@given(box=boxes, grip=st.sampled_from(Grip), across=anywhere, down=anywhere)
def test_a_dragged_box_stays_inside(box: Region, grip: Grip, across: float, down: float) -> None:
    """However far the mouse goes."""
    assert is_inside(dragged(box, grip, across, down))


@given(x0=anywhere, y0=anywhere, x1=anywhere, y1=anywhere)
def test_a_drawn_box_stays_inside(x0: float, y0: float, x1: float, y1: float) -> None:
    """From any corner to any other."""
    box = spanned(x0, y0, x1, y1)
    assert is_inside(box)
    assert box == spanned(x1, y1, x0, y0)


@given(box=boxes, across=anywhere, down=anywhere)
def test_a_moved_box_keeps_its_size(box: Region, across: float, down: float) -> None:
    """At the edge of the picture it stops."""
    there = moved(box, across, down)
    assert there.right - there.left == pytest.approx(box.right - box.left)
    assert there.bottom - there.top == pytest.approx(box.bottom - box.top)


@pytest.mark.parametrize(
    "across, down, expected",
    [
        (9, 0, (0.7, 0.4, 1.0, 0.8)),
        (-9, 0, (0.0, 0.4, 0.3, 0.8)),
        (0, 9, (0.3, 0.6, 0.6, 1.0)),
        (0, -9, (0.3, 0.0, 0.6, 0.4)),
        (0.1, -0.1, (0.4, 0.3, 0.7, 0.7)),
    ],
    ids=["right", "left", "bottom", "top", "inside"],
)
def test_a_box_stops_at_the_edge_it_is_moved_to(
    across: float, down: float, expected: tuple[float, ...]
) -> None:
    """And goes there all the way."""
    assert sides(moved(MIDDLE, across, down)) == pytest.approx(expected)


@pytest.mark.parametrize("grip", HANDLES)
def test_only_the_edges_that_are_held_move(grip: Grip) -> None:
    """A corner moves two of them."""
    side, rise = grip.value
    expected = (
        MIDDLE.left + 0.05 * (side < 0),
        MIDDLE.top + 0.05 * (rise < 0),
        MIDDLE.right + 0.05 * (side > 0),
        MIDDLE.bottom + 0.05 * (rise > 0),
    )
    assert sides(dragged(MIDDLE, grip, 0.05, 0.05)) == pytest.approx(expected)


def test_an_edge_stops_before_the_opposite_one() -> None:
    """The least size is kept where the other edge is."""
    assert dragged(MIDDLE, Grip.RIGHT, -9, 0).right == pytest.approx(MIDDLE.left + SHORTEST)
    assert dragged(MIDDLE, Grip.TOP, 0, 9).top == pytest.approx(MIDDLE.bottom - SHORTEST)
    assert dragged(MIDDLE, Grip.RIGHT, 9, 0).right == 1.0
    assert dragged(MIDDLE, Grip.LEFT, -9, 0).left == 0.0


def test_a_click_in_the_corner_grows_inwards() -> None:
    """There is no room beyond."""
    assert sides(spanned(1, 1, 1, 1)) == pytest.approx((1 - SHORTEST, 1 - SHORTEST, 1, 1))


def test_a_press_draws_a_box_or_drags_the_one_it_holds() -> None:
    """The distance from where it was pressed counts, not where on the box that was."""
    assert sides(Drag(0.2, 0.3).box_at(0.7, 0.9)) == pytest.approx((0.2, 0.3, 0.7, 0.9))
    held = Drag(0.5, 0.5, (MIDDLE, Grip.INSIDE))
    assert sides(held.box_at(0.6, 0.4)) == pytest.approx((0.4, 0.3, 0.7, 0.7))
    held = Drag(0.59, 0.79, (MIDDLE, Grip.BOTTOM_RIGHT))
    assert sides(held.box_at(0.69, 0.89)) == pytest.approx((0.3, 0.4, 0.7, 0.9))


def test_the_whole_picture_is_no_box() -> None:
    """Nor is what no eye tells apart from it."""
    assert rounded(WHOLE) is None
    assert rounded(Region(0.0002, 0.0, 0.9997, 1.0)) is None
    assert rounded(Region(0.12345, 0.0, 0.98765, 1.0)) == Region(0.123, 0.0, 0.988, 1.0)
