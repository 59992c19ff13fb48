from __future__ import annotations

import pytest

from sample_wardrobe.outline import mirror, trace, whole


def test_straight_lines() -> None:
    """Straight pieces are their ends."""
    assert trace("M 0 0 L 10 0 L 10 20") == ((0, 0), (10, 0), (10, 20))


@pytest.mark.parametrize(
    "path, middle", [("M 0 0 Q 5 10 10 0", (5, 5)), ("M 0 0 C 0 8 8 8 8 0", (4, 6))]
)
def test_curves_are_bezier_curves(path: str, middle: tuple[float, float]) -> None:
    """A curve ends at its last point and passes its middle where the formula says."""
    points = trace(path)
    assert points[-1] == pytest.approx((2 * middle[0], 0))
    assert points[len(points) // 2] == pytest.approx(middle)


def test_numbers_repeat_their_command() -> None:
    """As in SVG, a command need not be written twice."""
    assert trace("M 0 0 L 1 1 2 2") == trace("M 0 0 L 1 1 L 2 2")


@pytest.mark.parametrize("path", ["M 0", "M 0 0 Q 1 1 2", "M 0 0 L 1 M 2 2"])
def test_incomplete_path_is_refused(path: str) -> None:
    """A typing error in a drawing is found at once."""
    with pytest.raises(ValueError, match="too few numbers"):
        trace(path)


def test_half_outline_becomes_whole() -> None:
    """A left half is closed with its mirror image, in one round."""
    half = trace("M 300 0 L 200 50 L 300 100")
    assert mirror(half)[1] == (400, 50)
    assert whole(half) == ((300, 0), (200, 50), (300, 100), (300, 100), (400, 50), (300, 0))
