"""Folds the batch norms of a pre-activation ResNet50 v2 into its convolutions, in NumPy.

The batch norms inside a unit follow a convolution and fold as usual. Those after an addition do not,
and as operations of their own they cost a quantised network a quarter of its time. They vanish
all the same. For a positive scale s,

    relu(s x + b) = s relu(x + t)   with t = b / s,

and s goes into the weights of the 1x1 convolutions that follow, which have no padding. The
constant t joins the stream of additions: each unit adds the difference between its own t and the
one before, as the bias of its last convolution. What is left of such a batch norm is a ReLU.

Each channel is also divided by how large it typically gets (taken from the batch norms' statistics),
and the weights that read it multiplied, so that one quantisation step suits all channels of a tensor:
a ReLU does not mind a positive factor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fashion_training.parts import NAMED_BY, SIZES

Array = NDArray[np.float32]
State = Mapping[str, NDArray[np.float32]]

STAGE_UNITS = (3, 4, 6, 3)
STAGE_STRIDES = (1, 2, 2, 2)
BATCH_NORM_EPSILON = 1e-5
#: A channel whose shift lies this many deviations below zero never passes its ReLU.
SILENT_DEVIATIONS = 8.0
#: Name of the graph's part that sorts pixels into bins and weighs cells; it stays float.
FLOAT_SCOPE = "float_part"
#: Below this share of a deviation a channel is its shift, a constant.
SMALLEST_SCALE = 1e-3


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution with bias: weight float32 [out, in, h, w], bias float32 [out]."""

    weight: Array
    bias: Array
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True, slots=True)
class FoldedUnit:
    """A bottleneck without batch norms: ``shortcut`` only in a stage's first unit."""

    conv1: Convolution
    conv2: Convolution
    conv3: Convolution
    shortcut: Convolution | None


@dataclass(frozen=True, slots=True)
class Head:
    """A linear layer on averaged features: weight float32 [out, in], bias float32 [out].

    It reads the joined averages from the place ``start`` on.
    """

    weight: Array
    bias: Array
    start: int = 0


@dataclass(frozen=True, slots=True)
class PixelHistogram:
    """Soft colour bins of averaged pixels (0..255).

    ``hidden`` and ``bins`` are 1x1 convolutions, each followed by a ReLU. ``square`` is the side of
    the squares that are averaged.
    """

    hidden: Convolution
    bins: Convolution
    square: int = 4


@dataclass(frozen=True, slots=True)
class FoldedNetwork:
    """Everything that the graph needs, as plain arrays.

    ``pixel_scale`` and ``pixel_shift`` [3] bring 0..255 to the stem's input; ``entry_scale`` and
    ``entry_shift`` [64] are the batch norm after the stem's pooling. ``gate`` reads the activation
    that enters stage 4 and says how much each cell counts. ``heads`` make the parts, in order, from the
    joined averages: of the activations after the stem, entering stages 2, 3 and 4, of the last, and of
    the bins of ``pixels``. ``words`` maps vocabulary to (part, weight [words, part's length]).
    """

    pixel_scale: Array
    pixel_shift: Array
    stem: Convolution
    entry_scale: Array
    entry_shift: Array
    stages: tuple[tuple[FoldedUnit, ...], ...]
    gate: Convolution
    pixels: PixelHistogram
    heads: Mapping[str, Head]
    words: Mapping[str, tuple[str, Array]]


@dataclass(frozen=True, slots=True)
class Norm:
    """A batch norm with fixed statistics: y = scale * x + shift, of x with this deviation."""

    scale: Array
    shift: Array
    deviation: Array
    gamma: Array
    beta: Array

    @classmethod
    def of(cls, state: State, name: str) -> Norm:
        """Read the four arrays of one batch norm."""
        deviation = np.sqrt(state[f"{name}.running_var"].astype(np.float64) + BATCH_NORM_EPSILON)
        gamma, beta = state[f"{name}.weight"], state[f"{name}.bias"]
        scale = gamma / deviation
        shift = beta - state[f"{name}.running_mean"] * scale
        return cls(_f32(scale), _f32(shift), _f32(deviation), gamma, beta)

    def typical_size(self) -> Array:
        """Return about how large each channel gets, [channels]: four deviations above its mean.

        Channels that hardly ever pass the ReLU count as a twentieth of the average.
        """
        size = 4 * np.abs(self.gamma) + self.beta
        return _f32(np.maximum(size, max(1e-6, 0.05 * float(np.abs(size).mean()))))

    def reach(self) -> Array:
        """Return about how far each channel of the input gets from where its ReLU cuts, [channels].

        Four deviations and the distance of the mean; channels that never pass count as four.
        """
        passing = (self.gamma > SMALLEST_SCALE) & (self.beta + SILENT_DEVIATIONS * self.gamma > 0)
        distance = np.where(passing, np.abs(self.beta) / np.where(passing, self.gamma, 1), 0)
        return _f32(self.deviation * (4 + np.minimum(distance, SILENT_DEVIATIONS)))


