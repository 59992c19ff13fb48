"""Batch norms after an addition, taken apart into what the stream and the weights can carry."""

import numpy as np
import pytest

from fashion_training.folding import Convolution, Norm, pixel_histogram, take_apart

X = np.linspace(-6, 6, 241)[:, None]


def norm_of(gamma: list[float], beta: list[float]) -> Norm:
    """Make a batch norm whose input has mean 0.5 and deviation 2."""
    size = len(gamma)
    return Norm.of(
        {
            "bn.weight": np.array(gamma, dtype=np.float32),
            "bn.bias": np.array(beta, dtype=np.float32),
            "bn.running_mean": np.full(size, 0.5, dtype=np.float32),
            "bn.running_var": np.full(size, 4.0, dtype=np.float32),
        },
        "bn",
    )


def reference(gamma: list[float], beta: list[float]) -> np.ndarray:
    """Return relu(bn(x)) by the definition."""
    passed: np.ndarray = np.maximum(
        np.array(gamma) * (X - 0.5) / np.sqrt(4.0 + 1e-5) + np.array(beta), 0
    )
    return passed


def rebuilt(norm: Norm, even: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Return gain * relu(x / even + offset) + rest."""
    found = take_apart(norm, even, before, "bn")
    whole: np.ndarray = found.gain * np.maximum(X / even + found.offset, 0) + found.rest
    return whole


def test_scales_and_shifts_come_back() -> None:
    """Any positive scale, any shift, any evening-out: the same activation."""
    gamma, beta = [0.2, 1.0, 3.0, 0.01], [0.5, -1.0, 0.0, 0.02]
    even = np.array([0.5, 2.0, 1.0, 7.0], dtype=np.float32)
    assert rebuilt(norm_of(gamma, beta), even, np.zeros(4, dtype=np.float32)) == pytest.approx(
        reference(gamma, beta), abs=1e-5
    )


def test_a_constant_channel_is_its_shift() -> None:
    """A scale of nothing leaves the shift, or zero, and does not disturb the stream."""
    even = np.ones(2, dtype=np.float32)
    before = np.array([0.3, -0.4], dtype=np.float32)
    norm = norm_of([0.0, 0.0], [0.7, -0.7])
    assert rebuilt(norm, even, before) == pytest.approx(reference([0.0, 0.0], [0.7, -0.7]))
    assert take_apart(norm, even, before, "bn").offset == pytest.approx(before)


def test_a_silent_channel_keeps_the_offset_of_the_stream() -> None:
    """A channel far below zero passes nothing; its own offset would only widen the range."""
    before = np.array([0.25], dtype=np.float32)
    found = take_apart(norm_of([0.1], [-1.0]), np.ones(1, dtype=np.float32), before, "bn")
    assert [found.gain[0], found.offset[0], found.rest[0]] == [0, 0.25, 0]


def test_a_negative_scale_is_refused() -> None:
    """It cannot be taken apart, and the message names the batch norm."""
    one = np.ones(1, dtype=np.float32)
    with pytest.raises(ValueError, match="stage9"):
        take_apart(norm_of([-0.1], [0.0]), one, one, "stage9")


def test_the_bins_read_pixels_as_they_come() -> None:
    """The folded histogram of 0..255 equals the trained one of normalised pixels."""
    draw = np.random.default_rng(4)
    shapes = {"hidden": (5, 3), "bins": (6, 5)}
    state = {
        f"top.pixels.{name}.weight": draw.normal(0, 1, (*shape, 1, 1)).astype(np.float32)
        for name, shape in shapes.items()
    } | {
        f"top.pixels.{name}.bias": draw.normal(0, 1, shape[0]).astype(np.float32)
        for name, shape in shapes.items()
    }
    mean, std = np.array((0.485, 0.456, 0.406)), np.array((0.229, 0.224, 0.225))
    folded = pixel_histogram(state, mean, std)
    pixels = draw.uniform(0, 255, (9, 3))

    def layer(convolution: Convolution, x: np.ndarray) -> np.ndarray:
        out: np.ndarray = x @ convolution.weight[:, :, 0, 0].T + convolution.bias
        return out

    def trained(name: str, x: np.ndarray) -> np.ndarray:
        prefix = f"top.pixels.{name}"
        out: np.ndarray = x @ state[f"{prefix}.weight"][:, :, 0, 0].T + state[f"{prefix}.bias"]
        return out

    wanted = trained("hidden", (pixels / 255 - mean) / std)
    assert layer(folded.hidden, pixels) == pytest.approx(wanted, abs=1e-4)
    assert layer(folded.bins, wanted) == pytest.approx(trained("bins", wanted), abs=1e-5)
