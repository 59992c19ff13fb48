"""When two forms of one model count as the same."""

import numpy as np
import pytest

from fashion_training.agreement import (
    FLOAT_BOUND,
    INT8_MEAN_BOUND,
    INT8_WORST_BOUND,
    Disagreement,
    difference,
    require_equal,
    require_near,
)


def turned(*degrees: float) -> dict[str, np.ndarray]:
    """Return embeddings in the plane at these angles."""
    radians = np.radians(degrees)
    vectors = np.stack([np.cos(radians), np.sin(radians)], axis=1)
    return {"embedding": vectors.astype(np.float32)}


def test_distance_is_one_minus_cosine() -> None:
    """Sixty degrees apart is half, and the worst picture is named beside the mean."""
    found = difference(turned(0, 0), turned(0, 60))
    assert found.mean_distance == pytest.approx(0.25, abs=1e-6)
    assert found.worst_distance == pytest.approx(0.5, abs=1e-6)


def test_other_outputs_count_relative_to_their_size() -> None:
    """A score of 50 may differ by 50 times what a score of 1 may."""
    left = {**turned(0), "type": np.array([[50.0, 0.0]], dtype=np.float32)}
    right = {**turned(0), "type": np.array([[50.0, 5.0]], dtype=np.float32)}
    assert difference(left, right).largest == pytest.approx(0.1)


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"embedding": np.ones((2, 2), dtype=np.float32)},
        {"embedding": np.full((1, 2), np.nan, dtype=np.float32)},
    ],
)
def test_what_cannot_be_compared_disagrees(right: dict[str, np.ndarray]) -> None:
    """A missing output, another shape, or a number that is none."""
    with pytest.raises(Disagreement):
        difference(turned(0), right)


def test_float_forms_must_be_equal_up_to_rounding() -> None:
    """Just within the bound passes, just beyond does not."""
    base = turned(0)
    near = {"embedding": base["embedding"] + np.float32(0.9 * FLOAT_BOUND)}
    far = {"embedding": base["embedding"] + np.float32(1.1 * FLOAT_BOUND)}
    require_equal(difference(base, near), "two forms")
    with pytest.raises(Disagreement, match="two forms"):
        require_equal(difference(base, far), "two forms")


def test_int8_is_held_in_the_mean_and_at_worst() -> None:
    """One bad picture among good ones is refused, and so is a small error of all."""

    def degrees(distance: float) -> float:
        return float(np.degrees(np.arccos(1 - distance)))

    good = turned(*[0] * 20)
    require_near(difference(good, turned(*[degrees(0.9 * INT8_MEAN_BOUND)] * 20)), "int8")
    with pytest.raises(Disagreement):
        require_near(difference(good, turned(*[degrees(1.1 * INT8_MEAN_BOUND)] * 20)), "int8")
    one_bad = turned(*[0] * 19, degrees(1.1 * INT8_WORST_BOUND))
    with pytest.raises(Disagreement):
        require_near(difference(good, one_bad), "int8")