@dataclass(frozen=True, slots=True)
class Activation:
    """A batch norm and ReLU taken apart: relu(bn(x)) = gain * relu(x / even + offset) + rest.

    All are per channel [channels]; ``even`` is what the stage's stream is divided by.
    """

    gain: Array
    offset: Array
    rest: Array


def take_apart(norm: Norm, even: Array, before: Array, name: str) -> Activation:
    """Take one batch norm after an addition apart.

    ``before`` is the offset that the stream already has; a channel that never passes, or that is
    constant, keeps it. Raises ValueError when a scale is clearly negative (the trainer prevents it).
    """
    if np.any(norm.gamma < -SMALLEST_SCALE):
        raise ValueError(f"{name}: a batch norm after an addition has a negative scale")
    constant = norm.gamma < SMALLEST_SCALE
    silent = norm.beta + SILENT_DEVIATIONS * norm.gamma < 0
    unused = constant | silent
    gain = np.where(unused, 0, norm.scale * even)
    offset = np.where(unused, before, norm.shift / np.where(unused, 1, norm.scale * even))
    rest = np.where(constant, np.maximum(norm.beta, 0), 0)
    return Activation(_f32(gain), _f32(offset), _f32(rest))


def fold(state: State, scale: float) -> FoldedNetwork:
    """Fold a trained checkpoint (names as in the trainer's network).

    ``scale`` multiplies the cosines of the tag scores. Raises KeyError when an array is missing and
    ValueError when a batch norm cannot be folded.
    """
    mean, std = np.array((0.485, 0.456, 0.406)), np.array((0.229, 0.224, 0.225))
    entry = Norm.of(state, "backbone.input_bn")
    pool = Norm.of(state, "backbone.stage1.unit1.bn1")
    ones = np.ones_like(pool.scale)
    entered = Activation(ones, 0 * ones, 0 * ones)
    stages: list[tuple[FoldedUnit, ...]] = []
    stem_norm = Norm.of(state, "backbone.stem.bn")
    stem_size = stem_norm.typical_size()
    seen: list[Activation] = [Activation(stem_size, 0 * ones, 0 * ones)]
    for number in range(1, 5):
        units, leaving = _fold_stage(state, number, entered)
        stages.append(units)
        seen.append(leaving)
        entered = leaving
    unscaled = np.ones(len(state["top.pixels.bins.bias"]))
    gains = np.concatenate([*(activation.gain for activation in seen), unscaled])
    rests = np.concatenate([*(activation.rest for activation in seen), 0 * unscaled])
    heads, words = _three_parts(state) if "parts.cut.weight" in state else _two_parts(state)
    return FoldedNetwork(
        pixel_scale=_f32(entry.scale / std / 255),
        pixel_shift=_f32(entry.shift - entry.scale * mean / std),
        stem=_after_norm(
            state["backbone.stem.conv.weight"], stem_norm, stem_size, stride=2, padding=3
        ),
        entry_scale=_f32(pool.scale * stem_size),
        entry_shift=pool.shift,
        stages=tuple(stages),
        gate=_on_activation(Convolution(state["top.gate.weight"], state["top.gate.bias"]), seen[3]),
        pixels=pixel_histogram(state, mean, std),
        heads={
            name: _on_averages(weight, bias, gains, rests) for name, (weight, bias) in heads.items()
        },
        words={
            vocabulary: (part, _directions(directions, scale))
            for vocabulary, (part, directions) in words.items()
        },
    )


_Layers = Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
_Words = Mapping[str, tuple[str, Array]]


def _two_parts(state: State) -> tuple[_Layers, _Words]:
    """Read ``style`` and ``colour`` with their words; every weight has a column for each average."""
    of_bins = state["top.colour_of_bins.weight"]
    norm = Norm.of(state, "top.colour_norm")
    weight = state["top.colour.weight"].astype(np.float64)
    colour = np.hstack([weight * norm.scale, of_bins])
    style = np.zeros((len(state["top.style.bias"]), colour.shape[1]))
    last = state["top.style.weight"].shape[1]
    style[:, weight.shape[1] - last : weight.shape[1]] = state["top.style.weight"]
    return {
        "style": (style, state["top.style.bias"].astype(np.float64)),
        "colour": (colour, state["top.colour.bias"] + weight @ norm.shift),
    }, {
        "type": ("style", state["top.type_words"]),
        "colour_name": ("colour", state["top.colour_words"]),
        "gender": ("style", state["top.gender_words"]),
    }


