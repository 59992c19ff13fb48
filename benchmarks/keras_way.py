"""The usual way to embed photos: Keras' ResNet50, one `predict` per picture.

Runs in the exporter's environment, started by bench_index.py with the names of the photos on standard
input; prints one JSON line. The weights are random: they do not change the time.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input
from tensorflow.keras.preprocessing import image

WARM_UP = 3


def main() -> int:
    """Embed the photos and say how long it took, the first few apart."""
    names = sys.stdin.read().splitlines()
    model = ResNet50(weights=None, include_top=False, pooling="max", input_shape=(224, 224, 3))

    def embed(name: str) -> np.ndarray:
        picture = image.load_img(name, target_size=(224, 224))
        batch = np.expand_dims(image.img_to_array(picture), axis=0)
        features = model.predict(preprocess_input(batch), verbose=0).flatten()
        return np.asarray(features / np.linalg.norm(features))

    for name in names[:WARM_UP]:
        embed(name)
    start = time.perf_counter()
    for name in names[WARM_UP:]:
        embed(name)
    seconds = time.perf_counter() - start
    print(json.dumps({"pictures": len(names) - WARM_UP, "seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
