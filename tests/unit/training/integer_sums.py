"""How processors without VNNI sum products of uint8 and int8: in pairs that saturate an int16.

``vpmaddubsw`` multiplies neighbouring bytes, adds each two products and clips the sum to int16;
``vpmaddwd`` and ``vpaddd`` add these in int32, exactly. With VNNI, ``vpdpbusd`` adds all products in
int32. (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INT16 = np.iinfo(np.int16)


def exact_sums(bytes_: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return [places, outputs] from [places, inputs] and [outputs, inputs], as VNNI adds them."""
    return bytes_.astype(np.int64) @ weights.astype(np.int64).T


def paired_sums(bytes_: NDArray[np.uint8], weights: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the same as processors without VNNI add it: pair by pair, each clipped to int16."""
    if bytes_.shape[1] % 2:
        bytes_ = np.pad(bytes_, ((0, 0), (0, 1)))
        weights = np.pad(weights, ((0, 0), (0, 1)))
    sums = np.empty((len(bytes_), len(weights)), np.int64)
    for place, row in enumerate(bytes_.astype(np.int32)):
        products = row * weights.astype(np.int32)
        pairs = products[:, ::2] + products[:, 1::2]
        sums[place] = np.clip(pairs, INT16.min, INT16.max).sum(axis=1)
    return sums


def worst_pair(weights: NDArray[np.int8]) -> int:
    """Return the largest magnitude that any two products of one output can have together.

    ``weights`` [outputs, inputs]. Whichever two inputs the runtime's packing makes neighbours: the two
    largest weights of one sign, both times 255.
    """
    wide = np.sort(weights.astype(np.int32), axis=1)
    up = np.maximum(wide[:, -2:], 0).sum(axis=1).max()
    down = -np.minimum(wide[:, :2], 0).sum(axis=1).min()
    return 255 * int(max(up, down))


def patches(
    picture: NDArray[np.uint8],
    size: int,
    stride: int,
    padding: int,
    zero: int,
    places: NDArray[np.int64],
) -> NDArray[np.uint8]:
    """Cut what a convolution sees at some of its places: [C, h, w] to [places, C * size * size].

    ``zero`` is the byte that means nought; ``places`` [n, 2] are rows and columns of its output.
    """
    padded = np.pad(picture, ((0, 0), (padding, padding), (padding, padding)), constant_values=zero)
    cut = [
        padded[:, r * stride : r * stride + size, c * stride : c * stride + size].ravel()
        for r, c in places
    ]
    return np.stack(cut)