def _three_parts(state: State) -> tuple[_Layers, _Words]:
    """Read ``cut``, ``colour`` and ``pattern`` with their words."""
    return {
        name: (
            state[f"parts.{name}.weight"].astype(np.float64),
            state[f"parts.{name}.bias"].astype(np.float64),
        )
        for name in SIZES
    }, {vocabulary: (part, state[f"words.{vocabulary}"]) for vocabulary, part in NAMED_BY.items()}


def pixel_histogram(
    state: State, mean: NDArray[np.float64], std: NDArray[np.float64]
) -> PixelHistogram:
    """Let the first convolution read 0..255."""
    prefix = "top.pixels"
    hidden, bins = (
        state[f"{prefix}.{name}.weight"].astype(np.float64) for name in ("hidden", "bins")
    )
    first = hidden / (255 * std)[:, None, None]
    shifted = state[f"{prefix}.hidden.bias"] - hidden[:, :, 0, 0] @ (mean / std)
    return PixelHistogram(
        hidden=Convolution(_f32(first), _f32(shifted)),
        bins=Convolution(_f32(bins), _f32(state[f"{prefix}.bins.bias"])),
    )


def _fold_stage(
    state: State, number: int, entered: Activation
) -> tuple[tuple[FoldedUnit, ...], Activation]:
    """Fold one stage; returns its units and the activation that leaves it."""
    place = "top" if number == 4 else "backbone"
    count = STAGE_UNITS[number - 1]
    following = [f"{place}.stage{number}.unit{unit}.bn1" for unit in range(2, count + 1)]
    following.append(
        {3: "top.stage4.unit1.bn1", 4: "top.final_bn"}.get(
            number, f"backbone.stage{number + 1}.unit1.bn1"
        )
    )
    norms = [Norm.of(state, name) for name in following]
    even = _f32(np.max([norm.reach() for norm in norms], axis=0))
    before = np.zeros_like(even)
    units = []
    for unit, (norm, name) in enumerate(zip(norms, following, strict=True), start=1):
        leaving = take_apart(norm, even, before, name)
        prefix = f"{place}.stage{number}.unit{unit}"
        first = unit == 1
        units.append(_fold_unit(state, prefix, number, first, entered, even, leaving, before))
        before, entered = leaving.offset, leaving
    return tuple(units), entered


def _fold_unit(
    state: State,
    prefix: str,
    number: int,
    first: bool,
    entered: Activation,
    even: Array,
    leaving: Activation,
    before: Array,
) -> FoldedUnit:
    def bare(name: str) -> Array:
        return state[f"{prefix}.{name}.weight"]

    stride = STAGE_STRIDES[number - 1] if first else 1
    norm2, norm3 = Norm.of(state, f"{prefix}.bn2"), Norm.of(state, f"{prefix}.bn3")
    size2, size3 = norm2.typical_size(), norm3.typical_size()
    conv1 = _after_norm(bare("conv1"), norm2, size2)
    conv2 = _after_norm(bare("conv2") * size2[:, None, None], norm3, size3, stride, 1)
    divided = _f32(bare("conv3") * size3[:, None, None] / even[:, None, None, None])
    shortcut = None
    if first:
        kept = _f32(bare("shortcut") / even[:, None, None, None])
        shortcut = _on_activation(Convolution(kept, np.zeros_like(even), stride), entered)
    conv3 = Convolution(divided, _f32(leaving.offset - before))
    return FoldedUnit(_on_activation(conv1, entered), conv2, conv3, shortcut)


def _directions(words: Array, scale: float) -> Array:
    """Return one row per word, of length ``scale``."""
    return _f32(scale * words / np.linalg.norm(words, axis=1, keepdims=True))


def _f32(values: NDArray[Any]) -> Array:
    return np.asarray(values, dtype=np.float32)


def _after_norm(
    weight: Array, norm: Norm, size: Array, stride: int = 1, padding: int = 0
) -> Convolution:
    """Fold the batch norm that follows a convolution, and divide its channels by their size."""
    scale = norm.scale / size
    return Convolution(
        _f32(weight * scale[:, None, None, None]), _f32(norm.shift / size), stride, padding
    )


def _on_activation(convolution: Convolution, entered: Activation) -> Convolution:
    """Let a 1x1 convolution read relu(x / even + offset) in place of the activation itself."""
    matrix = convolution.weight[:, :, 0, 0].astype(np.float64)
    weight = (matrix * entered.gain)[:, :, None, None]
    bias = convolution.bias + matrix @ entered.rest
    return Convolution(_f32(weight), _f32(bias), convolution.stride)


def _on_averages(
    weight: NDArray[np.float64], bias: NDArray[np.float64], gain: Array, rest: Array
) -> Head:
    """Let a head read folded averages, and only those that it has a weight for."""
    read = np.flatnonzero(weight.any(axis=0))
    start, stop = int(read[0]), int(read[-1]) + 1
    return Head(_f32((weight * gain)[:, start:stop]), _f32(bias + weight @ rest), start)
