"""The two graphs in TensorFlow: the trained fashion network, and Keras' ResNet50 as it comes.

Every function returned takes ``image`` uint8 [N, 224, 224, 3] (RGB) and returns the outputs of the
model contract by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fashion_training.folding import (
    FLOAT_SCOPE,
    Convolution,
    FoldedNetwork,
    FoldedUnit,
    Head,
    PixelHistogram,
)

Outputs = dict[str, Any]
Graph = Callable[[Any], Outputs]

#: Per channel (BGR), what Keras' ResNet50 subtracts from 0..255: the mean of ImageNet in Caffe's order.
CAFFE_MEAN_BGR = (103.939, 116.779, 123.68)
#: Rows and columns of ``local``, and of the cells that the gate weighs.
CELLS, GATED_CELLS = 7, 14


def fashion_graph(network: FoldedNetwork, weights: Mapping[str, float]) -> Graph:
    """Build the trained network; ``weights`` are the parts' default weights."""

    def graph(image: Any) -> Outputs:
        pixels = tf.cast(image, tf.float32)
        x = _convolve(pixels, _diagonal(network))
        x = tf.nn.relu(_convolve(x, network.stem))
        x = tf.nn.max_pool2d(x, 3, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])
        seen = [x]
        x = tf.nn.relu(x * network.entry_scale + network.entry_shift)
        for stage in network.stages:
            x = _stage(x, stage)
            seen.append(x)
        *early, last = seen
        early = [_to_cells(entered, GATED_CELLS) for entered in early]
        with tf.name_scope(FLOAT_SCOPE):
            gate = _openness(early[-1], network.gate)
            bins = _bins(pixels, network.pixels)
            gated = tf.concat([x * gate for x in (*early, bins)], axis=3)
            gated = _to_cells(gated, CELLS)
            last = last * _to_cells(gate, CELLS)
            width = gated.shape[3] - bins.shape[3]
            joined = tf.concat([gated[..., :width], last, gated[..., width:]], axis=3)
            local = {name: _at_cells(joined, head) for name, head in network.heads.items()}
        parts = {
            name: _unit_length(tf.reduce_mean(cells, axis=(1, 2))) for name, cells in local.items()
        }
        outputs = {
            "embedding": tf.concat(
                [parts[name] * np.float32(weights[name] ** 0.5) for name in parts], axis=1
            ),
            "local": tf.concat(list(local.values()), axis=3),
        }
        for vocabulary, (part, words) in network.words.items():
            outputs[vocabulary] = tf.matmul(parts[part], tf.constant(words.T))
        return {name: tf.identity(tensor, name=name) for name, tensor in outputs.items()}

    return graph


def imagenet_graph(weights: str | None, seed: int, size: int = 224) -> Graph:
    """Build Keras' ResNet50 with global average pooling and unit length: one part, ``style``.

    ``weights`` is "imagenet" (downloaded by Keras) or None for random ones drawn from ``seed``.
    """
    keras.utils.set_random_seed(seed)
    model = keras.applications.ResNet50(
        weights=weights, include_top=False, pooling="avg", input_shape=(size, size, 3)
    )
    model.trainable = False

    def graph(image: Any) -> Outputs:
        x = tf.cast(image, tf.float32)[..., ::-1] - np.array(CAFFE_MEAN_BGR, dtype=np.float32)
        return {"embedding": tf.identity(_unit_length(model(x, training=False)), name="embedding")}

    return graph


def _stage(x: Any, units: tuple[FoldedUnit, ...]) -> Any:
    """Run one stage: the activation that enters it to the activation that leaves it."""
    stream = None
    for unit in units:
        inner = tf.nn.relu(_convolve(x, unit.conv1))
        inner = tf.nn.relu(_convolve(inner, unit.conv2))
        added = _convolve(inner, unit.conv3)
        kept = stream if unit.shortcut is None else _convolve(x, unit.shortcut)
        stream = kept + added
        x = tf.nn.relu(stream)
    return x


def _openness(entered: Any, gate: Convolution) -> Any:
    """Return how much each cell counts, [N, 14, 14, 1]; the mean over a picture's cells is 1."""
    opened = tf.sigmoid(_convolve(entered, gate))
    return opened / tf.reduce_mean(opened, axis=(1, 2), keepdims=True)


def _bins(pixels: Any, histogram: PixelHistogram) -> Any:
    """Sort averaged pixels into soft bins, [N, 14, 14, bins]."""
    square = histogram.square
    x = tf.nn.avg_pool2d(pixels, square, square, "VALID")
    x = tf.nn.relu(_convolve(x, histogram.hidden))
    x = tf.nn.relu(_convolve(x, histogram.bins))
    return _to_cells(x, GATED_CELLS)


def _diagonal(network: FoldedNetwork) -> Convolution:
    """Express the normalisation of pixels as a 1x1 convolution, which quantises with the rest."""
    weight = np.diag(network.pixel_scale)[:, :, None, None]
    return Convolution(weight, network.pixel_shift)


def _convolve(x: Any, convolution: Convolution) -> Any:
    pad = convolution.padding
    weight = tf.constant(convolution.weight.transpose(2, 3, 1, 0))
    y = tf.nn.conv2d(x, weight, convolution.stride, [[0, 0], [pad, pad], [pad, pad], [0, 0]])
    return tf.nn.bias_add(y, convolution.bias)


def _to_cells(x: Any, cells: int) -> Any:
    """Average a map down to cells x cells; the mean over them is still the map's mean."""
    window = x.shape[1] // cells
    return x if window == 1 else tf.nn.avg_pool2d(x, window, window, "VALID")


def _at_cells(x: Any, head: Head) -> Any:
    stop = head.start + head.weight.shape[1]
    if (head.start, stop) != (0, x.shape[3]):
        x = x[..., head.start : stop]
    weight = tf.constant(head.weight.T[None, None])
    return tf.nn.bias_add(tf.nn.conv2d(x, weight, 1, "VALID"), head.bias)


def _unit_length(x: Any) -> Any:
    return x / tf.maximum(tf.sqrt(tf.reduce_sum(x * x, axis=1, keepdims=True)), 1e-12)
