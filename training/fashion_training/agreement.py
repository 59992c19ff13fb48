"""Whether two forms of one model give the same answers, and how far apart they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Outputs = Mapping[str, NDArray[np.float32]]

#: Framework and float ONNX compute the same numbers in another order: float32 rounding through fifty
#: layers stays near 1e-5 of a vector of length 1.
FLOAT_BOUND = 1e-3
#: int8 against float, as 1 - cosine: over all pictures, and for the worst of them.
INT8_MEAN_BOUND = 0.02
INT8_WORST_BOUND = 0.10


class Disagreement(Exception):
    """Two forms of the model differ by more than the stated bound; nothing may be written."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How two forms differ: 1 - cosine per picture, and the largest difference of any output."""

    mean_distance: float
    worst_distance: float
    largest: float

    def __str__(self) -> str:
        """One line for the log."""
        return (
            f"1 - cosine: mean {self.mean_distance:.2e}, worst {self.worst_distance:.2e}; "
            f"largest difference {self.largest:.2e}"
        )


def difference(left: Outputs, right: Outputs) -> Difference:
    """Compare the outputs that both have; ``embedding`` [N, D] must be among them.

    The largest difference of an output is relative to its largest magnitude where that exceeds 1.
    Raises Disagreement when names or shapes differ or a number is not finite.
    """
    if set(left) != set(right):
        raise Disagreement(f"outputs differ: {sorted(left)} and {sorted(right)}")
    largest = 0.0
    for name, values in left.items():
        other = right[name]
        if values.shape != other.shape:
            raise Disagreement(f"{name}: shapes {values.shape} and {other.shape}")
        if not (np.all(np.isfinite(values)) and np.all(np.isfinite(other))):
            raise Disagreement(f"{name} holds numbers that are not finite")
        size = max(1.0, float(np.abs(values).max()))
        largest = max(largest, float(np.abs(values - other).max()) / size)
    a, b = left["embedding"].astype(np.float64), right["embedding"].astype(np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    distance = 1 - (a * b).sum(axis=1) / np.maximum(lengths, 1e-12)
    return Difference(float(distance.mean()), float(distance.max()), largest)


def require_equal(found: Difference, between: str) -> None:
    """Raise Disagreement unless two float forms are equal up to rounding."""
    if not found.largest <= FLOAT_BOUND:
        raise Disagreement(f"{between}: {found}; allowed is {FLOAT_BOUND:.0e}")


def require_near(found: Difference, between: str) -> None:
    """Raise Disagreement unless the int8 form stays close to the float form."""
    if not (found.mean_distance <= INT8_MEAN_BOUND and found.worst_distance <= INT8_WORST_BOUND):
        raise Disagreement(
            f"{between}: {found}; allowed is 1 - cosine of {INT8_MEAN_BOUND} in the mean and "
            f"{INT8_WORST_BOUND} at worst"
        )
