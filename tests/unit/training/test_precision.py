"""Precision at five, on cases counted by hand."""

import math

import numpy as np
import pytest

from fashion_training.precision import (
    found_again,
    joined,
    nearest,
    precision_at_k,
    reweighed,
)


def unit(*angles: float) -> np.ndarray:
    """Return unit vectors in the plane, one per angle in degrees."""
    radians = np.radians(angles)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_nearest_comes_best_first_and_skips_the_forbidden() -> None:
    """The three nearest of 0 degrees, with the photo itself and one copy forbidden."""
    gallery = unit(0, 40, 0, 10, 90, 20)
    forbidden = np.array([[True, False, True, False, False, False]])
    assert nearest(unit(0), gallery, forbidden, k=3).tolist() == [[3, 5, 1]]


def test_equal_similarities_keep_the_order_of_the_gallery() -> None:
    """A tie does not depend on the sorting method."""
    gallery = unit(*[30] * 40)
    found = nearest(unit(0), gallery, np.zeros((1, 40), dtype=bool), k=5)
    assert found.tolist() == [[0, 1, 2, 3, 4]]


def test_too_small_a_gallery_is_an_error() -> None:
    """A forbidden photo is never given to fill the places."""
    with pytest.raises(ValueError, match="fewer than 2"):
        nearest(unit(0), unit(0, 10), np.array([[True, False]]), k=2)


def test_precision_counts_equal_labels() -> None:
    """Two of three and none of three right: a third in the mean."""
    found = np.array([[0, 1, 2], [1, 2, 3]])
    gallery = ["a", "b", "a", "a"]
    assert precision_at_k(found, ["a", "c"], gallery) == pytest.approx(1 / 3)


def test_unknown_queries_are_left_out_and_unknown_answers_are_wrong() -> None:
    """An empty label matches nothing, not even another empty one."""
    found = np.array([[0, 1], [0, 1]])
    assert precision_at_k(found, ["", "a"], ["", "a"]) == pytest.approx(0.5)
    assert math.isnan(precision_at_k(found, ["", ""], ["", "a"]))


def test_reweighing_gives_each_part_its_share() -> None:
    """The inner product of reweighed vectors is the weighted sum of the parts' cosines."""
    vectors = np.hstack([unit(0, 60) * 0.3, unit(0, 90) * 7])
    out = reweighed(vectors, [(0, 2), (2, 4)], [0.75, 0.25])
    assert out[0] @ out[0] == pytest.approx(1)
    assert out[0] @ out[1] == pytest.approx(0.75 * 0.5, abs=1e-6)
    alone = reweighed(vectors, [(2, 4)], [1.0])
    assert alone.shape == (2, 2)
    assert alone[0] @ alone[1] == pytest.approx(0, abs=1e-6)


def test_a_copy_of_the_own_photo_counts_as_found() -> None:
    """The first query finds its group at once, the second only among two, the third never."""
    gallery, groups = unit(0, 30, 60), np.array([7, 8, 7])
    queries, own = unit(1, 50, 31), np.array([7, 8, 9])
    shares = [found_again(queries, gallery, own, groups, k) for k in (1, 2)]
    assert shares == pytest.approx([1 / 3, 2 / 3])


def test_joined_parts_have_the_weighted_mean_as_product() -> None:
    """A share of 0.3: three tenths of the style's cosine and seven of the colour's."""
    whole = joined(unit(0, 60), unit(0, 90), 0.3)
    assert np.linalg.norm(whole, axis=1) == pytest.approx([1, 1])
    assert whole[0] @ whole[1] == pytest.approx(0.3 * 0.5 + 0.7 * 0)
